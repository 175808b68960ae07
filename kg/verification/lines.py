"""The line in which a code stands."""

from __future__ import annotations

from kg.documents import Span


def line_near(text: str, code: Span, reach: int) -> Span:
    """The line of a code, or what of it is no farther away than that: a line may be as long as a document.

    >>> line_near("See below. Use C34.9 now.", Span(15, 20), 4)
    Span(start=11, end=24)
    """
    near, far = max(0, code.start - reach), min(len(text), code.end + reach)
    end = text.find("\n", code.end, far)
    return Span(max(near, text.rfind("\n", near, code.start) + 1), far if end < 0 else end)
