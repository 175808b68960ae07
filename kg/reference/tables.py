"""Writes the tables of facts that come along, from releases: `python -m kg.reference.tables FILE...`."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from kg import lazy_re as re
from kg import resources
from kg.model import CodeSystem, Relation, slug
from kg.reference import bundled, facts, icd10cm
from kg.reference.descriptors import KnownDrugs, bare_name, read_descriptor
from kg.reference.formats import read_release
from kg.reference.meanings import meanings
from kg.reference.release import Edition

ICD10CM_CODES = "icd10cm-codes.tsv"
_HEAD = """\
# ICD-10-CM, April 2026: every category, and what its codes have after the dot, in order; a `-` marks a heading.
# Made by `python -m kg.reference.tables` from the package simple-icd-10-cm.
# Licence: work of the US government, in the public domain.
category\tcodes
"""

SUBSTANCES = "substances.tsv"
_HEAD_OF_SUBSTANCES = """\
# Names of drugs that HCPCS Level II has and drugs.tsv has not, with the brands beside them: INCOMPLETE.
# Made by `python -m kg.reference.tables` from the descriptors of: {titles}.
# Licence: HCPCS Level II descriptors are a work of the US government, in the public domain.
name\tbrands
"""
# Classes and materials, of which no text means the one that a code has.
_NO_NAME = re.compile(r"contrast|substitute|adjunct|\bagent|\bgas$|vaccine|microspheres|\bor\b|[/()\[\],]|\d \d")
_LONGEST_NAME = 40
# A brand of so few letters, or an everyday word, stands in texts for other things.
_FEWEST_LETTERS = 6
_BY_AREA = re.compile(r"\bper sq(?:uare)?\b|\bsq cm\b|\bsquare centimeters?\b")
_EVERYDAY = frozenset({"affinity", "symphony", "complete", "genesis", "phoenix", "integra matrix"})


def substance_lines(descriptors: Iterable[str], known_drugs: KnownDrugs, used_names: frozenset[str]) -> Iterator[str]:
    """One line a drug that is not known yet; `used_names` are the names and brands that are, as slugs.

    >>> from kg.reference.descriptors import KnownDrugs
    >>> list(substance_lines(["Injection, hydralazine hcl, up to 20 mg"], KnownDrugs.of(()), frozenset()))
    ['hydralazine\\t-']
    """
    brands: dict[str, set[str]] = {}
    for text in descriptors:
        descriptor = read_descriptor(text)
        if descriptor is None or slug(known_drugs.concept(descriptor).label) in used_names:
            continue
        name = bare_name(descriptor.drug)
        short = " " not in name and len(name) < (_FEWEST_LETTERS + 1 if _BY_AREA.search(text.lower()) else 4)
        if short or name in _EVERYDAY or len(name) > _LONGEST_NAME or _NO_NAME.search(name) or slug(name) in used_names:
            continue
        brands.setdefault(name, set()).update(descriptor.brands)
    owners = Counter(brand for brand_names in brands.values() for brand in brand_names)
    for name, brand_names in sorted(brands.items()):
        own = [
            b
            for b in sorted(brand_names)
            if owners[b] == 1 and b not in brands and slug(b) not in used_names and len(b) > 4
        ]
        yield f"{name}\t{'; '.join(own) or '-'}"


def icd10cm_lines(codes: Iterable[str], headings: frozenset[str]) -> Iterator[str]:
    """One line a category.

    >>> list(icd10cm_lines(["M06", "M06.0", "M06.00", "M07"], frozenset({"M06", "M06.0"})))
    ['M06-\\t0- 00', 'M07\\t']
    """
    category, rest = "", []
    for code in codes:
        stem, _, tail = code.partition(".")
        mark = "-" if code in headings else ""
        if tail:
            rest.append(tail + mark)
            continue
        if category:
            yield f"{category}\t{' '.join(rest)}"
        category, rest = stem + mark, []
    yield f"{category}\t{' '.join(rest)}"


def write_codes_of_diagnoses(folder: Path) -> None:
    """Write `icd10cm-codes.tsv` into a folder."""
    edition = next(iter(icd10cm.read()))
    headings = frozenset(entry.broader.value for entry in edition.entries if entry.broader)
    codes = sorted(entry.code.value for entry in edition.entries if "-" not in entry.code.value)
    _write(folder / ICD10CM_CODES, _HEAD, icd10cm_lines(codes, headings))


def write_substances(folder: Path, editions: Sequence[Edition]) -> None:
    """Write `substances.tsv` into a folder, from the newest release of HCPCS Level II."""
    drugs = bundled.curated_drugs()
    used_names = frozenset(slug(name) for drug in drugs for name in (drug.concept.label, *drug.brands))
    newest = _of(editions, CodeSystem.HCPCS)[0]
    head = _HEAD_OF_SUBSTANCES.format(titles=newest.release.title)
    lines = substance_lines((entry.name for entry in newest.entries), KnownDrugs.of(drugs), used_names)
    _write(folder / SUBSTANCES, head, lines)


_HEAD_OF_HCPCS = """\
# HCPCS Level II: every code with CMS's short label, its first and last day, and what the descriptor says of a drug.
# A code stands twice where it was given out again. COMPLETE for the days from {first} to {last}.
# Made by `python -m kg.reference.tables` from: {titles}.
# Licence: HCPCS Level II is a work of the US government, in the public domain. No D codes (ADA), no CPT.
"""
_HEAD_OF_MODIFIERS = """\
# Modifiers of HCPCS Level II that CMS maintains: label, first and last day. COMPLETE for those, from {first} to {last}.
# Made by `python -m kg.reference.tables` from: {titles}.
# Licence: HCPCS Level II is a work of the US government, in the public domain. No words of the AMA.
"""
_HEAD_OF_DAYS = """\
# ICD-10-CM: the codes that began, ended, or turned from a heading into a code or back, with the days.
# last: the last day of use. turned: the days of turning, the newest first. A name stands where {last} lacks the code.
# COMPLETE from {first} on. Made by `python -m kg.reference.tables` from: {titles}.
# Licence: work of the US government, in the public domain.
"""
_HEAD_OF_NUCC = """\
# NUCC taxonomy: all codes, without their names. COMPLETE: a code that is not here does not exist.
# Made by `python -m kg.reference.tables` from: {titles}.
# Licence: the taxonomy is copyright of the American Medical Association on behalf of NUCC; these are its codes alone.
code
"""


_HEAD_OF_PACKAGES = """\
# What is billed as a code: products, each with its labeler, the amount that one unit bills, and its packages: NDC, what
# one vial or syringe holds, how many there are, billing units of one and of all. INCOMPLETE: drugs with an ASP alone.
# Made by `python -m kg.reference.tables` from: {titles}.
# Licence: a work of the US government, in the public domain; CPT codes stand alone, without their descriptors.
"""


def write_facts(folder: Path, editions: Sequence[Edition]) -> None:
    """Write the tables of facts of HCPCS Level II, its modifiers, NUCC and ICD-10-CM into a folder."""
    hcpcs = _of(editions, CodeSystem.HCPCS)
    _write(folder / facts.HCPCS, _headed(_HEAD_OF_HCPCS, hcpcs, facts.HCPCS_COLUMNS), facts.hcpcs_rows(meanings(hcpcs)))
    modifiers = _of(editions, CodeSystem.MODIFIER)
    rows = facts.modifier_rows(meanings(modifiers))
    _write(folder / facts.MODIFIERS, _headed(_HEAD_OF_MODIFIERS, modifiers, facts.MODIFIER_COLUMNS), rows)
    nucc = _of(editions, CodeSystem.NUCC)[:1]
    codes = sorted((entry.code.value,) for entry in nucc[0].entries)
    _write(folder / facts.NUCC, _HEAD_OF_NUCC.format(titles=nucc[0].release.title), codes)
    diagnoses = [*icd10cm.read(), *_of(editions, CodeSystem.ICD10CM)]
    begun = {
        statement.object.code: statement.valid_from
        for edition in editions
        for statement in edition.statements
        if statement.relation is Relation.REPLACED_BY and edition.release.system is CodeSystem.ICD10CM
        if statement.valid_from
    }
    rows = facts.day_rows(meanings(diagnoses), diagnoses[0].release, begun)
    _write(folder / facts.DAYS, _headed(_HEAD_OF_DAYS, diagnoses, facts.DAYS_COLUMNS), rows)


def write_packages(folder: Path, editions: Sequence[Edition]) -> None:
    """Write `packages.tsv` into a folder, from the newest ASP crosswalk."""
    crosswalk = _of(editions, CodeSystem.NDC, complete=False)[:1]
    head = _headed(_HEAD_OF_PACKAGES, crosswalk, facts.PACKAGES_COLUMNS)
    _write(folder / facts.PACKAGES, head, facts.package_rows(crosswalk[0]))


def _of(editions: Iterable[Edition], system: CodeSystem, *, complete: bool = True) -> list[Edition]:
    """The editions of a system with a date, the complete ones unless others are asked for, the newest first."""
    of_system = (e for e in editions if e.release.system is system and e.release.issued)
    editions_of_kind = [edition for edition in of_system if edition.release.complete is complete]
    return sorted(editions_of_kind, key=lambda edition: edition.release.issued or date.min, reverse=True)


def _headed(head: str, editions: Sequence[Edition], columns: Iterable[str]) -> str:
    titles = "; ".join(edition.release.title for edition in editions)
    first, last = editions[-1].release.issued, editions[0].release.issued
    return head.format(titles=titles, first=first, last=last) + "\t".join(columns) + "\n"


def _write(path: Path, head: str, lines: Iterable[str | tuple[str, ...]]) -> None:
    rows = (line if isinstance(line, str) else "\t".join(line) for line in lines)
    path.write_text(head + "".join(f"{row}\n" for row in rows), "utf-8")


def main() -> None:
    """Write all tables into their folders under `data`."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("releases", type=Path, nargs="+", help="files of releases, as their publishers give them")
    options = arguments.parse_args()
    editions = [edition for path in options.releases for edition in read_release(path)]
    write_codes_of_diagnoses(resources.path("data", "reference"))
    write_substances(resources.path("data", "names"), editions)
    write_facts(resources.path("data", "reference"), editions)
    write_packages(resources.path("data", "reference"), editions)


if __name__ == "__main__":
    main()
