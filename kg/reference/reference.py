"""All that the releases say, ready to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.model import Code, CodeSystem, Concept
from kg.reference import bundled, icd10cm
from kg.reference.release import Drug, Edition, Entry, Reader, Release


@dataclass(frozen=True, slots=True)
class Reference:
    """Releases, what they say of each code, and the drugs known by name.

    Where two releases describe one code, the complete one is believed, then the one that came first.

    >>> Reference.of([]).entry(Code.parse("J3262")) is None
    True
    """

    releases: tuple[Release, ...] = ()
    _entries: dict[Code, tuple[Entry, Release]] = field(default_factory=dict, repr=False)
    _drugs: dict[Concept, Drug] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, editions: Iterable[Edition], drugs: Iterable[Drug] = ()) -> Reference:
        """Put editions together, complete ones first."""
        ordered = sorted(editions, key=lambda edition: not edition.release.complete)
        entries: dict[Code, tuple[Entry, Release]] = {}
        for edition in ordered:
            for entry in edition.entries:
                entries.setdefault(entry.code, (entry, edition.release))
        return cls(tuple(edition.release for edition in ordered), entries, {drug.concept: drug for drug in drugs})

    @property
    def entries(self) -> Iterator[Entry]:
        """What is said of each code, each code once."""
        return (entry for entry, _ in self._entries.values())

    @property
    def drugs(self) -> Iterator[Drug]:
        """The drugs known by name, each once."""
        return iter(self._drugs.values())

    def entry(self, code: Code) -> Entry | None:
        """What is said of a code."""
        return self._entries[code][0] if code in self._entries else None

    def release_of(self, code: Code) -> Release | None:
        """The release that describes a code."""
        return self._entries[code][1] if code in self._entries else None

    def complete(self, system: CodeSystem) -> Release | None:
        """The complete release of a code system, if there is one."""
        return next((r for r in self.releases if r.complete and r.system is system), None)

    def describes(self, concept: Concept) -> bool:
        """Whether a release or a table says anything of a concept."""
        if concept.kind.is_code:
            return Code(CodeSystem(concept.kind.value), concept.key) in self._entries
        return concept in self._drugs

    def __len__(self) -> int:
        """How many concepts are described."""
        return len(self._entries) + len(self._drugs)


READERS: tuple[Reader, ...] = (icd10cm.read, bundled.read)
"""What is read by default. A reader of official files comes here, each with its module."""


def load(readers: Iterable[Reader] = READERS) -> Reference:
    """Read releases and the names of drugs."""
    return Reference.of((edition for reader in readers for edition in reader()), bundled.drugs())
