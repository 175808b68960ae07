"""Lines that begin with a code: "M06.9 – Rheumatoid arthritis, unspecified"."""

from __future__ import annotations

import re

from kg.documents import Block, BlockKind, Span
from kg.extraction.cells import read_cell
from kg.extraction.columns import Role
from kg.extraction.lines import read_codes
from kg.extraction.reading import Citation, Reading, Scope
from kg.extraction.relating import Words, relate
from kg.extraction.topics import Topic
from kg.model import Code, CodeSystem

_SEPARATOR = re.compile(r"\s*(?:\s[-–—=]+\s|--|—|–|:|\s{2,}|\t)\s*|\s+(?=\()|\s+(?=[A-Z][a-z])|\s*$")
_MODIFIER = re.compile(
    r'\s*(?:modifiers?\s+)?["(]?-?(?P<codes>[A-Z0-9]{2}(?:\s*(?:,|/|and|or|&)\s*-?[A-Z0-9]{2})*)[")]?\s*(?:\s[-–—=]+\s|--|—|–|:|\s{2,}|\(|,\s)\s*',
    re.IGNORECASE,
)
_REMARK = re.compile(r"\s*(?:;|\s[-–—]\s|—|–|\(|\.\s)\s*(?P<remark>.+)$")
# How a remark on a modifier begins, unlike its name.
_USE = re.compile(
    r"(?:use[ds]?|when|if|for|append|report|bill|only|may|must|can|required|never|not|do not|rarely|optional|always|add|applies|"
    r"allowed|excluded|no|yes|to|the|a|an|[A-Z][a-z]+ (?:on|when|if|for|only))\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w")
_BETWEEN = re.compile(r"\s*(?:,|/|;|and|or|&|-|through|to)?\s*")
_VERB = re.compile(
    r"\W*\b(?:is|are|was|were|has|have|may|must|can|should|will|does|do|replaced|represents|identifies|refers|requires?|needs|pays|goes|covers|bills?|applies|stands|describes|reports)\b",
    re.IGNORECASE,
)


def read_entry(reading: Reading, block: Block, scope: Scope) -> bool:
    """Read a line that begins with a code; the answer is whether it is such a line."""
    if _read_modifiers(reading, block, scope):
        return True
    tokens = [token for token in reading.tokens_in(block.start, block.end) if token.code]
    if not tokens or _WORD.search(reading.text, block.start, tokens[0].start):
        return False
    last = tokens[0]
    for token in tokens[1:]:
        if not _BETWEEN.fullmatch(reading.text, last.end, token.start):
            break
        last = token
    separator = _SEPARATOR.match(reading.text, last.end, block.end)
    if separator is None or _is_sentence(reading.text[last.end : block.end], separator[0]):
        return False
    if tokens[0].shape == "ndc" or (tokens[0].shape == "bare" and scope.topic is not Topic.DIAGNOSES):
        return False
    words = _words(reading, separator.end(), block.end)
    codes, cite = Span(block.start, last.end), Citation(block.start, block.end, scope, "list")
    system = tokens[0].code.system if tokens[0].code else None
    before = len(reading.drafts)
    if system in (CodeSystem.HCPCS, CodeSystem.CPT) and scope.topic is not Topic.DIAGNOSES:
        read_codes(reading, codes, words, cite)
    else:
        role = Role.SPECIALTY if system is CodeSystem.NUCC else Role.DIAGNOSIS
        read_cell(reading, role, "", codes, scope.subjects, words, cite)
    if len(reading.drafts) == before:
        return (
            block.kind is BlockKind.ITEM
            and not re.search(r"[.!?]\s", reading.text[block.start : block.end])
            and len(tokens) == 1
            and not scope.subjects
        )
    return True


def _is_sentence(rest: str, separator: str) -> bool:
    """Whether what follows a code carries on a sentence that the code is the subject of."""
    if separator.strip():
        return False
    return bool(_VERB.match(re.sub(r"^\s*\([^()]*\)", "", rest))) or bool(
        re.match(r"\s*\([^()]*\)\s*(?:,|and|or)\s*\w*\d", rest)
    )


def _words(reading: Reading, start: int, end: int) -> Words:
    """Name and remark of an entry: what stands behind its code."""
    rest = reading.text[start:end]
    remark = _REMARK.search(rest)
    if remark is None:
        return Words(" ".join(rest.split()).strip(" ()"), "")
    name = " ".join(rest[: remark.start()].split())
    usage = " ".join(remark["remark"].split()).rstrip(")")
    return Words(name or usage, usage, (start + remark.start("remark"), end))


def _read_modifiers(reading: Reading, block: Block, scope: Scope) -> bool:
    """A line that begins with modifiers, in a section about them or after the word."""
    match = _MODIFIER.match(reading.text, block.start, block.end)
    if match is None or (
        not match["codes"].replace("and", "").replace("or", "").isupper() and not re.fullmatch(r"\d{2}", match["codes"])
    ):
        return False
    if scope.topic is not Topic.MODIFIERS and not re.match(
        r"\s*modifier", reading.text[block.start : match.end()], re.IGNORECASE
    ):
        return False
    said = " ".join(reading.text[match.end() : block.end].split())
    name, _, remark = said.partition(";")
    usage = said if remark or _USE.match(said) else ""
    words = Words("" if usage and not remark else name, usage, (match.end(), block.end))
    for value in re.findall(r"[A-Z0-9]{2}", match["codes"]):
        code = Code(CodeSystem.MODIFIER, value)
        relate(reading, scope.subjects, code, words, Citation(block.start, block.end, scope, "list"))
    return True
