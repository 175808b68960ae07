"""Finds `ontology/` and `data/`, in a checkout as in an installed wheel."""

from __future__ import annotations

from collections import defaultdict
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


def table(*parts: str, key: str = "") -> Iterator[dict[str, str]]:
    """The rows of a bundled tab-separated table as dictionaries; with `key` those whose first cell it is.

    The first line that does not start with `#` names the columns; a row with another number of cells
    raises `ResourceError` with file and line.

    >>> next(table("data", "reference", "modifiers.tsv"))["code"]
    '22'
    """
    file = path(*parts)
    columns: list[str] | None = None
    for number, line in _by_first_cell(file).get(key, ()) if key else _lines(file):
        cells = list(map(str.strip, line.split("\t")))
        if columns is None:
            columns = cells
            continue
        if len(cells) != len(columns):
            raise ResourceError(f"{file}:{number}: {len(cells)} cells where {len(columns)} are named: {line!r}")
        yield dict(zip(columns, cells, strict=True))


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """The lines of a table that are no remarks, the first of which names the columns, with their numbers."""
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line


@cache
def _by_first_cell(file: Path) -> dict[str, list[tuple[int, str]]]:
    """The lines of a table by their first cell, each time behind the one that names the columns."""
    lines = _lines(file)
    names = next(lines)
    by_key: defaultdict[str, list[tuple[int, str]]] = defaultdict(lambda: [names])
    for line in lines:
        by_key[line[1].partition("\t")[0].strip()].append(line)
    return dict(by_key)
