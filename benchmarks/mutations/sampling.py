"""Which faults are tried: a sample by chance, without those that were judged to change nothing."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from .faults import Fault, compiles, faults_of
from .layers import ROOT, Layer, files_of

_EQUIVALENT = Path(__file__).with_name("equivalent.tsv")
"""Faults that no test could tell from what is right, by their file, their whole line and their change, with the reason."""


class StaleJudgement(Exception):
    """A fault was judged that the code does not have any more."""


def faults_in(layer: Layer) -> list[Fault]:
    """All faults of a layer that are not judged to be equivalent."""
    files = files_of(layer)
    faults = [fault for file in files for fault in faults_of(ROOT, file)]
    judged = {entry for entry in _judged() if entry[0] in files}
    if stale := judged - set(map(_key, faults)):
        raise StaleJudgement(f"{_EQUIVALENT.name} names what is no fault any more: {sorted(stale)}")
    return [fault for fault in faults if _key(fault) not in judged]


def sample(layer: Layer, seed: int, count: int, only: str = "") -> list[Fault]:
    """Faults by chance, the same for the same seed and the same code; `only` those where this text stands."""
    faults = [fault for fault in faults_in(layer) if only in f"{fault.file}:{fault.line}: {fault.of_line}"]
    random.Random(seed).shuffle(faults)
    chosen: list[Fault] = []
    for fault in faults:
        if len(chosen) == count:
            break
        if compiles(fault, (ROOT / fault.file).read_bytes()):
            chosen.append(fault)
    return chosen


def _key(fault: Fault) -> tuple[str, str, str]:
    return fault.file, fault.of_line, fault.change


def _judged() -> set[tuple[str, str, str]]:
    with _EQUIVALENT.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, dialect="excel-tab", quoting=csv.QUOTE_NONE)
        return {(row["file"], row["line"], row["change"]) for row in rows}
