from __future__ import annotations

import pytest

from kg.documents import parse

from .reading import blocks

PAGE = """---
# written by a tool
title: "Billing J3262"
tags: [drugs]
codes:
  - J1745
medicare:
  covered: true
---

Text
"""


def test_the_title_is_a_heading_and_keys_are_labels() -> None:
    document = parse(PAGE.encode(), "page.md")
    assert document.text == PAGE
    assert [found for found in blocks(document) if found[0] != "navigation"] == [
        ("heading", "Billing J3262"),
        ("paragraph", "tags: [drugs]"),
        ("paragraph", "codes:"),
        ("item", "J1745"),
        ("paragraph", "medicare:"),
        ("paragraph", "Text"),
    ]
    omitted = {block.line: block.omitted for block in document.blocks if block.omitted}
    assert omitted == {2: "comment", 8: "front matter"}


@pytest.mark.parametrize(
    "page",
    [
        "---\nJ3262 is tocilizumab.\n---\nText",
        "---\ntitle: J3262\nText",
        "Text\n---\ntitle: J3262\n---\n",
        "---\n---\nText",
    ],
)
def test_other_lines_between_dashes_are_no_front_matter(page: str) -> None:
    assert "front matter" not in {block.omitted for block in parse(page.encode(), "page.md").blocks}
    assert ("heading", "J3262") not in blocks(parse(page.encode(), "page.md"))
