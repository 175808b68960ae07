"""The example of docs/scaling.md, run on a cluster of Dask: its graph is that of the documents."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kg

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scaling.md").read_text("utf-8")
GUIDES = ROOT / "data" / "guides"
KG = str(Path(sys.executable).with_name("kg"))


def script() -> str:
    """The example that reads a folder with Dask."""
    (found,) = re.findall(r"^```python\n(\"\"\"read.py .*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.mark.slow
def test_the_graph_of_what_a_cluster_read_is_that_of_the_documents(tmp_path: Path) -> None:
    folder = tmp_path / "guides"
    shutil.copytree(GUIDES, folder)
    (folder / "bad.md").write_bytes(b"\0\1\2")
    (tmp_path / "read.py").write_text(script().replace("SIZE = 50", "SIZE = 5"))
    environment = {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(tmp_path)}
    command = [sys.executable, tmp_path / "read.py", folder, tmp_path / "out"]
    subprocess.run(command, check=True, timeout=300, env=environment)
    assert len(list((tmp_path / "out").glob("*.parquet"))) > 5
    exported = []
    for number, source in enumerate([[folder], ["--from", tmp_path / "out"]]):
        store = ["--store", tmp_path / f"graph-{number}"]
        done = subprocess.run(
            [KG, "build", *source, "--as-of", "2026-06-30", "--no-icd10cm", *store], capture_output=True, text=True
        )
        assert done.returncode == 1, done.stderr
        assert "bad.md:1: not text" in done.stderr
        exported.append(subprocess.run([KG, "export", *store], capture_output=True, check=True).stdout)
    assert exported[0] == exported[1]
    assert exported[0]


def test_the_page_names_every_column() -> None:
    table = PAGE.partition("## The columns")[2].partition("\n## ")[0]
    named = [name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(kg.readings_schema().names)


def test_what_was_read_is_asked_by_the_fields_that_it_has() -> None:
    (asked,) = re.findall(r"^```sql\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    fields = {field.name for field in kg.readings_schema().field("assertions").type.value_type}
    assert {"object", "relation"} == set(re.findall(r"stated\.(\w+)", asked)) <= fields
