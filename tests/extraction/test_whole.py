"""Each document that we have states what somebody read and kept: also its conditions, names, places and leftovers.

The scores next door only count how much of it is right. `python -m tests.extraction.regenerate` writes the outlines.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from .outlines import CORPORA, documents, expected, outline

DOCUMENTS = [(corpus, file) for corpus in CORPORA for file in documents(corpus)]
_expected = cache(expected)


@pytest.mark.parametrize(("corpus", "file"), DOCUMENTS, ids=[file.name for _, file in DOCUMENTS])
def test_a_document_states_what_its_outline_says(corpus: str, file: Path) -> None:
    assert outline(file) == _expected(corpus)[file.name]


@pytest.mark.parametrize("corpus", CORPORA)
def test_every_document_has_an_outline(corpus: str) -> None:
    assert list(_expected(corpus)) == [file.name for file in documents(corpus)]
