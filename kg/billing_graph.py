"""The graph as Python sees it: `kg.open()` and the questions that it answers."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path as FilePath
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from kg.errors import NotFound, UsageError
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
from kg.model.relations import RELEASED, TO_DIAGNOSIS, WITHOUT_PACKAGES

if TYPE_CHECKING:
    from networkx import MultiDiGraph
    from rdflib import Dataset

    from kg.drawing import Drawing
    from kg.graph.describing import Description
    from kg.graph.names import Match
    from kg.graph.packages import Packages
    from kg.graph.store import GraphStore
    from kg.network.arrays import Arrays
    from kg.network.streaming import Around, Relations, Streamed
    from kg.queries import CatalogueQuery, Table
    from kg.units.products import CodePlan

Day = date | str


@dataclass(frozen=True, slots=True)
class View:
    """What the graph holds on one concept: what releases say of it, and its connections."""

    description: Description
    connections: tuple[Connection, ...]

    @property
    def concept(self) -> Concept:
        """The concept itself, under its name."""
        return self.description.concept


class BillingGraph:
    """A built graph, opened read-only; make one with `kg build` and open it with `kg.open()`.

    Every question takes `trust`, the weakest verdict to be heard; the default leaves out only `refuted`. It also
    takes `as_of`, the day on which codes have to hold, as a date or in ISO form; without it that of the build. What
    names a concept may be a code as people type it, a CURIE, or a name.
    """

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._days: dict[date, GraphStore] = {}

    @classmethod
    def open(cls, path: str | os.PathLike[str] | None = None) -> Self:
        """Open the store at a path, else at `KG_STORE`, else among the user's data; raises `StoreError`."""
        from kg.graph.store import GraphStore

        return cls(GraphStore.open(path))

    def _at(self, as_of: Day | None) -> GraphStore:
        """The store with the verdicts of a day; raises `UsageError` for what is no date."""
        if as_of is None:
            return self._store
        day = read_day(as_of)
        if day not in self._days:
            from kg.graph.as_of import at

            self._days[day] = at(self._store, day)
        return self._days[day]

    @property
    def as_of(self) -> date | None:
        """The day whose verdicts the graph holds, unless a question asks for another."""
        day = self._store.manifest.as_of
        return date.fromisoformat(day) if day else None

    def resolve(self, text: str | Concept) -> Concept:
        """The concept that a text means; raises `NotFound` with what was searched and what comes close."""
        from kg.graph.describing import resolve

        return text if isinstance(text, Concept) else resolve(self._store, text)

    def codes_for(
        self,
        diagnosis: str | Concept,
        *,
        trust: str = DEFAULT_TRUST,
        as_of: Day | None = None,
        narrower: bool = True,
        polarity: Polarity | None = Polarity.AFFIRMED,
    ) -> list[Connection]:
        """The connections of billing codes to a diagnosis and, unless told otherwise, to all that is narrower.

        A condition known by name is answered as well. `Polarity.EXCLUDED` asks for what documents say no to.
        An empty list means that nothing is known, not that no code is supported.
        """
        from kg.graph.connections import connections

        asked = self.searched_for(diagnosis, narrower=narrower)
        verdicts, store = Verdict.floor(trust), self._at(as_of)
        return connections(store, object=asked, relations=TO_DIAGNOSIS, polarity=polarity, verdicts=verdicts)

    def searched_for(self, diagnosis: str | Concept, *, narrower: bool = True) -> list[Concept]:
        """The concepts that `codes_for` looks at: the diagnosis, and all that is narrower."""
        from kg.graph.describing import narrower as below

        concept = self.resolve(diagnosis)
        return [concept, *below(self._store, concept)] if narrower else [concept]

    def show(self, code: str | Concept, *, trust: str = DEFAULT_TRUST, as_of: Day | None = None) -> View:
        """All that documents and releases say of one concept, also what documents exclude; raises `NotFound`."""
        from kg.graph.connections import connections
        from kg.graph.describing import describe

        concept, store, verdicts = self.resolve(code), self._at(as_of), Verdict.floor(trust)
        found = connections(store, concepts=[concept], polarity=None, verdicts=verdicts, released=tuple(Relation))
        return View(describe(store, concept), tuple(found))

    def search(self, text: str, *, kinds: Collection[Kind] | None = None, limit: int = 20) -> list[Match]:
        """Concepts whose code, name or brand holds the words of a text, best first."""
        return self._store.names.search(text, kinds, limit)

    def query(
        self,
        sparql: str | CatalogueQuery,
        *,
        trust: str = DEFAULT_TRUST,
        as_of: Day | None = None,
        **values: object,
    ) -> Table:
        """The answer to SPARQL, or to a question of the catalogue or its name; `values` are bound, never pasted.

        Raises `QueryRefused` for what does not parse or would leave the store.
        """
        from kg.graph.vocabulary import dataset
        from kg.queries import find, run

        if isinstance(sparql, str) and sparql.replace("-", "").isalnum():
            sparql = find(sparql)
        graphs = [name.value for name in dataset(trust)]
        return run(self._at(as_of).quads, sparql, values, graphs)

    def connections(
        self,
        *,
        trust: str = DEFAULT_TRUST,
        as_of: Day | None = None,
        polarity: Polarity | None = Polarity.AFFIRMED,
    ) -> list[Connection]:
        """All connections of the graph, also those that releases state, as far as they join things.

        Packages are left out, as they are of `network`.
        """
        from kg.graph.connections import connections

        verdicts = Verdict.floor(trust)
        found = connections(self._at(as_of), polarity=polarity, verdicts=verdicts, released=WITHOUT_PACKAGES)
        return [each for each in found if each.relation is not Relation.BILLED_AS]

    def paths(
        self,
        start: str | Concept,
        end: str | Concept,
        k: int = 3,
        *,
        trust: str = DEFAULT_TRUST,
        as_of: Day | None = None,
    ) -> list[Path]:
        """The k best paths between two concepts, every hop with its evidence.

        A way through a hub costs more than one through something that few share. An empty list means that the
        graph knows no way down to the trust floor.
        """
        from kg.graph.connections import connection
        from kg.network.paths import paths_in

        first, last = self.resolve(start), self.resolve(end)
        store, verdicts = self._at(as_of), Verdict.floor(trust)
        fetch = partial(connection, store, verdicts=verdicts, released=RELEASED)
        return paths_in(store.adjacency, verdicts[-1], first, last, k, fetch)

    def network(
        self,
        *,
        around: Around = None,
        depth: int = 1,
        relations: Relations = None,
        trust: str = DEFAULT_TRUST,
        as_of: Day | None = None,
    ) -> MultiDiGraph:
        """The graph as a networkx network, yours to change: concepts as nodes, connections as keyed edges.

        `around` cuts out what is within `depth` steps of one or several concepts, with all edges between that; a
        concept that nothing connects is a node alone. `relations` names those that are walked and given; without it
        packages are left out, unless it is around one.
        """
        from kg.network.export import to_networkx

        streamed = self._streamed(around, depth, relations, trust, as_of)
        return to_networkx(streamed.connections(), streamed.alone)

    def arrays(
        self,
        *,
        around: Around = None,
        depth: int = 1,
        relations: Relations = None,
        trust: str = DEFAULT_TRUST,
        as_of: Day | None = None,
    ) -> Arrays:
        """The same network without its evidence, as NumPy arrays in compressed sparse rows."""
        from kg.network.arrays import arrays_of

        return arrays_of(self._streamed(around, depth, relations, trust, as_of).slice)

    def _streamed(self, around: Around, depth: int, relations: Relations, trust: str, as_of: Day | None) -> Streamed:
        from kg.network.streaming import Asked

        return Asked(around, depth, relations, trust).of(self._at(as_of), self.resolve, RELEASED)

    def draw(
        self,
        *focus: str | Concept,
        for_diagnosis: str | Concept | None = None,
        paths: Iterable[Path] = (),
        lesson: str | FilePath | None = None,
        layout: str | FilePath | None = None,
        trust: str = DEFAULT_TRUST,
        as_of: Day | None = None,
        depth: int = 1,
        title: str | None = None,
        max_nodes: int = 150,
        quotes: str = "full",
    ) -> Drawing:
        """A page that shows the neighbourhood of concepts, the codes for a diagnosis, paths, or a lesson.

        `.save(file)` writes it, and in a notebook it shows itself. `depth` is how many steps away from the focus to
        draw; one step more waits in the file. `lesson` is a YAML file that says what appears in which order, `layout`
        a file that a page saved.
        """
        from kg.drawing.gathering import drawn

        around = [self.resolve(concept) for concept in focus]
        if for_diagnosis:
            diagnosis = self.resolve(for_diagnosis)
            found = self.codes_for(diagnosis, trust=trust, as_of=as_of, polarity=None)
            self.require(found, f"no document connects a code to {diagnosis.label} at trust {trust}")
            title = title or f"Codes for {diagnosis.label}"
            around.extend(each.object for each in found)
        return drawn(
            partial(self._at, as_of), self.resolve, around, tuple(paths), lesson=lesson, layout=layout, trust=trust,
            as_of=str(as_of or self.as_of or ""), depth=depth, title=title, max_nodes=max_nodes, quotes=quotes,
        )  # fmt: skip

    def findings(self, *, as_of: Day | None = None) -> list[Finding]:
        """What a person should look at, worst first."""
        from kg.graph.reading import findings

        return findings(self._at(as_of))

    def require_documents(self, names: Iterable[str]) -> frozenset[str]:
        """The identifiers of documents that are named so or bear that file name; raises `NotFound` for others."""
        from kg.graph.reading import require_documents

        return require_documents(self._store, names)

    def touched(self, codes: Iterable[Concept]) -> dict[Concept, list[Assertion]]:
        """The assertions that speak of codes, as subject or object, by code."""
        from kg.graph.reading import speaking_of

        return {code: found for code in codes if (found := speaking_of(self._store, code))}

    def units(
        self,
        code: str | Concept,
        dose: str | Quantity,
        *,
        packages: Packages | None = None,
        ndc: str | Code | Sequence[str | Code] | None = None,
        as_of: Day | None = None,
    ) -> CodePlan:
        """How many units of a code a dose is, the packages that waste least, and the lines of the claim.

        `packages` are what the vials or syringes at hand hold; without them, and unless NDCs are given, those of
        one product are taken that releases bill as the code. Raises `NotFound` where the billing unit is not known.
        """
        from kg.graph.packages import planned

        day = self.as_of if as_of is None else read_day(as_of)
        return planned(self._store, self.resolve(code), dose, packages=packages, ndc=ndc, day=day)

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
        trust: str | None = None,
        as_of: Day | None = None,
    ) -> tuple[Concept, ...]:
        """Write the graph to a file, whole or not at all, or to something open for bytes.

        `nquads` is all of it, or with `trust` what a query at that floor runs over; sorted, the same bytes for the
        same input. `graphml` and `node-link` (JSON) are what `network` gives, `csr` (`.npz`) what `arrays` gives, and
        `edges` (TSV) the same one edge a line. Gives back what of `around` stands alone in what was written.
        """
        from kg.network.exporting import export
        from kg.network.streaming import Asked

        asked = Asked(around, depth, relations, trust)
        return export(file, format, asked, partial(self._at, as_of), self.resolve, RELEASED)

    def rdflib(self) -> Dataset:
        """The graph for people who write rdflib; needs the extra `rdflib`."""
        from kg.graph.doorway import rdflib_dataset

        return rdflib_dataset(self._store)

    def documents(self) -> dict[str, str]:
        """The title of each document, by its identifier."""
        from kg.graph.reading import documents

        return documents(self._store)

    def file_names(self) -> dict[str, str]:
        """The name of the file of each document, by its identifier."""
        from kg.graph.reading import documents
        from kg.graph.vocabulary import BKG

        return documents(self._store, BKG.fileName)

    def titles(self) -> dict[str, str]:
        """The title of each document and each release, by its identifier: of all that evidence may name."""
        from kg.graph.reading import releases

        return {**releases(self._store), **self.documents()}

    def close(self) -> None:
        """Let go of the files."""
        for store in (self._store, *self._days.values()):
            store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def require(self, found: Sequence[Any], question: str) -> None:
        """Raise `NotFound` where nothing was found, saying what was asked and how much was searched."""
        if not found:
            raise NotFound(f"not known: {question} ({self._store.manifest.documents} documents searched)")


def read_day(text: Day) -> date:
    """A date, or the date that a text in ISO form means; raises `UsageError` with the text.

    >>> read_day("2024-06-30")
    datetime.date(2024, 6, 30)
    """
    if isinstance(text, datetime):
        return text.date()
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise UsageError(f"not a date: {text!r} (write it as 2024-06-30)") from exc
