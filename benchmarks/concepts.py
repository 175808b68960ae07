"""Measures the pages of the concepts with most connections, against reading all of these.

    python -m benchmarks.concepts [--store FOLDER] [--most 5]

For each kind, the concept that most statements speak of: how many connections it has, the seconds to read them all,
those until the page with the first of each relation is made, and its bytes. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from kg.graph.connections import connections
from kg.graph.opening import where
from kg.graph.rdf.iris import concept_of
from kg.graph.rdf.vocabulary import ASSERTIONS, RDF
from kg.graph.store import GraphStore
from kg.model import Concept, Kind, Relation
from kg.service.answers import Current
from kg.web.pages.concept import concept

_Made = TypeVar("_Made")


def main() -> None:
    """Measure them, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="the graph; else KG_STORE, else among the user's data")
    parser.add_argument("--most", type=int, default=5, help="how many concepts")
    arguments = parser.parse_args()
    current = Current(where(arguments.store), lambda _reply: None)
    print("| concept | connections | all of them | page | bytes |\n|---|---|---|---|---|")
    for number, hub in enumerate(hubs(current.store())):
        if number < arguments.most:
            print(row(current, hub))


def hubs(store: GraphStore) -> Iterator[Concept]:
    """Of each kind, the concept that most assertions have as their object, the most of all first."""
    counts = Counter(concept_of(quad.object) for quad in store.match(None, RDF.object, None, ASSERTIONS))
    kinds: set[Kind] = set()
    for hub, _ in counts.most_common():
        if hub.kind not in kinds:
            kinds.add(hub.kind)
            yield hub


def row(current: Current, hub: Concept) -> str:
    """One line of the table; each is measured once things are warm, the shortest of three times."""
    store = current.store()
    whole, seconds = shortest(lambda: connections(store, concepts=[hub], polarity=None, released=tuple(Relation)))
    reply, page = shortest(lambda: concept(current, hub.curie, trust="refuted", as_of=None, relation="", first=1))
    return f"| {hub.curie} | {len(whole):,} | {seconds * 1000:,.0f} ms | {page * 1000:,.0f} ms | {len(reply.body):,} |"


def shortest(make: Callable[[], _Made]) -> tuple[_Made, float]:
    """What is made, and the seconds of the quickest of three times."""
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        made = make()
        times.append(time.perf_counter() - begun)
    return made, min(times)


if __name__ == "__main__":
    main()
