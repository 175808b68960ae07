"""`kg build`, `kg add`, `kg remove`, `kg changes` and `kg tour`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import typer

from kg.cli.changed import write_changes
from kg.cli.options import AsOfTodayOption, Format, FormatOption, FromOption, JobsOption, ReleasesOption, StoreOption
from kg.cli.output import emit, progress, read_aloud, safe, say, table, write
from kg.cli.watching import LONG, limited, watched
from kg.errors import DocumentsLeftOut, UsageError

if TYPE_CHECKING:
    from kg.billing_graph import BillingGraph
    from kg.graph.build import BuildReport
    from kg.graph.changes import Changes, Edge
    from kg.model import Assertion, Evidence, Verdict


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(watched(build))
    app.command()(watched(add))
    app.command()(watched(remove))
    app.command()(limited(changes, LONG))
    app.command()(watched(tour))


ICD10CMOption = Annotated[bool, typer.Option(help="Read all of ICD-10-CM, to check diagnoses against.")]
_COLUMNS = ("change", "what", "subject", "relation", "object", "verdict", "reason", "document", "line", "quote")


def build(
    documents: Annotated[
        list[Path] | None,
        typer.Argument(help="Guides, or folders of them; without any, the bundled guides.", show_default=False),
    ] = None,
    readings: FromOption = None,
    with_bundled: Annotated[bool, typer.Option("--with-bundled", help="Read the bundled guides as well.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Drop the documents of the graph that are not among these.")
    ] = False,
    icd10cm: ICD10CMOption = True,
    releases: ReleasesOption = None,
    as_of: AsOfTodayOption = None,
    jobs: JobsOption = 1,
    store: StoreOption = None,
) -> None:
    """Read billing guides and make the graph of them; the old graph serves until the new one is whole."""
    from kg import resources
    from kg.graph import build as building

    paths = list(documents or ())
    if with_bundled or not (paths or readings):
        paths.append(resources.path("data", "guides"))
    options = _Options(jobs=jobs, icd10cm=icd10cm, releases=releases, as_of=_day(as_of), readings=readings or ())

    def built(*, replace: bool) -> BuildReport:
        with progress() as tell:
            return building.build(paths, store, replace=replace, progress=tell, **options)

    try:
        report = built(replace=replace)
    except DocumentsLeftOut as exc:
        if not sys.stdin.isatty() or not typer.confirm(f"{exc}\nDrop them?", err=True):
            raise
        report = built(replace=True)
    _report_build(report)


def add(
    documents: Annotated[
        list[Path] | None, typer.Argument(help="Guides, or folders of them.", show_default=False)
    ] = None,
    readings: FromOption = None,
    icd10cm: ICD10CMOption = True,
    releases: ReleasesOption = None,
    as_of: AsOfTodayOption = None,
    jobs: JobsOption = 1,
    store: StoreOption = None,
) -> None:
    """Add guides to the graph, or read those again that are in it under the same file name."""
    from kg.graph import build as building

    if not (documents or readings):
        raise UsageError("nothing to add: name documents, or readings with --from")
    options = _Options(jobs=jobs, icd10cm=icd10cm, releases=releases, as_of=_day(as_of), readings=readings or ())
    with progress() as tell:
        report = building.add(documents or (), store, progress=tell, **options)
    _report_build(report)


def remove(
    documents: Annotated[list[str], typer.Argument(help="Documents of the graph, by identifier or file name.")],
    icd10cm: ICD10CMOption = True,
    releases: ReleasesOption = None,
    as_of: AsOfTodayOption = None,
    store: StoreOption = None,
) -> None:
    """Remove documents from the graph."""
    from kg.graph import build as building

    day = _day(as_of)
    with progress() as tell:
        report = building.remove(documents, store, icd10cm=icd10cm, releases=releases, as_of=day, progress=tell)
    _report_build(report)


def changes(format: FormatOption = Format.TABLE, store: StoreOption = None) -> None:
    """What the last build changed: the assertions, connections and findings that came and went."""
    from kg.graph.changes import last_changes

    build_changes = last_changes(store)
    if format is Format.TABLE:
        write_changes(build_changes)
    else:
        emit(_rows(build_changes), format, _COLUMNS)
    say(str(build_changes))


class _Options(TypedDict):
    jobs: int
    readings: Sequence[Path]
    icd10cm: bool
    releases: Path | None
    as_of: date | None


def _day(as_of: str | None) -> date | None:
    from kg.model.days import read_day

    return read_day(as_of) if as_of else None


def _report_build(report: BuildReport) -> None:
    """What a build did, and with exit code 1 what was left out."""
    for problem in report.problems:
        say(f"kg: left out: {problem.error}")
    for skipped in report.skipped:
        say(f"kg: left out: {skipped}")
    counts = ", ".join(f"{number:,} {what}" for what, number in sorted(report.counts.items()))
    took = sum(report.seconds.values())
    say(f"built {report.store} in {took:.1f} s: {counts}")
    if report.changes is not None:
        say(f"changed: {report.changes}")
    if report.problems:
        raise typer.Exit(1)


def _rows(build_changes: Changes) -> Iterator[dict[str, Any]]:
    for change, index in (("came", 0), ("went", 1)):
        for assertion in build_changes.assertions[index]:
            yield _row(change, "assertion", *_ends(assertion), evidence=assertion.evidence)
        for edge in build_changes.connections[index]:
            yield _row(change, "connection", *_ends(edge), verdict=edge.verdict)
        for finding in build_changes.findings[index]:
            yield _row(
                change, "finding", finding.concept.curie, "", "", verdict=finding.verdict, reason=finding.reason,
                evidence=finding.assertion.evidence,
            )  # fmt: skip


def _ends(edge: Assertion | Edge) -> tuple[str, str, str]:
    return edge.subject.curie, edge.relation.value, edge.object.curie


def _row(
    change: str, what: str, subject: str, relation: str, object: str, *,
    verdict: Verdict | None = None, reason: str = "", evidence: Evidence | None = None,
) -> dict[str, Any]:  # fmt: skip
    place = {"document": evidence.document, "line": evidence.line, "quote": evidence.quote} if evidence else {}
    statement = {"subject": subject, "relation": relation, "object": object, "verdict": verdict and verdict.value}
    return {"change": change, "what": what, **statement, "reason": reason, **place}


def tour(
    page: Annotated[Path, typer.Option("--output", "-o", help="Where to write the page.")] = Path(
        "billing-kg-tour.html"
    ),
    store: StoreOption = None,
) -> None:
    """Check a note with mistakes, build a graph, ask it, explain a path, draw a page: the whole of it in a minute.

    The graph of the tour has a place of its own, so that yours stays as it is.
    """
    import kg
    from kg import resources
    from kg.graph.build import build as build_graph
    from kg.graph.store import location

    note = resources.path("data", "tour", "note-with-mistakes.md")
    _check_note(note)
    write("\n2. Building a graph of that note and the bundled guides …\n\n")
    own = Path(store) if store else location() / "tour"
    with progress() as tell:
        report = build_graph([note, resources.path("data", "guides")], own, replace=True, progress=tell)
    write(
        f"   {report.counts['assertions']:,} assertions of {report.counts['documents']} documents in {report.store}\n"
    )
    with kg.open(own) as graph:
        _ask(graph)
        graph.draw("J0517", "J2182").save(page)
    write("\n5. The swapped drugs, and what the release says beside them, as a page:   kg draw J0517 J2182\n\n")
    write(f"   {page.resolve()}\n\n")
    write("Next, with a document of yours:   kg check YOUR-FILE\n")
    write("and with a graph of its own:      kg build, then kg add YOUR-FILE, then kg codes-for M06.9\n\n")
    write("Reference and training material, not billing or medical advice.\n")


def _check_note(note: Path) -> None:
    """What is wrong in the note: both sentences, and the code that was meant."""
    import kg
    from kg.cli.findings import in_words, summary
    from kg.cli.sarif import Located

    here = Path.cwd()
    typed = note.relative_to(here) if note.is_relative_to(here) else note
    write(f"1. What is wrong in this note?   kg check {typed}\n\n")
    checked = list(kg.check(note))
    for finding in (finding for result in checked for finding in result.findings):
        write(indent(safe(in_words(Located(finding, note.name))), "   ") + "\n")
    write(f"   {safe(summary(checked))}\n")


def _ask(graph: BillingGraph) -> None:
    """One question and one path."""
    write("\n3. Which codes connect to M06.9?   kg codes-for M06.9\n\n")
    rows = [
        {
            "code": c.subject.key,
            "name": c.subject.name,
            "diagnosis": c.object.key,
            "verdict": c.verdict.value,
            "strength": c.strength.value,
            "source": str(c.evidence[0]),
        }
        for c in graph.codes_for("M06.9")
    ]
    write(table(rows, ("code", "name", "diagnosis", "verdict", "strength", "source"), indent=3))
    write("\n4. How is J3262 (tocilizumab) connected to J2182 (mepolizumab)?   kg path J3262 J2182\n\n")
    for hop in (hop for path in graph.paths("J3262", "J2182", 1) for hop in path.hops):
        evidence = hop.connection.evidence[0]
        write(f"   {read_aloud(hop)}\n      {evidence}  “{_short(evidence.quote)}”\n")


def _short(quote: str, width: int = 150) -> str:
    plain = " ".join(quote.split())
    return plain if len(plain) <= width else plain[: width - 1] + "…"
