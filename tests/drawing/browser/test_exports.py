"""Criterion 11: PNG, SVG and print carry title, legend, date and sources, and print is light."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from unicodedata import normalize
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from kg.drawing import Drawing, draw
from kg.drawing.payload import Background

from ..samples import J3262, mistake_drawing, neighbourhood
from .opened import Opened, OpenFile
from .pictures import Pictures
from .sheets import Sheet

TITLE = "J3262 Injection, tocilizumab, 1 mg"
# Where it is a day later than in the other for most hours.
FAR_APART = ("Pacific/Kiritimati", "Pacific/Niue")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, with titles of its documents and the day whose codes it holds."""
    background = Background(titles={"tocilizumab": "A guide to tocilizumab"}, as_of="2026-05-01")
    drawing = draw(neighbourhood(), [J3262], background=background)
    return drawing.save(tmp_path_factory.mktemp("exports") / "page.html")


def today(zone: str | None = None) -> str:
    return datetime.now(ZoneInfo(zone) if zone else None).date().isoformat()


def require_all(text: str) -> None:
    """Title, legend, date, sources and what it is not, as text."""
    text = normalize("NFKC", text)
    assert TITLE in text
    assert f"written {today()}" in text and "codes as of 2026-05-01" in text
    assert "trust: disputed or better" in text
    assert "Sources: A guide to tocilizumab" in text
    assert "not billing or medical advice" in text
    for entry in ("modifiers · 7", "diagnoses · 7", "payers · 3", "✗ refuted · 1", "✓✓ corroborated · 2"):
        assert entry in text


@pytest.fixture
def page(file: Path, open_file: OpenFile) -> Opened:
    return open_file(file)


def test_an_svg_carries_title_legend_date_and_sources_as_text(page: Opened) -> None:
    name, content = page.download(lambda: page.menu("save-svg"))
    assert name == "J3262-Injection-tocilizumab-1-mg.svg"
    sheet = Sheet(content)
    assert sheet.title == TITLE
    require_all(" ".join(sheet.frame))
    assert len(sheet.lines) == len(page.seen().connections)
    words = " ".join(each.text for each in sheet.words)
    for number in page.seen().concepts:
        assert page.data["concepts"][number]["code"] in words


def test_an_svg_shows_what_the_page_shows(page: Opened) -> None:
    page.page.uncheck('#legend input[data-key="modifier"]')
    page.page.check("#excluded")
    sheet = Sheet(page.evaluate("billingKg.svg()"))
    assert not any(text.startswith("modifiers") for text in sheet.frame)
    assert len(sheet.lines) == len(page.seen().connections) == 32
    assert "JZ" not in [each.text for each in sheet.words]


@pytest.mark.parametrize("zone", FAR_APART)
def test_the_date_is_that_of_whoever_saves_it(zone: str, file: Path, open_file: OpenFile) -> None:
    opened = open_file(file, timezone_id=zone)
    assert f"written {today(zone)}" in " ".join(Sheet(opened.evaluate("billingKg.svg()")).frame)


def test_a_png_is_the_same_sheet_at_twice_the_size(page: Opened, pictures: Pictures) -> None:
    name, content = page.download(lambda: page.menu("save-png"))
    assert name == "J3262-Injection-tocilizumab-1-mg.png"
    picture, svg = pictures.read(content), Sheet(page.evaluate("billingKg.svg()")).root
    assert picture.width == pytest.approx(2 * float(svg.get("width", "")), abs=2)
    assert picture.height == pytest.approx(2 * float(svg.get("height", "")), abs=2)
    assert 0.03 < picture.inked < 0.5
    assert picture.light > 0.8


def test_a_png_is_what_the_svg_is(page: Opened, pictures: Pictures) -> None:
    _, png = page.download(lambda: page.menu("save-png"))
    picture = pictures.read(png)
    svg = page.evaluate("billingKg.svg()")
    wordless = re.sub("<text.*?</text>", "", svg)

    def difference(other: str) -> float:
        # Shrunk, since a canvas and an SVG set letters a pixel apart.
        shot = pictures.rendered(other, picture.width, picture.height)
        return pictures.difference(png, shot, shrink=8)

    assert difference(svg) < 0.06 < 0.12 < difference(wordless)


def printed(opened: Opened, **options: object) -> Any:
    """The pages of what is printed, as pypdf reads them."""
    from pypdf import PdfReader

    return PdfReader(io.BytesIO(opened.page.pdf(**options))).pages


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_print_carries_all_and_is_light_whatever_the_screen(theme: str, file: Path, open_file: OpenFile) -> None:
    opened = open_file(file, color_scheme=theme)
    opened.press("p")
    pages = printed(opened, landscape=True, print_background=True)
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    require_all(text)
    for word in ("M05.79", "96413", "Medicare", "Rheumatology"):
        assert word in text
    assert len(pages) == 1
    content = b"".join(page.get_contents().get_data() for page in pages)
    # No dark ground, neither of the sheet nor around it: 21, 25 and 31 of 255.
    assert re.search(rb"\.082\d* \.098\d* \.12[12]\d* rg", content) is None
    assert opened.evaluate("document.documentElement.dataset.theme") == theme
    assert opened.count("#paper svg") == 0 and not opened.is_shown("#paper")


def test_a_lit_path_and_a_quiz_are_exported_as_they_are_seen(page: Opened) -> None:
    page.press("q")
    words = [each.text for each in Sheet(page.evaluate("billingKg.svg()")).words]
    assert words.count("?") == 38 and "JW" not in words and "J3262" in words
    page.press("q")
    page.click("#path-form summary")
    page.page.fill("#from", "M06.9")
    page.page.fill("#to", "JW")
    page.click("#find-path")
    sheet = Sheet(page.evaluate("billingKg.svg()"))
    assert len(sheet.lines) == 2 and "JZ" not in [each.text for each in sheet.words]


def test_sheets_of_paths_carry_all_too(save: Callable[[Drawing], Path], open_file: OpenFile) -> None:
    opened = open_file(save(draw(neighbourhood(), [J3262], title="A " * 200)))
    sheet = Sheet(opened.evaluate("billingKg.svg()"))
    assert sheet.frame[0].endswith("…") and len(sheet.frame[0]) < 200


def test_what_documents_and_releases_say_is_saved_as_it_stands_there(
    save: Callable[[Drawing], Path], open_file: OpenFile, pictures: Pictures
) -> None:
    opened = open_file(save(mistake_drawing()))
    assert opened.is_shown("#findings")
    _, content = opened.download(lambda: opened.menu("save-svg"))
    text = " ".join(each for each in ElementTree.fromstring(content).itertext())
    for words in (
        "J3032 identifies the drug tezepelumab-ekko",
        "J3032 is used for Tezspire (tezepelumab-ekko).",
        "A guide to Tezspire, line",
        "Inj. eptinezumab-jjmr 1 mg",
        "J2356 tezepelumab-ekko, 1 mg",
        "! 2 more assertions hang on it",
        "✗ refuted: a code in it does not exist",
        f"written {today()}",
        "Sources: ",
        "not billing or medical advice",
    ):
        assert words in text
    _, png = opened.download(lambda: opened.menu("save-png"))
    picture, root = pictures.read(png), ElementTree.fromstring(content)
    width, height = (float(root.get(each, "")) for each in ("width", "height"))
    assert (picture.width, picture.height) == (pytest.approx(2 * width, abs=2), pytest.approx(2 * height, abs=2))
    assert 0.03 < picture.inked < 0.5
    # The picture is saved where it is what stands there.
    opened.click("#show-graph")
    assert "hang on it" not in " ".join(ElementTree.fromstring(opened.evaluate("billingKg.svg()")).itertext())


def test_no_part_of_a_mistake_runs_into_another_on_its_sheet(
    save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    opened = open_file(save(mistake_drawing()))
    root = ElementTree.fromstring(opened.evaluate("billingKg.svg()"))
    boxes = [
        [float(each.get(name, "")) for name in ("x", "y", "width", "height")]
        for each in root.find("{http://www.w3.org/2000/svg}g").findall("{http://www.w3.org/2000/svg}rect")
    ]
    said, official, code = boxes
    assert said[0] + said[2] < code[0] and code[0] + code[2] < official[0]
    assert code[1] >= said[1] and code[1] + code[3] <= said[1] + said[3]
