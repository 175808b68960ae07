from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Quad, Store

from kg.errors import NotFound, StoreError
from kg.graph import lookup
from kg.graph.as_of import at
from kg.graph.connections import connections
from kg.graph.lookup import assertions, documents, findings, findings_of, mentions, releases
from kg.graph.rdf.iris import node, thing
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, RDF, REFERENCE
from kg.graph.store import GraphStore
from kg.model import (
    Assertion,
    Code,
    CodeSystem,
    Concept,
    Evidence,
    Kind,
    Polarity,
    Relation,
    Statement,
    Strength,
    Verdict,
    worst_first,
)
from kg.reference import Edition, Entry, Reference, Release
from kg.verification import judge

from .making import HCPCS, ICD, assertion, evidence, forget_sizes, guide, icd, reference, write

J3262 = Concept.parse("J3262")


def test_every_assertion_comes_back_as_it_was(small: GraphStore) -> None:
    stated = guide()
    found = assertions(small, [thing("assertion", one.identifier) for one in stated])
    assert tuple(one for one, _ in found) == stated
    assert [one.identifier for one, _ in found] == [one.identifier for one in stated]
    assert [one.rule for one, _ in found] == [one.rule for one in stated]
    assert [one.object.name for one, _ in found][1:] == [one.object.name for one in stated][1:]
    assert found[0][0].object.name == "tocilizumab"  # as the reference has it, not as the guide


def test_one_pass_gives_the_same_as_one_by_one(small: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = connections(small, polarity=None)
    monkeypatch.setattr(lookup, "_MOST", 2)
    assert connections(small, polarity=None) == expected


def test_connections_of_a_subject(small: GraphStore) -> None:
    found = connections(small, subject=J3262)
    assert [c.object.curie for c in found] == [
        "drug:tocilizumab",
        "quantity:1-mg",
        "modifier:JW",
        "icd10cm:M05",
        "icd10cm:M05.79",
        "icd10cm:M06.9",
        "icd10cm:M99.999",
        "condition:rheumatoid-arthritis",
    ]
    assert found[0].subject.name == "Injection, tocilizumab, 1 mg"
    assert connections(small, subject=Concept.parse("J9999")) == []


def test_names_come_from_releases_and_what_the_document_says_stays(small: GraphStore) -> None:
    (found,) = connections(small, object=Concept.parse("modifier:JW"))
    assert found.object.name == "Drug amount discarded/not administered to any patient"
    assert found.assertions[0].object.name == "Drug discarded"
    assert found.condition == "Use when intravenous"
    assert [(q.value, c.curie, c.name) for q, c in found.assertions[0].qualifiers] == [
        ("forRoute", "route:intravenous", "Intravenous")
    ]
    assert found.evidence[0].quote == "JW | Drug discarded | Use when intravenous"


def test_excluded_connections_are_asked_for(small: GraphStore) -> None:
    diagnosis = Concept.parse("icd10cm:M06.9")
    (affirmed,) = connections(small, object=diagnosis)
    (excluded,) = connections(small, object=diagnosis, polarity=Polarity.EXCLUDED)
    assert (affirmed.polarity, excluded.polarity) == (Polarity.AFFIRMED, Polarity.EXCLUDED)
    assert connections(small, object=diagnosis, polarity=None) == [affirmed, excluded]
    assert affirmed.strength is Strength.REQUIRED


def test_trust(small: GraphStore) -> None:
    verdicts = {c.object.key: c.verdict for c in connections(small, relations=[Relation.SUPPORTED_BY_DIAGNOSIS])}
    assert verdicts == {
        "M05": Verdict.DISPUTED,
        "M05.79": Verdict.UNCHECKED,
        "M06.9": Verdict.UNCHECKED,
        "M99.999": Verdict.REFUTED,
    }
    assert {c.verdict for c in connections(small, verdicts=Verdict.floor("unchecked"))} == {
        Verdict.CORROBORATED,
        Verdict.UNCHECKED,
    }


def test_connections_that_touch_concepts(small: GraphStore) -> None:
    both = [Concept.parse("icd10cm:M05.79"), Concept.parse("drug:tocilizumab")]
    assert len(connections(small, concepts=both)) == 2
    assert connections(small, concepts=[]) == []
    assert len(connections(small, concepts=[*both, J3262])) == 8
    assert [c.object for c in connections(small, object=both)] == both[::-1]
    assert connections(small, object=[]) == []
    assert [c.object for c in connections(small, subject=J3262, concepts=both[:1])] == both[:1]


def test_the_firmest_assertion_comes_first(tmp_path: Path) -> None:
    weak = assertion("icd10cm:M05.79", at=evidence("may", 1), strength=Strength.PERMITTED)
    firm = assertion("icd10cm:M05.79", at=evidence("must", 50), strength=Strength.REQUIRED)
    with GraphStore.open(write(tmp_path, [weak, firm])) as store:
        (found,) = connections(store)
    assert [a.strength for a in found.assertions] == [Strength.REQUIRED, Strength.PERMITTED]


def test_findings_worst_first(small: GraphStore) -> None:
    found = findings(small)
    assert [(f.verdict.value, f.concept.curie, f.reason, f.release) for f in found] == [
        ("refuted", "icd10cm:M99.999", "no such code in ICD-10-CM April 2026", "icd10cm-2026-04"),
        (
            "disputed",
            "icd10cm:M05",
            "is a heading in ICD-10-CM April 2026, cannot be billed",
            "icd10cm-2026-04",
        ),
    ]
    assert found[0].assertion.evidence.quote == "M99.999 😀"


def test_documents(small: GraphStore) -> None:
    assert documents(small) == {"guide": "A guide"}


def test_an_assertion_that_is_not_whole(path: Path) -> None:
    broken = thing("assertion", "broken")
    writable = Store(str(path / "builds" / "1" / "quads"))
    writable.add(Quad(broken, BKG.line, broken, ASSERTIONS))
    del writable
    forget_sizes(path)
    with GraphStore.open(path) as store, pytest.raises(StoreError, match="assertion:broken is not whole"):
        assertions(store, [broken])


NDC = Concept.parse("ndc:50242-0136-01")
ROW = "J3262 | 1 mg | 50242-0136-01 | Actemra"
CROSSWALK = Release("asp-2026-01", CodeSystem.NDC, "ASP crosswalk", date(2026, 1, 1), False, "public", "here")


@pytest.fixture(scope="session")
def stated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """A graph with what a crosswalk states of J3262."""
    unit = Concept.named(Kind.QUANTITY, "1 mg")
    said = (
        Statement(NDC, Relation.BILLED_AS, J3262, 12, ROW, details=(("packageSize", "4"), ("billingUnits", "80"))),
        Statement(J3262, Relation.BILLING_UNIT, unit, 12, ROW, date(2026, 1, 1), date(2026, 3, 31)),
        Statement(J3262, Relation.BUNDLED_WITH, Concept.parse("J1745"), 3, "J3262 | J1745"),
        Statement(Concept.parse("J1745"), Relation.BUNDLED_WITH, Concept.parse("J0129"), 4, "J1745 | J0129"),
    )
    entries = (Entry(Code(CodeSystem.NDC, NDC.key), "Actemra", row=12),)
    known = Reference.of([*reference().tables.editions, Edition(CROSSWALK, entries, said)], reference().drugs)
    path = write(tmp_path_factory.mktemp("stated"), known=known, as_of=date(2026, 5, 1))
    with GraphStore.open(path) as store:
        yield store


def test_what_a_release_states_comes_as_an_assertion_whose_evidence_is_a_row(stated: GraphStore) -> None:
    (found,) = connections(stated, subject=NDC, released=[Relation.BILLED_AS])
    (assertion,) = found.assertions
    assert (found.subject.name, found.object.name) == ("Actemra", "Injection, tocilizumab, 1 mg")
    assert (found.verdict, assertion.rule) == (Verdict.CORROBORATED, "release")
    assert assertion.evidence == Evidence("asp-2026-01", 0, len(ROW), ROW, 12)
    assert assertion.condition == "package size 4; billing units 80"
    assert assertion.evidence.document in releases(stated)


def test_releases_are_heard_only_in_the_relations_asked_for(stated: GraphStore) -> None:
    assert connections(stated, subject=NDC) == []
    assert connections(stated, subject=NDC, released=[Relation.BUNDLED_WITH]) == []
    every = connections(stated, concepts=[J3262], released=tuple(Relation))
    released = {c.relation for c in every if c.relation.only_released or c.relation is Relation.BILLED_AS}
    assert released == {Relation.BILLED_AS, Relation.BUNDLED_WITH}
    assert [c.object for c in connections(stated, object=NDC, released=tuple(Relation))] == []


def test_an_edge_of_documents_and_releases_is_one_connection(stated: GraphStore) -> None:
    (unit,) = connections(stated, relations=[Relation.BILLING_UNIT], released=[Relation.BILLING_UNIT])
    # The quarter of the crosswalk is over, so it comes last; the descriptor still says so.
    assert [a.evidence.document for a in unit.assertions] == ["bundled-hcpcs", "guide", "asp-2026-01"]
    assert unit.verdict is Verdict.CORROBORATED


PAIR = (Concept.parse("J1745"), Relation.BUNDLED_WITH, Concept.parse("J0129"))
WINDOWS = (
    Statement(*PAIR, 4, "old", date(2006, 1, 1), date(2019, 12, 31), (("modifierIndicator", "1"),)),
    Statement(*PAIR, 5, "the newer row", date(2020, 1, 1), None, (("modifierIndicator", "0"),)),
    Statement(*PAIR, 6, "x", None, date(2005, 12, 31), (("modifierIndicator", "9"),)),
)


@pytest.mark.parametrize(
    ("day", "condition"),
    [
        (date(2026, 5, 1), "modifier indicator 0; from 2020-01-01"),
        (date(2020, 1, 1), "modifier indicator 0; from 2020-01-01"),
        (date(2019, 12, 31), "modifier indicator 1; from 2006-01-01 through 2019-12-31"),
        (date(2005, 12, 31), "modifier indicator 9; through 2005-12-31"),
    ],
)
def test_of_several_windows_that_of_the_day_speaks_for_the_connection(
    windows: GraphStore, day: date, condition: str
) -> None:
    (pair,) = connections(at(windows, day), subject=PAIR[0], relations=[PAIR[1]], released=[PAIR[1]])
    assert (pair.condition, pair.verdict) == (condition, Verdict.CORROBORATED)
    assert len({assertion.condition for assertion in pair.assertions}) == 3, "each row keeps its own"


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """A graph with a pair of codes of which a release states three things, each for a time of its own."""
    edits = Release("ncci", CodeSystem.CPT, "NCCI", date(2026, 1, 1), False, "public", "here")
    known = Reference.of([*reference().tables.editions, Edition(edits, (), WINDOWS)], reference().drugs)
    said = assertion("payer:medicare", Relation.HAS_PAYER, subject="hcpcs:J1745")
    path = write(tmp_path_factory.mktemp("windows"), [said], known, date(2026, 5, 1))
    with GraphStore.open(path) as store:
        yield store


def test_one_pass_over_statements_gives_what_the_look_ups_give(stated: GraphStore) -> None:
    relations = [Relation.BILLED_AS, Relation.BILLING_UNIT, Relation.BUNDLED_WITH]
    one_pass = connections(stated, relations=relations, released=relations)
    ends = {concept for c in one_pass for concept in (c.subject, c.object)}
    looked_up = connections(stated, concepts=ends, relations=relations, released=relations)
    assert [(c.subject, c.relation, c.object, c.verdict, c.evidence) for c in one_pass] == [
        (c.subject, c.relation, c.object, c.verdict, c.evidence) for c in looked_up
    ]


def test_of_edits_only_those_of_codes_in_documents_are_kept(stated: GraphStore) -> None:
    found = connections(stated, released=[Relation.BUNDLED_WITH], relations=[Relation.BUNDLED_WITH])
    assert [(c.subject.key, c.object.key) for c in found] == [("J3262", "J1745")]
    assert stated.manifest.counts["edits left out"] == 1


def test_a_statement_that_is_not_whole(path: Path) -> None:
    broken = thing("statement", "broken")
    writable = Store(str(path / "builds" / "1" / "quads"))
    writable.add(Quad(broken, RDF.subject, node(J3262), REFERENCE))
    del writable
    forget_sizes(path)
    with GraphStore.open(path) as store, pytest.raises(StoreError, match="statement:broken is not whole"):
        connections(store, subject=J3262, released=tuple(Relation))


def test_findings_come_back_as_they_were(tmp_path: Path) -> None:
    """Those of releases, with row and official words, and those that several assertions share."""
    heading = replace(icd("M05", "Rheumatoid arthritis with rheumatoid factor", None, False), row=4711)
    ended = Entry(Code.parse("J3262"), "Injection, tocilizumab, 1 mg", valid_through=date(2020, 12, 31), row=3)
    known = Reference.of([Edition(ICD, (heading,)), Edition(HCPCS, (ended,))])
    expected = judge(guide(), known, date(2026, 1, 1)).findings
    assert any(f.hangs for f in expected)
    assert any(f.official and f.row for f in expected)
    with GraphStore.open(write(tmp_path, known=known, as_of=date(2026, 1, 1))) as store:
        found = findings(store)
    assert found == sorted(expected, key=worst_first)


def test_a_shared_finding_stands_at_the_first_of_its_assertions(tmp_path: Path) -> None:
    ended = Entry(Code.parse("J3262"), "Tocilizumab", valid_through=date(2020, 12, 31))
    known = Reference.of([Edition(HCPCS, (ended,))])
    stated = [assertion(f"icd10cm:{code}", at=evidence(code, start)) for code, start in (("M06.9", 50), ("M05.79", 1))]
    with GraphStore.open(write(tmp_path, stated, known, date(2026, 1, 1))) as store:
        (found,) = findings(store)
    assert (found.assertion.object.key, found.hangs) == ("M05.79", 1)


def test_what_speaks_against_assertions_is_found_by_them_also_where_it_stands_at_another(tmp_path: Path) -> None:
    ended = Entry(Code.parse("J3262"), "Tocilizumab", valid_through=date(2020, 12, 31))
    known = Reference.of([Edition(HCPCS, (ended,))])
    stated = [assertion(f"icd10cm:{code}", at=evidence(code, start)) for code, start in (("M06.9", 50), ("M05.79", 1))]
    other = assertion("icd10cm:M05.79", subject="hcpcs:J1745", at=evidence("J1745", 90))
    with GraphStore.open(write(tmp_path, [*stated, other], known, date(2026, 1, 1))) as store:
        [whole] = findings(store)
        found = findings_of(store, [*stated, other])
        assert findings_of(store, [other]) == [] and findings_of(store, []) == []
    assert found == [replace(whole, assertion=stated[1]), replace(whole, assertion=stated[0])]


def test_how_often_a_concept_is_mentioned(small: GraphStore) -> None:
    # The release states its drug and its unit besides.
    diagnosis, unknown = Concept.parse("icd10cm:M06.9"), Concept.parse("J9999")
    assert mentions(small, [J3262, diagnosis, unknown]) == {J3262: len(guide()) + 2, diagnosis: 2, unknown: 0}
    assert mentions(small, []) == {}


def test_documents_that_disagree(tmp_path: Path) -> None:
    yes = assertion("icd10cm:M05.79", at=evidence("M05.79", 10))
    no = assertion("icd10cm:M05.79", at=evidence("never M05.79", 20, "other"), polarity=Polarity.EXCLUDED)
    with GraphStore.open(write(tmp_path, [yes, no])) as store:
        found = findings(store)
        (connection,) = connections(store, polarity=None, object=yes.object, verdicts=[Verdict.DISPUTED])[:1]
    assert connection.verdict is Verdict.DISPUTED
    assert {(f.assertion, f.opposed_by, f.verdict, f.release, f.check) for f in found} == {
        (yes, no.evidence, Verdict.DISPUTED, "", "disagreement"),
        (no, yes.evidence, Verdict.DISPUTED, "", "disagreement"),
    }


def test_documents_disagree_or_not_whatever_the_day(tmp_path: Path) -> None:
    """A release says which drug it is, so that two names for it are no disagreement, even once the code has ended."""
    ended = Entry(Code.parse("J3262"), "Injection, tocilizumab, 1 mg", valid_through=date(2020, 12, 31))
    known = Reference.of([Edition(HCPCS, (ended,))], reference().drugs)
    drug, other = (Concept.named(Kind.DRUG, name) for name in ("tocilizumab", "Actemra"))
    stated = [
        Assertion(J3262, Relation.IDENTIFIES_DRUG, drug, evidence("It is tocilizumab.", 1)),
        Assertion(J3262, Relation.IDENTIFIES_DRUG, other, evidence("It is Actemra.", 1, "other")),
    ]
    for number, day in enumerate((date(2020, 1, 1), date(2026, 1, 1))):
        with GraphStore.open(write(tmp_path / str(number), stated, known, day)) as store:
            assert not [f for f in findings(store) if f.check == "disagreement"]


def test_findings_of_some_nodes_are_only_those(small: GraphStore) -> None:
    every = findings(small)
    nodes = small.subjects(RDF.type, BKG.Finding, ASSERTIONS)
    assert len(nodes) == len(every) == 2
    assert findings(small, []) == []
    assert sorted((findings(small, [name])[0] for name in nodes), key=worst_first) == every
    assert findings(small, nodes[::-1]) == every


def test_documents_by_identifier_or_file_name(small: GraphStore) -> None:
    for names in (["guide"], ["guide.md"], ["some/where/guide.md"], ["guide", "guide.md"]):
        assert lookup.require_documents(small, names) == {"guide"}
    assert lookup.require_documents(small, []) == frozenset()
    with pytest.raises(NotFound, match=r"called 'other.md' \(1 documents searched\)"):
        lookup.require_documents(small, ["guide", "other.md"])


def test_titles_of_what_is_no_document_are_left_out(small: GraphStore) -> None:
    assert lookup.titles(small, ["guide", "nothing"]) == {"guide": "A guide"}
    assert lookup.titles(small, []) == {}


def test_what_speaks_of_a_concept_comes_in_the_order_of_documents_once(small: GraphStore) -> None:
    found = lookup.speaking_of(small, J3262)
    assert [one.evidence.start for one in found] == sorted(one.evidence.start for one in guide())
    assert len(found) == len(guide())
    assert [one.evidence.start for one in lookup.speaking_of(small, Concept.parse("icd10cm:M06.9"))] == [100, 200]
    assert lookup.speaking_of(small, Concept.parse("J9999")) == []


@pytest.mark.parametrize("needed", [0, 6, 7, 8, 9])
def test_a_reader_gives_the_same_however_many_are_needed(small: GraphStore, needed: int) -> None:
    reader = lookup.Reader(small, needed)
    found = [reader.assertion(thing("assertion", one.identifier))[0] for one in guide()]
    assert tuple(found) == guide()
