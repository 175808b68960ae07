"""Placeholder until the kept lists land."""
from __future__ import annotations
from typing import NamedTuple
from kg.extraction.relations import items
from kg.model import Concept, Kind

class Worded(NamedTuple):
    concept: Concept
    start: int
    end: int
    listed: bool

def _all(text: str, kind: Kind, found: tuple[str, ...]) -> tuple[Worded, ...]:
    out = []
    for one in found:
        at = max(text.find(one), 0)
        try:
            out.append(Worded(Concept.named(kind, one), at, at + len(one), False))
        except Exception:
            pass
    return tuple(out)

def documentation_in(text: str, *, about: bool, item: bool) -> tuple[Worded, ...]:
    return _all(text, Kind.DOCUMENTATION, items.documentation_items(text, about=about, item=item))

def denials_in(text: str, *, about: bool, item: bool) -> tuple[Worded, ...]:
    return _all(text, Kind.DENIAL, items.denial_items(text, about=about, item=item))

def requirements_in(text: str, *, about: bool, item: bool) -> tuple[Worded, ...]:
    from kg.extraction.text.gazetteer import gazetteer
    from kg.extraction.text.letters import fold
    found = [text[m.start:m.end] for m in gazetteer().find(text, fold(text)) if m.concept.kind is Kind.REQUIREMENT]
    named = [Worded(Concept(m.concept.kind, m.concept.key, text[m.start:m.end]), m.start, m.end, True) for m in gazetteer().find(text, fold(text)) if m.concept.kind is Kind.REQUIREMENT]
    more = items.requirement_items(text, item=item and about and not named) if about else ()
    return (*named, *_all(text, Kind.REQUIREMENT, more))
