"""Where releases come from: ICD-10-CM, the bundled tables, and what the user added."""

from __future__ import annotations

import os

from kg.reference import bundled
from kg.reference.release import Reader
from kg.reference.stored import StoredReleases


def readers(releases: str | os.PathLike[str] | None = None, *, icd10cm_package: bool = True) -> tuple[Reader, ...]:
    """The readers of all releases at hand: the user's own in a folder, else where they are kept by default."""
    package = (bundled.diagnoses,) if icd10cm_package else ()
    return (*package, bundled.read, *StoredReleases(releases).readers())
