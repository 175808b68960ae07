"""A path in a built graph is the path in its export: no hop is missing, no cost differs, whatever the trust."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.model import Assertion, CodeSystem, Concept, Evidence, Polarity, Relation, Statement, Verdict
from kg.network import find_paths
from kg.reference import Edition, Reference, Release
from tests.graph.making import reference, write

CODES = [Concept.parse(code) for code in ("J3262", "J1745", "J0129", "96413")]
OBJECTS = [
    *((Relation.SUPPORTED_BY_DIAGNOSIS, code) for code in ("M05.79", "M06.9", "M99.999")),
    *((Relation.HAS_PAYER, payer) for payer in ("payer:medicare", "payer:medicaid")),
    (Relation.IDENTIFIES_DRUG, "drug:tocilizumab"),
    (Relation.BILLING_UNIT, "quantity:1-mg"),
    (Relation.SIMILAR_TO, "J1745"),
    (Relation.SIMILAR_TO, "96413"),
]
PACKAGE = Concept.parse("ndc:50242-0136-01")


@st.composite
def statements(draw: st.DrawFn) -> Assertion:
    relation, object = draw(st.sampled_from(OBJECTS))
    document = draw(st.sampled_from(["one", "two"]))
    line = draw(st.integers(1, 40))
    quote = f"line {line} of {document}"
    place = Evidence(document, line * 50, line * 50 + len(quote), quote, line)
    polarity = draw(st.sampled_from([Polarity.AFFIRMED] * 4 + [Polarity.EXCLUDED]))
    return Assertion(draw(st.sampled_from(CODES)), relation, Concept.parse(object), place, polarity)


def known() -> Reference:
    release = Release("asp", CodeSystem.NDC, "ASP crosswalk", date(2025, 1, 1), False, "public", "here")
    text = "50242-0136-01 | J3262"
    stated = [Statement(PACKAGE, Relation.BILLED_AS, code, row, text) for row, code in enumerate(CODES[:2], 1)]
    return Reference.of([*reference().tables.editions, Edition(release, (), stated)], reference().drugs)


@settings(max_examples=15)
@given(st.lists(statements(), min_size=3, max_size=25), st.data())
def test_equals_that_of_the_export(assertions: list[Assertion], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder, kg.open(write(Path(folder), assertions, known())) as graph:
        for trust in Verdict:
            connections = graph.at(trust=trust).connections()
            everything = sorted({end for c in connections for end in (c.subject, c.object)})
            for _ in range(3 if len(everything) > 1 else 0):
                ends = data.draw(st.lists(st.sampled_from(everything), min_size=2, max_size=2, unique=True))
                assert graph.at(trust=trust).paths(*ends, 4) == find_paths(connections, *ends, 4)


def test_a_package_is_an_end_and_never_on_the_way(tmp_path: Path) -> None:
    place = Evidence("one", 0, 4, "says", 1)
    apart = [
        Assertion(CODES[0], Relation.SUPPORTED_BY_DIAGNOSIS, Concept.parse("M05.79"), place),
        Assertion(CODES[1], Relation.SUPPORTED_BY_DIAGNOSIS, Concept.parse("M06.9"), place),
    ]
    with kg.open(write(tmp_path, apart, known())) as graph:
        assert graph.paths(CODES[0], CODES[1]) == []
        (path,) = graph.paths(PACKAGE, "M06.9")
        assert [concept.key for concept in path.concepts] == ["50242-0136-01", "J1745", "M06.9"]
        assert [hop.forward for hop in path.hops] == [True, True]
