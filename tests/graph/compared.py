"""A graph of two documents and of articles that agree with them in part, for the tests of comparisons."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kg.model import Concept, Kind, Polarity, Qualifier, Relation
from kg.reference import Reference
from kg.reference.formats import read_contents
from tests.reference import coverage

from .making import assertion, evidence, reference, write

DAY = date(2025, 6, 30)
COMPLETE = "All those not listed under the codes that support medical necessity."
AETNA = (Qualifier.FOR_PAYER, Concept.named(Kind.PAYER, "Aetna"))
MEDICARE = (Qualifier.FOR_PAYER, Concept.named(Kind.PAYER, "Medicare"))
INTRAVENOUS = (Qualifier.FOR_ROUTE, Concept.named(Kind.ROUTE, "Intravenous"))
HOSTILE = "[/bold]<script>alert(1)</script>"

ARTICLES = coverage.joined(
    coverage.DENOSUMAB,
    # A third contractor, whose lists are complete as well, and who says no where the first says yes.
    coverage.article(57003, contractor=3, title=f"Billing and Coding: {HOSTILE}"),
    coverage.services(57003, "J0897"),
    coverage.covered(57003, "M81.0", "M06.9"),
    coverage.noncovered(57003, "C79.51", words=COMPLETE),
    # Complete as well, with a list for each of two codes; and complete without any list of what supports.
    coverage.article(57005, contractor=2),
    coverage.services(57005, "J0897", "J3489"),
    coverage.covered(57005, "M81.0", "M81.0", words="The following support HCPCS code J0897."),
    coverage.covered(57005, "M06.9", group=2, words="The following support HCPCS code J3489."),
    coverage.noncovered(57005, "Z99.9", words=COMPLETE),
    coverage.article(57006, contractor=2),
    coverage.services(57006, "J0897"),
    coverage.noncovered(57006, "Z99.9", words=COMPLETE),
    # Two versions of one article, the second of which leaves one diagnosis out.
    coverage.article(57004, contractor=2, article_rev_end_date="2024-12-31 00:00:00", title="Billing: before"),
    coverage.services(57004, "J1300"),
    coverage.covered(57004, "D59.5", "D59.3"),
    coverage.article(57004, version=2, contractor=2, article_eff_date="2025-01-01 00:00:00", title="Billing: after"),
    coverage.services(57004, "J1300", "J1299", version=2),
    coverage.covered(57004, "D59.5", version=2),
    coverage.noncovered(57004, "Z99.9", words=COMPLETE, version=2),
)
GUIDE = (
    assertion("icd10cm:M81.0", subject="hcpcs:J0897", at=evidence("Supported: M81.0", 20)),
    assertion("icd10cm:M06.9", subject="hcpcs:J0897", at=evidence("Supported: M06.9", 40), qualifiers=(MEDICARE,)),
    assertion("icd10cm:M05", subject="hcpcs:J0897", at=evidence("M05 as a whole", 60)),
    assertion("icd10cm:M05.79", subject="hcpcs:J0897", at=evidence("M05.79 for Aetna", 80), qualifiers=(AETNA,)),
    assertion("icd10cm:Z79.899", subject="hcpcs:J0897", at=evidence("Z79.899 if IV", 100), qualifiers=(INTRAVENOUS,)),
    assertion("icd10cm:C79.51", subject="hcpcs:J0897", at=evidence("never C79.51", 120), polarity=Polarity.EXCLUDED),
    assertion("modifier:JW", Relation.ACCEPTS_MODIFIER, subject="hcpcs:J0897", at=evidence("Append JW", 140)),
    assertion("modifier:JW", Relation.ACCEPTS_MODIFIER, at=evidence("Append JW to J3262", 160)),
    assertion("documentation:orders", Relation.REQUIRES_DOCUMENTATION, at=evidence("Orders are needed", 180)),
    assertion("modifier:JZ", Relation.ACCEPTS_MODIFIER, at=evidence("JZ with J3262", 220)),
    assertion("modifier:JZ", Relation.ACCEPTS_MODIFIER, at=evidence("at times no JZ", 240), polarity=Polarity.EXCLUDED),
    assertion("payer:medicare", Relation.HAS_PAYER, at=evidence("Medicare pays J3262", 200)),
)
POLICY = (
    assertion("icd10cm:M81.0", subject="hcpcs:J0897", at=evidence("M81.0", 20, "policy")),
    assertion(
        "icd10cm:M06.9", subject="hcpcs:J0897", at=evidence("not M06.9", 40, "policy"), polarity=Polarity.EXCLUDED
    ),
    assertion(
        "icd10cm:Z79.899", subject="hcpcs:J0897", at=evidence("no Z79", 60, "policy"), polarity=Polarity.EXCLUDED
    ),
    assertion(
        "modifier:JW",
        Relation.ACCEPTS_MODIFIER,
        at=evidence("J3262 without JW", 80, "policy"),
        polarity=Polarity.EXCLUDED,
    ),
    assertion(
        "documentation:orders",
        Relation.REQUIRES_DOCUMENTATION,
        at=evidence("No orders for J3262", 100, "policy"),
        polarity=Polarity.EXCLUDED,
    ),
    assertion("modifier:JZ", Relation.ACCEPTS_MODIFIER, at=evidence("JZ", 140, "policy")),
    assertion("icd10cm:M81.0", subject="hcpcs:J3111", at=evidence("J3111: M81.0", 120, "policy")),
)


def build(folder: Path) -> Path:
    """The store of both documents and all articles, on a day."""
    exported = read_contents(coverage.written(folder, ARTICLES)).editions
    known = Reference.of([*exported, *reference().tables.editions], reference().drugs)
    return write(folder / "graph", [*GUIDE, *POLICY], known, DAY)
