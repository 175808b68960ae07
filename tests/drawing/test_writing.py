from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from kg.drawing import draw
from kg.drawing.looks import KIND_LOOKS, VERDICT_LOOKS
from kg.drawing.texts import page_file
from kg.drawing.writing import json_block, script
from kg.model import Concept, Kind, Relation, Verdict

from .samples import J3262, PAYLOADS, connect, neighbourhood, star


class _Reader(HTMLParser):
    """What an HTML parser makes of a page: its elements, and the texts of scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements and self.cdata_elem:
            self.texts.append((self.elements[-1][0], data))


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def data_of(html: str) -> Any:
    [block] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    return json.loads(block)


def program_of(html: str) -> bytes:
    """The program that the loader unpacks."""
    [block] = re.findall(r'<script type="application/gzip" id="program">(.*?)</script>', html)
    return gzip.decompress(base64.b64decode(block))


def digest(content: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}'"


@pytest.fixture(scope="module")
def html() -> str:
    return draw(neighbourhood(), [J3262], notes=["One is not shown."]).html()


def test_a_page_is_a_whole_document(html: str) -> None:
    assert html.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>J3262 Injection, tocilizumab, 1 mg</title>" in html
    assert html.count("J3262 Injection, tocilizumab, 1 mg</bdi></h1>") == 1
    assert "not billing or medical advice" in html


def test_it_names_no_address_that_a_browser_would_load(html: str) -> None:
    reader = read(html)
    loading = {"src", "href", "srcset", "action", "data", "poster", "background", "formaction", "xlink:href"}
    assert [name for _, attributes in reader.elements for name in attributes if name in loading] == []
    assert {tag for tag, _ in reader.elements}.isdisjoint({"link", "base", "iframe", "img", "object", "embed"})
    style = next(text for tag, text in reader.texts if tag == "style")
    assert "url(" not in style and "@import" not in style
    assert b"sourceMappingURL" not in program_of(html)


def test_the_policy_allows_what_is_there_and_nothing_else(html: str) -> None:
    reader = read(html)
    policy = next(a["content"] for t, a in reader.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    texts = re.findall(r"<(script|style)>(.*?)</\1>", html, re.DOTALL)
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for tag, text in texts:
        hashes[tag].append(digest(text.encode()))
    hashes["script"].append(digest(program_of(html)))
    assert directives.pop("default-src") == "'none'"
    assert directives.pop("script-src").split() == hashes["script"]
    assert directives.pop("style-src").split() == hashes["style"]
    assert directives == {"base-uri": "'none'", "form-action": "'none'"}
    assert "\r" not in html


@pytest.mark.parametrize("size", [40, 150, 1000])
def test_a_page_is_small_enough_to_mail(size: int) -> None:
    page = draw(star(size), [J3262], max_nodes=size).html().encode("utf-8")
    assert len(page) <= 600_000 + 600 * size


def test_every_connection_comes_with_its_evidence(html: str) -> None:
    data = data_of(html)
    drawn = draw(neighbourhood(), [J3262]).connections
    assert len(data["connections"]) == len(data["graph"]["edges"]) == len(drawn) == 40
    assert data["drawn"] == len(data["concepts"]) == len(data["graph"]["nodes"]) == 40
    for shown, connection in zip(data["connections"], drawn, strict=True):
        assert shown["verdict"] == connection.verdict.value
        assert data["concepts"][shown["subject"]]["curie"] == connection.subject.curie
        for told, assertion in zip(shown["assertions"], connection.assertions, strict=True):
            evidence = data["evidence"][told["evidence"]]
            assert evidence["quote"] == assertion.evidence.quote
            assert data["documents"][evidence["document"]] == assertion.evidence.document
            assert evidence["line"] == assertion.evidence.line
            assert told["strength"] == assertion.strength.value
    assert sum(shown.get("excluded", False) for shown in data["connections"]) == 1


def test_what_is_not_drawn_waits_in_the_file_and_what_is_left_out_is_told() -> None:
    data = data_of(draw(star(1300), [J3262], max_nodes=240).html())
    assert data["drawn"] == 240 and len(data["concepts"]) == 1000
    assert sum(part["count"] for part in data["leftOut"]) == 300
    assert all(part["kind"] in data["kinds"] for part in data["leftOut"])


def test_no_text_of_a_document_goes_through_pyvis() -> None:
    code = Concept(Kind.HCPCS, "J3262", PAYLOADS[0])
    object_ = Concept.parse("denial:x", PAYLOADS[1])
    graph = data_of(draw([connect(code, Relation.DENIED_FOR, object_, PAYLOADS[2])]).html())["graph"]
    assert sorted(node["label"] for node in graph["nodes"]) == ["denial:x", "hcpcs:J3262"]
    assert all("title" not in element for element in [*graph["nodes"], *graph["edges"]])


def test_parallel_connections_do_not_hide_each_other(html: str) -> None:
    data = data_of(html)
    by_ends: dict[tuple[int, int], list[Any]] = {}
    for edge in data["graph"]["edges"]:
        by_ends.setdefault((edge["from"], edge["to"]), []).append(edge.get("smooth"))
    assert sorted(len(bends) for bends in by_ends.values())[-1] == 2
    assert all(len({json.dumps(bend) for bend in bends}) == len(bends) for bends in by_ends.values())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_are_data_and_nothing_else(payload: str) -> None:
    page = hostile_page(payload)
    assert page.encode("utf-8")

    def tags(html: str) -> list[str]:
        # The still picture has an element for each line of words.
        return [tag for tag, _ in read(html).elements if tag != "text"]

    assert tags(page) == tags(hostile_page("plain"))
    shown = payload.replace("\ud800", "\ufffd")
    data = data_of(page)
    assert data["title"] == shown and data["notes"] == [shown] and data["documents"] == [shown]
    assert data["evidence"][0]["quote"] == shown and data["evidence"][0]["section"] == "Coding"
    assert data["connections"][0]["assertions"][0]["condition"] == shown
    assert {concept["name"] for concept in data["concepts"]} == {shown}


def hostile_page(payload: str) -> str:
    code = Concept(Kind.HCPCS, "J3262", payload)
    object_ = Concept(Kind.DENIAL, payload, payload)
    connection = connect(code, Relation.DENIED_FOR, object_, payload, condition=payload, document=payload)
    return draw([connection], [code], title=payload, notes=[payload]).html()


def test_a_json_block_holds_nothing_that_a_parser_would_act_on() -> None:
    block = json_block(PAYLOADS)
    assert re.search("[<>&\u2028\u2029]", block) is None
    assert json.loads(block) == [payload.replace("\ud800", "\ufffd") for payload in PAYLOADS]


def test_our_script_never_turns_text_into_markup() -> None:
    for sink in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        ".href",
    ):
        assert sink not in script()


def test_every_kind_and_verdict_has_a_look_of_its_own() -> None:
    assert set(KIND_LOOKS) == set(Kind) and len(set(KIND_LOOKS.values())) == len(Kind)
    assert set(VERDICT_LOOKS) == set(Verdict)
    assert len({look.sign for look in VERDICT_LOOKS.values()}) == len(Verdict)
    assert len({(look.dashes, look.width) for look in VERDICT_LOOKS.values()}) == len(Verdict)
    assert all(f"\n  {look.shape}: " in page_file("scripts/pens/shapes.js") for look in KIND_LOOKS.values())


def _contrast(first: str, second: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(first), light(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_lines_and_text_stand_out_on_light_and_on_dark() -> None:
    light, dark = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root[^{]*\{(.*?)\}", page_file("page.css"), re.DOTALL)
    )
    for look in VERDICT_LOOKS.values():
        assert _contrast(look.light, light["ground"]) >= 4.5
        assert _contrast(look.dark, dark["ground"]) >= 4.5
    for colours in (light, dark):
        assert set(colours) == set(light)
        for ground in ("ground", "sheet", "quote"):
            assert _contrast(colours["text"], colours[ground]) >= 7
            assert _contrast(colours["quiet"], colours[ground]) >= 4.5
            assert _contrast(colours["border"], colours[ground]) >= 3
        assert _contrast(colours["accent"], colours["ground"]) >= 4.5
        assert _contrast(colours["on-accent"], colours["accent"]) >= 4.5
        assert _contrast(colours["on-focus"], colours["focus"]) >= 7
