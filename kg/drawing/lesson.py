"""Lessons: what of a page appears in which order, what stands out, and what is said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from kg.drawing.selection import Selection
from kg.errors import NotFound, UsageError
from kg.model import Concept, Connection, Polarity, Relation

Edge = tuple[Concept, Relation, Concept]
# The concepts and the connections that appear with a step.
Appearing = tuple[tuple[Concept, ...], tuple[Connection, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the concepts, relations and edges that appear with it, and what is done with what is shown.

    `say` is for the class, `notes` are for the presenter. What is to `hide` is put away until it is shown again, `only`
    shows no more than some concepts at this step alone, what is `marked` stands out, and `opened` is the line whose
    evidence is shown. The lines say where in the file edges, concepts and keys stand.
    """

    title: str
    notes: str = ""
    concepts: tuple[Concept, ...] = ()
    relations: tuple[Relation, ...] = ()
    edges: tuple[Edge, ...] = ()
    lines: tuple[int, ...] = field(default=(), compare=False)
    say: str = ""
    hide: tuple[Concept, ...] = ()
    only: tuple[Concept, ...] = ()
    marked: tuple[Concept, ...] = ()
    marked_edges: tuple[Edge, ...] = ()
    opened: Edge | None = None
    named_lines: tuple[int, ...] = field(default=(), compare=False)
    key_lines: Mapping[str, int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson, with its concepts resolved; `file` is where it was read, `layout` the file of a layout.

    `below` are connections of what it names that the graph has below the trust chosen; None where nobody looked.
    """

    title: str
    focus: tuple[Concept, ...]
    notes: dict[Concept, str]
    steps: tuple[Step, ...]
    file: str = field(default="lesson", compare=False)
    layout: str = ""
    below: tuple[Connection, ...] | None = field(default=None, compare=False, repr=False)

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """All concepts that the lesson names, in its order."""
        shown = (end for step in self.steps for end in (*step.concepts, *ends_of(step.edges)))
        return tuple(dict.fromkeys((*self.focus, *shown)))

    def shown(self, connections: Sequence[Connection]) -> list[Appearing]:
        """What appears with each step; raises `NotFound` for an edge that is not among the connections."""
        so_far = _SoFar(self, connections)
        return [so_far.step(number) for number in range(len(self.steps))]

    def in_sight(self, connections: Sequence[Connection]) -> list[Appearing]:
        """What is in the picture at each step: all that has appeared and is not put away, or what alone is shown."""
        standing, joined = dict[Concept, None](), dict[Connection, None]()
        steps = []
        for step, (concepts, edges) in zip(self.steps, self.shown(connections), strict=True):
            for concept in step.hide:
                standing.pop(concept, None)
            standing |= dict.fromkeys(concepts)
            joined |= dict.fromkeys(edges)
            among = [concept for concept in standing if not step.only or concept in step.only]
            ends = set(among)
            steps.append((tuple(among), tuple(each for each in joined if {each.subject, each.object} <= ends)))
        return steps

    def unconnected(self, connections: Sequence[Connection]) -> list[str]:
        """What steps name and nothing that the lesson shows connects to, each with its line and the reason."""
        appearing = self.shown(connections)
        joined = {end for _, edges in appearing for edge in edges for end in (edge.subject, edge.object)}
        shown = {concept for concepts, _ in appearing for concept in concepts}
        named = (
            (concept, line)
            for step in self.steps
            for concept, line in zip(step.concepts, step.named_lines, strict=False)
        )
        return [
            f"{self.file}:{line}: {self._why_alone(concept, shown)}"
            for concept, line in named
            if concept not in joined and concept not in self.focus[:1]
        ]

    def _why_alone(self, concept: Concept, shown: Collection[Concept]) -> str:
        """Why no line leads to a concept: there is none, or only one below the trust chosen."""
        if self.below is None:
            return f"nothing that the lesson shows connects to {concept.label} at this trust"
        for each in self.below:
            if concept in (each.subject, each.object) and {each.subject, each.object} <= set(shown):
                words = f"{_words(_edge(each))} is {each.verdict.value}"
                return f"{concept.label} is connected only below the trust chosen: {words}"
        return f"nothing that the lesson shows connects to {concept.label}: the graph has no such line at any trust"

    def to_json(self, selection: Selection) -> dict[str, Any]:
        """What a page is told: for each step, the numbers of the concepts and connections that appear with it."""
        numbers = selection.numbers
        places = {connection: number for number, connection in enumerate(selection.connections)}
        return {
            "title": self.title,
            "steps": [
                {
                    "title": step.title,
                    **_done(step, selection),
                    "concepts": [numbers[concept] for concept in concepts],
                    "connections": [places[connection] for connection in joined],
                }
                for step, (concepts, joined) in zip(self.steps, self.shown(selection.connections), strict=True)
            ],
        }


def _done(step: Step, selection: Selection) -> dict[str, Any]:
    """What a step does with what is shown, as a page reads it; what it does not do is left out."""
    numbers = selection.numbers
    edges = {_edge(connection): place for place, connection in reversed(list(enumerate(selection.connections)))}
    done = {
        "notes": step.notes,
        "say": step.say,
        "hide": [numbers[concept] for concept in step.hide if concept in numbers],
        "only": [numbers[concept] for concept in step.only],
        "marked": [numbers[concept] for concept in (*step.marked, *ends_of(step.marked_edges))],
        "markedLines": [edges[edge] for edge in step.marked_edges],
        "opened": [edges[step.opened]] if step.opened else [],
    }
    return {key: value for key, value in done.items() if value}


class _SoFar:
    """What a lesson has shown so far of connections."""

    def __init__(self, lesson: Lesson, connections: Sequence[Connection]) -> None:
        self._lesson = lesson
        self._connections = connections
        self._known_edges = {_edge(connection) for connection in connections}
        self._concepts: dict[Concept, None] = {}
        self._edges: dict[Connection, None] = {}

    def step(self, number: int) -> Appearing:
        """The concepts and connections that appear at a step."""
        step = self._lesson.steps[number]
        self._require_edges(step)
        for concept in step.hide:
            self._concepts.pop(concept, None)
        before = set(self._concepts), set(self._edges)
        self._concepts |= dict.fromkeys((*step.concepts, *ends_of(step.edges)))
        self._concepts |= dict.fromkeys(self._related(step))
        self._edges |= dict.fromkeys(
            connection
            for connection in self._connections
            if self._is_due(connection, number)
            and connection.subject in self._concepts
            and connection.object in self._concepts
        )
        self._require_shown(step)
        return (
            tuple(concept for concept in self._concepts if concept not in before[0]),
            tuple(edge for edge in self._edges if edge not in before[1]),
        )

    def _related(self, step: Step) -> Iterator[Concept]:
        """What the relations of a step lead to, from all that the lesson speaks of so far, this step included.

        What documents exclude is not led to: the page would show it with no line, unless it is asked for.
        """
        concepts = {*self._concepts, *self._lesson.focus}
        for connection in self._connections:
            ends = connection.subject, connection.object
            if (
                connection.relation in step.relations
                and connection.polarity is Polarity.AFFIRMED
                and not concepts.isdisjoint(ends)
            ):
                yield from ends

    def _is_due(self, connection: Connection, number: int) -> bool:
        """Whether a connection may stand at a step: no step that is still to come names it.

        By itself it may be named once; a relation may be named again for what has come in between.
        """
        edge, steps = _edge(connection), self._lesson.steps
        by_itself = next((place for place, step in enumerate(steps) if edge in step.edges), None)
        if by_itself is not None:
            return by_itself <= number
        return edge[1] in steps[number].relations or all(edge[1] not in step.relations for step in steps[number:])

    def _require_shown(self, step: Step) -> None:
        """What a step marks, opens or leaves alone has to be shown by then."""
        edges = {_edge(edge) for edge in self._edges}
        for key, concepts in (("only", step.only), ("highlight", step.marked)):
            for concept in concepts:
                if concept not in self._concepts:
                    self._refuse(step, key, concept.label)
        opened = (step.opened,) if step.opened else ()
        for key, named in (("highlight", step.marked_edges), ("open", opened)):
            for edge in named:
                if edge not in edges:
                    self._refuse(step, key, _words(edge))

    def _refuse(self, step: Step, key: str, words: str) -> NoReturn:
        place = f"{self._lesson.file}:{step.key_lines.get(key, 0)}"
        raise UsageError(f"{place}: {key} names what is not shown by then: {words}")

    def _require_edges(self, step: Step) -> None:
        for edge, line in zip(step.edges, step.lines, strict=True):
            if edge not in self._known_edges:
                raise NotFound(f"{self._lesson.file}:{line}: {self._why_missing(edge)}")

    def _why_missing(self, edge: Edge) -> str:
        """Why a connection cannot be shown: the graph does not have it, or only below the trust chosen."""
        if self._lesson.below is None:
            return f"not in the graph at this trust: {_words(edge)}"
        for each in self._lesson.below:
            if _edge(each) == edge:
                return f"only below the trust chosen: {_words(edge)} is {each.verdict.value}"
        return f"not in the graph at any trust: {_words(edge)}"


def ends_of(edges: Iterable[Edge]) -> Iterator[Concept]:
    """The concepts at the ends of edges."""
    return (end for subject, _, object_ in edges for end in (subject, object_))


def _words(edge: Edge) -> str:
    return f"{edge[0].key} {edge[1].value} {edge[2].key}"


def _edge(connection: Connection) -> Edge:
    return connection.subject, connection.relation, connection.object
