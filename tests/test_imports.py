"""What starts often must start fast: heavy libraries are imported where they are used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "rdflib", "networkx", "pyvis", "lxml", "pandas", "polars", "pyarrow", "simple_icd_10_cm", "rich", "pyshacl",
    "pyoxigraph", "numpy", "pint", "urllib3", "python_calamine", "rapidfuzz", "selectolax", "charset_normalizer",
    "pdfplumber", "importlib.metadata",
}  # fmt: skip
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


def test_showing_a_code_loads_the_store_and_nothing_else_that_is_heavy(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text("# HCPCS Code J3262\n\nJ3262 is tocilizumab, billed per 1 mg.\n")
    build = ["build", str(tmp_path / "guide.md"), "--no-icd10cm"]
    subprocess.run([Path(sys.executable).with_name("kg"), *build, "--store", tmp_path / "store"], check=True)
    code = f"import sys; sys.argv = ['kg', 'show', 'J3262', '--store', {str(tmp_path / 'store')!r}]" + RUN
    report = "\nimport sys; print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + report], capture_output=True, text=True, check=True)
    assert "J3262" in done.stdout
    assert HEAVY & set(done.stderr.split()) <= {"pyoxigraph", "rich"}
    layers = {name.split(".")[1] for name in done.stderr.split() if name.startswith("kg.")}
    assert not layers & {"units", "documents", "extraction", "reference", "verification"}
