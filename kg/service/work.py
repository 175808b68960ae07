"""What the process of a worker does: answer one question after another, until nobody asks any more."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from kg.errors import KgError, StoreError
from kg.graph.engines.address import Address
from kg.limits import limit_memory, limit_time, silence_engine
from kg.service.answers import Current
from kg.service.replies import Reply, error, refusal

GRACE = 5.0
"""So many seconds after a question's time is over, its process has ended."""

_PARENT_DEATH = 1  # PR_SET_PDEATHSIG of Linux; elsewhere there is no prctl.
TOO_MUCH = "stopped: the question needs too much memory; ask for less"


class Question(NamedTuple):
    """A function of `kg.service.answers`, and what it is asked with."""

    ask: Callable[..., Reply]
    words: tuple[Any, ...]
    options: dict[str, Any]


def work(pipe: Connection[Any, Any], store: Path | Address, timeout: float, memory: int) -> None:
    """Answer until nobody asks any more, each question in so many seconds and bytes."""
    # A session of its own, as Linux shares the processors by sessions: what mostly waits then comes before what always
    # runs, whoever that belongs to. It is a group of its own as well, so that those it starts end with it.
    if hasattr(os, "setsid"):
        os.setsid()
    _end_with_server()
    silence_engine()
    limit_memory(memory)
    # Where the system has to end something for want of memory, it is to be a question and not the server.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
    current = Current(store, pipe.send)
    # Opened now, so that the first question need not wait. What is wrong with it is told to whoever asks.
    with suppress(StoreError):
        current.store()
    with suppress(EOFError, ConnectionError):
        pipe.send(None)
        while True:
            question: Question = pipe.recv()
            with _deadline(timeout + GRACE):
                pipe.send(_reply(current, question))


def _end_with_server() -> None:
    """Let the system end this process when the server is no more: one that pauses cannot see to it.

    The process that workers are forked from ends with the server once none of them keeps it.
    """
    with suppress(OSError, AttributeError, TypeError):
        os.close(forkserver._forkserver._forkserver_alive_fd)  # type: ignore[attr-defined]
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL)


def _reply(current: Current, question: Question) -> Reply:
    try:
        return question.ask(current, *question.words, **question.options)
    except KgError as exc:
        return refusal(exc)
    except MemoryError:
        return error(503, TOO_MUCH)


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """End this process when the time is over, even where the server that would do it is no more."""
    limit_time(seconds)
    yield
    limit_time(0)
