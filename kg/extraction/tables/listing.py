"""Labels that say something of the codes behind them: "Prior authorization required: J1745, J0129"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg import lazy_re as re
from kg.documents import Span
from kg.extraction.draft import Citation, Draft, Outcome, Scope
from kg.extraction.lexicon import Where, stance_of
from kg.extraction.outline.about import About
from kg.extraction.outline.demands import THINGS, demand_of_label
from kg.extraction.prose.prose import read_prose
from kg.extraction.relations.relating import Words, relate
from kg.extraction.tables.codes import read_demand
from kg.extraction.text.modifiers import modifiers_in_prose
from kg.extraction.text.text import BILLING, CodeSpan, Text
from kg.model import Kind

_BRACKETS = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"\b(?!(?:and|or)\b)[a-z]{3,}")
# What may stand around modifiers in a label that says nothing but them: "Codes that need modifier JZ".
_AROUND = re.compile(
    rf"(?:\W|\b(?:modifiers?|no|not|is|are|and|or|that|which|required|requires?|requiring|needed|needs?|needing|mandatory|append|with|use|the|following|for|hcpcs|cpt|{THINGS})\b)*"
)


def read_listing(
    text: Text, about: About, label: Span, value: Span, scope: Scope, cite: Citation
) -> list[Outcome] | None:
    """What a label states of the codes that it lists; None where it says nothing of them, or more than codes is behind it."""
    spans = text.codes_in(*value)
    if not spans or any(span.system not in BILLING or len(span.codes) != 1 for span in spans):
        return None
    codes = tuple(dict.fromkeys(span.concept for span in spans))
    own = scope.of_own(codes)
    # "Step therapy: Q5103" in a guide to J1745 may name the step.
    is_of_others = bool(scope.subjects) and not set(codes) <= set(scope.subjects)
    said: list[Outcome]
    if demand := demand_of_label(text.words(label), outright=is_of_others):
        said = [*read_demand(codes, own._replace(demand=demand), cite)]
    else:
        said = [*_read_modifiers(text, label, own, cite)]
    if not said or not _names_alone(text, value, spans):
        return None
    return [*said, *read_prose(text, about, text.part(cite.block, *value), own)]


def _read_modifiers(text: Text, label: Span, scope: Scope, cite: Citation) -> Iterator[Draft]:
    """The modifiers that a label names and nothing else: "Modifier 25 required"."""
    modifiers = modifiers_in_prose(text.plain, text.small, label, label, about=False)
    if not modifiers or not _AROUND.fullmatch(text.without(label, modifiers)):
        return
    stance = stance_of(text.words(label), Where.HEADING)
    yield from (relate(text, scope, modifier.code, Words(), cite, stance) for modifier in modifiers)


def _names_alone(text: Text, value: Span, codes: Sequence[CodeSpan]) -> bool:
    """Whether a value holds codes, and no words but the names of drugs and what stands in brackets."""
    names = text.mentions_in(*value, Kind.DRUG)
    return not _WORD.search(_BRACKETS.sub("", text.without(value, [*codes, *names])))
