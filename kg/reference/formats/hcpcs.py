"""HCPCS Level II, whatever its format: from the records of a file to its two editions, codes and modifiers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from kg.errors import MalformedCode, ReleaseError
from kg.model import Code, CodeSystem, Concept, Relation, Statement
from kg.reference.descriptors import everyday_name, read_descriptor
from kg.reference.release import Edition, Entry, LeftOut, Release, ReleaseFile, month_key, month_words
from kg.reference.release_files import issued_from_names, month_in, year_in

LICENCE = "work of the US government, in the public domain"

FIRST, CONTINUED = ("3", "7"), ("4", "8")
"""The types of record: the first of a code or modifier, and those that go on with its description."""

# Codes are at most 220,000, and the longest description that was seen takes 60 records.
_MAX_RECORDS = 500_000
# What a complete edition has at least; those of 2019 and 2025 have 6,440 and 8,463 codes, 360 and 383 modifiers.
_CODES, _LETTERS, _MODIFIERS = 3_000, 14, 200
# A date that fewer rows bear may be a slip of the hand.
_ROWS_OF_A_DATE = 3


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file, its fields as text; `kind` is its type (see `FIRST` and `CONTINUED`)."""

    row: int
    kind: str
    code: str
    long: str
    short: str = ""
    crossed: tuple[str, ...] = ()
    coverage: str = ""
    pricing: str = ""
    added: str = ""
    acted: str = ""
    ended: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """What makes one edition of the two."""

    system: CodeSystem
    prefix: str
    title: str
    outside: str


# The ADA publishes the codes under D. Numeric modifiers and those of physical status are the AMA's; the files
# repeat the latter, in its words.
_PARTS = {
    "3": _Part(CodeSystem.HCPCS, "hcpcs", "HCPCS Level II", "D.*"),
    "7": _Part(CodeSystem.MODIFIER, "hcpcs-modifiers", "HCPCS modifiers", "[0-9].|P[1-6]"),
}
_KINDS = {"3": "3", "4": "3", "7": "7", "8": "7"}


@dataclass(slots=True)
class _Item:
    """A code or modifier while its records are put together."""

    code: Code
    first: Record
    long: list[str]

    @property
    def name(self) -> str:
        return " ".join(" ".join(self.long).split()) or self.short

    @property
    def short(self) -> str:
        return " ".join(self.first.short.split())


@dataclass(slots=True)
class _Records:
    """What the records of one part come to."""

    items: dict[Code, _Item] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    rows: int = 0


def editions(file: ReleaseFile, records: Iterable[Record | LeftOut], names: Iterable[str] = ()) -> Iterator[Edition]:
    """The editions of a file; `names` are further names that may tell its date, such as that of a sheet."""
    parts = _read_parts(file, records)
    if not any(part.items for part in parts.values()):
        problem = next((omission for part in parts.values() for omission in part.left_out), None)
        raise ReleaseError(f"{file.path}:{problem.row}: {problem.reason}" if problem else f"{file.path}: no code in it")
    whole = _is_whole(parts["3"])
    issued = _issued(file, parts, tuple(names), whole)
    for kind, part in _PARTS.items():
        if parts[kind].rows:
            complete = whole and (kind == "3" or len(parts[kind].items) >= _MODIFIERS)
            yield _edition(_release(part, file, issued, complete), parts[kind])


def _read_parts(file: ReleaseFile, records: Iterable[Record | LeftOut]) -> dict[str, _Records]:
    parts = {kind: _Records() for kind in _PARTS}
    current: _Item | None = None
    for number, record in enumerate(records):
        if number >= _MAX_RECORDS:
            raise ReleaseError(f"{file.path}:{record.row}: more than {_MAX_RECORDS:,} records")
        part = parts["3"] if isinstance(record, LeftOut) else parts[_KINDS.get(record.kind, "3")]
        part.rows += 1
        if isinstance(record, LeftOut):
            part.left_out.append(record)
        elif record.kind in FIRST:
            current = _started(record, part)
        elif current is not None and _continues(record, current):
            current.long.append(record.long)
        else:
            part.left_out.append(_unused(record, _reason(record)))
    return parts


def _started(record: Record, part: _Records) -> _Item | None:
    system = _PARTS[record.kind].system
    try:
        code = Code.parse(record.code, system)
    except MalformedCode as exc:
        part.left_out.append(_unused(record, str(exc)))
        return None
    if code in part.items:
        part.left_out.append(_unused(record, f"{code.value} stands in row {part.items[code].first.row} already"))
        return None
    part.items[code] = item = _Item(code, record, [record.long])
    return item


def _continues(record: Record, item: _Item) -> bool:
    return record.code.strip() == item.first.code.strip() and _KINDS.get(record.kind) == item.first.kind


def _reason(record: Record) -> str:
    if record.kind in CONTINUED:
        return f"goes on with {record.code.strip()!r}, which does not stand before it"
    return f"no such type of record: {record.kind!r}"


def _unused(record: Record, reason: str) -> LeftOut:
    return LeftOut(record.row, reason, f"{record.code} {record.long}".strip()[:200])


def _is_whole(codes: _Records) -> bool:
    """Whether this looks like all of HCPCS: thousands of codes, under all its letters but a few, from A to V."""
    letters = {code.value[0] for code in codes.items}
    return len(codes.items) >= _CODES and len(letters) >= _LETTERS and {"A", "V"} <= letters


def _issued(file: ReleaseFile, parts: dict[str, _Records], names: tuple[str, ...], whole: bool) -> date | None:
    """Since when the edition holds; of an excerpt only names can tell, since it may lack what is new."""
    named_date = file.since or month_in((*file.hints, *names))
    if named_date:
        return named_date
    newest = _newest(item for part in parts.values() for item in part.items.values()) if whole else None
    year = year_in(file.hints)
    if newest and year in (None, newest.year):
        return newest
    return issued_from_names(file.hints)


def _newest(items: Iterable[_Item]) -> date | None:
    """The last date on which something was done to a code, besides ending it, which is announced long before."""
    texts = Counter(text for item in items if not item.first.ended for text in {item.first.added, item.first.acted})
    dates = (_date(text) for text, rows in texts.items() if rows >= _ROWS_OF_A_DATE)
    return max((day for day in dates if day), default=None)


def _release(part: _Part, file: ReleaseFile, issued: date | None, complete: bool) -> Release:
    kind, words = ("corrections", "corrections") if _corrects(file) else ("excerpt", "an excerpt")
    suffix, excerpt = ("", "") if complete else (f"-{kind}", f", {words}")
    return Release(
        # An excerpt must not pass for the edition that it was taken from.
        identifier=f"{part.prefix}-{month_key(issued)}{suffix}",
        system=part.system,
        title=f"{part.title} {month_words(issued)}{excerpt}",
        issued=issued,
        complete=complete,
        licence=LICENCE,
        source=file.path,
        outside=part.outside,
        dated=True,
    )


def _corrects(file: ReleaseFile) -> bool:
    """Whether a file is one of those that CMS publishes with the rows that were wrong in an edition."""
    return any("correction" in hint.lower() for hint in file.hints)


def _edition(release: Release, part: _Records) -> Edition:
    left_out = [*part.left_out, *(omission for item in part.items.values() for omission in _bad_dates(item))]
    return Edition(
        release=release,
        entries=tuple(_entry(item, release) for item in part.items.values()),
        statements=tuple(statement for item in part.items.values() for statement in _successors(item, part)),
        rows=part.rows,
        left_out=tuple(sorted(left_out, key=lambda omission: omission.row)),
    )


def _entry(item: _Item, release: Release) -> Entry:
    owner = "ama" if re.fullmatch(release.outside, item.code.value) else "cms"
    return Entry(
        code=item.code,
        name=item.name,
        valid_from=_date(item.first.added),
        valid_through=_date(item.first.ended),
        owner=owner if item.code.system is CodeSystem.MODIFIER else "",
        names=(item.short,) if item.short and item.short != item.name else (),
        called=_called(item),
        notes=tuple(_notes(item)),
        row=item.first.row,
    )


def _called(item: _Item) -> str:
    """The everyday name: of a drug its name and unit, of all else the label of 28 letters."""
    facts = read_descriptor(item.name) if item.code.system is CodeSystem.HCPCS else None
    return everyday_name(facts) if facts else item.short


def _notes(item: _Item) -> Iterator[tuple[str, str]]:
    first = item.first
    if first.action == "R":
        yield "action", f"R {_date(first.acted) or first.acted}".strip()
    if first.coverage:
        yield "coverage", first.coverage
    if first.pricing:
        yield "pricing", first.pricing
    for text in first.crossed:
        if not (_date(first.ended) and _successor(item.code, text)):
            yield "cross reference", text


def _successors(item: _Item, part: _Records) -> Iterator[Statement]:
    """What replaces a code that has ended, as its cross references say."""
    ended = _date(item.first.ended)
    for text in item.first.crossed if ended else ():
        code = _successor(item.code, text)
        if ended and code:
            replacement = part.items.get(code)
            yield Statement(
                subject=Concept.of(item.code, item.name),
                relation=Relation.REPLACED_BY,
                object=Concept.of(code, replacement.name if replacement else None),
                row=item.first.row,
                text=f"{item.code.value} {item.name}; XREF {text}; TERM DT {item.first.ended}",
                valid_from=ended + timedelta(days=1) if ended < date.max else None,
            )


def _successor(code: Code, text: str) -> Code | None:
    """The code that a cross reference names: a modifier for a modifier, else a code of HCPCS or CPT."""
    systems = (code.system,) if code.system is CodeSystem.MODIFIER else (CodeSystem.HCPCS, CodeSystem.CPT)
    for system in systems:
        try:
            successor = Code.parse(text, system)
        except MalformedCode:
            continue
        return None if successor == code else successor
    return None


def _date(text: str) -> date | None:
    """The day that eight digits tell; None where there is none, or none that can be read."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}", text) else None
    except ValueError:
        return None


def _bad_dates(item: _Item) -> Iterator[LeftOut]:
    # A code that is not in a complete release is taken for one that does not exist, so it is kept all the same.
    for column, text in (("ADD DT", item.first.added), ("TERM DT", item.first.ended)):
        if text.strip("0") and not _date(text):
            yield LeftOut(item.first.row, f"not a date: {column} {text!r}; {item.code.value} is kept without it", text)
