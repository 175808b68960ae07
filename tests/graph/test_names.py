from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.graph.names import NameRow, Names, change, fold, row_of, write
from kg.graph.store import GraphStore
from kg.model import Concept, Kind

ROWS = (
    NameRow("hcpcs", "J3262", "Injection, tocilizumab, 1 mg", (), 9),
    NameRow("drug", "tocilizumab", "tocilizumab", ("Actemra",), 2),
    NameRow("drug", "tocilizumab-aazg", "tocilizumab-aazg", ("Tyenne",), 0),
    NameRow("drug", "infliximab", "infliximab", ("Remicade", "Renflexis"), 0),
    NameRow("icd10cm", "M05.79", "Rheumatoid arthritis with rheumatoid factor of multiple sites", (), 1),
    NameRow("icd10cm", "M06.9", "Rheumatoid arthritis, unspecified", (), 0),
    NameRow("icd10cm", "M35.00", "Sjögren syndrome, unspecified", (), 0),
    NameRow("condition", "rheumatoid-arthritis", "rheumatoid arthritis", (), 3),
    NameRow("modifier", "JW", None, (), 4),
    NameRow("ndc", "50242-0137-01", "Actemra", (), 0),
)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Names]:
    file = tmp_path_factory.mktemp("names") / "names.sqlite"
    write(file, ROWS)
    index = Names.open(file)
    yield index
    index.close()


def found(names: Names, text: str, **options: object) -> list[str]:
    return [match.concept.curie for match in names.search(text, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("J3262", "hcpcs:J3262"),
        ("  j3262 ", "hcpcs:J3262"),
        ("M0579", "icd10cm:M05.79"),
        ("m05.7", "icd10cm:M05.79"),
        ("jw", "modifier:JW"),
        ("ACTEMRA", "drug:tocilizumab"),
        ("rheumatoid arthritis", "condition:rheumatoid-arthritis"),
        ("tocilizumab", "drug:tocilizumab"),
        ("tyen", "drug:tocilizumab-aazg"),
        ("sjogren", "icd10cm:M35.00"),
        ("arthritis rheumatoid", "condition:rheumatoid-arthritis"),
        ("multiple sites", "icd10cm:M05.79"),
        ("J-3262", "hcpcs:J3262"),
        ("m 05 79", "icd10cm:M05.79"),
        ("tocilizumab aazg", "drug:tocilizumab-aazg"),
        ("50242 137 01", "ndc:50242-0137-01"),
        ("sjo gren", "icd10cm:M35.00"),
        ("rheumatoidarthritis unspecified", "icd10cm:M06.9"),
    ],
)
def test_the_best_comes_first(names: Names, text: str, first: str) -> None:
    assert found(names, text)[0] == first


def test_what_has_connections_comes_before_what_has_none(names: Names) -> None:
    assert found(names, "factor OR unspecified") == []
    assert found(names, "rheum arthritis") == [
        "condition:rheumatoid-arthritis",
        "icd10cm:M05.79",
        "icd10cm:M06.9",
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("tociluzimab", "drug:tocilizumab"),
        ("Remicaed", "drug:infliximab"),
        ("artritis rheumatiod", "condition:rheumatoid-arthritis"),
        ("remicadeinfliximap", ""),
        ("JX", ""),
        ("J3263", ""),
        ("M05.80", ""),
        ("rheumatoid gout", ""),
        ("artritis " * 13, ""),
        ("rheumatoid" * 7, ""),
    ],
)
def test_typos_are_forgiven_but_not_in_codes(names: Names, text: str, first: str) -> None:
    assert (found(names, text) or [""])[0] == first
    assert all(match.near for match in names.search(text))


def test_blanks_and_hyphens_are_no_typos(names: Names) -> None:
    assert [match.near for match in names.search("sjo gren")] == [False]
    assert not names.search("act emra")[0].near


def test_kinds_and_limit(names: Names) -> None:
    assert found(names, "tocilizumab", kinds=[Kind.HCPCS]) == ["hcpcs:J3262"]
    assert found(names, "tocilizumab", kinds=[]) == []
    assert len(found(names, "tocilizumab", limit=2)) == 2


def test_exactly_called_so(names: Names) -> None:
    assert [match.concept.curie for match in names.exact("Remicade")] == ["drug:infliximab"]
    assert names.exact("Remi") == []
    assert names.exact(" ") == []


def test_all_that_have_connections(names: Names) -> None:
    assert len(names.connected()) == 5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.sampled_from(['"', "*", 'a" OR "b', "NEAR(a b)", "label:x", "^a", "-a", "(", "a AND", "%", "_"]))
def test_any_text_is_only_words(names: Names, text: str) -> None:
    names.search(text)
    names.exact(text)


def test_folding() -> None:
    assert fold(" SJÖGREN\u00a0 Syndrome ") == "sjogren syndrome"


def test_the_index_of_a_store(small: GraphStore) -> None:
    assert [(m.concept.curie, m.connections) for m in small.names.search("M06.9")] == [("icd10cm:M06.9", 2)]
    assert small.names.search("Tyenne")[0].connections == 0
    assert small.names.search("intravenous")[0].concept.name == "Intravenous"


def test_no_index_is_no_crash(tmp_path: Path) -> None:
    from kg.errors import StoreError

    with pytest.raises(StoreError, match="cannot be written"):
        write(tmp_path / "no" / "names.sqlite", ROWS)


def test_rows_come_and_go_and_connections_change(tmp_path: Path) -> None:
    file = tmp_path / "names.sqlite"
    write(file, ROWS)
    arthritis, gout = (Concept.named(Kind.CONDITION, name) for name in ("Rheumatoid arthritis", "Gout"))
    come = [NameRow("condition", "rheumatoid-arthritis", "RA"), NameRow("condition", "gout", "Gout")]
    change(file, {Concept.parse("hcpcs:J3262"): -2, gout: 1}, [arthritis], come)
    with closing(Names.open(file)) as names:
        assert [(match.concept.name, match.connections) for match in names.exact("ra")] == [("RA", 3)]
        assert names.exact("rheumatoid arthritis") == []
        assert [names.connections(one) for one in (Concept.parse("hcpcs:J3262"), arthritis, gout)] == [7, 3, 1]
        assert names.connections(Concept.parse("hcpcs:J9999")) == 0


def test_what_comes_is_not_called_what_the_last_row_was_called_that_went(tmp_path: Path) -> None:
    file, gout = tmp_path / "names.sqlite", Concept.named(Kind.CONDITION, "Gout")
    write(file, [*ROWS, row_of(gout)])
    change(file, {}, [gout], [row_of(Concept.named(Kind.CONDITION, "Asthma"))])
    with closing(Names.open(file)) as names:
        assert names.exact("gout") == [] == names.search("gout")
        assert [match.concept.key for match in names.exact("asthma")] == ["asthma"]
        assert [match.concept.key for match in names.search("asthma")] == ["asthma"]


def test_a_place_is_found_by_its_number_until_it_goes(tmp_path: Path) -> None:
    file = tmp_path / "names.sqlite"
    write(file, ROWS)
    place = Concept.named(Kind.PLACE, "physician office")
    change(file, {}, [], [row_of(place)])
    with closing(Names.open(file)) as names:
        assert [match.concept for match in names.search("POS 11")] == [place]
        assert [match.concept for match in names.search("place of service 11")] == [place]
    change(file, {}, [place], [])
    with closing(Names.open(file)) as names:
        assert names.search("POS 11") == names.search("office") == []


def test_an_index_that_is_damaged_cannot_be_changed(tmp_path: Path) -> None:
    (tmp_path / "names.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match="the index of names is damaged"):
        change(tmp_path / "names.sqlite", {}, [], [])


def test_a_limit_is_one_of_what_is_found_and_exact_comes_before_what_begins_so(names: Names) -> None:
    assert found(names, "tocilizumab", limit=1) == ["drug:tocilizumab"]
    assert found(names, "m", limit=2) == ["icd10cm:M05.79", "icd10cm:M06.9"]
    assert [match.connections for match in names.search("tocilizumab")] == [2, 0, 9]


def test_words_of_two_letters_are_whole_words_and_longer_ones_may_go_on(names: Names) -> None:
    assert found(names, "mg injection") == ["hcpcs:J3262"]
    assert found(names, "m injection") == []
    assert found(names, "inj toc") == ["hcpcs:J3262"]
    assert found(names, "of sites") == ["icd10cm:M05.79"]
    assert found(names, "o sites") == [], "of is no word that begins so"
    assert found(names, "?!") == []


def test_codes_by_their_beginning_in_their_order(names: Names) -> None:
    codes = names.codes("m0", [Kind.ICD10CM])
    assert [match.concept.key for match in codes] == ["M05.79", "M06.9"]
    assert [match.concept.key for match in names.codes("m0", [Kind.ICD10CM], limit=1)] == ["M05.79"]
    assert names.codes("m0", [Kind.HCPCS]) == names.codes("m0", []) == []
    assert [match.concept.key for match in names.codes("J", [Kind.ICD10CM, Kind.HCPCS])] == ["J3262"]


def test_exactly_called_so_of_some_kinds(names: Names) -> None:
    assert [match.concept.curie for match in names.exact("TOCILIZUMAB", [Kind.DRUG])] == ["drug:tocilizumab"]
    assert names.exact("tocilizumab", [Kind.HCPCS]) == names.exact("tocilizumab", []) == []
    assert [match.concept.curie for match in names.exact("j3262")] == ["hcpcs:J3262"]


def test_a_name_is_the_same_in_any_case_and_with_any_accents_and_blanks() -> None:
    assert fold("Straße\tÉÈ  x ") == "strasse ee x"
    assert fold("ﬁbrosis") == "fibrosis"
    assert fold("A  B") == "a b"


def test_what_was_never_there_has_no_connections(names: Names) -> None:
    assert names.connections(Concept.parse("hcpcs:J3262")) == 9
    assert names.connections(Concept.parse("modifier:JW")) == 4
    assert names.connections(Concept.parse("icd10cm:M06.9")) == 0
    assert names.connections(Concept.parse("cpt:96413")) == 0
