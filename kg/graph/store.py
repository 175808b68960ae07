"""The store: a folder with numbered builds, one of which is current.

- `<store>/current`: the number of the build that readers open
- `<store>/lock`: held by the build that is being made
- `<store>/builds/7/`: `quads/` (pyoxigraph), `names.sqlite`, `adjacency.bin`, `manifest.json`, and what it was made of,
  `readings.jsonl`, `spoken.json`, `texts.sqlite` and `releases.bin`; and rows of tables (`kg.graph.inventory.kept`)
"""

from __future__ import annotations

import io
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, QuerySolutions, Variable

from kg.cells import read_rows
from kg.config import at_home, default
from kg.errors import Failure, StoreError, StoreLocked, UsageError
from kg.graph.adjacency import Adjacency, Edge, packed
from kg.graph.engines.address import Address, Place, address_of
from kg.graph.manifest import ADJACENCY, AGAIN, NAMES, QUADS, Manifest, damage, not_as_written
from kg.graph.names import Names
from kg.graph.quads import Quads
from kg.graph.rdf.iris import PREFIXES, concept_of, node
from kg.graph.rdf.values import Properties, Value
from kg.graph.rdf.vocabulary import RDF, REFERENCE, RELATION_GRAPHS, RELATION_OF, VERDICT_OF_GRAPH
from kg.model import Concept
from kg.whole_files import Aside, half_made, opened, room_to, write_durably

_AT_ONCE = 500
"""So many nodes are named in a query: engines have limits for its length."""

_POINTER = re.compile(rb"[0-9]+\n?")
_ABOUT_BOTH = (
    "SELECT * { ?statement rdf:subject ?subject . ?statement rdf:object ?object }",
    "SELECT * { ?statement rdf:object ?object . ?statement rdf:subject ?subject }",
)


def location(path: Place = None) -> Path:
    """The folder of a store: what was given, else `KG_STORE` or `kg.toml`, else a folder among the user's data.

    Raises `UsageError` for an address, where a graph can be asked, but not made.
    """
    if address := address_of(path):
        raise UsageError(
            f"{address}: this needs a graph in a folder: use --store FOLDER, then 'kg push {address}' brings it there"
        )
    assert not isinstance(path, Address)
    if folder := path or default("store").value:
        return at_home(folder)
    import platformdirs  # Costs a fifth of a cold start, and is needed only here.

    return Path(platformdirs.user_data_dir("billing-kg", appauthor=False))


def exists(path: Place = None) -> bool:
    """Whether there is a graph, whole or not."""
    return (location(path) / "current").exists()


class GraphStore:
    """A built graph, opened read-only; what it holds does not change while it is open."""

    def __init__(
        self,
        path: Path,
        build: Path,
        manifest: Manifest,
        quads: Quads,
        names: Names | None = None,
        adjacency: Adjacency | None = None,
    ) -> None:
        self.path = path
        self.place: Path | Address = path
        self.build = build
        self.manifest = manifest
        self.quads = quads
        self._names = names
        self._adjacency = adjacency

    @classmethod
    def open(cls, path: Place = None) -> Self:
        """Open the current build in a folder; raises `StoreError` where it is missing, damaged or another version's."""
        store = location(path)
        return cls.of_build(store, current_build(store))

    @classmethod
    def of_build(cls, store: Path, build: Path) -> Self:
        """Open a build of a store, or a copy of one for another day."""
        manifest = Manifest.read(build, store)
        for name, size in manifest.files.items():
            file = build / name
            if not file.exists() or file.stat().st_size != size:
                raise not_as_written(store, name)
        # Every flip in it may be a false no, and to read it takes a few milliseconds.
        manifest.verify(build, store, [ADJACENCY])
        # All are opened now, so that later builds may remove the folder under them.
        with damage(store):
            quads = ox.Store.read_only(str(build / QUADS))
        adjacency_file = build / ADJACENCY
        adjacency = Adjacency.open(adjacency_file) if adjacency_file.exists() else None
        return cls(store, build, manifest, quads, Names.open(build / NAMES), adjacency)

    def is_current(self) -> bool:
        """Whether there is no newer build; raises `StoreError` where there is none at all."""
        return current_build(self.path) == self.build

    def local_build(self) -> Path | None:
        """The folder of the build on this machine; None where it is only on an engine."""
        return self.build

    def verify(self, *files: str) -> None:
        """Make sure that files of the build are as they were written, all of them where none is named.

        Raises `StoreError` for one that is not.
        """
        self.manifest.verify(self.build, self.path, files)

    @property
    def names(self) -> Names:
        """The index of names."""
        if self._names is None:
            self._names = Names.open(self._file_of_names())
        return self._names

    def _file_of_names(self) -> Path:
        return self.build / NAMES

    @property
    def adjacency(self) -> Adjacency:
        """Who is connected with whom; a copy for another day makes it when it is first asked for."""
        if self._adjacency is None:
            content = packed(plain_edges(self.edges()))
            with (
                suppress(Failure),
                opened(self.build / ADJACENCY) as out,
            ):  # Where nobody may write, it is made each time.
                out.write(content)
            self._adjacency = Adjacency(content)
        return self._adjacency

    @cached_property
    def whole_adjacency(self) -> Adjacency:
        """The same of all plain edges, also of those that no path walks: made when it is first asked for."""
        return Adjacency(packed(plain_edges(self.edges(), joining=False)))

    def edges(self) -> Iterator[ox.Quad]:
        """The plain edges, in the graphs of their verdicts."""
        for graph in RELATION_GRAPHS.values():
            with damage(self.place):
                yield from self.quads.quads_for_pattern(None, None, None, graph)

    def subjects(
        self, predicate: NamedNode, object: NamedNode | Literal, graph: NamedNode | None = None
    ) -> list[NamedNode]:
        """The nodes of which this is said."""
        return [quad.subject for quad in self.match(None, predicate, object, graph)]

    def objects(self, subject: NamedNode, predicate: NamedNode, graph: NamedNode | None = None) -> list[Value]:
        """What is said of a node with this property."""
        return [quad.object for quad in self.match(subject, predicate, None, graph)]

    def about_both(self, subject: Concept, object: Concept, graph: NamedNode) -> list[NamedNode]:
        """The statements, of documents or releases, that have these two as subject and object."""
        # The engine goes through all that the first pattern finds, so that of a hub and a code the code comes first.
        degrees = [self.adjacency.degree(concept.curie) for concept in (subject, object)]
        query = _ABOUT_BOTH[degrees[0] > degrees[1]]
        rows = self._rows(query, graph, {Variable("subject"): node(subject), Variable("object"): node(object)})
        return sorted((row["statement"] for row in rows), key=lambda name: name.value)

    def with_other_end(self, end: NamedNode, concept: NamedNode, graph: NamedNode) -> list[tuple[NamedNode, NamedNode]]:
        """The statements that have a concept at an end, each with what it has at the other."""
        other = RDF.object if end == RDF.subject else RDF.subject
        query = f"SELECT ?statement ?other {{ ?statement {end} {concept} ; {other} ?other }}"
        return [(row["statement"], row["other"]) for row in self._rows(query, graph)]

    def counts(self, predicate: NamedNode, objects: Iterable[NamedNode], graph: NamedNode) -> dict[NamedNode, int]:
        """Of how many nodes each of these is said with a property; those of none are left out."""
        text = """SELECT ?object (COUNT(*) AS ?count) {{
            VALUES ?object {{ {values} }} ?node {name} ?object }} GROUP BY ?object"""
        rows = self._rows_of_each(objects, text.replace("{name}", str(predicate)), graph)
        return {row["object"]: int(row["count"].value) for row in rows}

    def objects_of(
        self, subjects: Iterable[NamedNode], predicate: NamedNode, graph: NamedNode
    ) -> dict[NamedNode, list[Value]]:
        """What is said with a property of each of many nodes; those without are left out."""
        text = "SELECT ?node ?value {{ VALUES ?node {{ {values} }} ?node {name} ?value }}"
        by_node: dict[NamedNode, list[Value]] = {}
        for row in self._rows_of_each(subjects, text.replace("{name}", str(predicate)), graph):
            by_node.setdefault(row["node"], []).append(row["value"])
        return by_node

    def _rows_of_each(self, nodes: Iterable[NamedNode], text: str, graph: NamedNode) -> Iterator[Any]:
        """The rows of a query of ours for each of many nodes, which it has as `values`, some at a time."""
        rest = iter(nodes)
        while some := list(islice(rest, _AT_ONCE)):
            yield from self._rows(text.format(values=" ".join(map(str, some))), graph)

    def _rows(self, query: str, graph: NamedNode, values: dict[Variable, Any] | None = None) -> list[Any]:
        """The rows of a query of ours over one graph."""
        with damage(self.place):
            solutions = self.quads.query(query, prefixes=PREFIXES, default_graph=graph, substitutions=values or {})
            return list(cast(QuerySolutions, solutions))

    def about(self, subject: NamedNode, graph: NamedNode | None = None) -> Properties:
        """All that is said of a node."""
        properties: Properties = {}
        for quad in self.match(subject, None, None, graph):
            properties.setdefault(quad.predicate, []).append(quad.object)
        return properties

    def subjects_of_each(self, predicate: NamedNode, objects: Iterable[NamedNode], graph: NamedNode) -> list[NamedNode]:
        """The nodes of which one of many things is said."""
        return [subject for object in objects for subject in self.subjects(predicate, object, graph)]

    def about_each(self, subjects: Iterable[NamedNode], graph: NamedNode) -> dict[NamedNode, Properties]:
        """All that is said of each of many nodes."""
        return {subject: self.about(subject, graph) for subject in subjects}

    def everything(self, graph: NamedNode) -> dict[NamedNode, Properties]:
        """All that is said in a graph, by node: one pass, which pays where most of it is needed."""
        by_node: dict[NamedNode, Properties] = {}
        for quad in self.match(None, None, None, graph):
            by_node.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
        return by_node

    def narrower(self, top: NamedNode) -> list[NamedNode]:
        """The nodes below a node at any depth, by `skos:broader`."""
        # A path in SPARQL takes a third of the time of asking step by step.
        query = "SELECT ?node ?top { ?node skos:broader+ ?top }"
        return [row["node"] for row in self._rows(query, REFERENCE, {Variable("top"): top})]

    def select(self, query: str, graph: NamedNode = REFERENCE, **values: NamedNode | Literal) -> list[list[Any]]:
        """The rows of a query of ours over one graph, with values bound to its variables."""
        bound: dict[Variable, Any] = {Variable(name): value for name, value in values.items()}
        return [list(row) for row in self._rows(query, graph, bound)]

    def select_texts(self, query: str, graph: NamedNode = REFERENCE) -> Iterator[list[str]]:
        """The rows of a query of ours over one graph, each value as its text, and empty where there is none.

        To make a term of each takes as long as to find it, and all of them together much memory.
        """
        if not isinstance(self.quads, ox.Store):
            rows = self._rows(query, graph)
            yield from ([value.value if value else "" for value in row] for row in rows)
            return
        with room_to("lay answers by"):
            file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        with file, io.TextIOWrapper(io.BufferedReader(file), "utf-8", newline="") as lines:
            with damage(self.place):
                answer = cast(QuerySolutions, self.quads.query(query, prefixes=PREFIXES, default_graph=graph))
                answer.serialize(cast(Any, Aside(file, "lay answers by")), format=ox.QueryResultsFormat.CSV)
            file.seek(0)
            rows_of_texts = read_rows(lines)
            next(rows_of_texts, None)
            yield from rows_of_texts

    # The build writes neither blank nodes nor triples as subjects or objects, so they need no mention above.
    def match(self, *pattern: Any) -> list[Any]:
        """The quads that a pattern of subject, predicate, object and graph fits; None fits anything."""
        with damage(self.place):
            return list(self.quads.quads_for_pattern(*pattern))

    def close(self) -> None:
        """Let go of the files."""
        if self._names is not None:
            self._names.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def plain_edges(quads: Iterable[ox.Quad], *, joining: bool = True) -> Iterator[Edge]:
    """The edges in the graphs of relations, each with its verdict: of relations that join concepts, or of all."""
    curies = _Curies()
    for quad in quads:
        relation = RELATION_OF[quad.predicate.value]
        if relation.joins or not joining:
            assert isinstance(quad.graph_name, NamedNode)
            yield curies[quad.subject], relation, curies[quad.object], VERDICT_OF_GRAPH[quad.graph_name.value]


class _Curies(dict[Any, str]):
    """The CURIE of each node, worked out once."""

    def __missing__(self, node: Any) -> str:
        self[node] = curie = concept_of(node).curie
        return curie


def current_build(store: Path) -> Path:
    """The folder of the current build; raises `StoreError` where there is none."""
    number = _current(store)
    if number is None:
        raise StoreError(f"{store}: no graph here; make one with 'kg build', or name another with --store")
    build = store / "builds" / str(number)
    if not build.is_dir():
        raise StoreError(f"{store}: the graph is damaged (build {number} is gone); {AGAIN}")
    return build


def build_before(store: Path) -> Path | None:
    """The folder of the build that was current before this one, which is kept; None where there is none."""
    number = int(current_build(store).name)
    earlier = [candidate for candidate in _numbers(store / "builds") if candidate < number]
    return store / "builds" / str(max(earlier)) if earlier else None


def verify(path: Place = None) -> None:
    """Make sure that all files of the current build are as they were written, without opening any of them.

    Raises `StoreError` for one that is not. Those of an engine at an address are its own affair.
    """
    if address_of(path):
        return
    store = location(path)
    build = current_build(store)
    Manifest.read(build, store).verify(build, store)


@contextmanager
def new_build(path: Place = None) -> Iterator[Path]:
    """A folder for a new build, which becomes the current one where the block ends without an error.

    Raises `StoreLocked` at once where another build holds the store. Readers go on with the build that they
    opened; the one before it is kept, older and half-made ones are removed.
    """
    store = location(path)
    with _writing(store):
        builds, previous = store / "builds", None
        with suppress(StoreError):
            previous = _current(store)
        _remove(builds, keep={previous})
        build = builds / str(1 + max((previous or 0, *_numbers(builds))))
        try:
            with half_made(build):
                build.mkdir(parents=True)
                yield build
            write_durably(store / "current", f"{build.name}\n")
        except BaseException:
            shutil.rmtree(build, ignore_errors=True)
            raise
        _remove(builds, keep={previous, int(build.name)})


@contextmanager
def _writing(store: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout  # Costs a third of a cold start, and only builds need it.

    lock = FileLock(store / "lock", timeout=0)
    try:
        store.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as exc:
        raise StoreLocked(f"{store}: another build is writing this store; wait until it is done") from exc
    except OSError as exc:
        raise StoreError(f"{store}: cannot be written ({(exc.strerror or str(exc)).lower()})") from exc
    try:
        yield
    finally:
        lock.release()


def _current(store: Path) -> int | None:
    """The number in the pointer file; None where there is no such file."""
    try:
        pointer = (store / "current").read_bytes()
        if not _POINTER.fullmatch(pointer):
            raise ValueError(pointer)
        return int(pointer)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as exc:
        raise StoreError(f"{store}: the graph is damaged (no number in 'current'); {AGAIN}") from exc


def _numbers(builds: Path) -> list[int]:
    return [int(entry.name) for entry in builds.glob("*") if entry.name.isdigit()]


def _remove(builds: Path, keep: set[int | None]) -> None:
    for number in _numbers(builds):
        if number not in keep:
            shutil.rmtree(builds / str(number), ignore_errors=True)
