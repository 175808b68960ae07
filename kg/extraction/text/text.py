"""The facts of a document's text, found once: plain words, codes, ranges, names and cues, each with its offsets."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from sys import maxsize
from typing import NamedTuple, Protocol

from kg import lazy_re as re
from kg.documents import Block, BlockKind, Document, Span
from kg.extraction.lexicon.cues import Effect, Hit, lexicon
from kg.extraction.text.folding import fold
from kg.extraction.text.gazetteer import Mention, gazetteer
from kg.extraction.text.ranges import Range, find_ranges
from kg.extraction.text.run_on import taken_apart
from kg.extraction.text.short_forms import short_forms_in
from kg.extraction.text.tokens import Token, find_tokens
from kg.model import Code, CodeSystem, Concept, Kind

# Marks that say nothing, each replaced by one character, so that every offset stays what it is.
_PLAIN = {
    "\u00a0": " ", "\u202f": " ", "\t": " ", "\n": " ", "*": " ", "`": " ",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'",
    # The marks of footnotes.
    "¹": " ", "³": " ", "⁴": " ", "⁵": " ", "⁶": " ", "⁷": " ", "⁸": " ", "⁹": " ",
    "ᵃ": " ", "ᵇ": " ", "ᶜ": " ", "ᵈ": " ", "ᵉ": " ",
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2212": "-",
}  # fmt: skip
# Bounded, and each run looked at once, so that no document can make them slow.
_LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\((\S{0,2000})\)")
_ADDRESS = re.compile(r"\bhttps?://[^\s)\]>\"']{1,2000}")
# As the mark of a footnote, and not as in "mg/m²".
_RAISED_TWO = re.compile(r"(?<=[\dA-Z])²")
_UNDERSCORE = re.compile(r"(?<!\w)_++|(?<!_)_++(?!\w)")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")

BILLING = (CodeSystem.HCPCS, CodeSystem.CPT)
"""The systems of codes that drugs and services are billed by."""


class CodeSpan(NamedTuple):
    """A code in a text, or several codes written as one."""

    start: int
    end: int
    shape: str
    """The shape in which it is written, as in `Token`."""
    codes: tuple[Code, ...]
    """Empty where a range cannot be resolved."""
    concepts: tuple[Concept, ...]
    """What its codes stand for."""
    system: CodeSystem | None
    """The code system, which all of its codes share."""

    @property
    def code(self) -> Code:
        """The first code; there is one unless a range could not be resolved."""
        return self.codes[0]

    @property
    def concept(self) -> Concept:
        """What the first code stands for."""
        return self.concepts[0]


class Placed(Protocol):
    """What has a place in a text: a code, a name, a modifier."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


class Text:
    """The text of a document, and what stands in it; nothing of it changes while the document is read."""

    def __init__(self, document: Document) -> None:
        self.plain = plain(document.text)
        self.small = fold(self.plain)
        self.tokens: Sequence[Token] = find_tokens(self.plain, document.text)
        self.codes: Sequence[CodeSpan] = _merge(self.tokens, find_ranges(document.text, self.tokens))
        self.document = taken_apart(document, self.plain, self.codes)
        self.mentions: Sequence[Mention] = gazetteer().find(self.plain, self.small)
        self.cues: Sequence[Hit] = lexicon().find(self.small)
        self._presence: dict[tuple[str, ...] | str, bool] = {}
        self._token_starts = [token.start for token in self.tokens]
        # The last of each stands behind all texts, so that one stands at or after any offset.
        self._code_starts = [*(span.start for span in self.codes), maxsize]
        self._cue_starts = [*(hit.start for hit in self.cues), maxsize]
        self._ended_starts = [*(hit.start for hit in self.cues if hit.cue.effect is Effect.ENDED), maxsize]
        self._mention_starts = [*(mention.start for mention in self.mentions), maxsize]

    def tokens_in(self, start: int, end: int) -> Sequence[Token]:
        """The code-like tokens between two offsets."""
        first = bisect_left(self._token_starts, start)
        last = bisect_left(self._token_starts, end, first)
        tokens = self.tokens[first:last]
        return tokens[:-1] if tokens and tokens[-1].end > end else tokens

    def codes_in(self, start: int, end: int) -> list[CodeSpan]:
        """The codes between two offsets, ranges among them."""
        starts = self._code_starts
        first = bisect_left(starts, start)
        if starts[first] >= end:
            return []  # So it is for most stretches; most others hold one code.
        if starts[first + 1] >= end:
            return [self.codes[first]] if self.codes[first].end <= end else []
        return [span for span in self.codes[first : bisect_left(starts, end, first)] if span.end <= end]

    def cues_in(self, start: int, end: int) -> list[Hit]:
        """The cues between two offsets."""
        starts = self._cue_starts
        first = bisect_left(starts, start)
        if starts[first] >= end:
            return []
        return [hit for hit in self.cues[first : bisect_left(starts, end, first)] if hit.end <= end]

    def tells_of_ended(self, start: int, end: int) -> bool:
        """Whether any word between two offsets tells of a code that is not used any more."""
        return self._ended_starts[bisect_left(self._ended_starts, start)] < end

    def mentions_in(self, start: int, end: int, kind: Kind | None = None) -> list[Mention]:
        """The names between two offsets."""
        starts = self._mention_starts
        first = bisect_left(starts, start)
        if starts[first] >= end:
            return []
        return [
            mention
            for mention in self.mentions[first : bisect_left(starts, end, first)]
            if mention.end <= end and (kind is None or mention.concept.kind is kind)
        ]

    def block_number(self, at: int) -> int:
        """Which block of the document begins at an offset, or last before it; -1 where none does."""
        return bisect_right(self.document.blocks, at, key=attrgetter("start")) - 1

    @cached_property
    def short_forms(self) -> Mapping[str, str]:
        """The short forms that the text defines itself, each with what it stands for."""
        return short_forms_in(self.plain)

    @cached_property
    def block_codes(self) -> Sequence[Sequence[CodeSpan]]:
        """The codes of each block of the document, in their order."""
        return [self.codes_in(block.start, block.end) for block in self.document.blocks]

    def has_any(self, words: tuple[str, ...]) -> bool:
        """Whether any of some words stands anywhere in the text; a quick test before its stretches are searched."""
        is_present = self._presence.get(words)
        if is_present is None:
            is_present = self._presence[words] = any(word in self.small for word in words)
        return is_present

    def finds(self, pattern: str) -> bool:
        """Whether a pattern matches anywhere in the text, which is searched once for each."""
        is_present = self._presence.get(pattern)
        if is_present is None:
            is_present = self._presence[pattern] = re.search(pattern, self.small) is not None
        return is_present

    def as_written(self, mention: Mention) -> Concept:
        """The concept of a mention, under the name that stands in the text; a number is none."""
        name = " ".join(self.document.text[mention.start : mention.end].split())
        return mention.concept if name.isdigit() else Concept(mention.concept.kind, mention.concept.key, name)

    def words(self, span: Span | Block) -> str:
        """The words of a span, without marks and doubled blanks."""
        return " ".join(self.plain[span.start : span.end].split())

    def without(self, span: Span | Block, parts: Iterable[Placed]) -> str:
        """What is left of a span, in small letters, without parts of it."""
        left, at = [], span.start
        for part in sorted(parts, key=lambda part: part.start):
            left.append(self.small[at : part.start])
            at = max(at, part.end)
        return " ".join((*left, self.small[at : span.end]))

    def ends_with(self, mark: str, block: Block) -> bool:
        """Whether a mark stands at the end of a block."""
        return self.plain[block.start : block.end].rstrip().endswith(mark)

    def part(self, block: Block, start: int, end: int, kind: BlockKind | None = None) -> Block:
        """A stretch of a block as a block of its own, on the line where it begins."""
        line = block.line + self.line_breaks(block.start, start)
        return block._replace(kind=kind or block.kind, start=start, end=end, line=line, cells=())

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.document.text)]

    def line_breaks(self, start: int, end: int) -> int:
        """How many lines end between two offsets."""
        return bisect_right(self._breaks, end - 1) - bisect_left(self._breaks, start)


def _merge(tokens: Sequence[Token], ranges: Sequence[Range]) -> list[CodeSpan]:
    """Tokens that are codes, and in place of those within a range the range."""
    spans: list[CodeSpan] = []
    rest = iter(ranges)
    current = next(rest, None)
    for token in tokens:
        while current and token.start >= current.end:
            current = next(rest, None)
        if current and token.start >= current.start:
            if token.start == current.start:
                concepts = tuple(map(Concept.of, current.codes))
                system = current.codes[0].system if current.codes else None
                spans.append(CodeSpan(current.start, current.end, token.shape, current.codes, concepts, system))
        elif code := token.code:
            spans.append(CodeSpan(token.start, token.end, token.shape, (code,), (Concept.of(code),), code.system))
    return spans


def plain(text: str) -> str:
    """The same text, character for character, without marks of emphasis, links and curly quotes.

    >>> plain("**Modifier** [JW](https://example.org)")
    '  Modifier    JW                      '
    """
    for mark, replacement in _PLAIN.items():  # Several times quicker than `translate`, as most marks stand nowhere.
        text = text.replace(mark, replacement)
    if "²" in text:
        text = _RAISED_TWO.sub(" ", text)
    if "[[" in text:
        text = text.replace("[[", "  ").replace("]]", "  ")
    if "](" in text:  # Before the addresses that links have.
        text = _LINK.sub(lambda m: f" {m[1]}{' ' * (len(m[0]) - len(m[1]) - 1)}", text)
    if "://" in text:
        text = _ADDRESS.sub(lambda m: " " * len(m[0]), text)
    if "_" in text:
        text = _UNDERSCORE.sub(lambda m: " " * len(m[0]), text)
    return _FULL_WIDTH.sub(lambda m: chr(ord(m[0]) - 0xFEE0), text)
