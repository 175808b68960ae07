"""`kg build` and `kg tour`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import AsOfTodayOption, JobsOption, ReleasesOption, StoreOption
from kg.cli.output import called, progress, read_aloud, say, table, write


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(build)
    app.command()(tour)


def build(
    documents: Annotated[
        list[Path] | None,
        typer.Argument(help="Guides, or folders of them; without any, the bundled guides.", show_default=False),
    ] = None,
    with_bundled: Annotated[bool, typer.Option("--with-bundled", help="Read the bundled guides as well.")] = False,
    icd10cm: Annotated[bool, typer.Option(help="Read all of ICD-10-CM, to check diagnoses against.")] = True,
    releases: ReleasesOption = None,
    as_of: AsOfTodayOption = None,
    jobs: JobsOption = 1,
    store: StoreOption = None,
) -> None:
    """Read billing guides and make the graph of them; the old graph serves until the new one is whole."""
    from kg import resources
    from kg.billing_graph import read_day
    from kg.graph.build import build as build_graph

    paths = list(documents or ())
    if with_bundled or not paths:
        paths.append(resources.path("data", "guides"))
    with progress() as tell:
        day = read_day(as_of) if as_of else None
        report = build_graph(paths, store, jobs=jobs, icd10cm=icd10cm, releases=releases, as_of=day, progress=tell)
    for problem in report.problems:
        say(f"kg: left out: {problem.error}")
    for skipped in report.skipped:
        say(f"kg: left out: {skipped}")
    counts = ", ".join(f"{number:,} {what}" for what, number in sorted(report.counts.items()))
    took = sum(report.seconds.values())
    say(f"built {report.store} in {took:.1f} s: {counts}")
    if report.problems:
        raise typer.Exit(1)


def tour(
    page: Annotated[Path, typer.Option("--output", "-o", help="Where to write the page.")] = Path(
        "billing-kg-tour.html"
    ),
    store: StoreOption = None,
) -> None:
    """Build the bundled graph, ask it, explain a path, draw a page: the whole of it in a minute."""
    import kg

    write("1. Building the graph from the bundled guides …\n")
    build(store=store)
    graph = kg.open(store)
    write("\n2. Which codes connect to M06.9?   kg codes-for M06.9\n\n")
    found = graph.codes_for("M06.9")
    rows = [
        {
            "code": c.subject.key,
            "name": c.subject.name,
            "diagnosis": c.object.key,
            "verdict": c.verdict.value,
            "strength": c.strength.value,
            "source": str(c.evidence[0]),
        }
        for c in found
    ]
    write(table(rows, ("code", "name", "diagnosis", "verdict", "strength", "source"), indent=3))
    write("\n3. How is J3262 (tocilizumab) connected to J2182 (mepolizumab)?   kg path J3262 J2182\n\n")
    paths = graph.paths("J3262", "J2182", 1)
    for hop in (hop for path in paths for hop in path.hops):
        evidence = hop.connection.evidence[0]
        write(f"   {read_aloud(hop)}\n      {evidence}  “{_short(evidence.quote)}”\n")
    graph.draw("J3262").save(page)
    write(f"\n4. {called(graph.resolve('J3262'))} and what surrounds it, as a page:   kg draw J3262\n\n")
    write(f"   {page.resolve()}\n\n")
    write("Reference and training material, not billing or medical advice.\n")


def _short(quote: str, width: int = 150) -> str:
    plain = " ".join(quote.split())
    return plain if len(plain) <= width else plain[: width - 1] + "…"
