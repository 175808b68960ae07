"""Measures a graph that is many times as large on Virtuoso: its bulk loader, its disk, the questions of the catalogue.

    python -m benchmarks.scale FOLDER [--copies 6]

FOLDER is the store of a graph. It is loaded as it is, and so often again under other names: each code, drug, assertion
and statement of a copy is its own, in the same graphs and with the same relations. So an engine can be measured with
ten million quads where nobody has the time to read the documents for them. It needs Debian's `virtuoso-opensource`.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from kg.billing_graph import BillingGraph
from kg.errors import EngineError
from kg.graph.days import Days
from kg.graph.engines import files
from kg.graph.engines.push import build_of
from kg.graph.opening import open_store
from kg.graph.rdf.iris import BASE
from kg.graph.store import GraphStore
from kg.queries import catalogue
from tests.graph.engines import servers

# All but the graphs and the words of the ontology.
_NAME = re.compile(rb"<" + re.escape(BASE.encode()) + rb"(?!graph/|ns#)")


def main() -> None:
    """Measure, and print what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folder", type=Path, help="the store of a graph")
    arguments.add_argument("--copies", type=int, default=6, help="how often it is there besides")
    given = arguments.parse_args()
    os.environ |= {"KG_ENGINE_USER": "dba", "KG_ENGINE_PASSWORD": "dba"}
    with GraphStore.open(given.folder) as store, tempfile.TemporaryDirectory() as work:
        os.environ["KG_CACHE"] = f"{work}/cache"
        folder = Path(work, "virtuoso")
        folder.mkdir()
        written = files.write(store, folder / "files", lambda *_: None)
        quads = sum(build_of(store).triples.values()) * (1 + given.copies)
        for copy in range(given.copies):
            for file in written[:-1]:
                content = _NAME.sub(rb"<%scopy%d/" % (BASE.encode(), copy), gzip.decompress(file.read_bytes()))
                file.with_name(f"copy-{copy}-{file.name}").write_bytes(gzip.compress(content, 1))
        with servers.virtuoso(folder, rows=1_000_000) as at:
            seconds = _load(folder)
            size = (folder / "virtuoso.db").stat().st_size / 1e9
            print(
                f"{quads:,} quads loaded in {seconds:.0f} s, {quads / seconds:,.0f} a second; {size:.1f} GB", flush=True
            )
            _ask(at)


def _load(folder: Path) -> float:
    (port,) = re.findall(r"\[Parameters\]\nServerPort = (\S+)", (folder / "virtuoso.ini").read_text())
    commands = f"ld_dir('{folder}/files', '*.nq.gz', 'http://none'); rdf_loader_run(); checkpoint;"
    begun = time.monotonic()
    subprocess.run(["isql-vt", port, "dba", "dba", f"exec={commands}"], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begun


def _ask(at: str) -> None:
    """Each question once to warm up, and three times for the median."""
    times: dict[str, float] = {}
    with open_store(at) as store:
        graph = BillingGraph(Days(store))
        for question in catalogue():
            values = {parameter.name: parameter.example for parameter in question.parameters}
            runs = []
            try:
                for _ in range(4):
                    begun = time.perf_counter()
                    graph.query(question, **values)
                    runs.append(time.perf_counter() - begun)
                times[question.name] = statistics.median(runs[1:])
            except EngineError as exc:
                print(f"{question.name}: {exc}", flush=True)
    ordered = sorted(times.values())
    slowest = sorted(times, key=times.__getitem__, reverse=True)[:4]
    print(f"{len(ordered)} questions: median {1000 * statistics.median(ordered):.1f} ms,", end=" ")
    print(f"90 % {1000 * ordered[int(0.9 * len(ordered))]:.0f} ms; slowest", end=" ")
    print(", ".join(f"{name} {times[name]:.1f} s" for name in slowest))


if __name__ == "__main__":
    main()
