"""One step of the comparison, in a process of its own, so that its memory is its own and nothing is warm but itself.

    python -m benchmarks.steps STEP FOLDER [NUMBER…]

Prints what it measured as one object of JSON. FOLDER holds one size: its documents, its graph, its N-Quads.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import shutil
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox

import kg
from benchmarks import corpus, graphs, official
from benchmarks.extraction import read_all
from benchmarks.processes import repeated, run
from kg.graph.adjacency import concept_called
from kg.graph.inventory.kept import KeptRows
from kg.graph.judged import Judged
from kg.graph.ledger import Ledger
from kg.graph.rdf.iris import PREFIXES
from kg.graph.rdf.vocabulary import dataset
from kg.graph.store import new_build
from kg.graph.writing import Reading, graph_lines, write_graph
from kg.model import Concept, Kind, Verdict
from kg.network import to_networkx
from kg.queries import CatalogueQuery, catalogue
from kg.queries.standalone import with_values
from kg.verification import Judge

Measured = dict[str, Any]
_PAIRS = 100
_HUB = 5_000
_LARGE = 1_000_000
_NARROW = {*Kind, "concept", "document"}
"""A question that is given one of these looks around it."""
_SLOW = 2
"""A question that takes so many seconds is asked once."""
_TOGETHER, _MOST = 0.5, 50
"""A quick one is asked until its runs together take so many seconds, or so often."""
_PATIENCE = 300
"""After so many seconds a question to rdflib is given up."""


def prepare(folder: Path, quads: int) -> Measured:
    """Make the documents and write them down: reading and extraction are measured elsewhere."""
    return {"documents": graphs.keep(graphs.Material.of(quads).readings(), folder / "readings")}


def build(folder: Path, quads: int) -> Measured:
    """Documents and releases, already parsed, into a graph; what unpickling them takes is not counted."""
    reference = graphs.Material.of(quads).reference
    gc.freeze()
    waited = 0.0

    def readings() -> Iterator[Reading]:
        nonlocal waited
        since = time.perf_counter()
        for reading in graphs.kept(folder / "readings"):
            waited += time.perf_counter() - since
            yield reading
            since = time.perf_counter()

    begun, cpu = time.perf_counter(), time.process_time()
    with new_build(folder / "graph") as graph_build:
        counts = write_graph(graph_build, readings(), reference, lambda *_: None, graphs.DAY)
    seconds = time.perf_counter() - begun - waited
    return {"seconds": seconds, "cpu": time.process_time() - cpu - waited, "counts": dict(counts), "waited": waited}


def dump(folder: Path, quads: int) -> Measured:
    """The same quads for the other engines, as N-Quads in the order in which the graph was loaded.

    The order matters: what was loaded sorted by subject, as an export is, is read three times as fast.
    """
    reference = graphs.Material.of(quads).reference
    ledger = Ledger(reference, Judged(Judge(reference, graphs.DAY)))
    with (folder / "quads.nq").open("w", encoding="utf-8", newline="") as out, KeptRows() as rows:
        out.writelines(graph_lines(ledger, graphs.kept(folder / "readings"), rows))
    with kg.open(folder / "graph") as graph:
        store = graph._store
        return {"quads": len(store.quads), "disk": sum(f.stat().st_size for f in store.build.rglob("*") if f.is_file())}


def raw_load(folder: Path) -> Measured:
    """The same quads into the raw engine, by its own bulk load; then its files are merged, as a build merges them."""
    shutil.rmtree(folder / "raw", ignore_errors=True)
    begun, cpu = time.perf_counter(), time.process_time()
    store = ox.Store(str(folder / "raw"))
    store.bulk_load(path=str(folder / "quads.nq"), format=ox.RdfFormat.N_QUADS)
    store.flush()
    loaded, loaded_cpu = time.perf_counter(), time.process_time()
    store.optimize()
    merging, merging_cpu = time.perf_counter() - loaded, time.process_time() - loaded_cpu
    return {"seconds": loaded - begun, "cpu": loaded_cpu - cpu, "merging": merging, "merging cpu": merging_cpu}


def questions(folder: Path, runs: int, quads: int) -> Measured:
    """The questions of the catalogue: ours, and the same SPARQL on the raw engine, in turn.

    Those that go through the whole graph are left out of a large one, where they take minutes.
    """
    measured: Measured = {}
    raw = ox.Store.read_only(str(folder / "raw"))
    with kg.open(folder / "graph") as graph:
        for query, values in _questions_with_values(graph):
            if quads > _LARGE and not any(parameter.kind in _NARROW for parameter in query.parameters):
                continue
            text = with_values(query, values)
            ours, theirs = list[float](), list[float]()
            while not _enough(ours, runs):
                begun = time.perf_counter()
                rows = len(graph.query(query, **values).rows)
                ours.append(time.perf_counter() - begun)
                theirs.append(_seconds(lambda t=text: _raw(raw, t)))  # type: ignore[misc]
            measured[query.name] = {"ours": statistics.median(ours), "raw": statistics.median(theirs), "rows": rows}
    return {"questions": measured}


def _enough(seconds: list[float], runs: int) -> bool:
    """Whether a question was asked often enough: a slow one once, a quick one until chance no longer decides."""
    slow = bool(seconds) and seconds[0] > _SLOW
    return slow or (len(seconds) >= runs and (sum(seconds) > _TOGETHER or len(seconds) >= _MOST))


def rdflib_questions(folder: Path) -> Measured:
    """The same questions on rdflib in memory, each once; one that takes too long is given up, and says null."""
    from rdflib import Dataset, URIRef
    from rdflib.plugins.sparql import prepareQuery

    begun = time.perf_counter()
    data = Dataset(default_union=True)
    data.parse(str(folder / "quads.nq"), format="nquads")
    measured: Measured = {"load": time.perf_counter() - begun, "patience": _PATIENCE, "questions": {}}
    data.remove_graph(URIRef("https://w3id.org/billing-kg/graph/relations/refuted"))
    signal.signal(signal.SIGALRM, _too_long)
    with kg.open(folder / "graph") as graph:
        for query, values in _questions_with_values(graph):
            prepared = prepareQuery(with_values(query, values), initNs=PREFIXES)
            signal.alarm(_PATIENCE)
            try:
                measured["questions"][query.name] = _seconds(lambda p=prepared: list(data.query(p)))
            except TimeoutError:
                measured["questions"][query.name] = None
            finally:
                signal.alarm(0)
    return measured


def _too_long(*_: object) -> None:
    raise TimeoutError


def paths(folder: Path) -> Measured:
    """Pairs of codes: the search, and with the evidence of every hop."""
    from kg.network.search import Search

    begun = time.perf_counter()
    with kg.open(folder / "graph") as graph:
        adjacency = graph._store.adjacency
        opened = time.perf_counter() - begun
        rows = adjacency.down_to(Verdict.DISPUTED)
        names = [adjacency.curie(node) for node in range(len(adjacency)) if rows.degree(node)]
        dice = random.Random(7)
        codes = [name for name in names if name.startswith("hcpcs:")]
        pairs = [tuple(dice.sample(codes, 2)) for _ in range(_PAIRS)]
        numbered = [[adjacency.node(name) or 0 for name in pair] for pair in pairs]
        searched = {k: _seconds(lambda k=k: [Search(rows, *p).best(k) for p in numbered]) for k in (1, 3)}  # type: ignore[misc]
        whole = _seconds(lambda: [graph.paths(*pair, 1) for pair in pairs])
        again = _seconds(lambda: [graph.paths(*pair, 1) for pair in pairs])
    return {"open": opened, "nodes": len(names), "edges": len(rows.neighbour) // 2, "search": searched[1],
            "search of 3": searched[3], "with evidence": whole, "with evidence again": again}  # fmt: skip


def networkx_paths(folder: Path) -> Measured:
    """The same through networkx: the export, and its own search for one pair."""
    import networkx

    begun = time.perf_counter()
    with kg.open(folder / "graph") as graph:
        network = to_networkx(graph.connections())
        export_seconds = time.perf_counter() - begun
        codes = [name for name in network if name.startswith("hcpcs:")]
    simple = networkx.Graph(network)
    pairs = [random.Random(n).sample(codes, 2) for n in range(20)]
    return {
        "export": export_seconds,
        "20 unweighted pairs": _seconds(lambda: [_nx_path(simple, *pair) for pair in pairs]),
    }


def _nx_path(network: Any, start: str, end: str) -> list[str]:
    import networkx

    return list(networkx.shortest_path(network, start, end)) if networkx.has_path(network, start, end) else []


def busiest(folder: Path) -> Measured:
    """What is asked for on the command line: of each kind the concept with most edges, and one with few."""
    with kg.open(folder / "graph") as graph:
        most = {kind.value: concept.curie for kind, concept in _busiest(graph, 0).items()}
        usual = {kind.value: concept.curie for kind, concept in _busiest(graph, 40).items()}
        return {"most": most, "usual": usual}


def _busiest(graph: kg.BillingGraph, most: int) -> dict[Kind, Concept]:
    """Of each kind the concept with most edges, and with no more than so many where that is not zero."""
    adjacency = graph._store.adjacency
    rows = adjacency.down_to(Verdict.DISPUTED)
    best: dict[Kind, tuple[int, Concept]] = {}
    for node in range(len(adjacency)):
        concept, degree = concept_called(adjacency.curie(node)), rows.degree(node)
        if (not most or degree <= most) and degree > best.get(concept.kind, (-1, concept))[0]:
            best[concept.kind] = degree, concept
    return {kind: concept for kind, (_, concept) in best.items()}


def cold(folder: Path, runs: int) -> Measured:
    """Commands from a cold process: medians, and the largest memory."""
    concepts = busiest(folder)
    usual, most = concepts["usual"], concepts["most"]
    commands: dict[str, tuple[str, ...]] = {
        "kg show, a drug code": ("show", usual["hcpcs"]),
        "kg show, a diagnosis": ("show", usual["icd10cm"]),
        "kg codes-for, a diagnosis": ("codes-for", usual["icd10cm"]),
        "kg path, two codes": ("path", usual["hcpcs"], usual["icd10cm"]),
        "kg search": ("search", "rheumatoid arthritis"),
        "kg show, the drug code with most connections": ("show", most["hcpcs"]),
        "kg codes-for, the diagnosis with most connections": ("codes-for", most["icd10cm"]),
        "kg path, those two": ("path", most["hcpcs"], most["icd10cm"]),
    }
    return {"commands": {what: repeated((*command, *_store(folder)), runs) for what, command in commands.items()}}


def hub(folder: Path, runs: int) -> Measured:
    """A page of a hub: the concept whose connections come closest to so many."""
    with kg.open(folder / "graph") as graph:
        adjacency = graph._store.adjacency
        rows = adjacency.down_to(Verdict.DISPUTED)
        node = min(range(len(adjacency)), key=lambda node: abs(rows.degree(node) - _HUB))
        name, degree = adjacency.curie(node), rows.degree(node)
    command = ("draw", name, "--output", str(folder / "hub.html"), *_store(folder))
    seconds, memory = repeated(command, runs)
    return {"concept": name, "neighbours": degree, "seconds": seconds, "of the process": memory,
            "page": (folder / "hub.html").stat().st_size / 1e6}  # fmt: skip


def edits(folder: Path, runs: int) -> Measured:
    """All of the edits and limits of the NCCI: added, and built with the bundled guides."""
    files = official.write(folder / "ncci")
    releases = ("--releases", str(folder / "releases"))
    shutil.rmtree(folder / "releases", ignore_errors=True)
    added = run(("reference", "add", *map(str, files), *releases))
    built = repeated(("build", *releases, "--store", str(folder / "with-edits")), runs)
    return {"rows": official.EDITS + official.LIMITS, "files": sum(f.stat().st_size for f in files) / 1e6,
            "add": added, "build": built}  # fmt: skip


def extraction(_: Path, count: int) -> Measured:
    """So many guides of the seeds' kinds, one after another on one core; making them is not counted."""
    return _extracted(corpus.documents(count))


def seeds(_: Path, count: int) -> Measured:
    """The same with guides that say what the seeds say, where these are at hand."""
    return _extracted(corpus.like_seeds(count))


def _extracted(guides: Iterable[tuple[str, bytes]]) -> Measured:
    count, cpu, size, assertions = 0, 0.0, 0, 0
    for reading in read_all(guides):
        count, cpu = count + 1, cpu + reading.cpu
        size, assertions = size + len(reading.data), assertions + reading.assertions
    return {"count": count, "cpu": cpu, "bytes": size, "assertions": assertions}


def _store(folder: Path) -> tuple[str, str]:
    return "--store", str(folder / "graph")


def _questions_with_values(graph: kg.BillingGraph) -> Iterator[tuple[CatalogueQuery, dict[str, Any]]]:
    """The catalogue, each question with the values of its examples, as far as this graph has them."""
    usual = _busiest(graph, 100)
    document = next(iter(graph.documents()))
    for query in catalogue():
        values: dict[str, Any] = {}
        for parameter in query.parameters:
            kind = Kind.HCPCS if parameter.kind == "concept" else parameter.kind
            concept = usual.get(kind) if kind in set(Kind) else None  # type: ignore[call-overload]
            keeps = parameter.name in ("object", "modifier") or concept is None
            values[parameter.name] = (
                document if parameter.kind == "document" else parameter.example if keeps else concept
            )
        yield query, values


def _raw(store: ox.Store, text: str) -> int:
    graphs = [ox.NamedNode(name.value) for name in dataset()]
    answer: Any = store.query(text, prefixes=PREFIXES, default_graph=graphs, named_graphs=graphs)
    return sum(1 for _ in answer) if hasattr(answer, "__iter__") else 1


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


STEPS: dict[str, Callable[..., Measured]] = {
    step.__name__: step
    for step in (
        prepare, build, dump, raw_load, questions, rdflib_questions, paths, networkx_paths, busiest,
        cold, hub, edits, extraction, seeds,
    )
}  # fmt: skip


def main(steps: Mapping[str, Callable[..., Measured]] = STEPS) -> None:
    """Do one step, and print what it measured with the largest memory in MB."""
    name, folder, *numbers = sys.argv[1:]
    measured = steps[name](Path(folder), *map(int, numbers))
    measured["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
