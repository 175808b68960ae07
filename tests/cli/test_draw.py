"""`kg draw`: what is drawn, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from .running import kg


def data_of(page: Path) -> Any:
    [block] = re.findall(r'id="data">(.*?)</script>', page.read_text("utf-8"), re.DOTALL)
    return json.loads(block)


def shown(data: Any) -> set[str]:
    return {concept["curie"] for concept in data["concepts"][: data["drawn"]]}


def test_the_surroundings_of_a_code_and_what_can_be_expanded(store: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = kg("draw", "J3262", "--max-nodes", "5", "-o", page, store=store)
    assert re.search(r"wrote .*page\.html: 5 nodes, \d+ edges, \d+ nodes more to expand\n", ran.err)
    data = data_of(page)
    assert "hcpcs:J3262" in shown(data) and data["drawn"] == 5
    # One step more than was asked for waits in the file.
    assert "hcpcs:J0129" in {concept["curie"] for concept in data["concepts"]} - shown(data)


def test_the_codes_for_a_diagnosis_and_what_is_narrower(store: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert kg("draw", "--for-diagnosis", "M06.9", "-o", page, store=store).code == 0
    data = data_of(page)
    assert {"hcpcs:J3262", "hcpcs:J0129", "hcpcs:J1745", "icd10cm:M06.9"} <= shown(data)
    assert data["title"].startswith("Codes for M06.9")
    unknown = kg("draw", "--for-diagnosis", "tocilizumab", "-o", tmp_path / "none.html", store=store)
    assert unknown.code == 1 and unknown.error.startswith(
        "kg: not known: no document connects a code to drug “tocilizumab”"
    )
    assert not (tmp_path / "none.html").exists()


def test_the_ways_between_two_codes(store: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert kg("draw", "--path", "J3262", "J0129", "-o", page, store=store).code == 0
    data = data_of(page)
    hops = [data["connections"][hop["connection"]] for hop in data["paths"][0]["hops"]]
    assert [data["concepts"][hop["object"]]["curie"] for hop in hops] == ["icd10cm:M06.9"] * 2


def test_a_lesson_is_drawn_by_itself(store: Path, tmp_path: Path) -> None:
    lesson = tmp_path / "lesson.yaml"
    lesson.write_text(
        "title: My lesson\nnotes: {J3262: Ask the class.}\nsteps:\n- {title: One, show: [J3262, M06.9]}\n", "utf-8"
    )
    page = tmp_path / "page.html"
    assert kg("draw", "--lesson", lesson, "-o", page, store=store).code == 0
    data = data_of(page)
    assert data["title"] == "My lesson" and len(data["lesson"]["steps"][0]["concepts"]) == 2
    assert [each["note"] for each in data["concepts"] if "note" in each] == ["Ask the class."]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("steps:\n- {title: One, show: [J9998]}", 1, "lesson.yaml:2: "),
        ("steps:\n- title: One\n  show: [likes]", 1, "lesson.yaml:3: "),
        ("steps:\n- title: One\n  shows: [J3262]", 2, "lesson.yaml:3: no such key: 'shows'"),
        (
            "steps:\n- {title: A, edges: [[J3262, similarTo, J1745]]}",
            1,
            "lesson.yaml:2: not in the graph at any trust",
        ),
    ],
)
def test_a_lesson_that_cannot_be_shown_is_refused(
    text: str, code: int, words: str, store: Path, tmp_path: Path
) -> None:
    lesson, page = tmp_path / "lesson.yaml", tmp_path / "page.html"
    lesson.write_text(text, "utf-8")
    ran = kg("draw", "--lesson", lesson, "-o", page, store=store)
    assert ran.code == code and words in ran.error
    assert not page.exists()


def test_a_layout_is_taken_and_what_it_cannot_place_is_told(store: Path, tmp_path: Path) -> None:
    layout, page = tmp_path / "layout.json", tmp_path / "page.html"
    saved = {"billing-kg layout": 1, "panels": {"hcpcs:J3262": [1, 2], "hcpcs:J9999": [3, 4]}, "projector": {}}
    layout.write_text(json.dumps(saved), "utf-8")
    ran = kg("draw", "J3262", "--layout", layout, "-o", page, store=store)
    assert ran.code == 0 and "1 places are of concepts that this page does not have" in ran.err
    assert data_of(page)["layout"]["panels"]["hcpcs:J3262"] == [1, 2]
    layout.write_text("{}", "utf-8")
    refused = kg("draw", "J3262", "--layout", layout, "-o", page, store=store)
    assert refused.code == 2 and "layout.json: not a layout saved by a page" in refused.error


@pytest.mark.slow
def test_how_much_of_the_documents_goes_into_the_file(tmp_path: Path) -> None:
    guide, store = tmp_path / "guide.md", tmp_path / "graph"
    guide.write_text(
        f"# HCPCS Code J3262\n\nAppend modifier JW to report {'what is left of the vial, ' * 9}on a claim.\n"
    )
    assert kg("build", guide, "--no-icd10cm", "--store", store).code == 0
    sizes = {}
    for quotes in ("full", "short", "none"):
        page = tmp_path / f"{quotes}.html"
        assert kg("draw", "J3262", "--quotes", quotes, "-o", page, store=store).code == 0
        sizes[quotes] = sum(len(each.get("quote", "")) for each in data_of(page)["evidence"])
    assert sizes["full"] > sizes["short"] > sizes["none"] == 0


def test_what_is_wrong_is_a_drawing_of_its_own(store: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    both = kg("draw", "--findings", "--path", "J3262", "J0129", "-o", page, store=store)
    assert both.code == 2 and "--findings is a drawing of its own" in both.error
    unknown = kg("draw", "--findings", "no-such-guide.md", "-o", page, store=store)
    assert unknown.code == 1 and "no document in the graph is called 'no-such-guide.md'" in unknown.error
    assert not page.exists()
    ran = kg("draw", "--findings", "-o", page, store=store)
    # In that graph nothing is wrong, so that there is nothing to draw.
    assert ran.code == 1 and "no findings" in ran.error and not page.exists()
