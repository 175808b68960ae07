"""Imports point one way: each layer knows those below it and no more, so that it can be read from the bottom up."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.architecture import LAYERS, imports, layer_of, modules, ours
from tests.architecture.picture import BANDS, COMMAND, FILE, known, picture, rows

MOST_LINES = 400
MOST_LINES_OF_FUNCTION = 50

# Which layers may import a library; what is not named here may be imported anywhere.
LIBRARIES = {
    "rdflib": {"graph", "queries"},
    "pyoxigraph": {"graph", "queries"},
    "oxrdflib": {"graph"},
    "pyshacl": {"graph"},
    "httpx": {"graph"},
    "networkx": {"network"},
    "pyvis": {"drawing"},
    "jinja2": {"drawing", "web"},
    "yaml": {"documents", "drawing"},
    "rustworkx": {"drawing"},
    "lxml": {"documents", "reference"},
    "selectolax": {"documents"},
    "charset_normalizer": {"documents"},
    "pdfplumber": {"documents"},
    "pdfminer": {"documents"},
    "python_calamine": {"documents", "reference"},
    "urllib3": {"reference"},
    "rapidfuzz": {"graph", "verification"},
    "pint": {"units"},
    "ahocorasick_rs": {"extraction"},
    "simple_icd_10_cm": {"reference"},
    "pandas": {"frames"},
    "polars": {"frames"},
    "pyarrow": {"frames", "graph", "exports"},
    "xlsxwriter": {"exports"},
    "typer": {"cli"},
    "rich": {"cli"},
    "starlette": {"web"},
    "uvicorn": {"web"},
    "h11": {"web"},
    "prometheus_client": {"web"},
    "python_multipart": {"web"},
}


def test_every_module_belongs_to_a_layer() -> None:
    assert {layer_of(module) for module in modules()} <= set(LAYERS)


def test_the_table_of_layers_has_all_of_them_in_their_order() -> None:
    """What stands in one row is one box of the picture, and its order is free."""
    left = list(reversed(LAYERS))
    for row in rows():
        beside, left = left[: len(row.layers)], left[len(row.layers) :]
        assert sorted(row.layers) == sorted(beside)
    assert left == []
    assert BANDS.keys() <= {row.layers[0] for row in rows()}


def test_the_picture_is_that_of_the_code() -> None:
    assert FILE.read_text("utf-8") == picture(), f"run: {COMMAND}"


def test_every_line_of_the_picture_comes_down() -> None:
    every = rows()
    for number, row in enumerate(every):
        assert all(other > number for other in known(row, every)), row.title


def test_no_module_imports_from_a_later_layer() -> None:
    upward = [
        str(found)
        for found in imports()
        if ours(found)
        and not found.typing_only
        and LAYERS.index(layer_of(found.target)) > LAYERS.index(layer_of(found.module))
    ]
    assert upward == []


def test_nothing_imports_the_command_line_and_only_it_imports_the_workbench() -> None:
    allowed = {"cli": {"cli", "__main__"}, "web": {"web", "cli"}}
    assert [
        str(found)
        for found in imports()
        if ours(found) and layer_of(found.module) not in allowed.get(layer_of(found.target), {layer_of(found.module)})
    ] == []


def test_only_the_command_line_imports_from_the_top() -> None:
    """`import kg` inside a function of the library would be a circle."""
    assert [
        str(found)
        for found in imports()
        if found.target == "kg" and layer_of(found.module) not in ("cli", "web") and not found.typing_only
    ] == []


def test_modules_form_no_circle() -> None:
    edges: dict[str, set[str]] = {module: set() for module in modules()}
    for found in imports():
        # A package's __init__ passes on what its modules hold, so importing a name from there is no circle.
        if ours(found) and not found.typing_only and found.target != found.module.rpartition(".")[0]:
            edges[found.module].add(found.target)
    assert circle(edges) == []


def circle(edges: dict[str, set[str]]) -> list[str]:
    """Modules that import each other round in a circle, or nothing."""
    left = dict(edges)
    while free := [module for module, targets in left.items() if not targets & left.keys()]:
        for module in free:
            del left[module]
    return sorted(left)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_known_to_its_layer_alone(library: str) -> None:
    stray = [
        str(found)
        for found in imports()
        if found.target.split(".")[0] == library
        and not found.typing_only
        and layer_of(found.module) not in LIBRARIES[library]
    ]
    assert stray == []


def test_no_module_is_too_long() -> None:
    lengths = {module: len(file.read_text("utf-8").splitlines()) for module, file in modules().items()}
    assert [module for module, length in lengths.items() if length > MOST_LINES] == []


def test_no_function_is_too_long() -> None:
    assert [
        f"{module}:{node.lineno} {node.name}"
        for module, file in modules().items()
        for node in ast.walk(ast.parse(file.read_text("utf-8"), str(file)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MOST_LINES_OF_FUNCTION
    ] == []


_BELOW_THE_GRAPH = LAYERS[: LAYERS.index("graph")]


@pytest.mark.parametrize("layer", _BELOW_THE_GRAPH)
def test_the_layers_below_the_graph_know_nothing_of_rdf(layer: str) -> None:
    """Not even for type checkers."""
    rdf = {"rdflib", "pyoxigraph", "oxrdflib", "pyshacl"}
    assert [str(f) for f in imports() if layer_of(f.module) == layer and f.target.split(".")[0] in rdf] == []


def test_the_model_needs_nothing_but_the_standard_library() -> None:
    foreign = {
        found.target
        for found in imports()
        if layer_of(found.module) == "model"
        and found.target.split(".")[0] not in sys.stdlib_module_names
        and layer_of(found.target) != "model"
    }
    assert foreign <= {"kg.errors"}


def test_types_of_upper_layers_are_borrowed_only_where_the_api_is_made() -> None:
    borrowed = [
        str(found)
        for found in imports()
        if ours(found)
        and found.typing_only
        and LAYERS.index(layer_of(found.target)) > LAYERS.index(layer_of(found.module))
    ]
    assert borrowed == []
