"""What was dragged, expanded or filtered is undone and done again."""

from __future__ import annotations

from pathlib import Path

from kg.drawing import draw

from ..samples import J3262, star
from .opened import Opened, OpenFile


def test_filters_are_undone_and_done_again(opened: Opened) -> None:
    before = opened.seen()
    opened.page.uncheck('#legend input[data-key="modifier"]')
    less = opened.seen()
    opened.page.uncheck('#legend input[data-key="payer"]')
    least = opened.seen()
    opened.page.focus("#canvas")
    for keys, expected in (
        ("Control+z", less),
        ("Control+z", before),
        ("Control+z", before),
        ("Control+y", less),
        ("Control+Shift+Z", least),
        ("Control+y", least),
    ):
        opened.press(keys)
        assert opened.seen() == expected, keys
    assert not opened.page.is_checked('#legend input[data-key="payer"]')


def test_what_is_done_anew_takes_the_place_of_what_was_undone(opened: Opened) -> None:
    opened.page.uncheck('#legend input[data-key="modifier"]')
    opened.page.focus("#canvas")
    opened.press("Control+z")
    opened.page.uncheck('#legend input[data-key="payer"]')
    expected = opened.seen()
    opened.page.focus("#canvas")
    opened.press("Control+y")
    assert opened.seen() == expected


def test_dragging_and_expanding_are_undone(tmp_path: Path, open_file: OpenFile) -> None:
    opened = open_file(draw(star(60), [J3262], max_nodes=20).save(tmp_path / "page.html"))
    number = next(n for n in opened.seen().concepts if n != opened.focus())
    place, before = opened.place(number), opened.seen()
    [[x, y]] = opened.to_window(place)
    opened.page.mouse.move(x, y)
    opened.page.mouse.down()
    opened.page.mouse.move(x + 40, y + 30, steps=4)
    opened.page.mouse.up()
    assert opened.place(number) != place
    opened.click("#panel .expand")
    opened.settle()
    assert len(opened.seen().concepts) == 60
    opened.menu("undo")
    assert opened.seen() == before and opened.place(number) != place
    opened.menu("undo")
    assert opened.place(number) == place


def test_of_a_hub_one_relation_can_be_expanded_alone(tmp_path: Path, open_file: OpenFile) -> None:
    opened = open_file(draw(star(60), [J3262], max_nodes=20).save(tmp_path / "page.html"))
    choices = [text for text in opened.texts("#panel button") if text.startswith("Expand only")]
    assert len(choices) == 4 and choices[0].startswith("Expand only ")
    count = int(choices[0].rpartition(" · ")[2])
    opened.page.get_by_role("button", name=choices[0]).click()
    opened.settle()
    assert len(opened.seen().concepts) == 20 + count
    assert opened.page.locator("#panel .expand").is_visible()
