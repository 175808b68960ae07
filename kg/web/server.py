"""Runs the workbench until somebody stops it."""

from __future__ import annotations

import errno
import ipaddress
import signal
import socket
from collections.abc import Callable, Collection
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from kg.errors import Failure
from kg.web.app import create_app
from kg.web.guard import LOOPBACK
from kg.web.pool import Pool

_SHUTDOWN = 5


def serve(
    store: Path, *, host: str, port: int, timeout: float, origins: Collection[str], tell: Callable[[str], None]
) -> None:
    """Serve a graph until Ctrl-C, also to pages of some origins; `tell` is given the address once it can be opened.

    Raises `Failure` where the address cannot be had.
    """
    with _listening(host, port) as listener:
        # On another address than loopback, nobody knows by which names people come.
        hosts = LOOPBACK | {_literal(host).lower()} if _is_loopback(listener) else None
        server = _Server(create_app(store, timeout=timeout, hosts=hosts, origins=origins))
        tell(f"http://{_literal(host)}:{listener.getsockname()[1]}/")
        # When it has stopped in good order, uvicorn raises the signal again, which would end this process by it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends running questions before it waits for their connections, so that it need not cut them off."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,
                http="h11",
                log_level="warning",
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=_SHUTDOWN,
                ws="none",
            )
        )
        self._pool: Pool = app.state.pool

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what is being asked with an error, then close."""
        self._pool.close()
        await super().shutdown(sockets)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family)
    except OSError as exc:
        if exc.errno == errno.EADDRINUSE:
            raise Failure(f"port {port} of {host} is in use; choose another with --port") from exc
        raise Failure(f"cannot listen on {host}:{port}: {exc.strerror or exc}") from exc
    except UnicodeError as exc:
        raise Failure(f"not the name of a host: {host!r}") from exc
    # asyncio sees to it only for sockets that it makes; without it, every short answer waits for 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _is_loopback(listener: socket.socket) -> bool:
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def _literal(host: str) -> str:
    return f"[{host}]" if ":" in host else host
