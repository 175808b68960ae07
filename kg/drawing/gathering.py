"""What a page needs of a graph: the connections around its focus, and what stands behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kg.drawing.drawing import Drawing, draw
from kg.drawing.lesson import Lesson
from kg.drawing.payload import Background
from kg.drawing.selection import Selection
from kg.drawing.texts import texts
from kg.graph.describing import Description, describe
from kg.graph.reading import connections, documents, findings_of, releases
from kg.graph.store import GraphStore
from kg.model import Concept, Connection, Path, Relation, Verdict


@dataclass(frozen=True, slots=True)
class Source:
    """A store, and what of it is heard: verdicts, and the relations in which releases are."""

    store: GraphStore
    verdicts: tuple[Verdict, ...]
    released: tuple[Relation, ...]
    trust: str
    as_of: str = ""

    def draw(
        self, focus: Sequence[Concept], paths: Sequence[Path], *, depth: int, lesson: Lesson | None, **options: Any
    ) -> Drawing:
        """The drawing of all that is within so many steps of the focus; one step more waits in the file."""
        start = focus or (lesson.focus if lesson else ())
        found = [*self.around(start, depth + 1), *self.around(lesson.concepts if lesson else (), 1)]
        # Between the ends of paths nothing is near or far.
        bound = depth if start else None
        drawing = draw(found, focus, paths=paths, lesson=lesson, depth=bound, **options)
        return replace(drawing, background=self.background(drawing.selection))

    def around(self, concepts: Sequence[Concept], steps: int) -> list[Connection]:
        """The connections within so many steps of concepts, those that documents exclude among them."""
        reached, found = list(concepts), list[Connection]()
        for _ in range(steps if concepts else 0):
            found = connections(
                self.store, concepts=reached, polarity=None, verdicts=self.verdicts, released=self.released
            )
            reached = list(dict.fromkeys([*reached, *(end for c in found for end in (c.subject, c.object))]))
        return found

    def background(self, selection: Selection) -> Background:
        """What a page tells of a selection beside its connections."""
        said = dict.fromkeys(assertion for each in selection.connections for assertion in each.assertions)
        codes = (concept for concept in selection.concepts if concept.kind.is_code)
        return Background(
            titles={**releases(self.store), **documents(self.store)},
            validity={concept: tuple(_validity(describe(self.store, concept))) for concept in codes},
            findings=findings_of(self.store, said),
            trust=self.trust,
            as_of=self.as_of,
        )


def _validity(found: Description) -> Iterator[str]:
    """Since when and how a code holds, in words."""
    words = texts()["validity"]
    if found.exists is False:
        yield words["missing"].format(release=found.release)
    if found.valid_from:
        yield words["from"].format(day=found.valid_from)
    if found.valid_through:
        yield words["through"].format(day=found.valid_through)
    if found.billable is False:
        yield words["heading"]
