"""Which rules and tables made what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.graph import rules


def test_a_change_of_code_or_tables_changes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("model", "cli", "data", "ontology"):
        (tmp_path / folder).mkdir()
    (tmp_path / "model" / "codes.py").write_text("one")
    monkeypatch.setattr(rules, "_PACKAGE", tmp_path)
    monkeypatch.setattr(rules.resources, "folder", lambda name: tmp_path / name)
    first = rules.made_by.__wrapped__()
    (tmp_path / "cli" / "output.py").write_text("a table is wider")
    assert rules.made_by.__wrapped__() == first
    found = {first}
    for file in ("model/codes.py", "data/drugs.tsv", "ontology/billing.ttl"):
        (tmp_path / file).write_text("two")
        found.add(rules.made_by.__wrapped__())
    assert len(found) == 4
