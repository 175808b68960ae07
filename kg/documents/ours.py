"""What billing-kg itself wrote: graphs, exports, releases and decisions, of which none is a guide."""

from __future__ import annotations

from pathlib import Path

from kg import lazy_re as re

_HEAD = 512
# How files begin that `kg export` writes, of those whose endings readers know; a node-link file is one of networkx.
_EXPORTS = {
    ".json": re.compile(rb'\{\s*"directed": (?:true|false),\s*"multigraph": (?:true|false),\s*"graph": \{'),
    ".tsv": re.compile(
        rb"#curie_map:\r?\n(?:#.*\n)*?#.*w3id\.org/billing-kg/|subject\trelation\tobject\tverdict\tcost\t"
    ),
}
_NOTE, _RECORD, _DECISIONS = "_export.json", "release.json", ".decisions.json"
_BY_US = re.compile(rb'"made_by": "billing-kg"')
_OF_RELEASES = re.compile(rb'\{\s*"format": \d+,\s*"file": \{')


def wrote_folder(folder: Path) -> str:
    """What kind of folder of billing-kg this is; empty for all others.

    >>> wrote_folder(Path("."))
    ''
    """
    if (folder / "builds").is_dir() and _head(folder / "current").strip().isdigit():
        return "a graph of kg"
    if _BY_US.search(_head(folder / _NOTE)):
        return "an export of kg"
    return "a release that kg keeps" if _OF_RELEASES.match(_head(folder / _RECORD)) else ""


def wrote_file(path: Path) -> str:
    """What kind of file of billing-kg this is, of those that a reader would take; empty for all others.

    >>> wrote_file(Path("graph.decisions.json"))
    'decisions of kg'
    """
    if path.name.endswith(_DECISIONS):
        return "decisions of kg"
    begins = _EXPORTS.get(path.suffix.lower())
    return "an export of kg" if begins and begins.match(_head(path)) else ""


def _head(path: Path) -> bytes:
    try:
        if path.is_file():
            with path.open("rb") as file:
                return file.read(_HEAD)
    except OSError:  # Reading it as a document says what is wrong with it.
        pass
    return b""
