"""The page that checks a document."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from ..conftest import HOSTILE
from .conftest import BROWSER, Show, links, parsed, words

MISTAKEN = "J0517 identifies mepolizumab (Nucala), billed per 1 mg."


def checked(client: httpx.Client, status: int = 200, **form: Any) -> Any:
    files = {name: (None, value) if isinstance(value, str) else value for name, value in form.items()}
    return parsed(client.post("/check", files=files, headers={"Accept": BROWSER}), status)


def test_the_form_needs_no_script(show: Show) -> None:
    (form,) = show("/check").find_class("check")
    assert (form.get("method"), form.get("enctype"), form.get("action")) == ("post", "multipart/form-data", "/check")


@pytest.mark.slow
@pytest.mark.parametrize("form", [{"text": MISTAKEN}, {"document": ("guide.md", MISTAKEN.encode())}])
def test_a_document_is_marked_with_what_was_meant(client: httpx.Client, form: dict[str, Any]) -> None:
    page = checked(client, **form)
    (finding,) = page.find_class("finding")
    assert words(finding).startswith("✗ refuted J0517 is “Inj., benralizumab, 1 mg”")
    assert links(finding)["J2182 mepolizumab, 1 mg"] == "/code/hcpcs/J2182"
    assert MISTAKEN in [words(mark) for mark in page.iter("mark")]
    assert words(page.find_class("told")[0]) == "1 finding in 1 code, of which 1 could be checked."


@pytest.mark.slow
def test_what_is_right_and_what_says_nothing(client: httpx.Client) -> None:
    page = checked(client, text="J2182 identifies mepolizumab (Nucala).", as_of="2026-01-01")
    assert words(page.find_class("told")[0]) == "Nothing speaks against it: 1 code, of which 1 could be checked."
    assert words(checked(client, text="Nothing.").find_class("told")[0]) == "No code was found in it."


@pytest.mark.slow
def test_a_text_is_text(client: httpx.Client) -> None:
    page = checked(client, text=f"{MISTAKEN} {HOSTILE}\n{{{{7*7}}}} \u202e")
    assert f"{HOSTILE}" in page.text_content()
    assert "{{7*7}} \u202e" in page.text_content()


@pytest.mark.parametrize(
    ("form", "status", "told"),
    [
        ({"as_of": "2026-01-01"}, 400, "no document was sent, and no text"),
        ({"text": "J3262", "as_of": "now"}, 400, "not a date: 'now'"),
        ({"text": "J3262", "page": "1"}, 400, "no such field: 'page'"),
        pytest.param({"document": ("guide", b"\x7fELF\0\0\0\0")}, 422, "the document: ", marks=pytest.mark.slow),
    ],
)
def test_what_is_wrong_is_told(client: httpx.Client, form: dict[str, Any], status: int, told: str) -> None:
    assert told in words(checked(client, status, **form).find_class("told")[0])


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/x-www-form-urlencoded", b"text=J3262", 415),
        ("multipart/form-data", b"text=J3262", 415),
        ("multipart/form-data; boundary=x", b"no part", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nJ3262\r\n--x--", 400),
    ],
)
def test_what_is_no_such_form_is_refused(client: httpx.Client, content_type: str, body: bytes, status: int) -> None:
    parsed(client.post("/check", content=body, headers={"Content-Type": content_type}), status)


def test_no_other_site_can_send_a_document(client: httpx.Client) -> None:
    response = client.post("/check", files={"text": (None, MISTAKEN)}, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
