"""The outline of a document: whom it speaks of, and the scope in which each of its blocks speaks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kg import lazy_re as re
from kg.documents import Block, BlockKind
from kg.extraction.draft import Scope
from kg.extraction.lexicon import Effect, Stance, Topic, Where, stance_of, topic_of
from kg.extraction.outline.about import (
    About,
    all_codes_of,
    drug_codes,
    drugs_billed,
    drugs_of,
    find_primary,
    not_preferred,
)
from kg.extraction.outline.claims import sections_of_claims
from kg.extraction.outline.descriptors import drugs_in_descriptor
from kg.extraction.outline.listed import codes_listed_below
from kg.extraction.outline.lists import captions_of, codes_by_group
from kg.extraction.outline.scopes import scopes_of
from kg.extraction.outline.titles import (
    billing_codes,
    drugs_of_headings,
    is_marked,
    is_titled_policy,
    services_labelled,
    weightiest,
)
from kg.extraction.outline.walk import Walk
from kg.extraction.relations.services import is_of_drug
from kg.extraction.text.text import CodeSpan, Text
from kg.model import CodeSystem, Concept, Kind

_FOOTNOTE = re.compile(r"\s*\\?(?P<mark>[*†‡§¶]{1,3}|#|\[\d\]|\(\d\)|[¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉ])\s*(?P<note>\w.*)", re.DOTALL)
_HASH = re.compile(r" ?#(?=\s|$)")
# Topics of sections that any subject may have.
_VAGUE = frozenset({Topic.NONE, Topic.CLINICAL, Topic.PROCEDURES})


class Outline(NamedTuple):
    """Whom a document speaks of, and the scope of each of its blocks, in their order."""

    about: About
    scopes: Sequence[Scope]


def outline(text: Text) -> Outline:
    """Read the headings, groups and lead-ins of a document, and give every block its scope."""
    blocks = text.document.blocks
    codes = drug_codes(text)
    billed = drugs_billed(text, codes) if codes else drugs_of_headings(text)
    captions = captions_of(text, blocks)
    in_groups = codes_by_group(text, blocks, codes, captions)
    groups = {number: weightiest(concepts) for number, concepts in in_groups.items()}
    group_codes = tuple(dict.fromkeys(concept for concepts in groups.values() for concept in concepts))
    primary, implied = find_primary(text, blocks, codes, in_groups, billed)
    by_name = () if codes else tuple(code for called in billed.values() for code in called)
    if not codes and any(map(is_of_drug, primary)):  # Its own drug is named by name alone, and stands for its code.
        billed = {**billed, **{drug: (code,) for code in primary for drug in drugs_in_descriptor(code)}}
    known = frozenset((*primary, *group_codes, *_subject_codes(text, codes), *by_name))
    services = tuple(sorted(concept for concept in known if concept.kind is Kind.CPT))
    own_drugs = drugs_of(primary, billed)
    all_codes = all_codes_of(text, primary, known)
    about = About(
        primary, implied, known, all_codes, billed, services, codes, groups, dict(_footnotes(text, blocks)), own_drugs,
        not_preferred(text, codes), bool(primary) and not implied and is_titled_policy(text),
    )  # fmt: skip
    strange = frozenset(_strange(text, blocks, about)) if implied and primary else frozenset[int]()
    labelled = {} if any(map(is_of_drug, primary)) else services_labelled(text, blocks, codes)
    claims = sections_of_claims(text, blocks)
    listed = codes_listed_below(text, blocks)
    walk = Walk(text, about, captions=captions, services=labelled, listed=listed, claims=claims, strange=strange)
    return Outline(about, list(scopes_of(walk, blocks)))


def _strange(text: Text, blocks: Sequence[Block], about: About) -> Iterator[int]:
    """Where the headings of sections stand that have no known topic, and in which nothing of the document's own is named.

    A document that nowhere says what it is about speaks of its one code in some of its sections, and not in all.
    """
    offsets = sorted(
        [m.start for m in text.mentions if m.concept.kind is Kind.DRUG and about.is_own(m.concept)]
        + [span.start for span in text.codes if set(span.concepts) & set(about.primary)]
    )
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    for number, heading in enumerate(headings):
        after = (other.start for other in headings[number + 1 :] if other.level <= heading.level)
        end = next(after, len(text.plain))
        at = bisect_left(offsets, heading.start)
        if (
            is_marked(text, heading)
            and topic_of(text.words(heading)) in _VAGUE
            and (at == len(offsets) or offsets[at] >= end)
        ):
            yield heading.start


def _footnotes(text: Text, blocks: Sequence[Block]) -> Iterator[tuple[str, Stance]]:
    has_hashes = "#" in text.document.text and any(_HASH.match(text.document.text, span.end) for span in text.codes)
    for block in blocks:
        # What looks like a heading of Markdown may be a note on the codes that bear the same mark: "D70.9 #".
        may_be_note = block.kind is not BlockKind.HEADING or (has_hashes and text.plain[block.start].islower())
        if block.cells or not may_be_note:
            continue
        line = text.document.text.rfind("\n", 0, block.start) + 1
        if match := _FOOTNOTE.match(text.document.text, line, block.end):
            # What a note says behind a semicolon is of something else: "Only by a nurse; at home it is not covered."
            yield match["mark"], stance_of(match["note"][:400].split(";")[0], Where.CELL)


def _subject_codes(text: Text, codes: Mapping[int, CodeSpan]) -> Iterator[Concept]:
    """The codes that a heading names, or that a row or a line is about; where tables list them, prose adds none."""
    in_tables, in_lines = [], []
    for block, inside in zip(text.document.blocks, text.block_codes, strict=True):
        if not inside:
            continue
        if block.kind is BlockKind.HEADING:
            yield from (s.concept for s in billing_codes(inside) if s.start in codes or s.system is CodeSystem.HCPCS)
            continue
        drugs = [span for span in inside if span.start in codes]
        if block.cells:
            in_tables += [drugs[0].concept] if drugs else []
        else:
            in_lines += [span.concept for span in drugs if not _is_beside(text, block, span)]
    yield from in_tables
    if len(set(in_tables)) < 2:
        yield from in_lines


def _is_beside(text: Text, block: Block, span: CodeSpan) -> bool:
    """Whether a code is named only to set it beside another."""
    hits = text.cues_in(max(block.start, span.start - 60), span.start)
    return any(hit.cue.effect is Effect.BESIDE for hit in hits)
