"""Commands run in a process of their own, which the one that was started watches.

While the engine works it hears no signal; when it is short of memory, or reads a damaged file, it may end its process.
So that process is ended from outside, by the system or by the one that watches, which says in one line what ended it,
and removes what it left half made.
"""

from __future__ import annotations

import gc
import inspect
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial, update_wrapper, wraps
from pathlib import Path
from typing import Annotated, Any, NamedTuple, NoReturn

import typer

from kg import whole_files
from kg.cli.output import say
from kg.errors import Failure, StoreError
from kg.limits import end_after, limit_memory, limit_time, silence_engine

Command = Callable[..., None]

LONG = 3600
"""Seconds for what goes through all of a graph."""

_SECONDS = 300
_GIGABYTES = 4

_TIMEOUT = typer.Option("--timeout", min=0.1, max=86_400, metavar="SECONDS", help="Seconds that it may take.")
_MEMORY = typer.Option("--memory", min=0.1, max=4_096, metavar="GB", help="Gigabytes of memory that it may use.")

_GIGABYTE = 1 << 30
_ENDING = [number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None))]
"""What ends both processes."""
_OWN = [*_ENDING, *([signal.SIGPIPE] if hasattr(signal, "SIGPIPE") else [])]
"""What ends a process because somebody wants it to, and needs no words."""
_TOO_LONG = "stopped: no answer within {0:g} s; ask for less, for example with LIMIT, or give it more --timeout"
_TOO_MUCH = "stopped: it needs more than {0:g} GB of memory; ask for less, or give it more --memory"
_KILLED = "stopped: it was killed by another program, or by the system for want of memory"


class _Limits(NamedTuple):
    seconds: float
    gigabytes: float


_ours = False


def take_process() -> None:
    """From now on commands are watched: this process runs nothing but the command line, and may be forked."""
    global _ours
    _ours = True


def watched(command: Command) -> Command:
    """The command, in a process that is watched."""

    @wraps(command)
    def alone(**words: Any) -> None:
        watch(_stores(words), None)
        command(**words)

    return alone


def limited(command: Command, seconds: float = _SECONDS) -> Command:
    """The command, in a process that is watched, with options for the time and the memory that it may take."""
    return _Limited(command, seconds)


class _Limited:
    def __init__(self, command: Command, seconds: float) -> None:
        update_wrapper(self, command)
        self._command, self._seconds = command, seconds

    def __call__(self, *, timeout: float, memory: float, **words: Any) -> None:
        watch(_stores(words), _Limits(timeout, memory))
        try:
            self._command(**words)
        except MemoryError as exc:
            raise Failure(_TOO_MUCH.format(memory)) from exc

    @cached_property
    def __signature__(self) -> inspect.Signature:
        """What typer reads the options from: made for the one command that is run, as it takes long for all."""
        own = inspect.signature(self._command, eval_str=True)
        options = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=most, annotation=Annotated[float, option])
            for name, most, option in (("timeout", self._seconds, _TIMEOUT), ("memory", _GIGABYTES, _MEMORY))
        ]
        return own.replace(parameters=[*own.parameters.values(), *options])


def _stores(words: dict[str, Any]) -> list[str | None]:
    """The graph that a command asks or makes, if it does."""
    return [words["store"]] if "store" in words else []


def watch(stores: list[str | None], limits: _Limits | None) -> None:
    """Go on in a process of its own; this one waits for it, and ends as it ended.

    Not on Windows, nor within another program. The limits are kept by the system, so that they hold even where the one
    that watches is killed.
    """
    if not _ours or not hasattr(os, "fork"):
        return
    sys.stdout.flush()
    gc.freeze()  # A collection would touch, and so copy, all that the two share until then.
    notes_reader, notes_writer = os.pipe()
    leash_reader, leash_writer = os.pipe()
    with _signals_waiting():
        child = _forked()
        received = _end_with(child) if child else []
    if child:
        os.close(notes_writer)
        os.close(leash_reader)
        _follow(child, notes_reader, received, partial(_why, stores=stores, limits=limits))
    os.close(notes_reader)
    os.close(leash_writer)
    end_after(partial(os.read, leash_reader, 1))
    whole_files.watch_half_made(partial(_note, notes_writer))
    silence_engine()
    if limits:
        limit_memory(int(limits.gigabytes * _GIGABYTE))
        limit_time(limits.seconds)


def _forked() -> int:
    try:
        return os.fork()
    except OSError as exc:
        raise Failure(f"no process can be started: {(exc.strerror or str(exc)).lower()}") from exc


@contextmanager
def _signals_waiting() -> Iterator[None]:
    """Until both processes know what to do when a signal comes."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with(child: int) -> list[int]:
    """See to it that what is to end this process ends the other one at once; gives a list that will hold the signal."""
    received: list[int] = []

    def end(number: int, _frame: object) -> None:
        received.append(number)
        os.kill(child, signal.SIGKILL)

    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)
    return received


def _follow(child: int, notes: int, received: list[int], why: Callable[[int], str]) -> NoReturn:
    """Wait for the other process, remove what it left half made, and end as it ended."""
    half_made = _still_half_made(notes)
    with _signals_waiting():
        _, status = os.waitpid(child, 0)
        for path in half_made:
            whole_files.remove(path)
        for number in _ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, signal.SIG_DFL)
    code = os.waitstatus_to_exitcode(status)
    if received or -code in _OWN:
        number = received[0] if received else -code
        os.kill(os.getpid(), number)
        os._exit(128 + number)  # The first process of a container is not ended by a signal of its own.
    if code < 0:
        say(f"kg: {why(-code)}")
        sys.stderr.flush()
    os._exit(code if code >= 0 else Failure.exit_code)


def _note(pipe: int, path: Path, half: bool) -> None:
    os.write(pipe, (b"+" if half else b"-") + os.fsencode(path) + b"\0")


def _still_half_made(pipe: int) -> list[Path]:
    """What is still half made when nobody is left to tell of it: when the other process has ended."""
    content = bytearray()
    while piece := os.read(pipe, 1 << 16):
        content += piece
    half_made: dict[bytes, None] = {}
    for note in bytes(content).split(b"\0")[:-1]:
        if note.startswith(b"+"):
            half_made[note[1:]] = None
        else:
            half_made.pop(note[1:], None)
    return [Path(os.fsdecode(path)) for path in half_made]


def _why(number: int, stores: list[str | None], limits: _Limits | None) -> str:
    """What ended the other process: damage of the graph, if there is any, else the question itself."""
    from kg.graph.engines.address import address_of
    from kg.graph.store import exists, verify

    # An engine at an address looks after its own files.
    for store in (store for store in stores if not address_of(store) and exists(store)):
        try:
            verify(store)
        except StoreError as exc:
            return str(exc)
    if limits and number == signal.SIGALRM:
        return _TOO_LONG.format(limits.seconds)
    if limits and number == signal.SIGABRT:
        return _TOO_MUCH.format(limits.gigabytes)
    if number == signal.SIGKILL:
        return _KILLED
    return f"stopped: it broke down ({signal.strsignal(number)})"
