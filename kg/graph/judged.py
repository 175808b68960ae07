"""What depends on the day: verdicts, findings, and in which graph an edge stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.model import Assertion, Concept, PlainEdge, Polarity, Relation, Statement, Verdict
from kg.verification import Disagreement, Judge, Judgement, Stands


@dataclass(slots=True)
class Judged:
    """The verdicts of a day on what documents and releases state, gathered one by one.

    The documents come first, then `disagree` and `close`, then what releases state.
    """

    judge: Judge
    met: frozenset[PlainEdge] | None = None
    """What alone is looked at where documents meet (see `meeting`); None for everything."""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    edges: dict[PlainEdge, Verdict] = field(default_factory=dict)
    excluded: set[PlainEdge] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    _stands: Stands = field(default_factory=Stands)

    def document(self, assertions: Sequence[Assertion], judgement: Judgement | None = None) -> Judgement:
        """Judge what one document states, each assertion once, unless that was done already."""
        judgement = judgement or self.judge.judge(assertions)
        for assertion in assertions:
            if self.met is None or meeting(assertion) in self.met:
                self._stands.add(assertion, settled=assertion.identifier in judgement.settled)
        self.verdicts |= judgement.verdicts
        self.counts["findings"] += len(judgement.findings)
        return judgement

    def disagree(self) -> Iterator[Disagreement]:
        """Where documents disagree: both sides are disputed, unless something worse is known."""
        for disagreement in self._stands.disagreements():
            identifier = disagreement.stand.identifier
            self.verdicts[identifier] = Verdict.weakest((self.verdicts[identifier], Verdict.DISPUTED))
            self.counts["findings"] += 1
            yield disagreement

    def state(self, statement: Statement) -> Verdict:
        """Take in what a release states; gives the verdict on it."""
        verdict = self.judge.standing(statement)
        self._strengthen(PlainEdge(statement.subject, statement.relation, statement.object), verdict)
        return verdict

    def close(self) -> None:
        """An edge has the strongest verdict among its affirmed assertions, and the statements that come yet."""
        for ends, stands in self._stands.edges():
            edge = PlainEdge(*ends)
            for stand in stands:
                verdict = self.verdicts[stand.identifier]
                self.counts[verdict.value] += 1
                if stand.polarity is Polarity.EXCLUDED:
                    self.excluded.add(edge)
                else:
                    self._strengthen(edge, verdict)
        self.counts.update(connections=len(self.edges), excluded=len(self.excluded))

    @property
    def degree(self) -> Counter[Concept]:
        """How many edges of documents each concept has, before what releases state."""
        return Counter(end for subject, _, object in (*self.edges, *self.excluded) for end in (subject, object))

    def _strengthen(self, edge: PlainEdge, verdict: Verdict) -> None:
        self.edges[edge] = Verdict.strongest((verdict, self.edges.get(edge, verdict)))


def meeting(assertion: Assertion) -> PlainEdge:
    """Where an assertion meets those of other documents: at its edge, or in which drug a code is."""
    if assertion.relation is Relation.IDENTIFIES_DRUG:
        return PlainEdge(assertion.subject, assertion.relation, assertion.subject)
    return PlainEdge(assertion.subject, assertion.relation, assertion.object)
