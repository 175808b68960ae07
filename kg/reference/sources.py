"""Where releases come from: the ICD-10-CM package, the bundled tables, and what the user added."""

from __future__ import annotations

import os

from kg.reference import bundled, icd10cm
from kg.reference.release import Reader
from kg.reference.stored import StoredReleases


def readers(releases: str | os.PathLike[str] | None = None, *, icd10cm_package: bool = True) -> tuple[Reader, ...]:
    """The readers of all releases at hand: the user's own in a folder, else where they are kept by default."""
    package = (icd10cm.read,) if icd10cm_package else ()
    return (*package, bundled.read, *StoredReleases(releases).readers())
