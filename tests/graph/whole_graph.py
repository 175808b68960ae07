"""Writes what the graph of `rich.py` holds and answers into `whole/`: `python -m tests.graph.whole_graph`.

Read the difference line by line before you keep it.
"""

from __future__ import annotations

import io
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

from kg.errors import KgError
from kg.graph import lookup
from kg.graph.as_of import at
from kg.graph.connections import connections
from kg.graph.describing import broader, describe, knows, narrower, resolve, validities
from kg.graph.near import near_codes, suggestions
from kg.graph.packages import packages_of, planned, unit_of
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, RDF
from kg.graph.rdf_files import export_nquads
from kg.graph.store import GraphStore
from kg.model import Assertion, Concept, Connection, Finding, Kind, Polarity, Relation, Verdict

from . import rich

WHOLE = Path(__file__).parent / "whole"
_ONTOLOGY = "graph/ontology"
_IRI = re.compile(r"<[^>]*[/#]([^>/#]+)[/#]([^>/#]+)>")
_DAYS = (
    None,
    date(2025, 11, 1),
    date(2025, 9, 30),
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 7, 1),
    date(2026, 7, 2),
)
_TEXTS = (
    "J3262",
    "j3262 ",
    "hcpcs:j1440",
    "M0579",
    "M05.7",
    "m06",
    "icd10cm:m05-m14",
    "M05-M14",
    "Actemra",
    "tocilizumab",
    "arthritis",
    "Seropositive arthritis",
    "polyarthritis",
    "medicare",
    "POS 11",
    "physician",
    "96413",
    "infusion",
    "JW",
    "59",
    "50242-0135-01",
    "gout",
    "J3263",
    "M05.78",
    "icd10cm:M05.790",
    "drug:tocilizumb",
    "nothing",
    "hcpcs:D0120",
    "1 mg",
    "of",
    "10",
    "M99.999",
    "J1745x",
    "",
)


def graph(store: GraphStore) -> Iterator[str]:
    """The quads, but for those of the ontology; the index of names; the edges; and the counts."""
    out = io.BytesIO()
    export_nquads(store, out)
    yield from sorted(_short(line) for line in out.getvalue().decode().splitlines() if _ONTOLOGY not in line)
    with closing(sqlite3.connect(store.build / "names.sqlite")) as names:
        yield from map(repr, names.execute("SELECT kind, key, label, connections FROM concept ORDER BY id"))
        query = (
            "SELECT text, kind, key, alternative FROM name JOIN concept ON concept.id = name.concept ORDER BY 1, 2, 3"
        )
        yield from map(repr, names.execute(query))
    yield from (" ".join((a, relation, b, verdict)) for a, relation, b, verdict in store.adjacency.edges())
    yield from (f"{what}: {number}" for what, number in store.manifest.counts.items())


def answers(store: GraphStore) -> Iterator[str]:
    """What an opened store says of each concept in it, and to some texts."""
    concepts = sorted({concept for text in _TEXTS for concept in _called(store, text)} | _of_edges(store))
    validity = validities(store, [concept for concept in concepts if concept.kind.is_code])
    often = lookup.mentions(store, concepts)
    for concept in concepts:
        yield f"# {concept.curie}"
        yield _fields(describe(store, concept))
        yield f"known {knows(store, concept)}, mentioned {often[concept]}, {validity.get(concept)}"
        yield f"above {_curies(broader(store, concept))}; below {_curies(narrower(store, concept))}"
        yield f"near {_curies(near_codes(store, concept))}"
        yield f"spoken of {[str(one.evidence) for one in lookup.speaking_of(store, concept)]}"
        for every in (
            connections(store, subject=concept, polarity=None, released=tuple(Relation)),
            connections(store, object=concept, verdicts=Verdict.floor("unchecked"), released=[Relation.BILLED_AS]),
            connections(store, concepts=[concept], without=[rich.J3262], released=tuple(Relation)),
        ):
            yield from map(_connection, every)
    for text in _TEXTS:
        yield f"# {text!r}"
        yield f"means {_tried(lambda text=text: resolve(store, text).curie)}"  # type: ignore[misc]
        yield f"exactly {_curies(match.concept for match in store.names.exact(text))}"
        yield f"found {[(match.concept.curie, match.connections) for match in store.names.search(text, limit=6)]}"
        yield f"close {_curies(suggestions(store, text))}"


def whole(store: GraphStore) -> Iterator[str]:
    """What the store says as a whole, of documents and releases, and of units and packages."""
    yield f"{lookup.documents(store)} {lookup.titles(store, ['policy', 'nothing'])} {lookup.releases(store)}"
    yield f"{_tried(lambda: sorted(lookup.require_documents(store, ['guide.md', 'policy'])))}"
    yield f"{_tried(lambda: lookup.require_documents(store, ['else.md']))}"
    yield from map(_finding, lookup.findings(store))
    names = store.subjects(RDF.type, BKG.Assertion, ASSERTIONS)
    stated = [one for one, _ in lookup.assertions(store, names)]
    yield from map(_finding, lookup.findings_of(store, sorted(stated, key=lambda one: one.evidence)))
    yield from sorted(f"{_assertion(one)} {verdict}" for one, verdict in lookup.all_statements(store, list(Relation)))
    for relations in ([Relation.SUPPORTED_BY_DIAGNOSIS], [Relation.BUNDLED_WITH, Relation.BILLED_AS]):
        yield from map(_connection, connections(store, relations=relations, released=relations))
    yield from map(_connection, connections(store, polarity=Polarity.EXCLUDED))
    for code in (rich.J3262, rich.J1745, rich.J1440, rich.Q5133, rich.INFUSION):
        for day in _DAYS if code in (rich.J3262, rich.J1745) else _DAYS[:2]:
            yield f"# {code.curie} on {day}"
            yield _tried(lambda code=code, day=day: _fields(unit_of(store, code, day)))  # type: ignore[misc]
            yield _tried(lambda code=code, day=day: repr(packages_of(store, unit_of(store, code, day), day)))  # type: ignore[misc]
            yield _tried(lambda code=code, day=day: _fields(planned(store, code, "170 mg", day=day)))  # type: ignore[misc]
    for ndc in ("50242-0136-01", "50242-0137-01", "50242-0138-01, 50242-0135-01"):
        yield _tried(lambda ndc=ndc: _fields(planned(store, rich.J3262, "170 mg", ndc=ndc, day=rich.DAY)))  # type: ignore[misc]


def days(store: GraphStore) -> Iterator[str]:
    """What another day changes in the graph."""
    now = set(graph(store))
    for day in (date(2013, 12, 31), date(2026, 3, 31), date(2026, 7, 1)):
        with at(store, day) as then:
            yield f"# {day}"
            yield from (f"- {line}" for line in sorted(now - set(graph(then))))
            yield from (f"+ {line}" for line in sorted(set(graph(then)) - now))
            yield from (_fields(describe(then, concept)) for concept in (rich.J1745, Concept.parse("M06.8")))


def _short(line: str) -> str:
    """A line of N-Quads without what all of its names begin with."""
    return _IRI.sub(lambda match: f"{match[1]}/{match[2]}", line)


def _called(store: GraphStore, text: str) -> list[Concept]:
    return [match.concept for match in (*store.names.exact(text), *store.names.search(text, limit=3))]


def _of_edges(store: GraphStore) -> set[Concept]:
    ends = {curie for a, _, b, _ in store.adjacency.edges() for curie in (a, b)}
    found = {Concept(Kind(curie.partition(":")[0]), curie.partition(":")[2]) for curie in ends}
    return found | {Concept.parse("icd10cm:M05.78"), Concept.parse("hcpcs:D0120"), Concept.parse("hcpcs:J9998")}


def _tried(answer: Callable[[], object]) -> str:
    try:
        return str(answer())
    except KgError as exc:
        return f"{type(exc).__name__}: {exc}"


def _fields(told: object) -> str:
    names = [name for kind in reversed(type(told).__mro__) for name in getattr(kind, "__dataclass_fields__", {})]
    said = {name: getattr(told, name) for name in dict.fromkeys(names)}
    return ", ".join(f"{name}={_plain(value)}" for name, value in said.items() if value not in ("", None, (), 0))


def _plain(value: object) -> str:
    return f"{value.curie} {value.name!r}" if isinstance(value, Concept) else str(value)


def _curies(concepts: object) -> str:
    return " ".join(concept.curie for concept in concepts) or "nothing"  # type: ignore[attr-defined]


def _assertion(one: Assertion) -> str:
    qualifiers = " ".join(f"{qualifier}={concept.curie}" for qualifier, concept in one.qualifiers)
    said = f"{one.subject.curie} {one.relation} {_plain(one.object)} {one.polarity} {one.strength} {qualifiers}"
    return f"{said} ({one.condition}) {one.rule} {one.evidence} {one.evidence.quote!r}"


def _connection(found: Connection) -> str:
    edge = f"{_plain(found.subject)} {found.relation} {_plain(found.object)} {found.polarity} {found.verdict}"
    return f"{edge}: {'; '.join(map(_assertion, found.assertions))}"


def _finding(found: Finding) -> str:
    place = f"[{found.release} {found.row}] {found.hangs}"
    return f"{found.verdict} {found.concept.curie}: {found.reason} {place} {_assertion(found.assertion)}"


FILES: dict[str, Callable[[GraphStore], Iterator[str]]] = {
    "graph": graph,
    "answers": answers,
    "whole": whole,
    "days": days,
}


def main() -> None:
    """Write all files anew."""
    WHOLE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, rich.build(Path(folder), [rich.first(), rich.second()]) as store:
        for name, said in FILES.items():
            (WHOLE / f"{name}.txt").write_text("".join(f"{line}\n" for line in said(store)), "utf-8")
            sys.stdout.write(f"wrote {name}\n")


if __name__ == "__main__":
    main()
