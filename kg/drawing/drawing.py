"""Drawings: what is to be shown, and the page that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path as File
from typing import Any

from kg.drawing.lesson import Lesson
from kg.drawing.payload import Background, payload
from kg.drawing.saved import Layout
from kg.drawing.selection import Selection, most_connected, select
from kg.drawing.texts import texts
from kg.drawing.writing import page, still_part
from kg.errors import UnknownName, UsageError
from kg.model import Concept, Connection, Kind, Path
from kg.whole_files import opened

QUOTES = ("full", "short", "none")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A part of the graph, chosen to be read, which can be written as a page.

    The same connections give the same page, byte for byte, whatever order they came in. In a notebook, a drawing
    shows itself.
    """

    title: str
    notes: tuple[str, ...]
    quotes: str
    paths: tuple[Path, ...] = field(repr=False)
    selection: Selection = field(repr=False)
    lesson: Lesson | None = field(default=None, repr=False)
    layout: Layout | None = field(default=None, repr=False)
    background: Background = field(default_factory=Background, repr=False)
    opens: str = ""

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """The concepts that the page shows at first."""
        return self.selection.concepts[: self.selection.drawn]

    @property
    def connections(self) -> tuple[Connection, ...]:
        """The connections between these."""
        return self.selection.drawn_connections

    @property
    def waiting(self) -> tuple[Concept, ...]:
        """The concepts that wait in the file to be expanded."""
        return self.selection.concepts[self.selection.drawn :]

    @property
    def left_out(self) -> dict[Kind, int]:
        """How many concepts are not even in the file, for want of room, by kind."""
        return dict(self.selection.left_out)

    @property
    def misplaced(self) -> int:
        """How many places of the layout are of concepts that the file does not have."""
        curies = {curie for places in (self.layout or {}).values() for curie in places}
        return len(curies - {concept.curie for concept in self.selection.concepts})

    def html(self) -> str:
        """The page: one HTML file that needs no other and no network."""
        return page(self._payload())

    def _payload(self) -> dict[str, Any]:
        return payload(
            self.selection,
            title=self.title,
            notes=self.notes,
            paths=self.paths,
            quotes=self.quotes,
            lesson=self.lesson,
            layout=self.layout,
            background=self.background,
            opens=self.opens,
        )

    def save(self, file: str | File) -> File:
        """Write the page whole or not at all, in UTF-8 whatever the machine's default; gives back the path."""
        path = File(file)
        content = self.html().encode("utf-8")
        with opened(path) as out:
            out.write(content)
        return path

    def _repr_html_(self) -> str:
        """The page in a frame of its own, as Jupyter shows it, without a network.

        Of a notebook that is not trusted Jupyter shows no frame, so that picture and table stand below it, folded.
        """
        data = self._payload()
        frame = (
            f'<iframe srcdoc="{escape(page(data))}" title="{escape(self.title)}" sandbox="allow-scripts '
            'allow-downloads allow-modals" style="width: 100%; height: 680px; border: 1px solid #c9cfd6"></iframe>'
        )
        summary = escape(texts()["page"]["noScriptName"])
        return f"{frame}<details><summary>{summary}</summary>{still_part(data)}</details>"


def draw(
    connections: Iterable[Connection],
    focus: Iterable[Concept] = (),
    *,
    title: str | None = None,
    paths: Iterable[Path] = (),
    notes: Sequence[str] = (),
    max_nodes: int = 150,
    depth: int | None = None,
    quotes: str = "full",
    lesson: Lesson | None = None,
    layout: Layout | None = None,
    background: Background | None = None,
    unread: Mapping[Kind, int] | None = None,
    meant: Sequence[Concept] = (),
    opens: str = "",
) -> Drawing:
    """Draw the neighbourhood of one or more concepts, or paths, or both.

    `connections` may hold more than a page can show: the concepts closest to `focus` are drawn, the better
    verdicts first, up to `max_nodes` and `depth` steps away; the others wait in the file to be expanded, and the page
    says what was left out. Without a focus, it is that of the lesson, the ends of the paths, or the concept with the
    most connections. `notes` are lines for the reader; `quotes` is how much of the documents' words goes into the
    file: `full`, `short` or `none`. `unread` counts concepts that `connections` lack for want of room, by kind. Codes
    that were `meant` where something is refuted are in the file, and drawn beside what they are taken for. `opens` is
    what stands there first, `graph`, `findings` or `table`; by itself findings where a code of the focus is refuted.

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
    every_connection, ways = list(connections), tuple(path for path in paths if path.hops)
    chosen = _focus(focus, lesson, ways, every_connection)
    keep = _taught(lesson, every_connection) if lesson else ()
    selection = select(every_connection, chosen, ways, max_nodes, depth=depth, keep=keep, unread=unread, meant=meant)
    page_title = title or (lesson.title if lesson else None) or _title(selection, ways)
    return Drawing(page_title, tuple(notes), quotes, ways, selection, lesson, layout, background or Background(), opens)


def _taught(lesson: Lesson, connections: Sequence[Connection]) -> list[Concept]:
    """All that a lesson names and shows, which is always drawn; what it names and the graph lacks is refused here."""
    shown = {concept for concepts, _ in lesson.shown(connections) for concept in concepts}
    return [*lesson.concepts, *sorted(shown.difference(lesson.concepts), key=lambda concept: concept.curie)]


def _focus(
    focus: Iterable[Concept], lesson: Lesson | None, paths: Sequence[Path], connections: Iterable[Connection]
) -> list[Concept]:
    """What the page is drawn around."""
    ends = (end for path in paths for end in (path.concepts[0], path.concepts[-1]))
    chosen = list(dict.fromkeys(focus)) or list(lesson.focus if lesson else ()) or list(dict.fromkeys(ends))
    if chosen:
        return chosen
    hub = most_connected(connections)
    if hub is None:
        raise UsageError("nothing to draw: no connections, no focus and no path")
    return [hub]


def _title(selection: Selection, paths: Sequence[Path]) -> str:
    if paths:
        ends = paths[0].concepts
        return f"From {_label(selection, ends[0])} to {_label(selection, ends[-1])}"
    return ", ".join(selection.concepts[number].label for number in sorted(selection.focus))


def _label(selection: Selection, concept: Concept) -> str:
    return selection.concepts[selection.numbers[concept]].label
