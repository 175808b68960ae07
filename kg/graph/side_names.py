"""What people call the sides of a comparison: a document, an article, or a contractor."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date

from kg.errors import NotFound, UsageError
from kg.graph.articles import ArticleLists, Articles, articles_numbered, articles_of, contractors, in_force
from kg.graph.coverage import has_coverage
from kg.graph.lookup import documents, named_document
from kg.graph.sides import ArticleSpeaker, Speaker, document_speaker
from kg.graph.store import GraphStore
from kg.model import Concept, Side, SideKind, Verdict

_ARTICLE = re.compile(r"(A[0-9]{3,9})(?:-([0-9]{1,6}))?", re.ASCII)
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class NamedSide:
    """A side that is named and was not read yet: the identifier of a document, or articles."""

    side: Side
    document: str = ""
    articles: Articles = field(default_factory=dict)

    def speaker(
        self,
        on: Callable[[date | None], GraphStore],
        verdicts: Collection[Verdict],
        service: Concept | None,
        *,
        of_medicare: bool,
    ) -> Speaker:
        """What it says, of one billing code where that is named; `on` gives the store with the verdicts of a day."""
        if self.document:
            return document_speaker(on(self.side.day), self.side, self.document, verdicts, of_medicare=of_medicare)
        return ArticleSpeaker(self.side, ArticleLists(on(None), self.articles, service))


def named_side(store: GraphStore, text: str, day: date | None) -> NamedSide:
    """The document, the article, or the contractor that a text names, on a day.

    A document is meant by its identifier or file name, an article by its number, with its version or as it is in force
    on the day, a contractor by its name or the beginning of it. Raises `NotFound` where there is none, or it is not in
    force, `UsageError` where several contractors are called so.
    """
    if not text.strip():
        raise UsageError("a side without a name: name a document, an article or a contractor")
    if identifier := named_document(store, text):
        title = documents(store).get(identifier, "")
        return NamedSide(Side(SideKind.DOCUMENT, identifier, day, title), document=identifier)
    if match := _ARTICLE.fullmatch(text.strip().upper()):
        return _article(store, match[1], match[2], day)
    return _contractor(store, text.strip(), day)


def _article(store: GraphStore, number: str, version: str | None, day: date | None) -> NamedSide:
    """An article, of a version or as it is in force."""
    versions = articles_numbered(store, number) if has_coverage(store) else {}
    if not versions:
        raise NotFound(f"no article in the graph has the number {number}{_without_coverage(store)}")
    if version is None:
        chosen = in_force(versions, day)
        when = f"in force on {day}" if day else "without an end"
    else:
        chosen = {name: policy for name, policy in versions.items() if policy.version == int(version)}
        when = f"version {version}"
    if not chosen:
        named = [f"{one.key} ({one.valid_from or '…'} to {one.valid_through or 'now'})" for one in versions.values()]
        more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
        raise NotFound(f"{number}: not {when}; there is {', '.join(named[:_MOST_NAMED])}{more}")
    (policy,) = chosen.values()
    return NamedSide(Side(SideKind.ARTICLE, policy.key, day, policy.title), articles=chosen)


def _contractor(store: GraphStore, text: str, day: date | None) -> NamedSide:
    """All articles of a contractor that are in force."""
    known = contractors(store) if has_coverage(store) else []
    folded = " ".join(text.casefold().split())
    called = [one for one in known if " ".join(one.casefold().split()) == folded]
    called = called or [one for one in known if " ".join(one.casefold().split()).startswith(folded)]
    if not called:
        searched = f"{store.manifest.documents} documents and {len(known)} contractors searched"
        raise NotFound(
            f"no document, article or contractor in the graph is called {text!r} ({searched}){_without_coverage(store)}"
        )
    if len(called) > 1:
        raise UsageError(f"{len(called)} contractors are called {text!r}: {', '.join(called[:_MOST_NAMED])}")
    articles = in_force(articles_of(store, called[0]), day)
    if not articles:
        raise NotFound(f"{called[0]}: no article is in force{f' on {day}' if day else ''}")
    return NamedSide(Side(SideKind.CONTRACTOR, called[0], day), articles=articles)


def _without_coverage(store: GraphStore) -> str:
    """How articles come into a graph that has none."""
    if has_coverage(store):
        return ""
    return "; articles come from an export of the Medicare Coverage Database: 'kg reference add', then 'kg build'"
