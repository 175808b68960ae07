"""Writes the tables of facts that extraction needs from releases: `python -m kg.reference.tables HCPCS_FILE`."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg import resources
from kg.model import CodeSystem, slug
from kg.reference import bundled, icd10cm
from kg.reference.descriptors import KnownDrugs, bare_name, read_descriptor
from kg.reference.formats import read_release

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


def substance_lines(descriptors: Iterable[str], known: KnownDrugs, taken: frozenset[str]) -> Iterator[str]:
    """One line a drug that is not known yet; `taken` are the names and brands that are, as slugs.

    >>> from kg.reference.descriptors import KnownDrugs
    >>> list(substance_lines(["Injection, hydralazine hcl, up to 20 mg"], KnownDrugs.of(()), frozenset()))
    ['hydralazine\\t-']
    """
    brands: dict[str, set[str]] = {}
    for text in descriptors:
        descriptor = read_descriptor(text)
        if descriptor is None or slug(known.concept(descriptor).label) in taken:
            continue
        name = bare_name(descriptor.drug)
        short = " " not in name and len(name) < (_FEWEST_LETTERS + 1 if _BY_AREA.search(text.lower()) else 4)
        if short or name in _EVERYDAY or len(name) > _LONGEST_NAME or _NO_NAME.search(name) or slug(name) in taken:
            continue
        brands.setdefault(name, set()).update(descriptor.brands)
    owners = Counter(brand for named in brands.values() for brand in named)
    for name, named in sorted(brands.items()):
        own = [b for b in sorted(named) if owners[b] == 1 and b not in brands and slug(b) not in taken and len(b) > 4]
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
    text = _HEAD + "".join(f"{line}\n" for line in icd10cm_lines(codes, headings))
    (folder / ICD10CM_CODES).write_text(text, "utf-8")


def write_substances(folder: Path, release: Path) -> None:
    """Write `substances.tsv` into a folder, from a release of HCPCS Level II.

    Raises `ReleaseError` as `read_release` does.
    """
    drugs = bundled.curated_drugs()
    taken = frozenset(slug(name) for drug in drugs for name in (drug.concept.label, *drug.brands))
    editions = read_release(release)
    names = [entry.name for edition in editions for entry in edition.entries if entry.code.system is CodeSystem.HCPCS]
    head = _HEAD_OF_SUBSTANCES.format(titles=", ".join(dict.fromkeys(e.release.title for e in editions)))
    text = head + "".join(f"{line}\n" for line in substance_lines(names, KnownDrugs.of(drugs), taken))
    (folder / SUBSTANCES).write_text(text, "utf-8")


def main() -> None:
    """Write all tables into their folders under `data`."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("hcpcs", type=Path, help="a release of HCPCS Level II, as CMS publishes it")
    given = arguments.parse_args()
    write_codes_of_diagnoses(resources.path("data", "reference"))
    write_substances(resources.path("data", "names"), given.hcpcs)


if __name__ == "__main__":
    main()
