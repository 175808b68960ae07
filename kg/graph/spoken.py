"""What only documents speak of: the concepts that no release describes, and how documents call them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kg.graph.adjacency import concept_called
from kg.model import Assertion, Concept
from kg.reference import Reference

SPOKEN = "spoken.json"


@dataclass(slots=True)
class Spoken:
    """The concepts with their names, and how often each is given; an empty one where a concept goes unnamed.

    >>> drug = Concept.parse("drug:secukinumab", "Secukinumab")
    >>> Spoken({drug: Counter({"": 2, "Secukinumab": 1})}).named(drug).name
    'Secukinumab'
    """

    names: dict[Concept, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def count(self, assertions: Iterable[Assertion], reference: Reference, times: int = 1) -> set[Concept]:
        """Count what assertions speak of, or with -1 no longer do; gives what that is."""
        concepts = set[Concept]()
        for assertion in assertions:
            for concept in (assertion.subject, assertion.object, *(concept for _, concept in assertion.qualifiers)):
                if not reference.describes(concept):
                    concepts.add(concept)
                    self.names[concept][concept.name or ""] += times
        for concept in concepts:
            self.names[concept] = +self.names[concept]
            if not self.names[concept]:
                del self.names[concept]
        return concepts

    def named(self, concept: Concept) -> Concept:
        """A concept under the name that documents give it most often; the name of a code only a release can give."""
        counts = {name: times for name, times in self.names.get(concept, Counter[str]()).items() if name}
        if concept.kind.is_code or not counts:
            return Concept(concept.kind, concept.key)
        return Concept(concept.kind, concept.key, min(counts, key=lambda name: (-counts[name], name)))

    def write(self, build: Path) -> None:
        """Keep it in the folder of a build."""
        content = {concept.curie: names for concept, names in sorted(self.names.items())}
        (build / SPOKEN).write_text(json.dumps(content, ensure_ascii=False), "utf-8")

    @classmethod
    def read(cls, build: Path) -> Spoken:
        """What was kept in the folder of a build; raises `OSError` or `ValueError` where it cannot be read."""
        spoken = cls()
        for curie, names in json.loads((build / SPOKEN).read_text("utf-8")).items():
            spoken.names[concept_called(curie)] = Counter(names)
        return spoken
