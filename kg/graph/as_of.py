"""A graph as it stood on another day: the same build, with the verdicts of that day.

Only verdicts depend on the day: of assertions and statements with a code that had ended or not begun. A build is
large and they are few, so a copy of it is made whose files are links to those of the build, and in the copy they
are judged anew. Copies stay beside the build, and the next question for the same day finds its own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.known import known_codes
from kg.graph.quads import finding_quads, hanging_quads, hanging_reason, verdict_quads
from kg.graph.reading import Reader
from kg.graph.store import GraphStore, Manifest, Value, damage
from kg.graph.vocabulary import (
    ASSERTIONS,
    BKG,
    POLARITIES,
    PREFIXES,
    QUALIFIERS,
    RDF,
    REFERENCE,
    RELATION_GRAPHS,
    VERDICTS,
    concept_of,
)
from kg.model import Polarity, Verdict
from kg.verification import DATED, Judge, codes_of, when_not_in_force

_KEPT = 4
"""So many days are kept beside a build; those asked for longest ago go first."""


def at(store: GraphStore, day: date) -> GraphStore:
    """The graph with the verdicts of a day; the same store where it holds them already."""
    if store.manifest.as_of == day.isoformat():
        return store
    if not os.access(store.build, os.W_OK):
        return _for_once(store, day)
    folder = store.build / "days" / day.isoformat()
    if not (folder / "manifest.json").exists():
        _make(store, day, folder)
        _forget(folder.parent)
    with suppress(OSError):
        os.utime(folder)
    return GraphStore.of_build(store.path, folder)


def _for_once(store: GraphStore, day: date) -> GraphStore:
    """Where nobody may write beside the build: a copy that is gone once it has been opened."""
    with tempfile.TemporaryDirectory(prefix="billing-kg-") as private:
        folder = Path(private) / day.isoformat()
        _make(store, day, folder)
        return GraphStore.of_build(store.path, folder)


def _make(store: GraphStore, day: date, folder: Path) -> None:
    """Make the copy for a day; it is there as a whole or not at all."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
        try:
            _link(store.build, made)
            with damage(store.path):
                _judge_anew(store, ox.Store(str(made / "quads")), day)
            Manifest.of(made, store.manifest.counts, day.isoformat()).write(made)
            with suppress(OSError):  # Somebody else was faster.
                made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as exc:
        raise StoreError(f"{store.path}: cannot be shown as of {day} ({(exc.strerror or str(exc)).lower()})") from exc


def _link(build: Path, made: Path) -> None:
    """Tables and the index never change, so a link will do; the rest is small."""
    (made / "quads").mkdir()
    for file in (*(build / "quads").iterdir(), build / "names.sqlite"):
        copy = made / file.relative_to(build)
        if file.name != "LOCK":
            _link_or_copy(file, copy) if file.suffix in {".sst", ".sqlite"} else shutil.copy2(file, copy)


def _link_or_copy(file: Path, copy: Path) -> None:
    try:
        os.link(file, copy)
    except OSError:  # Another file system, or one without links.
        shutil.copy2(file, copy)


def _forget(days: Path) -> None:
    kept = sorted((day for day in days.iterdir() if not day.name.startswith(".")), key=lambda day: -day.stat().st_mtime)
    for day in kept[_KEPT:]:
        shutil.rmtree(day, ignore_errors=True)


def _judge_anew(store: GraphStore, copy: ox.Store, day: date) -> None:
    """Judge in the copy what depends on the day; the store is read as it was before."""
    changed = _Changed.between(store, day)
    assertions, statements = changed.assertions(), changed.statements()
    verdicts = _judge_assertions(changed, copy, assertions)
    for name, standing in statements.items():
        _replace(copy, name, BKG.verdict, VERDICTS[standing], REFERENCE)
    edges = {_edge(store, name, ASSERTIONS) for name in assertions} | {
        _edge(store, name, REFERENCE) for name in statements
    }
    for (subject, relation, object), verdict in _edge_verdicts(store, edges, {**verdicts, **statements}):
        for graph in RELATION_GRAPHS.values():
            copy.remove(ox.Quad(subject, relation, object, graph))
        if verdict is not None:
            copy.add(ox.Quad(subject, relation, object, RELATION_GRAPHS[verdict]))
    copy.flush()


@dataclass(slots=True)
class _Interval:
    """When a code or a statement holds, and since when a code is a heading."""

    valid_from: date | None = None
    valid_through: date | None = None
    heading_from: date | None = None

    def standing(self, day: date | None) -> tuple[bool, bool]:
        """Whether it is out of force, and whether it is a heading that once was none."""
        if day is None:
            return False, self.heading_from is not None
        out_of_force = bool(when_not_in_force(self.valid_from, self.valid_through, day))
        return out_of_force, self.heading_from is not None and day >= self.heading_from


_DATES = (("valid_from", BKG.validFrom), ("valid_through", BKG.validThrough), ("heading_from", BKG.headingFrom))


@dataclass(slots=True)
class _Changed:
    """What stands otherwise on a day than in the store."""

    store: GraphStore
    day: date
    intervals: dict[Value, _Interval]
    names: set[ox.NamedNode]

    @classmethod
    def between(cls, store: GraphStore, day: date) -> _Changed:
        """Find the codes and statements whose standing differs between the day of the store and another."""
        before = date.fromisoformat(store.manifest.as_of) if store.manifest.as_of else None
        intervals: dict[Value, _Interval] = {}
        for field, said in _DATES:
            for quad in store.match(None, said, None, REFERENCE):
                setattr(intervals.setdefault(quad.subject, _Interval()), field, date.fromisoformat(quad.object.value))
        names = {
            name
            for name, found in intervals.items()
            if isinstance(name, ox.NamedNode) and found.standing(before) != found.standing(day)
        }
        return cls(store, day, intervals, names)

    def assertions(self) -> list[ox.NamedNode]:
        """The assertions with a code that stands otherwise."""
        ends = (RDF.subject, RDF.object, *QUALIFIERS.values())
        found = (self.store.subjects(end, code, ASSERTIONS) for code in sorted(self.names, key=str) for end in ends)
        return list(dict.fromkeys(chain.from_iterable(found)))

    def statements(self) -> dict[ox.NamedNode, Verdict]:
        """The statements that stand otherwise or have a code that does, with their verdicts of the day."""
        ends = (RDF.subject, RDF.object)
        found = {name for code in self.names for end in ends for name in self.store.subjects(end, code, REFERENCE)}
        found |= {name for name in self.names if name.value.startswith(PREFIXES["statement"])}
        return {name: self._verdict(name) for name in found}

    def _verdict(self, statement: ox.NamedNode) -> Verdict:
        said = self.store.about(statement, REFERENCE)
        parts = (statement, said[RDF.subject][0], said[RDF.object][0])
        standings = [self.intervals[part].standing(self.day)[0] for part in parts if part in self.intervals]
        return Verdict.DISPUTED if any(standings) else Verdict.CORROBORATED


def _judge_assertions(changed: _Changed, copy: ox.Store, names: Sequence[ox.NamedNode]) -> dict[ox.NamedNode, Verdict]:
    """Judge assertions anew as far as the day decides; gives their verdicts."""
    reader = Reader(changed.store)
    assertions = [reader.assertion(name)[0] for name in names]
    reference = known_codes(changed.store, {c for each in assertions for c, _ in codes_of(each)})
    judgement = Judge(reference, changed.day, DATED).judge(assertions)
    verdicts: dict[ox.NamedNode, Verdict] = {}
    for name, assertion in zip(names, assertions, strict=True):
        timeless = _timeless(changed.store, name)
        dated = judgement.verdicts[assertion.identifier]
        final = max(timeless, dated, key=lambda v: v.rank) if dated is Verdict.DISPUTED else timeless
        _forget_dated(changed.store, copy, name)
        for quad in verdict_quads(assertion.identifier, final, timeless if timeless is not final else None):
            copy.add(quad)
        verdicts[name] = final
    for finding in judgement.findings:
        copy.extend(finding_quads(finding))
    for identifier, positions in judgement.hanging.items():
        for position in positions:
            copy.extend(hanging_quads(identifier, judgement.findings[position]))
    return verdicts


def _timeless(store: GraphStore, name: ox.NamedNode) -> Verdict:
    found = store.objects(name, BKG.timelessVerdict, ASSERTIONS) or store.objects(name, BKG.verdict, ASSERTIONS)
    return next(verdict for verdict, node in VERDICTS.items() if node == found[0])


def _forget_dated(store: GraphStore, copy: ox.Store, name: ox.NamedNode) -> None:
    """Take from the copy what was said of an assertion because of the day of the store."""
    for said in (BKG.verdict, BKG.timelessVerdict):
        _remove(copy, name, said)
    for quad in store.match(name, BKG.finding, None, ASSERTIONS):
        found = store.about(quad.object, ASSERTIONS)
        if BKG.dated in found:
            _remove(copy, name, BKG.verdictReason, found[BKG.reason][0])
            for better in found.get(BKG.betterCode, ()):
                _remove(copy, name, BKG.suggestion, better)
            _remove(copy, name, BKG.finding, quad.object)
            _remove(copy, quad.object)
    for quad in store.match(name, BKG.hangsOn, None, ASSERTIONS):
        found = store.about(quad.object, ASSERTIONS)
        if BKG.dated in found:
            reason = hanging_reason(concept_of(found[BKG.about][0]), found[BKG.reason][0].value)
            _remove(copy, name, BKG.verdictReason, ox.Literal(reason))
            _remove(copy, name, BKG.hangsOn, quad.object)


def _edge(store: GraphStore, name: ox.NamedNode, graph: ox.NamedNode) -> _Edge:
    said = store.about(name, graph)
    subject, relation, object = (said[part][0] for part in (RDF.subject, RDF.predicate, RDF.object))
    return subject, relation, object  # type: ignore[return-value]  # none of the three is a literal


_Edge = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]


def _edge_verdicts(
    store: GraphStore, edges: set[_Edge], changed: Mapping[ox.NamedNode, Verdict]
) -> Iterator[tuple[_Edge, Verdict | None]]:
    """The strongest verdict of each edge among its affirmed assertions and its statements; None where it has none."""
    known = {node: verdict for verdict, node in VERDICTS.items()}
    by_subject: defaultdict[ox.NamedNode, set[_Edge]] = defaultdict(set)
    for edge in edges:
        by_subject[edge[0]].add(edge)
    for subject, asked in by_subject.items():
        found: dict[_Edge, Verdict | None] = dict.fromkeys(asked)
        for graph in (ASSERTIONS, REFERENCE):
            for name in store.subjects(RDF.subject, subject, graph):
                edge, said = _edge(store, name, graph), store.about(name, graph)
                if edge not in found or POLARITIES[Polarity.EXCLUDED] in said.get(BKG.polarity, ()):
                    continue
                verdict = changed.get(name) or known[said[BKG.verdict][0]]  # type: ignore[index]
                best = found[edge]
                found[edge] = verdict if best is None else min(verdict, best, key=lambda v: v.rank)
        yield from found.items()


def _replace(
    copy: ox.Store, subject: ox.NamedNode, said: ox.NamedNode, value: ox.NamedNode, graph: ox.NamedNode
) -> None:
    _remove(copy, subject, said, graph=graph)
    copy.add(ox.Quad(subject, said, value, graph))


def _remove(
    copy: ox.Store,
    subject: ox.NamedNode,
    said: ox.NamedNode | None = None,
    value: ox.NamedNode | ox.Literal | None = None,
    graph: ox.NamedNode = ASSERTIONS,
) -> None:
    for quad in list(copy.quads_for_pattern(subject, said, value, graph)):
        copy.remove(quad)
