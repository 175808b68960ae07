"""Decisions about findings, taken in the page of findings."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html

from ..conftest import HOSTILE, started
from .conftest import BROWSER, links, parsed, words

TOKEN = "a-token-of-many-letters"


@pytest.fixture(scope="module")
def own_store(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(store, tmp_path_factory.mktemp("deciding") / "graph"))


@pytest.fixture(scope="module")
def own(own_store: Path) -> Iterator[httpx.Client]:
    """A server whose findings may be decided about, and nothing else is asked."""
    with started(own_store) as (_, address):
        headers = {"Accept": BROWSER, "Origin": address.rstrip("/")}
        with httpx.Client(base_url=address, timeout=40, trust_env=False, headers=headers) as client:
            yield client


def page_of(client: httpx.Client, **asked: str) -> Any:
    return parsed(client.get("/findings", params=asked))


def finding_of(page: Any) -> str:
    return str(page.find_class("finding")[0].get("id").removeprefix("finding-"))


@pytest.fixture
def finding(own: httpx.Client, own_store: Path) -> str:
    """The one finding, open."""
    own_store.with_name("graph.decisions.json").unlink(missing_ok=True)
    return finding_of(page_of(own))


def post(client: httpx.Client, address: str = "/findings", headers: dict[str, str] | None = None, **fields: str) -> Any:
    return client.post(address, data=fields, headers=headers)


def test_a_finding_is_accepted_and_reopened(own: httpx.Client, finding: str) -> None:
    done = post(own, "/findings?code=J3032", finding=finding, decision="accepted", note=f"sent back {HOSTILE}")
    assert (done.status_code, done.headers["location"]) == (303, f"/findings?code=J3032#finding-{finding}")
    (shown,) = page_of(own).find_class("decision")
    assert words(shown).startswith("Accepted on 20") and words(shown).endswith(f": sent back {HOSTILE}")
    assert len(page_of(own, decision="open").find_class("finding")) == 0
    row = own.get("/api/v1/findings", headers={"Accept": "application/json"}).json()["rows"][0]
    assert (row["finding"], row["decision"], row["note"]) == (finding, "accepted", f"sent back {HOSTILE}")
    post(own, finding=finding, decision="open")
    assert page_of(own).find_class("decision") == []


def test_what_is_set_aside_is_hidden_and_counted(own: httpx.Client, finding: str) -> None:
    post(own, finding=finding, decision="set-aside", note="known")
    page = page_of(own)
    assert page.find_class("finding") == []
    assert words(page.find_class("told")[0]) == "No finding but those that were set aside."
    assert links(page)["show all"] == "/findings?decision=any"
    assert len(page_of(own, decision="any").find_class("aside")) == 1
    assert own.get("/api/v1/findings", headers={"Accept": "application/json"}).json()["rows"] == []
    assert len(own.get("/api/v1/findings?decision=any", headers={"Accept": "application/json"}).json()["rows"]) == 1
    start = parsed(own.get("/"))
    assert links(start)["1 more"] == "/findings?decision=set-aside"
    assert "1 finding" not in links(start)
    (decision,) = parsed(own.get("/code/hcpcs/J3032")).find_class("decision")
    assert words(decision).startswith("Set aside on 20")


def test_browsers_are_told_that_something_was_decided(own: httpx.Client, finding: str) -> None:
    tag = own.get("/findings").headers["etag"]
    assert own.get("/findings", headers={"If-None-Match": tag}).status_code == 304
    post(own, finding=finding, decision="accepted")
    assert own.get("/findings", headers={"If-None-Match": tag}).status_code == 200


def test_programs_are_answered_in_json(own: httpx.Client, finding: str) -> None:
    done = post(own, headers={"Accept": "*/*"}, finding=finding, decision="accepted")
    assert done.json() == {"finding": finding, "decision": "accepted"}
    gone = post(own, headers={"Accept": "*/*"}, finding="nosuch", decision="accepted")
    assert (gone.status_code, gone.json()) == (404, {"error": "no finding is called 'nosuch'"})


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    [
        ({"finding": "nosuch", "decision": "accepted"}, 404, "no finding is called 'nosuch'"),
        ({"decision": "accepted"}, 400, "missing: 'finding'"),
        ({"finding": "{}", "decision": "maybe"}, 400, "no such decision: 'maybe'"),
        ({"finding": "{}", "decision": "any"}, 400, "no such decision: 'any'"),
        ({"finding": "{}", "decision": "set-aside"}, 400, "to set a finding aside needs a note that says why"),
        ({"finding": "{}", "decision": "accepted", "note": "x" * 1001}, 400, "a note has at most 1,000 characters"),
        ({"finding": "{}", "decision": "accepted", "more": "x"}, 400, "no such parameter: 'more'"),
    ],
)
def test_what_is_wrong_is_told(
    own: httpx.Client, finding: str, fields: dict[str, str], status: int, told: str, own_store: Path
) -> None:
    done = post(own, **{name: value.replace("{}", finding) for name, value in fields.items()})
    assert done.status_code == status
    assert told in words(html.document_fromstring(done.text).find_class("told")[0])
    assert not own_store.with_name("graph.decisions.json").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        {"X-Forwarded-For": "192.0.2.1"},
        {"Host": "example.org"},
    ],
)
def test_pages_of_others_and_those_behind_a_proxy_decide_nothing(
    own: httpx.Client, finding: str, headers: dict[str, str], own_store: Path
) -> None:
    assert post(own, headers=headers, finding=finding, decision="accepted").status_code in (400, 403)
    assert not own_store.with_name("graph.decisions.json").exists()


@pytest.mark.slow
def test_pages_that_may_read_decide_nothing(own_store: Path, finding: str) -> None:
    with started(own_store, "--allow-origin", "*") as (_, address):
        sent = {"finding": finding, "decision": "accepted"}
        for headers in ({"Origin": "https://example.org"}, {"Sec-Fetch-Site": "cross-site"}):
            assert httpx.post(f"{address}findings", data=sent, headers=headers, trust_env=False).status_code == 403


@pytest.mark.slow
def test_whoever_has_the_token_decides(own_store: Path, finding: str) -> None:
    with started(own_store, "--token", TOKEN, "--allow-host", "kg.example.org") as (_, address):
        headers = {"Host": "kg.example.org", "X-Forwarded-For": "192.0.2.1"}
        sent = {"finding": finding, "decision": "accepted"}
        assert httpx.post(f"{address}findings", data=sent, headers=headers, trust_env=False).status_code == 401
        headers["Authorization"] = f"Bearer {TOKEN}"
        assert httpx.post(f"{address}findings", data=sent, headers=headers, trust_env=False).status_code == 200


@pytest.mark.slow
def test_a_name_of_the_server_without_a_token_shows_no_forms(own_store: Path, finding: str) -> None:
    with started(own_store, "--allow-host", "kg.example.org") as (_, address):
        headers = {"Accept": BROWSER, "Host": "kg.example.org"}
        page = parsed(httpx.get(f"{address}findings", headers=headers, trust_env=False))
        assert len(page.find_class("finding")) == 1 and page.find_class("deciding") == []
        sent = {"finding": finding, "decision": "accepted"}
        assert httpx.post(f"{address}findings", data=sent, headers=headers, trust_env=False).status_code == 403
