"""Criterion 7: the legend counts what is there, and switches off exactly what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

import kg

from .opened import Opened, OpenFile, Seen

_COUNTS = """Object.fromEntries([...document.querySelectorAll("#legend input")].map((box) => [
  `${box.dataset.group || ""} ${box.dataset.key}`,
  Number(box.closest("label").querySelector(".count").textContent),
]))"""

# The connections of the code at the default trust; packages, and what releases keep apart or limit, are on no page.
_OF_CODE = """SELECT ?verdict ?relation ?other WHERE {
  { GRAPH ?graph { hcpcs:J3262 ?relation ?other } } UNION { GRAPH ?graph { ?other ?relation hcpcs:J3262 } }
  BIND(STRAFTER(STR(?graph), "/graph/relations/") AS ?verdict)
  FILTER(?verdict != "" && ?relation NOT IN (bkg:billedAs, bkg:bundledWith, bkg:unitsLimit, bkg:paymentLimit,
    bkg:excludes1, bkg:excludes2, bkg:codeFirst, bkg:useAdditionalCode))
}"""


@pytest.fixture(scope="module")
def counted(real: Any, open_shared: OpenFile) -> Opened:
    """The page of J3262, for tests that only look."""
    return open_shared(real)


def legend(opened: Opened) -> dict[str, int]:
    found: dict[str, int] = opened.evaluate(_COUNTS)
    return found


def _of_group(counts: dict[str, int], group: str) -> dict[str, int]:
    return {key.split()[1]: count for key, count in counts.items() if key.startswith(group)}


def test_counts_are_those_of_sparql(counted: Opened, graph: kg.BillingGraph) -> None:
    found, counts = [[str(value) for value in row] for row in graph.query(_OF_CODE).rows], legend(counted)
    assert len(found) > 60
    assert _of_group(counts, "verdicts") == Counter(verdict for verdict, _, _ in found)
    assert _of_group(counts, "relations") == Counter(relation.removeprefix("bkg:") for _, relation, _ in found)
    concepts = {"hcpcs:J3262", *(other for _, _, other in found)}
    assert _of_group(counts, "kinds") == Counter(concept.partition(":")[0] for concept in concepts)


def _without(opened: Opened, before: Seen, dropped: Callable[[Any], bool], kept: Callable[[Any], bool]) -> Seen:
    """What is left of what was seen, by the meaning of the switch, worked out from the data alone."""
    concepts, connections = opened.data["concepts"], opened.data["connections"]
    left = {
        number
        for number in before.connections
        if not dropped(connections[number])
        and kept(concepts[connections[number]["subject"]])
        and kept(concepts[connections[number]["object"]])
    }
    ends = {connections[number][end] for number in left for end in ("subject", "object")}
    focus = {number for number in before.concepts if concepts[number].get("focus") and kept(concepts[number])}
    return Seen(frozenset(ends | focus), frozenset(left))


@pytest.mark.parametrize("group", ["kinds", "relations", "verdicts", "strengths"])
def test_each_switch_hides_exactly_what_it_says_and_shows_it_again(group: str, opened: Opened) -> None:
    before = opened.seen()
    for drawer in ("relations", "strengths"):
        opened.evaluate("(id) => { document.getElementById(id).open = true; }", drawer)
    keys = [key.split()[1] for key in legend(opened) if key.startswith(group)]
    assert len(keys) >= (1 if group == "strengths" else 4)
    for key in keys:
        box = f'#legend input[data-group="{group}"][data-key="{key}"]'
        opened.page.uncheck(box)
        assert not opened.evaluate("(box) => document.querySelector(box).checked", box)
        expected = _without(
            opened,
            before,
            lambda each, key=key: (  # type: ignore[misc]
                key == each.get({"relations": "relation", "verdicts": "verdict"}.get(group, ""))
                or (group == "strengths" and each["assertions"][0]["strength"] == key)
            ),
            lambda each, key=key: group != "kinds" or each["kind"] != key,  # type: ignore[misc]
        )
        assert opened.seen() == expected, key
        opened.page.check(box)
        assert opened.seen() == before, key


def test_what_documents_exclude_is_shown_only_when_asked_for(opened: Opened) -> None:
    excluded = opened.connection("modifier:62")
    assert opened.is_excluded(excluded)
    before, counts = opened.seen(), legend(opened)
    assert excluded not in before.connections and opened.number("modifier:62") not in before.concepts
    opened.page.check("#excluded")
    after = opened.seen()
    assert after.connections - before.connections == {excluded}
    assert after.concepts - before.concepts == {opened.number("modifier:62")}
    assert legend(opened)["relations acceptsModifier"] == counts["relations acceptsModifier"] + 1
    opened.page.uncheck("#excluded")
    assert opened.seen() == before and legend(opened) == counts


def test_counts_are_of_what_is_seen(opened: Opened) -> None:
    for _ in range(2):
        seen, counts = opened.seen(), legend(opened)
        kinds = Counter(opened.data["concepts"][number]["kind"] for number in seen.concepts)
        relations = Counter(opened.data["connections"][number]["relation"] for number in seen.connections)
        assert (_of_group(counts, "kinds"), _of_group(counts, "relations")) == (kinds, relations)
        opened.page.check("#excluded")


def test_counts_of_what_is_off_stay_and_reset_shows_all(opened: Opened) -> None:
    before, counts = opened.seen(), legend(opened)
    for box in ('[data-key="modifier"]', '[data-key="unchecked"]', '[data-key="icd10cm"]'):
        opened.page.uncheck(f"#legend input{box}")
    assert legend(opened) == counts
    assert len(opened.seen().connections) < len(before.connections) - 15
    opened.click("#reset")
    assert opened.seen() == before
    assert opened.evaluate(
        "[...document.querySelectorAll('#legend input')].every((box) => box.checked || box.id === 'excluded')"
    )
    assert not opened.is_shown("#reset")
    assert opened.evaluate("document.activeElement.closest('#legend') !== null")


def test_a_switch_keeps_the_keyboard(opened: Opened) -> None:
    opened.page.focus('#legend input[data-key="modifier"]')
    opened.press("Space")
    assert opened.evaluate("document.activeElement.dataset.key") == "modifier"
    assert not any(curie.startswith("modifier:") for curie in opened.seen_curies())
    opened.press("Space")
    assert "modifier:JW" in opened.seen_curies()


def test_only_this_leaves_one_of_its_group_and_all_again(opened: Opened) -> None:
    before = opened.seen()
    only = '#legend [data-only="kinds payer"]'
    opened.page.focus(only)
    opened.press("Enter")
    kinds = {opened.data["concepts"][n]["kind"] for n in opened.seen().concepts if n != opened.focus()}
    assert kinds <= {"payer"}
    assert opened.page.is_checked('#legend input[data-key="payer"]')
    assert not opened.page.is_checked('#legend input[data-key="modifier"]')
    opened.press("Enter")
    assert opened.seen() == before


def test_the_counts_below_the_title_are_of_what_is_shown(opened: Opened) -> None:
    assert "39 connections" in opened.text("#summary")
    opened.page.uncheck('#legend input[data-key="icd10cm"]')
    assert f"{len(opened.seen().connections)} connections" in opened.text("#summary")
    assert "39 connections" not in opened.text("#summary")
