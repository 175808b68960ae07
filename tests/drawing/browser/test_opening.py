"""Criteria 1, 4 and 5: a page opens anywhere, asks for nothing but itself, and looks the same every time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.drawing import draw

from ..samples import J3262, neighbourhood, star
from .opened import Opened, OpenFile
from .pictures import Pictures

# What a browser is on its way to before any of it is shown: attributes that name something to load.
_LOADING = """[...document.querySelectorAll("*")].flatMap((each) => [...each.attributes])
  .filter(({ name }) => ["src", "href", "srcset", "action", "poster", "background", "data"].includes(name))
  .map(({ name, value }) => `${name}=${value}`)"""


def test_it_opens_from_any_folder_and_asks_for_nothing_but_itself(
    tmp_path: Path, open_file: OpenFile, pictures: Pictures
) -> None:
    folder = tmp_path / "für die Klasse №1 & mehr (100 %)"
    folder.mkdir()
    file = draw(neighbourhood(), [J3262]).save(folder / "J3262 Übersicht #2?.html")
    opened = open_file(file)
    shot = pictures.read(opened.page.locator("#canvas").screenshot())
    assert 0.03 < shot.inked < 0.9
    opened.press("t", "p", "d", "q", "0")
    assert opened.requests == [file.as_uri()]
    assert opened.complaints == []
    assert opened.evaluate(_LOADING) == []
    assert opened.page.title() == opened.text("h1") == "J3262 Injection, tocilizumab, 1 mg"
    assert list(folder.iterdir()) == [file]


@pytest.mark.parametrize("size", [40, 150, 1000, 3000])
def test_it_gets_ready_at_every_size_and_is_small_enough_to_mail(
    size: int, tmp_path: Path, open_file: OpenFile
) -> None:
    file = draw(star(size), [J3262], max_nodes=size).save(tmp_path / "page.html")
    assert file.stat().st_size <= 600_000 + 600 * (size - 1)
    opened = open_file(file)
    assert opened.complaints == []
    assert len(opened.seen().concepts) == size and len(opened.seen().connections) == size - 1


def test_the_page_of_a_real_code_is_small_enough_to_mail(real: Path, open_file: OpenFile) -> None:
    opened = open_file(real)
    assert opened.complaints == []
    assert real.stat().st_size <= 600_000 + 600 * len(opened.data["connections"])


def test_the_command_writes_the_same_bytes_whatever_the_machine(bundled_store: Path, tmp_path: Path) -> None:
    pages = []
    for seed in "123":
        file = tmp_path / f"{seed} ü.html"
        machine = {"PYTHONHASHSEED": seed, "PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
        done = subprocess.run(
            [Path(sys.executable).with_name("kg"), "draw", "J3262", "-o", file],
            capture_output=True,
            env={**os.environ, **machine, "KG_STORE": str(bundled_store)},
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, done.stderr), done.stderr
        pages.append(file.read_bytes())
    assert pages[0] == pages[1] == pages[2]
    assert "supported by diagnosis" in pages[0].decode("utf-8", "strict")


def _screenshot(opened: Opened) -> bytes:
    opened.settle()
    shot: bytes = opened.page.screenshot()
    return shot


def test_every_load_looks_the_same(sample: Path, open_file: OpenFile) -> None:
    shots = {_screenshot(open_file(sample)) for _ in range(3)}
    assert len(shots) == 1
