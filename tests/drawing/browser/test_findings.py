"""What the guide says, what the release says: where it stands, what it shows, and where it leads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.drawing import Drawing, draw

from ..samples import J2356, J3032, mistake_drawing, mistaken
from .opened import Opened, OpenFile

_SIZES = """[...document.querySelectorAll("#findings .part *, #findings .hanging *")]
  .filter((each) => each.offsetParent && [...each.childNodes].some((node) => node.nodeType === 3))
  .map((each) => parseFloat(getComputedStyle(each).fontSize))"""


def claim_of(opened: Opened) -> int:
    """The number of the connection that is refuted."""
    verdicts = [each["verdict"] for each in opened.data["connections"]]
    return verdicts.index("refuted")


def view(opened: Opened) -> str:
    return str(opened.evaluate("document.body.dataset.view"))


@pytest.fixture
def mistake(save: Callable[[Drawing], Path], open_file: OpenFile) -> Opened:
    return open_file(save(mistake_drawing()))


def test_a_page_of_a_code_that_is_something_else_opens_with_both_sentences_and_what_was_meant(mistake: Opened) -> None:
    assert view(mistake) == "findings" and mistake.count("#findings .mistake") == 1
    said, official = mistake.text("#findings .said"), mistake.text("#findings .official")
    assert "J3032 identifies the drug tezepelumab-ekko." in said
    # Of its two sentences the one that names both comes first.
    assert mistake.texts("#findings .said blockquote")[0] == "J3032 is used for Tezspire (tezepelumab-ekko)."
    assert "A guide to Tezspire, line 11" in said
    assert "Inj. eptinezumab-jjmr 1 mg" in official and "HCPCS Level II, row 4976" in official
    assert mistake.text("#findings .meant") == "J2356 tezepelumab-ekko, 1 mg"
    assert "2 more assertions hang on it" in mistake.text("#findings .hanging summary")


def test_the_code_that_was_meant_is_one_click_away(mistake: Opened) -> None:
    mistake.click("#findings button.meant")
    assert view(mistake) == "graph" and mistake.texts("#panel h2") == ["J2356"]
    number = mistake.number("hcpcs:J2356")
    assert number in mistake.seen().concepts and mistake.is_within_view(mistake.place(number))


def test_a_line_is_shown_from_what_is_said_of_it(mistake: Opened) -> None:
    mistake.click("#findings .hanging summary")
    assert mistake.count("#findings .hanging li") == 2
    mistake.click("#findings .said button.line")
    assert mistake.texts("#panel h2") == ["identifies drug"] and "tezepelumab-ekko" in mistake.panel()


def test_before_the_class_all_of_it_is_in_large_letters(mistake: Opened) -> None:
    mistake.press("p")
    assert view(mistake) == "findings" and min(mistake.evaluate(_SIZES)) >= 24
    box = mistake.page.locator("#findings .meant").bounding_box()
    assert box["y"] + box["height"] <= 800


def test_the_line_under_the_title_counts_and_leads_there_and_back(mistake: Opened) -> None:
    assert mistake.text("#against") == "✗ 1 refuted · 2 disputed hang on it · to the graph"
    mistake.click("#show-against")
    assert view(mistake) == "graph" and mistake.text("#against").endswith("· show")
    mistake.press("w")
    assert view(mistake) == "findings"
    mistake.press("w")
    assert view(mistake) == "graph"


def test_a_page_with_nothing_wrong_has_no_such_line_and_no_such_button(
    save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    connections, _ = mistaken()
    opened = open_file(save(draw(connections[2:], [J2356])))
    assert view(opened) == "graph"
    assert not opened.is_shown("#against") and not opened.is_shown("#show-findings")
    opened.press("w")
    assert view(opened) == "graph"


def test_a_claim_is_drawn_as_one_and_no_path_walks_it_unless_asked(mistake: Opened) -> None:
    mistake.click("#show-graph")
    claim = claim_of(mistake)
    assert claim in mistake.seen().connections
    mistake.click("#path-form summary")
    mistake.page.fill("#from", "J3032")
    mistake.page.fill("#to", "J2356")
    mistake.click("#find-path")
    assert "No path" in mistake.text("#path-said")
    mistake.page.select_option("#floor", "refuted")
    mistake.click("#find-path")
    assert "2 steps" in mistake.text("#path-said")


def test_reset_is_as_the_page_opened(mistake: Opened) -> None:
    mistake.press("t")
    mistake.click("#reset-all")
    assert view(mistake) == "findings"


def test_the_legend_begins_with_the_worst_and_cuts_nothing(mistake: Opened) -> None:
    mistake.click("#show-graph")
    keys = mistake.evaluate("[...document.querySelectorAll('#legend input')].map((box) => box.dataset.key)")
    assert keys[:3] == ["refuted", "disputed", "consistent"]
    assert mistake.evaluate(
        "[...document.querySelectorAll('#legend .lines .name')].every((each) => each.scrollWidth <= each.clientWidth)"
    )
    legend = mistake.page.locator("#legend").bounding_box()
    last = mistake.page.locator("#legend .lines .item").last.bounding_box()
    assert last["y"] + last["height"] <= legend["y"] + legend["height"]


def test_a_mistake_about_a_code_that_nothing_connects_to_is_reached_as_well(
    save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    opened = open_file(save(mistake_drawing(meant=False)))
    opened.click("#findings button.meant")
    assert opened.number(J2356.curie) in opened.seen().concepts
    assert J3032.curie in opened.seen_curies()


def test_both_sentences_are_in_sight_at_twice_the_size(save: Callable[[Drawing], Path], open_file: OpenFile) -> None:
    opened = open_file(save(mistake_drawing()), (640, 400))
    said, official = (opened.page.locator(f"#findings .part.{each}").bounding_box() for each in ("said", "official"))
    meant = opened.page.locator("#findings button.meant").bounding_box()
    assert said["x"] + said["width"] < official["x"] and said["y"] == pytest.approx(official["y"], abs=2)
    assert meant["y"] + meant["height"] <= 400
