"""Small inputs for the tests of the graph."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from kg.documents import Document
from kg.graph.manifest import FORMAT
from kg.graph.store import new_build
from kg.graph.writing import Reading, write_graph
from kg.model import (
    Assertion,
    Code,
    CodeSystem,
    Concept,
    Evidence,
    Kind,
    Polarity,
    Qualifier,
    Relation,
    Strength,
)
from kg.reference import Drug, Edition, Entry, Reference, Release

ICD = Release("icd10cm-2026-04", CodeSystem.ICD10CM, "ICD-10-CM April 2026", date(2026, 4, 1), True, "public", "here")
HCPCS = Release("bundled-hcpcs", CodeSystem.HCPCS, "HCPCS codes that the guides need", None, False, "public", "here")
MODIFIERS = Release("bundled-modifiers", CodeSystem.MODIFIER, "Modifiers", None, False, "public", "here")

QUOTES = {
    "M05.79": "Supported: M05.79",
    "M06.9": "Supported: M06.9, unspecified",
    "JW": "JW | Drug discarded | Use when intravenous",
}


def icd(code: str, name: str, broader: str | None = None, billable: bool = True) -> Entry:
    above = Code(CodeSystem.ICD10CM, broader) if broader else None
    return Entry(Code(CodeSystem.ICD10CM, code), name, above, billable)


def reference() -> Reference:
    diagnoses = (
        icd("M00-M99", "Diseases of the musculoskeletal system", None, False),
        icd("M05-M14", "Inflammatory polyarthropathies", "M00-M99", False),
        icd("M05", "Rheumatoid arthritis with rheumatoid factor", "M05-M14", False),
        icd("M05.7", "Rheumatoid arthritis with rheumatoid factor without organ involvement", "M05", False),
        icd("M05.79", "Rheumatoid arthritis with rheumatoid factor of multiple sites", "M05.7"),
        icd("M06", "Other rheumatoid arthritis", "M05-M14", False),
        icd("M06.9", "Rheumatoid arthritis, unspecified", "M06"),
    )
    drug = Entry(Code(CodeSystem.HCPCS, "J3262"), "Injection, tocilizumab, 1 mg", valid_from=date(2011, 1, 1))
    jw = Entry(Code(CodeSystem.MODIFIER, "JW"), "Drug amount discarded/not administered to any patient", owner="cms")
    drugs = (
        Drug(Concept.named(Kind.DRUG, "tocilizumab"), ("Actemra",)),
        Drug(
            Concept.named(Kind.DRUG, "tocilizumab-aazg"),
            ("Tyenne",),
            Concept.named(Kind.DRUG, "tocilizumab"),
        ),
    )
    editions = (Edition(HCPCS, (drug,)), Edition(ICD, diagnoses), Edition(MODIFIERS, (jw,)))
    return Reference.of(editions, drugs)


def evidence(quote: str, start: int = 0, document: str = "guide") -> Evidence:
    return Evidence(document, start, start + len(quote), quote, 1 + start // 10, "Coding")


def assertion(
    object: str,
    relation: Relation = Relation.SUPPORTED_BY_DIAGNOSIS,
    *,
    subject: str = "hcpcs:J3262",
    name: str | None = None,
    at: Evidence | None = None,
    polarity: Polarity = Polarity.AFFIRMED,
    strength: Strength = Strength.STATED,
    condition: str = "",
    qualifiers: tuple[tuple[Qualifier, Concept], ...] = (),
) -> Assertion:
    """An assertion of a guide on tocilizumab, unless told otherwise."""
    return Assertion(
        Concept.parse(subject),
        relation,
        Concept.parse(object, name),
        at or evidence(f"It says {object}."),
        polarity,
        strength,
        condition,
        qualifiers,
        "test.rule",
    )


def guide() -> tuple[Assertion, ...]:
    """What a small guide states."""
    drug = Concept.named(Kind.DRUG, "Tocilizumab")
    arthritis = Concept.named(Kind.CONDITION, "Rheumatoid arthritis")
    intravenous = Concept.named(Kind.ROUTE, "Intravenous")
    modifier = Concept.parse("modifier:JW", "Drug discarded")
    start = Concept.parse("hcpcs:J3262")
    table = evidence("JW | Drug discarded | Use when intravenous", 300)
    return (
        Assertion(start, Relation.IDENTIFIES_DRUG, drug, evidence("J3262 is tocilizumab.", 10), rule="title"),
        Assertion(start, Relation.BILLING_UNIT, Concept.named(Kind.QUANTITY, "1 mg"), evidence("1 mg", 40)),
        Assertion(start, Relation.INDICATED_FOR, arthritis, evidence("for rheumatoid arthritis", 60)),
        assertion("icd10cm:M05.79", at=evidence("M05.79 and M06.9", 100)),
        assertion("icd10cm:M06.9", at=evidence("M05.79 and M06.9", 100), strength=Strength.REQUIRED),
        assertion("icd10cm:M05", at=evidence("M05 as a whole", 150)),
        assertion("icd10cm:M99.999", at=evidence("M99.999 😀", 180)),
        assertion("icd10cm:M06.9", at=evidence("not M06.9", 200), polarity=Polarity.EXCLUDED),
        Assertion(
            start,
            Relation.ACCEPTS_MODIFIER,
            modifier,
            table,
            condition="Use when intravenous",
            qualifiers=((Qualifier.FOR_ROUTE, intravenous),),
            rule="table.modifier",
        ),
    )


def document(identifier: str = "guide") -> Document:
    return Document(identifier, f"{identifier}.md", "A guide", "text", "", (), "0" * 64)


def forget_sizes(path: Path) -> None:
    """Let a test change the only build of a store: what its manifest says of the files is taken away."""
    manifest = path / "builds" / "1" / "manifest.json"
    content = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps({"format": FORMAT, "as_of": content["as_of"]}), "utf-8")


def write(
    path: Path,
    assertions: Iterable[Assertion] | None = None,
    known: Reference | None = None,
    as_of: date | None = None,
) -> Path:
    """Build a store of what documents state, and give its path."""
    by_document: dict[str, list[Assertion]] = {"guide": []}
    for stated in guide() if assertions is None else assertions:
        by_document.setdefault(stated.evidence.document, []).append(stated)
    readings = [Reading(document(name), tuple(stated)) for name, stated in by_document.items()]
    with new_build(path) as folder:
        write_graph(folder, readings, reference() if known is None else known, lambda *_: None, as_of)
    return path
