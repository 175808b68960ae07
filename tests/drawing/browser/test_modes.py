"""Projector, dark and quiz: what each shows and what it hides."""

from __future__ import annotations

from pathlib import Path

import pytest

from .opened import Opened, OpenFile
from .sheets import Sheet

# The sizes of all words outside the picture that can be seen.
_SIZES = """(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), sizes = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const owner = node.parentElement;
    if (!node.textContent.trim() || owner.closest(".unseen, script") || !owner.checkVisibility()) continue;
    sizes.push([parseFloat(getComputedStyle(owner).fontSize), node.textContent.trim().slice(0, 40)]);
  }
  return sizes;
})()"""


def test_projector_mode_is_the_picture_alone(opened: Opened) -> None:
    before = opened.page.locator("#canvas").bounding_box()
    opened.click("#projector")
    for part in ("aside", "footer", "#search", "#menu", ".buttons >> nth=0"):
        assert not opened.is_shown(part), part
    assert opened.is_shown("h1") and opened.is_shown("#canvas")
    after = opened.page.locator("#canvas").bounding_box()
    assert after["width"] == 1280 and after["height"] > before["height"]
    assert opened.focused() == "canvas"
    opened.press("p")
    assert opened.page.locator("#canvas").bounding_box() == before
    assert opened.is_shown("aside")


def test_words_are_large_enough_to_read(opened: Opened) -> None:
    opened.click_line(opened.connection("icd10cm:M35.3"))
    assert min(opened.evaluate(_SIZES))[0] >= 12
    opened.press("t")
    assert min(opened.evaluate(_SIZES))[0] >= 12
    opened.press("t", "q", "p")
    assert opened.is_shown("#caption")
    assert min(opened.evaluate(_SIZES))[0] >= 18


def test_in_projector_mode_clicks_and_keys_still_work(opened: Opened) -> None:
    opened.press("p")
    opened.settle()
    for curie in ("icd10cm:M06.9", "payer:aetna"):
        opened.click_label(opened.number(curie))
        assert opened.evaluate("billingKg.state.selected") == {"concept": opened.number(curie)}
    opened.press("ArrowUp")
    assert opened.evaluate("billingKg.state.selected.concept") != opened.number("payer:aetna")


def test_each_mode_keeps_what_is_shown(opened: Opened) -> None:
    opened.page.uncheck('#legend input[data-key="modifier"]')
    before = opened.seen()
    for key in "pdqdqp":
        opened.press(key)
        assert opened.seen() == before


def test_dark_changes_the_picture_and_the_page(opened: Opened, sample: Path) -> None:
    light = Sheet(opened.evaluate("billingKg.svg()")).root[1].get("fill")
    opened.press("d")
    assert opened.page.get_attribute("#dark", "aria-pressed") == "true"
    dark = Sheet(opened.evaluate("billingKg.svg()")).root[1].get("fill")
    assert (light, dark) == ("#ffffff", "#15191f")
    pixel = "[...document.querySelector('#canvas canvas').getContext('2d').getImageData(3, 3, 1, 1).data]"
    assert opened.evaluate(pixel)[3] == 0 or opened.evaluate(pixel)[:3] == [21, 25, 31]
    opened.press("d")
    assert Sheet(opened.evaluate("billingKg.svg()")).root[1].get("fill") == light


def labels(opened: Opened) -> dict[str, str]:
    """What stands at each concept in the picture."""
    sheet = Sheet(opened.evaluate("billingKg.svg()"))
    concepts = opened.data["concepts"]
    return {concepts[number]["curie"]: sheet.within(box) for number, box in opened.boxes().items()}


def test_a_quiz_hides_labels_and_nothing_else(opened: Opened) -> None:
    headings = opened.texts("#panel h3")
    opened.press("q")
    found = labels(opened)
    assert found.pop("hcpcs:J3262").startswith("J3262 Injection,")
    assert set(found.values()) == {"?"}
    assert "supported by diagnosis · 5" in Sheet(opened.evaluate("billingKg.svg()")).text
    assert opened.texts("#panel h3") == headings
    listed = opened.texts("#panel ul button")
    assert len(listed) == 39 and all(text.endswith(" ?") for text in listed)
    opened.click_line(opened.connection("icd10cm:M06.9"))
    assert "M06.9" not in opened.panel() and "Rheumatoid" not in opened.panel() and "J3262" in opened.panel()


def test_a_click_reveals_a_label_and_the_score_counts(opened: Opened) -> None:
    opened.press("q")
    assert "0 of 38 revealed" in opened.text("#caption")
    number = opened.number("icd10cm:M06.9")
    opened.click_marker(number)
    assert labels(opened)["icd10cm:M06.9"].startswith("M06.9")
    assert opened.texts("#panel h2") == ["M06.9"]
    assert "1 of 38 revealed" in opened.text("#caption")
    opened.click_marker(opened.number("modifier:JW"))
    assert "2 of 38 revealed" in opened.text("#caption")
    opened.click("#caption button")
    assert "38 of 38 revealed" in opened.text("#caption")
    assert "?" not in labels(opened).values()
    opened.press("Escape", "q")
    assert not opened.is_shown("#caption")


def test_a_quiz_is_played_by_keyboard_and_starts_anew(opened: Opened) -> None:
    opened.press("q")
    opened.page.focus("#canvas")
    opened.press("ArrowRight", "ArrowRight")
    number = opened.evaluate("billingKg.state.selected.concept")
    assert opened.text("#live") == "" or opened.data["concepts"][number]["name"] not in opened.text("#live")
    assert opened.texts("#panel h2") == ["?"]
    opened.press("Enter")
    assert "1 of 38 revealed" in opened.text("#caption")
    assert opened.texts("#panel h2") != ["?"]
    opened.press("q", "q")
    assert "0 of 38 revealed" in opened.text("#caption")


@pytest.mark.parametrize("size", [(1280, 800), (760, 900)], ids=["wide", "narrow"])
def test_the_page_is_no_wider_than_its_window(size: tuple[int, int], sample: Path, open_file: OpenFile) -> None:
    opened = open_file(sample, size)
    opened.click("#show-graph")
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.page.locator("#canvas").bounding_box()["height"] > 300
