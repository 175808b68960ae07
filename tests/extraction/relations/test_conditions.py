"""Conditions by name: in a short text, in an item of a list, in a heading, and behind what says what they are for."""

from __future__ import annotations

import pytest

from kg.extraction.relations.conditions import (
    conditions_after_cues,
    conditions_in,
    conditions_named,
    conditions_of_heading,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("asthma, gout and lupus", {"asthma": "asthma", "gout": "gout", "lupus": "lupus"}),
        ("asthma or for gout", {"asthma": "asthma", "gout": "gout"}),
        ("symptomatic anemia as well as lupus", {"anemia": "symptomatic anemia", "lupus": "lupus"}),
        ("moderate-to-severe plaque psoriasis", {"plaque-psoriasis": "moderate-to-severe plaque psoriasis"}),
        ("the treatment of chronic migraine", {"migraine": "chronic migraine"}),
        ("to treat gout", {"gout": "gout"}),
        ("to reduce migraine", {}),
        ("disease", {}),
        ("head and neck cancer", {"head-and-neck-cancer": "head and neck cancer"}),
        ("psoriatic arthritis/Crohn's disease",
         {"psoriatic-arthritis": "psoriatic arthritis", "crohns-disease": "Crohn's disease"}),
        ("rheumatoid arthritis (RA), lupus", {"rheumatoid-arthritis": "rheumatoid arthritis", "lupus": "lupus"}),
        ("asthma management in clinical settings", {"asthma": "asthma"}),
        ("asthma specialists", {"asthma": "asthma"}),
        ("women with osteoporosis", {"osteoporosis": "osteoporosis"}),
        ("one two three four five six seven eight asthma",
         {"one-two-three-four-five-six-seven-eight-asthma": "one two three four five six seven eight asthma"}),
        ("one two three four five six seven eight nine asthma", {}),
        ("code 12345 asthma", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_the_conditions_of_a_short_text(text: str, names: dict[str, str]) -> None:
    found = conditions_in(text)
    assert {condition.key: condition.name for condition in found} == names
    assert [condition.key for condition in found] == [*names]


@pytest.mark.parametrize(
    ("item", "keys"),
    [
        ("Cervical dystonia in adults (12 weeks)", ["cervical-dystonia"]),
        ("Asthma", ["asthma"]),
        ("Lupus; see below", ["lupus"]),
        ("Gout (acute), lupus", ["gout"]),
        ("Cervical dystonia regardless of its severity", ["cervical-dystonia"]),
        ("had asthma", []),
        ("nothing", []),
    ],
)
def test_an_item_names_conditions_before_it_says_more(item: str, keys: list[str]) -> None:
    assert [condition.key for condition in conditions_named(item)] == keys


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("Asthma", ["asthma"]), ("1. Asthma:", ["asthma"]), ("2.1) Severe asthma", ["severe-asthma"]),
        ("Asthma (severe)", ["asthma"]), ("A. Gout", ["gout"]), ("Asthma and gout", []), ("Asthma drugs", []), ("", []),
    ],
)  # fmt: skip
def test_a_heading_that_is_the_name_of_one_condition(heading: str, keys: list[str]) -> None:
    assert [condition.key for condition in conditions_of_heading(heading)] == keys


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is indicated for asthma.", {"asthma": 6}),
        ("It is indicated for asthma in adults, and for gout in children.", {"asthma": 6, "gout": 6}),
        ("Indications include asthma in adults, gout and lupus.", {"asthma": 0, "gout": 0, "lupus": 0}),
        ("It treats gout; indicated for lupus (severe; adults) too", {"gout": 3, "lupus": 16}),
        ("Patients with asthma or gout", {"asthma": 0, "gout": 0}),
        ("It is approved for use in lupus", {"lupus": 6}),
        ("indicated for asthma. indicated for asthma", {"asthma": 0}),
        ("asthma alone", {}),
    ],
)
def test_conditions_behind_what_says_that_something_is_for_them(text: str, found: dict[str, int]) -> None:
    assert {condition.key: at for condition, at in conditions_after_cues(text)} == found
