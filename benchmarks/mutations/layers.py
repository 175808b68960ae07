"""The layers whose faults are made, and where their tests stand."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Layer(NamedTuple):
    """Files, and the tests that are to notice their faults: those of the layer, and a few of those that build on it."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


_EXAMPLES = "tests/test_doctests.py"
"""The examples in docstrings, a test for each module."""

LAYERS = {
    "model": Layer(("kg/model",), ("tests/model", "tests/verification", "tests/network", _EXAMPLES)),
    "extraction": Layer(("kg/extraction",), ("tests/extraction", _EXAMPLES)),
    "verification": Layer(("kg/verification",), ("tests/verification", "tests/graph/test_packages.py", _EXAMPLES)),
    "graph": Layer(("kg/graph",), ("tests/graph", "tests/ontology", "tests/test_billing_graph.py", _EXAMPLES)),
    "tables": Layer(("data/cues", "data/names"), ("tests/extraction", "tests/verification", "tests/data", _EXAMPLES)),
}


def files_of(layer: Layer) -> list[str]:
    """The modules and tables of a layer, in an order that does not change."""
    found = [file for folder in layer.files for kind in ("*.py", "*.tsv") for file in (ROOT / folder).rglob(kind)]
    return sorted(str(file.relative_to(ROOT)) for file in found)


def mirrors_of(file: str, layer: Layer) -> list[str]:
    """The tests of one module: of the same place and name, as the tree of tests mirrors the package."""
    place = Path(file)
    folder = Path("tests", *place.parent.parts[1:])
    named = sorted((ROOT / folder).glob(f"test_{place.stem}*.py")) or sorted(
        found for tests in layer.tests for found in (ROOT / tests).rglob(f"test_{place.stem}.py")
    )
    return [str(found.relative_to(ROOT)) for found in named]
