"""What the tests of the command line share: running `kg`, and reading what it printed.

`installed` runs the command as people do, in a process of its own. That takes half a second each time, so most tests
use `kg`, which calls the same function in this process, with standard streams of its own.
"""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kg.cli import main

KG = str(Path(sys.executable).with_name("kg"))
NOWHERE = Path("/nonexistent/store")


class Ran(NamedTuple):
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The only line on standard error, where a command failed with nothing on standard output.

        Below it may stand an excerpt of a query, further in.
        """
        assert self.out == ""
        assert "Traceback" not in self.err
        (line,) = [line for line in self.err.splitlines() if not line.startswith("  ")]
        return line


def installed(*words: str | Path, given: str = "", store: Path = NOWHERE) -> Ran:
    """Run the installed `kg` with these words, with this on its standard input, over this store."""
    environment = {**os.environ, "KG_STORE": str(store)}
    done = subprocess.run(
        [KG, *map(str, words)], input=given.encode(), capture_output=True, env=environment, timeout=60, check=False
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def kg(*words: str | Path, given: str | bytes = "", store: Path = NOWHERE) -> Ran:
    """The same, in this process."""
    with pytest.MonkeyPatch.context() as patch, _signals():
        patch.setenv("KG_STORE", str(store))
        # In this process, so in none that is watched.
        patch.setattr("kg.cli.take_process", lambda: None)
        patch.setattr(sys, "argv", ["kg", *map(str, words)])
        patch.setattr(sys, "stdin", _stream(given if isinstance(given, bytes) else given.encode()))
        patch.setattr(sys, "stdout", out := _stream())
        patch.setattr(sys, "stderr", err := _stream())
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Ran(code, _printed(out), _printed(err))


def _stream(content: bytes = b"") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", write_through=True)


def _printed(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


@contextmanager
def _signals() -> Iterator[None]:
    """The command line takes signals into its own hands; give them back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGPIPE)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def rows(out: str, format: str) -> list[dict[str, Any]]:
    """The rows that were printed in a format."""
    if format == "json":
        found: list[dict[str, Any]] = json.loads(out)
        return found
    if format == "jsonl":
        return [json.loads(line) for line in out.splitlines()]
    return list(csv.DictReader(io.StringIO(out), delimiter="," if format == "csv" else "\t", strict=True))
