"""Opening the files of a release: plain files and zip archives, which may be damaged or made to do harm."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from kg import lazy_re as re
from kg.errors import ReleaseError
from kg.reference.release import ReleaseFile

# The largest files of these formats that are published take some 100 MB unpacked.
MAX_FILE = 512 * 2**20
"""How many bytes a plain file or an archive may have."""
MAX_MEMBER = 512 * 2**20
"""How many bytes one member of an archive may have once unpacked."""
MAX_UNPACKED = 2**30
"""How many bytes all members of an archive may have once unpacked, those of archives in it counted too."""
MAX_MEMBERS = 2_000
"""How many members an archive may have, counted in the same way."""
MAX_RATIO = 200
"""How many times its packed size a member may have, once it is larger than `RATIO_FREE` bytes."""
RATIO_FREE = 10 * 2**20
MAX_STREAMED = 8 * 2**30
"""How many bytes all members of an archive may have that are read piece by piece, and never held as a whole."""
LARGEST_TABLE = 64 * 2**20
"""How many bytes a file may have that lists one code system; those that are published have some five million."""

_PIECE = 2**20
# By so much of a file lines without a header are known.
_HEAD, _HEAD_LINES = 16 * 1024, 30
_LOCAL, _EMPTY, _CENTRAL = b"PK\x03\x04", b"PK\x05\x06", b"PK\x01\x02"
_PACKAGE = "[Content_Types].xml"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40
# All that zipfile was seen to raise over damaged bytes.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError, RuntimeError,
)  # fmt: skip


def open_release(path: Path, since: date | None = None) -> list[ReleaseFile]:
    """The files that `path` holds: itself, or the members of a zip archive, archives in it opened too.

    Bytes tell what is an archive, not the name. A spreadsheet is one file, though it is an archive inside. A member
    may be empty. Raises `ReleaseError` for what is missing, empty as a whole, damaged or encrypted, for members
    whose paths climb out, and for what would take more room than any release does; sizes are counted, never believed.
    """
    data = _bytes_of(path)
    return list(_opened(ReleaseFile(path.name, data, str(path), (path.name,), since), _Budget(), depth=0))


def check_archive(data: bytes, path: str) -> None:
    """Refuse an archive that may not be handed to a library that unpacks it by itself, as a spreadsheet is."""
    budget = _Budget()
    with _archive(data, path) as archive:
        _check(archive, _members(archive, path, budget), path, budget)


def unpacked(data: bytes, path: str) -> Iterator[tuple[str, bytes]]:
    """The members of an archive by name, within the same limits; archives in it are not opened."""
    budget = _Budget()
    with _archive(data, path) as archive:
        for member in _members(archive, path, budget):
            name = member.filename
            yield name, b"".join(_pieces(archive, member, f"{path}/{name}", budget))


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive, to be read piece by piece, as often as asked."""

    name: str
    path: str
    _archive: zipfile.ZipFile
    _info: zipfile.ZipInfo

    def pieces(self) -> Iterator[bytes]:
        """Its bytes, within the limits; raises `ReleaseError` where it is damaged or larger."""
        return _pieces(self._archive, self._info, self.path, _Budget(size=MAX_STREAMED), MAX_STREAMED)


def folders_of_archives(path: Path, deepest: int = 2) -> Iterator[tuple[str, list[Member]]]:
    """The files in an archive and in archives in it, for each archive that holds any; none of them is unpacked.

    What is no archive has none. Raises `ReleaseError` as `open_release` does.
    """
    with path.open("rb") if path.is_file() else io.BytesIO() as source:
        if not is_archive(source.read(len(_LOCAL))):
            return
    yield from _folders(_bytes_of(path), str(path), _Budget(), deepest)


def _folders(data: bytes, path: str, budget: _Budget, deeper: int) -> Iterator[tuple[str, list[Member]]]:
    archive = _archive(data, path)
    members = [member for member in _members(archive, path, budget, MAX_STREAMED) if _is_content(member)]
    packed = [member for member in members if member.filename.lower().endswith(".zip")]
    files = [
        Member(member.filename, f"{path}/{member.filename}", archive, member)
        for member in members
        if member not in packed
    ]
    if files:
        yield path, files
    for member in packed if deeper else ():
        inner = f"{path}/{member.filename}"
        yield from _folders(b"".join(_pieces(archive, member, inner, budget)), inner, budget, deeper - 1)


def is_archive(data: bytes) -> bool:
    """Whether bytes are a zip archive; a spreadsheet is one too."""
    return data.startswith((_LOCAL, _EMPTY))


def decoded(file: ReleaseFile, limit: int = MAX_FILE) -> str:
    """The text of a file: UTF-8 (or UTF-16 with its mark) where it is that, else Windows-1252, else Latin-1.

    Text takes up to four times the room of its bytes, so a format may set a `limit`; raises `ReleaseError` above.

    >>> decoded(ReleaseFile("a.csv", b"caf\\xe9"))
    'café'
    """
    if len(file.data) > limit:
        raise ReleaseError(f"{file.path}: larger than {_size(limit)}")
    if file.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return file.data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return file.data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return file.data.decode("latin-1")


def decoded_line(line: bytes) -> str:
    """A line that is decoded by itself: UTF-8 where it is that, else Windows-1252; files mix them.

    >>> decoded_line(b"caf\\xe9"), decoded_line(b"caf\\xc3\\xa9")
    ('café', 'café')
    """
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def begins_with_lines(file: ReleaseFile, match: Callable[[str], object]) -> bool:
    """Whether one of the first lines of a text is matched."""
    if is_archive(file.data):
        return False
    head = decoded(ReleaseFile(file.name, file.data[:_HEAD]))
    return any(map(match, islice(io.StringIO(head), _HEAD_LINES)))


@dataclass(slots=True)
class _Budget:
    """What is left for all that one file unpacks to."""

    members: int = MAX_MEMBERS
    size: int = MAX_UNPACKED
    most: int = field(init=False)

    def __post_init__(self) -> None:
        self.most = self.size


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as source:
            data = b"".join(_read(source))
    except FileNotFoundError as exc:
        raise ReleaseError(f"{path}: no such file") from exc
    except IsADirectoryError as exc:
        raise ReleaseError(f"{path}: a folder, not a file") from exc
    except (OSError, ValueError) as exc:
        raise ReleaseError(f"{path}: cannot be read: {exc}") from exc
    if not data:
        raise ReleaseError(f"{path}: empty")
    if len(data) > MAX_FILE:
        raise ReleaseError(f"{path}: larger than {_size(MAX_FILE)}")
    return data


def _read(source: BinaryIO) -> Iterator[bytes]:
    """A file piece by piece, until it ends or is too large."""
    size = 0
    while size <= MAX_FILE and (piece := source.read(_PIECE)):
        size += len(piece)
        yield piece


def _opened(file: ReleaseFile, budget: _Budget, depth: int) -> Iterator[ReleaseFile]:
    if not is_archive(file.data):
        yield file
        return
    with _archive(file.data, file.path) as archive:
        members = _members(archive, file.path, budget)
        if any(member.filename == _PACKAGE for member in members):
            _check(archive, members, file.path, budget)
            yield file
            return
        contents = [member for member in members if _is_content(member)]
        if not contents:
            raise ReleaseError(f"{file.path}: an archive that holds no file")
        if depth > 1:
            raise ReleaseError(f"{file.path}: an archive in an archive in an archive")
        for member in contents:
            yield from _opened(_file_of(archive, member, file, budget), budget, depth + 1)


def _file_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo, outer: ReleaseFile, budget: _Budget) -> ReleaseFile:
    path = f"{outer.path}/{member.filename}"
    data = b"".join(_pieces(archive, member, path, budget))
    return ReleaseFile(member.filename, data, path, (member.filename, *outer.hints), outer.since)


def _check(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], path: str, budget: _Budget) -> None:
    for member in members:
        for _ in _pieces(archive, member, f"{path}/{member.filename}", budget):
            pass


def _archive(data: bytes, path: str) -> zipfile.ZipFile:
    # The library makes an object of each member of the directory, so their number is looked at before; archives
    # that are stored within this one count, hence the factor.
    if data.count(_CENTRAL) > 10 * MAX_MEMBERS:
        raise ReleaseError(f"{path}: an archive of more than {MAX_MEMBERS:,} members")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as exc:
        raise ReleaseError(f"{path}: a damaged or truncated archive: {_words(exc)}") from exc


def _members(archive: zipfile.ZipFile, path: str, budget: _Budget, largest: int | None = None) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    budget.members -= len(members)
    if budget.members < 0:
        raise ReleaseError(f"{path}: an archive of more than {MAX_MEMBERS:,} members")
    for member in members:
        _refuse(member, path, largest or MAX_MEMBER)
    return [member for member in members if not member.is_dir()]


def _refuse(member: zipfile.ZipInfo, path: str, largest: int) -> None:
    name = member.orig_filename
    if climbs_out(name):
        raise ReleaseError(f"{path}: a member whose path leads out of the archive: {name!r}")
    if not name.isprintable() or not name:
        raise ReleaseError(f"{path}: a member with a name that is none: {name!r}")
    if member.flag_bits & _ENCRYPTED:
        raise ReleaseError(f"{path}/{name}: encrypted")
    if member.compress_type not in _METHODS:
        raise ReleaseError(f"{path}/{name}: packed in a way that is not supported: method {member.compress_type}")
    if member.file_size > largest:
        raise ReleaseError(f"{path}/{name}: larger than {_size(largest)} once unpacked")


def climbs_out(name: str) -> bool:
    """Whether the path of a member could lead out of the folder that an archive is unpacked to.

    >>> [climbs_out(name) for name in ("a/b.txt", "../b.txt", "/etc/b.txt", "C:b.txt", r"a\\..\\b.txt")]
    [False, True, True, True, True]
    """
    return "\\" in name or name.startswith("/") or name[1:2] == ":" or ".." in name.split("/")


def _is_content(member: zipfile.ZipInfo) -> bool:
    return not any(part.startswith(".") or part == "__MACOSX" for part in member.filename.split("/"))


def _pieces(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: str, budget: _Budget, largest: int | None = None
) -> Iterator[bytes]:
    """The bytes of a member, piece by piece, and not one piece more than the limits allow."""
    packed, size, largest = max(member.compress_size, 1), 0, largest or MAX_MEMBER
    try:
        with archive.open(member) as source:
            while piece := source.read(_PIECE):
                size += len(piece)
                budget.size -= len(piece)
                if size > largest:
                    raise ReleaseError(f"{path}: larger than {_size(largest)} once unpacked")
                if size > RATIO_FREE and size > MAX_RATIO * packed:
                    raise ReleaseError(f"{path}: unpacks to more than {MAX_RATIO} times its size")
                if budget.size < 0:
                    raise ReleaseError(f"{path}: the archive is larger than {_size(budget.most)} once unpacked")
                yield piece
    except _DAMAGE as exc:
        raise ReleaseError(f"{path}: damaged or truncated: {_words(exc)}") from exc


def _size(limit: int) -> str:
    return f"{limit // 2**20:,} MB"


def _words(exc: BaseException) -> str:
    return " ".join(str(exc).split()) or type(exc).__name__


_YEAR = r"(?<!\d)(?P<year>199\d|20\d\d)"
_ANY_YEAR = re.compile(_YEAR + r"(?!\d)|(?<![a-z0-9])fy[-_ ]?(?P<short>\d\d)(?!\d)", re.IGNORECASE)
_MONTH = r"(?<![a-z])(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_REST = r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?(?![a-z])"
_BETWEEN = r"[-_ .,]*"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _by_word(match: re.Match[str]) -> date:
    return date(int(match["year"]), _MONTHS.index(match["month"]) + 1, 1)


def _by_quarter(match: re.Match[str]) -> date:
    return date(int(match["year"]), 3 * int(match["quarter"]) - 2, 1)


def _by_number(match: re.Match[str]) -> date:
    return date(int(match["year"]), int(match["m"]), int(match.groupdict().get("d") or 1))


# A month or quarter says since when a release holds; a full date beside it is often that of its posting.
_DATES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date]], ...] = (
    (re.compile(_MONTH + _REST + _BETWEEN + _YEAR + r"(?!\d)"), _by_word),
    (re.compile(_YEAR + _BETWEEN + _MONTH + _REST), _by_word),
    (re.compile(_YEAR + r"[-_ ]?q(?:tr)?(?P<quarter>[1-4])(?![0-9a-z])"), _by_quarter),
    (re.compile(r"(?<![0-9a-z])q(?:tr)?(?P<quarter>[1-4])[-_ ]?" + _YEAR + r"(?!\d)"), _by_quarter),
    (re.compile(_YEAR + r"(?P<s>[-_.]?)(?P<m>\d\d)(?P=s)(?P<d>\d\d)(?!\d)"), _by_number),
    (re.compile(r"(?<!\d)(?P<m>\d\d?)(?P<s>[-_.])(?P<d>\d\d?)(?P=s)(?P<year>199\d|20\d\d)(?!\d)"), _by_number),
    (re.compile(r"(?<!\d)(?P<m>\d\d)(?P<d>\d\d)(?P<year>199\d|20\d\d)(?!\d)"), _by_number),
    (re.compile(_YEAR + r"[-_](?P<m>\d\d)(?![-_]?\d)"), _by_number),
)


def month_in(hints: Iterable[str]) -> date | None:
    """The date that names tell: a month or quarter of a year, by its first day, or else a full date.

    >>> month_in(["HCPC2026_JAN_ANWEB_01122026.txt"])
    datetime.date(2026, 1, 1)
    >>> month_in(["MCR_MUE_PractitionerServices_Eff_07-01-2026.csv"])
    datetime.date(2026, 7, 1)
    >>> month_in(["Effective-10-1-2021-updated-08-24-2021.xlsx"])
    datetime.date(2021, 10, 1)
    """
    return next((day for hint in hints for day in _dates_in(hint.lower())), None)


def year_in(hints: Iterable[str]) -> int | None:
    """The year that names tell; whether it is a calendar year or a fiscal one depends on what the file is.

    >>> year_in(["icd10cm_order_2026.txt"]), year_in(["FY15_Tabular.xml"])
    (2026, 2015)
    """
    years = (_ANY_YEAR.search(hint) for hint in hints)
    return next((int(match["year"] or f"20{match['short']}") for match in years if match), None)


def issued_from_names(hints: Iterable[str]) -> date | None:
    """The date that names tell; a year alone stands for its first day.

    >>> issued_from_names(["HCPC2019_CONTR_ANWEB.txt", "2019-Alpha-Numeric-HCPCS-File.zip"])
    datetime.date(2019, 1, 1)
    """
    hints = tuple(hints)
    year = year_in(hints)
    return month_in(hints) or (date(year, 1, 1) if year else None)


def _dates_in(name: str) -> Iterator[date]:
    for pattern, date_of in _DATES:
        for match in pattern.finditer(name):
            try:
                yield date_of(match)
            except ValueError:  # a 13th month, a 31st of June: digits that are no date
                continue
