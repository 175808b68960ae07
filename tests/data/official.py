"""The official releases beside the checkout, read with the standard library; absent in most checkouts."""

from __future__ import annotations

import csv
import re
import zipfile
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
REFERENCE = REPOSITORY.parent / "shared" / "reference"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason=f"no official releases at {REFERENCE}")

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Official(NamedTuple):
    """What a release says of a code; dates are ISO, `-` where there is none."""

    name: str
    added: str
    ended: str
    label: str = ""


@cache
def hcpcs() -> dict[str, Official]:
    """HCPCS Level II of October 2025, codes and modifiers."""
    with zipfile.ZipFile(REFERENCE / "hcpcs" / "HCPC2025_OCT_ANWEB.xlsx") as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    strings = ["".join(text.text or "" for text in item.iter(f"{_SHEET}t")) for item in shared]
    found = {}
    for row in sheet.iter(f"{_SHEET}row"):
        cells = {}
        for cell in row:
            value = cell.findtext(f"{_SHEET}v") or ""
            column = cell.attrib["r"].rstrip("0123456789")
            cells[column] = strings[int(value)] if cell.get("t") == "s" else value
        columns = ("A", "D", "AS", "AU", "E")
        code, name, added, ended, label = (" ".join(cells.get(column, "").split()) for column in columns)
        if code != "HCPC":
            found[code] = Official(name, _date(added), _date(ended), label)
    return found


@cache
def nucc() -> dict[str, str]:
    """Display names of NUCC 25.1 by code."""
    with (REFERENCE / "nucc" / "nucc_taxonomy_251.csv").open(encoding="cp1252", newline="") as file:
        return {row["Code"]: row["Display Name"] for row in csv.DictReader(file)}


@cache
def asp_names() -> dict[str, set[str]]:
    """Drug names of both ASP crosswalks by HCPCS code, in small letters."""
    found: dict[str, set[str]] = {}
    for path in sorted((REFERENCE / "asp").glob("*Crosswalk*.csv")):
        with path.open(encoding="cp1252", newline="") as file:
            for row in csv.reader(file):
                if re.fullmatch(r"[A-V]\d{4}", row[0]):
                    found.setdefault(row[0], set()).add(" ".join(row[4].lower().split()))
    return found


def _date(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if text else "-"
