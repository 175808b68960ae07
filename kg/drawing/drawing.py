"""Drawings: what is to be shown, and the page that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path as File

from kg.drawing.selection import Selection, most_connected, select
from kg.errors import Failure, UnknownName, UsageError
from kg.model import Concept, Connection, Kind, Path

QUOTES = ("full", "short", "none")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A part of the graph, chosen to be read, which can be written as a page.

    The same connections give the same page, byte for byte, whatever order they came in.
    """

    title: str
    notes: tuple[str, ...]
    quotes: str
    paths: tuple[Path, ...] = field(repr=False)
    selection: Selection = field(repr=False)

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """The concepts that the page shows."""
        return self.selection.concepts

    @property
    def connections(self) -> tuple[Connection, ...]:
        """The connections that the page shows: the rows of its table."""
        return self.selection.connections

    @property
    def left_out(self) -> dict[Kind, int]:
        """How many concepts were left out for want of room, by kind."""
        return dict(self.selection.left_out)

    def html(self) -> str:
        """The page: one HTML file that needs no other and no network."""
        from kg.drawing.page import page
        from kg.drawing.payload import payload

        data = payload(self.selection, title=self.title, notes=self.notes, paths=self.paths, quotes=self.quotes)
        return page(data)

    def save(self, file: str | File) -> File:
        """Write the page, in UTF-8 whatever the machine's default; gives back the path."""
        path = File(file)
        content = self.html().encode("utf-8")
        try:
            path.write_bytes(content)
        except OSError as error:
            raise Failure(f"cannot write {path}: {error.strerror or error}") from error
        return path


def draw(
    connections: Iterable[Connection],
    focus: Iterable[Concept] = (),
    *,
    title: str | None = None,
    paths: Iterable[Path] = (),
    notes: Sequence[str] = (),
    max_nodes: int = 150,
    quotes: str = "full",
) -> Drawing:
    """Draw the neighbourhood of one or more concepts, or paths, or both.

    `connections` may hold more than a page can show: the concepts closest to `focus` are kept, the better
    verdicts first, up to `max_nodes`, and the page says what was left out. Without a focus, it is the ends of
    the paths, or the concept with the most connections. `notes` are lines for the reader, such as what a
    trust floor hides; `quotes` is how much of the documents' words goes into the file: `full`, `short` or
    `none`.

    >>> from kg.model import Assertion, Concept, Connection, Evidence, Relation, Verdict
    >>> code, modifier = Concept.parse("J3262", "Tocilizumab"), Concept.parse("modifier:JW")
    >>> said = Assertion(code, Relation.ACCEPTS_MODIFIER, modifier, Evidence("guide", 0, 2, "JW", 1))
    >>> drawing = draw([Connection(code, said.relation, modifier, Verdict.UNCHECKED, (said,))], [code])
    >>> drawing.title, len(drawing.concepts)
    ('J3262 Tocilizumab', 2)
    """
    if quotes not in QUOTES:
        raise UnknownName(f"no such amount of quotes: {quotes!r} (one of {', '.join(QUOTES)})")
    if max_nodes < 1:
        raise UsageError(f"not a number of nodes: {max_nodes}")
    given, ways = list(connections), tuple(path for path in paths if path.hops)
    ends = [end for path in ways for end in (path.concepts[0], path.concepts[-1])]
    chosen = list(dict.fromkeys(focus)) or list(dict.fromkeys(ends))
    if not chosen:
        found = most_connected(given)
        if found is None:
            raise UsageError("nothing to draw: no connections, no focus and no path")
        chosen = [found]
    selection = select(given, chosen, ways, max_nodes)
    return Drawing(title or _title(selection, ways), tuple(notes), quotes, ways, selection)


def _title(selection: Selection, paths: Sequence[Path]) -> str:
    if paths:
        ends = paths[0].concepts
        return f"From {_named(selection, ends[0])} to {_named(selection, ends[-1])}"
    return ", ".join(selection.concepts[number].label for number in sorted(selection.focus))


def _named(selection: Selection, concept: Concept) -> str:
    return selection.concepts[selection.numbers[concept]].label
