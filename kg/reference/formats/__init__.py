"""All formats of releases, and reading a file whichever of them it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kg.errors import ReleaseError
from kg.model import Statement
from kg.reference.coverage.editions import editions_in
from kg.reference.edition_comparison import compare
from kg.reference.formats import (
    asp,
    cpt,
    fee_schedule,
    hcpcs_fixed,
    hcpcs_xlsx,
    icd10cm_codes,
    icd10cm_conversion,
    icd10cm_order,
    icd10cm_tabular,
    ncci_aoc,
    ncci_mue,
    ncci_ptp,
    ndc,
    nucc,
    opps,
    place_codes,
    reason_codes,
    rxnorm,
)
from kg.reference.release import Edition, Format, ReleaseFile
from kg.reference.release_files import open_release

FORMATS: tuple[Format, ...] = (
    hcpcs_xlsx.FORMAT,
    hcpcs_fixed.FORMAT,
    nucc.FORMAT,
    icd10cm_order.FORMAT,
    icd10cm_tabular.FORMAT,
    icd10cm_conversion.FORMAT,
    icd10cm_codes.FORMAT,
    asp.CROSSWALK,
    asp.LIMITS,
    ncci_ptp.FORMAT,
    ncci_mue.FORMAT,
    ncci_aoc.FORMAT,
    ncci_aoc.LINES,
    fee_schedule.FORMAT,
    fee_schedule.LINES,
    opps.FORMAT,
    place_codes.FORMAT,
    reason_codes.FORMAT,
    ndc.FORMAT,
    ndc.PRODUCTS,
    rxnorm.FORMAT,
    rxnorm.BESIDE,
    cpt.FORMAT,
)
"""In the order in which they are tried; where two files of an archive hold one release, the first format is kept."""

_COVERED_BY = {
    icd10cm_codes.FORMAT: icd10cm_order.FORMAT,
    ncci_aoc.LINES: ncci_aoc.FORMAT,
    fee_schedule.LINES: fee_schedule.FORMAT,
}
"""Formats whose files say nothing that one of another format beside them does not say."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds: its editions, and the members of an archive that were passed over.

    Those of no format that we know go by their names alone, those that could not be read by what is wrong as well.
    """

    editions: tuple[Edition, ...]
    passed_over: tuple[str, ...] = ()


def recognise(file: ReleaseFile) -> Format | None:
    """The format that a file has, None where it is of none.

    >>> recognise(ReleaseFile("readme.txt", b"Please read me first."))
    """
    return next((format for format in FORMATS if format.recognises(file)), None)


def read_release(path: Path, since: date | None = None) -> list[Edition]:
    """Everything that a file says, or the members of an archive that we know; the others are passed over.

    Raises `ReleaseError` where nothing in it can be read, and where two members contradict each other.
    """
    return list(read_contents(path, since).editions)


def read_contents(path: Path, since: date | None = None, name: str | None = None) -> Contents:
    """The same, with what was passed over; `name` is what the file was called before it was stored."""
    if exports := tuple(editions_in(path)):
        return Contents(exports)
    files: list[tuple[Format, ReleaseFile]] = []
    passed_over = []
    opened = open_release(path, since)
    for file in opened:
        called_file = file if name is None else _called(file, path, name)
        format = recognise(called_file)
        if format is None:
            passed_over.append(file.name)
        else:
            files.append((format, replace(called_file, beside=tuple(opened)) if format.reads_beside else called_file))
    if not files:
        looked_for = "; ".join((*(format.title for format in FORMATS), "exports of the Medicare Coverage Database"))
        raise ReleaseError(f"{path}: no release that billing-kg knows (looked for {looked_for})")
    formats = {format for format, _ in files}
    passed_over += [file.name for format, file in files if _COVERED_BY.get(format) in formats]
    files = [(format, file) for format, file in files if _COVERED_BY.get(format) not in formats]
    files.sort(key=lambda pair: FORMATS.index(pair[0]))
    readable, unreadable = _read(files)
    return Contents(_once(path, readable), (*passed_over, *unreadable))


def _read(files: Iterable[tuple[Format, ReleaseFile]]) -> tuple[list[tuple[Edition, ReleaseFile]], list[str]]:
    """The editions of files that can be read, and what is wrong with the others; raises where there are only such.

    Publishers put lists of what changed beside a release, which look like it and lack what it needs.
    """
    editions: list[tuple[Edition, ReleaseFile]] = []
    problems: list[tuple[ReleaseFile, ReleaseError]] = []
    for format, file in files:
        try:
            editions += [(edition, file) for edition in format.read(file)]
        except ReleaseError as exc:
            problems.append((file, exc))
    if not editions and problems:
        raise problems[0][1]
    return editions, [str(exc).replace(file.path, file.name, 1) for file, exc in problems]


def _called(file: ReleaseFile, path: Path, name: str) -> ReleaseFile:
    """A file under the name that it had: some formats tell their date in the name alone.

    Where it is stored is left out of its path as well, or else a graph would tell whose machine built it.
    """
    return replace(
        file,
        name=name if file.name == path.name else file.name,
        path=name + file.path.removeprefix(str(path)),
        hints=tuple(name if hint == path.name else hint for hint in file.hints),
    )


def _once(path: Path, editions: Iterable[tuple[Edition, ReleaseFile]]) -> tuple[Edition, ...]:
    """Each release once: publishers put the same one into an archive as text and as a spreadsheet."""
    by_identifier: dict[str, tuple[Edition, ReleaseFile]] = {}
    for edition, file in editions:
        before = by_identifier.get(edition.release.identifier)
        by_identifier[edition.release.identifier] = (
            (edition, file) if before is None else _joined(path, before, (edition, file))
        )
    return tuple(edition for edition, _ in by_identifier.values())


def _joined(
    path: Path, first: tuple[Edition, ReleaseFile], second: tuple[Edition, ReleaseFile]
) -> tuple[Edition, ReleaseFile]:
    """The fuller of two editions of one release, or both together where each has what the other lacks."""
    (edition, file), (other, beside) = first, second
    comparison = compare(edition, other)
    if comparison.contradiction:
        contradiction = comparison.contradiction.told(file.name, beside.name)
        raise ReleaseError(f"{path}: two files that contradict each other on {contradiction}")
    if not comparison.only_second:
        return first
    return second if not comparison.only_first else (_together(edition, other), file)


def _together(first: Edition, second: Edition) -> Edition:
    had = {entry.code for entry in first.entries}
    return replace(
        first,
        entries=(*first.entries, *(entry for entry in second.entries if entry.code not in had)),
        statements=_Chained(first.statements, second.statements),
        rows=first.rows + second.rows,
        left_out=first.left_out + second.left_out,
        drugs=first.drugs + second.drugs,
    )


@dataclass(frozen=True, slots=True)
class _Chained:
    """Statements of two files, one after the other, as often as asked; what both state is stated once."""

    first: Iterable[Statement]
    second: Iterable[Statement]

    def __iter__(self) -> Iterator[Statement]:
        had = set()
        for statement in self.first:
            had.add(hash((statement.subject, statement.relation, statement.object)))
            yield statement
        for statement in self.second:
            if hash((statement.subject, statement.relation, statement.object)) not in had:
                yield statement
