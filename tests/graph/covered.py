"""A small graph with articles: what three guides say of denosumab, and what contractors list in Florida and Texas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kg.model import Assertion, Code, CodeSystem, Concept, Kind, Polarity, Qualifier
from kg.reference import Edition, Entry, Reference, Release
from kg.reference.coverage.editions import editions_in
from tests.graph.making import ICD, assertion, evidence, icd, write
from tests.reference.coverage import DENOSUMAB, written

DAY = date(2026, 1, 1)
_HCPCS = Release("hcpcs-2026-01", CodeSystem.HCPCS, "HCPCS January 2026", date(2026, 1, 1), True, "public", "here")
_CODES = {"J0897": "Injection, denosumab, 1 mg", "J3489": "Injection, zoledronic acid, 1 mg"}
_DIAGNOSES = {
    "M81.0": "Age-related osteoporosis",
    "M80.08XA": "Age-related osteoporosis with fracture",
    "M85.80": "Other disorders of bone density",
    "C79.51": "Secondary malignant neoplasm of bone",
    "M05.79": "Rheumatoid arthritis",
}


def reference(folder: Path) -> Reference:
    """The codes, and an export of articles."""
    codes = tuple(Entry(Code.parse(code), name) for code, name in _CODES.items())
    headings = (icd("M81", "Osteoporosis", None, False), icd("M85", "Other disorders of bone", None, False))
    above = {"M81.0": "M81", "M85.80": "M85"}
    diagnoses = (*headings, *(icd(code, name, above.get(code)) for code, name in _DIAGNOSES.items()))
    return Reference.of((Edition(_HCPCS, codes), Edition(ICD, diagnoses), *editions_in(written(folder, DENOSUMAB))))


def says(diagnosis: str, payer: str = "", *, no: bool = False, code: str = "hcpcs:J0897", at: int = 0) -> Assertion:
    """A sentence of a guide that connects a code to a diagnosis, for a payer where one is named."""
    polarity = Polarity.EXCLUDED if no else Polarity.AFFIRMED
    payers = ((Qualifier.FOR_PAYER, Concept.named(Kind.PAYER, payer)),) if payer else ()
    words = evidence(f"{payer} {'no' if no else 'yes'} {diagnosis}.", at)
    return assertion(f"icd10cm:{diagnosis}", subject=code, at=words, polarity=polarity, qualifiers=payers)


GUIDE = (
    says("M81.0", at=10),
    says("M81.0", "Aetna", at=30),
    says("M85.80", "Medicare", at=50),
    says("M05.79", "Medicare", at=70),
    says("C79.51", "Medicare", no=True, at=90),
    says("M85.80", "Aetna", at=110),
)


def covered(folder: Path) -> Path:
    """The store of the guide and the articles."""
    return write(folder / "store", GUIDE, reference(folder), as_of=DAY)
