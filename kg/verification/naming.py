"""Whether a name belongs to a code: the question is which code of the system it fits clearly better."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kg.model import Code, CodeSystem
from kg.reference import Entry, Reference, Release
from kg.verification.names import Fit, NameIndex, merged
from kg.verification.words import words

# A name agrees that holds so much of what is given; less is no disagreement, unless another code fits better.
_AGREES = 0.85
_CLEARLY_BETTER = 0.2
# What another code's name has to hold of the given one, to be what was meant.
_MEANT = 0.85
_MEANT_BY_OPPOSITE = 0.6
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
            self._opinions[code, name] = self._system(code.system).opinion(code, name)
        return self._opinions[code, name]

    def meant(self, code: Code, name: str) -> Code | None:
        """The code that a name fits best, where the given one does not exist or cannot be billed."""
        return self._system(code.system).meant(code, name) if words(name) else None

    def below(self, code: Code, name: str) -> Code | None:
        """The code under a heading that its name fits best and that can be billed."""
        return self._system(code.system).below(code, name)

    def _system(self, system: CodeSystem) -> _System:
        if system not in self._systems:
            self._systems[system] = _System(self._reference, system)
        return self._systems[system]


def speaks(entry: Entry, release: Release) -> bool:
    """Whether the name of an entry is the publisher's, so that it can speak against another."""
    return release.official and entry.owner != "ama"


class _System:
    """The names of one code system."""

    def __init__(self, reference: Reference, system: CodeSystem) -> None:
        self._reference = reference
        self._names = merged(
            (code, name)
            for code, name, release in reference.names(system)
            if (entry := reference.entry(code)) and speaks(entry, release)
        )

    @cached_property
    def _index(self) -> NameIndex:
        return NameIndex.of(self._names)

    def opinion(self, code: Code, name: str) -> Opinion:
        given = frozenset(words(name))
        if not given or code not in self._names or any(given == set(words(own)) for own in self._names[code]):
            return Opinion(True)
        if exactly := self._index.exactly(name):
            # The name of a heading above the code is short, and not wrong.
            others = [other for other in exactly if not self._above(other, code)]
            return Opinion(not others, self._usable(others, code))
        own = self._index.fit(name, code)
        if own is None or (own.covered >= _AGREES and not own.opposed):
            return Opinion(True)
        better = self._clearly_better(own, name)
        return Opinion(better is None, better)

    def meant(self, code: Code, name: str) -> Code | None:
        if exactly := self._index.exactly(name):
            return self._usable(exactly, code)
        found = [fit for fit in self._index.search(name, near=code) if fit.covered >= _PROBABLY_MEANT]
        return self._usable([fit.code for fit in found if not fit.opposed], code, ranked=True)

    def below(self, code: Code, name: str) -> Code | None:
        under = [fit for fit in self._index.search(name, 40, near=code) if fit.code.value.startswith(code.value)]
        usable = [fit.code for fit in under if not fit.opposed and self._can_be_used(fit.code)]
        return usable[0] if usable else None

    def _clearly_better(self, own: Fit, name: str) -> Code | None:
        for fit in self._index.search(name, near=own.code):
            if fit.code == own.code or self._above(fit.code, own.code):
                continue
            if fit.score - own.score < _CLEARLY_BETTER:
                return None
            # Where the code's own name says the opposite, less is enough.
            meant = _MEANT_BY_OPPOSITE if own.opposed else _MEANT
            if fit.covered >= max(meant, own.covered) and not fit.opposed and self._can_be_used(fit.code):
                return fit.code
        return None

    def _usable(self, codes: list[Code], near: Code, *, ranked: bool = False) -> Code | None:
        """Of codes that fit alike, one that can be billed, with the plainest name, near in spelling."""
        usable = [code for code in codes if self._can_be_used(code)] or codes
        if ranked or not usable:
            return usable[0] if usable else None
        return min(usable, key=lambda code: (len(self._called(code)), -_shared(code.value, near.value), code))

    def _called(self, code: Code) -> str:
        entry = self._reference.entry(code)
        return entry.name if entry else ""

    def _can_be_used(self, code: Code) -> bool:
        entry = self._reference.entry(code)
        return entry is not None and entry.billable is not False and entry.valid_through is None

    def _above(self, other: Code, code: Code) -> bool:
        """Whether another code is a heading above this one."""
        entry = self._reference.entry(code)
        while entry is not None and entry.broader is not None:
            if entry.broader == other:
                return True
            entry = self._reference.entry(entry.broader)
        return False


def _shared(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
