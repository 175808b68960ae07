"""Processes that answer questions: a query that runs inside the store can be stopped only by ending its process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from kg.errors import KgError, StoreError
from kg.graph.engines.address import Address
from kg.graph.store import verify
from kg.limits import limit_memory, limit_time, silence_engine, without_interrupts
from kg.web.answers import Current
from kg.web.replies import Reply, error, refusal

MEMORY = 2 << 30
"""How many bytes a worker may use, where the system can limit it: a question needs far fewer."""

_BOOT = 60.0
_GRACE = 5.0
# Fork would copy the threads of the server without running them.
_SPAWN = multiprocessing.get_context("spawn")
_TOO_MUCH = "stopped: the question needs too much memory; ask for less"
_KILLED = "stopped: its worker was killed by another program, or by the system for want of memory; ask again"


class Question(NamedTuple):
    """A function of `kg.web.answers`, and what it is asked with."""

    ask: Callable[..., Reply]
    words: tuple[Any, ...]
    options: dict[str, Any]


class Worker:
    """A process that answers one question at a time; one that took too long, or ended, is replaced.

    It is the first of a group of processes: those that it starts itself, as the reader of PDF does, end with it.
    """

    def __init__(self, store: Path | Address, timeout: float, memory: int = MEMORY, *, waits: bool = False) -> None:
        """With `waits`, the process is started with the first question."""
        self._store = store
        self._timeout = timeout
        self._memory = memory
        self._closed = False
        self._is_unwanted = False
        self._is_asked = False
        self._end = 0.0
        self._changing = Lock()
        self._process: BaseProcess | None = None
        self.endings: Counter[str] = Counter()
        """How often the process was ended, by reason."""
        if not waits:
            self._start()

    def ask(self, question: Question) -> Reply:
        """The reply to a question, or the first piece of it; blocks, at most for the time that a question has."""
        with self._changing:
            if self._closed:
                return _ending()
            if self._is_unwanted:
                self._stopped()
            if self._process is None or not self._process.is_alive():
                self._start()
            self._is_asked, self._is_unwanted = True, False
        try:
            self._wait_until_ready()
            self._end = time.monotonic() + self._timeout
            self._pipe.send(question)
        except (EOFError, OSError):
            return self._replaced(self._ended())
        return self.more()

    def more(self) -> Reply:
        """The next piece of an answer whose last one was not the last of all; blocks as `ask` does."""
        try:
            if self._pipe.poll(max(self._end - time.monotonic(), 0)):
                reply: Reply = self._pipe.recv()
                if reply.is_last:
                    with self._changing:
                        self._is_asked = False
                return reply
            self.endings["time"] += 1
            reply = self._unless_damaged(
                error(503, f"stopped: no answer within {self._timeout:g} s; ask for less, for example with LIMIT")
            )
        except (EOFError, OSError):
            reply = self._ended()
        return self._replaced(reply)

    def stop(self) -> None:
        """End the question that it is at, which nobody waits for any more; without one, do nothing.

        Whoever is in `ask` or `more` gets a reply that says so, and after it nobody may call `more`.
        """
        with self._changing:
            if self._is_asked and not self._is_unwanted:
                self._is_unwanted = True
                self.endings["left"] += 1
                self._kill()

    def close(self) -> None:
        """End the process for good."""
        with self._changing:
            self._closed = True
            self._kill()
        if self._process is not None:
            self._process.join(_GRACE)

    def _kill(self) -> None:
        """End the process, if it runs, and those that it started."""
        if self._process is not None and self._process.exitcode is None:
            self._kill_group()
            self._process.kill()

    def _kill_group(self) -> None:
        # Who is not the first of a group yet has started nobody.
        with suppress(ProcessLookupError, PermissionError, AttributeError):
            os.killpg(self._process.pid, signal.SIGKILL)  # type: ignore[union-attr, arg-type]

    def _start(self) -> None:
        self._pipe, theirs = _SPAWN.Pipe()
        words = (theirs, self._store, self._timeout, self._memory)
        self._process = _SPAWN.Process(target=_work, args=words, daemon=True)
        with without_interrupts():
            self._process.start()
        theirs.close()
        self._ready = False

    def _wait_until_ready(self) -> None:
        """Starting takes a moment, which is not taken from the time of the question."""
        if not self._ready and self._pipe.poll(_BOOT):
            self._pipe.recv()
            self._ready = True

    def _replaced(self, reply: Reply) -> Reply:
        """The reply to a question with which the process ended, or is to end; another one takes its place."""
        with self._changing:
            # From now on it cannot be stopped any more, which would have to wait for what follows.
            self._is_asked = self._is_unwanted = False
        self._kill()
        self._stopped()
        with self._changing:
            if not self._closed:
                self._start()
        return reply

    def _stopped(self) -> None:
        """Wait until the process that was killed has ended."""
        assert self._process
        self._process.join(_GRACE)
        self._pipe.close()

    def _ended(self) -> Reply:
        assert self._process
        self._process.join(_GRACE)
        self._kill_group()
        if self._closed:
            return _ending()
        reason, reply = self._why()
        if reason != "left":
            self.endings[reason] += 1
        return reply if reason in ("bug", "left") else self._unless_damaged(reply)

    def _why(self) -> tuple[str, Reply]:
        """What ended the process, in a word, and the reply to whoever asked."""
        code = (self._process and self._process.exitcode) or 0
        if self._is_unwanted:
            return "left", error(503, "stopped: nobody waits for the answer")
        # Python ends with 1 after a traceback; the store gives up by a signal to itself, when memory is short.
        if code == 1:
            return "bug", error(500, "this question brought down its worker; the server's log says why")
        if code == -signal.SIGABRT:
            return "memory", error(503, _TOO_MUCH)
        if code == -getattr(signal, "SIGKILL", 0):
            return "killed", error(503, _KILLED)
        return "failed", error(503, f"stopped: its worker broke down ({_name_of(code)}); ask for less")

    def _unless_damaged(self, reply: Reply) -> Reply:
        """The reply, or that the graph is damaged, which makes a small question endless: all its files are read."""
        try:
            verify(self._store)
        except StoreError as exc:
            return refusal(exc)
        return reply


def _name_of(exit_code: int) -> str:
    """The signal that ended a process, or the code with which it ended."""
    return (exit_code < 0 and signal.strsignal(-exit_code)) or f"exit code {exit_code}"


def _ending() -> Reply:
    return error(503, "the server is ending")


def _work(pipe: Connection[Any, Any], store: Path | Address, timeout: float, memory: int) -> None:
    """What a worker does: answer until nobody asks any more."""
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    silence_engine()
    limit_memory(memory)
    current = Current(store, pipe.send)
    # Opened now, so that the first question need not wait. What is wrong with it is told to whoever asks.
    with suppress(StoreError):
        current.store()
    with suppress(EOFError, ConnectionError):
        pipe.send(None)
        while True:
            question: Question = pipe.recv()
            with _deadline(timeout + _GRACE):
                pipe.send(_reply(current, question))


def _reply(current: Current, question: Question) -> Reply:
    try:
        return question.ask(current, *question.words, **question.options)
    except KgError as exc:
        return refusal(exc)
    except MemoryError:
        return error(503, _TOO_MUCH)


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """End this process when the time is over, even where the server that would do it is no more."""
    limit_time(seconds)
    yield
    limit_time(0)
