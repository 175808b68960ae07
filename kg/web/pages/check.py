"""The page that checks a document: what the releases say against it, and its text with that marked; nothing is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kg.service.answers import Current
from kg.service.replies import Reply
from kg.web.pages.document import counts_of
from kg.web.pages.marked import lines_of, part_of, spans_of
from kg.web.pages.rendering import page, rendered

MOST = 300_000
"""So many characters of a text are shown, or a little more: what is kept nowhere can be shown only once."""
MOST_FINDINGS = 200


def form(as_of: date | None) -> Reply:
    """The page with the form alone, for which no graph is needed."""
    return page("check.html", checked=None, as_of=as_of)


@rendered
def check(_current: Current, document: bytes, *, releases: Path | None, as_of: date | None) -> Reply:
    """The page about a document that is in no graph."""
    import kg

    (checked,) = kg.check("-", data=document, releases=releases, as_of=as_of)
    spans = spans_of(checked.verdicts.items())
    text = checked.document.text
    shown = part_of(text, MOST, number=1)
    return page(
        "check.html",
        checked=checked,
        as_of=as_of,
        findings=checked.findings[:MOST_FINDINGS],
        counts=counts_of(checked.verdicts.values()),
        lines=lines_of(text, shown, spans),
        part=shown,
    )
