"""Who may ask: names, sites, the token, and what is told of all that."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import BASIC, SPARQLWrapper

from .conftest import J0129, SELECT, codes, refused, run, started

TOKEN = "3f9c1a7e5b2d4860"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def open_server(store: Path) -> Iterator[httpx.Client]:
    """A client, without the token, of a server that others can reach."""
    words = ("--host", "0.0.0.0", "--token", TOKEN, "--allow-host", "kg.example.org")
    with started(store, *words) as (_, address):
        client = httpx.Client(base_url=address.replace("0.0.0.0", "127.0.0.1"), timeout=30, trust_env=False)
        with client:
            yield client


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_others_are_let_in_only_with_a_token(host: str, store: Path) -> None:
    ran = run("serve", "--port", "0", "--store", store, "--host", host)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"kg: others can reach {host}: give a token")
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("secret", "the token has 6 characters"),
        ("p" * 15 + "\u00e4", "may hold letters"),
        ("two words of it all", "may"),
    ],
)
def test_a_weak_token_is_refused_and_not_repeated(token: str, error: str, store: Path) -> None:
    ran = run("serve", "--port", "0", "--store", store, "--token", token)
    assert ran.returncode == 2
    assert error in ran.stderr
    assert token not in ran.stderr


def test_at_the_start_it_says_who_can_reach_it(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_TOKEN", TOKEN)
    with started(store, "--host", "0.0.0.0") as (process, address):
        port = address.rstrip("/").rpartition(":")[2]
        assert process.stderr
        line = process.stderr.readline()
        assert f"whoever reaches any address of this machine on port {port} and has the token" in line
        assert "nothing is encrypted" in line
        assert TOKEN not in line
        assert httpx.get(f"http://127.0.0.1:{port}/schema", trust_env=False).status_code == 401


@pytest.mark.parametrize("path", ["/", "/sparql", "/queries", "/show/J3262", "/metrics", "/nosuchpage", "/health/x"])
def test_without_the_token_there_is_nothing(path: str, open_server: httpx.Client) -> None:
    response = open_server.get(path)
    assert "needs a token" in refused(response, 401)
    schemes = [challenge.partition(" ")[0] for challenge in response.headers.get_list("www-authenticate")]
    assert schemes == ["Basic", "Bearer"]
    assert open_server.get(path, headers=BEARER).status_code != 401


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        TOKEN,
        "Bearer",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}0",
        f"Token {TOKEN}",
        "Basic",
        "Basic !!!",
        f"Basic {TOKEN}",
        "Basic " + base64.b64encode(f"{TOKEN}:".encode()).decode(),
        "Basic " + base64.b64encode(b"x:\xff\xfe").decode(),
        "Bearer \u00e4",
    ],
)
def test_what_is_not_the_token_does_not_open(authorization: str, open_server: httpx.Client) -> None:
    response = open_server.get("/schema", headers={b"Authorization": authorization.encode("latin-1")})  # type: ignore[dict-item]
    assert response.status_code == 401
    assert response.status_code == open_server.get(f"/schema?token={TOKEN}&access_token={TOKEN}").status_code


def test_of_several_tokens_none_counts(open_server: httpx.Client) -> None:
    bearer = ("Authorization", f"Bearer {TOKEN}")
    assert open_server.get("/schema", headers=[bearer]).status_code == 200
    assert "needs a token" in refused(open_server.get("/schema", headers=[bearer, bearer]), 401)


@pytest.mark.parametrize("form", ["Bearer {token}", "bearer {token}", "Basic {basic}", "BASIC {basic}"])
def test_the_token_opens(form: str, open_server: httpx.Client) -> None:
    basic = base64.b64encode(f"anybody:{TOKEN}".encode()).decode()
    authorization = form.format(token=TOKEN, basic=basic)
    assert open_server.get("/schema", headers={"Authorization": authorization}).status_code == 200


def test_clients_of_other_libraries_bring_the_token(open_server: httpx.Client) -> None:
    endpoint = f"{open_server.base_url}sparql"
    wrapper = SPARQLWrapper(endpoint, returnFormat="json")
    wrapper.setHTTPAuth(BASIC)
    wrapper.setCredentials("kg", TOKEN)
    wrapper.setQuery(SELECT)
    assert wrapper.query().convert()["results"]["bindings"][0]["code"]["value"] == J0129
    store = SPARQLStore(endpoint, auth=("kg", TOKEN))
    assert [str(row[0]) for row in store.query(f"PREFIX bkg: <https://w3id.org/billing-kg/ns#> {SELECT}")] == [J0129]


def test_names_are_checked_on_a_wider_address_too(open_server: httpx.Client) -> None:
    port = open_server.base_url.port
    for host in ("kg.example.org", "KG.example.org:443", "localhost", f"127.0.0.1:{port}"):
        assert open_server.get("/schema", headers={**BEARER, "Host": host}).status_code == 200, host
    for host in ("evil.example", "0.0.0.0.evil.example", "10.0.0.1", "[::1", "", "kg.example.org@evil.example"):
        response = open_server.get("/schema", headers={**BEARER, "Host": host})
        assert "kg serve --allow-host gives it one" in refused(response, 400), host


@pytest.mark.parametrize("host", ["https://kg.example.org", "kg.example.org:80", "a b", ""])
def test_what_is_no_name_is_refused(host: str, store: Path) -> None:
    ran = run("serve", "--port", "0", "--store", store, "--allow-host", host)
    assert (ran.returncode, f"not a name such as kg.example.org: {host!r}" in ran.stderr) == (2, True)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "127.0.0.1", ""])
def test_a_page_of_another_origin_cannot_post(origin: str, client: httpx.Client) -> None:
    """Browsers that are too old for Sec-Fetch-Site send at least this."""
    foreign = {"Origin": origin}
    assert "another site" in refused(client.post("/sparql", data={"query": SELECT}, headers=foreign), 403)


def test_a_page_of_ours_can_post(client: httpx.Client) -> None:
    own = {"Origin": str(client.base_url).rstrip("/")}
    without_referrer = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    for headers in (own, without_referrer):
        assert codes(client.post("/sparql", data={"query": SELECT}, headers=headers)) == [J0129]


def test_a_preflight_needs_no_token(store: Path) -> None:
    site = "https://editor.example"
    with started(store, "--allow-origin", site, "--token", TOKEN) as (_, address):
        asked = {"Origin": site, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
        preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
        assert httpx.options(f"{address}sparql", headers=asked | preflight).status_code == 200
        answer = httpx.post(f"{address}sparql", data={"query": SELECT}, headers=asked | BEARER)
        assert codes(answer) == [J0129]
        assert httpx.post(f"{address}sparql", data={"query": SELECT}, headers=asked).status_code == 401


def test_health_is_told_to_everybody(open_server: httpx.Client, tmp_path: Path) -> None:
    answer = open_server.get("/health")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["build"]) == ("ok", 1)
    assert "version" in answer.json()


def test_health_says_that_there_is_no_graph_any_more(store: Path, tmp_path: Path) -> None:
    moved = tmp_path / "graph"
    moved.symlink_to(store)
    with started(moved) as (_, address):
        assert httpx.get(f"{address}health").status_code == 200
        moved.unlink()
        assert refused(httpx.get(f"{address}health"), 503) == "there is no graph"


def test_requests_are_counted(store: Path) -> None:
    with started(store) as (_, address), httpx.Client(base_url=address, timeout=30) as client:
        for path in ("/show/J3262", "/show/J0129", "/nosuchpage", "/nosuchpage2"):
            client.get(path)
        client.request("BREW", "/schema")
        response = client.get("/metrics")
        assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
        lines = response.text.splitlines()
        assert 'kg_requests_total{method="GET",page="/api/v1/show/{code:path}",status="200"} 2.0' in lines
        assert 'kg_requests_total{method="GET",page="none",status="404"} 2.0' in lines
        assert any('method="other"' in line and 'status="405"' in line for line in lines)
        assert 'kg_request_seconds_count{page="/api/v1/show/{code:path}"} 2.0' in lines
        assert {'kg_workers_busy{lane="slow"} 0.0', 'kg_questions_waiting{lane="checks"} 0.0'} <= set(lines)
        assert not [line for line in lines if "J3262" in line or "nosuchpage" in line]


def test_the_log_has_neither_tokens_nor_queries(store: Path) -> None:
    with started(store, "--log-requests", "--token", TOKEN) as (process, address):
        httpx.get(f"{address}show/J3262", headers=BEARER)
        httpx.get(f"{address}sparql?query=ASK%7B%7D&access_token={TOKEN}")
        httpx.get(f"{address}show/a%0Ab{'x' * 500}", headers=BEARER)
        assert process.stderr
        lines = [process.stderr.readline() for _ in range(3)]
    form = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} 127\.0\.0\.1 GET %s %s \d+ bytes \d+ ms\n"
    assert re.fullmatch(form % ("/show/J3262", 200), lines[0]), lines[0]
    assert re.fullmatch(form % ("/sparql", 401), lines[1]), lines[1]
    assert re.fullmatch(form % ("/show/a%0Abx+", 404), lines[2]), lines[2]
    assert len(lines[2]) < 300
    assert TOKEN not in "".join(lines)
