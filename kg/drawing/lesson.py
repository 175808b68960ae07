"""Lessons: what of a page appears in which order, read from a YAML file.

The file is hostile input: it is composed into nodes and never constructed into objects, and anchors, aliases and tags
are refused. Every node keeps its line, so that what is wrong can be named with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from kg.drawing.selection import Selection
from kg.drawing.small_files import read_small
from kg.errors import KgError, MissingExtra, NotFound, UsageError
from kg.model import Concept, Connection, Polarity, Relation

_MOST_BYTES = 1_000_000
_MOST_TOKENS = 50_000
_DEEPEST = 20
_LESSON_KEYS = ("title", "focus", "notes", "steps")
_STEP_KEYS = ("title", "show", "edges", "notes")

Edge = tuple[Concept, Relation, Concept]
Resolve = Callable[[str], Concept]
# The concepts and the connections that appear with a step.
Appearing = tuple[tuple[Concept, ...], tuple[Connection, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the concepts, relations and edges that appear with it. `lines` says where each edge stands."""

    title: str
    notes: str = ""
    concepts: tuple[Concept, ...] = ()
    relations: tuple[Relation, ...] = ()
    edges: tuple[Edge, ...] = ()
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson, with its concepts resolved; `file` is where it was read."""

    title: str
    focus: tuple[Concept, ...]
    notes: dict[Concept, str]
    steps: tuple[Step, ...]
    file: str = field(default="lesson", compare=False)

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """All concepts that the lesson names, in its order."""
        shown = (end for step in self.steps for end in (*step.concepts, *_ends(step.edges)))
        return tuple(dict.fromkeys((*self.focus, *shown)))

    def shown(self, connections: Sequence[Connection]) -> list[Appearing]:
        """What appears with each step; raises `NotFound` for an edge that is not among the connections."""
        so_far = _SoFar(self, connections)
        return [so_far.step(number) for number in range(len(self.steps))]

    def to_json(self, selection: Selection) -> dict[str, Any]:
        """What a page is told: for each step, the numbers of the concepts and connections that appear with it."""
        numbers = selection.numbers
        places = {connection: number for number, connection in enumerate(selection.connections)}
        return {
            "title": self.title,
            "steps": [
                {
                    "title": step.title,
                    **({"notes": step.notes} if step.notes else {}),
                    "concepts": [numbers[concept] for concept in concepts],
                    "connections": [places[connection] for connection in joined],
                }
                for step, (concepts, joined) in zip(self.steps, self.shown(selection.connections), strict=True)
            ],
        }


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
        before = set(self._concepts), set(self._edges)
        self._concepts |= dict.fromkeys((*step.concepts, *_ends(step.edges)))
        self._concepts |= dict.fromkeys(self._related(step))
        self._edges |= dict.fromkeys(
            connection
            for connection in self._connections
            if self._is_due(connection, number)
            and connection.subject in self._concepts
            and connection.object in self._concepts
        )
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

    def _require_edges(self, step: Step) -> None:
        for edge, line in zip(step.edges, step.lines, strict=True):
            if edge not in self._known_edges:
                words = f"{edge[0].key} {edge[1].value} {edge[2].key}"
                raise NotFound(f"{self._lesson.file}:{line}: not in the graph at this trust: {words}")


def _ends(edges: Iterable[Edge]) -> Iterator[Concept]:
    return (end for subject, _, object_ in edges for end in (subject, object_))


def _edge(connection: Connection) -> Edge:
    return connection.subject, connection.relation, connection.object


def read_lesson(file: str | Path, resolve: Resolve) -> Lesson:
    """The lesson in a YAML file; `resolve` finds the concept that a code or name means.

    Raises `UsageError` with file, line and value for what is no lesson, `NotFound` for a concept that is not known.
    """
    path = Path(file)
    root = _compose(path)
    reader = _Reader(path, resolve)
    table = reader.table(root, _LESSON_KEYS)
    steps = tuple(reader.step(node) for node in reader.items(table.get("steps"), root, "steps"))
    if not steps:
        reader.refuse(root, "a lesson has at least one of 'steps'")
    focus = tuple(reader.concept(node) for node in reader.list(table.get("focus")))
    return Lesson(
        title=reader.text(table.get("title")) or steps[0].title,
        focus=focus or steps[0].concepts or tuple(_ends(steps[0].edges)),
        notes=reader.notes(table.get("notes")),
        steps=steps,
        file=str(path),
    )


def _compose(path: Path) -> Any:
    try:
        import yaml
    except ModuleNotFoundError as error:
        raise MissingExtra("lessons", "viz") from error
    text = _text(path)
    try:
        _check_tokens(yaml.scan(text, Loader=yaml.SafeLoader), path)
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise UsageError(f"{path}:{line}: not YAML: the character {chr(error.character)!r}") from error
    except yaml.MarkedYAMLError as error:
        place = f"{path}:{error.problem_mark.line + 1}" if error.problem_mark else str(path)
        raise UsageError(f"{place}: not YAML: {error.problem}") from error


def _text(path: Path) -> str:
    content = read_small(path, _MOST_BYTES, "lesson")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8: byte {error.start}") from error


def _check_tokens(tokens: Iterable[Any], path: Path) -> None:
    """Refuse what no lesson needs, token by token: the time that a scanner takes grows with the square of depth."""
    depth = 0
    for number, token in enumerate(tokens):
        name = type(token).__name__
        if number == _MOST_TOKENS:
            raise UsageError(f"{path}:{token.start_mark.line + 1}: too long for a lesson")
        if name in ("AnchorToken", "AliasToken", "TagToken"):
            raise UsageError(f"{path}:{token.start_mark.line + 1}: a lesson has no anchors, aliases or tags")
        depth += name.endswith(("SequenceStartToken", "MappingStartToken"))
        depth -= name.endswith(("SequenceEndToken", "MappingEndToken", "BlockEndToken"))
        if depth > _DEEPEST:
            raise UsageError(f"{path}:{token.start_mark.line + 1}: nested too deep for a lesson")


class _Reader:
    """Reads nodes of YAML, and refuses what they should not be with their line."""

    def __init__(self, path: Path, resolve: Resolve) -> None:
        self._path = path
        self._resolve = resolve

    def refuse(self, node: Any, words: str) -> NoReturn:
        raise UsageError(f"{self._place(node)}: {words}")

    def _place(self, node: Any) -> str:
        return f"{self._path}:{self.line(node)}" if node is not None else str(self._path)

    def line(self, node: Any) -> int:
        return int(node.start_mark.line) + 1

    def pairs(self, node: Any) -> Iterator[tuple[Any, Any]]:
        if node is None or node.id != "mapping":
            self.refuse(node, f"not a table of keys: {_shown(node)}")
        seen = set()
        for key, value in node.value:
            name = self.text(key)
            if name in seen:
                self.refuse(key, f"twice: {name!r}")
            seen.add(name)
            yield key, value

    def table(self, node: Any, keys: Sequence[str]) -> dict[str, Any]:
        entries = {}
        for key, value in self.pairs(node):
            if key.value not in keys:
                self.refuse(key, f"no such key: {key.value!r} (one of {', '.join(keys)})")
            entries[key.value] = value
        return entries

    def text(self, node: Any) -> str:
        if node is None:
            return ""
        if node.id != "scalar":
            self.refuse(node, f"not a text: {_shown(node)}")
        return str(node.value)

    def list(self, node: Any) -> Sequence[Any]:
        if node is None:
            return ()
        if node.id != "sequence":
            self.refuse(node, f"not a list: {_shown(node)}")
        items: Sequence[Any] = node.value
        return items

    def items(self, node: Any, owner: Any, key: str) -> Sequence[Any]:
        nodes = self.list(node)
        if not nodes:
            self.refuse(node if node is not None else owner, f"a lesson has at least one of {key!r}")
        return nodes

    def concept(self, node: Any) -> Concept:
        text = self.text(node)
        try:
            return self._resolve(text)
        except KgError as error:
            raise type(error)(f"{self._place(node)}: {error}") from error

    def notes(self, node: Any) -> dict[Concept, str]:
        return {self.concept(key): self.text(value) for key, value in self.pairs(node)} if node is not None else {}

    def step(self, node: Any) -> Step:
        table = self.table(node, _STEP_KEYS)
        title = self.text(table.get("title"))
        if not title:
            self.refuse(node, "a step has a 'title'")
        shown = self.list(table.get("show"))
        relations = [item for item in shown if item.id == "scalar" and item.value in set(Relation)]
        edges = self.list(table.get("edges"))
        if not shown and not edges and not table.get("notes"):
            self.refuse(node, f"nothing is shown in step {title!r}: it has none of 'show', 'edges' and 'notes'")
        return Step(
            title,
            self.text(table.get("notes")),
            tuple(self.concept(item) for item in shown if item not in relations),
            tuple(Relation(item.value) for item in relations),
            tuple(self.edge(item) for item in edges),
            tuple(self.line(item) for item in edges),
        )

    def edge(self, node: Any) -> Edge:
        parts = self.list(node)
        if len(parts) != 3:
            self.refuse(node, f"an edge is [subject, relation, object], not {_shown(node)}")
        name = self.text(parts[1])
        if name not in set(Relation):
            self.refuse(parts[1], f"no such relation: {name!r}")
        return self.concept(parts[0]), Relation(name), self.concept(parts[2])


def _shown(node: Any) -> str:
    """A node in a message: its text, or what it is made of."""
    if node is None:
        return "nothing"
    return repr(node.value)[:60] if node.id == "scalar" else f"a {node.id}"
