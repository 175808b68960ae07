"""`kg compare`: how far two sources agree."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import AnswerFormat, AnswerFormatOption, AsOfOption, StoreOption, Trust, TrustOption
from kg.cli.output import emit_answer, safe, say, table, write
from kg.cli.watching import limited
from kg.model.comparison import Agreement

if TYPE_CHECKING:
    from kg.comparison import Comparison
    from kg.model import Assertion, Compared, Concept

_WIDEST = 160
"""So many letters of a quote are in a table."""
_MOST_CODES = 20
"""So many billing codes of one side alone are named below a table."""


def add_to(app: typer.Typer) -> None:
    """Add the command of this topic."""
    app.command()(limited(compare))


def compare(
    first: Annotated[
        str, typer.Argument(help="A document, an article (A57001, or A57001-12 for a version), or a contractor.")
    ],
    second: Annotated[
        str | None, typer.Argument(help="What to compare it with, named likewise.", show_default=False)
    ] = None,
    between: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Two days, on which to compare the same source, or the two.", metavar="DATE DATE"),
    ] = None,
    code: Annotated[str | None, typer.Option(help="One billing code alone.", show_default=False)] = None,
    relation: Annotated[
        str | None, typer.Option(help="One relation alone, as supportedByDiagnosis.", show_default=False)
    ] = None,
    only: Annotated[
        Agreement | None,
        typer.Option(help="Only where they contradict, what the first or the second alone says, or both."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="So many edges of each kind at most.")] = 50,
    offset: Annotated[int, typer.Option(min=0, help="Leave out so many of each kind before them.")] = 0,
    trust: TrustOption = Trust.DISPUTED,
    as_of: AsOfOption = None,
    format: AnswerFormatOption = AnswerFormat.TABLE,
    store: StoreOption = None,
) -> None:
    """How far two sources agree: what both say, what only one says, where they contradict; then it ends with 1."""
    import kg

    with kg.open(store).at(trust=trust) as graph:
        comparison = graph.compare(
            first, second, between=between, code=code, relation=relation, only=only, limit=limit, offset=offset,
            as_of=as_of,
        )  # fmt: skip
        if format is AnswerFormat.TABLE:
            _write(comparison)
        else:
            emit_answer(comparison, format)
            say(f"kg: {comparison.summary}")
    _say_what_is_left(comparison, only)
    comparison.require()
    if comparison.counts[Agreement.CONTRADICT]:
        raise typer.Exit(1)


def _write(comparison: Comparison) -> None:
    """The summary, a table for each kind of agreement, the codes of one side alone, and the articles that are cited."""
    write(safe(f"{comparison.summary}\n"))
    for agreement, heading in _headings(comparison).items():
        if edges := comparison.of(agreement):
            write(safe(f"\n{heading}\n"))
            write(_table(edges, comparison.names))
    for number, (name, codes) in enumerate(zip(comparison.names, _alone(comparison), strict=True)):
        if codes:
            total = comparison.codes[(Agreement.FIRST, Agreement.SECOND)[number]]
            write(safe(f"\n{_of_one(name, codes, total)}\n"))
    for policy in comparison.policies.values():
        write(safe(f"\n{policy.key}  {policy.title} ({policy.whose})\n  {policy.address}\n"))


def _headings(comparison: Comparison) -> dict[Agreement, str]:
    first, second = comparison.names
    return {
        Agreement.CONTRADICT: "where they contradict",
        Agreement.FIRST: f"what only {first} says",
        Agreement.SECOND: f"what only {second} says",
        Agreement.BOTH: "what both say",
    }


def _table(edges: Sequence[Compared], names: tuple[str, str]) -> str:
    """Edges with what each side says of them; a side that says nothing of any has no column."""
    rows = [
        {
            "code": edge.subject.label,
            "relation": edge.relation.label,
            "object": edge.object.label,
            "first": _says(edge.first),
            "second": _says(edge.second),
        }
        for edge in edges
    ]
    sides = {side: f"{name} says" for side, name in zip(_SIDES, names, strict=True) if any(row[side] for row in rows)}
    return table(rows, ("code", "relation", "object", *sides), indent=2, headings=sides)


_SIDES = ("first", "second")


def _says(assertions: Sequence[Assertion]) -> str:
    """What a side says of an edge, in which words and where, and how many more say so."""
    if not assertions:
        return ""
    first, evidence = assertions[0], assertions[0].evidence
    quote = textwrap.shorten(evidence.quote, _WIDEST, placeholder=" …")
    more = f" (and {len(assertions) - 1} more)" if len(assertions) > 1 else ""
    return f"{'yes' if first.polarity == 'affirmed' else 'no'}: {evidence} “{quote}”{more}"


def _alone(comparison: Comparison) -> tuple[tuple[tuple[Concept, int], ...], ...]:
    return comparison.only_first, comparison.only_second


def _of_one(name: str, codes: Sequence[tuple[Concept, int]], total: int) -> str:
    """The billing codes of which one side alone speaks, each with the number of its edges."""
    named = ", ".join(f"{code.key} ({number:,})" for code, number in codes[:_MOST_CODES])
    more = f", and {total - _MOST_CODES:,} more" if total > _MOST_CODES else ""
    return f"codes of which only {name} speaks: {named}{more}"


def _say_what_is_left(comparison: Comparison, only: Agreement | None) -> None:
    """A word on the edges that are not on this page."""
    until = comparison.offset + comparison.limit
    longest = max(comparison.counts[kind] for kind in ([only] if only else Agreement))
    if until < longest:
        say(f"kg: from {comparison.offset + 1:,} to {until:,} of each kind; '--offset {until}' goes on")
