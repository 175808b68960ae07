"""Records: what is written beside a stored release, so that it can be listed without being read again."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kg.errors import ReleaseError
from kg.model import CodeSystem
from kg.reference.release import Edition
from kg.whole_files import write_durably

RECORD = "release.json"
"""The name of a record."""
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file was fetched: its address, when, and what the server called this state of it."""

    address: str
    fetched: date
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was added: what it was called, and how it is stored.

    `since` is the date that the user gave, `passed_over` are the members of an archive that hold no release we can
    read. `already_there` tells that adding it changed nothing.
    """

    name: str
    stored: str
    sha256: str
    size: int
    added: date
    since: date | None = None
    origin: Origin | None = None
    passed_over: tuple[str, ...] = ()
    folder: str = ""
    already_there: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A release in a stored file, with the counts of what it says; `left_out` counts rows by reason."""

    identifier: str
    system: CodeSystem
    title: str
    issued: date | None
    complete: bool
    licence: str
    quotable: bool
    entries: int
    statements: int
    rows: int
    left_out: dict[str, int]
    file: StoredFile
    brands: int = 0


def summary(edition: Edition, file: StoredFile) -> StoredRelease:
    """What a record keeps of an edition; goes through all its statements, so that none is met unread later."""
    release = edition.release
    return StoredRelease(
        identifier=release.identifier,
        system=release.system,
        title=release.title,
        issued=release.issued,
        complete=release.complete,
        licence=release.licence,
        quotable=release.quotable,
        entries=len(edition.entries),
        statements=sum(1 for _ in edition.statements) + (len(edition.export) if edition.export else 0),
        rows=edition.rows,
        left_out=reasons(edition),
        file=file,
        brands=sum(len(drug.brands) for drug in edition.drugs),
    )


def reasons(edition: Edition) -> dict[str, int]:
    """How many rows were left out for which reason, the most frequent first."""
    counts = Counter[str]()
    for omission in edition.left_out:
        counts[general(omission.reason)] += omission.count
    return dict(counts.most_common())


def general(reason: str) -> str:
    """A reason without the value that it names, so that rows can be counted by it.

    >>> general("not an NDC: 'GG100'"), general("the code stands in row 12 already")
    ('not an NDC', 'the code stands in row … already')
    >>> general("99,000 more: never in force"), general("not an ICD-10-CM code"), general("ends on 2024-05-31")
    ('never in force', 'not an ICD-10-CM code', 'ends on …')
    """
    reason = re.sub(r"^\d[\d,]* more: ", "", reason)
    return _NUMBER.sub("…", re.sub(r":? (['\"]).*\1", "", reason))


_NUMBER = re.compile(r"\d{4}-\d\d-\d\d|(?<![\w-])\d[\d,]*(?![\w-])")
"""A day, or a number that is no part of a name."""


def write_record(folder: Path, releases: list[StoredRelease]) -> None:
    """Write what is known of the one file of these releases."""
    file = {key: value for key, value in asdict(releases[0].file).items() if key not in ("folder", "already_there")}
    release_rows = [{key: value for key, value in asdict(release).items() if key != "file"} for release in releases]
    content = {"format": _FORMAT, "file": file, "releases": release_rows}
    write_durably(folder / RECORD, json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n")


def read_record(folder: Path) -> list[StoredRelease]:
    """Read it again; raises `ReleaseError` where it is damaged, or the file that it names is not there."""
    path = folder / RECORD
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["format"] != _FORMAT:
            raise ReleaseError(f"{path}: written by another version of billing-kg (format {content['format']!r})")
        file = _file(content["file"], folder.name)
        releases = [_release(row, file) for row in content["releases"]]
    except FileNotFoundError as exc:
        raise ReleaseError(f"{path}: no record") from exc
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise ReleaseError(f"{path}: no readable record") from exc
    if not releases or Path(file.stored).name != file.stored:
        raise ReleaseError(f"{path}: no readable record")
    if not (folder / file.stored).is_file():
        raise ReleaseError(f"{path}: {file.stored} is gone")
    return releases


def _file(content: dict[str, Any], folder: str) -> StoredFile:
    origin = content["origin"]
    return StoredFile(
        name=_text(content["name"]),
        stored=_text(content["stored"]),
        sha256=_text(content["sha256"]),
        size=int(content["size"]),
        added=date.fromisoformat(content["added"]),
        since=_date(content["since"]),
        origin=Origin(**{**origin, "fetched": date.fromisoformat(origin["fetched"])}) if origin else None,
        passed_over=tuple(map(_text, content["passed_over"])),
        folder=folder,
    )


def _release(content: dict[str, Any], file: StoredFile) -> StoredRelease:
    return StoredRelease(
        identifier=_text(content["identifier"]),
        system=CodeSystem(content["system"]),
        title=_text(content["title"]),
        issued=_date(content["issued"]),
        complete=bool(content["complete"]),
        licence=_text(content["licence"]),
        quotable=bool(content["quotable"]),
        entries=int(content["entries"]),
        statements=int(content["statements"]),
        rows=int(content["rows"]),
        left_out={_text(reason): int(count) for reason, count in content["left_out"].items()},
        file=file,
        brands=int(content.get("brands", 0)),  # Which records had not, before releases had brands.
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r}")
    return value


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
