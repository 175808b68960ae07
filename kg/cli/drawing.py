"""`kg draw`: pages that show the graph."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import AsOfOption, StoreOption, Trust, TrustOption
from kg.cli.output import say
from kg.cli.watching import LONG, limited
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg import BillingGraph, Finding
    from kg.drawing import Drawing


class Quotes(StrEnum):
    """How much of the documents' words goes into a page."""

    FULL = "full"
    SHORT = "short"
    NONE = "none"


# What to draw.
ConceptsArgument = Annotated[
    list[str] | None, typer.Argument(help="Codes or names to draw the surroundings of.", show_default=False)
]
PathOption = Annotated[
    tuple[str, str] | None,
    typer.Option("--path", help="Draw the ways between two concepts.", show_default=False),
]
DiagnosisOption = Annotated[
    str | None,
    typer.Option("--for-diagnosis", help="Draw the codes that connect to a diagnosis.", show_default=False),
]
LessonOption = Annotated[
    Path | None,
    typer.Option("--lesson", help="A lesson: what appears in which order, in YAML.", show_default=False),
]
FindingsOption = Annotated[
    bool,
    typer.Option(
        "--findings", help="Draw what the guides say beside what the releases say; the arguments name documents."
    ),
]
LayoutOption = Annotated[Path | None, typer.Option("--layout", help="A layout that a page saved.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(limited(draw, LONG))


def draw(
    concepts: ConceptsArgument = None,
    path: PathOption = None,
    for_diagnosis: DiagnosisOption = None,
    lesson: LessonOption = None,
    findings: FindingsOption = False,
    layout: LayoutOption = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The page to write.")] = Path("billing-kg.html"),
    title: Annotated[str | None, typer.Option("--title", help="Title of the page.", show_default=False)] = None,
    depth: Annotated[int, typer.Option("--depth", min=1, max=4, help="How many steps away to draw.")] = 1,
    max_nodes: Annotated[int, typer.Option("--max-nodes", min=1, help="At most so many nodes in the picture.")] = 150,
    quotes: Annotated[
        Quotes, typer.Option("--quotes", help="How much of the documents' words to put in.")
    ] = Quotes.FULL,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    trust: TrustOption = Trust.DISPUTED,
    as_of: AsOfOption = None,
    store: StoreOption = None,
) -> None:
    """Write one HTML page that shows a part of the graph and opens without a network."""
    import kg

    if not concepts and path is None and for_diagnosis is None and lesson is None and not findings:
        raise UsageError("nothing to draw: name a code, two with --path, a diagnosis, a lesson, or --findings")
    if findings and (path or for_diagnosis or lesson):
        raise UsageError("--findings is a drawing of its own: it goes without --path, --for-diagnosis and --lesson")
    with kg.open(store).at(trust=trust, as_of=as_of) as graph:
        ways = graph.paths(*path, 3).require() if path else ()
        drawing = graph.draw(
            *(() if findings else concepts or ()),
            for_diagnosis=for_diagnosis,
            paths=ways,
            lesson=lesson,
            findings=_findings(graph, concepts or []) if findings else None,
            layout=layout,
            depth=depth,
            title=title,
            max_nodes=max_nodes,
            quotes=quotes,
        )
    page = drawing.save(output).resolve()
    _say_what(drawing, page, layout)
    if open_page:
        typer.launch(page.as_uri())


def _findings(graph: BillingGraph, documents: list[str]) -> list[Finding]:
    """The findings of some documents, or of all."""
    identifiers = graph.require_documents(documents)
    return [each for each in graph.findings() if not identifiers or each.assertion.evidence.document in identifiers]


def _say_what(drawing: Drawing, page: Path, layout: Path | None) -> None:
    """How much a page shows, how much waits in it, and what of a layout it has no place for."""
    excluded = sum(connection.polarity == "excluded" for connection in drawing.connections)
    no = f" ({excluded} excluded by documents)" if excluded else ""
    waiting = f", {len(drawing.waiting)} nodes more to expand" if drawing.waiting else ""
    say(f"wrote {page}: {len(drawing.concepts)} nodes, {len(drawing.connections)} edges{no}{waiting}")
    for told in drawing.lesson.unconnected(drawing.selection.connections) if drawing.lesson else ():
        say(f"kg: {told}")
    if drawing.misplaced:
        say(f"kg: {layout}: {drawing.misplaced} places are of concepts that this page does not have")
