"""Findings as SARIF 2.1.0: what the standard asks for, and regions that cut the code out of the file."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from kg.cli.sarif import Located, sarif
from kg.model import Assertion, Concept, Evidence, Finding, Relation, Verdict

from .conftest import WRONG
from .running import kg

# Of the schema of SARIF 2.1.0: the properties that we may use of each object, and those that it must have.
LOG = ({"$schema", "version", "runs"}, {"version", "runs"})
RUN = ({"tool", "results", "columnKind", "newlineSequences", "properties"}, {"tool"})
DRIVER = ({"name", "version", "rules"}, {"name"})
RULE = ({"id", "shortDescription"}, {"id"})
RESULT = ({"ruleId", "ruleIndex", "level", "message", "locations", "properties", "partialFingerprints"}, {"message"})
PLACE = ({"artifactLocation", "region", "contextRegion"}, {"artifactLocation"})
REGION = ({"startLine", "startColumn", "endLine", "endColumn", "snippet"}, {"startLine"})
URI = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+")


def shape(found: dict[str, Any], allowed_required: tuple[set[str], set[str]]) -> None:
    allowed, required = allowed_required
    assert required <= set(found) <= allowed


def valid(log: dict[str, Any]) -> list[dict[str, Any]]:
    """The results of a log, once it is certain that it is as the standard has it."""
    shape(log, LOG)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    shape(run, RUN)
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    assert len(set(run["newlineSequences"])) == len(run["newlineSequences"]) > 0
    shape(run["tool"], ({"driver"}, {"driver"}))
    shape(run["tool"]["driver"], DRIVER)
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        shape(rule, RULE)
        assert message(rule["shortDescription"])
    for result in run["results"]:
        valid_result(result, [rule["id"] for rule in rules])
    return list(run["results"])


def valid_result(result: dict[str, Any], rules: list[str]) -> None:
    shape(result, RESULT)
    assert rules[result["ruleIndex"]] == result["ruleId"]
    assert result["level"] in ("none", "note", "warning", "error")
    assert message(result["message"])
    (location,) = result["locations"]
    shape(location, ({"physicalLocation"}, set()))
    place = location["physicalLocation"]
    shape(place, PLACE)
    shape(place["artifactLocation"], ({"uri"}, {"uri"}))
    assert URI.fullmatch(place["artifactLocation"]["uri"])
    for name in ("region", "contextRegion"):
        if name in place:
            valid_region(place[name])
    if "contextRegion" in place:
        assert start(place["contextRegion"]) <= start(place["region"])
        assert end(place["region"]) <= end(place["contextRegion"])
        assert place["contextRegion"] != place["region"], "it has to be larger"


def message(found: dict[str, Any]) -> str:
    shape(found, ({"text"}, {"text"}))
    text = found["text"]
    assert isinstance(text, str)
    assert not re.search(r"\[[^\]]*\]\(", text), "a viewer would make a link of it"
    assert not re.search(r"[{}]", text.replace("{{", "").replace("}}", "")), "a viewer would fill it in"
    return text


def valid_region(region: dict[str, Any]) -> None:
    shape(region, REGION)
    assert all(isinstance(value, int) and value >= 1 for name, value in region.items() if name != "snippet")
    if "snippet" in region:
        shape(region["snippet"], ({"text"}, {"text"}))
        assert start(region) < end(region)


def start(region: dict[str, Any]) -> tuple[int, int]:
    return region["startLine"], region["startColumn"]


def end(region: dict[str, Any]) -> tuple[int, int]:
    return region["endLine"], region["endColumn"]


def region_of(result: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = result["locations"][0]["physicalLocation"]["region"]
    return found


def cut(file: bytes, region: dict[str, Any]) -> str:
    """What an editor marks: lines by any line end, columns by characters, the mark of the encoding not counted."""
    lines = re.split(r"\r\n|\n|\r", file.decode("utf-8-sig"))[region["startLine"] - 1 : region["endLine"]]
    lines[-1] = lines[-1][: region["endColumn"] - 1]
    lines[0] = lines[0][region["startColumn"] - 1 :]
    return "\n".join(lines)


def checked(path: Path, *words: str | Path) -> list[dict[str, Any]]:
    ran = kg("check", path, "--format", "sarif", *words)
    assert ran.code == 1, ran.err
    return valid(json.loads(ran.out))


@pytest.mark.slow
@pytest.mark.usefixtures("few_codes")
def test_a_check_of_wrong_guides(wrong: Path, releases: Path) -> None:
    results = checked(wrong, "--releases", releases, "--as-of", "2025-10-01")
    found = []
    for result in results:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        file = Path(unquote(urlsplit(uri).path))
        assert (urlsplit(uri).scheme, file.parent) == ("file", wrong)
        found.append((file.name, result["ruleId"], result["level"], cut(file.read_bytes(), region_of(result))))
        context = result["locations"][0]["physicalLocation"]["contextRegion"]
        assert cut(file.read_bytes(), context) == context["snippet"]["text"] == result["properties"]["quote"]
    assert found == [
        ("tezspire.md", "other_drug", "error", "J3032"),
        ("tezspire.md", "no_such_code", "error", "J45.98"),
        ("eculizumab.md", "not_in_force", "warning", "J1300"),
        ("tezspire.md", "heading", "warning", "J45.5"),
        ("tezspire.md", "other_name", "warning", "D59.5"),
    ]
    assert results[2]["message"]["text"] == (
        "J1300: ended on 2025-03-31 (HCPCS Level II October 2025, an excerpt); "
        "probably meant: J1299 eculizumab, 2 mg; it affects 2 other assertions"
    )
    assert results[2]["properties"] == {
        "verdict": "disputed", "document": "eculizumab", "release": "hcpcs-2025-10-excerpt", "releaseRow": 2,
        "quote": "J1300 identifies eculizumab (Soliris), billed per 10 mg.",
        "official": "Injection, eculizumab, 10 mg",
    }  # fmt: skip


def test_findings_of_a_graph_tell_the_line_only(wrong_store: Path) -> None:
    ran = kg("findings", "--format", "sarif", store=wrong_store)
    assert (ran.code, ran.err) == (1, "5 findings\n")
    results = valid(json.loads(ran.out))
    places = [result["locations"][0]["physicalLocation"] for result in results]
    assert [(place["artifactLocation"]["uri"], place["region"]) for place in places] == [
        ("tezspire.md", {"startLine": 3}),
        ("tezspire.md", {"startLine": 8}),
        ("eculizumab.md", {"startLine": 3}),
        ("tezspire.md", {"startLine": 7}),
        ("tezspire.md", {"startLine": 9}),
    ]


GUIDE = WRONG["tezspire.md"]
ENCODED = {
    "plain": GUIDE.encode(),
    "CRLF": GUIDE.replace("\n", "\r\n").encode(),
    "CR": GUIDE.replace("\n", "\r").encode(),
    "BOM": GUIDE.encode("utf-8-sig"),
    "BOM and CRLF, the code in the first line": GUIDE.split("\n\n", 1)[1].replace("\n", "\r\n").encode("utf-8-sig"),
    "other letters before the code": GUIDE.replace("J3032 identifies", "Für Ärzte 💉 é: J3032 identifies")
    .replace("- J45.5:", "- ‘Schweres Asthma’ — J45.5:").encode(),
    "no line end": GUIDE.rstrip("\n").encode(),
}  # fmt: skip


@pytest.mark.usefixtures("few_codes")
@pytest.mark.parametrize("content", ENCODED.values(), ids=ENCODED)
def test_the_region_is_the_code_whatever_the_file_is_written_in(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "guide.md"
    file.write_bytes(content)
    results = checked(file)
    assert {"other_drug", "heading", "no_such_code"} <= {result["ruleId"] for result in results}
    for result in results:
        marked = cut(content, region_of(result))
        assert marked == region_of(result)["snippet"]["text"] == result["message"]["text"].split(" ")[0].rstrip(":")


@pytest.mark.usefixtures("few_codes")
def test_the_region_is_the_code_and_no_longer_one(tmp_path: Path) -> None:
    file = tmp_path / "guide.md"
    file.write_text("# HCPCS Code J2356\n\nJ2356 is supported by the diagnoses J45.50, J45.5 and J45.51.\n")
    (result,) = checked(file)
    assert region_of(result)["startColumn"] == 45
    assert cut(file.read_bytes(), region_of(result)) == "J45.5"


@pytest.mark.usefixtures("few_codes")
def test_a_code_that_stands_in_no_assertion_is_marked_as_well(tmp_path: Path) -> None:
    file = tmp_path / "note.md"
    file.write_text("# Note\n\nSee also J3490 and J9998.\n")
    (result,) = checked(file)
    assert (result["ruleId"], result["level"]) == ("no_such_code", "error")
    assert result["message"]["text"] == "J9998: no such code in HCPCS Level II October 2025"
    assert cut(file.read_bytes(), region_of(result)) == "J9998"
    assert region_of(result)["startLine"] == 3


@pytest.mark.usefixtures("few_codes")
def test_a_page_has_lines_only(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<h1>HCPCS Code J3032</h1>\n<p>Of a drug.</p>\n<p><b>J3032</b> identifies\n tezepelumab (Tezspire).</p>\n"
    )
    (result,) = checked(page)
    assert region_of(result) == {"startLine": 3}


@pytest.mark.usefixtures("few_codes")
def test_a_path_with_blanks_and_other_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "Guías 100% #1"
    folder.mkdir()
    (folder / "Für Ärzte: 💉?.md").write_text(GUIDE)
    monkeypatch.chdir(tmp_path)
    relative = "Gu%C3%ADas%20100%25%20%231/F%C3%BCr%20%C3%84rzte%3A%20%F0%9F%92%89%3F.md"
    for given, uri in ((folder, f"{tmp_path.as_uri()}/{relative}"), (folder.relative_to(tmp_path), relative)):
        for result in checked(given):
            found = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            assert found == uri if given is not folder else unquote(found) == unquote(uri)


@pytest.mark.usefixtures("few_codes")
def test_words_of_a_document_stay_words(tmp_path: Path) -> None:
    file = tmp_path / "guide.md"
    file.write_text(
        "# HCPCS Code J2356\n\n## Diagnoses\n"
        '- J45.98: Severe "asthma" {0} <script>alert(1)</script> \\ [click](javascript:x) \u202eback\u2028 \t end\n'
    )
    ran = kg("check", file, "--format", "sarif")
    (result,) = valid(json.loads(ran.out))
    assert "\t" not in ran.out
    assert cut(file.read_bytes(), region_of(result)) == "J45.98"
    assert "<script>alert(1)</script>" in result["properties"]["quote"]


def finding(check: str = "other_name", stated: str = "", **more: Any) -> Finding:
    code = Concept.parse("icd10cm:D59.5", stated or None)
    place = Evidence("guide", 2, 7, "D59.5", 1)
    assertion = Assertion(Concept.parse("J1300"), Relation.SUPPORTED_BY_DIAGNOSIS, code, place)
    return Finding(assertion, Verdict.DISPUTED, code, "is wrong", "icd10cm", stated=stated, check=check, **more)


def test_a_message_is_no_markup() -> None:
    other = Evidence("other", 0, 9, "see {1}\n[here](https://example.org)", 1)
    (result,) = valid(sarif([Located(finding(stated="{0} [a](b)", opposed_by=other, hangs=1), "guide.md")], "1"))
    assert result["message"]["text"] == (
        "D59.5 ({{0}} [a] (b)): is wrong; there it says: see {{1}} [here] (https://example.org); "
        "it affects 1 other assertion"
    )


def test_a_quote_that_is_not_in_the_text_gives_the_line() -> None:
    for text in ("", "- J1300", "-"):
        (result,) = valid(sarif([Located(finding(), "guide.md", text)], "1"))
        assert region_of(result) == {"startLine": 1}
    (result,) = valid(sarif([Located(finding(), "guide.md", "- D59.5")], "1"))
    assert region_of(result) == {
        "startLine": 1, "startColumn": 3, "endLine": 1, "endColumn": 8, "snippet": {"text": "D59.5"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("quote", "marked"),
    [
        ("see d595.", "d595"),
        ("D59.50 or D59.5", "D59.5"),
        ("AD59.5, D59.5A", ""),
        ("1.D59.5 D59.5!", "D59.5"),
        ("PNH", ""),
    ],
)
def test_a_code_is_found_as_it_is_written(quote: str, marked: str) -> None:
    place = Evidence("guide", 0, len(quote), quote, 1)
    one = replace(finding(), assertion=replace(finding().assertion, evidence=place))
    (result,) = valid(sarif([Located(one, "guide.md", quote)], "1"))
    region = region_of(result)
    assert cut(quote.encode(), region) == (marked or quote)
    assert quote.rindex(marked or quote) == region["startColumn"] - 1


def test_a_file_whose_name_is_no_text() -> None:
    (result,) = valid(sarif([Located(finding(), "gu\udce9.md")], "1"))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "gu%E9.md"


def test_every_check_has_a_rule() -> None:
    from kg.verification.checks import CHECKS

    names = [check.__name__ for check in CHECKS]
    log = sarif([Located(finding(name), "guide.md") for name in (*names, "disagreement")], "1")
    assert [rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]] == [*names, "disagreement"]
    assert len(valid(log)) == len(names) + 1
