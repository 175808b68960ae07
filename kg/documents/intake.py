"""The one way in: finds the documents among files and folders, reads them, and says what was left out and why."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kg.documents.document import Document
from kg.documents.ours import wrote_file, wrote_folder
from kg.documents.parsing import identifier_of, parse, read_bytes, shown, what_else
from kg.documents.readers import SUFFIXES
from kg.errors import DocumentError

STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A document to be read, with the identifier that it bears."""

    path: Path
    identifier: str
    checksum: str = ""
    """SHA-256 of the bytes, in hexadecimal, where it is known."""
    data: bytes | None = field(default=None, repr=False)
    """The bytes where they do not stand in a file."""

    def read(self) -> Document:
        """Read it; raises `DocumentError` naming file, line and value."""
        data = read_bytes(self.path) if self.data is None else self.data
        if self.checksum and hashlib.sha256(data).hexdigest() != self.checksum:
            # Its identifier and whether another file is the same were told from the bytes of before.
            raise DocumentError(f"{shown(self.path)}: changed while it was read; read it again")
        return parse(data, str(self.path), self.identifier)

    def read_or_error(self) -> Document | DocumentError:
        """Read it, or say why it cannot be read."""
        try:
            return self.read()
        except DocumentError as exc:
            return exc


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that is not read, and why."""

    path: Path
    reason: str

    def __str__(self) -> str:
        return f"{shown(self.path)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Intake:
    """The documents among files and folders, each once, and what was passed over."""

    sources: tuple[DocumentFile, ...]
    skipped: tuple[Skipped, ...] = ()


@dataclass(slots=True)
class _Listing:
    files: set[Path] = field(default_factory=set)
    skipped: list[Skipped] = field(default_factory=list)


def intake(paths: Iterable[Path], standard_input: bytes | None = None) -> Intake:
    """Find the documents among files and folders; `-` stands for the bytes of standard input.

    A file that is named is taken whatever its ending; of folders, those that some reader knows by their ending. What
    holds the same bytes as another document is passed over. The order of the paths changes nothing: documents go by
    file name, then by content. Raises `DocumentError` for a path that does not exist and for a folder without
    documents. Of folders, what billing-kg itself wrote is passed over: graphs, exports, releases and decisions.

    >>> intake([Path("-")], b"# Code J3262").sources[0].read().title
    'Code J3262'
    """
    if standard_input is not None:
        return Intake((DocumentFile(STANDARD_INPUT, identifier_of("-"), data=standard_input),))
    listing = _find(paths)
    return settled(((path, _checksum(path)) for path in listing.files), listing.skipped)


def settled(documents: Iterable[tuple[Path, str]], skipped: Iterable[Skipped] = ()) -> Intake:
    """The documents of these paths and checksums, each with its identifier, and what holds the same bytes as another.

    >>> [source.identifier for source in settled([(Path("a/x.md"), "1f"), (Path("b/x.md"), "2e")]).sources]
    ['x-1f', 'x-2e']
    """
    files = sorted((path.name, checksum, path) for path, checksum in documents)
    passed_over = [*skipped]
    first: dict[str, Path] = {}
    for _, checksum, path in files:
        if (same := first.setdefault(checksum, path)) is not path:
            passed_over.append(Skipped(path, f"holds the same bytes as {shown(same)}"))
    distinct_files = [(checksum, path) for _, checksum, path in files if first[checksum] is path]
    stems = Counter(identifier_of(path.name) for _, path in distinct_files)
    sources = tuple(
        DocumentFile(path, _identifier(path, checksum, stems), checksum) for checksum, path in distinct_files
    )
    return Intake(sources, tuple(sorted(passed_over, key=lambda skipped: skipped.path)))


def find(paths: Iterable[Path]) -> list[Path]:
    """The documents among files and folders, sorted, without looking into them."""
    return sorted(_find(paths).files)


def _find(paths: Iterable[Path]) -> _Listing:
    listing = _Listing()
    for path in paths:
        if path.is_dir():
            _search(path, listing)
        elif path.exists():
            listing.files.add(path)
        else:
            raise DocumentError(f"{shown(path)}: no such file or folder")
    listing.skipped = [skipped for skipped in dict.fromkeys(listing.skipped) if skipped.path not in listing.files]
    return listing


def _search(folder: Path, listing: _Listing) -> None:
    """Add the documents of a folder and of those below it."""
    inside, waiting = 0, [folder]
    if ours := wrote_folder(folder):
        raise DocumentError(f"{shown(folder)}: {ours}, and no folder of documents")
    while waiting:
        try:
            entries = sorted(os.scandir(waiting[-1]), key=lambda entry: entry.name)
        except OSError as exc:
            listing.skipped.append(Skipped(waiting[-1], (exc.strerror or str(exc)).lower()))
            entries = []
        above = waiting.pop()
        for entry in entries:
            path = above / entry.name
            reason = _why_not(entry, path)
            if reason:
                listing.skipped.append(Skipped(path, reason))
            elif entry.is_dir():
                waiting.append(path)
            else:
                listing.files.add(path)
                inside += 1
    if not inside:
        looked = ", ".join(sorted(SUFFIXES))
        reason = next((skipped.reason for skipped in listing.skipped if skipped.path == folder), "")
        raise DocumentError(f"{shown(folder)}: {reason or f'no documents in this folder (looked for {looked})'}")


def _why_not(entry: os.DirEntry[str], path: Path) -> str:
    """Why what stands in a folder is not read; empty for documents and for folders to be searched."""
    if entry.name.startswith("."):
        return "hidden"
    if entry.is_dir():
        return "a link to a folder" if entry.is_symlink() else wrote_folder(path)
    try:
        what = what_else(entry.stat().st_mode)
    except OSError as exc:
        return (exc.strerror or str(exc)).lower()
    if what:
        return f"{what}, not a file"
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        return f"no reader for {suffix or 'files without an ending'}"
    return wrote_file(path)


def _identifier(path: Path, checksum: str, stems: Counter[str]) -> str:
    stem = identifier_of(path.name)
    return stem if stems[stem] == 1 else f"{stem}-{checksum[:12]}"


def _checksum(path: Path) -> str:
    """The checksum of the bytes; of a file that will not be read anyway, that of its path."""
    try:
        return hashlib.sha256(read_bytes(path)).hexdigest()
    except DocumentError:  # Reading it says what is wrong with it.
        return hashlib.sha256(os.fsencode(path)).hexdigest()
