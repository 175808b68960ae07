"""`kg diff`: what changed between two releases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.options import Format, FormatOption, ReleasesOption, StoreOption
from kg.cli.output import counted, emit, say, source
from kg.cli.watching import LONG, limited

if TYPE_CHECKING:
    from kg.model import Assertion
    from kg.reference.differences import Difference

_CHANGES = ("change", "code", "on", "before", "after", "assertions", "documents")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(limited(diff, LONG))


def diff(
    before: Annotated[str, typer.Argument(help="A release, as 'kg reference list' names it, or a file of one.")],
    after: Annotated[str, typer.Argument(help="The release to compare it with.")],
    touched: Annotated[
        bool, typer.Option("--touched", help="Only changes that assertions of the graph speak of.")
    ] = False,
    format: FormatOption = Format.TABLE,
    releases: ReleasesOption = None,
    store: StoreOption = None,
) -> None:
    """What changed between two releases: codes added, ended, renamed, and which assertions of the graph they touch."""
    from kg.reference.differences import differences

    comparison = differences(before, after, releases)
    rows = [row for row in _change_rows(comparison.changes, store) if row["assertions"] or not touched]
    if format is Format.TABLE:
        rows = [{**row, "documents": ", ".join(row["documents"] or ())} for row in rows]
    if rows or format is not Format.TABLE:
        emit(rows, format, _CHANGES)
    if comparison.untold:
        codes = counted(len(comparison.untold), "code")
        say(f"kg: {codes} of only one of the two left aside: the other is no complete release, and cannot tell")
    tally = Counter(row["change"] for row in rows)
    nothing = "no change is known to touch an assertion" if comparison.changes else "no differences"
    say(", ".join(f"{number:,} {change}" for change, number in tally.items()) or nothing)


def _change_rows(changes: Sequence[Difference], store: str | None) -> Iterator[dict[str, Any]]:
    """A row for each change, with the assertions of the graph that it touches, where there is a graph."""
    import kg
    from kg.graph.store import exists
    from kg.model import Concept

    touched: dict[Concept, list[Assertion]] | None = None
    if exists(store):
        with kg.open(store) as graph:
            touched = graph.touched(dict.fromkeys(Concept.of(change.code) for change in changes))
    else:
        say("kg: there is no graph, so it is not known which assertions the changes touch")
    for change in changes:
        assertions = touched.get(Concept.of(change.code), []) if touched is not None else None
        yield {
            "change": change.change.value,
            "code": Concept.of(change.code).curie,
            "on": change.on,
            "before": change.before.name if change.before else "",
            "after": change.after.name if change.after else "",
            "assertions": len(assertions) if assertions is not None else None,
            "documents": list(dict.fromkeys(map(source, assertions))) if assertions is not None else None,
        }
