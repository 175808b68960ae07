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
from kg.errors import Failure, KgError, MissingExtra, NotFound, UsageError
from kg.model import Concept, Connection, Relation

_MOST_BYTES = 1_000_000
_LESSON_KEYS = ("title", "focus", "notes", "steps")
_STEP_KEYS = ("title", "show", "edges", "notes")

Edge = tuple[Concept, Relation, Concept]
Resolve = Callable[[str], Concept]


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

    def to_json(self, selection: Selection) -> dict[str, Any]:
        """What a page is told: for each step, the numbers of the concepts and connections that appear with it."""
        shown = _Shown(self, selection)
        return {"title": self.title, "steps": [shown.step(number) for number in range(len(self.steps))]}


class _Shown:
    """What a lesson has shown so far of a selection."""

    def __init__(self, lesson: Lesson, selection: Selection) -> None:
        self._lesson = lesson
        self._numbers = selection.numbers
        self._connections = selection.drawn_connections
        self._places = {each: number for number, each in enumerate(selection.connections)}
        self._concepts: dict[Concept, None] = {}
        self._edges: dict[Connection, None] = {}
        self._due = {each: self._first_step(each) for each in self._connections}

    def step(self, number: int) -> dict[str, Any]:
        """The concepts and connections that appear at a step."""
        step = self._lesson.steps[number]
        self._require_edges(step)
        before = set(self._concepts), set(self._edges)
        # A relation is shown of what the lesson speaks of so far, its own step included.
        self._concepts |= dict.fromkeys((*step.concepts, *_ends(step.edges)))
        known = {*self._concepts, *self._lesson.focus}
        self._concepts |= dict.fromkeys(
            end
            for each in self._connections
            if each.relation in step.relations and not known.isdisjoint((each.subject, each.object))
            for end in (each.subject, each.object)
        )
        self._edges |= dict.fromkeys(
            each
            for each, due in self._due.items()
            if due <= number and each.subject in self._concepts and each.object in self._concepts
        )
        data: dict[str, Any] = {"title": step.title, **({"notes": step.notes} if step.notes else {})}
        data["concepts"] = [self._numbers[each] for each in self._concepts if each not in before[0]]
        data["connections"] = [self._places[each] for each in self._edges if each not in before[1]]
        return data

    def _first_step(self, connection: Connection) -> int:
        """The first step that names a connection, by itself or by its relation; 0 where none does."""
        edge = _edge(connection)
        named = (n for n, step in enumerate(self._lesson.steps) if edge in step.edges or edge[1] in step.relations)
        return next(named, 0)

    def _require_edges(self, step: Step) -> None:
        known = {_edge(each) for each in self._connections}
        for edge, line in zip(step.edges, step.lines, strict=True):
            if edge not in known:
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
    found = reader.table(root, _LESSON_KEYS)
    steps = tuple(reader.step(node) for node in reader.items(found.get("steps"), root, "steps"))
    if not steps:
        reader.refuse(root, "a lesson has at least one of 'steps'")
    focus = tuple(reader.concept(node) for node in reader.list(found.get("focus")))
    return Lesson(
        title=reader.text(found.get("title")) or steps[0].title,
        focus=focus or steps[0].concepts or tuple(_ends(steps[0].edges)),
        notes=reader.notes(found.get("notes")),
        steps=steps,
        file=str(path),
    )


def _compose(path: Path) -> Any:
    try:
        import yaml
    except ModuleNotFoundError as error:
        raise MissingExtra("lessons", "viz") from error
    try:
        with path.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        raise Failure(f"cannot read {path}: {error.strerror or error}") from error
    if len(content) > _MOST_BYTES:
        raise UsageError(f"{path}: a lesson has at most {_MOST_BYTES:,} bytes")
    try:
        text = content.decode("utf-8")
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken):
                line = token.start_mark.line + 1
                raise UsageError(f"{path}:{line}: a lesson has no anchors, aliases or tags")
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8: byte {error.start}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        raise UsageError(f"{place}: not YAML: {getattr(error, 'problem', None) or error}") from error
    except RecursionError as error:
        raise UsageError(f"{path}: nested too deep for a lesson") from error


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
        found = {}
        for key, value in self.pairs(node):
            if key.value not in keys:
                self.refuse(key, f"no such key: {key.value!r} (one of {', '.join(keys)})")
            found[key.value] = value
        return found

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
        found = self.list(node)
        if not found:
            self.refuse(node if node is not None else owner, f"a lesson has at least one of {key!r}")
        return found

    def concept(self, node: Any) -> Concept:
        text = self.text(node)
        try:
            return self._resolve(text)
        except KgError as error:
            raise type(error)(f"{self._place(node)}: {error}") from error

    def notes(self, node: Any) -> dict[Concept, str]:
        return {self.concept(key): self.text(value) for key, value in self.pairs(node)} if node is not None else {}

    def step(self, node: Any) -> Step:
        found = self.table(node, _STEP_KEYS)
        title = self.text(found.get("title"))
        if not title:
            self.refuse(node, "a step has a 'title'")
        shown = self.list(found.get("show"))
        relations = [each for each in shown if each.id == "scalar" and each.value in set(Relation)]
        edges = self.list(found.get("edges"))
        if not shown and not edges and not found.get("notes"):
            self.refuse(node, f"nothing is shown in step {title!r}: it has none of 'show', 'edges' and 'notes'")
        return Step(
            title,
            self.text(found.get("notes")),
            tuple(self.concept(each) for each in shown if each not in relations),
            tuple(Relation(each.value) for each in relations),
            tuple(self.edge(each) for each in edges),
            tuple(self.line(each) for each in edges),
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
