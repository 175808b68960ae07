"""All of ICD-10-CM, headings and billable codes, from the `simple-icd-10-cm` package."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import date
from typing import Any

from kg.collector import no_collection
from kg.errors import ReleaseError
from kg.model import Code, CodeSystem
from kg.reference.formats.icd10cm_notes import Item, Note, Tabular, names_and_notes
from kg.reference.release import Edition, Entry, Release

RELEASE = Release(
    identifier="icd10cm-2026-04",
    system=CodeSystem.ICD10CM,
    title="ICD-10-CM April 2026",
    issued=date(2026, 4, 1),
    complete=True,
    licence="work of the US government, in the public domain",
    source="https://www.cms.gov/medicare/coding-billing/icd-10-codes",
)

# "Diseases of the ear and mastoid process (H60-H95)": what a chapter is called besides its number.
_RANGE = re.compile(r"\s*\(([A-Z][0-9][0-9AB]-[A-Z][0-9A][0-9AB])\)$")


# What the package calls each kind of note, in the order of the tabular list.
_NOTES = {
    "inclusionTerm": "get_inclusion_term", "includes": "get_includes", "excludes1": "get_excludes1",
    "excludes2": "get_excludes2", "codeFirst": "get_code_first", "useAdditionalCode": "get_use_additional_code",
    "codeAlso": "get_code_also", "note": "get_notes", "seventhCharacter": "get_seven_chr_note",
}  # fmt: skip


def read() -> Iterator[Edition]:
    """Read the release that the package carries; takes two to three seconds and 200 MB, so call it once."""
    with no_collection():
        icd = _package()
        keys = {name: _key(icd, name) for name in dict.fromkeys(icd.get_all_codes(True))}
        codes = {name: Code(CodeSystem.ICD10CM, key) for name, key in keys.items()}
        notes: list[Note] = []
        entries = tuple(_entries(icd, codes, notes))
        tabular = Tabular(Item(e.code.value, e.name, e.broader.value if e.broader else None) for e in entries)
        statements, left_out = tabular.statements(notes)
    yield Edition(RELEASE, entries, statements, len(entries), left_out)


def _entries(icd: Any, codes: dict[str, Code], notes: list[Note]) -> Iterator[Entry]:
    """Entries in the order of the list; their notes are put beside them."""
    for name, code in codes.items():
        # Codes made with a seventh character have no notes, and they are half of all.
        own = [] if icd.is_extended_subcategory(name) else list(_notes(icd, name, code.value))
        notes += own
        parent = icd.get_parent(name)
        if parent == name:
            # A block of one category bears the category's code (B99): they are one concept, that of the category.
            parent = icd.get_parent(name, prioritize_blocks=True)
        names, said = names_and_notes(own)
        yield Entry(
            code=code,
            name=_title(icd.get_description(name)),
            broader=codes[parent] if parent else None,
            billable=icd.is_leaf(name),
            names=names,
            notes=said,
        )


def _notes(icd: Any, name: str, key: str) -> Iterator[Note]:
    """All notes of a code, and those of the block that bears its code."""
    both = (True, False) if icd.get_parent(name) == name else (False,)
    for block in both:
        for kind, get in _NOTES.items():
            # Some kinds come as a list, some as lines.
            found = getattr(icd, get)(name, prioritize_blocks=block)
            for text in found.splitlines() if isinstance(found, str) else found:
                yield Note(key, kind, " ".join(text.split()))


def _title(text: str) -> str:
    return _RANGE.sub("", text) if text.endswith(")") else text


def _key(icd: Any, name: str) -> str:
    """The code, except that a chapter (`"13"`) goes by the range of its codes, as it does in BioPortal."""
    if not name.isdigit():
        return name
    match = _RANGE.search(icd.get_description(name))
    if match is None:
        raise ReleaseError(f"simple-icd-10-cm: chapter {name!r} has no range of codes in its title")
    return match[1]


def _package() -> Any:
    with warnings.catch_warnings():
        # It reads its files in a way that Python 3.11 calls deprecated and 3.13 does not.
        warnings.simplefilter("ignore", DeprecationWarning)
        import simple_icd_10_cm

    if simple_icd_10_cm.get_description("U07.1") != "COVID-19":
        raise ReleaseError("simple-icd-10-cm: not the tables that billing-kg knows")
    return simple_icd_10_cm
