"""A small graph to break, and how commands are run on it and what is wrong with how they ended."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from kg import resources

FAULTS = ("damage", "false no", "hang", "traceback", "orphan", "leftover")
HALF_MADE = (".kg-", ".new-", ".gone-")
"""How the names begin of what is half made."""
_GUIDES = ("tocilizumab", "abatacept", "belimumab")
_PATIENCE = 60.0
_ORPHANED = 6.0
"""Seconds in which the last process of a killed command ends."""
_OLD = 120
KG = [sys.executable, "-m", "kg"]
QUESTIONS = (
    ("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--format", "json"),
    ("codes-for", "M06.9", "--format", "json"),
    ("path", "J3262", "J0129", "--format", "json"),
    ("search", "tocilizumab", "--format", "json"),
)


@dataclass(frozen=True)
class Ran:
    """How a command ended; `code` is None where it did not."""

    code: int | None
    out: str
    err: str

    @property
    def faults(self) -> Counter[str]:
        """What is wrong whatever was asked."""
        traced = "Traceback (most recent call last)" in self.err
        return Counter({fault: 1 for fault, is_so in (("hang", self.code is None), ("traceback", traced)) if is_so})


@dataclass(frozen=True)
class Ground:
    """A folder with guides, a whole graph of them, and its answers."""

    folder: Path
    guides: Path
    whole: Path
    answers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def prepare(cls, folder: Path) -> Ground:
        """Build the graph and ask it."""
        guides = folder / "guides"
        guides.mkdir()
        for name in _GUIDES:
            shutil.copy(resources.path("data", "guides", f"{name}.md"), guides)
        ground = cls(folder, guides, folder / "whole")
        built = ground.run(ground.whole, "build", str(guides), "--no-icd10cm", "--as-of", "2026-06-30")
        assert built.code == 0, built.err
        for question in QUESTIONS:
            answer = ground.run(ground.whole, *question)
            assert answer.code == 0, answer.err
            ground.answers[question[0]] = answer.out
        return ground

    def copy(self, name: str) -> Path:
        """A copy of the graph, to be broken."""
        copied = self.folder / name
        shutil.rmtree(copied, ignore_errors=True)
        return Path(shutil.copytree(self.whole, copied))

    def environment(self, store: Path) -> dict[str, str]:
        """That of a command on a graph: no releases of the user, and a cache of its own."""
        own = {"KG_STORE": store, "KG_RELEASES": self.folder / "releases", "KG_CACHE": self.folder / "cache"}
        return {**os.environ, **{name: str(path) for name, path in own.items()}, "PYTHONUNBUFFERED": "1"}

    def start(self, store: Path, *words: str, **options: object) -> subprocess.Popen[str]:
        """Begin a command in a session of its own."""
        return subprocess.Popen(
            [*KG, *words], env=self.environment(store), text=True, cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, **options,  # type: ignore[call-overload]
        )  # fmt: skip

    def run(self, store: Path, *words: str, **options: object) -> Ran:
        """Run a command to its end; what takes longer than a minute hangs."""
        process = self.start(store, *words, **options)
        try:
            out, err = process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            return Ran(None, out, err)
        return Ran(process.returncode, out, err)

    def faults_of_answers(self, store: Path, *, documents: set[str] | None = None) -> Counter[str]:
        """What is wrong with the answers of a graph that is to be whole: its documents are all, or those named."""
        faults: Counter[str] = Counter()
        for question in QUESTIONS:
            ran = self.run(store, *question)
            faults += ran.faults
            same = documents is not None or same_answer(ran.out, self.answers[question[0]])
            if ran.code != 0 or not same:
                faults["damage"] += 1
        return faults

    def orphans(self, store: Path) -> int:
        """The processes that still work on a graph, once those that end have had the time to; 0 where none can see."""
        until = time.monotonic() + _ORPHANED
        while (processes := _working_on(store)) and time.monotonic() < until:
            time.sleep(0.1)
        return len(processes)


def same_answer(first: str, second: str) -> bool:
    """Whether two answers in JSON say the same, in whatever order."""
    try:
        answers = [json.loads(text) for text in (first, second)]
    except ValueError:
        return False
    return len({json.dumps(sorted(json.dumps(row, sort_keys=True) for row in rows)) for rows in answers}) == 1


def files_in(*folders: Path) -> set[Path]:
    """All files and folders below some."""
    return {path for folder in folders for path in folder.rglob("*")}


def grow_old(*folders: Path) -> None:
    """Make what lies there look as if nobody had touched it for a while, as whoever comes later finds it."""
    long_ago = time.time() - _OLD
    for path in files_in(*folders):
        if not path.is_symlink():
            os.utime(path, (long_ago, long_ago))


def _working_on(store: Path) -> list[int]:
    variable = f"KG_STORE={store}".encode()
    processes = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if variable in (process / "environ").read_bytes().split(b"\0"):
                processes.append(int(process.name))
        except OSError:
            continue
    return processes
