"""The calls of docs/assistants.md, made by a client of the package: each answer has what the page shows of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp")

from mcp import ClientSession

from kg.assistants.calls import limits_given
from kg.assistants.tools import TOOLS
from kg.service.limits import LIMITS
from tests.assistants.conftest import answer, talk

PAGE = (Path(__file__).parents[2] / "docs" / "assistants.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL))


def has(given: Any, shown: Any) -> bool:
    """Whether an answer has what is shown of it: some fields of an object, some members of a list in their order."""
    if isinstance(shown, dict):
        return isinstance(given, dict) and all(name in given and has(given[name], each) for name, each in shown.items())
    if isinstance(shown, list) and shown:
        left = iter(given)
        return all(any(has(each, wanted) for each in left) for wanted in shown)
    return bool(given == shown)


def test_every_tool_is_on_the_page() -> None:
    assert list(SECTIONS) == [tool.name for tool in TOOLS]


def test_the_limits_of_the_page_are_those_of_the_server() -> None:
    limits = limits_given(())
    table = PAGE[PAGE.index("| limit |") :]
    named = re.findall(r"([\d,]+)(?: MiB| seconds| bytes)?(?: together)? \(`([a-z][a-z-]+)`\)", table)
    assert len(named) >= 8
    for value, name in named:
        assert getattr(limits, LIMITS[name].name) == int(value.replace(",", "")), name


@pytest.mark.slow
def test_the_answers_are_what_the_page_shows(bundled_store: Path) -> None:
    async def play(session: ClientSession) -> None:
        for name, section in SECTIONS.items():
            call, shown = map(json.loads, re.findall(r"^```json\n(.*?)^```", section, re.MULTILINE | re.DOTALL))
            given = answer(await session.call_tool(name, call))
            assert has(given, shown), f"{name}: {json.dumps(given, indent=1)}"

    talk(bundled_store, play)


def test_what_an_answer_does_not_have_is_noticed() -> None:
    assert has({"a": 1, "b": [{"c": 2}, {"d": 3}]}, {"b": [{"d": 3}]})
    for shown in ({"a": 2}, {"c": 1}, {"b": [{"d": 3}, {"c": 2}]}, {"b": []}):
        assert not has({"a": 1, "b": [{"c": 2}, {"d": 3}]}, shown)
