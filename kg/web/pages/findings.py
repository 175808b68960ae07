"""The page of findings: the worst first, of all documents or of one, about all concepts or about one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kg.errors import NotFound, UnknownName
from kg.graph.against import Place, against, identifiers, read
from kg.graph.decisions import LONGEST_NOTE, Decisions, is_wanted
from kg.graph.lookup import require_documents
from kg.graph.store import GraphStore
from kg.model import DECISIONS, OPEN, Choice, Decision, Verdict
from kg.service.answers import Current
from kg.service.replies import Reply, json_reply
from kg.web.pages.concept import evidence_of, titles_of
from kg.web.pages.rendering import page, rendered

MOST = 50
"""So many are on a page."""


class Wanted(NamedTuple):
    """Which findings are wanted; what is empty wants all, but a decision all that are not set aside."""

    verdict: str = ""
    code: str = ""
    document: str = ""
    decision: str = ""
    as_of: date | None = None


@rendered
def findings(current: Current, wanted: Wanted, *, first: int, may_decide: bool) -> Reply:
    """The findings that are wanted, from the `first` on; with forms to decide about them for those who may."""
    graph, store = current.graph(as_of=wanted.as_of), current.store(wanted.as_of)
    verdict = Verdict.floor(wanted.verdict)[-1] if wanted.verdict else None
    concept = graph.resolve(wanted.code) if wanted.code else None
    names = require_documents(store, [wanted.document] if wanted.document else [])
    decisions = Decisions(store.place).read()
    every, aside = with_decision(store, against(store, concept, next(iter(names), "")), decisions, wanted.decision)
    places = [place for place in every if verdict in (None, place.verdict)]
    shown = read(store, places[first - 1 : first - 1 + MOST])
    return page(
        "findings.html",
        findings=shown,
        decisions=decisions,
        total=len(places),
        counts=Counter(place.verdict for place in every),
        aside=aside,
        first=first,
        most=MOST,
        wanted=wanted,
        choices=(*DECISIONS,),
        concept=concept,
        as_of=wanted.as_of,
        may_decide=may_decide,
        longest_note=LONGEST_NOTE,
        documents=store.manifest.documents,
        titles=titles_of(store, evidence_of((), shown)),
    )


def with_decision(
    store: GraphStore, places: Sequence[Place], decisions: Mapping[str, Decision], wanted: str = ""
) -> tuple[list[Place], int]:
    """Those of some findings that have a decision, and how many of all are set aside."""
    if not decisions:  # Then nothing need be read of them.
        return [place for place in places if is_wanted(None, wanted)], 0
    names = identifiers(store)
    found = [(place, decisions.get(names[place.node])) for place in places]
    aside = sum(decision is not None and decision.choice is Choice.SET_ASIDE for _, decision in found)
    return [place for place, decision in found if is_wanted(decision, wanted)], aside


def decide(current: Current, identifier: str, choice: str, note: str, as_of: date | None) -> Reply:
    """Keep what was decided about a finding, and give its identifier; raises `NotFound` and `UsageError`."""
    store = current.store(as_of)
    nodes = [node for node, name in identifiers(store).items() if name == identifier]
    if not nodes:
        raise NotFound(f"no finding is called {identifier!r}")
    if choice not in (OPEN, *Choice):
        raise UnknownName(f"no such decision: {choice!r} (one of {', '.join((OPEN, *Choice))})")
    (finding, *_) = read(store, [Place(Verdict.REFUTED, "", 0, node) for node in nodes])
    Decisions(store.place).decide([finding], None if choice == OPEN else Choice(choice), note)
    return json_reply({"finding": identifier, "decision": choice})
