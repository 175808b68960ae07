"""The graph as Python sees it: `kg.open()` and the questions that it answers."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cached_property, partial
from pathlib import Path as FilePath
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from kg.answers import Codes, Matches, Paths, Scope, View
from kg.comparison import Comparing
from kg.errors import UsageError
from kg.frames.findings import Findings
from kg.model import (
    DEFAULT_TRUST,
    Assertion,
    Code,
    Concept,
    Connection,
    Finding,
    Kind,
    Path,
    Polarity,
    Quantity,
    Relation,
    Verdict,
)
from kg.model.days import Day, read_day
from kg.model.relations import RELEASED, WITHOUT_PACKAGES

if TYPE_CHECKING:
    from networkx import MultiDiGraph
    from rdflib import Dataset

    from kg.drawing import Drawing
    from kg.exports import Exported
    from kg.graph.days import Days
    from kg.graph.decisions import Decisions
    from kg.graph.packages import Packages
    from kg.graph.store import GraphStore
    from kg.network.arrays import Arrays
    from kg.network.streaming import Around, Relations, Streamed
    from kg.queries import CatalogueQuery, Table
    from kg.units.products import CodePlan


class BillingGraph(Comparing):
    """A built graph, opened read-only; make one with `kg build` and open it with `kg.open()`.

    It answers on the day that it was built for, and leaves out only what is `refuted`; `at` gives the same graph for
    another day, or with more trust asked for. What names a concept may be a code as people type it, a CURIE, or a name.
    """

    def __init__(self, days: Days, *, trust: str | None = None, as_of: Day | None = None) -> None:
        self._days = days
        self._trust = trust
        self._day = None if as_of is None else read_day(as_of)
        self._verdicts = Verdict.floor(self.trust)

    @classmethod
    def open(cls, path: str | os.PathLike[str] | None = None) -> Self:
        """Open the graph in a folder or at an address, else at `KG_STORE` or that of `kg.toml`, else among your data.

        Raises `StoreError`.
        """
        from kg.graph.days import Days
        from kg.graph.opening import open_store

        return cls(Days(open_store(path)))

    def at(self, *, as_of: Day | None = None, trust: str | None = None) -> Self:
        """The same graph on another day, and with another weakest verdict; what is not given stays as it is.

        `as_of` is the day on which codes have to hold, a date or a text as `"2024-06-30"`. The files are shared: they
        are open until one of the two is closed. Raises `UsageError` for what is no date, `UnknownName` for no verdict.
        """
        return type(self)(self._days, trust=trust or self._trust, as_of=self._day if as_of is None else as_of)

    @property
    def trust(self) -> str:
        """The weakest verdict that answers are made of."""
        return str(self._trust or DEFAULT_TRUST)

    @property
    def as_of(self) -> date | None:
        """The day whose verdicts the graph gives."""
        return self._day or self._built.manifest.day

    @property
    def _built(self) -> GraphStore:
        """The store as it was built: what things are called does not depend on the day."""
        return self._days.built

    @property
    def _store(self) -> GraphStore:
        """The store with the verdicts of the day; the first question for a day takes a second or two."""
        return self._days.at(self._day)

    @property
    def _scope(self) -> Scope:
        return Scope(self._built.manifest.documents, self.trust, self.as_of, lambda: self._titles)

    def resolve(self, text: str | Concept) -> Concept:
        """The concept that a text means; raises `NotFound` with what was searched and what comes close."""
        from kg.graph.describing import resolve

        return text if isinstance(text, Concept) else resolve(self._built, text)

    def codes_for(
        self,
        diagnosis: str | Concept,
        *,
        narrower: bool = True,
        polarity: Polarity | None = Polarity.AFFIRMED,
        code: str | Concept | None = None,
        payer: str | None = None,
        state: str | None = None,
        trust: str | None = None,
        as_of: Day | None = None,
    ) -> Codes:
        """The connections of billing codes to a diagnosis and, unless told otherwise, to all that is narrower.

        A condition known by name is answered as well. `Polarity.EXCLUDED` asks for what documents say no to, None for
        both. Where nothing is found, `known` tells whether that is a no or not known. `code` asks for one billing code,
        `payer` leaves out what is of others by name. Of `"medicare"`, and of a `state` (its two letters), the articles
        of Medicare's contractors that are in force are asked as well, where a release of them was built in; without
        either, `listed` tells how often they list the diagnosis. `trust` and `as_of` are short for `at`. Raises
        `NotFound` for what is called nothing, `UsageError` for a billing code, and for what is no state.
        """
        from kg.graph import codes_for
        from kg.graph.coverage import times_listed
        from kg.graph.describing import narrower as below

        if trust is not None or as_of is not None:
            return self.at(trust=trust, as_of=as_of).codes_for(
                diagnosis, narrower=narrower, polarity=polarity, code=code, payer=payer, state=state
            )
        concept = self.resolve(diagnosis)
        if concept.kind.is_code and concept.kind is not Kind.ICD10CM:
            raise UsageError(f"no diagnosis: {concept.label}; 'kg show {concept.key}' says what goes with it")
        searched = [concept, *below(self._built, concept)] if narrower else [concept]
        asked = codes_for.Asked.of(self._store, self.resolve(code) if code else None, payer, state)
        connections, rulings = codes_for.codes_for(self._store, searched, asked, self._verdicts)
        listed = 0 if asked.asks_articles else times_listed(self._store, concept)
        return Codes.of(concept, searched, connections, polarity, self._scope, rulings, asked.in_words, listed)

    def show(self, code: str | Concept) -> View:
        """All that documents and releases say of one concept, also what documents exclude; raises `NotFound`."""
        from kg.graph.connections import connections as connections_of
        from kg.graph.describing import describe

        concept, store = self.resolve(code), self._store
        connections = connections_of(
            store, concepts=[concept], polarity=None, verdicts=self._verdicts, released=tuple(Relation)
        )
        return View(tuple(connections), self._scope, describe(store, concept))

    def search(self, text: str, *, kinds: Collection[Kind] | None = None, limit: int = 20) -> Matches:
        """Concepts whose code, name or brand holds the words of a text, best first; else those spelt nearly so."""
        from kg.graph.offers import offers

        found = tuple(self._built.names.search(text, kinds, limit))
        called = any(not match.near for match in found)
        return Matches(found, self._scope, text, () if called else offers(self._built, text))

    def query(  # Positions alone, so that a variable may have any name.
        self,
        sparql: str | CatalogueQuery,
        /,
        **values: object,
    ) -> Table:
        """The answer to SPARQL, or to a question of the catalogue or its name; `values` are bound, never pasted.

        Raises `QueryRefused` for what does not parse or would leave the store.
        """
        from kg.graph.rdf.vocabulary import dataset
        from kg.queries import find, run

        if isinstance(sparql, str) and sparql.replace("-", "").isalnum():
            sparql = find(sparql)
        graphs = [name.value for name in dataset(self.trust)]
        return run(self._store.quads, sparql, values, graphs)

    def connections(self, *, polarity: Polarity | None = Polarity.AFFIRMED) -> list[Connection]:
        """All connections of the graph, also those that releases state, as far as they join things.

        Packages are left out, as they are of `network`.
        """
        from kg.graph.connections import connections as connections_of

        connections = connections_of(self._store, polarity=polarity, verdicts=self._verdicts, released=WITHOUT_PACKAGES)
        return [connection for connection in connections if connection.relation is not Relation.BILLED_AS]

    def paths(self, start: str | Concept, end: str | Concept, k: int = 3) -> Paths:
        """The k best paths between two concepts, every hop with its evidence.

        A way through a hub costs more than one through something that few share. Where nothing is
        found, the graph knows no way down to its trust.
        """
        from kg.graph.connections import connection
        from kg.network.paths import paths_in

        first, last, store = self.resolve(start), self.resolve(end), self._store
        fetch = partial(connection, store, verdicts=self._verdicts, released=RELEASED)
        paths = paths_in(store.adjacency, self._verdicts[-1], first, last, k, fetch)
        return Paths(tuple(paths), self._scope, first, last, f"from {_as_given(start)} to {_as_given(end)}")

    def network(
        self,
        *,
        around: Around = None,
        depth: int = 1,
        relations: Relations = None,
    ) -> MultiDiGraph:
        """The graph as a networkx network, yours to change: concepts as nodes, connections as keyed edges.

        `around` cuts out what is within `depth` steps of one or several concepts, with all edges between that; a
        concept that nothing connects is a node alone. `relations` names those that are walked and given, `"all"` every
        one; without it only what paths walk is given, and packages are left out, unless it is around one.
        """
        from kg.network.export import to_networkx

        streamed = self._streamed(around, depth, relations)
        return to_networkx(streamed.connections(), streamed.alone)

    def arrays(self, *, around: Around = None, depth: int = 1, relations: Relations = None) -> Arrays:
        """The same network without its evidence, as NumPy arrays in compressed sparse rows."""
        from kg.network.arrays import arrays_of

        return arrays_of(self._streamed(around, depth, relations).slice)

    def _streamed(self, around: Around, depth: int, relations: Relations) -> Streamed:
        from kg.network.streaming import Asked

        return Asked(around, depth, relations, self.trust).of(self._store, self.resolve, RELEASED)

    def draw(
        self,
        *focus: str | Concept,
        for_diagnosis: str | Concept | None = None,
        paths: Iterable[Path] = (),
        lesson: str | FilePath | None = None,
        findings: Sequence[Finding] | None = None,
        layout: str | FilePath | None = None,
        depth: int = 1,
        title: str | None = None,
        max_nodes: int = 150,
        quotes: str = "full",
    ) -> Drawing:
        """A page that shows the neighbourhood of concepts, the codes for a diagnosis, paths, a lesson, or findings.

        `.save(file)` writes it, and in a notebook it shows itself. `depth` is how many steps away from the focus to
        draw; one step more waits in the file. `lesson` is a YAML file that says what appears in which order, `layout`
        a file that a page saved.
        """
        from kg.drawing.gathering import drawn

        around = [self.resolve(concept) for concept in focus]
        if for_diagnosis:
            diagnosis = self.resolve(for_diagnosis)
            codes = self.codes_for(diagnosis, polarity=None)
            if not codes:
                codes.require()
            title = title or f"Codes for {diagnosis.label}"
            around.extend(connection.object for connection in codes)
        return drawn(
            lambda: self._store, self.resolve, around, tuple(paths), lesson=lesson, layout=layout, trust=self.trust,
            as_of=str(self.as_of or ""), findings=findings, depth=depth, title=title, max_nodes=max_nodes,
            quotes=quotes,
        )  # fmt: skip

    def findings(self, decision: str = "") -> Findings:
        """What a person should look at, worst first; `decision` is `open`, `accepted`, `set-aside` or `any`.

        Without one, all that are not set aside.
        """
        from kg.graph.decisions import chosen
        from kg.graph.lookup import findings

        decisions = self.decisions.read()
        return Findings(chosen(findings(self._store), decisions, decision), decisions, self.file_names)

    @property
    def decisions(self) -> Decisions:
        """What was decided about findings, kept beside the graph, or for the address of its engine."""
        from kg.graph.decisions import Decisions

        return Decisions(self._built.place)

    def require_documents(self, names: Iterable[str]) -> frozenset[str]:
        """The identifiers of documents that are named so or bear that file name; raises `NotFound` for others."""
        from kg.graph.lookup import require_documents

        return require_documents(self._built, names)

    def touched(self, codes: Iterable[Concept]) -> dict[Concept, list[Assertion]]:
        """The assertions that speak of codes, as subject or object, by code."""
        from kg.graph.lookup import speaking_of

        return {code: assertions for code in codes if (assertions := speaking_of(self._built, code))}

    def units(
        self,
        code: str | Concept,
        dose: str | Quantity,
        *,
        packages: Packages | None = None,
        ndc: str | Code | Sequence[str | Code] | None = None,
    ) -> CodePlan:
        """How many units of a code a dose is, the packages that waste least, and the lines of the claim.

        A drug, brand or NDC stands for the code that releases bill it as; where that are several, `UsageError` is
        raised. `packages` are what the vials or syringes at hand hold; without them, and unless NDCs are given, those
        of one product are taken that releases bill as the code. Raises `NotFound` where the billing unit is not known.
        """
        from kg.graph.billing_codes import billing_code
        from kg.graph.packages import planned

        named = billing_code(self._built, self.resolve(code), code if isinstance(code, str) else "", self.as_of)
        return planned(self._built, named, dose, packages=packages, ndc=ndc, day=self.as_of)

    def validate(self) -> list[str]:
        """What is wrong with the graph, held against its shapes and invariants; needs the extra `validate`."""
        from kg.graph.validate import validate

        return validate(self._store)

    def export(
        self,
        file: str | FilePath | BinaryIO,
        format: str = "nquads",
        *,
        around: Around = None,
        depth: int = 1,
        relations: Relations = None,
    ) -> Exported:
        """Write the graph as a file or folder, whole or not at all, or to something open for bytes.

        `nquads` is all of it, or where `at` was given a trust, what a query at that trust runs over; sorted, the same
        bytes for the same input. `graphml`, `node-link`, `edges`, `csr`, `neo4j`, `kgx` are what `network` gives with
        the same words; `csv`, `raw-csv`, `parquet` and `xlsx` are tables of all that is stated, `sssom` the codes of
        others that are the same. What is given back says what of `around` stands `alone`, which plain edges are
        `left_out`, and the `counts` of rows. Raises `UsageError` for what a format cannot hold.
        """
        from kg.exports import Content, export
        from kg.network.streaming import Asked

        asked = Asked(around, depth, relations, self._trust)
        build = self._built.local_build()
        return export(file, format, Content(asked, lambda: self._store, self.resolve, RELEASED, build))

    def rdflib(self) -> Dataset:
        """The graph for people who write rdflib; needs the extra `rdflib`."""
        from kg.graph.doorway import rdflib_dataset

        return rdflib_dataset(self._store)

    def documents(self) -> dict[str, str]:
        """The title of each document, by its identifier."""
        from kg.graph.lookup import documents

        return documents(self._built)

    def file_names(self) -> dict[str, str]:
        """The name of the file of each document, by its identifier."""
        from kg.graph.lookup import documents
        from kg.graph.rdf.vocabulary import BKG

        return documents(self._built, BKG.fileName)

    def titles(self) -> dict[str, str]:
        """The title of each document and each release, by its identifier: of all that evidence may name."""
        return {**self._titles}

    @cached_property
    def _titles(self) -> dict[str, str]:
        from kg.graph.coverage import policy_titles
        from kg.graph.lookup import releases

        return {**policy_titles(self._built), **releases(self._built), **self.documents()}

    def close(self) -> None:
        """Let go of the files."""
        self._days.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def _as_given(concept: str | Concept) -> str:
    return concept.curie if isinstance(concept, Concept) else concept
