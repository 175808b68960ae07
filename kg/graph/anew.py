"""Judges again, in a copy of a store, what depends on the day: assertions, statements and edges."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from itertools import chain
from typing import TypeGuard

import pyoxigraph as ox

from kg.graph.known import known_codes
from kg.graph.quads import (
    finding_quads,
    hanging_quads,
    hanging_reason,
    verdict_quads,
)
from kg.graph.reading import Reader
from kg.graph.store import GraphStore, Properties, Value
from kg.graph.validity import covered_from
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
from kg.model import Assertion, CodeSystem, Concept, Finding, Polarity, Relation, Verdict, slug
from kg.reference import Reference
from kg.verification import DATED, Judge, codes_of, when_not_in_force
from kg.verification.checks import Bench, Check, other_drug


def judge_anew(store: GraphStore, copy: ox.Store, day: date) -> Counter[str]:
    """Judge in the copy what depends on the day; the store is read as it was before. Gives how counts change."""
    changed = _Changed.between(store, day)
    assertions, statements = changed.assertions(), changed.statements()
    changes = Counter[str]()
    verdicts = _judge_assertions(changed, copy, assertions, changes)
    for name, standing in statements.items():
        _replace(copy, name, BKG.verdict, VERDICTS[standing], REFERENCE)
    edges = {changed.edge(name, ASSERTIONS) for name in assertions} | {
        changed.edge(name, REFERENCE) for name in statements
    }
    for (subject, relation, object), verdict in _edge_verdicts(changed, edges, {**verdicts, **statements}):
        for graph in RELATION_GRAPHS.values():
            copy.remove(ox.Quad(subject, relation, object, graph))
        if verdict is not None:
            copy.add(ox.Quad(subject, relation, object, RELATION_GRAPHS[verdict]))
    copy.flush()
    return changes


_Standing = tuple[str, int, int]
"""Why something is not in force, how often it has turned since, and how many meanings of it lie after."""
_NEUTRAL: _Standing = ("", 0, 0)


@dataclass(slots=True)
class _Interval:
    """When a code, a meaning of it or a statement holds, and when a code became a heading or a heading a code."""

    valid_from: date | None = None
    valid_through: date | None = None
    turned: list[date] = field(default_factory=list)
    earlier: list[_Interval] = field(default_factory=list)

    def take(self, said: ox.NamedNode, day: date) -> None:
        """Take in a day that is told."""
        if said == BKG.validFrom:
            self.valid_from = day
        elif said == BKG.validThrough:
            self.valid_through = day
        else:
            self.turned.append(day)

    def standing(self, day: date | None) -> _Standing:
        """How it stands on a day; without a day nothing has ended, and all is as it is last."""
        if day is None:
            return _NEUTRAL
        after = 0
        meant = self
        for older in sorted(self.earlier, key=lambda one: one.valid_through or date.min, reverse=True):
            if meant.valid_from and day < meant.valid_from:
                meant, after = older, after + 1
        reason = when_not_in_force(meant.valid_from, meant.valid_through, day)
        return reason, sum(turn > day for turn in meant.turned), after


_DATES = (BKG.validFrom, BKG.validThrough, BKG.headingFrom, BKG.billableFrom)


@dataclass(slots=True)
class _Changed:
    """What stands otherwise on a day than in the store.

    `names` are the codes and statements that do; `dated` those of which something is to be said on either day.
    """

    store: GraphStore
    day: date
    intervals: dict[Value, _Interval]
    names: set[ox.NamedNode]
    dated: set[ox.NamedNode]
    _said: dict[ox.NamedNode, Properties] = field(default_factory=dict)

    @classmethod
    def between(cls, store: GraphStore, day: date) -> _Changed:
        """Find the codes and statements whose standing differs between the day of the store and another."""
        before = date.fromisoformat(store.manifest.as_of) if store.manifest.as_of else None
        intervals: dict[Value, _Interval] = {}
        for said in _DATES:
            for quad in store.match(None, said, None, REFERENCE):
                intervals.setdefault(quad.subject, _Interval()).take(said, date.fromisoformat(quad.object.value))
        for quad in store.match(None, BKG.earlierMeaning, None, REFERENCE):
            intervals.setdefault(quad.subject, _Interval()).earlier.append(intervals[quad.object])
        names, dated = _uncovered(store, before, day), set[ox.NamedNode]()
        for name, found in intervals.items():
            then, now = found.standing(before), found.standing(day)
            if isinstance(name, ox.NamedNode) and (then, now) != (_NEUTRAL, _NEUTRAL):
                dated.add(name)
                if then != now:
                    names.add(name)
        return cls(store, day, intervals, names, dated)

    def assertions(self) -> list[ox.NamedNode]:
        """The assertions with a code that stands otherwise, and those that share a dated finding with one of them.

        One finding may speak of many assertions, so that all that have its code are judged together.
        """
        found: dict[ox.NamedNode, None] = {}
        waiting, seen = sorted(self.names, key=str), set(self.names)
        while waiting:
            code = waiting.pop()
            for end in _ENDS:
                for name in self.store.subjects(end, code, ASSERTIONS):
                    if name not in found:
                        found[name] = None
                        others = (self.codes(name) & self.dated) - seen
                        seen |= others
                        waiting += others
        return list(found)

    def statements(self) -> dict[ox.NamedNode, Verdict]:
        """The statements that stand otherwise or have a code that does, with their verdicts of the day."""
        ends = (RDF.subject, RDF.object)
        found = {name for code in self.names for end in ends for name in self.store.subjects(end, code, REFERENCE)}
        found |= {name for name in self.names if name.value.startswith(PREFIXES["statement"])}
        return {name: self._verdict(name) for name in found}

    def _verdict(self, statement: ox.NamedNode) -> Verdict:
        said = self.about(statement, REFERENCE)
        parts = (statement, said[RDF.subject][0], said[RDF.object][0])
        standings = [self.intervals[part].standing(self.day)[0] for part in parts if part in self.intervals]
        return Verdict.DISPUTED if any(standings) else Verdict.CORROBORATED

    def about(self, name: ox.NamedNode, graph: ox.NamedNode) -> Properties:
        """What the store says of an assertion or a statement, looked up once."""
        if name not in self._said:
            self._said[name] = self.store.about(name, graph)
        return self._said[name]

    def codes(self, assertion: ox.NamedNode) -> set[ox.NamedNode]:
        """What an assertion speaks of."""
        said = self.about(assertion, ASSERTIONS)
        return {value for end in _ENDS for value in said.get(end, ()) if isinstance(value, ox.NamedNode)}

    def edge(self, name: ox.NamedNode, graph: ox.NamedNode) -> _Edge:
        """The edge that an assertion or a statement is about."""
        said = self.about(name, graph)
        subject, relation, object = (said[part][0] for part in (RDF.subject, RDF.predicate, RDF.object))
        return subject, relation, object  # type: ignore[return-value]  # none of the three is a literal


_ENDS = (RDF.subject, RDF.object, *QUALIFIERS.values())


def _uncovered(store: GraphStore, before: date | None, day: date) -> set[ox.NamedNode]:
    """The codes in assertions of the systems of which releases cover one of two days and not the other."""
    systems = [
        system
        for system in CodeSystem
        if (first := covered_from(store, system)) and (before is not None and before < first) != (day < first)
    ]
    prefixes = tuple(PREFIXES[system.value] for system in systems)
    if not prefixes:
        return set()
    found = (quad.object for end in _ENDS for quad in store.match(None, end, None, ASSERTIONS))
    return {name for name in found if isinstance(name, ox.NamedNode) and name.value.startswith(prefixes)}


_Edge = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]


def _judge_assertions(
    changed: _Changed, copy: ox.Store, names: Sequence[ox.NamedNode], changes: Counter[str]
) -> dict[ox.NamedNode, Verdict]:
    """Judge assertions anew as far as the day decides; gives their verdicts."""
    store, reader = changed.store, Reader(changed.store)
    assertions = {name: reader.assertion(name)[0] for name in names}
    codes = {concept for each in assertions.values() for concept, _ in codes_of(each)}
    reference = known_codes(store, codes).on(changed.day)
    told = {assertion.identifier: _told(store, name, assertion) for name, assertion in assertions.items()}
    judgement = Judge(reference, changed.day, [_dated(check, told) for check in DATED]).judge(assertions.values())
    verdicts: dict[ox.NamedNode, Verdict] = {}
    for name, assertion in assertions.items():
        timeless = _timeless(store, name)
        final = _on_the_day(timeless, judgement.verdicts[assertion.identifier], reference, assertion)
        changes.update({_verdict(store, name).value: -1})
        changes.update({final.value: 1, "findings": -_forget_dated(store, copy, name)})
        for quad in verdict_quads(assertion.identifier, final, timeless if timeless is not final else None):
            copy.add(quad)
        verdicts[name] = final
    for finding in judgement.findings:
        copy.extend(finding_quads(finding))
    for identifier, positions in judgement.hanging.items():
        for position in positions:
            copy.extend(hanging_quads(identifier, judgement.findings[position]))
    changes.update(findings=len(judgement.findings))
    return verdicts


def _on_the_day(timeless: Verdict, found: Verdict, reference: Reference, assertion: Assertion) -> Verdict:
    """The verdict aside from the day, weakened by what is found of the day, or where releases say nothing of it."""
    if found in (Verdict.DISPUTED, Verdict.REFUTED):
        return Verdict.weakest((timeless, found))
    if all(reference.speaks_of(code) for _, code in codes_of(assertion)):
        return timeless
    return Verdict.weakest((timeless, Verdict.UNCHECKED))


def _dated(check: Check, told: Mapping[str, Collection[Concept]]) -> Check:
    """A check as far as it depends on the day; what does not is in the store already.

    As `Judge` has it, a finding that suggests nothing is left out where a name has been disputed with a suggestion.
    """

    @wraps(check)
    def dated(assertion: Assertion, bench: Bench) -> Iterator[Finding]:
        for finding in check(assertion, bench):
            if finding.dated and (finding.suggestion or finding.concept not in told[assertion.identifier]):
                yield finding

    return dated


def _told(store: GraphStore, name: ox.NamedNode, assertion: Assertion) -> set[Concept]:
    """The concepts in an assertion whose name is disputed with a suggestion, whatever the day."""
    linked = (store.objects(name, link, ASSERTIONS) for link in (BKG.finding, BKG.hangsOn))
    found = [store.about(finding, ASSERTIONS) for finding in chain.from_iterable(linked) if _is_node(finding)]
    return {
        concept_of(said[BKG.about][0])
        for said in found
        if BKG.dated not in said and BKG.betterCode in said and _has(assertion, said)
    }


def _has(assertion: Assertion, finding: Properties) -> bool:
    """Whether a name in an assertion is what a finding is about; it may hang on one about what its subject is."""
    stated = [name.value for name in finding.get(BKG.statedName, ())]
    if ox.Literal(other_drug.__name__) not in finding.get(BKG.check, ()):
        return bool(stated)
    is_identity = assertion.relation is Relation.IDENTIFIES_DRUG and assertion.polarity is Polarity.AFFIRMED
    return is_identity and assertion.object.key in map(slug, stated)


def _is_node(value: Value) -> TypeGuard[ox.NamedNode]:
    return isinstance(value, ox.NamedNode)


_VERDICT = {node: verdict for verdict, node in VERDICTS.items()}


def _verdict(store: GraphStore, name: ox.NamedNode, said: ox.NamedNode = BKG.verdict) -> Verdict:
    return _VERDICT[store.objects(name, said, ASSERTIONS)[0]]  # type: ignore[index]  # no literal


def _timeless(store: GraphStore, name: ox.NamedNode) -> Verdict:
    differs = store.objects(name, BKG.timelessVerdict, ASSERTIONS)
    return _verdict(store, name, BKG.timelessVerdict if differs else BKG.verdict)


def _forget_dated(store: GraphStore, copy: ox.Store, name: ox.NamedNode) -> int:
    """Take from the copy what was said of an assertion because of the day of the store; gives how many findings."""
    for said in (BKG.verdict, BKG.timelessVerdict):
        _remove(copy, name, said)
    own = {
        node: store.about(node, ASSERTIONS) for node in store.objects(name, BKG.finding, ASSERTIONS) if _is_node(node)
    }
    kept = {code for found in own.values() if BKG.dated not in found for code in found.get(BKG.betterCode, ())}
    dated = {node: found for node, found in own.items() if BKG.dated in found}
    for node, found in dated.items():
        _remove(copy, name, BKG.verdictReason, found[BKG.reason][0])
        for better in found.get(BKG.betterCode, ()):
            if better not in kept:
                _remove(copy, name, BKG.suggestion, better)
        _remove(copy, name, BKG.finding, node)
        _remove(copy, node)
    for quad in store.match(name, BKG.hangsOn, None, ASSERTIONS):
        found = store.about(quad.object, ASSERTIONS)
        if BKG.dated in found:
            reason = hanging_reason(concept_of(found[BKG.about][0]), found[BKG.reason][0].value)
            _remove(copy, name, BKG.verdictReason, ox.Literal(reason))
            _remove(copy, name, BKG.hangsOn, quad.object)
    return len(dated)


def _edge_verdicts(
    changed: _Changed, edges: set[_Edge], anew: Mapping[ox.NamedNode, Verdict]
) -> Iterator[tuple[_Edge, Verdict | None]]:
    """The strongest verdict of each edge among its affirmed assertions and its statements; None where it has none."""
    by_subject: defaultdict[ox.NamedNode, set[_Edge]] = defaultdict(set)
    for edge in edges:
        by_subject[edge[0]].add(edge)
    for subject, asked in by_subject.items():
        found: dict[_Edge, Verdict | None] = dict.fromkeys(asked)
        for graph in (ASSERTIONS, REFERENCE):
            for name in changed.store.subjects(RDF.subject, subject, graph):
                edge, said = changed.edge(name, graph), changed.about(name, graph)
                if edge not in found or POLARITIES[Polarity.EXCLUDED] in said.get(BKG.polarity, ()):
                    continue
                verdict = anew.get(name) or _VERDICT[said[BKG.verdict][0]]  # type: ignore[index]
                best = found[edge]
                found[edge] = verdict if best is None else Verdict.strongest((verdict, best))
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
