"""Search finds what `kg search` would: codes however typed, words in any order, typos, and codes by a brand."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.drawing import Background, draw
from kg.model import Concept

from ..samples import J3262, neighbourhood
from .opened import Opened, OpenFile


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory, open_shared: OpenFile) -> Opened:
    drug = Concept.parse("drug:tocilizumab", "Tocilizumab")
    drawing = draw(neighbourhood(), [J3262], background=Background(brands={drug: ["Actemra", "Tyenne"]}))
    return open_shared(drawing.save(tmp_path_factory.mktemp("search") / "page.html"))


def found(opened: Opened, text: str) -> list[str]:
    """What is offered for a text, without what stands besides."""
    opened.page.fill("#find", text)
    return opened.texts("#found li[role=option] > bdi")


@pytest.mark.parametrize("text", ["M05.79", "m0579", "M05 79", " m05.7"])
def test_a_code_is_found_with_and_without_dots_and_blanks(text: str, searched: Opened) -> None:
    assert found(searched, text) == ["M05.79 Rheumatoid arthritis with rheumatoid factor of multiple sites"]


def test_all_words_count_in_any_order(searched: Opened) -> None:
    assert found(searched, "arthritis systemic juv") == [
        "M08.20 Juvenile rheumatoid arthritis with systemic onset, unspecified site"
    ]
    assert found(searched, "arthritis nonsense") == []


def test_one_or_two_wrong_letters_are_forgiven_where_nothing_else_is_found(searched: Opened) -> None:
    assert found(searched, "polymialgia reumatica") == ["M35.3 Polymyalgia rheumatica"]
    assert "spelt nearly so" in searched.text("#found")
    # Not in codes, where another letter is another code.
    assert found(searched, "M35.4") == []


def test_a_brand_leads_to_its_drug_and_the_code(searched: Opened) -> None:
    assert found(searched, "actemra") == ["Tocilizumab", "J3262 Injection, tocilizumab, 1 mg"]
    assert searched.texts("#found li small") == ["drug · Actemra", "HCPCS code · Actemra"]
    assert found(searched, "Tyene") == ["Tocilizumab", "J3262 Injection, tocilizumab, 1 mg"]


def test_each_hit_says_what_kind_it_is(searched: Opened) -> None:
    found(searched, "JW")
    assert searched.texts("#found li small") == ["modifier"]


def test_brands_come_from_the_graph(real: Path, open_file: OpenFile) -> None:
    opened = open_file(real)
    opened.page.fill("#find", "actemra")
    offered = opened.texts("#found li[role=option] > bdi")
    assert "tocilizumab" in offered and any(text.startswith("J3262") for text in offered)
