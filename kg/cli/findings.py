"""`kg findings` and `kg check`: what the releases say against documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.answer_rows import (
    FINDING_COLUMNS,
    NAMED_COLUMNS,
    VERSION,
    checked_counts,
    finding_row,
    named_rows,
    sure,
)
from kg.cli.intake import standard_input
from kg.cli.options import (
    AsOfOption,
    AsOfTodayOption,
    FindingsFormat,
    FindingsFormatOption,
    Format,
    ReleasesOption,
    StoreOption,
)
from kg.cli.output import counted, emit, safe, say, write
from kg.cli.sarif import Located, sarif
from kg.cli.watching import limited, watched
from kg.errors import UsageError
from kg.model import ANY, OPEN, Choice

if TYPE_CHECKING:
    from kg.billing_graph import BillingGraph
    from kg.documents import Skipped
    from kg.errors import DocumentError
    from kg.model import Finding
    from kg.verification import Checked


class Shown(StrEnum):
    """By what decision findings are asked for."""

    OPEN = OPEN
    ACCEPTED = Choice.ACCEPTED.value
    SET_ASIDE = Choice.SET_ASIDE.value
    ANY = ANY


AcceptOption = Annotated[
    list[str] | None,
    typer.Option("--accept", metavar="FINDING", help="It is right: the document is to be mended. Repeatable."),
]
SetAsideOption = Annotated[
    list[str] | None,
    typer.Option("--set-aside", metavar="FINDING", help="Nothing is to be done, for what --note says. Repeatable."),
]
ReopenOption = Annotated[
    list[str] | None,
    typer.Option("--reopen", metavar="FINDING", help="Take back what was decided about it. Repeatable."),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(limited(findings))
    app.command()(watched(check))


def findings(
    documents: Annotated[
        list[str] | None,
        typer.Argument(help="Only these documents, by identifier or file name.", show_default=False),
    ] = None,
    decision: Annotated[
        Shown | None,
        typer.Option("--decision", help="Only those with this decision; else all not set aside.", show_default=False),
    ] = None,
    accept: AcceptOption = None,
    set_aside: SetAsideOption = None,
    reopen: ReopenOption = None,
    note: Annotated[str, typer.Option("--note", help="Why that is decided.", show_default=False)] = "",
    as_of: AsOfOption = None,
    format: FindingsFormatOption = FindingsFormat.TABLE,
    store: StoreOption = None,
) -> None:
    """What a person should look at in the graph, worst first; ends with 1 when there is any.

    Findings that are decided about are kept in a file beside the graph, and stay so in later builds.
    """
    import kg
    from kg.graph.decisions import chosen

    with kg.open(store).at(as_of=as_of) as graph:
        decided = {Choice.ACCEPTED: accept or (), Choice.SET_ASIDE: set_aside or (), None: reopen or ()}
        if any(decided.values()):
            _decide(graph, decided, note)
            return
        if note:
            raise UsageError("--note goes with --accept or --set-aside")
        identifiers = graph.require_documents(documents or ())
        every = [
            finding
            for finding in graph.findings(ANY)
            if not identifiers or finding.assertion.evidence.document in identifiers
        ]
        decisions = graph.decisions.read()
        findings = chosen(every, decisions, decision.value if decision else "")
        # For people a document is called as all commands call it; for programs the file is told as well.
        files = {} if format is FindingsFormat.TABLE else graph.file_names()
    with_documents = ((finding, finding.assertion.evidence.document) for finding in findings)
    _report_findings(
        [
            Located(finding, files.get(document, document), decision=decisions.get(finding.identifier), is_kept=True)
            for finding, document in with_documents
        ],
        format,
        hidden=0 if decision else len(every) - len(findings),
    )


def _decide(graph: BillingGraph, decided: Mapping[Choice | None, Sequence[str]], note: str) -> None:
    """Decide about findings, and say what was decided; all that is wrong is said before anything is written."""
    from kg.graph.decisions import named

    every = graph.findings(ANY)
    chosen = {choice: named(every, names) for choice, names in decided.items()}
    names = [finding.identifier for findings in chosen.values() for finding in findings]
    if len({*names}) < len(names):
        raise UsageError("one finding cannot be decided about twice at once")
    for choice, findings in chosen.items():
        if findings:
            graph.decisions.decide(findings, choice, note if choice else "")
        for finding in findings:
            about = f"{finding.concept.key} in {finding.assertion.evidence.document}"
            say(f"{choice.value if choice else OPEN}: {about} ({finding.identifier})")


def check(
    documents: Annotated[list[Path], typer.Argument(help="Guides, or folders of them; - for standard input.")],
    codes: Annotated[
        bool, typer.Option("--codes", help="List every code with its name and verdict, not only what is wrong.")
    ] = False,
    as_of: AsOfTodayOption = None,
    format: FindingsFormatOption = FindingsFormat.TABLE,
    releases: ReleasesOption = None,
) -> None:
    """Hold documents against the releases without a graph: a linter for billing guides; ends with 1 for findings."""
    if codes and format is FindingsFormat.SARIF:
        raise UsageError("--codes lists codes, and SARIF only findings: leave one of them out")
    import kg
    from kg.model import worst_first

    data = standard_input(documents)
    problems: list[DocumentError] = []
    skipped: list[Skipped] = []
    checked = list(kg.check(documents, data=data, releases=releases, as_of=as_of, problems=problems, skipped=skipped))
    if problems and not checked:
        raise problems[0]
    if codes:
        emit(named_rows(checked), Format(format.value), NAMED_COLUMNS)
    else:
        every = (located for result in checked for located in _located(result))
        findings = sorted(every, key=lambda located: worst_first(located.finding))
        _write_findings(findings, format, checked_counts(checked))
        if format is FindingsFormat.TABLE:
            write(f"{safe(summary(checked))}\n")
    for left_out in (*skipped, *problems):
        say(f"kg: left out: {left_out}")
    if codes or format is not FindingsFormat.TABLE:
        say(summary(checked))
    # That nothing could be checked is no clean bill.
    if problems or any(result.findings for result in checked) or not any(map(sure, checked)):
        raise typer.Exit(1)


def summary(checked: Sequence[Checked]) -> str:
    """What was checked, what was found, and what could not be checked and why, in a line.

    So that silence is not taken for a yes.
    """
    total, certain = sum(len(result.distinct) for result in checked), sum(map(sure, checked))
    findings = counted(sum(len(result.findings) for result in checked), "finding")
    among = "" if len(checked) == 1 else f" in {len(checked)} documents"
    if not total:
        return f"checked nothing: there is no code that could be checked{among}"
    reasons: dict[str, dict[str, None]] = {}
    for result in checked:
        for concept, why in result.unchecked.items():
            reasons.setdefault(why, {})[concept.key] = None
    not_checked = "".join(f"; not checked: {_some(list(keys))}, because {why}" for why, keys in reasons.items())
    headings = list(dict.fromkeys(concept.key for result in checked for concept in result.headings))
    of_headings = f"; headings, which cannot be billed: {_some(headings)}" if headings else ""
    return f"checked {certain} of {counted(total, 'code')}{among}, {findings}{of_headings}{not_checked}"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


_NAMED = 5


def _located(checked: Checked) -> Iterator[Located]:
    # The offsets of a page count in what its reader makes of it.
    text = checked.document.text if checked.document.format == "text" else ""
    return (Located(finding, checked.path, text) for finding in checked.findings)


def _report_findings(findings: Sequence[Located], format: FindingsFormat, hidden: int) -> None:
    """Print findings, say how many are set aside, and end with 1 where there are any others."""
    _write_findings(findings, format)
    say(counted(len(findings), "finding") + (f", and {hidden} set aside" if hidden else ""))
    if findings:
        raise typer.Exit(1)


def _write_findings(findings: Sequence[Located], format: FindingsFormat, counts: dict[str, Any] | None = None) -> None:
    """Print findings, and with them, where the format has a place for it, what was checked and what was not."""
    if format is FindingsFormat.SARIF:
        import kg

        write(json.dumps(sarif(findings, kg.__version__, counts), ensure_ascii=False, indent=2) + "\n")
    elif format is FindingsFormat.TABLE:
        write("\n".join(safe(in_words(located)) for located in findings))
    elif format is FindingsFormat.JSON and counts is not None:
        rows = [finding_row(located.finding, located.path) for located in findings]
        write(json.dumps({"version": VERSION, "findings": rows, **counts}, ensure_ascii=False, indent=2) + "\n")
    else:
        rows = [finding_row(located.finding, located.path, located.decision) for located in findings]
        emit(rows, Format(format.value), FINDING_COLUMNS)


def in_words(located: Located) -> str:
    """A finding for people: both sentences, and what follows."""
    finding = located.finding
    name = f" “{finding.stated}”" if finding.stated else ""
    evidence = finding.assertion.evidence
    lines = [f"{finding.verdict.value}  {located.path}:{evidence.line}{evidence.place}  {finding.concept.key}{name}"]
    lines.append(f"  document  {_short(evidence.quote)}")
    lines.append(f"  against   {finding.reason}{_place(finding)}")
    if finding.official and _short(finding.official, 100).rstrip("…") not in finding.reason:
        lines.append(f"  release   {_short(finding.official)}")
    if finding.opposed_by:
        lines.append(f"  there     {_short(finding.opposed_by.quote)}")
    if finding.suggestion:
        lines.append(f"  meant     {finding.suggestion.in_words}")
    if finding.hangs:
        lines.append(f"  affects   {counted(finding.hangs, 'other assertion')} of this document")
    if located.is_kept:
        lines.append(f"  finding   {finding.identifier}")
    if decision := located.decision:
        lines.append(f"  {decision.choice:9} {decision.day}{f': {decision.note}' if decision.note else ''}")
    return "\n".join(lines) + "\n"


def _place(finding: Finding) -> str:
    if not finding.release:
        return ""
    return f" [{finding.release}{f', row {finding.row}' if finding.row else ''}]"


def _short(quote: str, width: int = 200) -> str:
    plain = " ".join(quote.split())
    return plain if len(plain) <= width else plain[: width - 1] + "…"
