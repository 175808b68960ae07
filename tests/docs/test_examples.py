"""The examples of docs/python.md, run on the graph of the bundled guides."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import kg

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


@pytest.mark.slow
def test_the_examples_of_the_python_page_are_true(bundled_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = PAGE.read_text("utf-8").replace("\n```\n", "\n\n")  # The fence is no part of what is expected.
    with kg.open(bundled_store) as graph:
        examples = doctest.DocTestParser().get_doctest(text, {"kg": kg, "graph": graph}, PAGE.name, str(PAGE), 0)
        assert len(examples.examples) > 10
        options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
        failed = doctest.DocTestRunner(optionflags=options).run(examples).failed
    assert failed == 0, capsys.readouterr().out
