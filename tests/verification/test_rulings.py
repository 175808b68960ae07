"""Articles of Medicare speak for and against what documents say of Medicare, and against nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from kg.model import Assertion, Finding, Verdict
from kg.reference import Reference
from kg.verification import judge
from tests.graph.covered import DAY, reference, says


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return reference(tmp_path_factory.mktemp("covered"))


def judged(known: Reference, assertion: Assertion, day: date | None = DAY) -> tuple[Verdict, list[Finding]]:
    judgement = judge([assertion], known, day)
    return judgement.verdicts[assertion.identifier], list(judgement.findings)


@pytest.mark.parametrize(
    "assertion",
    [
        says("M81.0"),
        says("M81.0", "Medicare"),
        says("M81.0", "Medicare", code="hcpcs:J3489"),
        says("C79.51", "Medicare"),
        says("M85.80", "Medicare", no=True),
        says("M85.80", no=True),
    ],
    ids=str,
)
def test_what_an_article_rules_as_well(known: Reference, assertion: Assertion) -> None:
    assert judged(known, assertion) == (Verdict.CORROBORATED, [])


@pytest.mark.parametrize(
    "assertion",
    [
        says("M81.0", "Aetna"),
        says("M85.80"),
        says("M85.80", "Aetna"),
        says("C79.51", no=True),
        says("C79.51", "Aetna", no=True),
        says("M05.79", "Medicare", code="cpt:96372"),
        says("M85", "Medicare", no=True),
    ],
    ids=str,
)
def test_what_no_article_speaks_of(known: Reference, assertion: Assertion) -> None:
    verdict, findings = judged(known, assertion)
    assert verdict in (Verdict.CONSISTENT, Verdict.UNCHECKED)
    assert findings == []


@pytest.mark.parametrize(
    ("assertion", "reason", "official", "row"),
    [
        (
            says("M85.80", "Medicare"),
            "does not support J0897 for Medicare: listed so in A57001 (First Coast: FL)",
            "All those not listed under the codes that support medical necessity.",
            2,
        ),
        (
            says("M05.79", "Medicare"),
            "does not support J0897 for Medicare: not listed in what calls itself complete, A57001 (First Coast: FL)",
            "All those not listed under the codes that support medical necessity.",
            2,
        ),
        (
            says("C79.51", "Medicare", no=True),
            "supports J0897 for Medicare: listed so in A57001 (First Coast: FL), A57002 (Novitas: TX)",
            "Use with care. Only with metastases.",
            4,
        ),
    ],
)
def test_what_articles_rule_otherwise(
    known: Reference, assertion: Assertion, reason: str, official: str, row: int
) -> None:
    verdict, (finding,) = judged(known, assertion)
    assert verdict is Verdict.DISPUTED
    assert (finding.reason, finding.official, finding.row) == (reason, official, row)
    assert (finding.check, finding.release) == ("ruled_otherwise", "mcd-current-articles-2025-10-02")


def test_articles_speak_of_the_days_on_which_they_are_in_force(known: Reference) -> None:
    before = date(2023, 12, 31)
    assert judged(known, says("M85.80", "Medicare"), before)[1] == []
    assert judged(known, says("M81.0", "Medicare"), before)[0] is not Verdict.CORROBORATED
    assert judged(known, says("M81.0", "Medicare"), None)[0] is Verdict.CORROBORATED
