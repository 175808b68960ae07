"""`kg serve`: the workbench in the browser."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Annotated

import typer

from kg.cli.options import ReleasesOption, StoreOption
from kg.cli.output import say
from kg.errors import MissingExtra, UsageError

_HOST = re.compile(r"[a-z0-9_.-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?", re.IGNORECASE)


HostOption = Annotated[
    str, typer.Option("--host", help="Address to listen on; any but the default lets others in, with a token.")
]
PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")]
TimeoutOption = Annotated[float, typer.Option("--timeout", min=0.1, max=3600, help="Seconds that a question may take.")]
TokenOption = Annotated[
    str | None,
    typer.Option(
        "--token",
        envvar="KG_TOKEN",
        help="Answer only who sends this token. Better given as KG_TOKEN, since others see options.",
        show_default=False,
    ),
]
AllowHostOption = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host", help="Name under which clients reach it, as kg.example.org. Repeatable.", show_default=False
    ),
]
AllowOriginOption = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-origin",
        help="Site whose pages may ask and read the answers, as https://example.org; * is any. Repeatable.",
        show_default=False,
    ),
]
ProxyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--proxy",
        help="Address of a proxy before it, whose X-Forwarded-For names the client. Repeatable.",
        show_default=False,
    ),
]
LimitOption = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=VALUE",
        help="Another limit, as waiting=1000; docs/service.md lists them. Repeatable.",
        show_default=False,
    ),
]
LogRequestsOption = Annotated[
    bool, typer.Option("--log-requests", help="Write a line for each request to standard error.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(serve)


def serve(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    timeout: TimeoutOption = 30,
    token: TokenOption = None,
    allow_host: AllowHostOption = None,
    allow_origin: AllowOriginOption = None,
    proxy: ProxyOption = None,
    limit: LimitOption = None,
    log_requests: LogRequestsOption = False,
    releases: ReleasesOption = None,
    store: StoreOption = None,
) -> None:
    """Serve the graph to browsers, SPARQL clients and programs until Ctrl-C; of it nothing is changed."""
    try:
        from kg.web.server import serve as serve_graph
    except ModuleNotFoundError as exc:
        if exc.name not in ("starlette", "uvicorn", "prometheus_client"):
            raise
        raise MissingExtra("the workbench", "web") from exc
    import kg
    from kg.graph.opening import where
    from kg.service.limits import Limits
    from kg.web.settings import Settings
    from kg.web.token import check_token

    settings = Settings(
        timeout=timeout,
        hosts=frozenset(map(_host, allow_host or ())),
        origins=frozenset(map(_origin, allow_origin or ())),
        token=check_token(token) if token is not None else "",
        log_requests=log_requests,
        releases=releases,
        proxies=tuple(map(_proxy, proxy or ())),
        limits=Limits.given(limit or ()),
    )
    # What is wrong with the graph is said now, and not to whoever asks first.
    kg.open(store).close()
    place = where(store)

    def tell(address: str, others: str) -> None:
        say(f"serving {place} at {address} (Ctrl-C ends it)")
        if others:
            say(f"kg: {others}")

    serve_graph(place, settings, host=host, port=port, tell=tell)


def _host(text: str) -> str:
    """A name of this server as clients send it, without its port; raises `UsageError` for what they never send."""
    if not _HOST.fullmatch(text):
        raise UsageError(f"--allow-host: not a name such as kg.example.org: {text!r}")
    return text.lower()


def _proxy(text: str) -> str:
    """The address of a proxy, or a network of them; raises `UsageError` for what is none."""
    try:
        return str(ip_network(text))
    except ValueError as exc:
        raise UsageError(
            f"--proxy: not an address such as 10.0.0.1, nor a network such as 10.0.0.0/8: {text!r}"
        ) from exc


def _origin(text: str) -> str:
    """A site as browsers name it; raises `UsageError` for what they never send."""
    if text != "*" and not _ORIGIN.fullmatch(text):
        raise UsageError(f"--allow-origin: not a site such as https://example.org: {text!r}")
    return text.lower()
