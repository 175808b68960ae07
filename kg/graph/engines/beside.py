"""What is kept on this machine beside a graph on an engine: its index of names, and who is connected with whom.

Both are files as those of a build. `kg push` leaves them here; elsewhere they are made of the graph when they are first
needed. They stand under the build, so that another build has others. Where it was pushed from, the texts of its
documents stand there as well, and in which folder the whole build is.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from kg import shelf
from kg.errors import StoreError
from kg.graph import names
from kg.graph.manifest import ADJACENCY, NAMES, Manifest
from kg.graph.names import NameRow, row_of
from kg.graph.quads import Quads
from kg.graph.rdf.iris import PREFIXES, concept_of
from kg.graph.rdf.vocabulary import ASSERTIONS, CLASSES, REFERENCE, SKOS
from kg.graph.texts import TEXTS
from kg.model import Concept, Kind
from kg.whole_files import folder_beside

_FROM = "pushed-from"
_KEPT = 4
"""So many builds are kept; those asked longest ago go first."""

_CALLED = """SELECT ?concept ?what ?name {{ ?concept a {kind} .
    OPTIONAL {{ ?concept ?what ?name FILTER(?what IN (skos:prefLabel, skos:altLabel, bkg:descriptor)) }} }}"""
_EDGES = """SELECT ?end (COUNT(*) AS ?count) {{
    {{ SELECT DISTINCT ?end ?predicate ?other ?polarity {{ ?assertion {end} ?end ; {other} ?other ;
        rdf:predicate ?predicate ; bkg:polarity ?polarity }} }} }} GROUP BY ?end"""
_ENDS = ("rdf:subject", "rdf:object")


def folder_of(build: str) -> Path:
    """Where the files of a build are kept."""
    return shelf.location() / "engines" / hashlib.sha256(build.encode()).hexdigest()[:32]


def keep(build: str, local: Path) -> None:
    """Keep the files of a build in a folder, for those who ask for it at an address; where that fails, nothing."""
    folder = folder_of(build)
    for name in (NAMES, ADJACENCY, TEXTS):
        with suppress(OSError):  # A build of an older version has no texts.
            folder.mkdir(parents=True, exist_ok=True)
            _new_file(folder / name, lambda file, name=name: shutil.copyfile(local / name, file))  # type: ignore[misc]
    with suppress(OSError):
        _new_file(folder / _FROM, lambda file: file.write_bytes(os.fsencode(local.absolute())))


def pushed_from(build: str, manifest: Manifest) -> Path | None:
    """The folder of the build that was pushed from this machine, as long as it is there; of all others None."""
    try:
        folder = Path(os.fsdecode((folder_of(build) / _FROM).read_bytes()))
        is_it = replace(Manifest.read(folder, folder), files={}) == manifest
    except (OSError, ValueError, StoreError):
        return None
    return folder if is_it else None


def kept(build: str, name: str, make: Callable[[Path], object]) -> Path:
    """A file of a build, made where it is not kept yet; raises `OSError` where it cannot be written."""
    folder = folder_of(build)
    if not (folder / name).exists():
        folder.mkdir(parents=True, exist_ok=True)
        _new_file(folder / name, make)
        _forget(folder)
    with suppress(OSError):
        os.utime(folder)
    return folder / name


def _new_file(file: Path, make: Callable[[Path], object]) -> None:
    with folder_beside(file.parent, ".new-") as private:
        make(private / file.name)
        (private / file.name).replace(file)


def _forget(newest: Path) -> None:
    """Remove the builds that were asked longest ago."""
    last_use = {}
    for folder in newest.parent.iterdir():
        with suppress(FileNotFoundError):
            last_use[folder] = folder.stat().st_mtime
    for folder in sorted(last_use.keys() - {newest}, key=last_use.__getitem__, reverse=True)[_KEPT - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


def write_names(file: Path, quads: Quads) -> None:
    """Write the index of names of a graph, as its build wrote it."""
    names.write(file, name_rows(quads))


def name_rows(quads: Quads) -> Iterator[NameRow]:
    """What the index of names holds, of the graph alone."""
    connections = _connections(quads)
    for kind in Kind:
        for concept, others in _named(quads, kind):
            yield row_of(concept, connections[concept], others)


def _named(quads: Quads, kind: Kind) -> Iterator[tuple[Concept, tuple[str, ...]]]:
    """The concepts of a kind under their names, each with what else it is called."""
    names: dict[Concept, str | None] = {}
    others: defaultdict[Concept, list[str]] = defaultdict(list)
    query = _CALLED.format(kind=CLASSES[kind])
    # What most documents call a thing goes before what releases do.
    for graph in (ASSERTIONS, REFERENCE):
        for row in quads.query(query, prefixes=PREFIXES, default_graph=graph, named_graphs=[]):
            concept, what, name = concept_of(row["concept"]), row["what"], row["name"]
            if what == SKOS.prefLabel:
                names[concept] = names.get(concept) or name.value
            else:
                names.setdefault(concept, None)
                others[concept] += [name.value] if name is not None else []
    for concept in sorted(names):
        yield Concept(kind, concept.key, names[concept]), tuple(others[concept])


def _connections(quads: Quads) -> Counter[Concept]:
    """How many edges of documents each concept has, affirmed and excluded ones."""
    counts: Counter[Concept] = Counter()
    for end, other in (_ENDS, _ENDS[::-1]):
        query = _EDGES.format(end=end, other=other)
        for row in quads.query(query, prefixes=PREFIXES, default_graph=ASSERTIONS, named_graphs=[]):
            counts[concept_of(row["end"])] += int(row["count"].value)
    return counts
