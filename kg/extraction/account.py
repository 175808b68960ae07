"""The account of a document: which assertions stand, and where every row and every code-like token went."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.documents import Block, BlockKind
from kg.extraction.draft import Citation, Draft, Unread
from kg.extraction.miswritten import UNKNOWN_DIAGNOSIS, WRITTEN_AS_NONE, miswritten
from kg.extraction.text.text import Text
from kg.extraction.text.tokens import Token
from kg.model import Assertion, Concept, Evidence, Qualifier, Strength

# How well things are said in such a place: 0 best. What is said twice is taken from the best place.
_STANDING = {"table": 0, "list": 1, "label": 1, "note": 1, "prose": 2, "heading": 3}
# Where nobody looks for what a document says of codes.
_NOT_STATED = frozenset({"reference", "program text"})


@dataclass(frozen=True, slots=True)
class Leftover:
    """A row or a code-like token that is in the evidence of no assertion, and why."""

    what: str
    """`row` or `token`."""
    start: int
    end: int
    line: int
    text: str
    reason: str
    code: Concept | None = None
    """The likeliest code of a token; None of a row, of the end of a range, and of what is no code where it stands."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are, how many of them stand in evidence, and how many were left over."""

    total: int
    evidence: int
    leftover: int


def settle(text: Text, drafts: Iterable[Draft]) -> tuple[tuple[Assertion, ...], frozenset[tuple[int, int]]]:
    """The assertions that stand, in document order, and the spans of those that only repeat one.

    What is said more than once is taken from where it is said best: outright before in passing, then a table before
    a list before prose, and where the code is named, so that its name is seen.
    """
    best: dict[tuple[object, ...], tuple[Concept, Draft]] = {}
    repeated: set[tuple[int, int]] = set()
    for draft in drafts:
        target, payers = draft.object, _payers_of(draft)
        for subject in draft.subjects:
            if subject.key == target.key and subject == target:
                continue
            # What two drafts share that say the same.
            key = (subject.kind, subject.key, draft.relation, target.kind, target.key, draft.polarity, payers)
            other = best.get(key)
            if other is None:
                best[key] = (subject, draft)
                continue
            better = _rank(draft) < _rank(other[1])
            worse = other[1] if better else draft
            if better:
                best[key] = (subject, draft)
            repeated.add((worse.cite.start, worse.cite.end))
    evidence = _Evidence(text)
    pairs = sorted(best.values(), key=_by_place)
    return tuple([_assertion(evidence, subject, draft) for subject, draft in pairs]), frozenset(repeated)


def _payers_of(draft: Draft) -> tuple[str, ...]:
    if not draft.qualifiers:
        return ()
    return tuple(concept.key for qualifier, concept in draft.qualifiers if qualifier is Qualifier.FOR_PAYER)


def _rank(draft: Draft) -> tuple[bool, int, bool, int]:
    """How well a draft says what it says: the less, the better."""
    nameless = draft.object.kind.is_code and not draft.object.name
    return draft.strength is Strength.STATED, _STANDING[draft.cite.kind], nameless, draft.cite.start


def _by_place(pair: tuple[Concept, Draft]) -> tuple[int, int]:
    cite = pair[1].cite
    return cite.start, cite.end


def _assertion(evidence: _Evidence, subject: Concept, draft: Draft) -> Assertion:
    return Assertion(
        subject, draft.relation, draft.object, evidence.of(draft.cite), draft.polarity, draft.strength, draft.condition,
        draft.qualifiers, f"{draft.cite.kind}.{draft.rule}",
    )  # fmt: skip


class _Evidence:
    """Makes the evidence of a citation, once for each place."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._evidence: dict[tuple[int, int, str], Evidence] = {}

    def of(self, cite: Citation) -> Evidence:
        start, end, block, section, _ = cite
        evidence = self._evidence.get((start, end, section))
        if evidence is None:
            document = self._text.document
            line = block.line if start == block.start else block.line + self._text.line_breaks(block.start, start)
            evidence = Evidence(
                document.identifier, start, end, document.text[start:end], line, section, block.page, block.sheet, block.row
            )  # fmt: skip
            self._evidence[start, end, section] = evidence
        return evidence


def account(
    text: Text, assertions: Sequence[Assertion], repeated: frozenset[tuple[int, int]], unread: Iterable[Unread]
) -> tuple[tuple[Leftover, ...], Tally, Tally]:
    """The leftovers, and the tallies of rows and of tokens."""
    reasons: dict[tuple[int, int], str] = {}
    for stretch in unread:
        reasons.setdefault((stretch.start, stretch.end), stretch.reason)
    evidence = _Cover(sorted({(a.evidence.start, a.evidence.end) for a in assertions}))
    doubles = _Cover(sorted(repeated))
    rows = [block for block in text.document.blocks if block.cells]
    leftovers = [*_left_rows(text, rows, evidence, doubles, reasons), *_left_tokens(text, evidence, doubles, reasons)]
    left_rows = sum(leftover.what == "row" for leftover in leftovers)
    left_tokens = len(leftovers) - left_rows
    return (
        tuple(sorted(leftovers, key=lambda leftover: (leftover.start, leftover.what))),
        Tally(len(rows), len(rows) - left_rows, left_rows),
        Tally(len(text.tokens), len(text.tokens) - left_tokens, left_tokens),
    )


def unnamed(text: Text, assertions: Sequence[Assertion]) -> tuple[Leftover, ...]:
    """The codes that stand in the evidence of assertions of which none names them: in its words, and in no edge."""
    evidence = _Cover(sorted({(a.evidence.start, a.evidence.end) for a in assertions}))
    named = {concept for a in assertions for concept in (a.subject, a.object, *(named for _, named in a.qualifiers))}
    alone = {(span.start, span.end) for span in text.codes}
    found = []
    for token in text.tokens:
        code = Concept.of(token.code) if token.code and (token.start, token.end) in alone else None
        if code and code not in named and evidence.holds(token.start, token.end):
            line, words = _line_of(text, token), text.document.text[token.start : token.end]
            found.append(Leftover("token", token.start, token.end, line, words, "beside what is stated", code))
    return tuple(found)


def _line_of(text: Text, token: Token) -> int:
    blocks = text.document.blocks
    at = bisect_right([block.start for block in blocks], token.start) - 1
    return blocks[at].line + text.line_breaks(blocks[at].start, token.start) if at >= 0 else 1


_Reasons = Mapping[tuple[int, int], str]


def _left_rows(
    text: Text, rows: Iterable[Block], evidence: _Cover, doubles: _Cover, reasons: _Reasons
) -> Iterator[Leftover]:
    for row in rows:
        if not evidence.holds(row.start, row.end):
            reason = "duplicate" if doubles.holds(row.start, row.end) else _reason(reasons, row)
            yield Leftover("row", row.start, row.end, row.line, text.document.quote(row), reason)


def _left_tokens(text: Text, evidence: _Cover, doubles: _Cover, reasons: _Reasons) -> Iterator[Leftover]:
    blocks = text.document.blocks
    starts = [block.start for block in blocks]
    alone = {(span.start, span.end) for span in text.codes}
    called_codes = miswritten(text)
    for token in text.tokens:
        is_called = token.start in called_codes
        if evidence.holds(token.start, token.end) and not is_called:
            continue
        at = bisect_right(starts, token.start) - 1
        block = blocks[at] if at >= 0 else None
        line = block.line + text.line_breaks(block.start, token.start) if block else 1
        reason = "duplicate" if doubles.holds(token.start, token.end) else _reason_of_token(token, block, reasons)
        code = Concept.of(token.code) if token.code and (token.start, token.end) in alone else None
        if is_called and (block is None or _reason(reasons, block) not in _NOT_STATED):
            code = called_codes[token.start]
            reason = UNKNOWN_DIAGNOSIS if code else WRITTEN_AS_NONE
        words = text.document.text[token.start : token.end]
        yield Leftover("token", token.start, token.end, line, words, reason, code)


def _reason_of_token(token: Token, block: Block | None, reasons: _Reasons) -> str:
    if token.code is None:
        return "not a code here"
    if block is None:
        return "no relation fits"
    return "heading" if block.kind is BlockKind.HEADING else _reason(reasons, block)


def _reason(reasons: _Reasons, block: Block) -> str:
    return reasons.get((block.start, block.end), "no relation fits")


class _Cover:
    """A set of spans, and whether one of them contains another span."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in spans]
        self._reach: list[int] = []
        for _, end in spans:
            self._reach.append(max(end, self._reach[-1] if self._reach else 0))

    def holds(self, start: int, end: int) -> bool:
        """Whether one span reaches over both offsets: of those that begin before, one reaches as far."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and self._reach[at] >= end
