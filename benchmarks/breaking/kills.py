"""Commands that are killed with -9 at any moment: the graph stays as it was or is the new one, and nothing is left."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

from benchmarks.breaking.ground import HALF_MADE, Ground, files_in, grow_old

_SECONDS = 2.5
"""About as long as the slowest of these takes."""


def campaign(ground: Ground, times: int, chance: random.Random) -> Counter[str]:
    """Kill so many commands, each at a moment by chance, and look at the graph and at what is left."""
    counts: Counter[str] = Counter()
    new = ground.folder / "new.md"
    new.write_text("# HCPCS Code J0897\n\nAppend modifier JZ to J0897.\n")
    output = ground.folder / "output"
    output.mkdir(exist_ok=True)
    commands = (
        ("build", str(ground.guides), "--no-icd10cm", "--jobs", "2", "--as-of", "2026-06-30"),
        ("add", str(new), "--no-icd10cm"),
        ("remove", "belimumab", "--no-icd10cm"),
        ("serve", "--port", "0"),
        ("draw", "J3262", "--output", str(output / "page.html")),
        ("export", "--output", str(output / "all.nq")),
    )
    for number in range(times):
        command = commands[number % len(commands)]
        store = ground.copy("killed")
        before = files_in(store, output)
        _kill(ground, store, command, chance)
        counts["orphan"] += ground.orphans(store)
        changes = command[0] in ("add", "remove")
        counts += ground.faults_of_answers(store, documents={"any"} if changes else None)
        counts["leftover"] += _left_behind(ground, store, output, command, before)
        counts["done"] += 1
    return counts


def _kill(ground: Ground, store: Path, command: tuple[str, ...], chance: random.Random) -> None:
    """Kill the process that was started, or all of its session, as a machine that is short of memory does."""
    process = ground.start(store, *command)
    time.sleep(chance.uniform(0.05, _SECONDS))
    if chance.random() < 0.5:
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _left_behind(ground: Ground, store: Path, output: Path, command: tuple[str, ...], before: set[Path]) -> int:
    """How many files there are, after the next run, that none of these commands makes."""
    grow_old(store, output)
    if command[0] != "serve":
        ground.run(store, *command)
    new = files_in(store, output) - before
    builds = {path for path in new if path.parent.name == "builds" and path.name.isdigit()}
    products = {path for path in new if path in builds or builds & {*path.parents} or path.parent == output}
    half = {path for path in new | products if path.name.startswith(HALF_MADE)}
    own_files = {store / "lock", store / "current"}
    return len(half | (new - products - own_files))
