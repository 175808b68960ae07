"""The benchmarks run: what they measure is nobody's test, but that they measure is."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytest.importorskip("networkx")


def test_every_module_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    package = importlib.import_module("benchmarks")
    names = [module.name for module in pkgutil.walk_packages(package.__path__, "benchmarks.")]
    assert "benchmarks.steps" in names
    for name in names:
        if not name.endswith("__main__"):
            importlib.import_module(name)


@pytest.mark.slow
def test_a_small_graph_is_measured_from_beginning_to_end(tmp_path: Path) -> None:
    steps = ["prepare", "build", "dump", "raw_load", "questions", "paths"]
    command = [sys.executable, "-m", "benchmarks", tmp_path, "--sizes", "1000", "--runs", "1", "--only", *steps]
    output = tmp_path / "results.md"
    environment = os.environ | {"KG_CACHE": str(tmp_path / "cache")}
    done = subprocess.run([*command, "--output", output], cwd=ROOT, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    measured = json.loads((tmp_path / "measured.json").read_text("utf-8"))["1000"]
    assert list(measured) == steps
    assert len(measured["questions"][0]["questions"]) > 40
    assert "## Questions of the catalogue" in output.read_text("utf-8")
