"""Criterion 9: verdicts are told apart by colour, by dashes and by sign, in light and dark, and without colour."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from .opened import Opened, OpenFile
from .pictures import Pictures
from .sheets import Sheet

VERDICTS = ("corroborated", "consistent", "unchecked", "disputed", "refuted")
_VARIABLES = """(() => {
  const style = getComputedStyle(document.documentElement);
  const names = [
    "ground", "sheet", "quote", "text", "quiet", "accent", "on-accent", "border", "focus", "on-focus",
  ];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
})()"""


def contrast(first: str, second: str) -> float:
    """The contrast of two colours as WCAG counts it."""

    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(first), light(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, sample: Path, open_file: OpenFile) -> Opened:
    return open_file(sample, color_scheme=request.param)


def test_lines_and_text_stand_out_in_both_themes(themed: Opened) -> None:
    theme = themed.evaluate("document.documentElement.dataset.theme")
    colours = themed.evaluate(_VARIABLES)
    drawn = themed.evaluate("billingKg.network.body.data.edges.get().map((edge) => [edge.id, edge.color.color])")
    assert len(drawn) == 40
    for number, colour in drawn:
        verdict = themed.data["connections"][number]["verdict"]
        assert colour == themed.data["verdicts"][verdict][theme]
    assert len({colour for _, colour in drawn}) == len(VERDICTS)
    assert min(contrast(colour, colours["ground"]) for _, colour in drawn) >= 3
    for ground in ("ground", "sheet", "quote"):
        assert contrast(colours["text"], colours[ground]) >= 4.5
        assert contrast(colours["quiet"], colours[ground]) >= 4.5
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    assert contrast(colours["border"], colours["ground"]) >= 3


def test_words_of_the_picture_have_the_colours_of_the_theme(themed: Opened) -> None:
    sheet = Sheet(themed.evaluate("billingKg.svg()"))
    colours = themed.evaluate(_VARIABLES)
    ground = str(sheet.root[1].get("fill"))
    assert ground == colours["ground"]
    fills = {str(each.get("fill")) for each in sheet.root.iter("{http://www.w3.org/2000/svg}text")}
    # The focus stands in a box of its own.
    assert colours["on-focus"] in fills and contrast(colours["on-focus"], colours["focus"]) >= 4.5
    assert all(contrast(fill, ground) >= 4.5 for fill in fills - {colours["on-focus"]})


def test_in_the_svg_each_verdict_has_dashes_or_width_of_its_own_and_its_sign(opened: Opened) -> None:
    opened.page.check("#excluded")
    sheet = Sheet(opened.evaluate("billingKg.svg()"))
    looks = {(each.get("stroke"), each.get("stroke-dasharray"), each.get("stroke-width")) for each in sheet.lines}
    assert len(looks) == len(VERDICTS)
    assert len({dashes for _, dashes, _ in looks}) >= 4
    assert len({(dashes, width) for _, dashes, width in looks}) == len(VERDICTS)
    words = [each.text for each in sheet.words]
    for verdict in ("corroborated", "disputed", "refuted"):
        assert opened.data["verdicts"][verdict]["sign"] in words
    assert any(text.startswith("⊘") for text in words)
    for verdict in VERDICTS:
        sign = opened.data["verdicts"][verdict]["sign"]
        assert any(text.startswith(f"{sign} {verdict} · ") for text in sheet.frame)


def test_the_panel_and_the_table_tell_the_sign_and_the_word(opened: Opened) -> None:
    opened.press("t")
    for curie in ("drug:tocilizumab", "icd10cm:M06.9", "cpt:96413", "modifier:59", "icd10cm:M35.3"):
        number = opened.connection(curie)
        look = opened.data["verdicts"][verdict := opened.data["connections"][number]["verdict"]]
        assert f"{look['sign']} {verdict}" in opened.texts(f'tr[data-connection="{number}"] td')
        opened.page.locator(f'tr[data-connection="{number}"] button').click()
        assert opened.text("#panel .verdict") == f"{look['sign']} {verdict}"


@pytest.fixture
def colourless(opened: Opened) -> Iterator[Opened]:
    """The sample as an eye without cones sees it."""
    session: Any = opened.page.context.new_cdp_session(opened.page)
    session.send("Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"})
    yield opened
    session.detach()


@pytest.mark.parametrize("group", ["verdicts", "kinds"])
def test_without_colour_the_samples_of_the_legend_differ(group: str, colourless: Opened, pictures: Pictures) -> None:
    samples = colourless.page.locator(f'#legend label:has(input[data-group="{group}"]) svg').all()
    shots = [each.screenshot() for each in samples]
    assert len(shots) == {"verdicts": 5, "kinds": 13}[group]
    assert all(pictures.read(each).grey for each in shots)
    least = min(pictures.difference(*pair) for pair in combinations(shots, 2))
    assert least > 0.02
