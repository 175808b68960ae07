"""Whole documents, line by line; `python -m tests.extraction.regenerate` writes the golden files anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from .regenerate import documents, lines


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.name)
def test_a_document_states_what_its_golden_file_says(document: Path) -> None:
    expected = document.with_suffix(".jsonl").read_text("utf-8").splitlines()
    for found, wanted in zip(lines(document), expected, strict=False):
        assert found == wanted
    assert len(lines(document)) == len(expected)
