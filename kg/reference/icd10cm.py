"""All of ICD-10-CM, headings and billable codes: the tabular list inside the `simple-icd-10-cm` package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from kg.errors import ReleaseError
from kg.model import CodeSystem
from kg.reference.formats import icd10cm_tabular
from kg.reference.release import Edition, Release, ReleaseFile
from kg.reference.release_files import open_release

RELEASE = Release(
    identifier="icd10cm-2026-04",
    system=CodeSystem.ICD10CM,
    title="ICD-10-CM April 2026",
    issued=date(2026, 4, 1),
    complete=True,
    licence="work of the US government, in the public domain",
    source="https://www.cms.gov/medicare/coding-billing/icd-10-codes",
)

_PACKAGE = "simple_icd_10_cm"


def read() -> Iterator[Edition]:
    """Read the release that the package carries; takes seconds, so call it once.

    The package itself is not imported: it reads all of its data on import, and names some codes otherwise than
    the official list. Raises `ReleaseError` where it carries another edition.
    """
    file = _file()
    for edition in icd10cm_tabular.read(file):
        release = edition.release
        if (release.issued, release.complete) != (RELEASE.issued, True):
            actual = release.title if release.issued != RELEASE.issued else "an excerpt"
            raise ReleaseError(f"{file.path}: not {RELEASE.title}, as billing-kg expects, but {actual}")
        yield replace(edition, release=RELEASE)


def _file() -> ReleaseFile:
    """The tabular list of the package, under its own name: where it is installed must not get into a graph."""
    spec = find_spec(_PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    lists = sorted(path for folder in folders or () for path in Path(folder, "data").glob("*tabular*.xml"))
    if len(lists) != 1:
        names = ", ".join(path.name for path in lists) or "none"
        raise ReleaseError(f"simple-icd-10-cm: not one tabular list in its folder 'data' (found: {names})")
    (file,) = open_release(lists[0])
    return replace(file, path=f"simple-icd-10-cm/{file.name}")
