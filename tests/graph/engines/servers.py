"""Real SPARQL servers for tests, each on free ports and with its files in a folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

_BOOT = 60.0
_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
MaxClientConnections = 10
CaseMode = 2
DirsAllowed = {folder}
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 10
MaxKeepAlives = 10
KeepAliveTimeout = 10
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 60
"""


def oxigraph_program() -> str | None:
    """The server of the PyPI package `oxigraph`, which stands beside this Python or on the path."""
    beside = Path(sys.executable).with_name("oxigraph")
    return str(beside) if beside.exists() else shutil.which("oxigraph")


def virtuoso_program() -> str | None:
    """The server of Debian's `virtuoso-opensource`."""
    return shutil.which("virtuoso-t")


@contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[str]:
    """An Oxigraph server; gives its address."""
    (port,) = _free_ports(1)
    command = [str(oxigraph_program()), "serve", "-l", str(folder / "db"), "-b", f"127.0.0.1:{port}", *options]
    with _running(command, folder, f"http://127.0.0.1:{port}/"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def virtuoso(folder: Path, rows: int = 100_000) -> Iterator[str]:
    """A Virtuoso that sends so many rows; gives its address. Who writes to it is `dba`, with the same password."""
    port, sql_port = _free_ports(2)
    settings = folder / "virtuoso.ini"
    settings.write_text(_VIRTUOSO.format(folder=folder, port=port, sql_port=sql_port, rows=rows), "utf-8")
    with _running([str(virtuoso_program()), "-c", str(settings), "-f"], folder, f"http://127.0.0.1:{port}/sparql"):
        yield f"http://127.0.0.1:{port}/sparql"


@contextmanager
def _running(command: list[str], folder: Path, answers_at: str) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={"PATH": os.environ["PATH"]})
        try:
            _wait(process, answers_at, folder / "log")
            yield
        finally:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], answers_at: str, log: Path) -> None:
    end = time.monotonic() + _BOOT
    while time.monotonic() < end and process.poll() is None:
        try:
            httpx.get(answers_at, timeout=5, trust_env=False)
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"{process.args!r} does not answer: {log.read_text('utf-8', 'replace')[-1000:]}")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in sockets]
    for listener in sockets:
        listener.close()
    return ports
