"""`kg serve`: the workbench in the browser."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from kg.cli.options import StoreOption
from kg.cli.output import say
from kg.errors import MissingExtra, UsageError

_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?", re.IGNORECASE)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(serve)


def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; any but the default lets others in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, max=3600, help="Seconds that a question may take.")
    ] = 30,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-origin",
            help="Site whose pages may ask and read the answers, as https://example.org; * is any. Repeatable.",
            show_default=False,
        ),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Serve the graph to browsers and SPARQL clients on this machine, read-only, until Ctrl-C."""
    try:
        from kg.web.server import serve as serve_graph
    except ModuleNotFoundError as exc:
        if exc.name not in ("starlette", "uvicorn"):
            raise
        raise MissingExtra("the workbench", "web") from exc
    import kg
    from kg.graph.store import location

    origins = frozenset(map(_origin, allow_origin or ()))

    # What is wrong with the graph is said now, and not to whoever asks first.
    kg.open(store).close()
    place = location(store)
    serve_graph(
        place,
        host=host,
        port=port,
        timeout=timeout,
        origins=origins,
        tell=lambda address: say(f"serving {place} at {address} (Ctrl-C ends it)"),
    )


def _origin(text: str) -> str:
    """A site as browsers name it; raises `UsageError` for what they never send."""
    if text != "*" and not _ORIGIN.fullmatch(text):
        raise UsageError(f"--allow-origin: not a site such as https://example.org: {text!r}")
    return text.lower()
