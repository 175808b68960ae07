"""What was read of a document is kept, and the same as what is read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import shelf
from kg.documents import parse
from kg.verification import contents
from kg.verification.contents import contents_of

GUIDE = b"""# HCPCS Code J3262

Since January 1, 2024 append modifier JZ \xe2\x80\x93 \xe2\x80\x9cno waste\xe2\x80\x9d \xe2\x80\x93 to J3262.

- A4550: Surgical trays
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KG_CACHE", str(tmp_path))
    return tmp_path


def forbid_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(document: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(contents, "_read", fail)


@pytest.mark.usefixtures("cache")
def test_what_was_kept_is_what_would_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    document = parse(GUIDE, "guide.md")
    read = contents_of(document)
    assert read.assertions
    assert read.mentions
    assert contents_of(document, keep=True) == read
    forbid_reading(monkeypatch)
    assert contents_of(document, keep=True) == read


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize(("data", "name"), [(GUIDE + b"\n", "guide.md"), (GUIDE, "other.md"), (GUIDE, "guide.txt")])
def test_other_bytes_or_another_name_are_read(data: bytes, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    contents_of(parse(GUIDE, "guide.md"), keep=True)
    forbid_reading(monkeypatch)
    with pytest.raises(AssertionError, match="read again"):
        contents_of(parse(data, name), keep=True)


@pytest.mark.usefixtures("cache")
def test_other_rules_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    contents_of(parse(GUIDE, "guide.md"), keep=True)
    monkeypatch.setattr(contents, "_rules", lambda: shelf.key_of(["other rules"]))
    forbid_reading(monkeypatch)
    with pytest.raises(AssertionError, match="read again"):
        contents_of(parse(GUIDE, "guide.md"), keep=True)


def test_the_rules_are_the_code_and_the_tables_by_which_documents_are_read() -> None:
    root = contents._PACKAGE
    files = {str(file.relative_to(root)) for file in contents._files() if file.is_relative_to(root)}
    assert {"limits.py", "model/codes.py", "documents/html.py", "extraction/prose/clauses.py"} <= files
    assert not any(file.startswith(("graph/", "cli/", "drawing/")) for file in files)
    tables = {file.name for file in contents._files() if file.suffix == ".tsv"}
    assert {"cues.tsv", "drugs.tsv", "hcpcs.tsv"} <= tables


def test_nothing_is_kept_unasked_and_never_the_text(cache: Path) -> None:
    contents_of(parse(GUIDE, "guide.md"))
    assert not [*cache.rglob("contents-*")]
    contents_of(parse(GUIDE, "guide.md"), keep=True)
    (kept,) = cache.rglob("contents-*")
    assert b"no waste" not in kept.read_bytes()
