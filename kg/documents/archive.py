"""Zip containers of office programs: what they hold, within limits that no guide reaches."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Mapping
from types import MappingProxyType

from kg.documents.document import Unreadable

MAXIMUM_UNPACKED = 256 * 1024 * 1024
MAXIMUM_PARTS = 5_000
_MOST_TIMES_LARGER = 300
"""XML shrinks to a twentieth; what shrinks more is made to fill the memory."""
_SMALL = 1024 * 1024
_ENCRYPTED = 0x1


class Archive:
    """A zip container, its limits checked before anything is unpacked."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as exc:
            raise Unreadable("damaged or cut off: no zip container that can be unpacked") from exc
        infos = self._zip.infolist()
        if len(infos) > MAXIMUM_PARTS:
            raise Unreadable(f"{len(infos):,} parts, more than the {MAXIMUM_PARTS:,} of the largest document")
        self.parts: Mapping[str, zipfile.ZipInfo] = MappingProxyType({info.filename: info for info in infos})
        total = sum(info.file_size for info in infos)
        packed = sum(info.compress_size for info in infos) or 1
        if total > MAXIMUM_UNPACKED or (total > _SMALL and total > _MOST_TIMES_LARGER * packed):
            raise Unreadable(f"unpacks to {total:,} bytes from {packed:,}, more than a document does")
        if any(info.flag_bits & _ENCRYPTED for info in infos):
            raise Unreadable("encrypted: save it without a password")

    def read(self, name: str) -> bytes:
        """The bytes of a part; never more than its head says."""
        info = self.parts[name]
        try:
            with self._zip.open(info) as part:
                data = part.read(info.file_size + 1)
        # A part that is to lie before the beginning of the file is a ValueError.
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, ValueError, zlib.error, lzma.LZMAError) as exc:
            raise Unreadable(f"damaged or cut off: {name} cannot be unpacked") from exc
        if len(data) > info.file_size:
            raise Unreadable(f"damaged: {name} is larger than it says")
        return data


def kind_of(data: bytes) -> str:
    """What a zip container is by what it holds: "docx", "spreadsheet", or nothing that is read.

    >>> kind_of(b"no zip at all")
    ''
    """
    if not data.startswith(b"PK"):
        return ""
    parts = Archive(data).parts
    if any(name.startswith("word/document") for name in parts):
        return "docx"
    sheets = "xl/workbook.xml" in parts or "xl/workbook.bin" in parts
    return "spreadsheet" if sheets or "content.xml" in parts else ""
