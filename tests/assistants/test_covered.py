"""`codes_for` asks the articles of Medicare where the graph has them, and names those that its rows are from."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kg.assistants.pages import page
from kg.assistants.schemas import output_schema
from kg.assistants.tools import TOOLS
from kg.service.answers import Current
from tests.graph.covered import covered


@pytest.fixture(scope="module")
def current(tmp_path_factory: pytest.TempPathFactory) -> Current:
    return Current(covered(tmp_path_factory.mktemp("covered")), lambda _: None)


def codes_for(current: Current, **given: Any) -> dict[str, Any]:
    """The answer of the tool, which has the shape that the tool names."""
    (tool,) = (tool for tool in TOOLS if tool.name == "codes_for")
    limit, offset, options = tool.arguments(given)
    reply = page(current, tool.ask, tool.parts, limit, offset, options)
    assert reply.status == 200
    content: dict[str, Any] = json.loads(reply.body)
    Draft202012Validator(output_schema(tool)).validate(content)
    return content


def test_a_state_is_asked_by_its_articles(current: Current) -> None:
    answer = codes_for(current, diagnosis="M81.0", state="FL", code="J0897")
    assert answer["known"] == "yes"
    assert "A57001-1" in {row["document"] for row in answer["rows"]}
    assert [policy["document"] for policy in answer["policies"]] == ["A57001-1"]
    assert "FL" in answer["policies"][0]["states"]


def test_a_page_names_the_articles_of_its_own_rows(current: Current) -> None:
    every = codes_for(current, diagnosis="M81.0", payer="medicare")
    named = {policy["document"] for policy in every["policies"]}
    assert len(named) > 1
    pages = [
        codes_for(current, diagnosis="M81.0", payer="medicare", limit=1, offset=at) for at in range(every["total"])
    ]
    assert [page["rows"][0] for page in pages] == every["rows"]
    for page_of_one in pages:
        assert {policy["document"] for policy in page_of_one["policies"]} <= {page_of_one["rows"][0]["document"]}
    assert {policy["document"] for page in pages for policy in page["policies"]} == named


def test_yes_no_and_not_known_are_told_apart(current: Current) -> None:
    given = {"code": "J0897", "trust": "corroborated"}
    answers = {
        "yes": codes_for(current, diagnosis="M81.0", state="FL", **given),
        "no": codes_for(current, diagnosis="M05.79", state="FL", **given),
        "not known": codes_for(current, diagnosis="M05.79", state="TX", **given),
    }
    assert {known: answer["known"] for known, answer in answers.items()} == {known: known for known in answers}
    assert {row["polarity"] for row in answers["no"]["rows"]} == {"excluded"}
    assert answers["not known"]["rows"] == []
