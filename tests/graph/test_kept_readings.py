"""What was read of documents, kept and read again."""

from __future__ import annotations

import tempfile
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.documents import Document
from kg.errors import StoreError
from kg.graph.kept_readings import READINGS, Reading, keeping, kept
from kg.model import Assertion, Concept, Evidence, Kind, Polarity, Qualifier, Relation, Strength

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
concepts = st.builds(Concept.named, st.sampled_from([Kind.DRUG, Kind.PAYER]), texts.map(lambda text: f"a {text}"))
evidences = st.builds(
    Evidence,
    st.just("guide"),
    st.integers(0, 9),
    st.integers(9, 20),
    texts,
    st.integers(1, 9),
    texts,
    st.integers(0, 3),
)
assertions = st.builds(
    Assertion,
    concepts,
    st.sampled_from(Relation),
    st.one_of(concepts, st.builds(Concept, st.just(Kind.ICD10CM), st.just("M06.9"), st.none() | texts)),
    evidences,
    st.sampled_from(Polarity),
    st.sampled_from(Strength),
    texts,
    st.lists(st.tuples(st.sampled_from(Qualifier), concepts), max_size=2).map(tuple),
    texts,
    st.none() | st.dates(),
)


def told(thing: object) -> object:
    """All fields, also those that are not compared."""
    if isinstance(thing, Assertion | Concept | Evidence | Document | Reading):
        return [told(getattr(thing, field.name)) for field in fields(thing)]
    return [*map(told, thing)] if isinstance(thing, tuple) else thing


@given(st.lists(assertions, max_size=4).map(tuple), st.integers(0, 5))
def test_what_is_kept_is_what_was_read(stated: tuple[Assertion, ...], left: int) -> None:
    readings = [
        Reading(Document("guide", "guide.md", "A\u2028guide", "markdown", "", (), "1f", "utf-8"), stated, left),
        Reading(Document("other", "other.pdf", "", "pdf", "", ()), ()),
    ]
    with tempfile.TemporaryDirectory() as folder:
        assert list(keeping(readings, Path(folder))) == readings
        again = list(kept(Path(folder)))
    for one, other in zip(again, readings, strict=True):
        identifiers = [assertion.identifier for assertion in other.assertions]
        assert [assertion.identifier for assertion in one.assertions] == identifiers
        assert told(one) == told(other)


def test_each_assertion_once() -> None:
    one = Assertion(
        Concept.parse("hcpcs:J3262"), Relation.SUPPORTED_BY_DIAGNOSIS, Concept.parse("icd10cm:M06.9"),
        Evidence("guide", 0, 5, "M06.9", 1), since=date(2026, 1, 1),
    )  # fmt: skip
    document = Document("guide", "guide.md", "", "markdown", "", ())
    assert Reading(document, (one, replace(one, rule="another"))).distinct == [one]
    assert Reading(document, (one, replace(one, rule="another"))).distinct[0].rule == ""


@pytest.mark.parametrize("line", ["", "{}", "[]", '[["a"],0,[],[],[[0,"x",0]]]', "\xff"])
def test_a_damaged_line_is_one_line(tmp_path: Path, line: str) -> None:
    (tmp_path / READINGS).write_text(f"{line}\n", "latin-1")
    with pytest.raises(StoreError, match=rf"{READINGS} is damaged \(.*\); build the graph again"):
        list(kept(tmp_path))
