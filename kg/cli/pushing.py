"""`kg push`: a build for a SPARQL engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import StoreOption
from kg.cli.output import progress, say
from kg.cli.watching import watched
from kg.errors import UsageError


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(watched(push))


def push(
    address: Annotated[
        str | None,
        typer.Argument(help="Where the engine answers, as https://kg.example.org/sparql.", show_default=False),
    ] = None,
    graph_store: Annotated[
        str | None,
        typer.Option("--graph-store", help="Where it takes graphs, if that is not known of it.", show_default=False),
    ] = None,
    files: Annotated[
        Path | None,
        typer.Option("--files", help="Write files for its bulk loader into this folder instead.", show_default=False),
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Only count whether all of a build is there.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also push what seems to be there already.")] = False,
    store: StoreOption = None,
) -> None:
    """Bring the graph to a SPARQL engine, which can then be asked with --store ADDRESS."""
    from kg.graph import pushing

    if (address is None) == (files is None) or (verify and files) or (again and (verify or files)):
        raise UsageError("give either the address of an engine, with --verify or --again, or --files")
    if files is not None:
        with progress() as tell:
            names = pushing.write_files(store, files, tell)
        say(f"{files}: {len(names)} files; load all of them, then count with 'kg push ADDRESS --verify'")
        return
    assert address is not None
    if verify:
        counts = pushing.verify(address)
        say(f"{address}: all {sum(counts.values()):,} triples of {len(counts)} graphs are there")
        return
    with progress() as tell:
        done = pushing.push(store, address, graph_store or "", tell, again=again)
    total = sum(done.triples.values())
    say(f"{address}: all {total:,} triples of {len(done.triples)} graphs are there, {done.sent:,} of them sent now")
