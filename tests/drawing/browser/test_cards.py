"""Evidence before the class: the card of a line in projector mode, and what comes first in the panel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.drawing import Drawing

from ..samples import mistake_drawing
from .opened import Opened, OpenFile
from .test_access import violations
from .test_findings import claim_of

_SIZES = """[...document.querySelectorAll("#card *")]
  .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3))
  .map((each) => parseFloat(getComputedStyle(each).fontSize))"""


@pytest.fixture
def mistake(save: Callable[[Drawing], Path], open_file: OpenFile) -> Opened:
    opened = open_file(save(mistake_drawing(opens="graph")))
    assert opened.is_shown("#graph")
    return opened


def test_a_click_on_a_line_says_before_the_class_what_both_say_and_what_was_meant(mistake: Opened) -> None:
    claim = claim_of(mistake)
    mistake.click_line(claim)
    assert not mistake.is_shown("#card")
    mistake.press("p")
    assert mistake.is_shown("#card") and min(mistake.evaluate(_SIZES)) >= 24
    assert mistake.texts("#card h3") == ["✗ The document says", "✓✓ The release says", "Probably meant"]
    assert "J3032 is used for Tezspire (tezepelumab-ekko)." in mistake.text("#card .said")
    assert mistake.text("#card blockquote.official") == "Inj. eptinezumab-jjmr 1 mg"
    # Neither end of the line is behind the card.
    top = mistake.page.locator("#card").bounding_box()["y"]
    ends = [mistake.data["connections"][claim][end] for end in ("subject", "object")]
    assert all(y < top for _, y in mistake.to_window(*map(mistake.place, ends)))
    assert violations(mistake) == []
    mistake.click("#card .meant")
    assert not mistake.is_shown("#card")
    assert mistake.evaluate("billingKg.state.selected.concept") == mistake.number("hcpcs:J2356")


def test_enter_goes_through_the_lines_of_a_concept_the_worst_first(mistake: Opened) -> None:
    mistake.press("p")
    mistake.click_marker(mistake.focus())
    mistake.press("Enter")
    assert mistake.evaluate("billingKg.state.selected.connection") == claim_of(mistake)
    mistake.press("Enter")
    assert "It depends on a mistake" in mistake.texts("#card h3")
    mistake.press("Escape")
    assert not mistake.is_shown("#card")


def test_of_a_line_that_a_release_states_its_row_comes_first(mistake: Opened) -> None:
    mistake.evaluate(
        "billingKg.data.connections.forEach((each) => each.assertions.forEach((one) => {"
        " if (each.verdict === 'corroborated') one.released = true; }))"
    )
    mistake.click_line(mistake.connection("drug:eptinezumab"))
    assert mistake.texts("#panel .assertion h3") == ["as the release states it"]
    mistake.press("p")
    assert mistake.texts("#card h3")[0] == "✓✓ The release says"


def test_one_line_of_legend_has_the_signs_that_are_in_sight(mistake: Opened) -> None:
    mistake.press("p")
    assert mistake.texts("#signs span") == ["✗ refuted", "! disputed", "✓ consistent", "✓✓ corroborated"]


def test_what_is_wrong_comes_before_the_quotes(mistake: Opened) -> None:
    mistake.click_line(claim_of(mistake))
    order = mistake.evaluate("""["p .verdict", ".finding", ".finding .meant", ".sentence", ".assertion"].map((each) => {
      const all = [...document.querySelectorAll("#panel *")];
      return all.indexOf(document.querySelector(`#panel ${each}`));
    })""")
    assert order == sorted(order) and -1 not in order
    mistake.click("#panel .meant")
    assert mistake.texts("#panel h2") == ["J2356"]


def test_a_selected_line_keeps_its_pattern_and_the_rest_steps_back(mistake: Opened) -> None:
    claim, other = claim_of(mistake), mistake.connection("icd10cm:G43.709")
    look = "(id) => { const { dashes, width, color } = billingKg.network.body.data.edges.get(id);"
    look += " return [dashes, width, color.opacity]; }"
    dashes, width, _ = mistake.evaluate(look, claim)
    mistake.click_line(claim)
    wider, larger, _ = mistake.evaluate(look, claim)
    assert larger > width and [each / larger for each in wider] == pytest.approx([each / width for each in dashes])
    assert mistake.evaluate(look, other)[2] < 1
    mistake.press("Escape")
    assert mistake.evaluate(look, other)[2] == 1
