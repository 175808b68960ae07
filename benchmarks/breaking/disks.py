"""Disks that are full: a file may grow to some size and no further, wherever that is."""

from __future__ import annotations

import random
import resource
from collections import Counter
from functools import partial
from pathlib import Path

from benchmarks.breaking.ground import HALF_MADE, Ground, files_in, grow_old

_MOST = 400_000


def campaign(ground: Ground, times: int, chance: random.Random) -> Counter[str]:
    """Write with so many sizes of disk, and look at what is there afterwards."""
    counts: Counter[str] = Counter()
    output = ground.folder / "disk"
    output.mkdir(exist_ok=True)
    new = ground.folder / "more.md"
    new.write_text("# HCPCS Code J0897\n\nAppend modifier JZ to J0897.\n")
    commands = (
        ("build", str(ground.guides), "--no-icd10cm", "--as-of", "2026-06-30"),
        ("add", str(new), "--no-icd10cm"),
        ("export", "--output", str(output / "all.nq")),
        ("draw", "J3262", "--output", str(output / "page.html")),
    )
    for number in range(times):
        command = commands[number % len(commands)]
        store = ground.copy("full")
        before = files_in(output)
        size = int(_MOST ** chance.random())
        ran = ground.run(store, *command, preexec_fn=partial(_limit, size))
        counts += ran.faults + _faults_of(ran.code)
        counts["orphan"] += ground.orphans(store)
        counts += ground.faults_of_answers(store, documents={"any"} if command[0] == "add" and ran.code == 0 else None)
        grow_old(store)
        counts["leftover"] += len(_half_made(files_in(store, output) - before))
        counts["done"] += 1
    return counts


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _faults_of(code: int | None) -> Counter[str]:
    return Counter() if code in (0, 3, None) else Counter({"false no" if code == 1 else "damage": 1})


def _half_made(files: set[Path]) -> set[Path]:
    return {path for path in files if path.name.startswith(HALF_MADE)}
