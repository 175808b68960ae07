"""The pages for whoever carries on are true: what they name is there, and the examples of how to add something run."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pyoxigraph import Store

from kg.cli import app
from kg.documents import readers
from kg.documents.readers import Content, Reader
from kg.exports import formats as export_formats
from kg.exports import networks
from kg.queries import run
from kg.queries.catalogue import read
from kg.reference import formats
from tests.cli.conftest import GUIDES
from tests.cli.running import kg
from tests.queries import conftest as small

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
EXTENDING = sorted((DOCS / "extending").glob("*.md"))
PAGES = sorted([ROOT / "CONTRIBUTING.md", *ROOT.glob("[RS]E*.md"), *DOCS.glob("*.md"), *EXTENDING])
graphs, store = small.graphs, small.store
_BLOCK = re.compile(r"^([^\n`]*`[^\n]+:)\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"`((?:kg|tests|data|docs|ontology|benchmarks|decisions|notebooks)/[\w./-]+)`")
_SYMBOL = re.compile(r"`(\w+)`\s(?:in|of)\s`(kg/[\w/]+\.py)`")


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """The files that a page shows: the path that is named last before each, and the text."""
    for before, text in _BLOCK.findall(page.read_text("utf-8")):
        if paths := _PATH.findall(before):
            yield paths[-1], text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    examples = {path for path, _ in blocks(page)}
    assert [path for path in _PATH.findall(text) if path not in examples and not (ROOT / path).exists()] == []
    for name, path in _SYMBOL.findall(text):
        if path not in examples or (ROOT / path).exists():
            module = importlib.import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
            assert hasattr(module, name), f"{page.name}: `{name}` in `{path}`"


def test_every_page_on_adding_has_its_row_and_says_what_to_run() -> None:
    table = (DOCS / "extending.md").read_text("utf-8")
    for page in EXTENDING:
        assert f"](extending/{page.name})" in table
        assert "```bash\nuv run " in page.read_text("utf-8"), page.name


def made(page: str, file: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module that a page shows, as if it stood in its file; or what it adds to one that is there."""
    name = file.removesuffix(".py").replace("/", ".")
    above, _, short = name.rpartition(".")
    module = ModuleType(name)
    if (ROOT / file).exists():
        vars(module).update(vars(importlib.import_module(name)))
    exec(compile(dict(blocks(DOCS / page))[file], file, "exec", dont_inherit=True), vars(module))
    monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(importlib.import_module(above), short, module, raising=False)
    return module


def try_out(page: str, file: str, *given: object) -> None:
    """Run the tests that a page shows."""
    names: dict[str, object] = {}
    exec(compile(dict(blocks(DOCS / page))[file], file, "exec", dont_inherit=True), names)
    found = [value for name, value in names.items() if name.startswith("test_") and inspect.isfunction(value)]
    assert found
    for test in found:
        test(*given)


def test_a_format_of_releases(monkeypatch: pytest.MonkeyPatch) -> None:
    module = made("extending/release-format.md", "kg/reference/formats/cdt.py", monkeypatch)
    monkeypatch.setattr(formats, "FORMATS", (*formats.FORMATS[:-1], module.FORMAT, formats.FORMATS[-1]))
    try_out("extending/release-format.md", "tests/reference/formats/test_cdt.py")


def test_a_format_of_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    module = made("extending.md", "kg/documents/mail.py", monkeypatch)
    reader = Reader(module.NAME, frozenset({".eml"}), lambda _: False, lambda data: Content(*module.read(data)))
    monkeypatch.setattr(readers, "READERS", (reader, *readers.READERS))
    try_out("extending.md", "tests/documents/test_mail.py")


def test_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    made("extending/check.md", "kg/verification/checks.py", monkeypatch)
    try_out("extending/check.md", "tests/verification/test_checks.py")


def test_an_export(monkeypatch: pytest.MonkeyPatch) -> None:
    made("extending/export.md", "kg/network/dot.py", monkeypatch)
    try_out("extending/export.md", "tests/network/test_dot.py")
    assert {"write_pieces", "Content", "File"} <= vars(networks).keys(), "what the page takes for granted"
    assert {"Format", "Holds", "networks"} <= vars(export_formats).keys(), "what the page takes for granted"


def test_a_question(store: Store, graphs: list[str], tmp_path: Path) -> None:
    files = dict(blocks(DOCS / "extending" / "question.md"))
    (path,) = (path for path in files if path.endswith(".rq"))
    file = tmp_path / Path(path).name
    file.write_text(files[path], "utf-8")
    question, *expected = files["tests/queries/answers.txt"].splitlines()
    name, value = question.replace("_", " ").split(maxsplit=1)
    assert name == file.stem
    rows = run(store, read(file), dict([value.split("=")]), graphs).rows
    said = [" | ".join("-" if cell is None else str(cell) for cell in row) for row in rows]
    assert said == [row.strip() for row in expected]


@pytest.mark.slow
def test_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide, graph = tmp_path / "tocilizumab.md", tmp_path / "graph"
    guide.write_text(GUIDES["tocilizumab.md"], "utf-8")
    assert kg("build", guide, "--no-icd10cm", store=graph).code == 0
    monkeypatch.setattr(app, "registered_commands", [*app.registered_commands])
    made("extending/command.md", "kg/cli/listing.py", monkeypatch).add_to(app)
    try_out("extending/command.md", "tests/cli/test_listing.py", graph)
