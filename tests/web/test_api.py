"""The JSON API: its description holds for its routes and its answers, and documents can be checked."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from kg.answer_rows import VERSION
from kg.service.pool import Pool, Room
from kg.service.shapes import shapes
from kg.web.observing import Metrics
from kg.web.openapi import description
from kg.web.routes import Workbench
from kg.web.settings import Settings

from .conftest import GUIDES, KG, refused, run, started
from .test_connections import few, running, wait_until

API = "/api/v1"
WRONG = "J0517 identifies mepolizumab (Nucala), billed per 1 mg.\n"


def closed(schema: Any) -> Any:
    """A schema that takes no field that it does not name, so that each that comes out has to be described."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(value) for name, value in schema.items()}
    return (
        {**inner, "additionalProperties": False} if inner.get("type") == "object" and "properties" in inner else inner
    )


def checked(answer: Any, shape: str) -> Any:
    """An answer, which has the shape of this name and nothing besides."""
    whole = {"$ref": f"#/components/schemas/{shape}", "components": {"schemas": closed(shapes())}}
    errors = [f"{list(error.path)}: {error.message}" for error in Draft202012Validator(whole).iter_errors(answer)]
    assert errors == []
    return answer


@pytest.mark.slow
def test_the_description_is_openapi(client: httpx.Client) -> None:
    served = client.get(f"{API}/openapi.json").json()
    validate(served)
    assert served == json.loads(json.dumps(description()))
    operations = [one["operationId"] for path in served["paths"].values() for one in path.values()]
    assert len(operations) == len(set(operations)) > 100


def test_the_description_has_the_routes_and_no_others(store: Path) -> None:
    pool = Pool(store, Room(1, 1 << 30))
    routes = Workbench(store, Settings(), pool, pool, Metrics(())).routes()
    served = {
        (route.path.removeprefix(API).replace(":path", ""), method.lower())
        for route in routes
        for method in (route.methods or set()) - {"HEAD"}
        if route.path.startswith(API) and not route.path.endswith("/openapi.json")
    }
    asked = {("/queries/{name}", "get"), ("/queries/{name}.rq", "get")}
    described = {(path, method) for path, methods in description()["paths"].items() for method in methods}
    questions = {pair for pair in described if pair[0].startswith("/queries/")}
    assert described - questions == served - asked
    assert asked <= served


def test_what_the_description_names_can_be_asked(client: httpx.Client) -> None:
    """Every question, with its examples: none is refused, and each parameter is one that the server knows."""
    for path, methods in description()["paths"].items():
        for operation in methods.values():
            if operation["operationId"] == "check":
                continue
            values = {p["name"]: p["example"] for p in operation["parameters"] if p["required"]}
            others = {p["name"]: default(p["schema"]) for p in operation["parameters"] if not p["required"]}
            address = path
            for name in [name for name in values if f"{{{name}}}" in path]:
                address = address.replace(f"{{{name}}}", values.pop(name))
            response = client.get(API + address, params={**values, **others})
            assert response.status_code in (200, 404), (address, response.text)
            if response.status_code == 404:
                assert "no such" not in response.text, (address, response.text)


def default(schema: dict[str, Any]) -> str:
    value = schema.get("default", schema.get("enum", [""])[0])
    return json.dumps(value) if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/codes-for/M06.9?polarity=both", "CodesAnswer"),
        ("/show/J3262", "ShowAnswer"),
        ("/show/actemra", "ShowAnswer"),
        ("/paths?from=J3262&to=J0129&k=3", "PathsAnswer"),
        ("/search?q=tocil", "SearchAnswer"),
        ("/compare?first=tocilizumab&second=tocilizumab&code=J3262", "ComparisonAnswer"),
        ("/compare?first=tocilizumab&second=abatacept", "ComparisonAnswer"),
        ("/findings?as_of=2000-01-01", "FindingsAnswer"),
        ("/units/J3262?dose=480mg&packages=80mg,400mg", "Plan"),
        ("/queries", "CatalogueAnswer"),
        ("/queries/codes-for-diagnosis?diagnosis=M06.9", "QueryAnswer"),
        ("/schema", "SchemaAnswer"),
    ],
)
def test_an_answer_has_the_shape_that_is_described(path: str, shape: str, client: httpx.Client) -> None:
    answer = checked(client.get(API + path).json(), shape)
    assert answer["version"] == VERSION
    # The addresses without the prefix are the same.
    assert client.get(path).json() == answer
    entry = description()["paths"].get(path.partition("?")[0])
    if entry and shape != "QueryAnswer":
        content = entry["get"]["responses"]["200"]["content"]["application/json"]
        assert content["schema"] == {"$ref": f"#/components/schemas/{shape}"}


def test_an_error_has_its_shape(client: httpx.Client) -> None:
    for path in ("/show/hcpcs:XYZ", "/codes-for/Z99.9", "/nosuchpage"):
        checked(client.get(API + path).json(), "Error")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/codes-for/M06.9", ["codes-for", "M06.9"]),
        ("/show/J3262", ["show", "J3262"]),
        ("/paths?from=J3262&to=J0129", ["path", "J3262", "J0129"]),
        ("/search?q=tocil", ["search", "tocil"]),
        ("/compare?first=tocilizumab&second=tocilizumab", ["compare", "tocilizumab", "tocilizumab"]),
        ("/findings?as_of=2000-01-01", ["findings", "--as-of", "2000-01-01"]),
        ("/units/J3262?dose=480mg", ["units", "J3262", "--dose", "480mg"]),
        ("/queries/codes-for-diagnosis?diagnosis=M06.9", ["query", "codes-for-diagnosis", "M06.9"]),
    ],
)
def test_csv_is_that_of_the_command_line(path: str, words: list[str], client: httpx.Client, store: Path) -> None:
    printed = run(*words, "--format", "csv", "--store", store).stdout
    response = client.get(API + path, headers={"Accept": "text/csv"})
    assert (response.status_code, response.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert response.text == printed
    assert len(printed.splitlines()) > 1
    joined = "&" if "?" in path else "?"
    assert client.get(f"{API}{path}{joined}format=csv").text == printed


@pytest.mark.parametrize(("path", "words"), [("/queries", ["queries"]), ("/schema", ["schema"])])
def test_csv_of_what_needs_no_graph_is_that_of_the_command_line(
    path: str, words: list[str], client: httpx.Client
) -> None:
    assert client.get(f"{API}{path}?format=csv").text == run(*words, "--format", "csv").stdout


@pytest.mark.parametrize(
    ("accept", "query", "expected"),
    [
        ("*/*", "", "application/json"),
        ("text/html, */*;q=0.1", "", "application/json"),
        ("text/csv;q=0.5, application/json;q=0.4", "", "text/csv"),
        ("text/csv", "format=json", "application/json"),
        ("application/json", "format=text/csv", "text/csv"),
        ("text/turtle", "", "not as 'text/turtle'"),
        ("*/*", "format=xml", "not as 'xml'"),
        ("*/*", "format=text/turtle", "not as 'text/turtle'"),
    ],
)
def test_a_media_type_is_honoured_or_refused(accept: str, query: str, expected: str, client: httpx.Client) -> None:
    response = client.get(f"{API}/show/J3262?{query}", headers={"Accept": accept})
    if "/" in expected and "not as" not in expected:
        assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (200, expected)
    else:
        assert expected in refused(response, 406)


@pytest.fixture(scope="module")
def checking(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Path]]:
    """A client of a server that checks documents, and the folder in which that keeps what it keeps."""
    cache = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        if kept := os.environ.get("KG_CACHE"):
            cache = Path(kept)
        patch.setenv("KG_CACHE", str(cache))
        with started(store, "--releases", "/nonexistent/releases") as (_, address):
            client = httpx.Client(base_url=address, timeout=180, trust_env=False)
            with client:
                yield client, cache


def kg_check(document: str | bytes, *words: str) -> Any:
    """What `kg check -` prints as JSON."""
    data = document.encode() if isinstance(document, str) else document
    command = [KG, "check", "-", "--format", "json", "--releases", "/nonexistent/releases", *words]
    return json.loads(subprocess.run(command, input=data, capture_output=True, check=False).stdout)


def test_a_document_is_checked_as_the_command_line_does(checking: tuple[httpx.Client, Path]) -> None:
    client, _ = checking
    for document in (WRONG, GUIDES["abatacept.txt"], "no codes in it", "HCPCS Code J9998\n\nJ9998 is billed.\n"):
        response = client.post(f"{API}/check", content=document)
        assert response.status_code == 200, response.text
        assert checked(response.json(), "CheckAnswer") == kg_check(document)
    (finding,) = client.post(f"{API}/check", content=WRONG).json()["findings"]
    assert (finding["verdict"], finding["concept"], finding["suggestion"]) == ("refuted", "hcpcs:J0517", "hcpcs:J2182")


def test_a_check_can_list_every_code(checking: tuple[httpx.Client, Path]) -> None:
    client, _ = checking
    answer = checked(client.post(f"{API}/check?codes=true", content=WRONG).json(), "CheckAnswer")
    assert answer["named"] == kg_check(WRONG, "--codes")
    assert [row["concept"] for row in answer["named"]] == ["hcpcs:J0517"]
    rows = client.post(f"{API}/check?codes=true&format=csv", content=WRONG).text.splitlines()
    assert rows[0].startswith("document,line,concept,stated,verdict")
    assert [row.split(",")[2] for row in rows[1:]] == ["hcpcs:J0517"]


@pytest.mark.slow
def test_a_check_is_for_a_day(checking: tuple[httpx.Client, Path]) -> None:
    client, _ = checking
    guide = GUIDES["abatacept.txt"]
    then = client.post(f"{API}/check?as_of=2000-01-01", content=guide).json()
    assert then == kg_check(guide, "--as-of", "2000-01-01")
    assert then["findings"] != client.post(f"{API}/check", content=guide).json()["findings"]


def test_findings_of_a_document_come_as_csv(checking: tuple[httpx.Client, Path]) -> None:
    client, _ = checking
    response = client.post(f"{API}/check", content=WRONG, headers={"Accept": "text/csv"})
    (row,) = csv.DictReader(io.StringIO(response.text))
    assert (row["concept"], row["suggestion"]) == ("hcpcs:J0517", "hcpcs:J2182")


def test_every_format_is_read_whatever_the_client_calls_it(checking: tuple[httpx.Client, Path]) -> None:
    client, _ = checking
    html = f"<html><body><p>{WRONG}</p></body></html>".encode()
    for document in (html, WRONG.encode("utf-16")):
        for media_type in ("application/x-www-form-urlencoded", "text/plain", "application/pdf"):
            response = client.post(f"{API}/check", content=document, headers={"Content-Type": media_type})
            assert [row["suggestion"] for row in response.json()["findings"]] == ["hcpcs:J2182"]


@pytest.mark.parametrize(
    ("document", "status", "error"),
    [
        (b"", 422, "the document: "),
        (b"%PDF-1.4 nothing", 422, "the document: damaged"),
        (b"PK\x03\x04nothing", 422, "the document: "),
        (b"\x00" * 5000, 422, "the document: "),
        (b"x" * (5 << 20), 422, "the document: 5,242,880 bytes, more than"),
        (b"x" * (33 << 20), 413, "the body is larger than 33,554,432 bytes"),
    ],
)
def test_what_is_no_document_is_one_line(
    document: bytes, status: int, error: str, checking: tuple[httpx.Client, Path]
) -> None:
    client, _ = checking
    assert error in refused(client.post(f"{API}/check", content=document), status)
    assert client.post(f"{API}/check", content=WRONG).status_code == 200


def test_a_check_is_asked_for_by_post_with_the_document_itself(checking: tuple[httpx.Client, Path]) -> None:
    client, _ = checking
    assert "GET is not for this page" in refused(client.get(f"{API}/check"), 405)
    parts = client.post(f"{API}/check", files={"file": ("guide.txt", WRONG)})
    assert "the document itself" in refused(parts, 415)
    assert "no such parameter: 'trust'" in refused(client.post(f"{API}/check?trust=refuted", content=WRONG), 400)
    foreign = {"Origin": "http://evil.example"}
    assert "another site" in refused(client.post(f"{API}/check", content=WRONG, headers=foreign), 403)


def test_nothing_of_a_document_is_kept(checking: tuple[httpx.Client, Path], store: Path) -> None:
    client, cache = checking
    word = "Quizzacious"
    client.post(f"{API}/check", content=WRONG)
    before = {folder: sorted(folder.rglob("*")) for folder in (cache, store)}
    answer = client.post(f"{API}/check", content=f"{word} {WRONG}")
    assert word in answer.text
    for folder, files in before.items():
        assert sorted(folder.rglob("*")) == files
    assert not [file for file in cache.rglob("*") if file.is_file() and word.encode() in file.read_bytes()]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are listed as Linux does")
def test_a_document_that_takes_too_long_is_stopped_and_questions_are_answered_meanwhile(
    store: Path,
) -> None:
    reader, document = "-m kg.documents.pdf_pages", long_pdf()
    with running(store, few(check_seconds=4)) as made, ThreadPoolExecutor() as executor:
        check = f"{made.address}api/v1/check"
        checking = executor.submit(httpx.post, check, content=document, trust_env=False, timeout=60)
        wait_until(lambda: reader in command_lines())
        assert httpx.get(f"{made.address}show/J3262", trust_env=False, timeout=60).status_code == 200
        assert not checking.done()
        assert "no answer within 4 s" in refused(checking.result(), 503)
        wait_until(lambda: reader not in command_lines())


def long_pdf() -> bytes:
    """A PDF that takes far longer to read than the test lets it."""
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_font("helvetica", size=6)
    for _ in range(100):
        pdf.add_page()
        for line in range(90):
            pdf.text(5, 5 + 3 * line, "HCPCS J3262 tocilizumab 1 mg, M06.9 rheumatoid arthritis. " * 3)
    return bytes(pdf.output())


def command_lines() -> str:
    """Those of all processes, also of those that nobody waits for any more."""
    lines = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            lines.append(file.read_bytes().decode("utf-8", "replace").replace("\0", " "))
    return "\n".join(lines)
