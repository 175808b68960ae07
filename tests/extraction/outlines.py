"""What whole documents state, in few words: the text files in `whole/`, one for each corpus.

A place with its rule and section stands before what is stated there. Subjects that share a statement share its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.documents import Document, read
from kg.extraction import Extraction, extract
from kg.model import Assertion

TESTS = Path(__file__).parents[1]
WHOLE = Path(__file__).parent / "whole"
CORPORA = {"corpus": TESTS / "corpus", "held": TESTS / "held", "guides": TESTS.parent / "data" / "guides"}
_DOCUMENT = "# "


def documents(corpus: str) -> list[Path]:
    """The documents of a corpus, without what people found in them."""
    return sorted(file for file in CORPORA[corpus].glob("*.*") if file.suffix not in (".tsv", ".jsonl"))


def outline(document: Path) -> list[str]:
    """What a file states."""
    return outline_of(read(document))


def outline_of(document: Document) -> list[str]:
    """What a document states, place by place, and what is left over."""
    found = extract(document)
    left = [f"left {item.start}-{item.end} {item.what}: {item.reason}" for item in found.leftovers]
    return [*_statements(found), *left]


def _statements(found: Extraction) -> Iterator[str]:
    sharing: dict[tuple[str, str], list[str]] = {}
    for assertion in found.assertions:
        sharing.setdefault((_place(assertion), _said(assertion)), []).append(assertion.subject.curie)
    before = ""
    for (place, said), subjects in sharing.items():
        if place != before:
            yield place
        before = place
        yield f"  {' '.join(subjects)} {said}"


def _place(assertion: Assertion) -> str:
    evidence = assertion.evidence
    return f"{evidence.start}-{evidence.end} line {evidence.line} {assertion.rule} [{evidence.section}]"


def _said(assertion: Assertion) -> str:
    named = f' "{assertion.object.name}"' if assertion.object.name else ""
    how = (assertion.polarity.value, assertion.strength.value)
    notes = [word for word in how if word not in ("affirmed", "stated")]
    notes += [f"since {assertion.since}"] if assertion.since else []
    notes += [f"{qualifier}={concept.curie}" for qualifier, concept in assertion.qualifiers]
    notes += [f"({assertion.condition})"] if assertion.condition else []
    return " ".join([assertion.relation, f"{assertion.object.curie}{named}", *notes])


def expected(corpus: str) -> dict[str, list[str]]:
    """The outline of each document of a corpus, by the name of its file, as it was when somebody read it."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (WHOLE / f"{corpus}.txt").read_text("utf-8").splitlines():
        if line.startswith(_DOCUMENT):
            lines = found[line.removeprefix(_DOCUMENT)] = []
        else:
            lines.append(line)
    return found


def write() -> None:
    """Write all outlines anew."""
    for corpus in CORPORA:
        lines = [line for file in documents(corpus) for line in (f"{_DOCUMENT}{file.name}", *outline(file))]
        (WHOLE / f"{corpus}.txt").write_text("".join(f"{line}\n" for line in lines), "utf-8")
