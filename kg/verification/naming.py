"""Whether a name belongs to a code: the question is which code of the system it fits clearly better."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kg import lazy_re as re
from kg import shelf
from kg.collector import no_collection
from kg.model import Code, CodeSystem
from kg.reference import Entry, Reference, Release
from kg.reference.json_values import code as code_of
from kg.shelf import Columns, Shelf
from kg.verification.names import Fit, NameIndex, alike, columns
from kg.verification.words import words

# A name agrees that holds so much of what is given; less is no disagreement, unless another code fits better.
_AGREES = 0.85
_CLEARLY_BETTER = 0.2
# What another code's name has to hold of the given one, to be what was meant.
_MEANT = 0.85
_MEANT_BY_OPPOSITE = 0.6
# Much of that in the very words, for "ringworm" is no ring. And it must not say much more than what is given, or that
# may be a word for the code that no release has: "stroke" is no family history of stroke. Codes of one category are
# mixed up, so that less is enough for them.
_LITERALLY = 0.5
_FILLED, _FILLED_NEAR, _NEAR = 0.6, 0.4, 3
_A_BEGINNING = 4
# A name longer than this is prose.
_LONGEST = 1000
_REMEMBERED = 2**16
# What a code may say more than its heading, where a document says no more than the heading.
_UNSPECIFIED = frozenset(words("unspecified without complications uncomplicated site"))
# A diagnosis of an injury whose last letter says which visit it is for; in between stand three characters.
_SEVENTH = re.compile(r"(?P<category>[A-Z]\d[0-9A-Z])\.?(?P<inner>[0-9A-Z]{0,2})(?P<seventh>[A-Z])")
_BEFORE_SEVENTH = 3
# For a code that does not exist any name is better than none, as long as most of it is there.
_PROBABLY_MEANT = 0.7


@dataclass(frozen=True, slots=True)
class Opinion:
    """Whether a name agrees with its code, and else the code that it fits."""

    agrees: bool
    better: Code | None = None


class Naming:
    """Holds names against those of the releases; the index of a system is made when it is first needed.

    Words of our own (for codes of the AMA) cannot speak against a name.
    """

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._systems: dict[CodeSystem, _System] = {}
        self._opinions: dict[tuple[Code, str], Opinion] = {}

    def opinion(self, code: Code, name: str) -> Opinion:
        """Whether a name agrees with what releases call a code; a code without names is agreed with."""
        if (code, name) not in self._opinions:
            if len(self._opinions) >= _REMEMBERED:
                self._opinions.clear()
            self._opinions[code, name] = self._system(code.system).opinion(code, name)
        return self._opinions[code, name]

    def meant(self, code: Code, name: str) -> Code | None:
        """The code that was meant by one that does not exist: with the placeholders it lacks, or by its name."""
        return self._system(code.system).meant(code, name)

    def below(self, code: Code, name: str) -> Code | None:
        """The code under a heading that its name fits best and that can be billed."""
        return self._system(code.system).below(code, name)

    def _system(self, system: CodeSystem) -> _System:
        if system not in self._systems:
            self._systems[system] = _System(self._reference, system)
        return self._systems[system]


def speaks(entry: Entry, release: Release) -> bool:
    """Whether the name of an entry is the publisher's, and whole, so that it can speak against another."""
    return release.official and not release.labels and bool(entry.name) and entry.owner != "ama"


class _System:
    """The names of one code system.

    Words of our own cannot speak against a name, but they can be what was meant.
    """

    def __init__(self, reference: Reference, system: CodeSystem) -> None:
        self._reference = reference
        self._system = system

    @cached_property
    def _index(self) -> NameIndex:
        return NameIndex(self._shelf)

    @cached_property
    def _directly_below(self) -> Mapping[str, list[str]]:
        return self._shelf.table("below")

    @cached_property
    def _shelf(self) -> Shelf:
        """The index of all names and the codes under each heading; they hold in all of an era."""
        name = f"names-{self._system}-{self._reference.era(self._system)}"
        with no_collection():
            return shelf.kept(self._reference.tables.key, name, self._columns)

    def _columns(self) -> Columns:
        codes = list(self._reference.codes(self._system))
        # Where no name speaks, none is compared.
        names_by_code = {code: self._own(code) for code in codes} if any(map(self._speaks, codes)) else {}
        below: defaultdict[Code, list[str]] = defaultdict(list)
        for code in names_by_code:
            if names_by_code[code] and (entry := self._reference.entry(code)) and entry.broader:
                below[entry.broader].append(code.curie)
        yield from columns(names_by_code)
        yield from shelf.table("below", ((heading.curie, codes) for heading, codes in below.items()))

    def _speaks(self, code: Code) -> bool:
        """Whether a name of a code can speak against another."""
        entry = self._reference.entry(code)
        return entry is not None and any(speaks(entry, release) for _, release in self._reference.names(code))

    def _own(self, code: Code) -> list[str]:
        """The names of a code: those that speak, and where none does, all."""
        entry, names = self._reference.entry(code), list(self._reference.names(code))
        speaking = [name for name, release in names if entry and speaks(entry, release)]
        return speaking or [name for name, _ in names]

    def opinion(self, code: Code, name: str) -> Opinion:
        name_words = words(name[:_LONGEST])
        if (
            not name_words
            or not self._speaks(code)
            or any(words(own_name) == name_words for own_name in self._own(code))
        ):
            return Opinion(True)  # Most names are simply those of their codes, and need no index.
        exactly = self._index.exactly(name)
        if any(fit.code == code for fit in exactly):
            return Opinion(True)
        ended = [fit for fit in exactly if not self._reference.in_force(fit.code)]
        exactly = [fit for fit in exactly if fit not in ended]
        # The name of a heading above the code is short, and not wrong, unless another code has it as well.
        above = [self._above(fit.code, code) for fit in exactly]
        if others := [fit.code for fit, up in zip(exactly, above, strict=True) if not up and not self._is_short(fit)]:
            return Opinion(False, self._to_be_used(self._usable(others, code), name))
        if any(above):
            return Opinion(True)
        own_fit = self._index.fit(name, code)
        if own_fit is None or (own_fit.covered >= _AGREES and not own_fit.opposed):
            return Opinion(True)
        better = self._clearly_better(own_fit, name)
        if better in (bearing := [fit.code for fit in exactly]):
            better = self._usable(bearing, code)
        return Opinion(better is None and not ended, self._to_be_used(better, name))

    def meant(self, code: Code, name: str) -> Code | None:
        padded = self._padded(code)
        if not words(name):
            return padded
        if exactly := [fit.code for fit in self._index.exactly(name) if self._reference.in_force(fit.code)]:
            better = self._to_be_used(self._usable(exactly, code), name)
            # The name of the heading says no more of S67.01A than that it is below.
            return padded if padded and better and padded.value.startswith(f"{better.value}X") else better
        if padded and (fit := self._index.fit(name, padded)) and not fit.opposed:
            return padded
        fits = [fit for fit in self._index.search(name, near=code) if fit.covered >= _PROBABLY_MEANT]
        codes = [fit.code for fit in fits if not fit.opposed and self._reference.in_force(fit.code)]
        return next(filter(self._can_be_used, codes), self._to_be_used(codes[0], name) if codes else None)

    def _padded(self, code: Code) -> Code | None:
        """A diagnosis with the X before its last letter that it lacks: S67.01XA for S67.01A."""
        match = _SEVENTH.fullmatch(code.value)
        if match is None or code.system is not CodeSystem.ICD10CM:
            return None
        inner = (match["inner"] or "").ljust(_BEFORE_SEVENTH, "X")
        padded = Code(code.system, f"{match['category']}.{inner}{match['seventh']}")
        return padded if padded != code and self._can_be_used(padded) else None

    def below(self, code: Code, name: str) -> Code | None:
        """Of the codes below a heading the one that a name points to, or one that says no more than the heading."""
        codes_below = [below for below in self._under(code) if self._can_be_used(below)]
        heading = {word for own_name in self._own(code) for word in words(own_name)}
        name_words = set(words(name[:_LONGEST]))
        if name_words <= heading:
            plain = [below for below in codes_below if set(words(self._official_name(below))) <= heading | _UNSPECIFIED]
            return min(plain, key=lambda below: (len(below.value), below), default=None)
        fits = [fit for below in codes_below if (fit := self._index.fit(name, below))]
        close_fits = [fit for fit in fits if fit.covered >= _PROBABLY_MEANT and not fit.opposed]
        return min(close_fits, key=lambda fit: (-fit.score, fit.code)).code if close_fits else None

    def _under(self, heading: Code) -> list[Code]:
        visited = {heading: True}
        for code in (waiting := [heading]):
            directly = map(code_of, self._directly_below.get(code.curie, ()))
            new = [below for below in directly if below not in visited]
            visited.update(dict.fromkeys(new, True))
            waiting.extend(new)
        return waiting[1:]

    def _is_short(self, fit: Fit) -> bool:
        """Whether a name leaves out words of its code's own name: "Cardiology" for "Cardiology Pharmacist"."""
        return set(words(fit.name)) < set(words(self._official_name(fit.code)))

    def _clearly_better(self, own_fit: Fit, name: str) -> Code | None:
        # Instead of a heading another such may have been meant.
        usable = self._can_be_used(own_fit.code)
        for fit in self._index.search(name, near=own_fit.code):
            if (
                fit.code == own_fit.code
                or self._above(fit.code, own_fit.code)
                or not self._reference.in_force(fit.code)
            ):
                continue
            if fit.score - own_fit.score < _CLEARLY_BETTER:
                return None
            # Where the code's own name says the opposite, less is enough.
            least_covered = _MEANT_BY_OPPOSITE if own_fit.opposed else _MEANT
            if fit.opposed or fit.covered < max(least_covered, own_fit.covered) or fit.literally < _LITERALLY:
                continue
            enough = _FILLED_NEAR if alike(fit.code, own_fit.code) >= _NEAR else _FILLED
            if fit.filled < enough and not own_fit.opposed and not _cut_off(name, fit.name):
                continue
            if self._can_be_used(fit.code) or not usable:
                return fit.code
        return None

    def _usable(self, codes: list[Code], near: Code) -> Code | None:
        """Of codes that fit alike, one that can be billed, with the plainest name, near in spelling."""
        usable = [code for code in codes if self._can_be_used(code)] or codes

        def rank(code: Code) -> tuple[int, int, int, Code]:
            name = self._official_name(code)
            return len(words(name)), -alike(code, near), len(name), code

        return min(usable, key=rank, default=None)

    def _to_be_used(self, code: Code | None, name: str) -> Code | None:
        """A code, or where it is a heading the one below it that a name points to."""
        if code is None or self._can_be_used(code):
            return code
        return self.below(code, name) or code

    def _official_name(self, code: Code) -> str:
        entry = self._reference.entry(code)
        return entry.name if entry else ""

    def _can_be_used(self, code: Code) -> bool:
        entry = self._reference.entry(code)
        return entry is not None and entry.billable is not False and self._reference.in_force(code)

    def _above(self, other: Code, code: Code) -> bool:
        """Whether another code is a heading above this one."""
        entry, passed = self._reference.entry(code), {code}
        while entry is not None and entry.broader is not None and entry.broader not in passed:
            if entry.broader == other:
                return True
            passed.add(entry.broader)
            entry = self._reference.entry(entry.broader)
        return False


def _cut_off(name: str, official: str) -> bool:
    """Whether a name is the beginning of an official one that goes on.

    >>> _cut_off("Respiratory assist device, bi-level", "Respiratory assist device, bi-level pressure capability")
    True
    """
    name_words = words(name)
    return len(name_words) >= _A_BEGINNING and words(official)[: len(name_words)] == name_words
