"""Prose: what sentences state of their subjects, clause by clause."""

from __future__ import annotations

import re

from kg.documents import Block, BlockKind
from kg.extraction import cues, drugs
from kg.extraction.conditions import conditions_after_cues, conditions_in
from kg.extraction.items import denial_items, documentation_items, requirement_items
from kg.extraction.outline import named_subjects, subject_codes
from kg.extraction.reading import Reading, Scope
from kg.extraction.relating import Words, relate, relation_of
from kg.extraction.sentences import clauses, main_spans, sentences
from kg.extraction.services import is_drug, service_of
from kg.extraction.tokens import Token, find_tokens
from kg.extraction.topics import Topic
from kg.extraction.triggers import Trigger
from kg.model import Code, CodeSystem, Concept, Kind, Polarity, Relation, Strength

_SIMILAR = re.compile(
    r"\b(?:similar|confus\w+|distinguish\w*|distinct from|not (?:to )?be mistaken|mistaken for|differs? from|different from|unlike|mix(?:ed|ing)? up|look-?alike|"
    r"other (?:codes|biosimilars?|products?|agents)|interchang\w+|versus|vs\.?|easily taken for|compare[ds]?|neither can take the place)(?!\w)",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:replac\w+|formerly|previously|instead of|rather than|in place of|no longer|superseded?|deleted|retired|discontinued|old code|until (?:19|20)\d\d|before (?:19|20)\d\d|crosswalk(?:ed|s)? from|used to be|was reported (?:with|under))\b",
    re.IGNORECASE,
)
_JUST_GONE = re.compile(
    r"\b(?:replac(?:ed|es)|formerly|previously|superseded)\s+(?:the\s+)?(?:code\s+)?$", re.IGNORECASE
)
_UNLISTED = re.compile(
    r"\b(?:unclassified|unlisted|not otherwise classified|noc|miscellaneous)\b[^.;]*$", re.IGNORECASE
)
_DENIED_AFTER = re.compile(
    r"\W*(?:and\s+)?(?:do|does|should|must|may|can|will)\s*not\b[^.;]*\b(?:it|them|this|the code|the drug)\b|\W*(?:but\s+)?(?:it|this|that)\s+(?:is|must|may|should|can)\s+(?:not|never)\b[^.;]*",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\ball (?:two|three|four|five|six|seven|eight|nine|ten|\d+)\b|\b(?:all|every|each|both|these|any) (?:of (?:these|the|them) )?(?:\w+ ){0,2}(?:codes?|drugs?|lines?|products?|agents?|rows?|of them|listed|above|four|three|five|six|biologics?)\b",
    re.IGNORECASE,
)
_MODIFIER = re.compile(
    r'"(?P<quoted>-?[A-Z][A-Z0-9]|-?\d{2})[,.]?"|(?<![\w.$-])-?(?P<bare>[A-Z][A-Z0-9]|\d{2})(?![\w%$°]|[.,:/-]\d|\s*(?:mg|mcg|kg|units?|days?|weeks?|months?|years?|hours?|minutes?|percent|patients?)\b)'
)
_MODIFIER_WORD = re.compile(r"\bmodifiers?\b|\btakes? no\b|\bappend(?:s|ed|ing)?\b", re.IGNORECASE)
_ENUMERATION = re.compile(
    r"(?:[\s\",/&]|and|or|either|both|modifiers?|-|nor|\([^()]{0,40}\))*", re.IGNORECASE
)
_ABBREVIATIONS = frozenset(
    "IV SC IM OR NO US MD NP PA RN FL TX CA NY IL PO ID VS AM PM OK MA UC CD RA MS GI ER UK EU TB HR".split()
)
_SUBORDINATE = re.compile(r"\b(?:when(?:ever)?|if|unless|once|where|because|since)\b", re.IGNORECASE)
_TOGETHER = re.compile(
    r"\b(?:together|along) with\b|\bin addition to\b|\bpaired?\b|\baccompan|\brelated\b|\bgoes with\b|\bbilled with\b",
    re.IGNORECASE,
)
_GROUPS = re.compile(r"\bgroups?\s+(\d{1,3}(?:\s*(?:,|and|or|&)\s*\d{1,3})*)", re.IGNORECASE)
_OTHERS = re.compile(
    r"\bthe other (?:\w+ )?(?:codes?|drugs?|products?|lines?)\b|\ball others\b|\bthe others\b", re.IGNORECASE
)
_CLAIM_WORDS = re.compile(
    r"\b(?:carr(?:y|ies)|append|report|bill|claims?|lines?|required|must|may|takes?|adds?|added|use[sd]?|applies|present|needs?)\w*\b",
    re.IGNORECASE,
)
# "Oral iron" and "inhaled steroids" are other drugs, not routes of this one.
_OTHER_ROUTE = re.compile(
    r"(?:oral|inhaled|topical|subcutaneous|intravenous|intramuscular|intravitreal)\s+(?:[\w-]+\s+)?(?:iron|irons|steroids?|corticosteroids?|glucocorticoids?|"
    r"bisphosphonates?|antihistamines?|biologics?|methotrexate|medications?|medicines?|nsaids?|antibiotics?|retinoids?|alternatives?)\b",
    re.IGNORECASE,
)
_NO_BEFORE = re.compile(
    r"\b(?:no|without(?: any)?|not (?:for|by|in|via|as))\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
_INSTEAD = re.compile(r"\b(?:instead of|in place of|rather than)\s+(?:CPT\s+)?$", re.IGNORECASE)
_BENEFIT = re.compile(r"\s+(?:benefit|claim|record)", re.IGNORECASE)
_ALL_BUT = re.compile(
    r"\b(?:all|every|each|any)\b[^.;]{0,40}?\b(?:but|except(?: for)?|apart from|other than)\b(?P<codes>[^.;]*)",
    re.IGNORECASE,
)
_NONE_OF_IT = re.compile(r"\b(?:no|not|never|without|neither)\s+(?:modifiers?\s+)?\"?$", re.IGNORECASE)
_BRACKET = re.compile(r"\s*\(([^()]{3,120})\)")
_ICD = re.compile(r"\bicd\b|icd-?10|\bdiagnos[ie]s\b|\bcodes?\b", re.IGNORECASE)
_NAME_AFTER = re.compile(
    r"\s*(?:\((?P<brackets>[^()]{3,90})\)|(?:,|:|-)?\s+(?P<plain>(?:for |is )?[a-z][a-z' -]{4,70}))"
)


def read_prose(
    reading: Reading, block: Block, scope: Scope, *, evidence: tuple[int, int] | None = None, rank: int = 2
) -> None:
    """State what each sentence of a block says; `evidence` is what to cite instead of the sentence itself."""
    for sentence in sentences(reading.text, block.start, block.end):
        _Sentence(reading, block, scope, sentence, evidence or sentence, rank).read()


class _Sentence:
    """One sentence with its subjects; its parts are read in turn."""

    def __init__(
        self,
        reading: Reading,
        block: Block,
        scope: Scope,
        span: tuple[int, int],
        evidence: tuple[int, int],
        rank: int,
    ) -> None:
        self.reading = reading
        self.block = block
        self.scope = scope
        self.start, self.end = span
        self.evidence = evidence
        self.rank = rank
        self.text = reading.text[self.start : self.end]
        self.tokens = reading.tokens_in(*span)
        self.mentions = reading.mentions_in(*span)
        self.triggers = reading.triggers.within(*span)
        self.subjects = self._subjects(self.start, self.end)

    def read(self) -> None:
        """State everything that the sentence says."""
        if self.tokens:
            self._similar()
        if self.tokens or self.triggers & Trigger.UNIT:
            self._drugs_and_units()
        if self.tokens or self.mentions or self.triggers & Trigger.MODIFIER:
            self._clauses()
        if self.triggers & Trigger.DISEASE:
            self._conditions()
        if self.triggers & Trigger.RECORD or self.scope.topic is Topic.DOCUMENTATION:
            self._documentation()
        if self.triggers & Trigger.DENIAL or self.scope.topic is Topic.DENIALS:
            self._denials()
        if self.scope.topic in (Topic.REQUIREMENTS, Topic.PAYERS):
            self._requirements()

    def _clauses(self) -> None:
        """What each clause names by code or by name."""
        previous: tuple[Concept, ...] = ()
        for start, end in clauses(self.reading.text, self.start, self.end):
            subjects = (
                self._subjects(start, end, inherited=previous)
                if self._has_subject(start, end)
                else previous or self.subjects
            )
            previous = subjects
            self._codes(start, end, subjects)
            self._modifiers(start, end, subjects)
            self._names(start, end, subjects)

    def _subjects(self, start: int, end: int, inherited: tuple[Concept, ...] = ()) -> tuple[Concept, ...]:
        """Whom a stretch of text speaks of: the codes in it, or the drugs, or whom the section is about."""
        reading = self.reading
        if not self.tokens and len(reading.known) <= 1:
            return self.scope.subjects or tuple(reading.known)
        if self.triggers & Trigger.ALL and (anaphora := self._lines_of(reading.text[start:end])):
            return anaphora
        inside = (named_subjects(reading, s, e) for s, e in main_spans(reading.text, start, end))
        named = tuple(dict.fromkeys(c for found in inside for c in found)) or named_subjects(
            reading, start, end
        )
        if named and (len(reading.known) > 1 or not set(named) <= set(self.scope.subjects)):
            if (
                self.scope.topic is Topic.SIMILAR
                or not set(named) & set(reading.primary)
                or len(reading.primary) > 1
                or not reading.primary
            ):
                own = [concept for concept in named if not _gone(reading, start, concept, end)]
                return tuple(own) or self.scope.subjects
            return tuple(concept for concept in named if concept in reading.primary)
        codes = subject_codes(reading, start, end)
        if (
            codes
            and not set(codes) & set(self.scope.subjects)
            and not _SIMILAR.search(self.text)
            and not _GONE.search(self.text)
        ):
            return codes
        if self.scope.subjects:
            return self.scope.subjects
        if codes:
            return codes
        if inherited:
            return inherited
        return tuple(sorted(reading.known)) if _ALL.search(self.text) else ()

    def _lines_of(self, clause: str) -> tuple[Concept, ...]:
        """The codes that "the procedure" or "the drug lines" stands for, where a document is about both."""
        if (match := _GROUPS.search(clause)) and self.reading.groups:
            numbers = [int(n) for n in re.findall(r"\d+", match[1])]
            return tuple(dict.fromkeys(c for n in numbers for c in self.reading.groups.get(n, ())))
        if (
            _ALL.search(clause)
            and len(self.reading.known) > 1
            and not _ALL_BUT.search(clause)
            and not _names_billing_code(clause)
        ):
            return self.reading.primary or tuple(sorted(self.reading.known))
        if match := _ALL_BUT.search(clause):
            spared = {Concept.of(t.code) for t in find_tokens(match["codes"]) if t.code}
            if spared & self.reading.known:
                return tuple(sorted(c for c in self.reading.known if c not in spared))
        if _OTHERS.search(clause):
            named = set(named_subjects(self.reading, self.start, self.end))
            return tuple(sorted(c for c in self.reading.known if c not in named))
        services = tuple(sorted(c for c in self.reading.known if c.kind is Kind.CPT))
        if not services or not self.reading.primary or set(services) & set(self.reading.primary):
            return ()
        if re.search(r"\bdrug (?:lines?|codes?)\b", clause):
            return self.reading.primary
        return services if re.search(r"\bto the procedures?(?: codes?)?\b", clause) else ()

    def _has_subject(self, start: int, end: int) -> bool:
        clause = self.reading.text[start:end]
        return (start, end) != (self.start, self.end) and bool(
            (self.triggers & Trigger.ALL and self._lines_of(clause))
            or named_subjects(self.reading, start, end)
        )

    def _similar(self) -> None:
        """Codes that the section or a cue sets beside the subject."""
        reading = self.reading
        cued = _SIMILAR.search(self.text)
        if self.scope.topic is not Topic.SIMILAR and not cued:
            return
        subjects = self.scope.subjects or reading.primary
        if (
            cued
            and not set(subjects) & set(subject_codes(reading, self.start, self.end))
            and len(reading.primary) != 1
        ):
            subjects = tuple(c for c in subject_codes(reading, self.start, self.end) if c in reading.known)[
                :1
            ]
        for token in self.tokens:
            if token.code is None or token.code.system not in (CodeSystem.HCPCS, CodeSystem.CPT):
                continue
            concept = Concept.of(token.code)
            kindred = is_drug(token.code) or any(subject.kind is concept.kind for subject in subjects)
            before = reading.text[max(self.start, token.start - 40) : token.start]
            if _UNLISTED.search(before) or _JUST_GONE.search(before):
                continue
            if not cued and cues.polarity(self.text) is Polarity.EXCLUDED:
                continue
            if kindred and concept not in subjects and concept not in reading.primary:
                reading.state(
                    subjects,
                    Relation.SIMILAR_TO,
                    concept,
                    self.evidence,
                    self.scope,
                    "prose.similar",
                    rank=self.rank,
                )

    def _drugs_and_units(self) -> None:
        """Which drug each billing code identifies, and the unit that it is billed by."""
        reading = self.reading
        billing = [t for t in self.tokens if t.code and t.code.system in (CodeSystem.HCPCS, CodeSystem.CPT)]
        drug_tokens = [
            t
            for t in billing
            if t.code
            and (
                is_drug(t.code) or (Concept.of(t.code) in reading.known and t.code.system is CodeSystem.HCPCS)
            )
        ]
        for token in drug_tokens:
            limit = min([t.start for t in billing if t.start > token.start] or [self.end])
            if token.code and (bracket := _BRACKET.match(reading.text, token.end, limit)):
                drugs.state_unit(
                    reading,
                    (Concept.of(token.code),),
                    bracket.start(1),
                    bracket.end(1),
                    self.evidence,
                    self.scope,
                    self.rank,
                    bare=True,
                )
                drugs.state_routes(
                    reading,
                    (Concept.of(token.code),),
                    bracket.start(1),
                    bracket.end(1),
                    self.evidence,
                    self.scope,
                    self.rank,
                )
            if token.code:
                drugs.identify(
                    reading,
                    Concept.of(token.code),
                    token,
                    (self.start, self.end) if self.evidence == (self.start, self.end) else self.evidence,
                    self.scope,
                    limit,
                    self.rank,
                )
        subjects = tuple(Concept.of(t.code) for t in drug_tokens[:1] if t.code) or tuple(
            s for s in self.subjects if s.kind is Kind.HCPCS
        )
        plainly = self.scope.topic not in (Topic.SIMILAR, Topic.DENIALS) or not set(subjects) & set(
            reading.primary
        )
        if (len(subjects) == 1 and plainly) or drug_tokens:
            limit = drug_tokens[1].start if len(drug_tokens) > 1 else self.end
            drugs.state_unit(reading, subjects, self.start, limit, self.evidence, self.scope, self.rank)

    def _codes(self, start: int, end: int, subjects: tuple[Concept, ...]) -> None:
        """Procedures, diagnoses and specialties that a clause names by code."""
        reading = self.reading
        tokens = [
            token
            for token in reading.tokens_in(start, end)
            if token.code and self._is_object(token, subjects)
        ]
        if not tokens:
            return
        clause = reading.text[start:end]
        when = _SUBORDINATE.search(clause)
        main = [t for s, e in main_spans(reading.text, start, end) for t in tokens if s <= t.start < e]
        for token in tokens:
            if token.code is None or (
                token not in main and any(t.code and t.code.system is token.code.system for t in main)
            ):
                continue
            if _GONE.search(reading.text[max(start, token.start - 40) : token.start]):
                continue
            usage = (start + when.start(), end) if when else (start, end)
            words = Words(self._name(token, end), cues.condition(clause), usage)
            service = self._replaces(token, start, end)
            if (
                not service
                and relation_of(token.code, self._service_words(token, words, clause))
                is Relation.RELATED_PROCEDURE
                and not _TOGETHER.search(clause)
            ):
                continue  # A procedure that nothing says to go with the drug.
            relate(
                reading, self.scope, self._owners(token, subjects, start), token.code, self._service_words(token, words, clause),
                self.evidence, "prose", rank=self.rank, service=service, cue=self._cue(token, start, end),
            )  # fmt: skip

    def _is_object(self, token: Token, subjects: tuple[Concept, ...]) -> bool:
        code = token.code
        if code is None or Concept.of(code) in subjects:
            return False
        if Concept.of(code) in self.reading.primary and (
            is_drug(code) or set(subjects) & set(self.reading.primary)
        ):
            return False
        if token.shape == "bare":
            return bool(
                self.scope.topic is Topic.DIAGNOSES
                or (_ICD.search(self.text) and len(self.reading.text[token.start : token.end]) >= 3)
            )
        if code.system in (CodeSystem.HCPCS, CodeSystem.CPT):
            if (
                is_drug(code)
                or self.scope.topic is Topic.SIMILAR
                and any(s.kind.value == code.system for s in subjects)
            ):
                return False
            return Concept.of(code) not in self.reading.known or not set(subjects) <= set(
                self.reading.primary
            )
        return code.system in (CodeSystem.ICD10CM, CodeSystem.NUCC)

    def _replaces(self, token: Token, start: int, end: int) -> Relation | None:
        """What a procedure is for that stands "instead of" another: the same as that one."""
        if token.code is None or token.code.system not in (CodeSystem.HCPCS, CodeSystem.CPT):
            return None
        for other in self.reading.tokens_in(token.end, end):
            if (
                other.code
                and other.code.system is CodeSystem.CPT
                and _INSTEAD.search(self.reading.text[token.end : other.start])
            ):
                return service_of(other.code)
        return None

    def _owners(self, token: Token, subjects: tuple[Concept, ...], start: int) -> tuple[Concept, ...]:
        return tuple(s for s in subjects if not (token.code and s == Concept.of(token.code)))

    def _name(self, token: Token, end: int) -> str:
        """The name that stands behind a code: "M06.9 (rheumatoid arthritis)"."""
        match = _NAME_AFTER.match(self.reading.text, token.end, end)
        name = (match["brackets"] or "") if match else ""
        return "" if re.search(r"\d{4}", name) else " ".join(name.split())

    def _service_words(self, token: Token, words: Words, clause: str) -> Words:
        """For a service without a name the clause itself tells what it is for."""
        return (
            words
            if words.name or token.code is None or token.code.system not in (CodeSystem.CPT, CodeSystem.HCPCS)
            else Words(words.name, words.usage or clause, words.usage_span)
        )

    def _cue(self, token: Token | None, start: int, end: int) -> str:
        """The text whose cues hold for a token: its clause, within its sentence."""
        clause = self.reading.text[start:end]
        rest = self.reading.text[end : self.end]
        others = [
            t
            for t in self.reading.tokens_in(end, self.end)
            if t.code and Concept.of(t.code) not in self.subjects
        ]
        if not others and (denied := _DENIED_AFTER.match(re.sub(r"^\W*but\s+", "", rest))):
            return denied[0]
        if start > self.start and not re.match(
            r"(?:never|not|do not|don't|without)\b", clause, re.IGNORECASE
        ):
            head = self.reading.text[self.start : start]
            if re.match(r"\W*(?:[A-Za-z]+\s){0,3}(?:must|may|can|never|do not)\b", head) and not re.search(
                r"\b(?:is|are|may|must|can|do|does|applies|use)\b", clause
            ):
                return head
        return clause

    def _modifiers(self, start: int, end: int, subjects: tuple[Concept, ...]) -> None:
        """Modifiers in quotes, behind the word "modifier", or in a section about modifiers."""
        reading = self.reading
        for code, at in self._modifier_codes(start, end):
            clause = reading.text[start:end]
            before = reading.text[max(start, at - 30) : at]
            if _GONE.search(before):
                continue
            when = _SUBORDINATE.search(clause)
            usage = (start + when.start(), end) if when else (start, end)
            words = Words(self._name_of_modifier(at, end), cues.condition(clause), usage)
            cue = "never" if _NONE_OF_IT.search(before) else self._cue(None, start, end)
            relate(
                reading, self.scope, subjects, code, words, self.evidence, "prose", rank=self.rank, cue=cue
            )

    def _modifier_codes(self, start: int, end: int) -> list[tuple[Code, int]]:
        if not self.triggers & Trigger.MODIFIER and self.scope.topic is not Topic.MODIFIERS:
            return []
        text = self.reading.text
        words = [m.end() for m in _MODIFIER_WORD.finditer(text, self.start, self.end)]
        about = self.scope.topic is Topic.MODIFIERS
        found = []
        last = -1
        for match in _MODIFIER.finditer(text, start, end):
            value = (match["quoted"] or match["bare"]).lstrip("-")
            at = match.start()
            enumerated = any(0 <= at - word and _ENUMERATION.fullmatch(text, word, at) for word in words) or (
                last >= 0 and _ENUMERATION.fullmatch(text, last, at)
            )
            quoted = bool(match["quoted"]) and (about or bool(words))
            known = value not in _ABBREVIATIONS and value in _known_modifiers() and not value.isdigit()
            followed = bool(
                re.match(
                    r'"?\s+(?:modifiers?\b|(?:is|are|must be|may be|can be|should be) (?:\w+ )?append)',
                    text[match.end() : end],
                )
            )
            if (
                enumerated
                or quoted
                or followed
                or (known and (about or words or _CLAIM_WORDS.search(text, start, end)))
            ):
                found.append((Code(CodeSystem.MODIFIER, value), at))
                last = match.end()
        return found

    def _name_of_modifier(self, at: int, end: int) -> str:
        match = re.compile(r'"?-?[A-Z0-9]{2}"?\s*\(([^()]{4,80})\)').match(self.reading.text, at, end)
        return " ".join(match[1].split()) if match else ""

    def _names(self, start: int, end: int, subjects: tuple[Concept, ...]) -> None:
        """Routes, places, payers and requirements that a clause names."""
        reading = self.reading
        if self.scope.topic is Topic.SIMILAR and not set(subjects) - set(reading.primary):
            return
        mentions = reading.mentions_in(start, end)
        if not mentions:
            return
        services = [
            t
            for t in reading.tokens_in(start, end)
            if t.code and t.code.system is CodeSystem.CPT and Concept.of(t.code) not in reading.known
        ]
        stance: tuple[Polarity, Strength] | None = None
        for mention in mentions:
            kind = mention.concept.kind
            relation = _RELATION_OF_KIND.get(kind)
            if kind is Kind.ROUTE and _OTHER_ROUTE.match(reading.text, mention.start, end):
                continue
            if kind is Kind.PLACE and (
                self.scope.topic is Topic.DENIALS or _BENEFIT.match(reading.text, mention.end, end)
            ):
                continue
            if relation is None or (
                kind in (Kind.ROUTE, Kind.PLACE)
                and self._qualifies_service(mention.start, mention.end, services, start, end)
            ):
                continue
            if stance is None:
                stance = cues.polarity(reading.text[start:end]), cues.strength(reading.text[start:end])
            polarity, strength = self._stance(start, mention.start, stance)
            if kind is Kind.PAYER:
                polarity, strength = Polarity.AFFIRMED, Strength.STATED
            reading.state(
                subjects,
                relation,
                reading.as_written(mention),
                self.evidence,
                self.scope,
                f"prose.{kind}",
                rank=self.rank,
                polarity=polarity,
                strength=strength,
                condition=cues.condition(reading.text[start:end]) if kind is Kind.REQUIREMENT else "",
            )

    def _qualifies_service(self, start: int, end: int, services: list[Token], first: int, last: int) -> bool:
        """Whether a route stands beside a procedure, which it then describes, and not the drug."""
        text = self.reading.text
        for token in services:
            between = text[min(end, token.end) : max(start, token.start)]
            if "," not in between and not re.search(
                r"\b(?:given|administered|infused|injected)\b", text[first:start]
            ):
                return True
        return False

    def _stance(self, start: int, at: int, stance: tuple[Polarity, Strength]) -> tuple[Polarity, Strength]:
        """Polarity and strength for a name: those of its clause, unless a "no" stands right before it."""
        if self.scope.topic is Topic.DENIALS:
            return Polarity.AFFIRMED, stance[1]
        denied = _NO_BEFORE.search(self.reading.text[max(start, at - 40) : at])
        return (Polarity.EXCLUDED if denied else stance[0]), stance[1]

    def _conditions(self) -> None:
        """What the subject is given for."""
        if self.scope.topic in (
            Topic.SIMILAR,
            Topic.DENIALS,
            Topic.DOCUMENTATION,
            Topic.MODIFIERS,
            Topic.SPECIALTIES,
            Topic.PROCEDURES,
        ):
            return
        subjects = tuple(s for s in self.subjects)
        found = conditions_after_cues(self.text)
        if (
            not found
            and self.block.kind is BlockKind.ITEM
            and re.search(r"indication|used for|treats", " ".join(self.block.section[-1:]), re.IGNORECASE)
        ):
            found = [(name, 0) for name in conditions_in(self.text)]
        for name, offset in found:
            span = next(
                (
                    (s, e)
                    for s, e in clauses(self.reading.text, self.start, self.end)
                    if s <= self.start + offset < e
                ),
                (self.start, self.end),
            )
            clause = self.reading.text[slice(*span)]
            polarity, strength = self._stance(
                span[0], span[0], (cues.polarity(clause), cues.strength(clause))
            )
            self.reading.state(
                subjects,
                Relation.INDICATED_FOR,
                name,
                self.evidence,
                self.scope,
                "prose.condition",
                rank=self.rank,
                polarity=polarity,
                strength=strength,
            )

    def _documentation(self) -> None:
        """What the record has to hold."""
        about = self.scope.topic is Topic.DOCUMENTATION
        for item in documentation_items(self.text, about=about, item=self.block.kind is BlockKind.ITEM):
            self.reading.state(
                self.subjects,
                Relation.REQUIRES_DOCUMENTATION,
                Concept.named(Kind.DOCUMENTATION, item),
                self.evidence,
                self.scope,
                "prose.documentation",
                rank=self.rank,
                strength=_required(self.text),
            )

    def _requirements(self) -> None:
        """What coverage asks for, beyond the names that the gazetteer knows."""
        known = any(mention.concept.kind is Kind.REQUIREMENT for mention in self.mentions)
        for item in requirement_items(
            self.text,
            item=self.block.kind is BlockKind.ITEM
            and self.scope.topic is Topic.REQUIREMENTS
            and not known
            and not self.tokens,
        ):
            self.reading.state(
                self.subjects,
                Relation.COVERAGE_REQUIRES,
                Concept.named(Kind.REQUIREMENT, item),
                self.evidence,
                self.scope,
                "prose.requirement",
                rank=self.rank,
                strength=cues.strength(self.text),
            )

    def _denials(self) -> None:
        """What claims are denied for."""
        about = self.scope.topic is Topic.DENIALS
        for item in denial_items(self.text, about=about, item=self.block.kind is BlockKind.ITEM):
            self.reading.state(
                self.subjects,
                Relation.DENIED_FOR,
                Concept.named(Kind.DENIAL, item),
                self.evidence,
                self.scope,
                "prose.denial",
                rank=self.rank,
            )


_RELATION_OF_KIND = {
    Kind.ROUTE: Relation.ROUTE_OF_ADMINISTRATION,
    Kind.PLACE: Relation.PLACE_OF_SERVICE,
    Kind.PAYER: Relation.HAS_PAYER,
    Kind.REQUIREMENT: Relation.COVERAGE_REQUIRES,
}


def _names_billing_code(clause: str) -> bool:
    return any(t.code and t.code.system in (CodeSystem.HCPCS, CodeSystem.CPT) for t in find_tokens(clause))


def _required(text: str) -> Strength:
    return (
        Strength.REQUIRED
        if re.search(
            r"\b(?:must|required?s?|shall|mandatory|needs? to|has to|have to)\b", text, re.IGNORECASE
        )
        else Strength.STATED
    )


def _gone(reading: Reading, start: int, concept: Concept, end: int) -> bool:
    """Whether a code is mentioned only as one that another has replaced."""
    spots = [t for t in reading.tokens_in(start, end) if t.code and Concept.of(t.code) == concept]
    return bool(spots) and all(_GONE.search(reading.text[max(start, t.start - 40) : t.start]) for t in spots)


_MODIFIERS: frozenset[str] = frozenset()


def _known_modifiers() -> frozenset[str]:
    from kg.extraction.modifiers import known_modifiers

    return known_modifiers()
