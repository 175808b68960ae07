"""RxNorm, current prescribable content: which brands stand for which drug, and which drugs a package holds.

Three texts with bars: names (RXNCONSO), how they go together (RXNREL), and attributes, the NDC among them (RXNSAT).
"""

from __future__ import annotations

import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.errors import MalformedCode, ReleaseError
from kg.model import Code, CodeSystem, Concept, Relation, Statement
from kg.reference.formats.ndc import drug_of
from kg.reference.release import Drug, Edition, Format, LeftOut, Release, ReleaseFile, month_key, month_words
from kg.reference.release_files import is_archive, issued_from_names

_LICENCE = "courtesy of the U.S. National Library of Medicine; the prescribable content needs no licence"
_SOURCE = "https://www.nlm.nih.gov/research/umls/rxnorm/docs/rxnormfiles.html"

# How many bars a line of each file has, behind the last field one more.
_NAMES, _RELATIONS, _ATTRIBUTES = 18, 16, 13
_HEAD = 4_096
_FIRST_FIELD = re.compile(rb"[0-9]{1,8}\|")

_CUT = "a line that is cut short"
_KINDS = frozenset({"IN", "BN", "SCD", "SBD", "GPCK", "BPCK"})
_INGREDIENT, _BRAND = "IN", "BN"
# "A tradename_of B" stands as B first and A second.
_LEADING = frozenset({"tradename_of", "has_ingredient", "consists_of", "contains"})
_BRACKETED = re.compile(r"\[(?P<brand>[^\]]+)\]$")
# From a package over its drugs and their components to what these consist of there are some tens.
_MOST_MET = 1_000
_OF_RXNORM = re.compile(rb"\|RXNORM\|")
_LEADS = re.compile(rb"\|(?:tradename_of|has_ingredient|consists_of|contains)\|")
_OF_NDC = re.compile(rb"\|NDC\|RXNORM\|")


@dataclass(slots=True)
class _Names:
    """What the first two files say: the kind and the name of each concept in use, and to what it leads."""

    kinds: dict[str, tuple[str, str]] = field(default_factory=dict)
    leads: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unused: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    _ingredients: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, names: ReleaseFile, relations: ReleaseFile) -> _Names:
        """Read both files."""
        found = cls()
        for _, cells in _rows(names, _NAMES, _OF_RXNORM, "a name of another source", found):
            found._take_name(cells)
        no_use = "a relation that leads to no ingredient"
        for _, cells in _rows(relations, _RELATIONS, _LEADS, no_use, found):
            if cells[10] != "RXNORM" or cells[7] not in _LEADING or cells[14] not in ("", "N"):
                found.unused[no_use] += 1
            else:
                found.leads[cells[4]].append(cells[0])
        return found

    def _take_name(self, cells: list[str]) -> None:
        if cells[1] != "ENG" or cells[11] != "RXNORM" or cells[12] not in _KINDS:
            self.unused["a name of another kind"] += 1
        elif cells[16] not in ("", "N"):
            self.unused["a name that is out of use"] += 1
        else:
            self.kinds[cells[0]] = cells[12], cells[14]

    def ingredients(self, concept: str) -> frozenset[str]:
        """The ingredients that a concept leads to."""
        if concept not in self._ingredients:
            met, found, waiting = {concept}, set[str](), [concept]
            while waiting and len(met) <= _MOST_MET:
                one = waiting.pop()
                if self.kinds.get(one, ("", ""))[0] == _INGREDIENT:
                    found.add(one)
                    continue
                below = [other for other in self.leads.get(one, ()) if other not in met]
                met.update(below)
                waiting += below
            self._ingredients[concept] = frozenset(found)
        return self._ingredients[concept]

    def drugs(self, concept: str) -> list[Concept]:
        """The drugs that a concept holds, by the names of its ingredients."""
        names = sorted(self.kinds[one][1] for one in self.ingredients(concept))
        return [drug for name in names if (drug := drug_of(name)) is not None]

    def brands(self) -> tuple[Drug, ...]:
        """The brands that stand for one ingredient alone."""
        names: defaultdict[Concept, list[str]] = defaultdict(list)
        for concept, (kind, name) in self.kinds.items():
            if kind == _BRAND and len(drugs := self.drugs(concept)) == 1:
                names[drugs[0]].append(name)
        return tuple(Drug(drug, tuple(brands)) for drug, brands in names.items())


@dataclass(frozen=True)
class Packages:
    """What RxNorm states of packages, read anew each time that it is gone through."""

    names: ReleaseFile
    relations: ReleaseFile
    attributes: ReleaseFile

    def __iter__(self) -> Iterator[Statement]:
        """A package and each drug that it holds."""
        names = _Names.of(self.names, self.relations)
        for _, outcome in self.rows(names):
            if not isinstance(outcome, str):
                yield from outcome

    def rows(self, names: _Names) -> Iterator[tuple[int, list[Statement] | str]]:
        """The rows of attributes that may be packages: the line of each, what it states or why it states nothing."""
        no_use = "an attribute that is no NDC"
        for row, cells in _rows(self.attributes, _ATTRIBUTES, _OF_NDC, no_use, names):
            if cells[8] != "NDC" or cells[9] != "RXNORM":
                yield row, no_use
            elif cells[11] not in ("", "N"):
                yield row, "an NDC that is out of use"
            else:
                yield row, _package(row, cells, names)


def _package(row: int, cells: list[str], names: _Names) -> list[Statement] | str:
    drugs = names.drugs(cells[0])
    if not drugs:
        return "an NDC of nothing that has an ingredient"
    try:
        ndc = Code.parse(cells[10], CodeSystem.NDC)
    except MalformedCode:
        return "not an NDC"
    name = names.kinds.get(cells[0], ("", ""))[1]
    match = _BRACKETED.search(name)
    told = (("brand", match["brand"] if match else ""), ("packageDescription", name))
    details = tuple(detail for detail in told if detail[1])
    text = f"{cells[0]} | {cells[10]}"
    return [Statement(Concept.of(ndc), Relation.CONTAINS_DRUG, drug, row, text, details=details) for drug in drugs]


def read(file: ReleaseFile) -> Iterator[Edition]:
    """Read all three files: brands, each of one drug alone, and the drugs that packages hold."""
    relations, attributes = (_beside(file, bars) for bars in (_RELATIONS, _ATTRIBUTES))
    if relations is None or attributes is None:
        raise ReleaseError(f"{file.path}: names of RxNorm without RXNREL and RXNSAT; add the archive that holds all")
    names = _Names.of(file, relations)
    brands = names.brands()
    packages = Packages(file, relations, attributes)
    for _, outcome in packages.rows(names):
        if isinstance(outcome, str):
            names.unused[outcome] += 1
    left_out = tuple(LeftOut(0, f"{count:,} more: {reason}", count=count) for reason, count in names.unused.items())
    yield Edition(_release(file), (), packages, names.rows, left_out, drugs=brands)


def read_beside(file: ReleaseFile) -> Iterator[Edition]:
    """What stands beside the names is read with them."""
    if _beside(file, _NAMES) is None:
        raise ReleaseError(f"{file.path}: a file of RxNorm without RXNCONSO; add the archive that holds all")
    yield from ()


def _beside(file: ReleaseFile, bars: int) -> ReleaseFile | None:
    return next((other for other in file.beside if _is_of(other, bars)), None)


def _rows(
    file: ReleaseFile, bars: int, mark: re.Pattern[bytes], no_use: str, names: _Names
) -> Iterator[tuple[int, list[str]]]:
    """The fields of the rows that have a mark, with their lines; the others, and those that are cut, are counted."""
    rows = unmarked = cut = 0
    for line in io.BytesIO(file.data):
        rows += 1
        if line.count(b"|") < bars:
            cut += 1
        elif mark.search(line) is None:
            unmarked += 1
        else:
            yield rows, line.decode(errors="replace").split("|")
    names.rows += rows
    names.unused.update({reason: count for reason, count in ((no_use, unmarked), (_CUT, cut)) if count})


def _release(file: ReleaseFile) -> Release:
    issued = file.since or issued_from_names(file.hints)
    return Release(
        identifier=f"rxnorm-{month_key(issued)}",
        system=CodeSystem.NDC,
        title=f"RxNorm prescribable content, {month_words(issued)}",
        issued=issued,
        complete=False,
        licence=_LICENCE,
        source=_SOURCE,
    )


def _is_of(file: ReleaseFile, bars: int) -> bool:
    """Whether the first line of a file has the bars of one of the three, and begins with a number."""
    if is_archive(file.data):
        return False
    line = file.data[:_HEAD].partition(b"\n")[0]
    return line.count(b"|") == bars and _FIRST_FIELD.match(line) is not None


def _has_names(file: ReleaseFile) -> bool:
    return _is_of(file, _NAMES)


def _has_others(file: ReleaseFile) -> bool:
    return _is_of(file, _RELATIONS) or _is_of(file, _ATTRIBUTES)


FORMAT = Format("rxnorm", "RxNorm prescribable content (RRF)", _has_names, read, reads_beside=True)
"""`RXNCONSO.RRF`, with `RXNREL.RRF` and `RXNSAT.RRF` beside it."""

BESIDE = Format(
    "rxnorm-beside", "RxNorm, what stands beside its names (RRF)", _has_others, read_beside, reads_beside=True
)
"""`RXNREL.RRF` and `RXNSAT.RRF`."""
