"""What `kg export` wrote is no guide: `kg check` and `kg build` pass it over."""

from __future__ import annotations

from pathlib import Path

import kg
from kg.documents import intake
from kg.exports.formats import FORMATS

_NO_READER = {".nq", ".trig", ".jsonld", ".ttl", ".graphml", ".npz"}


def test_a_folder_with_a_graph_and_its_exports_holds_one_guide(graph: kg.BillingGraph, tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text("# J3262\n", encoding="utf-8")
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "builds").symlink_to(graph._store.path / "builds")
    (tmp_path / "graph" / "current").write_bytes((graph._store.path / "current").read_bytes())
    formats = [format for format in FORMATS if format.name != "xlsx" and format.ending not in _NO_READER]
    for format in formats:
        graph.export(tmp_path / f"{format.name}{format.ending}", format.name)
    found = intake([tmp_path])
    assert [source.path.name for source in found.sources] == ["guide.md"]
    reasons = {skipped.path.name: skipped.reason for skipped in found.skipped}
    assert reasons == {"graph": "a graph of kg"} | {f"{one.name}{one.ending}": "an export of kg" for one in formats}
