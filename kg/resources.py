"""Finds `ontology/` and `data/`, in a checkout as in an installed wheel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from kg.errors import ResourceError

_PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """The folder `ontology` or `data`.

    The wheel carries both inside the package; a checkout has them beside it.

    >>> folder("ontology").name
    'ontology'
    """
    for parent in (_PACKAGE, _PACKAGE.parent):
        if (parent / name).is_dir():
            return parent / name
    raise ResourceError(f"billing-kg is installed without its folder {name!r}; install it again")


def path(*parts: str) -> Path:
    """The path of one bundled file; raises `ResourceError` where it is missing.

    >>> path("data", "reference", "modifiers.tsv").suffix
    '.tsv'
    """
    file = folder(parts[0]).joinpath(*parts[1:])
    if not file.exists():
        raise ResourceError(f"billing-kg is installed without its file {'/'.join(parts)}; install it again")
    return file


def table(*parts: str) -> Iterator[dict[str, str]]:
    """The rows of a bundled tab-separated table as dictionaries.

    The first line that does not start with `#` names the columns; a row with another number of cells
    raises `ResourceError` with file and line.

    >>> next(table("data", "reference", "modifiers.tsv"))["code"]
    '22'
    """
    file = path(*parts)
    columns: list[str] | None = None
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if columns is None:
            columns = cells
            continue
        if len(cells) != len(columns):
            raise ResourceError(f"{file}:{number}: {len(cells)} cells where {len(columns)} are named: {line!r}")
        yield dict(zip(columns, cells, strict=True))
