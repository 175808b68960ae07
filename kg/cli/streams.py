"""Standard input and output that are closed, or cannot be written: one line and exit code 3, never "no such thing"."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import UnsupportedOperation
from pathlib import Path
from typing import TextIO

from kg.errors import Failure


@contextmanager
def standard_streams() -> Iterator[None]:
    """Turn what happens to standard output into `Failure`; all other files say themselves what is wrong with them.

    A stream that is closed is None in Python, and the next file that is opened would take its number.
    """
    sys.stdin, sys.stdout = sys.stdin or _closed(), sys.stdout or _closed()
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (it stays open)
    try:
        yield
    except OSError as exc:
        _let_go()
        why = "closed" if isinstance(exc, UnsupportedOperation) else f"cannot be written ({_reason(exc)})"
        raise Failure(f"standard output: {why}") from exc


def read_standard_input() -> bytes:
    """All of standard input; raises `Failure` where it is closed."""
    if getattr(sys.stdin, "name", "") == os.devnull:
        raise Failure("standard input: closed")
    return sys.stdin.buffer.read()


def text_of(file: str) -> str:
    """The text of a file, `-` for standard input; raises `Failure` where it cannot be read or is not UTF-8."""
    name = "standard input" if file == "-" else file
    try:
        return read_standard_input().decode("utf-8-sig") if file == "-" else Path(file).read_text("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise Failure(f"{name}: not UTF-8 (byte {exc.start})") from exc
    except OSError as exc:
        raise Failure(f"{name}: {exc.strerror or exc}") from exc


def _closed() -> TextIO:
    """A stream that ends at once, and that cannot be written."""
    return Path(os.devnull).open(encoding="utf-8")


def _let_go() -> None:
    """What is still to be written would fail once more when the process ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _reason(exc: OSError) -> str:
    return (exc.strerror or str(exc)).lower()
