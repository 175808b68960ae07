"""The layers of the package, its modules, and who imports whom: read from the code for the laws and for the picture."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "kg"
LAYERS = (
    "errors", "config", "lazy_re", "limits", "cells", "whole_files", "collector", "resources", "shelf", "model",
    "frames", "places", "units", "documents", "extraction", "reference", "verification", "graph", "queries", "network",
    "drawing", "exports", "answer_rows", "answers", "comparison", "billing_graph", "doctor", "service", "web",
    "assistants", "cli", "__main__",
)  # fmt: skip
"""From the bottom up; each knows those before it and no more."""


@dataclass(frozen=True)
class Import:
    """One import: who imports what, and on which line; `typing_only` where only type checkers run it."""

    module: str
    target: str
    line: int
    typing_only: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def name_of(file: Path) -> str:
    """The name by which a file of ours is imported."""
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    """All modules of ours by name."""
    return {name_of(file): file for file in sorted(PACKAGE.rglob("*.py"))}


def layer_of(module: str) -> str:
    """The layer of a module of ours; `kg` itself only passes on the API."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "billing_graph"


def imports_of(module: str, file: Path) -> Iterator[Import]:
    """What one module imports, wherever it stands in it."""
    tree = ast.parse(file.read_text("utf-8"), str(file))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: a relative import"
            # `from kg import resources` names a module, `from kg.model import Code` does not.
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            targets = [name if name in modules() else str(node.module) for name in inner]
        else:
            continue
        for target in dict.fromkeys(targets):
            yield Import(module, target, node.lineno, id(node) in typing_only)


@cache
def imports() -> tuple[Import, ...]:
    """All imports of all modules."""
    return tuple(found for module, file in modules().items() for found in imports_of(module, file))


def ours(found: Import) -> bool:
    """Whether an import is of a module of ours."""
    return found.target.split(".")[0] == "kg"
