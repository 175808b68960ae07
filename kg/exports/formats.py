"""Every format that a graph is exported in: one row each."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import UnknownName, UsageError
from kg.exports import csv_tables, kgx, neo4j, networks, parquet, quads, sssom, xlsx
from kg.exports.content import Content, Exported, File, Holds
from kg.model import Concept, Relation


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, how its files end, what it holds, what writes it, and what that needs.

    A `folder` is several files, which take their place together; `binary` is nothing to show on a terminal.
    `extra` is what has to be installed beside the core. `write` leaves a whole file or folder, or none, and gives how
    many rows there are of each table in it.
    """

    name: str
    ending: str
    holds: Holds
    write: Callable[[Content, File], Mapping[str, int] | None]
    folder: bool = False
    binary: bool = False
    extra: str = ""


FORMATS = (
    Format("nquads", ".nq", Holds.QUADS, quads.nquads),
    Format("rdf12", ".nq", Holds.QUADS, quads.rdf12),
    Format("trig", ".trig", Holds.QUADS, quads.trig),
    Format("jsonld", ".jsonld", Holds.QUADS, quads.jsonld),
    Format("turtle", ".ttl", Holds.QUADS, quads.turtle),
    Format("graphml", ".graphml", Holds.NETWORK, networks.graphml),
    Format("node-link", ".json", Holds.NETWORK, networks.node_link),
    Format("edges", ".tsv", Holds.NETWORK, networks.edges),
    Format("csr", ".npz", Holds.NETWORK, networks.csr, binary=True),
    Format("neo4j", "", Holds.NETWORK, neo4j.neo4j, folder=True),
    Format("kgx", "", Holds.NETWORK, kgx.kgx, folder=True),
    Format("csv", "", Holds.TABLES, csv_tables.csv, folder=True),
    Format("raw-csv", "", Holds.TABLES, csv_tables.raw_csv, folder=True),
    Format("parquet", "", Holds.TABLES, parquet.parquet, folder=True, binary=True, extra="arrow"),
    Format("xlsx", ".xlsx", Holds.TABLES, xlsx.xlsx, binary=True, extra="xlsx"),
    Format("sssom", ".sssom.tsv", Holds.TABLES, sssom.sssom),
)
"""In the order in which help and messages name them."""


def format_named(name: str) -> Format:
    """The format of a name; raises `UnknownName` for another.

    >>> format_named("edges").ending
    '.tsv'
    """
    for format in FORMATS:
        if format.name == name:
            return format
    raise UnknownName(f"no such format: {name!r} (one of {', '.join(format.name for format in FORMATS)})")


def export(file: File, name: str, content: Content) -> Exported:
    """Write what is asked for in a format, once it is clear that the format can hold it and the place is no store."""
    format = format_named(name)
    if format.holds is Holds.QUADS and content.asked.is_slice:
        sliced = ", ".join(other.name for other in FORMATS if other.holds is not Holds.QUADS)
        raise UsageError(f"{name} is {format.holds.value}, which has no slices: choose one of {sliced}")
    if isinstance(file, str | Path):
        _refuse_store(Path(file), content.store.path)
    alone: tuple[Concept, ...] = ()
    left_out: Mapping[Relation, int] = {}
    if format.holds is Holds.NETWORK:
        alone, left_out = content.streamed.alone, content.streamed.left_out()
    return Exported(alone, left_out, format.write(content, file) or {})


def _refuse_store(file: Path, store: Path) -> None:
    """What is written over a graph, or into it, would be the end of it."""
    target, folder = Path(os.path.realpath(file)), Path(os.path.realpath(store))
    if target == folder or folder in target.parents or target in folder.parents:
        raise UsageError(f"{file}: the graph itself is there; name another place with --output")
