"""Runs the workbench until somebody stops it."""

from __future__ import annotations

import errno
import ipaddress
import math
import signal
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import uvicorn

from kg.errors import Failure, UsageError
from kg.graph.engines.address import Address
from kg.limits import open_files
from kg.service.limits import Limits
from kg.web.app import create_app
from kg.web.connections import BoundedProtocol
from kg.web.guard import LOOPBACK
from kg.web.observing import write_requests_to_standard_error
from kg.web.settings import Settings

_SHUTDOWN = 5
_BACKLOG = 100
"""How many connections are taken at a time, before the first of them can be closed again."""
_OTHER_FILES = 5 * _BACKLOG
"""How many files the server may have open besides its connections: those, and those that are being closed."""


def serve(store: Path | Address, settings: Settings, *, host: str, port: int, tell: Callable[[str, str], None]) -> None:
    """Serve a graph until Ctrl-C; `tell` is given the address once it can be opened, and who else can reach it.

    Raises `UsageError` where others could reach it and there is no token, `Failure` where the address cannot be had.
    """
    family, address = _resolved(host, port)
    if not address.is_loopback and not settings.token:
        raise UsageError(
            f"others can reach {host}: give a token to let in only who has it, "
            "for example by KG_TOKEN=$(openssl rand -hex 32)"
        )
    if settings.log_requests:
        write_requests_to_standard_error()
    with _listening(host, port, family) as listener:
        server = _Server(store, replace(settings, hosts=_hosts(host) | settings.hosts))
        actual = listener.getsockname()[1]
        tell(f"http://{_literal(host)}:{actual}/", "" if address.is_loopback else _who(address, actual))
        # When it has stopped in good order, uvicorn raises the signal again, which would end this process by it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends running questions before it waits for their connections, so that it need not cut them off."""

    def __init__(self, store: Path | Address, settings: Settings) -> None:
        app = create_app(store, settings)
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,
                backlog=_BACKLOG,
                http=_protocol(settings.limits),
                # What clients do wrong, they are told; bugs are logged where they are answered.
                log_level="critical",
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=math.ceil(settings.limits.idle_seconds),
                timeout_graceful_shutdown=_SHUTDOWN,
                ws="none",
            )
        )
        self._close: Callable[[], None] = app.state.close

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what is being asked with an error, then close."""
        self._close()
        await super().shutdown(sockets)


def _protocol(limits: Limits) -> type[BoundedProtocol]:
    """The protocol, with as many connections as this process may have open files for."""
    most = max(open_files(limits.connections + _OTHER_FILES) - _OTHER_FILES, _BACKLOG)
    limits = replace(limits, connections=min(most, limits.connections))
    return type("Protocol", (BoundedProtocol,), {"limits": limits})


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _resolved(host: str, port: int) -> tuple[socket.AddressFamily, _Address]:
    """What a host is on the network."""
    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as exc:
        raise Failure(f"cannot listen on {host}:{port}: {exc.strerror or exc}") from exc
    except UnicodeError as exc:
        raise Failure(f"not the name of a host: {host!r}") from exc
    return family, ipaddress.ip_address(place[0])


def _listening(host: str, port: int, family: socket.AddressFamily) -> socket.socket:
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as exc:
        if exc.errno == errno.EADDRINUSE:
            raise Failure(f"port {port} of {host} is in use; choose another with --port") from exc
        raise Failure(f"cannot listen on {host}:{port}: {exc.strerror or exc}") from exc
    # asyncio sees to it only for sockets that it makes; without it, every short answer waits for 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _hosts(host: str) -> frozenset[str]:
    """The names that surely mean this machine."""
    return LOOPBACK | {_literal(host).lower(), socket.gethostname().lower()}


def _who(address: _Address, port: int) -> str:
    """Who can reach a server that listens on an address which is not for this machine alone."""
    place = f"any address of this machine on port {port}" if address.is_unspecified else f"{address} on port {port}"
    return (
        f"whoever reaches {place} and has the token can ask, and read what the documents say; "
        "nothing is encrypted on the way, unless a proxy with TLS stands before it"
    )


def _literal(host: str) -> str:
    return f"[{host}]" if ":" in host else host
