"""Words that tell to put a diagnosis on a claim, right before its code: "Use C34.9"."""

from __future__ import annotations

from kg import lazy_re as re
from kg.documents import Span
from kg.model import Mention
from kg.verification.lines import line_near

# "The report C34.9 came late" tells nothing: a verb begins a sentence, or stands behind who is told or has to.
_BEFORE_VERB = (
    r"(?:^|[.;:!,)#>*•–—-]\s*|\b(?:to|we|you|they|i|coders|billers|providers|please|then|and|or|must|should|may|can|will|"
    r"always|also|only|just)\s+)[\s\"'`*_(]*"
)
_TOLD = re.compile(
    rf"(?:{_BEFORE_VERB}(?P<verb>use|assign|report|bill|submit)|"
    r"\b(?P<passive>(?:code|coded|billed|reported|submitted)\s+(?:as|with|under|to|using)))\s+"
    r"(?:(?:the|a)\s+)?(?:icd-?10(?:-?cm)?\s+)?(?:diagnosis\s+)?(?:code\s+)?[\"'`*(]*$|"
    r"\b(?P<label>(?:icd-?10(?:-?cm)?\s+)?(?:diagnosis|dx)(?:\s+code)?|icd-?10(?:-?cm)?(?:\s+code)?)\s*[*_]*:[\s*_`]+$",
    re.I,
)
# What says in the line of a code that it is not to be billed as it stands, or that nobody tells to.
_NOT_TOLD = re.compile(
    r"\b(?:not|never|don't|doesn't|cannot|can't|avoid|instead|rather|unless|invalid|incomplete|category|subcategory|categories|"
    r"heading|headings|digits?|characters?|range|through|series|family|more specific|why|when to)\b|\?",
    re.I,
)
_GOES_ON = re.compile(r"[.–-]\w|-(?!\w)|\*")
_OF_DIAGNOSES = re.compile(r"icd|diagnosis|dx", re.I)
_REACH = 80


def start_of_order(text: str, code: Span) -> int:
    """Where the words begin that tell to bill a diagnosis, or the code where there are none.

    >>> text = "Then use C34.9 for it"
    >>> text[start_of_order(text, Span(9, 14)):]
    'use C34.9 for it'
    """
    begin, end = line_near(text, code, _REACH)
    told = _TOLD.search(text[begin : code.start])
    if told is None or _NOT_TOLD.search(text[begin:end]):
        return code.start
    return begin + told.start(told.lastgroup or 0)


def is_called_diagnosis(text: str, code: Span) -> bool:
    """Whether the words right before a code call it one of a diagnosis, as those of three characters have to be.

    >>> text = "ICD-10 code: M06, and never use D50"
    >>> is_called_diagnosis(text, Span(13, 16)), is_called_diagnosis(text, Span(32, 35))
    (True, False)
    """
    told = _TOLD.search(text[line_near(text, code, _REACH).start : code.start])
    is_whole = _GOES_ON.match(text, code.end) is None
    return told is not None and is_whole and _OF_DIAGNOSES.search(told[0]) is not None


def tells_to_bill(mention: Mention) -> bool:
    """Whether the evidence of a mention begins with such words."""
    quote = mention.evidence.quote
    at = quote.find(mention.subject.key)
    return at > 0 and _TOLD.search(quote[:at]) is not None
