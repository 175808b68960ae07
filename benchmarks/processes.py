"""Runs what is measured in processes of their own, so that each starts cold and its memory is its own."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

KG = Path(sys.executable).with_name("kg")


def run(arguments: tuple[str, ...], codes: Collection[int] = (0,)) -> tuple[float, float]:
    """Wall time in seconds and the largest memory in MB of one `kg` command; raises where it ends with another code."""
    begun = time.perf_counter()
    # An installed package is compiled once; a shell that forbids it would have all be compiled at every start.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [KG, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        raise SystemExit(f"kg {' '.join(arguments)} ended with {process.returncode}")
    return wall, usage.ru_maxrss / 1000


def repeated(arguments: tuple[str, ...], runs: int, codes: Collection[int] = (0,)) -> tuple[float, float]:
    """The median of wall time in seconds, and the largest memory in MB, of several runs of a command."""
    measured = [run(arguments, codes) for _ in range(runs)]
    return statistics.median(wall for wall, _ in measured), max(memory for _, memory in measured)


def step(name: str, folder: Path, *numbers: int, module: str = "benchmarks.steps") -> dict[str, Any]:
    """What one step of a module measured."""
    command = [sys.executable, "-m", module, name, str(folder), *map(str, numbers)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    if process.returncode:
        raise SystemExit(f"{' '.join(command[2:])} ended with {process.returncode}:\n{process.stderr[-2000:]}")
    measured: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    return measured
