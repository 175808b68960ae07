"""What the tests of extraction share: a document in a few lines, and what it states as plain strings."""

from __future__ import annotations

from kg.documents import parse
from kg.extraction import Extraction, extract
from kg.model import Assertion

TITLE = "# HCPCS Code J3262\n\n"
"""Makes J3262 the subject of what follows."""


def read(content: str, name: str = "guide.md") -> Extraction:
    """The extraction of a document."""
    return extract(parse(content.encode(), name))


def about(content: str) -> Extraction:
    """The extraction of a guide on J3262."""
    return read(TITLE + content)


def stated(found: Extraction, *, subject: str = "hcpcs:J3262") -> dict[str, str]:
    """What is said of a subject: `relation object`, with polarity and strength where they are not the plain ones."""
    return {
        f"{a.relation} {a.object.curie}": " ".join(
            word for word in (a.polarity, a.strength) if word not in ("affirmed", "stated")
        )
        for a in found.assertions
        if a.subject.curie == subject
    }


def the(found: Extraction, object: str) -> Assertion:
    """The only assertion with this object."""
    (one,) = [a for a in found.assertions if a.object.curie == object]
    return one


def objects(found: Extraction, relation: str, *, subject: str = "hcpcs:J3262") -> list[str]:
    """The objects of one relation, sorted."""
    return sorted(a.object.curie for a in found.assertions if a.relation == relation and a.subject.curie == subject)


def left(found: Extraction) -> dict[str, str]:
    """The reason of each row and token that was left over, by its text."""
    return {item.text: item.reason for item in found.leftovers}


def everything(found: Extraction) -> list[str]:
    """All that is stated: `subject relation object`, and `excluded` where it is, sorted."""
    return sorted(
        f"{a.subject.curie} {a.relation} {a.object.curie}" + (" excluded" if a.polarity == "excluded" else "")
        for a in found.assertions
    )
