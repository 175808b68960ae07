"""`kg build --from` and `kg add --from`: what is refused is one line, and makes nothing."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kg.graph.arrow_readings import extract_batches

from .running import kg


@pytest.fixture
def readings(tmp_path: Path) -> Path:
    batch = pa.record_batch({"name": ["note.md"], "data": [b"Append modifier JW to J3262."]})
    pq.write_table(pa.Table.from_batches(extract_batches([batch])), tmp_path / "readings.parquet")
    return tmp_path / "readings.parquet"


def test_a_file_that_is_cut_ends_with_three(readings: Path, tmp_path: Path) -> None:
    readings.write_bytes(readings.read_bytes()[:-100])
    ran = kg("build", "--from", str(readings), "--store", tmp_path / "store")
    assert ran.code == 3
    assert ran.error.startswith(f"kg: {readings}: not whole, or no Parquet (")
    assert not (tmp_path / "store" / "current").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["build", "note.md", "--from", "{}"],
            "a build from readings reads documents as well: leave one of the two out",
        ),
        (["build", "--with-bundled", "--from", "{}"], "a build from readings reads documents as well"),
        (["build", "--jobs", "2", "--from", "{}"], "a build from readings has nothing to read in several jobs"),
        (["add"], "nothing to add: name documents, or readings with --from"),
    ],
)
def test_what_does_not_go_together_ends_with_two(
    words: list[str], message: str, readings: Path, tmp_path: Path
) -> None:
    ran = kg(*(word.replace("{}", str(readings)) for word in words), "--store", tmp_path / "store")
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.error
    assert not (tmp_path / "store").exists()
