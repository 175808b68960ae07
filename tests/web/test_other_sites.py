"""Pages of another site, in a real browser: they ask as editors and engines for SPARQL in browsers do.

YASGUI sends a form; Comunica sends GET, and first asks the endpoint to describe itself; others post the query itself
(`application/sparql-query`), for which browsers ask first (OPTIONS). The first two were run by hand: docs/service.md.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from .conftest import SELECT, started

pytestmark = pytest.mark.browser

ROWS = (
    "application/sparql-results+json,application/sparql-results+xml;q=0.9,text/tab-separated-values;q=0.8,"
    "text/csv;q=0.7,*/*;q=0.5"
)
TRIPLES = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
    "application/n-triples;q=0.8,text/turtle;q=0.6"
)
CONSTRUCT = "CONSTRUCT { ?code bkg:hasPayer ?payer } WHERE { ?code bkg:hasPayer ?payer }"
ASK = """async ([address, options]) => {
    const answer = await fetch(address, options).catch((error) => ({ error: String(error) }));
    if (answer.error) return [0, answer.error, ""];
    return [answer.status, answer.headers.get("content-type"), await answer.text()];
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def other_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with one page, which has nothing to do with the server."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text("<!doctype html><title>Editor</title>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    # For a browser a site of its own, as 127.0.0.1 with another port would not be.
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def endpoint(store: Path, other_site: str) -> Iterator[str]:
    with started(store, "--allow-origin", other_site) as (_, address):
        yield f"{address}sparql"


@pytest.fixture
def page(browser: Any, other_site: str) -> Iterator[Any]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(other_site)
    yield page
    context.close()


def form(query: str) -> dict[str, Any]:
    """A query as forms send it, of which browsers do not ask first."""
    return {"method": "POST", "body": query, "headers": {"Content-Type": "application/x-www-form-urlencoded"}}


@pytest.mark.parametrize("how", ["GET", "form", "query itself"])
@pytest.mark.parametrize("query", [SELECT, CONSTRUCT], ids=["rows", "triples"])
def test_a_page_of_a_site_that_is_named_asks(how: str, query: str, page: Any, endpoint: str) -> None:
    accept = ROWS if query == SELECT else TRIPLES
    encoded = page.evaluate("(query) => new URLSearchParams({ query }).toString()", query)
    address, options = {
        "GET": (f"{endpoint}?{encoded}", {}),
        "form": (endpoint, form(encoded)),
        "query itself": (
            endpoint,
            {"method": "POST", "body": query, "headers": {"Content-Type": "application/sparql-query"}},
        ),
    }[how]
    options = {**options, "headers": {**options.get("headers", {}), "Accept": accept}}
    status, media_type, text = page.evaluate(ASK, [address, options])
    assert status == 200, text
    assert media_type.split(";")[0] == accept.split(",")[0]
    assert "https://w3id.org/billing-kg/code/hcpcs/J0129" in text


def test_it_reads_what_the_endpoint_says_of_itself_and_what_is_wrong(page: Any, endpoint: str) -> None:
    status, media_type, text = page.evaluate(ASK, [endpoint, {"headers": {"Accept": TRIPLES}}])
    assert status == 200 and "sparql-service-description" in text, media_type
    status, _, text = page.evaluate(ASK, [f"{endpoint}?query=nonsense", {"headers": {"Accept": ROWS}}])
    assert status == 400 and "error" in text


def test_a_page_of_a_site_that_is_not_named_does_not(page: Any, address: str) -> None:
    for options in ({}, form("query=ASK%20%7B%7D"), {"headers": {"Content-Type": "application/sparql-query"}}):
        status, error, _ = page.evaluate(ASK, [f"{address}sparql?query=ASK%20%7B%7D", options])
        assert (status, error) == (0, "TypeError: Failed to fetch")
