"""What the page is about stands below the title and at the top of the panel, in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.drawing import Drawing, draw
from kg.model import Concept, Relation
from kg.network import find_paths

from ..samples import J0129, J3262, PAYLOADS, connect, neighbourhood
from ..test_bundles import hub
from .lessons import lesson_drawing
from .opened import Opened, OpenFile

M069 = Concept.parse("icd10cm:M06.9", "Rheumatoid arthritis, unspecified")
CODES = [Concept.parse(f"J000{number}") for number in range(1, 6)]
OTHER = connect(J0129, Relation.SUPPORTED_BY_DIAGNOSIS, M069)


def diagnosis(*codes: Concept) -> Drawing:
    return draw([connect(code, Relation.SUPPORTED_BY_DIAGNOSIS, M069) for code in codes], [M069])


def paths() -> Drawing:
    similar = connect(J3262, Relation.SIMILAR_TO, J0129)
    return draw([], paths=find_paths([*neighbourhood(), OTHER, similar], J3262, J0129))


def by_way() -> Drawing:
    return draw([], paths=find_paths([*neighbourhood(), OTHER], J3262, J0129))


@pytest.mark.parametrize(
    ("drawing", "words"),
    [
        (diagnosis(*CODES), "J0001, J0002, J0003 and 2 more: each is supported by the diagnosis M06.9."),
        (diagnosis(*CODES[:1]), "J0001 is supported by the diagnosis M06.9."),
        (paths(), "1 step: J3262 is easily confused with J0129. 1 more way."),
        (by_way(), "2 steps, by way of M06.9."),
        (draw(neighbourhood(), [J3262]), "Around it 7 diagnoses, 7 modifiers, 4 CPT codes."),
        (draw([*neighbourhood(), OTHER], [J3262, J0129]), "1 in common: M06.9."),
        # What waits in a bundle is around it as well.
        (hub(), "Around it 269 diagnoses, 7 modifiers, 4 CPT codes."),
        (draw(neighbourhood(), [J3262, Concept.parse("modifier:JW")]), "Nothing in common in this picture."),
    ],
)
def test_a_page_says_what_it_is_about(
    drawing: Drawing, words: str, save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    opened = open_file(save(drawing))
    assert opened.text("#lead") == opened.text("#panel .lead") == words
    assert opened.is_shown("#lead")


def test_it_speaks_of_what_is_shown_and_leaves_the_panel_to_what_is_selected(opened: Opened) -> None:
    opened.click("#legend input[data-key=modifier]")
    assert opened.text("#lead") == "Around it 7 diagnoses, 4 CPT codes, 3 specialties."
    opened.click_marker(opened.focus())
    assert opened.count("#panel .lead") == 0


def test_a_quiz_is_not_given_away_and_a_lesson_speaks_for_itself(
    save: Callable[[Drawing], Path], open_file: OpenFile, opened: Opened
) -> None:
    opened.press("q")
    assert opened.text("#lead") == "" and opened.count("#panel .lead") == 0
    assert not open_file(save(lesson_drawing())).is_shown("#lead")


def test_hostile_names_stay_text(save: Callable[[Drawing], Path], open_file: OpenFile) -> None:
    names = [Concept.parse(f"drug:d{number}", words) for number, words in enumerate(PAYLOADS)]
    unit = Concept.parse("quantity:1-mg", PAYLOADS[0])
    opened = open_file(save(draw([connect(each, Relation.BILLING_UNIT, unit) for each in names], [unit])))
    assert "onerror" in opened.text("#lead") and opened.count("header img, #panel img, #panel svg") == 0
    assert not opened.complaints and opened.page.title() != "ran"


def test_a_long_title_takes_two_lines_and_is_read_whole(save: Callable[[Drawing], Path], open_file: OpenFile) -> None:
    for title in ("Short", "From J3032 eptinezumab-jjmr, 1 mg to J2356 tezepelumab-ekko, 1 mg"):
        opened = open_file(save(draw(neighbourhood(), [J3262], title=title)))
        beyond = "({ scrollWidth: a, clientWidth: b, scrollHeight: c, clientHeight: d }) => [a - b, c - d]"
        aside, below = opened.evaluate(f"({beyond})(document.querySelector('h1'))")
        assert aside <= 0 and below <= 2
        assert opened.page.locator("header").bounding_box()["height"] <= 66
