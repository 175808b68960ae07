"""Which faults are tried: a sample by chance without those that change nothing, or those that were made by hand."""

from __future__ import annotations

import csv
import json
import random
from itertools import islice
from pathlib import Path

from .faults import Fault, compiles, faults_of
from .layers import ROOT, Layer, files_of

_EQUIVALENT = Path(__file__).with_name("equivalent.tsv")
"""Faults that no test could tell from what is right, by file, whole line and change, with the reason."""
_BY_HAND = Path(__file__).with_name("by_hand.jsonl")
"""Faults that no walk makes: other words of a pattern or a table, or several changes that belong together."""


class Stale(Exception):
    """A file here speaks of a line that is not there any more, or of one that is there twice."""


def faults_in(layer: Layer) -> list[Fault]:
    """All faults of a layer, also those that are judged to be equivalent."""
    return [fault for file in files_of(layer) for fault in faults_of(ROOT, file)]


def sample(layer: Layer, seed: int, count: int, only: str = "") -> list[Fault]:
    """Faults by chance, the same for the same seed and the same code; `only` those where this text stands."""
    faults, files = faults_in(layer), set(files_of(layer))
    judged = {entry for entry in _judged() if entry[0] in files}
    if stale := judged - set(map(_key, faults)):
        raise Stale(f"{_EQUIVALENT.name} names what is no fault any more: {sorted(stale)}")
    random.Random(seed).shuffle(faults)
    fit = (
        fault for fault in faults if only in f"{fault.file}:{fault.line}: {fault.of_line}" and _key(fault) not in judged
    )
    return list(islice((fault for fault in fit if compiles(fault, (ROOT / fault.file).read_bytes())), count))


def made_by_hand(layer: Layer) -> list[Fault]:
    """The faults of a layer's files that somebody thought of."""
    files = set(files_of(layer))
    told = map(json.loads, _BY_HAND.read_text("utf-8").splitlines())
    return [_placed(**one) for one in told if one["file"] in files]


def _placed(file: str, old: str, new: str) -> Fault:
    written = (ROOT / file).read_bytes()
    if written.count(old.encode()) != 1:
        raise Stale(f"{file} has {old!r} not once")
    start = written.index(old.encode())
    line = written.count(b"\n", 0, start) + 1
    of_line = written.decode().splitlines()[line - 1].strip()
    return Fault(file, line, start, start + len(old.encode()), old, new, of_line)


def _key(fault: Fault) -> tuple[str, str, str]:
    return fault.file, fault.of_line, fault.change


def _judged() -> set[tuple[str, str, str]]:
    with _EQUIVALENT.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, dialect="excel-tab", quoting=csv.QUOTE_NONE)
        return {(row["file"], row["line"], row["change"]) for row in rows}
