"""The bundled guides name codes that exist, by the names that their releases give them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest

from .official import hcpcs, needs_reference, nucc
from .test_tables import DATA, brands, drugs, rows

GUIDES = sorted((DATA / "guides").iterdir())
HCPCS = re.compile(r"(?<![\w.])[A-V]\d{4}(?!\w)")
ICD = re.compile(r"(?<![\w.])[A-Z]\d[0-9AB]\.[0-9A-Z]{1,4}(?!\w)")
NUCC = re.compile(r"(?<!\w)\d{3}[0-9A-Z]{6}X(?!\w)")
CPT = re.compile(r"(?<![\w.,-])\d{5}(?![\w,-])")
MODIFIER = re.compile(r"\b[Mm]odifiers? [\"“']?([0-9A-Z]{2})\b")
SYSTEMS = {"hcpcs": HCPCS, "cpt": CPT, "specialties": NUCC}
NAMED = {"hcpcs": ("drug", "brands", "label")}

each_guide = pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)


class _Cells(HTMLParser):
    """The cells of HTML tables, one row a list."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()


def cells(guide: Path) -> Iterator[list[str]]:
    """The rows of a guide's tables and code lists."""
    text = guide.read_text("utf-8")
    if guide.suffix == ".html":
        reader = _Cells()
        reader.feed(text)
        yield from reader.rows
        return
    for line in text.splitlines():
        if "\t" in line:
            yield line.split("\t")
        elif "|" in line and not re.fullmatch(r"[\s|:-]+", line):
            yield [cell.strip() for cell in line.strip().strip("|").split("|")]


def table(name: str) -> dict[str, str]:
    columns = NAMED.get(name, ("name",))
    return {row["code"]: "; ".join(row[column] for column in columns) for row in rows(f"reference/{name}.tsv")}


@pytest.fixture(scope="module")
def icd() -> ModuleType:
    """ICD-10-CM of the package; importing it takes seconds, so only those who ask for it pay."""
    with warnings.catch_warnings():
        # It reads its files in a way that Python 3.11 calls deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        import simple_icd_10_cm

    return simple_icd_10_cm


def test_there_are_guides_of_several_kinds() -> None:
    assert len(GUIDES) >= 18
    assert {path.suffix for path in GUIDES} == {".md", ".txt", ".html"}
    assert all(re.fullmatch(r"[a-z0-9-]+\.(md|txt|html)", path.name) for path in GUIDES)


def test_unspecified_rheumatoid_arthritis_connects_many_guides() -> None:
    assert sum("M06.9" in path.read_text("utf-8") for path in GUIDES) >= 8


@each_guide
def test_length(guide: Path) -> None:
    assert 35 <= len(guide.read_text("utf-8").splitlines()) <= 120


@each_guide
def test_every_code_is_in_the_bundled_tables(guide: Path) -> None:
    text = guide.read_text("utf-8")
    for name, pattern in SYSTEMS.items():
        assert set(pattern.findall(text)) <= set(table(name)), name
    in_rows = {row[0] for row in cells(guide) if re.fullmatch(r"[0-9A-Z]{2}", row[0])}
    assert in_rows | set(MODIFIER.findall(text)) <= set(table("modifiers"))


def test_the_tables_hold_nothing_that_no_guide_uses() -> None:
    text = "\n".join(path.read_text("utf-8") for path in GUIDES)
    assert set(NUCC.findall(text)) == set(table("specialties"))


@pytest.mark.slow
@each_guide
def test_diagnoses_can_be_billed_and_bear_their_names(guide: Path, icd: ModuleType) -> None:
    text = guide.read_text("utf-8")
    for code in ICD.findall(text):
        assert icd.is_valid_item(code), code
        assert icd.is_leaf(code), code
    for row in cells(guide):
        if re.fullmatch(rf"{ICD.pattern}|[A-Z]\d[0-9AB]", row[0]):
            assert icd.is_leaf(row[0]), row
            assert row[1] == icd.get_description(row[0])
    for code, name in re.findall(rf"({ICD.pattern}) \(((?:[^()]|\([^()]*\))+)\)", text):
        assert name == icd.get_description(code), code


@each_guide
def test_rows_bear_the_names_of_the_tables(guide: Path) -> None:
    names = table("cpt") | table("modifiers") | table("specialties")
    for row in cells(guide):
        if row[0] in names:
            assert row[1] == names[row[0]], row


@each_guide
def test_drug_codes_are_named_for_their_drug(guide: Path) -> None:
    """The words beside a drug code stand in its descriptor, the four-letter suffix too."""
    text = guide.read_text("utf-8")
    names = table("hcpcs")
    beside = [(row[0], row[1]) for row in cells(guide) if row[0] in names]
    beside += re.findall(rf"({HCPCS.pattern}) \(([^)]+)\)", text)
    beside += re.findall(
        rf"({HCPCS.pattern}) (?:is(?: reported for| the code for)?|stands for) (\w[^.;]*?\([^)]+\))", text
    )
    assert beside
    for code, words in beside:
        descriptor = names[code].lower()
        suffixed = re.findall(r"\b[a-z]{5,}-[a-z]{4}\b", words.lower())
        assert all(name in descriptor for name in suffixed), (code, words)
        generic = [_generic(word) for word in re.split(r"[(),/-]| and ", words) if word.strip()]
        assert set(words.lower().split()) <= set(descriptor.split()) or any(n and n in descriptor for n in generic), (
            code,
            words,
        )


@each_guide
def test_brands_stand_with_their_generic_name(guide: Path) -> None:
    known = {brand: row for row in drugs().values() for brand in brands(row)}
    for before, inside in re.findall(r"([\w-]+(?: [\w-]+){0,2}) \(([^()]+)\)", guide.read_text("utf-8")):
        parts = [part.strip() for part in (*inside.split(","), before)]
        for brand in (part for part in parts if part in known):
            row = known[brand]
            others = " ".join(part for part in parts if part not in known).lower()
            if any(name in others for name in drugs() if len(name) > 8):
                assert row["name"] in others or row["broader"] in others, (before, inside)


@pytest.mark.slow
@needs_reference
@each_guide
def test_every_code_is_in_the_official_files(guide: Path) -> None:
    text = guide.read_text("utf-8")
    for code in HCPCS.findall(text):
        assert hcpcs()[code].ended == "-", code
    for code in NUCC.findall(text):
        assert not nucc()[code].startswith("Deactivated"), code
    for row in cells(guide):
        if re.fullmatch(r"[A-Z][0-9A-Z]", row[0]):
            assert hcpcs()[row[0]].ended == "-", row
        if row[0] in hcpcs() and not NUCC.fullmatch(row[0]) and row[1].startswith("Injection, "):
            assert row[1] == hcpcs()[row[0]].name


def _generic(text: str) -> str:
    """The generic name, without its suffix, of the drug that a name or a brand stands for; else the text."""
    text = text.strip()
    for name, row in drugs().items():
        if text.lower() == name or text in brands(row):
            return row["broader"] if row["broader"] != "-" else name
    return text.lower() if len(text) > 5 else ""
