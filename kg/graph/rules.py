"""Which rules and tables made what is kept: a text that changes when one of them does."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from kg import resources

_PACKAGE = Path(__file__).resolve().parent.parent
_LAYERS = ("model", "documents", "extraction", "reference", "verification", "graph")


@cache
def made_by() -> str:
    """A checksum of the code and the tables, the same on every machine that has the same."""
    content = hashlib.sha256()
    code = [(_PACKAGE, "places.py"), *((_PACKAGE / layer, "*.py") for layer in _LAYERS)]
    for folder, kind in (*code, (resources.folder("data"), "*.tsv"), (resources.folder("ontology"), "*.ttl")):
        for file in sorted(folder.rglob(kind)):
            content.update(file.relative_to(folder).as_posix().encode() + b"\0")
            content.update(hashlib.sha256(file.read_bytes()).digest())
    return content.hexdigest()[:32]
