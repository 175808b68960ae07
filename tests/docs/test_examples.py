"""The examples of the pages, run: those of docs/python.md on the graph of the bundled guides."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

import kg
from kg.exports import FORMATS
from kg.exports.tables import TABLES

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "python.md"
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def examples(page: Path, names: dict[str, object]) -> doctest.DocTest:
    """The examples of a page that begin with `>>>`, and what is expected of them."""
    text = page.read_text("utf-8").replace("\n```\n", "\n\n")  # The fence is no part of what is expected.
    return doctest.DocTestParser().get_doctest(text, names, page.name, str(page), 0)


@pytest.mark.slow
def test_the_examples_of_the_python_page_are_true(bundled_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with kg.open(bundled_store) as graph:
        test = examples(PAGE, {"kg": kg, "graph": graph})
        assert len(test.examples) > 10
        failed = doctest.DocTestRunner(optionflags=OPTIONS).run(test).failed
    assert failed == 0, capsys.readouterr().out


@pytest.mark.slow
def test_the_examples_of_the_page_on_exports_are_true(
    bundled_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with kg.open(bundled_store) as graph:
        test = examples(DOCS / "exports.md", {"graph": graph})
        assert len(test.examples) > 5
        failed = doctest.DocTestRunner(optionflags=OPTIONS).run(test).failed
    assert failed == 0, capsys.readouterr().out


def test_the_page_on_exports_names_every_format_and_column() -> None:
    text = (DOCS / "exports.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \|", text.partition("\n## ")[0], re.MULTILINE)
    assert sorted(rows) == sorted(["--format", *(format.name for format in FORMATS)])
    columns = dict(re.findall(r"^- `(\w+)`: ((?:`\w+`,?\s*)+)$", text, re.MULTILINE))
    assert {name: re.findall(r"`(\w+)`", listed) for name, listed in columns.items()} == {
        table.name: table.heads for table in TABLES.values()
    }


@pytest.mark.parametrize("name", ["extraction.md"])
def test_the_examples_of_pages_that_need_no_graph_are_true(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    test = examples(DOCS / name, {})
    assert len(test.examples) > 4
    assert doctest.DocTestRunner(optionflags=OPTIONS).run(test).failed == 0, capsys.readouterr().out


def test_every_public_method_of_a_graph_has_an_example() -> None:
    """`open` and `close` are what `with kg.open()` does."""
    run = "\n".join(example.source for example in examples(PAGE, {}).examples)
    public = {name for name, found in vars(kg.BillingGraph).items() if not name.startswith("_")} - {"open", "close"}
    assert {name for name in public if not re.search(rf"\.{name}\b", run)} == set()
