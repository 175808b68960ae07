"""The page of findings: the worst first, of all documents or of one, about all concepts or about one."""

from __future__ import annotations

from collections import Counter
from datetime import date

from kg.graph.against import findings_against, findings_in
from kg.graph.lookup import findings as all_findings
from kg.graph.lookup import require_documents
from kg.graph.store import GraphStore
from kg.model import Concept, Finding, Verdict
from kg.web.answers import Current
from kg.web.pages.concept import evidence_of, titles_of
from kg.web.pages.rendering import page, rendered
from kg.web.replies import Reply

MOST = 50
"""So many are on a page."""


@rendered
def findings(current: Current, *, verdict: str, code: str, document: str, as_of: date | None, first: int) -> Reply:
    """The findings that are asked for, from the `first` on."""
    graph, store = current.graph(as_of=as_of), current.store(as_of)
    wanted = Verdict.floor(verdict)[-1] if verdict else None
    concept = graph.resolve(code) if code else None
    every = _findings(store, concept, document)
    counts = Counter(one.verdict for one in every)
    found = [one for one in every if wanted in (None, one.verdict)]
    shown = found[first - 1 : first - 1 + MOST]
    return page(
        "findings.html",
        findings=shown,
        total=len(found),
        counts=counts,
        first=first,
        most=MOST,
        verdict=verdict,
        code=code,
        concept=concept,
        document=document,
        as_of=as_of,
        documents=store.manifest.documents,
        titles=titles_of(store, evidence_of((), shown)),
    )


def _findings(store: GraphStore, concept: Concept | None, document: str) -> list[Finding]:
    """The findings about a concept, in a document, or both."""
    if not document:
        return findings_against(store, concept) if concept else all_findings(store)
    (identifier,) = require_documents(store, [document])
    found = findings_in(store, identifier)
    if concept is None:
        return found
    about = {one.assertion.identifier for one in findings_against(store, concept)}
    return [one for one in found if one.assertion.identifier in about]
