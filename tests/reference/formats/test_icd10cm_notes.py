from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReleaseError
from kg.model import Kind, Relation
from kg.reference.formats import icd10cm_notes
from kg.reference.formats.icd10cm_notes import MOST, Item, Note, Tabular, names_and_notes

KEYS = (
    "C00-D49 C51-C58 C51 C75 C7A C76 "
    "E00-E89 E08-E13 E08 E08.4 E08.42 E08.5 E08.51 E08.52 E09 E09.4 E09.42 E10 E10.5 E10.51 E13 E13.4 E13.42 "
    "I69 I69.0 I69.02 I69.023 I69.1 I69.12 I69.123 I69.2 I69.23 I69.231 "
    "M05 M05.0 M05.1 M05.9 M06 M08 "
    "T36-T50 T36 T36.0 T36.0X T36.0X1 T36.0X1A T36.0X5 T36.0X5A T36.9 T36.95 T36.95XA "
    "T45 T45.5 T45.51 T45.511 T45.511A T45.515 T45.515A"
).split()


def items() -> list[Item]:
    """The keys as a list: each stands under the nearest one before it that is its range or that it begins with."""
    found: list[Item] = []
    for key in KEYS:
        above = [item for item in found if holds(item.key, key)]
        found.append(Item(key, f"name of {key}", above[-1].key if above else None))
    return found


def holds(above: str, key: str) -> bool:
    if "-" in above:
        first, last = above.split("-")
        return first <= key[:3] <= last and (key[-3:] <= last)
    return key.startswith(above) and key != above


TABULAR = Tabular(items())


@pytest.mark.parametrize(
    ("note", "codes"),
    [
        ("gout (M05.-)", "M05"),
        ("gout (M05)", "M05"),
        ("gout (M05.0-)", "M05.0"),
        ("gout (M05.0.-)", "M05.0"),
        ("gout (M05.0, M05.1)", "M05.0 M05.1"),
        ("gout (M05.0,M05.1,)", "M05.0 M05.1"),
        ("gout (M05.0-, M05.1-. M08)", "M05.0 M05.1 M08"),
        ("gout (old) (M05.0) in disease [x] [M08.-]", "M05.0 M08"),
        ("gout (E08-E13)", "E08-E13"),
        ("gout (E08\u2013E13)", "E08-E13"),
        ("gout (M05.0-M05.1)", "M05.0 M05.1"),
        ("gout (M05.1 -M06)", "M05.1 M05.9 M06"),
        ("gout (M05.1--M06.-)", "M05.1 M05.9 M06"),
        ("gout (M05.0 to M05.1)", "M05.0 M05.1"),
        ("gout (M05-M08)", "M05 M06 M08"),
        ("gout (C51-C75)", "C51-C58 C75"),
        ("C7A comes before C76 (C75-C76)", "C75 C7A C76"),
        ("gout (E08-E13, M05 and M08)", "E08-E13 M05 M08"),
        ("gout (E08-E13 with .42)", "E08.42 E09.42 E13.42"),
        ("gout (E08-E13 with .51-.52)", "E08.51 E08.52 E10.51"),
        ("gout (E08-E13, with .42, .51)", "E08.42 E08.51 E09.42 E10.51 E13.42"),
        ("gout (E08, E09 with final characters .42 or .52)", "E08.42 E08.52 E09.42"),
        ("gout (I69. with final characters -23)", "I69.023 I69.123"),
        ("drug (T36-T50 with fifth or sixth character 5)", "T36.0X5 T36.95 T45.515"),
        ("drug (T36-T50) with fifth or sixth character 5", "T36.0X5 T36.95 T45.515"),
        ("drug (T36-T50 with fifth or six character 1-4 or 6)", "T36.0X1 T45.511"),
        ("drug (T45.- with fifth-character 1)", "T45.51"),
        ("drug (T36.- with 7th character A)", "T36.0X1A T36.0X5A T36.95XA"),
        ("twice (M05.-) and (M05, M08)", "M05 M08"),
        ("human immunodeficiency virus [HIV] (acute)", ""),
        ("code from category M05", ""),
        ("glutaric aciduria (type M05)", ""),
    ],
)
def test_the_codes_that_a_note_names(note: str, codes: str) -> None:
    assert TABULAR.named(note) == (codes.split(), [])


@pytest.mark.parametrize(
    ("note", "codes", "reason"),
    [
        ("gout (M05.7)", "", "no such code in the release: M05.7"),
        ("gout (M05.7, M05.1)", "M05.1", "no such code in the release: M05.7"),
        ("gout (M05.7-M05.9)", "", "no such range in the release: M05.7-M05.9"),
        ("gout (M08-M05)", "", "no such range in the release: M08-M05"),
        ("gout (M05 in flight)", "", "not understood: 'M05 in flight'"),
        ("gout (M05.- with hope)", "", "no such codes in the release, or not understood: 'M05.- with hope'"),
        ("gout (E08-E13 with .77)", "", "no such codes in the release, or not understood: 'E08-E13 with .77'"),
        ("gout (M05.0-M05.1 with .9)", "", "no such codes in the release, or not understood: 'M05.0-M05.1 with .9'"),
        (
            "gout (T36-T50 with last character to indicate intent)",
            "",
            "no such codes in the release, or not understood: 'T36-T50 with last character to indicate intent'",
        ),
    ],
)
def test_what_cannot_be_used_has_a_reason(note: str, codes: str, reason: str) -> None:
    assert TABULAR.named(note) == (codes.split(), [reason])


def test_more_codes_than_edges_are_good_for() -> None:
    many = Tabular([Item(f"A{n:02}", "x", None) for n in range(100)] + [Item("B00", "x", None), Item("B01", "x", None)])
    assert many.named("all (A00-B01)") == ([], [f"more than {MOST} codes at once: 'A00-B01'"])
    assert len(many.named("most (A00-A99)")[0]) == 100


def test_statements() -> None:
    notes = [
        Note("M05", "excludes1", "juvenile (M08.-, M99)", 7),
        Note("E08-E13", "useAdditionalCode", "code (M06)", 9),
        Note("M05", "includes", "all of it (M05)", 10),
    ]
    stated, left_out = TABULAR.statements(notes)
    assert [(s.subject.key, s.relation, s.object.key, s.row) for s in stated] == [
        ("M05", Relation.EXCLUDES1, "M08", 7),
        ("E08-E13", Relation.USE_ADDITIONAL_CODE, "M06", 9),
    ]
    assert (stated[0].text, stated[0].object.name) == ("juvenile (M08.-, M99)", "name of M08")
    assert stated[0].object.kind is Kind.ICD10CM
    (left,) = left_out
    assert (left.row, left.reason) == (7, "no such code in the release: M99")
    assert left.text == "M05: juvenile (M08.-, M99)"


def test_a_file_made_to_do_harm_ends_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icd10cm_notes, "_MOST_STATEMENTS", 10)
    with pytest.raises(ReleaseError, match=r"^line \d+: the notes name more codes"):
        TABULAR.statements([Note("M05", "excludes1", "x (M06)", row) for row in range(50)])
    monkeypatch.setattr(icd10cm_notes, "_MOST_LOOKS", 100)
    hostile = [Note("M05", "excludes1", f"x (T36-T50 with .{n})", n) for n in range(99)]
    with pytest.raises(ReleaseError, match="the notes name more codes by their characters"):
        Tabular(items()).statements(hostile)


@pytest.mark.parametrize(
    "piece", [".1, ", ".1 or ", "fifth or ", "1, 2 or ", "E08-", "E08, ", "(E08 ", "(E08) with character "]
)
def test_long_notes_are_read_in_no_time(piece: str) -> None:
    for note in (piece * 5_000, f"(E08-E13 with {piece * 5_000}x)", f"(E08-E13 with fifth character {piece * 5_000}x)"):
        assert len(TABULAR.named(note)[1]) <= 1


def test_names_are_not_sentences_nor_words_about_codes() -> None:
    notes = [
        Note("M05", "inclusionTerm", text)
        for text in ("Felty's syndrome", "Arthritis due to:", "Use this code with care", "CD30-positive lymphoma")
    ]
    names, said = names_and_notes([*notes, Note("M05", "includes", "RA"), Note("M05-M08", "includes", "diseases")])
    assert names == ("Felty's syndrome", "CD30-positive lymphoma", "RA")
    assert said == (
        ("inclusionTerm", "Arthritis due to:"),
        ("inclusionTerm", "Use this code with care"),
        ("includes", "RA"),
        ("includes", "diseases"),
    )


WORDS = st.sampled_from("( ) [ ] M05 M05. M05.0- E08-E13 T36-T50 - -- , . with character fifth 5 1-4 .42 or to".split())


@given(st.text() | st.lists(WORDS, max_size=12).map(" ".join) | st.lists(WORDS, max_size=12).map("".join))
def test_any_note(text: str) -> None:
    keys, unusable = TABULAR.named(text)
    assert set(keys) <= set(KEYS)
    assert all(isinstance(reason, str) for reason in unusable)
