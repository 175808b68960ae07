"""A bundle is opened by one click, and shut again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.drawing import Drawing, draw

from ..samples import J3262, neighbourhood
from ..test_bundles import hub, second_step
from .opened import Opened, OpenFile

BUNDLE = "billingKg.data.plans[billingKg.state.plan].more.find((each) => each.bundle)"


@pytest.fixture
def opened(save: Callable[[Drawing], Path], open_file: OpenFile) -> Opened:
    return open_file(save(hub()))


def click_bundle(opened: Opened) -> None:
    opened.click_point(opened.evaluate(f"(({{ x, y }}) => [x, y])({BUNDLE})"))


@pytest.mark.parametrize("mode", [(), ("p",)])
def test_one_click_on_its_marker_draws_all_of_it_in_letters_that_can_be_read(
    mode: tuple[str, ...], opened: Opened
) -> None:
    opened.press(*mode)
    opened.settle()
    before = opened.seen()
    assert "C00–M31" in opened.evaluate("billingKg.svg()")
    click_bundle(opened)
    assert len(opened.seen().concepts) == len(before.concepts) + 267
    # One of them is connected twice.
    assert len(opened.seen().connections) == len(before.connections) + 268
    text = opened.evaluate("billingKg.data.plans[billingKg.state.plan].text * billingKg.network.getScale()")
    assert text >= (18 if mode else 12) - 0.1
    opened.press("Control+z")
    assert opened.seen() == before


def test_its_heading_counts_it_and_the_legend_counts_what_is_drawn(opened: Opened) -> None:
    assert "·\u00a0267" in opened.evaluate("billingKg.svg()")
    diagnoses = {number for number in opened.seen().concepts if opened.data["concepts"][number]["kind"] == "icd10cm"}
    assert opened.text("label:has([data-key=icd10cm]) .count") == str(len(diagnoses))


def test_a_bundle_is_opened_by_the_keyboard_from_what_it_belongs_to(opened: Opened) -> None:
    opened.page.focus("#canvas")
    opened.press("ArrowRight", "e")
    opened.settle()
    assert len(opened.seen().concepts) > 267


def test_a_bundle_of_another_concept_than_the_focus_is_opened_as_well(
    save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    opened = open_file(save(draw([*neighbourhood(), *second_step()], [J3262], depth=2)))
    before = opened.seen()
    assert "J1001–J1049" in opened.evaluate("billingKg.svg()")
    click_bundle(opened)
    assert len(opened.seen().concepts) == len(before.concepts) + 49
    opened.press("Control+z")
    # Where what it hangs on is hidden, so is the bundle.
    opened.click("#legend input[data-key=quantity]")
    assert "J1001–J1049" not in opened.evaluate("billingKg.svg()")
