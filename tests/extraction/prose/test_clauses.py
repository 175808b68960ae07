"""What a clause says of its codes: their route, their condition, and with what they go."""

from __future__ import annotations

import pytest

from ..stating import about, read, stated, the


@pytest.mark.parametrize(
    ("sentence", "routes"),
    [
        ("For an intravenous infusion report 96413 and for a subcutaneous injection, report 96372.",
         {"cpt:96413": ["route:intravenous"], "cpt:96372": ["route:subcutaneous"]}),
        ("Report 96413 for the infusion and 96372 subcutaneous.",
         {"cpt:96413": [], "cpt:96372": ["route:subcutaneous"]}),
        ("Report 96413 with it.", {"cpt:96413": []}),
    ],
)  # fmt: skip
def test_a_route_is_that_of_the_code_beside_it(sentence: str, routes: dict[str, list[str]]) -> None:
    found = about(f"{sentence}\n")
    said = {code: [c.curie for q, c in the(found, code).qualifiers if q == "forRoute"] for code in routes}
    assert said == routes


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("20610 is billed together with 76942.", {"relatedProcedure cpt:76942": ""}),
        ("76942 is billed together with 20610.", {"relatedProcedure cpt:76942": ""}),
        ("20610 and 76942 are billed together with 99213.", {"evaluatedWith cpt:99213": ""}),
    ],
)
def test_one_service_goes_with_another_on_the_other_side_of_what_joins_them(
    sentence: str, expected: dict[str, str]
) -> None:
    assert stated(read(f"# CPT 20610 injection\n\n{sentence}\n"), subject="cpt:20610") == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Some offices report 96413, but must not bill it with J3262.",
        "Use 96413, but do not report it with J3262.",
        "96413 is billed with it, but this is not covered.",
    ],
)
def test_what_the_next_clause_takes_back_is_excluded_also_where_it_names_the_drug(sentence: str) -> None:
    assert stated(about(f"{sentence}\n")) == {"administeredWith cpt:96413": "excluded"}
