"""`kg serve`: the workbench in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.options import StoreOption
from kg.cli.output import say
from kg.errors import MissingExtra


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

    # What is wrong with the graph is said now, and not to whoever asks first.
    kg.open(store).close()
    place = location(store)
    serve_graph(
        place,
        host=host,
        port=port,
        timeout=timeout,
        tell=lambda address: say(f"serving {place} at {address} (Ctrl-C ends it)"),
    )
