"""The billing codes of diagnoses: what documents say, and what the articles of Medicare's contractors rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kg.errors import UsageError
from kg.graph.connections import connections, position
from kg.graph.coverage import rulings
from kg.graph.describing import exact
from kg.graph.lookup import Reader
from kg.graph.store import GraphStore
from kg.model import (
    MEDICARE,
    Assertion,
    Concept,
    Connection,
    Evidence,
    Kind,
    Polarity,
    Policy,
    Qualifier,
    Relation,
    Ruling,
    Strength,
    Verdict,
)
from kg.model.relations import TO_DIAGNOSIS

ARTICLE_RULE = "article"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of diagnoses besides: for one billing code, one payer, one state, one day; None for any.

    Articles are asked where it is about Medicare, or about a state, of which they alone speak.
    """

    service: Concept | None = None
    payer: Concept | None = None
    state: str = ""
    day: date | None = None

    @classmethod
    def of(cls, store: GraphStore, service: Concept | None, payer: str | None, state: str | None) -> Asked:
        """What was asked for by name; raises `UsageError` for what is no state, and for a state of another payer."""
        if state and not (len(state) == 2 and state.isalpha()):
            raise UsageError(f"not a state: {state!r} (write its two letters, as FL)")
        named = payer_of(store, payer) if payer else MEDICARE if state else None
        if state and named != MEDICARE:
            raise UsageError(f"states are known of Medicare alone, not of {named.label if named else payer}")
        return cls(service, named, (state or "").upper(), store.manifest.day)

    @property
    def asks_articles(self) -> bool:
        """Whether articles are asked."""
        return self.payer == MEDICARE

    @property
    def in_words(self) -> str:
        """For whom it is asked, behind a blank: " for Medicare in FL", or nothing."""
        whom = f" for {self.payer.label}" if self.payer else ""
        return f"{whom} in {self.state}" if self.state else whom

    def takes(self, policy: Policy) -> bool:
        """Whether a policy is in force where and when it is asked for."""
        return policy.holds_on(self.day) and (not self.state or policy.holds_in(self.state))

    def hears(self, assertion: Assertion) -> bool:
        """Whether what a document says may be of the payer: it names that one, or none."""
        return self.payer is None or not assertion.payers or self.payer in assertion.payers


def payer_of(store: GraphStore, text: str) -> Concept:
    """The payer that a text names; one that no document names is a payer of that name."""
    match = next(iter(store.names.exact(text, {Kind.PAYER})), None)
    return match.concept if match else Concept.named(Kind.PAYER, text)


def codes_for(
    store: GraphStore, diagnoses: Sequence[Concept], asked: Asked, verdicts: Collection[Verdict]
) -> tuple[list[Connection], list[Ruling]]:
    """The connections of billing codes to diagnoses, of either polarity, and the rulings of articles among them."""
    stated = connections(
        store, subject=None, object=diagnoses, relations=TO_DIAGNOSIS, polarity=None, verdicts=verdicts
    )
    heard = list(_heard(stated, asked))
    if not asked.asks_articles:
        return heard, []
    exactly = exact(store, diagnoses) if asked.service else set[Concept]()
    ruled = rulings(store, diagnoses, asked.takes, asked.service, exactly.__contains__, asked.state)
    connected = [connection for connection in _connections(store, ruled) if connection.verdict in verdicts]
    return _together(heard, connected), ruled


def _heard(stated: Iterable[Connection], asked: Asked) -> Iterator[Connection]:
    """The connections of the billing code and the payer that are asked for."""
    for connection in stated:
        heard = tuple(assertion for assertion in connection.assertions if asked.hears(assertion))
        if heard and asked.service in (None, connection.subject):
            yield replace(connection, assertions=heard)


def _connections(store: GraphStore, ruled: Iterable[Ruling]) -> Iterator[Connection]:
    """What articles rule, as connections, each with all articles that rule the same.

    A ruling under a condition corroborates nothing, as it does not where a document says the same.
    """
    reader = Reader(store)
    by_edge: dict[tuple[Concept, Concept, Polarity], list[Ruling]] = {}
    for ruling in ruled:
        edge = Concept.of(ruling.service), Concept.of(ruling.diagnosis), ruling.polarity
        by_edge.setdefault(edge, []).append(ruling)
    for (service, diagnosis, _), same in by_edge.items():
        ends = reader.named(service), reader.named(diagnosis)
        assertions = tuple(assertion_of(*ends, ruling) for ruling in same)
        verdict = Verdict.CONSISTENT if all(ruling.is_conditional for ruling in same) else Verdict.CORROBORATED
        yield Connection(ends[0], Relation.SUPPORTED_BY_DIAGNOSIS, ends[1], verdict, assertions)


def assertion_of(service: Concept, diagnosis: Concept, ruling: Ruling) -> Assertion:
    """What an article rules, as an assertion whose evidence is a row of a table."""
    group, policy = ruling.group, ruling.policy
    quote = ruling.row_text if ruling.row else group.complete
    section = f"{ruling.table}, group {group.number}"
    return Assertion(
        service,
        Relation.SUPPORTED_BY_DIAGNOSIS,
        diagnosis,
        Evidence(policy.key, 0, len(quote), quote, ruling.row or group.row, section),
        ruling.polarity,
        # What an asterisk means may leave the code out, as "for aspiration, not for ablation".
        Strength.PERMITTED if ruling.is_conditional else Strength.STATED,
        condition="; ".join(filter(None, (policy.whose, ruling.condition))),
        qualifiers=((Qualifier.FOR_PAYER, MEDICARE),),
        rule=ARTICLE_RULE,
    )


def _together(stated: Iterable[Connection], ruled: Iterable[Connection]) -> list[Connection]:
    """Connections of both, those of the same edge as one, of which the articles speak first."""
    by_edge = {_edge(connection): connection for connection in stated}
    for connection in ruled:
        other = by_edge.get(_edge(connection))
        if other is not None:
            verdict = Verdict.strongest((connection.verdict, other.verdict))
            connection = replace(connection, verdict=verdict, assertions=connection.assertions + other.assertions)
        by_edge[_edge(connection)] = connection
    return [by_edge[edge] for edge in sorted(by_edge, key=position)]


def _edge(connection: Connection) -> tuple[Concept, Relation, Concept, Polarity]:
    return connection.subject, connection.relation, connection.object, connection.polarity
