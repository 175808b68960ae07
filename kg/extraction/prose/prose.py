"""Prose: what sentences state of their subjects, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator

from kg import lazy_re as re
from kg.documents import Block
from kg.extraction.draft import Citation, Draft, Outcome, Scope
from kg.extraction.lexicon import Effect, Stance, Topic
from kg.extraction.outline.about import About
from kg.extraction.outline.listed import speaks_of_listed
from kg.extraction.prose.billed import ITS_CODE, read_drugs_and_units
from kg.extraction.prose.clauses import is_gone, read_codes, split_clauses
from kg.extraction.prose.coverage import read_conditions, read_denials, read_documentation
from kg.extraction.prose.diagnosed import read_diagnosed
from kg.extraction.prose.modifiers import read_modifiers
from kg.extraction.prose.names import read_names
from kg.extraction.prose.pairs import is_of_pairs, keeps_apart, read_apart, read_former, read_pairs
from kg.extraction.prose.requirements import STEP, read_requirements, read_steps
from kg.extraction.prose.sentence import VERB, Sentence
from kg.extraction.prose.services import read_services, read_time
from kg.extraction.prose.sums import read_sum, summands
from kg.extraction.prose.whom import names_subject, subjects_of
from kg.extraction.relations.drugs import (
    as_named,
    named_in_brackets,
)
from kg.extraction.relations.services import is_drug, is_of_drug
from kg.extraction.text.gazetteer import Mention
from kg.extraction.text.sentences import sentences
from kg.extraction.text.text import Text
from kg.extraction.wording.objects import requirements_in
from kg.model import Concept, Kind, Polarity, Relation

_UNLISTED = re.compile(r"\b(?:unclassified|unlisted|not otherwise classified|noc|miscellaneous)\b[^.;]*$")
_ANSWER = re.compile(r"\W*(?:a(?:nswer)?\s*[:.]\s*)?(?P<word>yes|no)\b", re.IGNORECASE)
_ANSWERS = re.compile(r"\s*[:–—-]\s*(?:yes|no)\b", re.IGNORECASE)
_ANSWER_LABEL = re.compile(r"\W*a(?:nswer)?\W*", re.IGNORECASE)
_QUESTION = re.compile(r"\?[\"')\]*]*(?:\s*\([^()?]{0,60}\))?\W*$")
_LONGEST_TAIL = 70
_CITATION = re.compile(
    r"\[package insert\]|prescribing information\]|\bpackage insert\b[^.]{0,40};|\baccessed\s+(?:on\s+)?(?:january|february|march|april|may|june|july|august|september|october|november|december|\d)|"
    r"\bet al\b|\bdoi\s*:|\bpmid\b|\b(?:19|20)\d\d\s*;\s*\d+\s*(?:\(|:)|\bavailable (?:at|from|online)\b.{0,20}http|\bretrieved from\b"
)
# "Report J3262 and 96413. Add JZ."
_CLAIMS = re.compile(r"[^a-z]*(?:please |always )?(?:report|bill|submit|use|code|charge)\b")
_ADDS = re.compile(r"[^a-z]*(?:also |then |and )?(?:add|append|attach|include)\b")
_THEY = re.compile(r"\W*(?:they|their|these|both|each)\b")
# Looked for first, as most blocks hold none of them and the pattern is slow to find that out.
_OF_CITATIONS = ("insert", "information]", "accessed", "et al", "doi", "pmid", "available", "retrieved")
_VOLUME = re.compile(r"\d\s*;\s*\d")
_LONGEST_CITATION = 1200
# "Do not confuse J2798 with J2794" is about the first of the two.
_SETS_APART = re.compile(
    r"(?:confus|distinguish|mix|mistak)\w*(?: up)?\s+(?:hcpcs |code )?[a-z]\d{4}\b[^.;]{0,60}\b(?:with|from|for|and)\b"
)
_OF_SOMEBODY = re.compile(r"\W*(?:if|an?|suppose|consider|imagine|say|\d)\b")
_NEAR_BEGINNING = 12
_NO_EQUAL = re.compile(r"\bnot\b[^.;]{0,20}\bequivalent to\b")
_SENTENCE_WORDS = re.compile(r"\b[a-z]{2,}\b")
_SMALL_WORDS = re.compile(r"\b[a-z]{3,}\b")
_FEWEST_WORDS = 2
# A sum of codes with fewer words beside it says nothing else.
_FEWEST_WORDS_BESIDE = 3
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_SEE = re.compile(r"[^.;:]{2,60},\s*see\s+(?!(?:below|above|also|section|table|the)\b)")


def read_prose(
    text: Text,
    about: About,
    block: Block,
    scope: Scope,
    cite: Citation | None = None,
    *,
    question: tuple[int, int] | None = None,
) -> Iterator[Outcome]:
    """What each sentence of a block states; `cite` is what to cite instead of the sentence itself.

    `question` is one that stands right before the block: a yes or no at its beginning answers it.
    """
    previous_codes: tuple[Concept, ...] = ()
    is_claim = False
    for start, end in sentences(text.plain, block.start, block.end):
        own_cite = cite or Citation(start, end, block, scope.section, "prose")
        is_of_code = len(previous_codes) == 1 and ITS_CODE.match(text.small, start, end) is not None
        goes_on = is_of_code or bool(
            _THEY.match(text.small, start, end) or (is_claim and _ADDS.match(text.small, start, end))
        )
        if scope.listed and speaks_of_listed(text, start, end):
            previous_codes, goes_on = scope.listed, True
        own_scope = scope._replace(subjects=previous_codes) if previous_codes and goes_on else scope._replace(listed=())
        sentence = Sentence(text, about, block, (start, end), own_scope, own_cite)
        is_claim = bool(sentence.drugs) and _CLAIMS.match(text.small, start, end) is not None
        previous_codes = tuple(dict.fromkeys(concept for _, concept in sentence.drugs)) or previous_codes
        payer = _payer_answering(sentence) if question else None
        at = payer.end if payer else start
        if question and (answer := _ANSWER.match(text.plain, at, end)):
            yield from _read_answer(sentence, question, answer["word"].lower() == "yes", payer)
        elif question:
            yield from _read_asked_code(sentence, question)
        if question and _ANSWER_LABEL.fullmatch(text.plain, start, end):
            continue  # "Answer." as a sentence: what it answers with follows.
        if payer:
            continue  # The next payer answers the same question.
        question = (start, end) if is_question(text, start, end) else None
        if not question:
            yield from _read_sentence(sentence)
        elif len(sentence.drugs) == 1 and (drug := named_in_brackets(text, sentence.drugs[0][0], end)):
            yield Draft((sentence.drugs[0][1],), Relation.IDENTIFIES_DRUG, as_named(drug), own_cite, "drug")


def is_citation(text: Text, block: Block) -> bool:
    """Whether a block is an entry of a list of references, whose title states nothing."""
    words = text.small[block.start : block.start + min(block.end - block.start, _LONGEST_CITATION)]
    has_word = text.has_any(_OF_CITATIONS) and any(word in words for word in _OF_CITATIONS)
    if not (has_word or (";" in words and _VOLUME.search(words))):
        return False
    return _CITATION.search(words) is not None


def is_question(text: Text, start: int, end: int) -> bool:
    """Whether a sentence asks: it states nothing by itself."""
    return _QUESTION.search(text.plain, max(start, end - _LONGEST_TAIL), end) is not None


def _cite_both(question: tuple[int, int], answer: Sentence) -> Citation:
    """The stretch from a question to the end of its answer, on the line of the question."""
    start, block = question[0], answer.block
    line = block.line - answer.text.line_breaks(start, block.start)
    return Citation(start, answer.end, block._replace(start=start, line=line), answer.scope.section, "prose")


def _payer_answering(sentence: Sentence) -> Mention | None:
    """The payer who answers, as the label of a yes or no: "Cigna: yes." """
    mentions = sentence.text.mentions_in(sentence.start, sentence.end, Kind.PAYER)
    if not mentions or mentions[0].start - sentence.start > _NEAR_BEGINNING:
        return None
    return mentions[0] if _ANSWERS.match(sentence.text.plain, mentions[0].end, sentence.end) else None


def _read_answer(
    answer: Sentence, question_span: tuple[int, int], yes: bool, payer: Mention | None
) -> Iterator[Outcome]:
    """What a question states together with its answer, for the payer who gives it if one is named."""
    cite = _cite_both(question_span, answer)
    scope = answer.scope.for_payer(payer.concept) if payer else answer.scope
    question = Sentence(answer.text, answer.about, answer.block, question_span, scope, cite)
    stance = Stance(Polarity.AFFIRMED if yes else Polarity.EXCLUDED)
    subjects = subjects_of(question, *question_span)
    yield from read_codes(question, question_span, subjects, answered=stance)
    yield from read_modifiers(question, question_span, subjects, answered=stance)
    for item in requirements_in(question.plain.rstrip("? "), about=True, item=False) if subjects else ():
        if item.listed:
            qualifiers = question.qualified(Relation.COVERAGE_REQUIRES, question_span)
            yield Draft(
                subjects, Relation.COVERAGE_REQUIRES, item.concept, cite, "requirement",
                stance.polarity or Polarity.AFFIRMED, qualifiers=qualifiers,
            )  # fmt: skip


# "What code do I use for Ocrevus?"
_ASKS_CODE = re.compile(
    r"\b(?:what|which)\b[^?]*\b(?:j-?|hcpcs |billing )?codes?\b|\bhow\b[^?]*\b(?:billed?|coded?|reported?)\b"
)


_NEXT_CHOICE = re.compile(r"[^\n]{0,80}\n?\W*[Bb]\s*[.):]")


def _read_asked_code(answer: Sentence, question: tuple[int, int]) -> Iterator[Draft]:
    """The drug whose code was asked for, and answered with."""
    text = answer.text
    drugs = {mention.concept: mention for mention in text.mentions_in(*question, Kind.DRUG)}
    codes = {concept for _, concept in answer.drugs}
    if len(drugs) != 1 or len(codes) != 1 or text.codes_in(*question) or not _ASKS_CODE.search(text.small, *question):
        return
    others = [m.concept for m in answer.mentions if m.concept.kind is Kind.DRUG and m.concept not in drugs]
    if others or answer.has(Effect.NO) or answer.has(Effect.FLAT_NO):
        return
    if _NEXT_CHOICE.match(text.plain, answer.end):
        return  # The first of several to choose from.
    mention = next(iter(drugs.values()))
    cite = _cite_both(question, answer)
    yield Draft(tuple(codes), Relation.IDENTIFIES_DRUG, text.as_written(mention), cite, "drug")


def _read_sentence(sentence: Sentence) -> Iterator[Outcome]:
    """Everything that a sentence states."""
    is_short = len(_SENTENCE_WORDS.findall(sentence.small)) < _FEWEST_WORDS and not _CLAIMS.match(sentence.small)
    if sentence.is_loose and (is_short or _SEE.match(sentence.small)):
        return  # Codes without words around them are no sentence, and "Ozurdex, see dexamethasone" points elsewhere.
    is_listing = (sentence.is_loose or _lists_services(sentence)) and _is_listing(sentence)
    if is_listing or sentence.topic is Topic.OTHERS:
        yield from read_drugs_and_units(sentence, ())
        return
    if added := summands(sentence):
        yield from read_sum(sentence, added)
        if len(_SENTENCE_WORDS.findall(sentence.small)) < _FEWEST_WORDS_BESIDE:
            return
    subjects = subjects_of(sentence, sentence.start, sentence.end)
    if sentence.codes:
        yield from _read_neighbours(sentence)
    if is_of_pairs(sentence):
        yield from read_pairs(sentence)
        return
    yield from read_drugs_and_units(sentence, subjects)
    yield from read_former(sentence)
    yield from read_apart(sentence)
    yield from read_time(sentence, subjects)
    yield from read_services(sentence)
    if _is_made_up(sentence):
        return
    steps = list(read_steps(sentence))
    yield from steps
    yield from _read_clauses(sentence, subjects, {subject for step in steps for subject in step.subjects})
    if subjects:
        yield from read_conditions(sentence, subjects)
        yield from read_diagnosed(sentence, subjects)
        own_subjects = subjects if sentence.drugs else sentence.scope.subjects or subjects
        yield from read_documentation(sentence, own_subjects)
        yield from read_denials(sentence, own_subjects)


def _lists_services(sentence: Sentence) -> bool:
    """Whether a paragraph holds several services, and its section is not about those of a drug."""
    services = sum(concept.kind is Kind.CPT for _, concept in sentence.billing)
    is_about_subjects = sentence.topic is Topic.PROCEDURES and bool(sentence.scope.subjects)
    return sentence.is_free and not is_about_subjects and services > _FEWEST_WORDS


def _is_listing(sentence: Sentence) -> bool:
    """Whether a stretch is no sentence, but names with their codes in a row, as in an index."""
    words = _IN_BRACKETS.sub("", sentence.plain)
    has_many_codes = len(sentence.codes) > _FEWEST_WORDS and len(_SMALL_WORDS.findall(words)) < len(sentence.codes)
    return has_many_codes and not VERB.search(words.lower())


def _read_clauses(sentence: Sentence, subjects: tuple[Concept, ...], later: set[Concept]) -> Iterator[Outcome]:
    """What each clause names by code or by name; one without a subject speaks of that of the one before."""
    previous: tuple[Concept, ...] = ()
    requirements: list[Draft] = []
    clauses = split_clauses(sentence)
    services = () if any(map(is_of_drug, sentence.scope.subjects)) else sentence.scope.subjects
    for clause in clauses:
        if len(clauses) > 1 and (names_subject(sentence, *clause.span) or clause.antecedent):
            previous = clause.antecedent or subjects_of(sentence, *clause.span)
        elif len(clauses) > 1 and services:
            previous = services  # What another clause says of another service ends with it.
        own_subjects = previous or subjects
        if not own_subjects:
            continue
        if not (clause.of_other or sentence.topic is Topic.DENIALS or keeps_apart(sentence, clause.span)):
            yield from read_codes(sentence, clause.span, own_subjects)
            yield from read_modifiers(sentence, clause.span, own_subjects)
        yield from read_names(sentence, clause.span, own_subjects)
        requirements = read_requirements(sentence, clause.span, own_subjects, requirements)
        if later:  # What is said of the drug to be tried first is no requirement of it.
            requirements = [
                draft
                for draft in requirements
                if draft.object != STEP and (set(draft.subjects) & later or draft.polarity is Polarity.EXCLUDED)
            ]
        yield from requirements


def _is_made_up(sentence: Sentence) -> bool:
    """Whether a sentence is about an invented patient or claim: "For example, a claim of 12 units ..."."""
    if len(_BLANKS.findall(sentence.text.plain, sentence.block.start, sentence.block.end)) > 1:
        return True
    return _EXAMPLE.match(sentence.small) is not None or any(
        hit.cue.effect is Effect.EXAMPLE
        and hit.start - sentence.start < _NEAR_BEGINNING
        and (not hit.cue.phrase.startswith("for ") or _OF_SOMEBODY.match(sentence.small, hit.end - sentence.start))
        for hit in sentence.hits
    )


def _read_neighbours(sentence: Sentence) -> Iterator[Outcome]:
    """Codes that the section or a cue sets beside the subject."""
    has_cue = sentence.has(Effect.BESIDE)
    if (sentence.topic is not Topic.SIMILAR and not has_cue) or _NO_EQUAL.search(sentence.small):
        return  # Of two codes that are "not equivalent" neither is set beside what the document is about.
    if not has_cue and (sentence.has(Effect.NO) or sentence.has(Effect.TOGETHER)):
        return
    about = sentence.about
    subjects = about.primary or sentence.scope.subjects
    codes = [concept for _, concept in sentence.drugs]
    if has_cue and not set(subjects) & set(codes) and len(about.primary) != 1:
        begin = next(hit.start for hit in sentence.hits if hit.cue.effect is Effect.BESIDE)
        begin = len(sentence.text.small) if _SETS_APART.match(sentence.text.small, begin) else begin
        first = [concept for span, concept in sentence.drugs[:1] if span.start < begin]
        subjects = tuple(first)
    for span, concept in sentence.billing:
        before = sentence.before(span.start)
        if concept in subjects or concept in about.primary or _UNLISTED.search(before):
            continue
        if (
            is_drug(span.code)
            and span.start not in sentence.about.drug_codes
            and (not has_cue or is_gone(sentence, span.start))
        ):
            continue
        if not is_drug(span.code) and not has_cue and (sentence.cite.kind == "note" or any(map(is_of_drug, subjects))):
            continue  # In a section on similar codes a service is named for other reasons as well.
        if is_drug(span.code) or any(subject.kind is concept.kind for subject in subjects):
            yield Draft(subjects, Relation.SIMILAR_TO, concept, sentence.cite, "similar")


# "Patient with [condition] on [drug] …" is a form to be filled in.
_BLANKS = re.compile(r"\[[A-Za-z][^\[\]\n]{2,60}\](?!\()")
_EXAMPLE = re.compile(r"\W*(?:examples?|e\.g\.)(?:\s+\d+)?\s*[:–—-]")
