"""What a page needs of a graph: the connections around its focus, and what stands behind them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path as FilePath
from typing import Any

from kg.drawing.drawing import Drawing, draw
from kg.drawing.lesson import Lesson
from kg.drawing.lesson_file import read_lesson
from kg.drawing.payload import Background
from kg.drawing.saved import read_layout
from kg.drawing.selection import IN_FILE, REFUTED_SHARE, Selection, in_turn
from kg.drawing.texts import texts
from kg.errors import NotFound
from kg.graph.adjacency import concept_called
from kg.graph.connections import connections
from kg.graph.describing import Validity, validities
from kg.graph.lookup import brands, findings_by_link, mentions, releases, titles
from kg.graph.store import GraphStore
from kg.model import Concept, Connection, Finding, Kind, Path, Relation, Verdict, worst_first
from kg.model.relations import RELEASED, WITHOUT_PACKAGES

# So many statements are read, those of the focus itself whatever their number. What few share says more than what all
# share, so that hubs (a payer, a modifier that every code takes) are the first to be passed over.
_MOST_READ = 4000
_MOST_NAMED = 3
# Of so many refuted assertions the codes that were meant are looked up: no picture shows more.
_MOST_REFUTED = 100
# A page that tells what is wrong has so many findings; more are for `kg findings`.
_MOST_FINDINGS = 60


def drawn(
    store: Callable[[], GraphStore],
    resolve: Callable[[str | Concept], Concept],
    focus: Sequence[Concept],
    paths: Sequence[Path],
    *,
    lesson: str | FilePath | None,
    layout: str | FilePath | None,
    trust: str,
    as_of: str,
    depth: int,
    findings: Sequence[Finding] | None,
    **options: Any,
) -> Drawing:
    """The drawing of a focus, paths, a lesson or findings; packages come in only where one of them is asked for.

    `store` opens the store, which may take long for another day.
    """
    steps = read_lesson(lesson, resolve) if lesson else None
    asks_for_packages = any(concept.kind is Kind.NDC for concept in (*focus, *(steps.concepts if steps else ())))
    excerpt = Excerpt(store(), in_file(trust), RELEASED if asks_for_packages else WITHOUT_PACKAGES, trust, as_of)
    saved = layout or (steps.layout if steps else "")
    places = read_layout(saved) if saved else None
    if findings is not None:
        return excerpt.draw_findings(findings, layout=places, **options)
    return excerpt.draw(focus, paths, lesson=steps, layout=places, depth=depth, **options)


def in_file(trust: str) -> tuple[Verdict, ...]:
    """The verdicts of what goes into a file: those down to the trust, and `refuted`, which is always drawn as that.

    >>> [verdict.value for verdict in in_file("consistent")]
    ['corroborated', 'consistent', 'refuted']
    """
    return tuple(dict.fromkeys((*Verdict.floor(trust), Verdict.REFUTED)))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A store, and what of it counts: verdicts, and the relations that releases state."""

    store: GraphStore
    verdicts: tuple[Verdict, ...]
    released: tuple[Relation, ...]
    trust: str
    as_of: str = ""

    def draw(
        self,
        focus: Sequence[Concept],
        paths: Sequence[Path],
        *,
        depth: int,
        max_nodes: int,
        lesson: Lesson | None,
        notes: Sequence[str] = (),
        ahead: int = 1,
        **options: Any,
    ) -> Drawing:
        """The drawing of all that is within so many steps of the focus; so many steps `ahead` wait in the file."""
        start = focus or (lesson.focus if lesson else ())
        beyond = self.beyond(start, max(IN_FILE, max_nodes))
        near, passed_over = self.around(start, depth + ahead, beyond)
        ends = tuple(dict.fromkeys(end for path in paths for end in (path.concepts[0], path.concepts[-1])))
        near += self.refuted_at(ends if not start else ())
        meant, meant_lines = self.meant(near, start or ends)
        lesson = replace(lesson, below=self.below(lesson.concepts)) if lesson else None
        lesson_connections, _ = self.around(lesson.concepts if lesson else (), 1)
        lesson_ends = {end for connection in lesson_connections for end in (connection.subject, connection.object)}
        unread = Counter(concept.kind for concept in beyond - lesson_ends)
        # Between the ends of paths nothing is near or far.
        bound = depth if start else None
        page_notes = [*notes, *_passed_over_notes(passed_over)]
        drawing = draw(
            [*near, *lesson_connections, *meant_lines], focus, paths=paths, lesson=lesson, depth=bound,
            max_nodes=max_nodes, notes=page_notes, unread=unread, meant=meant, **options,
        )  # fmt: skip
        return replace(drawing, background=self.background(drawing.selection))

    def draw_findings(self, findings: Sequence[Finding], *, title: str | None, **options: Any) -> Drawing:
        """The drawing of the worst that is wrong: the lines that findings speak against, and what hangs on them."""
        words, told = texts()["gathering"], sorted(findings, key=worst_first)[:_MOST_FINDINGS]
        if not told:
            raise NotFound("no findings: nothing that is known speaks against these documents")
        codes = list(dict.fromkeys(finding.concept for finding in told))
        documents = {finding.assertion.evidence.document for finding in told}
        near, _ = self.around(codes, 1)
        meant, meant_lines = self.meant(near, codes)
        own, hanging = (
            [finding for finding in part if finding.assertion.evidence.document in documents]
            for part in findings_by_link(self.store, dict.fromkeys(said for each in near for said in each.assertions))
        )
        wrong = {finding.assertion for finding in (*own, *hanging)}
        lines = [connection for connection in near if not wrong.isdisjoint(connection.assertions)]
        left = len(findings) - len(told)
        drawing = draw(
            [*lines, *meant_lines], codes, title=title or words["findings"], meant=meant, opens="findings",
            notes=[words["moreFindings"].format(count=f"{left:,}")] if left else (), **options,
        )  # fmt: skip
        background = self.background(drawing.selection)
        return replace(drawing, background=replace(background, findings=told, hanging=hanging))

    def beyond(self, focus: Sequence[Concept], room: int) -> set[Concept]:
        """What hubs in the focus connect to beyond so many concepts, which is not even read.

        As in a selection, some of what is refuted comes first, then what has better verdicts, and of equals every kind
        gives up in turn.
        """
        adjacency = self.store.adjacency
        rows, counted = adjacency.down_to(self.verdicts[-1]), {verdict.rank for verdict in self.verdicts}
        near, beyond = set(focus), set[Concept]()
        for concept in focus:
            node = adjacency.node(concept.curie)
            if node is None or rows.degree(node) <= room:
                continue
            ranks: dict[Concept, int] = {}
            steps = (step for group in rows.groups(node) for step in rows.steps(group))
            for step in (step for step in steps if rows.rank[step] in counted):
                neighbour = concept_called(adjacency.curie(rows.neighbour[step]))
                ranks[neighbour] = min(rows.rank[step], ranks.get(neighbour, rows.rank[step]))
            by_rank = in_turn(ranks, ranks)
            refuted = [neighbour for neighbour in by_rank if ranks[neighbour] == Verdict.REFUTED.rank]
            ordered = list(dict.fromkeys([*refuted[: room // REFUTED_SHARE], *by_rank]))
            near.update(ordered[:room])
            beyond.update(ordered[room:])
        return beyond - near

    def around(
        self, concepts: Sequence[Concept], steps: int, beyond: Collection[Concept] = ()
    ) -> tuple[list[Connection], list[Concept]]:
        """The connections within so many steps of concepts, those that documents exclude among them.

        What touches a concept `beyond` is left out. After the first step, concepts that connect to more than there is
        room for are passed over; they come second.
        """
        nearby: dict[Connection, None] = {}
        seen, passed_over = dict.fromkeys(concepts), list[Concept]()
        ring, room = list(seen), _MOST_READ
        for step in range(steps):
            if step:
                ring, costly, room = self._affordable(ring, room)
                passed_over.extend(costly)
            ring_connections = self._touching(ring, beyond) if ring else []
            if not step:
                room = max(0, room - sum(len(connection.assertions) for connection in ring_connections))
            nearby |= dict.fromkeys(ring_connections)
            ends = dict.fromkeys(
                end for connection in ring_connections for end in (connection.subject, connection.object)
            )
            ring = [end for end in ends if end not in seen]
            seen |= dict.fromkeys(ring)
        return list(nearby), passed_over

    def _affordable(self, ring: Sequence[Concept], room: int) -> tuple[list[Concept], list[Concept], int]:
        """What of a ring can be read, those that connect to little first; what cannot; and the room that is left."""
        sizes = mentions(self.store, ring)
        ordered = sorted(ring, key=lambda concept: (sizes[concept], concept.curie))
        sums = list(accumulate(sizes[concept] for concept in ordered))
        fit = bisect_right(sums, room)
        return ordered[:fit], ordered[fit:][::-1], room - (sums[fit - 1] if fit else 0)

    def _touching(self, concepts: Sequence[Concept], beyond: Collection[Concept]) -> list[Connection]:
        return connections(
            self.store, concepts=concepts, polarity=None, verdicts=self.verdicts, released=self.released, without=beyond
        )

    def refuted_at(self, concepts: Sequence[Concept]) -> list[Connection]:
        """What is refuted of concepts, the first as far as a picture shows it."""
        found = self._touching(concepts, ()) if concepts else []
        return [each for each in found if each.verdict is Verdict.REFUTED][:_MOST_REFUTED]

    def below(self, concepts: Sequence[Concept]) -> tuple[Connection, ...]:
        """The connections between concepts that the graph has and the trust chosen leaves out."""
        verdicts = tuple(verdict for verdict in Verdict if verdict not in self.verdicts)
        if not verdicts:
            return ()
        among = set(concepts)
        found = connections(
            self.store, concepts=concepts, polarity=None, verdicts=verdicts, released=self.released, without=()
        )
        return tuple(each for each in found if {each.subject, each.object} <= among)

    def meant(self, near: Sequence[Connection], focus: Collection[Concept]) -> tuple[list[Concept], list[Connection]]:
        """The codes that were meant where something at the focus is refuted, and which drugs they are."""
        claims = [
            assertion
            for connection in near
            if connection.verdict is Verdict.REFUTED
            if not {connection.subject, connection.object}.isdisjoint(focus)
            for assertion in connection.assertions
        ]
        findings, _ = findings_by_link(self.store, claims[:_MOST_REFUTED])
        codes = list(dict.fromkeys(finding.suggestion for finding in findings if finding.suggestion))
        identities = (Relation.IDENTIFIES_DRUG,)
        lines = connections(
            self.store, concepts=codes, relations=identities, verdicts=self.verdicts, released=identities
        )
        return codes, [line for line in lines if line.subject in codes]

    def background(self, selection: Selection) -> Background:
        """What a page tells of a selection beside its connections."""
        cited_assertions = dict.fromkeys(
            assertion for connection in selection.connections for assertion in connection.assertions
        )
        own, others = findings_by_link(self.store, cited_assertions)
        findings = [*own, *others]
        cited = [assertion.evidence for assertion in cited_assertions] + [
            finding.opposed_by for finding in findings if finding.opposed_by
        ]
        codes = (concept for concept in selection.concepts if concept.kind.is_code)
        return Background(
            titles={**releases(self.store), **titles(self.store, (evidence.document for evidence in cited))},
            validity={code: tuple(_validity(validity)) for code, validity in validities(self.store, codes).items()},
            brands=brands(self.store, (one for one in selection.concepts if one.kind is Kind.DRUG)),
            findings=own,
            hanging=others,
            trust=self.trust,
            as_of=self.as_of,
        )


def _passed_over_notes(passed_over: Sequence[Concept]) -> Iterator[str]:
    """What a page says of concepts that were passed over."""
    if not passed_over:
        return
    words = texts()["gathering"]
    names = [concept.key if concept.kind.is_code else concept.label for concept in passed_over[:_MOST_NAMED]]
    more = len(passed_over) - len(names)
    listed = words["more"].format(concepts=", ".join(names), count=more) if more else ", ".join(names)
    yield words["passedOver"].format(concepts=listed)


def _validity(validity: Validity) -> Iterator[str]:
    """Since when and how a code holds, in words."""
    words = texts()["validity"]
    if validity.missing_from:
        yield words["missing"].format(release=validity.missing_from)
    if validity.valid_from:
        yield words["from"].format(day=validity.valid_from)
    if validity.valid_through:
        yield words["through"].format(day=validity.valid_through)
    if validity.billable is False:
        yield words["heading"]
