"""`kg mcp`: tools for assistants."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kg.cli.options import ReleasesOption, StoreOption
from kg.cli.output import say
from kg.errors import MissingExtra

TimeoutOption = Annotated[float, typer.Option("--timeout", min=0.1, max=3600, help="Seconds that a question may take.")]
LimitOption = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=VALUE",
        help="Another limit, as document=4194304; docs/assistants.md lists them. Repeatable.",
        show_default=False,
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(mcp)


def mcp(
    timeout: TimeoutOption = 30,
    limit: LimitOption = None,
    releases: ReleasesOption = None,
    store: StoreOption = None,
) -> None:
    """Serve tools to an assistant over standard input and output; its program starts this, as docs/assistants.md tells.

    It checks the billing codes of a text, without a graph too, and answers from the graph where there is one.
    """
    try:
        from kg.assistants.server import serve
    except ModuleNotFoundError as exc:
        if (exc.name or "").partition(".")[0] not in ("mcp", "mcp_types", "anyio", "pydantic"):
            raise
        raise MissingExtra("a server for assistants", "mcp") from exc
    from kg.assistants.calls import Settings, limits_given
    from kg.graph.opening import where

    settings = Settings(timeout, releases, limits_given(limit or ()))
    place = where(store)
    if sys.stdin.isatty():
        say("kg: an assistant's program starts this and writes to it; docs/assistants.md tells how (Ctrl-D ends it)")
    serve(place, settings)
