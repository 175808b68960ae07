"""The questions that the workbench answers; each runs in a worker, on the store that the worker has open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.answer_rows import (
    FINDING_COLUMNS,
    NAMED_COLUMNS,
    PLAN_COLUMNS,
    QUESTION_COLUMNS,
    TERM_COLUMNS,
    VERSION,
    checked_counts,
    finding_row,
    named_rows,
    plan_lines,
    plan_row,
    question_rows,
)
from kg.answers import Answer, Known
from kg.billing_graph import BillingGraph
from kg.errors import NotFound, UnknownName, UsageError
from kg.graph.days import Days
from kg.graph.engines.address import Address
from kg.graph.opening import open_store
from kg.graph.rdf.vocabulary import dataset
from kg.graph.store import GraphStore
from kg.model import Kind, Polarity
from kg.queries import CatalogueQuery, catalogue, find
from kg.queries.description import description
from kg.queries.graphs import Graphs, chosen_graphs
from kg.queries.running import NO_VALUES
from kg.queries.schema import schema
from kg.queries.serving import GRAPHS, MOST_ROWS, answer, media_types
from kg.queries.standalone import standalone
from kg.service.negotiation import choose
from kg.service.replies import Pieces, Reply, error
from kg.service.results import Result

if TYPE_CHECKING:
    from kg.verification import Checked


class Current:
    """The current build of a store, opened again when there is a new one; `send` takes what is answered so far."""

    def __init__(self, path: Path | Address, send: Callable[[Reply], object]) -> None:
        self.send = send
        self._path = path
        self._days: Days | None = None

    def graph(self, *, trust: str | None = None, as_of: date | None = None) -> BillingGraph:
        """The graph as it is now, on a day and at a trust; raises `StoreError`."""
        return BillingGraph(self._now(), trust=trust, as_of=as_of)

    def store(self, day: date | None = None) -> GraphStore:
        """The store as it is now, with the verdicts of a day; raises `StoreError`."""
        return self._now().at(day)

    def _now(self) -> Days:
        if self._days is None or not self._days.built.is_current():
            opened = Days(open_store(self._path))
            if self._days is not None:
                self._days.close()
            self._days = opened
        return self._days


def sparql(
    current: Current,
    query: str,
    *,
    values: Mapping[str, object] = NO_VALUES,
    trust: str,
    as_of: date | None = None,
    accept: str,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
) -> Reply:
    """The answer to SPARQL, in the media type that the client likes best.

    Graphs that the client chose are those of the trust, or `UsageError` is raised. What is long is sent in pieces, of
    which only the last comes back.
    """
    offered = media_types(query)
    media_type = choose(accept, offered)
    if media_type is None:
        return _not_to_be_had(offered, accept)
    trusted = [graph.value for graph in dataset(trust)]
    for graph in (*default_graphs, *named_graphs):
        if graph not in trusted:
            raise UsageError(f"no such graph at trust {trust}: {graph!r} (one of {', '.join(trusted)})")
    by_protocol = Graphs(tuple(default_graphs), tuple(named_graphs))
    graphs = by_protocol if any(by_protocol) else chosen_graphs(query, trusted)
    pieces = Pieces(media_type, current.send)
    notes = answer(current.store(as_of).quads, query, graphs, media_type, pieces, values=values)
    return pieces.last(notes)


def description_of(address: str, accept: str) -> Reply:
    """What the endpoint at an address says of itself, for which no worker is needed."""
    media_type = choose(accept, tuple(GRAPHS))
    if media_type is None:
        return _not_to_be_had(tuple(GRAPHS), accept)
    return Reply(200, media_type, description(address, media_type))


def _not_to_be_had(offered: Sequence[str], accept: str) -> Reply:
    return error(406, f"this answer can be had as {', '.join(offered)}, but not as {accept!r}")


def asked(current: Current, ask: Callable[..., Result], media_type: str, *words: Any, **options: Any) -> Reply:
    """The reply to a question of the API, in a media type."""
    return ask(current, *words, **options).reply(media_type)


def questions() -> Result:
    """The catalogue, for which no graph is needed."""
    whole = [{**asdict(query), "sparql": query.text} for query in catalogue()]
    return Result({"version": VERSION, "queries": whole}, question_rows(catalogue()), QUESTION_COLUMNS)


def question(
    current: Current, name: str, *, values: Mapping[str, str], trust: str, as_of: date | None = None
) -> Result:
    """The answer to a question of the catalogue; raises `NotFound` where there is no such question."""
    graph = current.graph(trust=trust, as_of=as_of)
    table = graph.query(_find(name), **values)
    if len(table) > MOST_ROWS:
        raise UsageError(f"{name}: the answer has more than {MOST_ROWS:,} rows; ask in SPARQL, with LIMIT")
    header = {"version": VERSION, "query": name, "trust": graph.trust, "as_of": graph.as_of}
    whole = {**header, "columns": table.columns, "rows": list(table), "notes": table.notes}
    return Result(whole, table, table.columns, tuple(table.notes))


def text_of(name: str, values: Mapping[str, str], *, trust: str) -> Reply:
    """A question of the catalogue as SPARQL for any engine, for which no graph is needed."""
    text = standalone(_find(name), values, [graph.value for graph in dataset(trust)])
    return Reply(200, "application/sparql-query", text.encode())


def _find(name: str) -> CatalogueQuery:
    """A question of the catalogue; its name stands in the address, where one that does not exist is not found."""
    try:
        return find(name)
    except UnknownName as exc:
        raise NotFound(str(exc)) from exc


def terms() -> Result:
    """What a query can name, for which no graph is needed."""
    rows = [asdict(term) for term in schema()]
    return Result({"version": VERSION, "rows": rows}, rows, TERM_COLUMNS)


def codes_for(
    current: Current,
    diagnosis: str,
    *,
    trust: str,
    as_of: date | None = None,
    narrower: bool,
    polarity: Polarity | None,
    code: str = "",
    payer: str = "",
    state: str = "",
) -> Result:
    """The billing codes that connect to a diagnosis; raises `NotFound` where nothing is known."""
    graph = current.graph(trust=trust, as_of=as_of)
    asked = {"code": code or None, "payer": payer or None, "state": state or None}
    return _known(graph.codes_for(diagnosis, narrower=narrower, polarity=polarity, **asked))


def show(current: Current, code: str, *, trust: str, as_of: date | None = None) -> Result:
    """What the graph holds on one concept; without rows where no document speaks of it."""
    return Result.of(current.graph(trust=trust, as_of=as_of).show(code))


def paths(current: Current, *, start: str, end: str, k: int, trust: str, as_of: date | None = None) -> Result:
    """The best paths between two concepts; raises `NotFound` where there is none."""
    return _known(current.graph(trust=trust, as_of=as_of).paths(start, end, k))


def compare(
    current: Current,
    *,
    first: str,
    second: str,
    between: str,
    code: str,
    relation: str,
    only: str,
    limit: int,
    offset: int,
    trust: str,
    as_of: date | None = None,
) -> Result:
    """How far two sources agree, also where they contradict and where they share no code."""
    comparison = current.graph(trust=trust, as_of=as_of).compare(
        first,
        second,
        between=two_days(between) if between else None,
        code=code or None,
        relation=relation or None,
        only=only or None,
        limit=limit,
        offset=offset,
    )
    return Result.of(comparison)


def two_days(text: str) -> tuple[str, str]:
    """The two days of a text that has a comma between them; raises `UsageError` for others."""
    first, comma, second = text.partition(",")
    if not comma:
        raise UsageError(f"not two days with a comma between them: {text!r} (as 2024-06-30,2025-06-30)")
    return first.strip(), second.strip()


def findings(current: Current, *, decision: str, as_of: date | None = None) -> Result:
    """What a person should look at, worst first; without rows where there is nothing."""
    graph = current.graph(as_of=as_of)
    files, decisions = graph.file_names(), graph.decisions.read()
    rows = [
        finding_row(finding, files.get(document, document), decisions.get(finding.identifier))
        for finding in graph.findings(decision)
        for document in (finding.assertion.evidence.document,)
    ]
    return Result({"version": VERSION, "as_of": graph.as_of, "rows": rows}, rows, FINDING_COLUMNS)


def units(current: Current, code: str, *, dose: str, packages: str, ndc: str, as_of: date | None = None) -> Result:
    """The plan of a dose; raises `NotFound` where the billing unit is not known."""
    plan = current.graph(as_of=as_of).units(code, dose, packages=packages or None, ndc=ndc or None)
    return Result(plan_row(plan), plan_lines(plan), PLAN_COLUMNS)


def search(current: Current, *, text: str, kind: str, limit: int) -> Result:
    """Concepts by name; raises `NotFound` where nothing is called so."""
    return _known(current.graph().search(text, kinds=kinds_named(kind), limit=limit))


def kinds_named(name: str) -> list[Kind] | None:
    """The kind of a name, None for all without one; raises `UnknownName`."""
    if not name:
        return None
    if name not in list(Kind):
        raise UnknownName(f"no such kind: {name!r} (one of {', '.join(Kind)})")
    return [Kind(name)]


def check(
    _current: Current, document: bytes, *, releases: Path | None, as_of: date | None, names_codes: bool
) -> Result:
    """What the releases say against a document that is in no graph, and is kept nowhere.

    With `names_codes` the answer also has each code that the document names; as rows, it has those alone. Raises
    `DocumentError` for what is no document.
    """
    import kg

    return check_answer(list(kg.check("-", data=document, releases=releases, as_of=as_of)), names_codes=names_codes)


def check_answer(checked: Sequence[Checked], *, names_codes: bool) -> Result:
    """The answer that checked documents make, with each code that they name where that is wanted."""
    rows = [finding_row(finding, result.path) for result in checked for finding in result.findings]
    whole = {"version": VERSION, "findings": rows, **checked_counts(checked)}
    if not names_codes:
        return Result(whole, rows, FINDING_COLUMNS)
    named = list(named_rows(checked))
    return Result({**whole, "named": named}, named, NAMED_COLUMNS)


def _known(answer: Answer[Any]) -> Result:
    """An answer, also one that is a no; raises `NotFound` where it is not known."""
    return Result.of(answer if answer.known is Known.NO else answer.require())
