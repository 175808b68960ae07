"""All of ICD-10-CM, headings and billable codes, from the `simple-icd-10-cm` package."""

from __future__ import annotations

import gc
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from kg.errors import ReleaseError
from kg.model import Code, CodeSystem
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


def read() -> Iterator[Edition]:
    """Read the release that the package carries; takes some two seconds and 200 MB, so call it once."""
    with _no_collection():
        icd = _package()
        keys = {name: _key(icd, name) for name in dict.fromkeys(icd.get_all_codes(True))}
        codes = {name: Code(CodeSystem.ICD10CM, key) for name, key in keys.items()}
        entries = tuple(_entry(icd, name, codes) for name in codes)
    yield Edition(RELEASE, entries)


def _entry(icd: Any, name: str, codes: dict[str, Code]) -> Entry:
    parent = icd.get_parent(name)
    if parent == name:
        # A block of one category bears the category's code (B99): they are one concept, that of the category.
        parent = icd.get_parent(name, prioritize_blocks=True)
    return Entry(
        code=codes[name],
        name=_title(icd.get_description(name)),
        broader=codes[parent] if parent else None,
        billable=icd.is_leaf(name),
    )


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


@contextmanager
def _no_collection() -> Iterator[None]:
    """A third of the time goes to the garbage collector, which walks a growing tree that holds no garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
