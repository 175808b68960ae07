from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import ResourceError, UnknownName
from kg.model import Relation
from kg.queries import catalogue, find
from kg.queries.catalogue import AUDIENCES, read
from kg.queries.documentation import page
from kg.queries.tokens import tokens

HEADER = """\
#+ summary: Which codes?
#+ audience: analyst
#+ parameter: diagnosis icd10cm M06.9 the diagnosis
#+ column: code the code
"""
QUERY = "\nSELECT ?code WHERE { ?code bkg:supportedByDiagnosis ?diagnosis } ORDER BY ?code\n"


def problem(tmp_path: Path, text: str) -> str:
    file = tmp_path / "question.rq"
    file.write_text(text, "utf-8")
    with pytest.raises(ResourceError) as caught:
        read(file)
    message = str(caught.value)
    assert message.startswith(str(file))
    return message.removeprefix(f"{file}:")


def test_a_header_is_read(tmp_path: Path) -> None:
    file = tmp_path / "codes.rq"
    file.write_text("#+ description: One.\n#+ description: Two.\n" + HEADER + QUERY, "utf-8")
    query = read(file)
    assert (query.name, query.summary, query.description) == ("codes", "Which codes?", "One. Two.")
    assert [(p.name, p.kind, p.example, p.words) for p in query.parameters] == [
        ("diagnosis", "icd10cm", "M06.9", "the diagnosis")
    ]
    assert [(column.name, column.words) for column in query.columns] == [("code", "the code")]


def test_an_example_with_spaces_stands_in_quotes(tmp_path: Path) -> None:
    file = tmp_path / "codes.rq"
    file.write_text(HEADER.replace("icd10cm M06.9", 'condition "rheumatoid arthritis"') + QUERY, "utf-8")
    assert read(file).parameters[0].example == "rheumatoid arthritis"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("#+ sumary: Which?", "5: no such key: 'sumary'"),
        ("#+summary", "5: not a line of a header: '#+summary'"),
        ("#+ summary: Again?", "5: a second summary"),
        ("#+ parameter: code", "5: not a name, a kind, an example and words: 'code'"),
        ("#+ parameter: code hpcs J3262 the code", "5: no such kind: 'hpcs' (one of hcpcs, cpt, "),
        ("#+ parameter: other concept J3262 a code", "1: the query does not use its parameter 'other'"),
        ("#+ column: name", "5: not a name and words: 'name'"),
        ("#+ column: name its name", "1: the header names the columns code, name; the query selects code"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, expected: str) -> None:
    text = HEADER + line + "\n" + QUERY.replace("code", "c").replace("?c ", "?code ")
    assert problem(tmp_path, text).startswith(expected)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("#+ summary: Which codes?\n", "", "1: no summary"),
        ("#+ audience: analyst\n", "", "1: no audience"),
        ("analyst", "analyst, banker", "1: no such audience: 'banker' (one of analyst, trainer, script)"),
        (
            "SELECT ?code",
            "SELECT ?code ?more",
            "1: the header names the columns code; the query selects code, more",
        ),
        ("SELECT ?code WHERE", "ASK", "1: the query is not a SELECT"),
    ],
)
def test_header_and_query_must_agree(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert problem(tmp_path, (HEADER + QUERY).replace(old, new)) == expected


def test_there_is_something_for_everybody() -> None:
    assert len(catalogue()) >= 24
    for audience in AUDIENCES:
        assert sum(audience in query.audience for query in catalogue()) >= 8


@pytest.mark.parametrize("query", catalogue(), ids=lambda query: query.name)
def test_the_order_of_rows_is_total(query) -> None:
    found = list(tokens(query.text))
    order = max(index for index, token in enumerate(found) if token.is_word("ORDER"))
    ordered = {token.text[1:] for token in found[order:] if token.kind == "variable"}
    assert ordered == {column.name for column in query.columns}


@pytest.mark.parametrize("query", catalogue(), ids=lambda query: query.name)
def test_parameters_and_only_they_are_written_with_a_dollar(query) -> None:
    variables = {token.text for token in tokens(query.text) if token.kind == "variable"}
    names = {parameter.name for parameter in query.parameters}
    assert {name[1:] for name in variables if name[0] == "$"} == names
    assert not {name[1:] for name in variables if name[0] == "?"} & names


def test_a_name_that_is_nearly_right_gets_a_hint() -> None:
    with pytest.raises(UnknownName, match=r"no such query: 'codes-for-diagnoses' \(did you mean codes-for-diagnosis"):
        find("codes-for-diagnoses")
    with pytest.raises(UnknownName, match=r"no such query: 'zzz' \(kg queries lists them\)"):
        find("zzz")


def test_the_page_is_up_to_date() -> None:
    file = Path(__file__).parents[2] / "docs" / "queries.md"
    assert file.read_text("utf-8") == page(), "run: python -m kg.queries > docs/queries.md"


def test_the_page_is_printed_by_the_module() -> None:
    done = subprocess.run([sys.executable, "-m", "kg.queries"], capture_output=True, check=True)
    assert done.stdout.decode() == page()


def test_importing_reads_no_file_of_the_catalogue() -> None:
    code = "import sys, kg.queries; print(sys.modules['kg.queries.catalogue'].read.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip() == b"0"


def test_codes_for_a_diagnosis_are_asked_by_every_relation_to_one() -> None:
    (names,) = re.findall(r"VALUES \?relation \{ (.*) \}", find("codes-for-diagnosis").text)
    top = Relation.RELATES_TO_DIAGNOSIS
    assert sorted(names.split()) == sorted(
        f"bkg:{relation}" for relation in Relation if top in (relation, relation.parent)
    )
