"""The examples of docs/python.md, run on the graph of the bundled guides."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import kg

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


@pytest.mark.slow
def test_the_examples_of_the_python_page_are_true(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the user of this machine added must not change what the page says.
    monkeypatch.setenv("KG_RELEASES", str(tmp_path / "none"))
    command = [Path(sys.executable).with_name("kg"), "build", "--as-of", "2026-06-30", "--store", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    text = PAGE.read_text("utf-8").replace("\n```\n", "\n\n")  # The fence is no part of what is expected.
    with kg.open(tmp_path) as graph:
        examples = doctest.DocTestParser().get_doctest(text, {"kg": kg, "graph": graph}, PAGE.name, str(PAGE), 0)
        assert len(examples.examples) > 10
        options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
        failed = doctest.DocTestRunner(optionflags=options).run(examples).failed
    assert failed == 0, capsys.readouterr().out
