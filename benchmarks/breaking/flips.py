"""Bits that flip in the files of a graph: the answer is right, or the graph is said to be damaged."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from benchmarks.breaking.ground import QUESTIONS, Ground, Ran, same_answer

_NOT_OURS = ("LOG", "LOCK", "lock")
"""Files that nobody reads."""


def campaign(ground: Ground, times: int, chance: random.Random) -> Counter[str]:
    """Flip one bit at a time, in any file of the graph, ask a question and validate."""
    counts: Counter[str] = Counter()
    store = ground.copy("flipped")
    files = [file for file in sorted(store.rglob("*")) if file.is_file() and not file.name.startswith(_NOT_OURS)]
    files = [file for file in files if file.stat().st_size]
    for number in range(times):
        # Small files are few bytes of many, and each of them is needed.
        file = chance.choice(files)
        at, bit = chance.randrange(file.stat().st_size), chance.randrange(8)
        _flip(file, at, bit)
        question = QUESTIONS[number % len(QUESTIONS)]
        ran = ground.run(store, *question, "--timeout", "20", "--memory", "1")
        counts += ran.faults + _faults_of(ran, ground.answers[question[0]])
        validated = ground.run(store, "validate", "--timeout", "50")
        counts += validated.faults
        counts["damage"] += validated.code == 0  # Said to be whole.
        _flip(file, at, bit)
        counts["done"] += 1
    return counts


def _flip(file: Path, at: int, bit: int) -> None:
    with file.open("r+b") as content:
        content.seek(at)
        (byte,) = content.read(1)
        content.seek(at)
        content.write(bytes([byte ^ (1 << bit)]))


def _faults_of(ran: Ran, answer: str) -> Counter[str]:
    """An answer of a damaged graph is the right one, or 3 and one line."""
    if ran.code == 1:
        return Counter({"false no": 1})
    refused = ran.code == 3 and len(ran.err.strip().splitlines()) == 1
    return Counter() if refused or (ran.code == 0 and same_answer(ran.out, answer)) else Counter({"damage": 1})
