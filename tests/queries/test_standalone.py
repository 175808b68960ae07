from __future__ import annotations

import pytest
from pyoxigraph import Store

from kg.errors import MalformedCode, UnknownName, UsageError
from kg.queries import find, run
from kg.queries.standalone import standalone, with_values

OWN = """#+ endpoint: lines of other tools are theirs
#+ parameter: diagnosis icd10cm M06.9 the diagnosis
SELECT ?code { ?code bkg:supportedByDiagnosis $diagnosis } ORDER BY ?code"""


def test_a_question_stands_alone_with_its_values_prefixes_and_graphs() -> None:
    text = standalone(find("units-for-code"), {"code": "J3262"}, ["http://e/g", "http://e/h"])
    assert text.startswith("# How is a code counted?" if "counted" in text.splitlines()[0] else "# ")
    assert "PREFIX bkg: <https://w3id.org/billing-kg/ns#>" in text
    assert "PREFIX cpt:" not in text
    assert "#+" not in text
    assert "<https://w3id.org/billing-kg/code/hcpcs/J3262>" in text
    clauses = [line for line in text.splitlines() if line.startswith("FROM")]
    assert clauses == ["FROM <http://e/g>", "FROM NAMED <http://e/g>", "FROM <http://e/h>", "FROM NAMED <http://e/h>"]


def test_a_question_without_its_value_is_none() -> None:
    with pytest.raises(UsageError, match="units-for-code: 'code' is missing"):
        standalone(find("units-for-code"), {}, [])
    with pytest.raises(UnknownName, match=r"documents: no such parameter: 'code' \(it has none\)"):
        standalone(find("documents"), {"code": "J3262"}, [])


def test_ones_own_query_may_name_parameters_as_the_catalogue_does(store: Store, graphs: list[str]) -> None:
    assert run(store, OWN, {"diagnosis": "m069"}, graphs).rows == (("hcpcs:J0129",), ("hcpcs:J3262",))
    with pytest.raises(
        UsageError, match=r"the query: 'diagnosis' is missing: the diagnosis, such as diagnosis='M06\.9'"
    ):
        with_values(OWN, {})
    with pytest.raises(MalformedCode, match="diagnosis: of another kind than ICD-10-CM: 'hcpcs:J3262'"):
        with_values(OWN, {"diagnosis": "hcpcs:J3262"})


def test_without_a_header_any_variable_takes_a_value() -> None:
    assert (
        with_values("ASK { ?s ?p ?o }", {"s": "J3262"})
        == "ASK { <https://w3id.org/billing-kg/code/hcpcs/J3262> ?p ?o }"
    )
    assert with_values("ASK { ?s ?p ?o }", {}) == "ASK { ?s ?p ?o }"
