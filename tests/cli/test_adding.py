"""`kg add`, `kg remove`, `kg changes`, and what `kg build` says of the graph that is there."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .running import KG, kg

GUIDE = "# HCPCS Code {}\n\n## Supported diagnoses\n\n- M05.79\n"


@pytest.fixture
def copy(store: Path, tmp_path: Path) -> Iterator[Path]:
    """A store that a test may change."""
    shutil.copytree(store, tmp_path / "graph")
    yield tmp_path / "graph"


def guide(path: Path, code: str) -> Path:
    path.write_text(GUIDE.format(code))
    return path


def test_a_guide_is_added_and_removed(copy: Path, tmp_path: Path) -> None:
    ran = kg("add", guide(tmp_path / "new.md", "J0897"), "--no-icd10cm", store=copy)
    assert (ran.code, ran.out) == (0, "")
    assert "4 documents" in ran.err
    assert ran.err.splitlines()[-1] == "changed: assertions +1 −0, connections +1 −0"
    assert "J0897" in kg("codes-for", "M05.79", store=copy).out
    listed = kg("changes", "--format", "json", store=copy)
    rows = json.loads(listed.out)
    assert [(row["change"], row["what"], row["subject"], row["object"]) for row in rows] == [
        ("came", "assertion", "hcpcs:J0897", "icd10cm:M05.79"),
        ("came", "connection", "hcpcs:J0897", "icd10cm:M05.79"),
    ]
    assert (rows[0]["document"], rows[0]["line"], rows[0]["quote"]) == ("new", 5, "M05.79")
    ran = kg("remove", "new.md", "--no-icd10cm", store=copy)
    assert ran.err.splitlines()[-1] == "changed: assertions +0 −1, connections +0 −1"
    ran = kg("remove", "new.md", store=copy)
    assert (ran.code, ran.error) == (1, "kg: no document in the graph is called 'new.md' (3 documents searched)")


def test_what_is_there_already_is_passed_over(copy: Path, guides: Path) -> None:
    name = sorted(guides.iterdir())[0]
    ran = kg("add", name, "--no-icd10cm", store=copy)
    assert ran.code == 0
    assert f"kg: left out: {name}: is in the graph, as {name.stem}" in ran.err
    assert ran.err.splitlines()[-1] == "changed: nothing changed"


@pytest.mark.slow
def test_a_build_that_would_drop_documents_is_refused(copy: Path, tmp_path: Path) -> None:
    new = guide(tmp_path / "new.md", "J0897")
    ran = kg("build", new, "--no-icd10cm", store=copy)
    assert ran.code == 2
    assert ran.error.startswith("kg: 3 of 3 documents of the graph are not among these (")
    assert ran.error.endswith("): use 'kg add' to keep them, or --replace to drop them")
    ran = kg("build", new, "--no-icd10cm", "--replace", store=copy)
    assert ran.code == 0
    assert "1 documents" in ran.err


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 2)])
def test_at_a_terminal_it_asks(copy: Path, tmp_path: Path, answer: str, code: int) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    command = [KG, "build", str(guide(tmp_path / "new.md", "J0897")), "--no-icd10cm", "--store", str(copy)]
    done = subprocess.run(command, stdin=theirs, capture_output=True, timeout=60, check=False)
    assert done.returncode == code, done.stderr
    assert b"Drop them? [y/N]" in done.stderr
    os.close(ours)
    os.close(theirs)


def test_the_first_build_has_no_changes(store: Path) -> None:
    ran = kg("changes", store=store)
    assert (ran.code, ran.error) == (1, f"kg: {store}: no build before this one, so that nothing has changed")


def test_nothing_is_added_where_no_graph_is(tmp_path: Path) -> None:
    ran = kg("add", guide(tmp_path / "new.md", "J0897"), "--store", tmp_path / "none")
    assert ran.code == 3
    assert "no graph here; make one with 'kg build'" in ran.error
    assert not (tmp_path / "none").exists()
