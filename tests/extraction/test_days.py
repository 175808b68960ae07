"""From which day a document says that something holds."""

from __future__ import annotations

from datetime import date

import pytest

from kg.documents import parse
from kg.extraction import extract
from kg.extraction.days import day_of_effect

NEW_YEAR = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Effective January 1, 2026, bill the new code.", NEW_YEAR),
        ("Q0001 (effective 01/01/2026)", NEW_YEAR),
        ("New codes as of Jan 2026", NEW_YEAR),
        ("in effect from 2026-01-01 on", NEW_YEAR),
        ("Beginning April 15th, 2026", date(2026, 4, 15)),
        ("Reviewed January 1, 2026", None),
        ("Effective treatment of arthritis. January 1, 2026", None),
        ("Effective 13/45/2026", None),
        ("Effective immediately", None),
    ],
)
def test_a_day_of_effect(text: str, day: date | None) -> None:
    assert day_of_effect(text) == day


def since(text: str) -> dict[str, date | None]:
    return {one.object.key: one.since for one in extract(parse(text.encode(), "a.md")).assertions}


def test_a_line_speaks_of_itself() -> None:
    text = "# J3262 diagnoses\n\n- M06.9 rheumatoid arthritis, effective January 2026\n- M31.5 giant cell arteritis\n"
    assert since(text) == {"M06.9": NEW_YEAR, "M31.5": None}


def test_the_line_before_a_list_speaks_of_the_list() -> None:
    text = "# J3262\n\n## Diagnoses\n\nAdded as of January 1, 2026:\n\n- M06.9\n\nAs before:\n\n- M31.5\n"
    assert since(text) == {"M06.9": NEW_YEAR, "M31.5": None}


def test_a_heading_speaks_of_its_section_and_a_title_of_the_document_alone() -> None:
    titled = "# J3262, effective January 1, 2026\n\n## Diagnoses\n\n- M31.5\n\n"
    text = f"{titled}## Diagnoses effective April 1, 2026\n\n- M06.9\n"
    assert since(text) == {"M31.5": None, "M06.9": date(2026, 4, 1)}
