"""The modules of the page's script: imports point one way, and nothing is exported or long without need.

Names that are used and not declared, or declared and not used, are found by the check of types in `.ci/run`.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from kg.drawing.bundling import Module, read
from kg.drawing.texts import page_file
from kg.drawing.writing import script_names

# Each folder of `page/scripts` knows those before it and no more; `start` begins everything.
LAYERS = ("basis", "state", "pens", "picture", "actions", "sides", "files", "controls", "start")

MOST_LINES = 400
MOST_LINES_OF_FUNCTION = 50


def text_of(name: str) -> str:
    return page_file(f"scripts/{name}.js")


@cache
def modules() -> tuple[Module, ...]:
    return tuple(read(name, text_of(name)) for name in script_names())


def layer_of(name: str) -> int:
    return LAYERS.index(name.split("/")[0])


def test_no_module_imports_from_a_later_layer() -> None:
    # That they form no circle, the bundler makes sure of.
    assert [
        f"{module.name} imports {target}"
        for module in modules()
        for target in module.imports
        if layer_of(target) > layer_of(module.name)
    ] == []


def test_what_is_exported_is_imported() -> None:
    imported = {(target, name) for module in modules() for target, names in module.imports.items() for name in names}
    exported = {(module.name, name) for module in modules() for name in module.exports}
    assert sorted(exported - imported) == []


def test_only_one_module_writes_what_is_shown() -> None:
    """The check of types refuses to write to `state`, unless somebody takes its type away."""
    assert [each.name for each in modules() if re.search(r"\bstate(\.\w+)+ = ", each.body)] == []


@pytest.mark.parametrize("name", script_names())
def test_a_module_is_fit_to_be_bundled_and_read(name: str) -> None:
    text = text_of(name)
    assert text.startswith("// "), "a module begins with what it is about"
    assert len(text.splitlines()) <= MOST_LINES
    functions = re.findall(r"^(?:export )?(?:async )?function (\w+)(.*?)^\}$", text, re.MULTILINE | re.DOTALL)
    assert [name for name, body in functions if body.count("\n") >= MOST_LINES_OF_FUNCTION] == []
    # Indents and comments are taken off line by line, which would change a text over several lines.
    assert [line for line in text.splitlines() if line.count("`") % 2] == []
