"""A lesson read from a YAML file.

The file is hostile input: it is composed into nodes and never constructed into objects, and anchors, aliases and tags
are refused. Every node keeps its line, so that what is wrong can be named with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from kg.drawing.lesson import Edge, Lesson, Step, ends_of
from kg.drawing.small_files import read_small
from kg.errors import KgError, MissingExtra, UsageError
from kg.model import Concept, Relation

_MOST_BYTES = 1_000_000
_MOST_TOKENS = 50_000
_DEEPEST = 20
_LESSON_KEYS = ("title", "focus", "notes", "layout", "steps")
_STEP_KEYS = ("title", "say", "show", "edges", "hide", "only", "highlight", "open", "notes")

Resolve = Callable[[str], Concept]


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
        focus=focus or steps[0].concepts or tuple(ends_of(steps[0].edges)),
        notes=reader.notes(table.get("notes")),
        steps=steps,
        file=str(path),
        layout=str(path.parent / layout) if (layout := reader.text(table.get("layout"))) else "",
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
        shown, edges = self.list(table.get("show")), self.list(table.get("edges"))
        relations = [item for item in shown if item.id == "scalar" and item.value in set(Relation)]
        named = [item for item in shown if item not in relations]
        if all(table.get(key) is None or not table[key].value for key in _STEP_KEYS[1:]):
            self.refuse(node, f"nothing is shown in step {title!r}: it has none of {', '.join(_STEP_KEYS[1:])}")
        marked = self.list(table.get("highlight"))
        return Step(
            title,
            self.text(table.get("notes")),
            tuple(self.concept(item) for item in named),
            tuple(Relation(item.value) for item in relations),
            tuple(self.edge(item) for item in edges),
            tuple(self.line(item) for item in edges),
            say=self.text(table.get("say")),
            hide=tuple(self.concept(item) for item in self.list(table.get("hide"))),
            only=tuple(self.concept(item) for item in self.list(table.get("only"))),
            marked=tuple(self.concept(item) for item in marked if item.id == "scalar"),
            marked_edges=tuple(self.edge(item) for item in marked if item.id != "scalar"),
            opened=self.edge(table["open"]) if table.get("open") is not None else None,
            named_lines=tuple(self.line(item) for item in named),
            key_lines={key: self.line(value) for key, value in table.items()},
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
