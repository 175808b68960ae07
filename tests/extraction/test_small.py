"""Small documents state what stands below them in the files of `small/`, and nothing else."""

from __future__ import annotations

import pytest

from .small import Case, cases

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{case.module}: {case.name}" for case in CASES])
def test_a_small_document_states_this(case: Case) -> None:
    assert case.outline() == case.states


def test_no_two_cases_have_one_name() -> None:
    assert len({(case.module, case.name) for case in CASES}) == len(CASES)
