"""Tries to break billing-kg, and counts what broke.

    python -m benchmarks.breaking [--kills 200] [--flips 500] [--documents 20000] [--disks 40] [--readers 30] [--seed 1]
    python -m benchmarks.breaking --small

Processes are killed while they build, add, remove, serve, draw and export; bits flip in the files of a graph; documents
of every format are mutated; disks are full; two build at once; and people ask while others build. Wanted are zeros:
`damage` is a graph that gives another answer or none where it was whole, `false no` an answer "no such thing" of a
damaged one, `hang` what does not end, `orphan` a process that stays, `leftover` a file that the next run leaves there.
Ends with 1 where something is counted. The whole campaign takes about an hour on two cores.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.breaking import disks, documents, flips, kills, together
from benchmarks.breaking.ground import FAULTS, Ground

Part = Callable[[Ground, int, random.Random], Counter[str]]
PARTS: dict[str, tuple[Part, int, int]] = {
    "kills": (kills.campaign, 200, 8),
    "flips": (flips.campaign, 500, 10),
    "documents": (documents.campaign, 20_000, 400),
    "disks": (disks.campaign, 40, 4),
    "readers": (together.campaign, 30, 2),
}
"""What is done, how often, and how often in the small campaign."""


def main() -> None:
    """Run the parts, one after another, and print what they count."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--small", action="store_true", help="the size that runs in CI")
    parser.add_argument("--seed", type=int, default=1)
    for name, (_, times, _few) in PARTS.items():
        parser.add_argument(f"--{name}", type=int, default=None, help=f"{times} without --small")
    arguments = parser.parse_args()
    total: Counter[str] = Counter()
    print(f"{'':10} {'done':>7} " + " ".join(f"{fault:>9}" for fault in FAULTS))
    with tempfile.TemporaryDirectory(prefix="kg-breaking-") as folder:
        ground = Ground.prepare(Path(folder))
        for name, (campaign, times, few) in PARTS.items():
            count = getattr(arguments, name)
            count = (few if arguments.small else times) if count is None else count
            counts = campaign(ground, count, random.Random(arguments.seed))
            print(f"{name:10} {counts['done']:7} " + " ".join(f"{counts[fault]:9}" for fault in FAULTS), flush=True)
            total += counts
    sys.exit(any(total[fault] for fault in FAULTS))


if __name__ == "__main__":
    main()
