"""Holds the days of ICD-10-CM codes against order files, code by code: `python -m benchmarks.days FOLDER...`.

Every order file in the archives of the folders is read twice: by the readers of this project, and line by line here. A
code holds from the day of the first file that has it until the day before the first later one that lacks it, and may
come back; on the day of each file it is a code or a heading as that file has it. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from kg.errors import KgError
from kg.model import Code, CodeSystem
from kg.reference import Edition, Reference
from kg.reference.formats import read_release

Raw = dict[str, bool]
"""The codes of a file, each with whether it is no heading."""


def order_files(archive: Path) -> Iterator[Raw]:
    """The order files of an archive, read by the columns that CMS documents."""
    with ZipFile(archive) as files:
        for name in files.namelist():
            file = name.rpartition("/")[2].lower()
            if "order" in file and file.endswith(".txt") and "addenda" not in file and "pcs" not in file:
                lines = files.read(name).decode("latin-1").splitlines()
                yield {line[6:13].strip(): line[14] == "1" for line in lines if len(line) > 16}


def read(folders: list[Path]) -> dict[date, tuple[Raw, Edition]]:
    """Each release of an order file once, by its day."""
    releases: dict[date, tuple[Raw, Edition]] = {}
    for archive in (path for folder in folders for path in sorted(folder.glob("*.zip"))):
        try:
            raw = next(order_files(archive), None)
            editions = list(read_release(archive)) if raw else []
        except (BadZipFile, KgError) as exc:
            print(f"passed over: {archive.name}: {exc}", file=sys.stderr)
            continue
        for edition in editions:
            release = edition.release
            if raw and release.system is CodeSystem.ICD10CM and release.complete and release.issued:
                releases.setdefault(release.issued, (raw, edition))
    return dict(sorted(releases.items()))


def runs(value: str, files: dict[date, tuple[Raw, Edition]]) -> list[tuple[date | None, date | None]]:
    """The first and the last day of a code, as often as it came."""
    spans: list[tuple[date | None, date | None]] = []
    there = False
    for number, (day, (raw, _)) in enumerate(files.items()):
        if value in raw and not there:
            spans.append((day if number else None, None))
        elif value not in raw and there:
            spans[-1] = (spans[-1][0], day - timedelta(days=1))
        there = value in raw
    return spans


def main() -> None:
    """Compare, and print how many codes differ, and the first of them."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folders", type=Path, nargs="+")
    files = read(arguments.parse_args().folders)
    reference = Reference.of(edition for _, edition in files.values())
    every = sorted({value for raw, _ in files.values() for value in raw})
    days, kinds = list[str](), list[str]()
    for value in every:
        code = Code.parse(value if len(value) < 4 else f"{value[:3]}.{value[3:]}", CodeSystem.ICD10CM)
        spans = [(meaning.entry.valid_from, meaning.entry.valid_through) for meaning in reference.meanings_of(code)]
        if spans[::-1] != runs(value, files):
            days.append(code.value)
        for day, (raw, _) in files.items():
            entry = reference.on(day).entry(code)
            if value in raw and (entry is None or entry.billable_on(day) is not raw[value]):
                kinds.append(f"{code.value} on {day}")
    print(f"{len(files)} order files, {len(every):,} codes: {len(days)} with other days, ", end="")
    print(f"{len(kinds)} a heading for a code or the reverse", *days[:5], *kinds[:5])


if __name__ == "__main__":
    main()
