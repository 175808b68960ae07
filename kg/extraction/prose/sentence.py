"""A sentence while it is read: what stands in it, whom it speaks of, and what to cite for it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kg import lazy_re as re
from kg.documents import Block, BlockKind
from kg.extraction.draft import Citation, Qualifiers, Scope
from kg.extraction.lexicon import Effect, Hit, Stance, Topic, Where, stance_at
from kg.extraction.outline.about import About
from kg.extraction.relations.relating import with_payers
from kg.extraction.text.gazetteer import Mention
from kg.extraction.text.sentences import main_spans
from kg.extraction.text.text import BILLING, CodeSpan, Text
from kg.model import Concept, Kind, Qualifier, Relation

# What a sentence has and a row of names with their codes has not.
VERB = re.compile(
    r"\b(?:is|are|was|were|be|has|have|may|must|can|cannot|should|will|does|do|use|used|report|reported|bill|billed|append|add|submit|code|see|goes?|"
    r"requires?|supports?|covers?|covered|includes?|applies|represents?|identif\w+|describes?|with|for)\b"
)


class Sentence:
    """A stretch of prose between two offsets, in the block that holds it."""

    def __init__(
        self,
        text: Text,
        about: About,
        block: Block,
        span: tuple[int, int],
        scope: Scope,
        cite: Citation,
    ) -> None:
        self.text = text
        self.about = about
        self.block = block
        self.start, self.end = span
        self.scope = scope
        self.cite = cite
        self.small = text.small[self.start : self.end]
        self.topic = scope.topic
        self.is_item = block.kind is BlockKind.ITEM
        """Whether it stands in a list."""
        self.is_free = cite.kind == "prose" and not self.is_item
        """Whether it stands in a paragraph: neither in a list nor in a cell."""
        self.is_loose = self.is_free and scope.topic in (Topic.NONE, Topic.CODES)
        """Whether it stands in a paragraph of a section that may be about anything."""
        self.plain = text.plain[self.start : self.end]
        self.conditions: dict[tuple[int, int], str] = {}
        """The "when to use" words of those clauses for which they were looked up."""
        self._parts: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._hits_by_part: dict[tuple[int, int], list[Hit]] = {}
        self.brackets = [(self.start + m.start(), self.start + m.end()) for m in _BRACKETS.finditer(self.plain)]
        self._pointers = [span for span in self.brackets if _SEE.match(text.small, *span)]
        self.codes: Sequence[CodeSpan] = self.codes_in(self.start, self.end)
        self.mentions: Sequence[Mention] = text.mentions_in(self.start, self.end)
        self.hits: Sequence[Hit] = self._find_hits()
        """The cues in it, with the offsets of the document."""
        self.billing = [(s, s.concept) for s in self.codes if len(s.codes) == 1 and s.system in BILLING]
        """The codes of HCPCS and CPT in it, each with its concept; ranges are none."""
        self.drugs = [(span, concept) for span, concept in self.billing if span.start in about.drug_codes]
        """The codes of drugs in it that are in use."""
        self.replacing = [hit for hit in self.hits if hit.cue.effect is Effect.ENDED and not hit.cue.before]
        """The cues in it behind which a thing stands that is not used any more, or not instead of another."""
        self.last_object = self._find_last_object() if self.codes else -1
        """Where the last code stands that is none of the subjects, or -1."""

    def _find_hits(self) -> list[Hit]:
        hits = [hit for hit in self.text.cues_in(self.start, self.end) if Where.PROSE in hit.cue.where]
        return [hit for hit in hits if not (hit.cue.effect is Effect.NO and _OF_SOME.search(self.before(hit.start)))]

    def _find_last_object(self) -> int:
        subjects = {*self.scope.subjects, *self.about.primary}
        return max((span.start for span in self.codes if not subjects.intersection(span.concepts)), default=-1)

    def codes_in(self, start: int, end: int) -> Sequence[CodeSpan]:
        """Its codes between two offsets, without those in brackets that point elsewhere: "(see 91305)"."""
        codes = self.text.codes_in(start, end)
        if not self._pointers:
            return codes
        return [code for code in codes if not any(begin < code.start < close for begin, close in self._pointers)]

    @property
    def is_of_studies(self) -> bool:
        """Whether it says what others found or advise, which is neither a rule of a payer nor a way of giving."""
        return self.is_free and (self.is_of_evidence or _OF_STUDIES.search(self.small) is not None)

    @property
    def is_of_evidence(self) -> bool:
        """Whether its section is about what studies found."""
        return _EVIDENCE.match(self.scope.section.lower()) is not None

    def has(self, effect: Effect) -> bool:
        """Whether a cue with some effect stands in it."""
        return any(hit.cue.effect is effect for hit in self.hits)

    def names(self, subjects: Sequence[Concept]) -> bool:
        """Whether it names one of the subjects, by code or by the name of its drug."""
        return any(concept in subjects for _, concept in self.billing) or any(
            set(self.about.codes_of(mention.concept)) & set(subjects)
            for mention in self.mentions
            if mention.concept.kind is Kind.DRUG
        )

    def enumerates(self) -> bool:
        """Whether its codes of drugs stand in one enumeration, with only commas and the like between them."""
        return all(
            _AND.fullmatch(self.small, a.end - self.start, b.start - self.start)
            for (a, _), (b, _) in pairwise(self.drugs)
        )

    def billing_in(self, start: int, end: int) -> list[tuple[CodeSpan, Concept]]:
        """Its codes of HCPCS and CPT between two offsets."""
        return [(span, concept) for span, concept in self.billing if start <= span.start < end]

    def before(self, at: int, width: int = 40) -> str:
        """The words right before an offset, within the sentence, in small letters."""
        return self.text.small[max(self.start, at - width) : at]

    def main_parts(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of a clause outside of its "when …" and "if …"."""
        parts = self._parts.get((start, end))
        if parts is None:  # Looked up once for each code in a clause.
            parts = [(start + s, start + e) for s, e in main_spans(self.text.plain[start:end])]
            self._parts[start, end] = parts
        return parts

    def bracket_around(self, at: int) -> int | None:
        """Where the brackets begin in which an offset stands."""
        return next((begin for begin, end in self.brackets if begin < at < end), None)

    def is_main(self, clause: tuple[int, int], at: int) -> bool:
        """Whether an offset stands in a main part of a clause."""
        return any(start <= at < end for start, end in self.main_parts(*clause))

    def stance(self, clause: tuple[int, int], start: int, end: int) -> Stance:
        """What the cues of the part of a clause that a thing stands in say of it."""
        parts = self.main_parts(*clause)
        part = next((p for p in parts if p[0] <= start < p[1]), clause)
        hits = self._hits_in(part)
        if len(self.codes) > _MANY:  # In a list a cue among the codes is the remark of one of them.
            hits = [hit for hit in hits if hit.end <= self.codes[0].start or start - _NEAR <= hit.start <= end + _NEAR]
        if self.brackets:
            hits = [hit for hit in hits if not self._is_aside(hit, start)]
        if hits and _CAPITALS.search(self.plain):
            hits = [hit for hit in hits if not _CAPITALS.search(self.text.plain, hit.end, start)]
        if not hits and _GOES_ON.match(self.text.small, *part):
            # "… must carry JZ when nothing was discarded, or JW": what follows the condition has the verb before it.
            hits = [hit for p in parts if p[1] <= part[0] for hit in self.hits if p[0] <= hit.start and hit.end <= p[1]]
        return stance_at(self.text.small, hits, start, end)

    def _hits_in(self, part: tuple[int, int]) -> list[Hit]:
        hits = self._hits_by_part.get(part)
        if hits is None:  # Looked up once for each code in a clause.
            hits = [hit for hit in self.hits if part[0] <= hit.start and hit.end <= part[1]]
            self._hits_by_part[part] = hits
        return hits

    def _is_aside(self, hit: Hit, at: int) -> bool:
        """Whether a cue stands in brackets that a thing stands outside of: in the name behind a code, say."""
        return any(begin <= hit.start < end and not begin <= at < end for begin, end in self.brackets)

    def payers(self, clause: tuple[int, int]) -> Qualifiers:
        """The payers that a clause names, or that its section speaks for."""
        payers = dict.fromkeys(self.text.as_written(m) for m in self.text.mentions_in(*clause, Kind.PAYER))
        return tuple((Qualifier.FOR_PAYER, payer) for payer in payers)

    def qualified(self, relation: Relation, clause: tuple[int, int], own: Qualifiers = ()) -> Qualifiers:
        """The qualifiers of what a clause states: its own, and the payers for whom it speaks."""
        return with_payers(relation, own, self.payers(clause) or self.scope.qualifiers)


_NEAR = 30
_MANY = 12
# "Not used with another AND prescribed by an allergist": criteria of their own.
_CAPITALS = re.compile(r"(?<=[a-z\d)] )(?:AND|OR) ")
_BRACKETS = re.compile(r"\([^()]*\)")
_SEE = re.compile(r"\((?:for [^()]{3,80}, ?)?(?:please )?(?:see|refer to|use)\b")
_EVIDENCE = re.compile(
    r"\W*(?:\d\S*\s+)?(?:(?:clinical|medical|summary of|review of|published|supporting|scientific) )*(?:evidence|stud(?:y|ies)|trials?|literature|guidelines)\b(?:\W*$| (?:summary|review|reviews|data)\b)"
    r"|\W*professional societ|\W*systematic review"
)
_OF_STUDIES = re.compile(
    r"\W*(?:in )?(?:[\w-]+ ){0,3}?(?:stud(?:y|ies)|trials?|guidelines?|investigators|researchers|authors|reviews?|literature)\b"
    r"[^.;]{0,60}\b(?:includ|enrol|show|recommend|demonstrat|found|suggest|evaluat|compar|predat|report)\w*|\brandomi[sz]ed\b|\bplacebo\b"
)
_GOES_ON = re.compile(r"\W*(?:or|and)\b(?!.*\b(?:is|are|may|must|can|use|report|bill|append)\b)")
_AND = re.compile(r"\s*(?:,|/|and|or|&)?\s*(?:and|or)?\s*")
# Whoever does not accept a code is not all who are spoken of.
_OF_SOME = re.compile(
    r"\b(?:payers?|plans?|insurers?|carriers?|contractors?|those|patients?|members?|providers?) (?:that|who|which)\s+(?:do(?:es)?\s+|will\s+)?$"
)
