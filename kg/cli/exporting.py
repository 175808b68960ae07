"""`kg export`: files of the graph for other programs."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import AsOfOption, OutputOption, StoreOption, Trust
from kg.cli.output import counted, say
from kg.cli.watching import LONG, limited
from kg.errors import UsageError
from kg.exports import FORMATS, format_named

if TYPE_CHECKING:
    from kg.exports import Exported

    Export = StrEnum
else:
    Export = StrEnum("Export", [(format.name.upper(), format.name) for format in FORMATS])
"""What the graph is written as: a member for each format that there is."""
_NQUADS = Export("nquads")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(limited(export, LONG))


def export(
    format: Annotated[Export, typer.Option("--format", help="What to write.")] = _NQUADS,
    output: OutputOption = None,
    around: Annotated[
        list[str] | None,
        typer.Option("--around", help="Only what is near this code or name; may be repeated.", show_default=False),
    ] = None,
    depth: Annotated[int, typer.Option("--depth", min=0, help="With --around, how many steps are near.")] = 1,
    relations: Annotated[
        list[str] | None,
        typer.Option(
            "--relation", "--relations", help="Only this relation, or all; may be repeated.", show_default=False
        ),
    ] = None,
    trust: Annotated[
        Trust | None,
        typer.Option("--trust", help="Weakest verdict to include; without it, N-Quads of all.", show_default=False),
    ] = None,
    as_of: AsOfOption = None,
    store: StoreOption = None,
) -> None:
    """Write the graph to a file: sorted N-Quads, or the network of its connections, all or a slice."""
    import kg

    aside = None if output is None or str(output) == "-" else output
    if format_named(format).binary and aside is None and sys.stdout.isatty():
        raise UsageError(f"{format} is no text for a terminal: name a file with --output")
    with kg.open(store).at(trust=trust, as_of=as_of) as graph:
        exported = graph.export(
            aside or sys.stdout.buffer,
            format,
            around=around or None,
            depth=depth,
            relations=relations or None,
        )
    if aside:
        counts = ", ".join(f"{count:,} {what}" for what, count in exported.counts.items())
        say(f"wrote {aside}{': ' if counts else ''}{counts}")
    _say_what_is_not_in_it(exported, trust)


def _say_what_is_not_in_it(exported: Exported, trust: Trust | None) -> None:
    if left_out := exported.left_out:
        each = ", ".join(f"{relation} {count:,}" for relation, count in left_out.items())
        edges = counted(sum(left_out.values()), "plain edge")
        say(f"kg: left out {edges} that no path walks ({each}); --relations all writes them as well")
    for concept in exported.alone:
        say(f"kg: nothing that was asked for connects {concept.in_words} at trust {(trust or Trust.DISPUTED).value}")
