"""Processes that answer questions: a query that runs inside the store can be stopped only by ending its process."""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from functools import cache
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from kg.errors import StoreError
from kg.graph.engines.address import Address
from kg.graph.store import current_build, verify
from kg.limits import without_interrupts
from kg.service.countdown import Countdown
from kg.service.replies import Reply, error, refusal
from kg.service.work import GRACE, TOO_MUCH, Question, work

_BOOT = 60.0
_AGAIN = 60.0
"""After so many seconds, the files of a graph are read again to see whether they are damaged."""

_PROCESSES = Path("/proc")
# Where /proc/PID/stat has the time of the processor that a process has used, and how many of its ticks are a second.
_USER, _SYSTEM = 11, 12
# Where /proc/PID/statm has its memory.
_RESIDENT = 1
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_AHEAD = ["__main__", "kg.service.ahead"]
_KILLED = "stopped: its worker was killed by another program, or by the system for want of memory; ask again"


@cache
def _context() -> BaseContext:
    """How processes are started.

    Fork would copy the threads of the server without running them. A server for forks has none, and has imported what a
    worker needs: so one is there in 20 ms instead of 200 ms, and shares that memory with the others.
    """
    with suppress(ValueError, OSError):
        tempfile.gettempdir()  # There it listens; where nothing can be written, there is none.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_AHEAD)
        return context
    return multiprocessing.get_context("spawn")


class Stop(NamedTuple):
    """Why a question is stopped, in a word for the metrics, and what whoever asked it is told."""

    reason: str
    reply: Reply


LEFT = Stop("left", error(503, "stopped: nobody waits for the answer"))


class Worker:
    """A process that answers one question at a time; one that took too long, or ended, is replaced with the next.

    It is the first of a group of processes: those that it starts itself, as the reader of PDF does, end with it.
    """

    def __init__(self, store: Path | Address, timeout: float, memory: int, pauses: float = 0.0) -> None:
        """The process is started by `start`, or with the first question; it may use so many bytes of memory.

        A question may take `timeout` seconds, besides at most `pauses` seconds for which it pauses.
        """
        self._store = store
        self._timeout = timeout
        self._memory = memory
        self._longest = timeout + pauses
        self._countdown = Countdown(timeout, pauses)
        self._closed = False
        self._stopped_by: Stop | None = None
        self._is_asked = False
        self._is_used_up = False
        self._is_paused = False
        self._niceness = 0
        self._begun = math.inf
        self._changing = Lock()
        self._starting = Lock()
        self._process: BaseProcess | None = None
        self.endings: Counter[str] = Counter()
        """How often the process was ended, by reason."""

    def start(self) -> None:
        """Start the process, unless it runs; not while somebody is in `ask` or `more`. Blocks for a moment."""
        with self._changing:
            if self._closed:
                return
            self._renew()
        self._ensure()

    def ask(self, question: Question) -> Reply:
        """The reply to a question, or the first piece of it; blocks, at most for the time that a question has."""
        with self._changing:
            if self._closed:
                return _ending()
            self._renew()
            self._is_asked = True
        self._ensure()
        try:
            self._wait_until_ready()
            self._begun = self._clock()
            self._countdown.start()
            self._pipe.send(question)
        except (EOFError, OSError):
            return self._ended()
        return self.more()

    def more(self) -> Reply:
        """The next piece of an answer whose last one was not the last of all; blocks as `ask` does."""
        try:
            if self._is_in_time():
                reply: Reply = self._pipe.recv()
                if reply.is_last:
                    with self._changing:
                        self._is_asked = False
                return reply
        except (EOFError, OSError):
            return self._ended()
        self.endings["time"] += 1
        self._forget()
        return self._unless_damaged(
            error(503, f"stopped: no answer within {self._timeout:g} s; ask for less, for example with LIMIT")
        )

    def _is_in_time(self) -> bool:
        """Whether a piece of the answer comes before the time is over, which stands still during pauses."""
        while not self._pipe.poll(max(left := self._countdown.left(), 0)):
            if left <= 0:
                return False
        return True

    def stop(self, stop: Stop = LEFT) -> None:
        """End the question that it is at; without one, do nothing.

        Whoever is in `ask` or `more` gets the reply of the stop, and after it nobody may call `more`.
        """
        with self._changing:
            if self._is_asked and self._stopped_by is None:
                self._stopped_by = stop
                self.endings[stop.reason] += 1
                self._kill()

    def pause(self, is_paused: bool) -> None:
        """Let the question that it is at pause, or go on."""
        with self._changing:
            # Who has answered is not paused, but may have been before, with the answer already on its way.
            if is_paused != self._is_paused and (self._is_asked or not is_paused) and self._process is not None:
                self._is_paused = is_paused
                self._countdown.pause(is_paused)
                # Windows knows nothing of it.
                with suppress(OSError, AttributeError, TypeError):
                    os.killpg(self._process.pid, signal.SIGSTOP if is_paused else signal.SIGCONT)  # type: ignore[arg-type]

    def renice(self, niceness: int) -> bool:
        """Let its process leave so much of the processor to others; gives whether that could be done.

        To take it back, this process needs the right to do so, which few have.
        """
        if niceness == self._niceness:
            return True
        with self._changing, suppress(OSError, AttributeError):  # Windows knows nothing of it.
            if self._process is not None and self._process.pid:
                _renice_session(self._process.pid, niceness)
                os.setpriority(os.PRIO_PGRP, self._process.pid, os.getpriority(os.PRIO_PROCESS, 0) + niceness)
                self._niceness = niceness
                return True
        return False

    def seconds(self) -> float:
        """How many seconds of the processor its question has taken so far; elsewhere than on Linux, how many at all."""
        taken = self._clock() - self._begun
        return taken if 0 < taken < math.inf else 0.0

    def memory(self) -> int:
        """How many bytes its process holds; elsewhere than on Linux, 0."""
        process = self._process
        with suppress(OSError, IndexError):
            pages = (_PROCESSES / f"{process.pid if process else 0}/statm").read_bytes().split()[_RESIDENT]
            return int(pages) * _PAGE
        return 0

    def _clock(self) -> float:
        process = self._process
        if not sys.platform.startswith("linux"):
            return time.monotonic()
        with suppress(OSError, IndexError):  # Where there is no such process any more.
            words = (_PROCESSES / f"{process.pid if process else 0}/stat").read_bytes().rpartition(b")")[2].split()
            return (int(words[_USER]) + int(words[_SYSTEM])) / _TICKS
        return -math.inf

    def close(self) -> None:
        """End the process for good."""
        with self._changing:
            self._closed = True
            self._kill()
            process = self._process
        if process is not None:
            _exit_code(process)

    def _renew(self) -> None:
        """Be ready for the next question, with another process if this one was stopped and nobody has noticed it."""
        self._is_used_up = self._is_used_up or self._stopped_by is not None
        self._is_asked, self._stopped_by, self._begun = False, None, math.inf

    def _ensure(self) -> None:
        """See to it that the process runs, unless it was stopped or closed meanwhile."""
        with self._starting:  # Which takes a while, and nobody who stops it is to wait for that.
            if self._process is not None and (self._is_used_up or not self._process.is_alive()):
                self._reap()
            self._is_used_up = False
            if self._process is None:
                self._start()
        with self._changing:
            if self._closed or self._stopped_by is not None:
                self._kill()

    def _kill(self) -> None:
        """End the process, and those that it started."""
        if process := self._process:
            _kill_group(process)
            process.kill()

    def _start(self) -> None:
        context = _context()
        self._pipe, theirs = context.Pipe()
        words = (theirs, self._store, self._longest, self._memory)
        process = context.Process(target=work, args=words, daemon=True)  # type: ignore[attr-defined]
        self._is_paused, self._niceness, self._ready = False, 0, False
        with without_interrupts():
            process.start()
        theirs.close()
        self._process = process

    def _wait_until_ready(self) -> None:
        """Starting takes a moment, which is not taken from the time of the question."""
        if not self._ready and self._pipe.poll(_BOOT):
            self._pipe.recv()
            self._ready = True

    def _forget(self) -> None:
        """End the process, which is not to answer any more."""
        with self._changing:
            # From now on it cannot be stopped any more, which would have to wait for what follows.
            self._is_asked, self._stopped_by = False, None
        self._kill()
        self._reap()

    def _reap(self) -> int:
        """Wait until the process, which was killed or broke down, has ended; gives its exit code."""
        assert self._process
        code = _exit_code(self._process)
        _kill_group(self._process)
        self._pipe.close()
        self._process = None
        return code

    def _ended(self) -> Reply:
        """The reply to a question with which the process ended."""
        with self._changing:
            stop, self._stopped_by, self._is_asked = self._stopped_by, None, False
        code = self._reap()
        if self._closed:
            return _ending()
        if stop is not None:
            return stop.reply
        reason, reply = _why(code)
        self.endings[reason] += 1
        return reply if reason == "bug" else self._unless_damaged(reply)

    def _unless_damaged(self, reply: Reply) -> Reply:
        """The reply, or that the graph is damaged, which makes a small question endless: all its files are read."""
        try:
            _verify(self._store)
        except StoreError as exc:
            return refusal(exc)
        return reply


_verified: dict[Path, float] = {}
_verifying = Lock()


def _verify(store: Path | Address) -> None:
    """Read the files of a graph, unless that was done a moment ago; raises `StoreError` where one is damaged.

    Those of an engine at an address are its own affair.
    """
    if isinstance(store, Address):
        return
    with _verifying:
        build = current_build(store)
        if time.monotonic() - _verified.get(build, -math.inf) > _AGAIN:
            verify(store)
            _verified[build] = time.monotonic()


def _renice_session(process: int, niceness: int) -> None:
    """Where Linux shares the processors by sessions, it is the session that has to be nice, and not its processes."""
    with suppress(FileNotFoundError):
        (_PROCESSES / str(process) / "autogroup").write_text(str(niceness))


def _kill_group(process: BaseProcess) -> None:
    # Who is not the first of a group yet has started nobody.
    with suppress(ProcessLookupError, PermissionError, AttributeError):
        os.killpg(process.pid, signal.SIGKILL)  # type: ignore[arg-type]


def _exit_code(process: BaseProcess) -> int:
    """The exit code of a process that is about to end, less than 0 for a signal; 0 where it takes too long."""
    wait([process.sentinel], GRACE)
    return process.exitcode or 0


def _why(exit_code: int) -> tuple[str, Reply]:
    """What ended a process, in a word, and the reply to whoever asked."""
    # Python ends with 1 after a traceback; the store gives up by a signal to itself, when memory is short.
    if exit_code == 1:
        return "bug", error(500, "this question brought down its worker; the server's log says why")
    if exit_code == -signal.SIGABRT:
        return "memory", error(503, TOO_MUCH)
    if exit_code == -getattr(signal, "SIGKILL", 0):
        return "killed", error(503, _KILLED, retry_after=1)
    return "failed", error(503, f"stopped: its worker broke down ({_name_of(exit_code)}); ask for less")


def _name_of(exit_code: int) -> str:
    """The signal that ended a process, or the code with which it ended."""
    return (exit_code < 0 and signal.strsignal(-exit_code)) or f"exit code {exit_code}"


def _ending() -> Reply:
    return error(503, "the server is ending")
