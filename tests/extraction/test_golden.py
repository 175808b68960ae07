"""Whole documents, line by line; `python -m tests.extraction.regenerate` writes the golden files anew.

A golden file called like a rule (`table.modifier.md`) has something that the rule reads, something that it excludes
where it can, and something that it must leave.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.documents import read
from kg.extraction import extract

from .regenerate import documents, lines

TESTS = Path(__file__).parents[1]
CORPORA = [TESTS / "corpus", TESTS / "held", TESTS.parent / "data" / "guides"]
OF_RULES = [document for document in documents() if document.stem.count(".") == 1]


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.name)
def test_a_document_states_what_its_golden_file_says(document: Path) -> None:
    expected = document.with_suffix(".jsonl").read_text("utf-8").splitlines()
    for found, wanted in zip(lines(document), expected, strict=False):
        assert found == wanted
    assert len(lines(document)) == len(expected)


@pytest.mark.parametrize("document", OF_RULES, ids=lambda document: document.stem)
def test_the_golden_file_of_a_rule_has_it(document: Path) -> None:
    stated = [json.loads(line) for line in document.with_suffix(".jsonl").read_text("utf-8").splitlines()]
    assert document.stem in {line.get("rule") for line in stated}
    assert any("left" in line for line in stated)


def test_every_rule_that_comes_out_of_a_document_has_a_golden_file() -> None:
    files = [file for folder in CORPORA for file in sorted(folder.glob("*.*")) if file.suffix != ".tsv"]
    rules = {assertion.rule for file in files for assertion in extract(read(file)).assertions}
    assert len(rules) > 40
    assert rules - {document.stem for document in OF_RULES} == set()
