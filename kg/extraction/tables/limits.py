"""Lines that head an amount which is the most that is paid for: "Quantity limit (max daily dose):"."""

from __future__ import annotations

from collections.abc import Iterator

from kg import lazy_re as re
from kg.documents import Block, BlockKind
from kg.extraction.draft import Citation, Outcome, Scope
from kg.extraction.relations.relating import require
from kg.extraction.tables.columns import requirement_in_header
from kg.extraction.text.text import Text

_LIMIT = "quantity-limit"
_LONGEST = 90
# What explains such a line, and the number of it.
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|^\W*(?:[A-Za-z]|\d{1,2}|[ivxIVX]{1,4})[.)]\s+")
_WORDS = re.compile(r"[a-z/-]+(?: [a-z/-]+){0,3}", re.IGNORECASE)
_NEAR = 200
_AMOUNT = re.compile(r"\d")
_NONE = re.compile(r"\W*(?:none|n/?a|not applicable|no )\b")


def read_limit(text: Text, block: Block, scope: Scope) -> Iterator[Outcome]:
    """That there is a limit, where a line names it and nothing else, and an amount stands below.

    >>> from kg.documents import parse
    >>> from kg.extraction import extract
    >>> found = extract(parse(b"# J3380 vedolizumab\\n\\n- Max units (per dose) [HCPCS unit]:\\n- 300 units", "a.md"))
    >>> [one.object.key for one in found.assertions if one.relation == "coverageRequires"]
    ['quantity-limit']
    """
    is_lead = block.kind is BlockKind.HEADING or text.ends_with(":", block)
    if not is_lead or not scope.subjects or block.end - block.start > _LONGEST:
        return
    words = " ".join(_ASIDE.sub(" ", text.plain[block.start : block.end]).split()).strip(" :*_-")
    if not _WORDS.fullmatch(words):
        return
    limit = requirement_in_header(words)
    if limit is None or limit.key != _LIMIT or _NONE.match(text.small, block.end):
        return
    if _AMOUNT.search(text.small, block.end, block.end + _NEAR):
        cite = Citation(block.start, block.end, block, scope.section, "label")
        yield require(scope.subjects, limit, scope, cite)
