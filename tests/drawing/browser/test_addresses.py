"""An address for every state: Back, a reload and a link lead there, and what a stranger writes there does nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from kg.drawing import Drawing

from ..samples import PAYLOADS, mistake_drawing
from .opened import Opened, OpenFile

_STATE = """(() => {
  const { selected, plan, view, quiz, excluded, off, step } = billingKg.state;
  const hidden = Object.values(off).flatMap((keys) => [...keys]);
  const find = document.getElementById("find").value;
  return JSON.stringify({ selected, plan, view, quiz, excluded, hidden, step, find });
})()"""


def state(opened: Opened) -> str:
    return str(opened.evaluate(_STATE))


def fragment(opened: Opened, *parts: str) -> None:
    """Until the fragment of the address has these parts, and no others."""
    opened.wait_for(f"decodeURIComponent(location.hash) === {('#' + '&'.join(parts) if parts else '')!r}")


def reload(opened: Opened) -> None:
    opened.page.reload()
    opened.wait_for("document.documentElement.dataset.ready === 'true'", 30)


@pytest.fixture
def mistake(save: Callable[[Drawing], Path], open_file: OpenFile) -> Opened:
    return open_file(save(mistake_drawing()))


def test_the_address_says_what_is_shown_and_back_leads_to_what_was_shown_before(mistake: Opened) -> None:
    fragment(mistake)
    mistake.click("#show-graph")
    fragment(mistake, "view=graph")
    before = state(mistake)
    mistake.click_marker(mistake.number("modifier:LT"))
    fragment(mistake, "select=modifier:LT")
    mistake.click("#panel ul button")
    fragment(mistake, "select=hcpcs:J3032~acceptsModifier~modifier:LT")
    mistake.page.go_back()
    mistake.wait_for("billingKg.state.selected.concept !== undefined")
    mistake.page.go_back()
    mistake.wait_for("billingKg.state.selected === null")
    assert state(mistake) == before
    mistake.page.go_back()
    mistake.wait_for("billingKg.state.view === 'findings'")


def test_a_reload_and_a_link_lead_to_the_same(mistake: Opened, open_file: OpenFile) -> None:
    mistake.click("#show-graph")
    mistake.page.uncheck('#legend input[data-key="icd10cm"]')
    mistake.click_marker(mistake.number("hcpcs:J2356"))
    mistake.press("q", "p")
    mistake.click_marker(mistake.number("hcpcs:J2356"))
    fragment(mistake, "select=hcpcs:J2356", "mode=projector,quiz", "hide=kinds:icd10cm")
    before = state(mistake)
    reload(mistake)
    assert state(mistake) == before
    # One who is sent the link starts there as well.
    other = open_file(mistake.file)
    other.evaluate("(hash) => { location.hash = hash; }", mistake.evaluate("location.hash"))
    other.wait_for("billingKg.state.selected !== null")
    assert state(other) == before


def test_filters_and_search_are_part_of_the_place_and_no_step_of_their_own(mistake: Opened) -> None:
    mistake.click("#show-graph")
    fragment(mistake, "view=graph")
    length = mistake.evaluate("history.length")
    mistake.page.uncheck('#legend input[data-key="refuted"]')
    mistake.page.fill("#find", "migr & co")
    fragment(mistake, "view=graph", "hide=verdicts:refuted", "find=migr & co")
    assert mistake.evaluate("history.length") == length
    reload(mistake)
    assert mistake.evaluate("document.getElementById('find').value") == "migr & co"
    assert not mistake.evaluate("document.querySelector('#legend input[data-key=\"refuted\"]').checked")


def test_a_path_is_part_of_the_address(mistake: Opened) -> None:
    mistake.click("#show-graph")
    mistake.click("#path-form summary")
    mistake.page.fill("#from", "G43.709")
    mistake.page.fill("#to", "LT")
    mistake.click("#find-path")
    fragment(mistake, "view=graph", "path=icd10cm:G43.709~modifier:LT~disputed")
    reload(mistake)
    assert mistake.evaluate("billingKg.state.way.hops.length") == 2


def test_copy_link_shows_the_link_where_it_cannot_be_copied(mistake: Opened) -> None:
    mistake.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    mistake.click("#show-graph")
    mistake.menu("copy-link")
    assert mistake.text("#caption") == mistake.evaluate("location.href") and "#view=graph" in mistake.text("#caption")


_HOSTILE = [
    *(f"select={quote(text, errors='replace')}&find={quote(text, errors='replace')}" for text in PAYLOADS[:8]),
    "view=constructor&step=99999999999&select=__proto__~toString~a&hide=__proto__:x,kinds:constructor,:,&only=x&open=,a",
    "path=hcpcs:J3032~hcpcs:J3032~disputed&mode=toString,projector2&theme=javascript:1",
    "%E0%A4%A&select=%&view=%00",
    "a=" * 5000,
]


@pytest.mark.parametrize("text", _HOSTILE, ids=range(len(_HOSTILE)))
def test_a_fragment_of_a_stranger_is_ignored(text: str, mistake: Opened) -> None:
    title = mistake.page.title()
    mistake.page.evaluate("(text) => { location.hash = text; }", text)
    mistake.settle()
    mistake.page.wait_for_timeout(250)
    chosen = mistake.evaluate("(({ selected, way, only, step }) => [selected, way, only, step])(billingKg.state)")
    assert chosen == [None, None, None, None]
    assert mistake.evaluate("[billingKg.state.view, billingKg.state.plan]") == ["findings", "panels"]
    assert mistake.page.title() == title and mistake.complaints == []
    assert mistake.count("img, iframe, object, a") == 0 and mistake.count("script") == 3
    # Nothing is asked for, kept, or written, not even the address.
    assert {each.partition("#")[0] for each in mistake.requests} == {mistake.file.as_uri()}
    assert mistake.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    assert mistake.evaluate("location.hash.length") > 1
