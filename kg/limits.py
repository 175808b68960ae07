"""What keeps a process from going on for ever: limits that the system enforces, whatever runs inside."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread


def limit_memory(most: int) -> None:
    """Let this process have so many bytes and no more, where the system can limit it.

    What is only mapped, as files are, does not count. Python then raises `MemoryError`, and the store aborts.
    """
    try:
        import resource
    except ModuleNotFoundError:  # Not on Windows.
        return
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (least, hard))
    # An abort for want of memory is expected, and no core of it is wanted.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def open_files(wanted: int) -> int:
    """How many files and connections this process may have open: those that are wanted, if it may decide that."""
    try:
        import resource
    except ModuleNotFoundError:  # Not on Windows.
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most


def limit_time(seconds: float) -> None:
    """Let the system end this process by SIGALRM after so many seconds, or never with 0; not on Windows."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


@contextmanager
def clock_stopped() -> Iterator[None]:
    """Do not count this towards the time: whoever reads an answer page by page may take as long as they like."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    seconds_left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
    try:
        yield
    finally:
        limit_time(seconds_left)


def silence_engine() -> None:
    """Let go nowhere what the engine prints by itself when it aborts; messages of ours go where they always did."""
    with suppress(OSError):
        messages = os.dup(2)
        sys.stderr = os.fdopen(messages, "w", buffering=1, encoding="utf-8", errors="backslashreplace")
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def end_after(wait: Callable[[], object]) -> None:
    """End this process, whatever it is at, when a wait is over: that for another process, which was killed perhaps."""

    def end() -> None:
        with suppress(OSError, EOFError):
            wait()
        os._exit(1)

    Thread(target=end, daemon=True).start()


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Start processes that Ctrl-C in the terminal passes by: only this one acts on it, in good order."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
