"""Measures a check of documents from a cold process: with the index, and without any that is kept.

    python -m benchmarks.cold [DOCUMENT...] [--runs 3]

Without documents, a bundled guide is checked. Shown are processor seconds, their ratio, and the largest memory;
`without` reads all releases, as the first check of new ones does. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from kg import resources

_GUIDE = resources.path("data", "guides", "tocilizumab.md")
_WITHOUT = "/dev/null"


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("documents", nargs="*", type=Path, default=[_GUIDE])
    parser.add_argument("--runs", type=int, default=3, help="how many runs medians are taken of")
    arguments = parser.parse_args()
    print("| document | without | with | ratio | MB without | MB with |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as cache:
        for document in arguments.documents:
            checked(document, cache)  # Makes the index.
            without, most = median(document, _WITHOUT, arguments.runs)
            seconds, memory = median(document, cache, arguments.runs)
            ratio = without / seconds
            print(f"| {document.name} | {without:.2f} s | {seconds:.2f} s | {ratio:.1f} | {most:.0f} | {memory:.0f} |")


def median(document: Path, cache: str, runs: int) -> tuple[float, float]:
    """The median of the processor seconds, and the largest memory in MB, of several checks."""
    measured = [checked(document, cache) for _ in range(runs)]
    return statistics.median(seconds for seconds, _ in measured), max(memory for _, memory in measured)


def checked(document: Path, cache: str) -> tuple[float, float]:
    """The processor seconds and the memory in MB that one check takes."""
    command = [sys.executable, "-m", "kg", "check", str(document)]
    # An installed package is compiled once; a shell that forbids it would have all be compiled at every start.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["KG_CACHE"] = cache
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # 1 tells of findings.
        raise SystemExit(f"kg check {document} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if __name__ == "__main__":
    main()
