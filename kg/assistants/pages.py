"""What a worker answers to a call: a page of the answer, with what it was made of; nothing here knows the protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from kg.answer_rows import QUESTION_COLUMNS, TERM_COLUMNS, VERSION, assertion_rows, question_rows
from kg.answers import Known
from kg.errors import NotFound, UnknownName, UsageError
from kg.graph.lookup import releases as releases_of
from kg.graph.rdf.vocabulary import dataset
from kg.queries import catalogue, run
from kg.queries.schema import schema
from kg.service import answers
from kg.service.answers import Current
from kg.service.replies import Reply, json_reply
from kg.service.results import Result

MOST_BYTES = 128 << 10
"""So long is the JSON of a page at most; what does not fit is on the next one."""

_DOCUMENT = "document"


def page(
    current: Current,
    ask: Callable[..., Result],
    parts: Sequence[str],
    limit: int,
    offset: int,
    options: Mapping[str, Any],
) -> Reply:
    """A page of the answer to a question: of each of the lists in its `parts`, `limit` after `offset` others.

    What is not known is an answer as well, with the reason.
    """
    try:
        result = ask(current, **options)
    except NotFound as exc:
        reason = " ".join(str(exc).split())
        return json_reply({"version": VERSION, "known": Known.NOT_KNOWN.value, "reason": reason, parts[0]: []})
    whole = {**result.whole, **({"notes": result.notes} if result.notes else {})}
    lists = {part: list(whole.pop(part)) for part in parts}
    total = max(map(len, lists.values()))
    while True:
        until = offset + limit
        shown = {part: rows[offset:until] for part, rows in lists.items()}
        counts = {"total": total, "next_offset": until if until < total else None}
        reply = json_reply({**_sources(whole, shown[parts[0]]), **shown, **counts})
        if len(reply.body) <= MOST_BYTES:
            return reply
        if limit <= 1:
            raise UsageError(f"the answer has more than {MOST_BYTES:,} bytes; ask for less")
        limit //= 2


def _sources(whole: Mapping[str, Any], shown: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """An answer, of whose articles only those are told that the rows shown are from."""
    if "policies" not in whole:
        return dict(whole)
    named = {row[_DOCUMENT] for row in shown}
    return {**whole, "policies": [policy for policy in whole["policies"] if policy[_DOCUMENT] in named]}


def graph(current: Current, *, of: Callable[..., Result], **options: Any) -> Result:
    """The answer of a graph, with the releases that the graph was held against."""
    result = of(current, **options)
    releases = sorted(releases_of(current.store()))
    return Result({**result.whole, "releases": releases}, result.rows, result.columns, result.notes)


def check(current: Current, *, text: str, as_of: date | None, releases: Path | None) -> Result:
    """What the releases say against a text, with each thing that it states and each code that it names."""
    import kg
    from kg.reference.index import indexed

    del current  # It needs no graph.
    checked = list(kg.check("-", data=text.encode(), releases=releases, as_of=as_of))
    result = answers.check_answer(checked, names_codes=True)
    held_against = sorted(release.identifier for release in indexed(releases).on(as_of or date.today()).releases)
    whole = {**result.whole, "assertions": list(assertion_rows(checked)), "releases": held_against}
    return Result(whole, result.rows, result.columns)


def sparql(current: Current, *, query: str, trust: str, as_of: date | None) -> Result:
    """The rows of a query."""
    opened = current.graph(trust=trust, as_of=as_of)
    # Not `opened.query`, for which a word alone names a question of the catalogue.
    table = run(current.store(as_of).quads, query, graphs=[graph.value for graph in dataset(trust)])
    header = {"version": VERSION, "query": query, "trust": opened.trust, "as_of": opened.as_of}
    whole = {**header, "columns": table.columns, "rows": list(table), "notes": table.notes}
    return Result(whole, table, table.columns)


def question(current: Current, *, name: str, **options: Any) -> Result:
    """The answer to a question of the catalogue; raises `UnknownName` where there is no such question."""
    try:
        return answers.question(current, name, **options)
    except NotFound as exc:
        raise UnknownName(str(exc)) from exc


def questions(_current: Current, *, words: str) -> Result:
    """The questions of the catalogue that have all of these words in what is told of them."""
    rows = _with(words, question_rows(catalogue()))
    return Result({"version": VERSION, "rows": rows}, rows, QUESTION_COLUMNS)


def terms(_current: Current, *, words: str) -> Result:
    """What a query can name that has all of these words in what is told of it."""
    rows = _with(words, map(asdict, schema()))
    return Result({"version": VERSION, "rows": rows}, rows, TERM_COLUMNS)


def _with(words: str, rows: Any) -> list[dict[str, Any]]:
    sought = words.casefold().split()
    return [row for row in rows if all(word in " ".join(map(str, row.values())).casefold() for word in sought)]
