"""Measures the pages of `kg serve`, and what texts take of a store.

    python -m benchmarks.pages [--store FOLDER] [--runs 30] [PATH …]

Each page is asked for as a browser does, one request after another over one connection. Shown are the first request,
the median, the slowest of twenty, and the bytes. A small query over SPARQL is asked before all pages and between them,
so that it can be seen whether they hold it up. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import httpx

from benchmarks.streaming import children, memory, serving
from kg.graph.store import current_build, location
from kg.graph.texts import TEXTS

_PATHS = (
    "/search?q=J3262", "/search?q=tociluzimab", "/code/hcpcs/J3262", "/code/icd10cm/M06.9", "/payer/medicare",
    "/code/modifier/JW", "/findings", "/about", "/", "/query", "/path?from=J3262&to=J0129",
)  # fmt: skip
_BROWSER = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "identity"}
_QUERY = {"query": "SELECT ?drug { hcpcs:J3262 bkg:identifiesDrug ?drug }"}


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--store", type=Path, help="a graph; else the one that commands use")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("paths", nargs="*", default=_PATHS)
    arguments = parser.parse_args()
    store = location(arguments.store)
    with serving(store) as (process, address), httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        queries = [asked(client, "/sparql", _QUERY) for _ in range(arguments.runs + 5)][5:]
        print(f"SPARQL before any page: median {milliseconds(statistics.median(queries))}\n")
        print("| page | first | median | p95 | bytes | SPARQL between |\n|---|---|---|---|---|---|")
        for path in arguments.paths:
            print(line(client, path, arguments.runs), flush=True)
        workers = [memory(child) for child in children(process)]
        print(f"\nlargest memory: server {memory(process)} MB, a worker {max(workers)} MB")
    texts = current_build(store) / TEXTS
    print(f"texts: {texts.stat().st_size:,} bytes" if texts.exists() else "no texts are kept")


def line(client: httpx.Client, path: str, runs: int) -> str:
    """What was measured of a page, as a line of the table."""
    first = asked(client, path)
    seconds, queries = [], []
    for _ in range(runs):
        seconds.append(asked(client, path))
        queries.append(asked(client, "/sparql", _QUERY))
    size = len(client.get(path, headers=_BROWSER).content)
    slow = statistics.quantiles(seconds, n=20)[-1]
    times = map(milliseconds, (first, statistics.median(seconds), slow))
    return f"| `{path}` | {' | '.join(times)} | {size:,} | {milliseconds(statistics.median(queries))} |"


def asked(client: httpx.Client, path: str, options: dict[str, str] | None = None) -> float:
    """Seconds until an answer is there."""
    begun = time.perf_counter()
    client.get(path, params=options, headers=_BROWSER if options is None else None).raise_for_status()
    return time.perf_counter() - begun


def milliseconds(seconds: float) -> str:
    """A time in milliseconds.

    >>> milliseconds(0.01234)
    '12.3 ms'
    """
    return f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    main()
