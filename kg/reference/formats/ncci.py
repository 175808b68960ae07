"""What the files of the National Correct Coding Initiative have in common: names that tell all, many rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from kg.model import CodeSystem
from kg.reference.release import Release, ReleaseFile, month_key, month_words
from kg.reference.release_files import month_in

_LICENCE = "published by CMS; CPT is copyright of the American Medical Association"
_SOURCE = "https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits"

# Whom the edits are for: `ccipra-v322r0-f1.TXT`, `MCR_MUE_PractitionerServices_Eff_07-01-2026.csv`.
_FOR = {
    "practitioner": re.compile(r"ccipra|practitioner", re.IGNORECASE),
    "outpatient": re.compile(r"ccioph|outpatient|hospital|oph(?![a-z])", re.IGNORECASE),
    "dme": re.compile(r"(?<![a-z])dme(?=suppl|[^a-z]|$)|durable", re.IGNORECASE),
}
AUDIENCES = {"practitioner": "practitioner", "outpatient": "outpatient hospital", "dme": "DME supplier"}
"""Whom the edits are for, as identifiers have it and in words."""
# `v322r0`: release 0 of version 32.2, which is that of the third quarter of the 32nd year after 1994.
_VERSION = re.compile(r"(?<![a-z0-9])v(?P<year>\d\d)(?P<quarter>[0-3])r\d", re.IGNORECASE)
_PART = re.compile(r"(?<![a-z0-9])f(?P<part>\d{1,2})(?![a-z0-9])", re.IGNORECASE)


def audience_in(texts: Iterable[str]) -> str:
    """Whom edits are for, as names and headers tell it; empty where they do not.

    >>> audience_in(["MCR_MUE_DMESupplierServices_Eff_07-01-2026.csv"])
    'dme'
    """
    return next((name for text in texts for name, pattern in _FOR.items() if pattern.search(text)), "")


def release(file: ReleaseFile, kind: str, title: str, audience: str = "", *, series: bool = False) -> Release:
    """The release that a file holds; its date and, unless its content does, whom it is for are told by its name.

    `series` says that what it states holds until its next release.

    >>> release(ReleaseFile("x", b"", hints=("ccipra-v322r0-f1.TXT",)), "ptp", "NCCI PTP edits").identifier
    'ncci-ptp-practitioner-2026-07-f1'
    """
    issued = file.since or _by_version(file) or month_in(file.hints)
    audience = audience or audience_in(file.hints)
    part = next((match["part"] for hint in file.hints if (match := _PART.search(hint))), "")
    parts = ("ncci", kind, audience, month_key(issued), part and f"f{part}")
    words = (f"{title},", audience and f"{AUDIENCES[audience]},", month_words(issued))
    return Release(
        identifier="-".join(filter(None, parts)),
        system=CodeSystem.CPT,
        title=" ".join(filter(None, words)) + (f", part {part}" if part else ""),
        issued=issued,
        complete=False,
        licence=_LICENCE,
        source=_SOURCE,
        series=f"ncci-{kind}" if series else "",
    )


def _by_version(file: ReleaseFile) -> date | None:
    match = next(filter(None, map(_VERSION.search, file.hints)), None)
    return date(1994 + int(match["year"]), 3 * int(match["quarter"]) + 1, 1) if match else None
