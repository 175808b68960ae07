"""What starts often must start fast: heavy libraries are imported where they are used."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"rdflib", "networkx", "pyvis", "lxml", "pandas", "simple_icd_10_cm", "rich", "pyshacl", "pyoxigraph", "numpy"}
RUN = "\nfrom kg.cli import main\ntry: main()\nexcept SystemExit: pass"


@pytest.mark.parametrize(
    "code",
    [
        "import kg",
        "import kg.cli",
        "import kg.extraction",
        "import kg.documents",
        "import kg.reference",
        "import sys; sys.argv = ['kg', '--help']" + RUN,
        "import sys; sys.argv = ['kg', 'show', '--help']" + RUN,
    ],
    ids=["kg", "kg.cli", "kg.extraction", "kg.documents", "kg.reference", "kg --help", "kg show --help"],
)
def test_nothing_heavy_is_imported(code: str) -> None:
    report = "\nimport sys; print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + report], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stderr.split())
