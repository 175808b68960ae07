"""An answer is a sequence that also knows whether it is a yes, a no, or not known."""

from __future__ import annotations

from datetime import date

import pytest

from kg.answers import Codes, Known, Matches, Paths, Scope
from kg.errors import NotFound, OnlyNo
from kg.model import Assertion, Concept, Connection, Evidence, Match, Polarity, Relation, Verdict

DIAGNOSIS, BELOW = Concept.parse("icd10cm:M05", "Arthritis"), Concept.parse("icd10cm:M05.9")
SCOPE = Scope(31, "disputed", date(2026, 1, 1), lambda: {"guide": "A guide"})


def connection(code: str, polarity: Polarity = Polarity.AFFIRMED) -> Connection:
    subject = Concept.parse(code)
    stated = Assertion(
        subject, Relation.SUPPORTED_BY_DIAGNOSIS, DIAGNOSIS, Evidence("guide", 0, 2, "So", 1), polarity=polarity
    )
    return Connection(subject, Relation.SUPPORTED_BY_DIAGNOSIS, DIAGNOSIS, Verdict.CONSISTENT, (stated,))


YES, NO = connection("J3262"), connection("J0129", Polarity.EXCLUDED)


def codes(*connections: Connection, polarity: Polarity | None = Polarity.AFFIRMED) -> Codes:
    return Codes.of(DIAGNOSIS, [DIAGNOSIS, BELOW], connections, polarity, SCOPE)


def test_it_is_a_sequence_and_equals_any_other_of_the_same() -> None:
    answer = codes(YES, NO, polarity=None)
    assert (len(answer), answer[0], answer[-1], answer[:1]) == (2, YES, NO, (YES,))
    assert list(answer) == [YES, NO]
    assert answer == [YES, NO]
    assert answer == (YES, NO)
    assert answer == codes(YES, NO, polarity=None)
    assert answer != [YES]
    assert codes() == []
    assert codes() != ""
    assert not codes()


@pytest.mark.parametrize(
    ("polarity", "found"),
    [(Polarity.AFFIRMED, [YES]), (Polarity.EXCLUDED, [NO]), (None, [YES, NO])],
)
def test_it_has_the_polarity_asked_for_and_knows_both(polarity: Polarity | None, found: list[Connection]) -> None:
    answer = codes(YES, NO, polarity=polarity)
    assert answer == found
    assert (answer.affirmed, answer.excluded, answer.known) == ((YES,), (NO,), Known.YES)


def test_only_no_is_a_no_though_nothing_is_listed() -> None:
    answer = codes(NO)
    assert (answer.known, len(answer)) == (Known.NO, 0)
    with pytest.raises(OnlyNo, match="nothing else, of M05 Arthritis and 1 narrower codes at trust disputed"):
        answer.require()


def test_where_nobody_says_anything_it_is_not_known() -> None:
    answer = codes()
    assert answer.known is Known.NOT_KNOWN
    message = (
        "not known: no document connects a code to M05 Arthritis and 1 narrower codes at trust disputed "
        r"\(31 documents searched\)"
    )
    with pytest.raises(NotFound, match=message):
        answer.require()
    assert codes(YES).require() == [YES]


def test_the_whole_answer_says_what_was_asked_and_searched() -> None:
    whole = codes(YES, NO).to_json()
    assert {name: whole[name] for name in ("version", "concept", "name", "searched", "known")} == {
        "version": 1, "concept": "icd10cm:M05", "name": "Arthritis", "searched": 2, "known": "yes",
    }  # fmt: skip
    assert (whole["trust"], whole["as_of"], whole["documents"]) == ("disputed", date(2026, 1, 1), 31)
    assert [(row["subject"], row["title"]) for row in whole["rows"]] == [("hcpcs:J3262", "A guide")]


def test_paths_and_matches_are_known_where_there_are_any() -> None:
    paths = Paths((), SCOPE, DIAGNOSIS, BELOW, "from m05 to M05.9")
    with pytest.raises(NotFound, match=r"no path from m05 to M05\.9 at trust disputed"):
        paths.require()
    matches = Matches((Match(DIAGNOSIS, 3),), SCOPE, "arth")
    assert (matches.require().known, matches.to_json()["text"]) == (Known.YES, "arth")
    assert next(iter(matches.rows()))["connections"] == 3


def test_a_notebook_shows_the_rows_with_their_source_and_what_was_searched() -> None:
    html = codes(YES, NO, polarity=None)._repr_html_()
    assert "yes, 2 found (31 documents searched, trust disputed, on 2026-01-01)" in html
    assert "✓ consistent" in html
    assert html.count("<tr>") == 3
    assert "guide" in html
    assert "line 1" in html


def test_a_notebook_says_that_nothing_is_a_no_or_not_known() -> None:
    assert "documents say no, and nothing else, of M05 Arthritis" in codes(NO)._repr_html_()
    assert "not known: no document connects a code to M05 Arthritis" in codes()._repr_html_()


def test_a_data_frame_of_nothing_has_the_columns_of_one_that_found_something() -> None:
    assert codes().to_arrow().schema == codes(YES, NO, polarity=None).to_arrow().schema
    assert codes(YES).to_pandas()["title"].tolist() == ["A guide"]
