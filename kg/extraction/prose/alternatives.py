"""Alternatives: an item of which another may be met instead asks for nothing by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kg import lazy_re as re
from kg.documents import Block, BlockKind
from kg.extraction.outline.leads import depth_of
from kg.extraction.prose.sentence import Sentence

_EITHER = re.compile(r"\W*(?:EITHER|OR)\b")
_CAPITAL_OR_BEHIND = re.compile(r"[;,.\])] ?OR\W*$")
_OR_BEHIND = re.compile(r"\bor\W*$")
_OR_ABOVE = re.compile(r"\bor\W*(?:\w{1,4}[.)]\W*)?$")
_MORE_BELOW = re.compile(r"[^\n]{0,3}\n\s*\S")
_OF_SEVERAL = re.compile(
    r"\b(?:one|any|either|two|[1-3])\b[^\n.;]{0,30}\bof (?:the )?following\b|\bfollowing\b[^\n.;]{0,20}\((?:[a-z1-9i]+, )+or "
)
_OF_ALL = re.compile(r"\b(?:all|both|each)\b[^\n.;]{0,30}\bof (?:the )?following\b")
_ABOVE = 600
_MARKER = 16
# Trials and what stands in for them.
_TRIAL = re.compile(
    r"\b(?:fail\w*|trial|trials|tried|intoleran\w*|contraindicat\w*|inadequate\w*|refractory|respon\w+|unable|therapy|treated|years?)\b"
)
# What a list of alternatives asks for whichever of them is met: a trial of one thing or of another.
_KINDS = {
    "failure-of-conventional-therapy": _TRIAL,
    "age-limit": re.compile(r"\b(?:years?|months?|age)\b"),
    "specialist-prescriber": re.compile(r"ologist|specialist|prescrib|physician"),
}
_MOST_ABOVE = 60
_LONGEST_JOINT = 4


def opens_alternative(sentence: Sentence) -> bool:
    """Whether an item itself says that it is one of several: "EITHER (a) … OR (b) …"."""
    return _EITHER.match(sentence.plain) is not None


def is_one_of_several(sentence: Sentence) -> bool:
    """Whether an item is one of a list of which another may be met instead."""
    small = sentence.text.small
    if opens_alternative(sentence) or _hangs_on_alternative(sentence):
        return True
    if _CAPITAL_OR_BEHIND.search(sentence.plain):
        return True
    if _OR_BEHIND.search(sentence.small) and _MORE_BELOW.match(sentence.text.document.text, sentence.block.end):
        return True
    if _OR_ABOVE.search(small[max(0, sentence.block.start - _MARKER) : sentence.block.start]):
        return True
    begin = max(0, sentence.block.start - _ABOVE)
    return _promises_choice(small, begin, sentence.block.start, lambda at: not _heads_ended_list(sentence, at))


def _promises_choice(small: str, begin: int, end: int, counts: Callable[[int], bool] = lambda _: True) -> bool:
    """Whether the last words of a stretch that promise a list let any of it be met; only some of these may count."""
    several = [at for at in (match.start() for match in _OF_SEVERAL.finditer(small, begin, end)) if counts(at)]
    every = [match.start() for match in _OF_ALL.finditer(small, begin, end)]
    return bool(several) and several[-1] > max(every, default=-1)


def _heads_ended_list(sentence: Sentence, at: int) -> bool:
    """Whether an offset stands in an item whose own items are deeper, and have ended before the item of a sentence."""
    blocks = sentence.text.document.blocks
    number = sentence.text.block_number(at)
    if number + 1 >= len(blocks) or blocks[number].kind is not BlockKind.ITEM or not sentence.is_item:
        return False
    head, below, own = (_depth(sentence, one) for one in (blocks[number], blocks[number + 1], sentence.block))
    return head < below and own <= head


def _depth(sentence: Sentence, block: Block) -> int:
    """How deep an item stands: how far it is indented in a text, else the level that its format gives."""
    level, indented = depth_of(sentence.text, block)
    return level if level and sentence.text.document.format not in ("text", "markdown") else indented


def _above(sentence: Sentence) -> Iterator[Block]:
    """The items that an item stands below, from the nearest on, and the paragraph that leads in the outermost list."""
    blocks = sentence.text.document.blocks
    number = sentence.text.block_number(sentence.block.start)
    depth = _depth(sentence, sentence.block)
    for block in reversed(blocks[max(0, number - _MOST_ABOVE) : number]):
        if block.kind is BlockKind.ITEM:
            if (own := _depth(sentence, block)) < depth:
                depth = own
                yield block
        elif block.end - block.start > _LONGEST_JOINT:
            yield block
            return


def _hangs_on_alternative(sentence: Sentence) -> bool:
    """Whether an item, or one that it stands below, is in a list of which any may be met."""
    small = sentence.text.small
    return sentence.is_item and any(_promises_choice(small, block.start, block.end) for block in _above(sentence))


def is_alike(sentence: Sentence, key: str) -> bool:
    """Whether what stands beside an alternative asks for the same kind of thing, which is then asked for whichever is met."""
    if key not in _KINDS:
        return False
    blocks = sentence.text.document.blocks
    number = sentence.text.block_number(sentence.block.start)
    depth = _depth(sentence, sentence.block)
    beside = [block for block in blocks[max(0, number - 1) : number + 2] if block.start != sentence.block.start]
    items = [block for block in beside if block.kind is BlockKind.ITEM and _depth(sentence, block) == depth]
    return all(_KINDS[key].search(sentence.text.small, block.start, block.end) for block in items)
