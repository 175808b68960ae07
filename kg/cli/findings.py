"""`kg findings`, `kg check` and `kg diff`: what the releases say against documents, and what changes in them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.options import (
    AsOfOption,
    AsOfTodayOption,
    FindingsFormat,
    FindingsFormatOption,
    Format,
    FormatOption,
    ReleasesOption,
    StoreOption,
)
from kg.cli.output import called, counted, emit, say, source, write
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.model import Assertion, Finding
    from kg.reference.differences import Difference
    from kg.verification import Checked

_COLUMNS = (
    "verdict", "concept", "stated", "reason", "suggestion", "suggestion_name", "release", "row", "official", "hangs",
    "document", "line", "section", "quote", "opposed_by", "opposing_quote", "check",
)  # fmt: skip
_CODES = ("line", "concept", "stated", "verdict", "official", "suggestion")
_CHANGES = ("change", "code", "on", "before", "after", "assertions", "documents")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(findings)
    app.command()(check)
    app.command()(diff)


def findings(
    documents: Annotated[
        list[str] | None, typer.Argument(help="Only these documents, by identifier.", show_default=False)
    ] = None,
    as_of: AsOfOption = None,
    format: FindingsFormatOption = FindingsFormat.TABLE,
    store: StoreOption = None,
) -> None:
    """What a person should look at in the graph, worst first; ends with 1 when there is any."""
    import kg

    with kg.open(store) as graph:
        wanted = graph.require_documents(documents or ())
        found = [f for f in graph.findings(as_of=as_of) if not wanted or f.assertion.evidence.document in wanted]
        names = {identifier: (name, "") for identifier, name in graph.file_names().items()}
    _tell(found, format, names)


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
    import kg

    checked = list(kg.check(documents, data=_standard_input(documents), releases=releases, as_of=as_of))
    found = [finding for one in checked for finding in one.findings]
    if codes:
        _tell_codes(checked, format)
        raise typer.Exit(1 if found else 0)
    sources = {one.document.identifier: (one.path, one.document.text) for one in checked}
    _tell(found, format, sources)


def _standard_input(documents: Sequence[Path]) -> bytes | None:
    if not any(str(path) == "-" for path in documents):
        return None
    if len(documents) > 1:
        raise UsageError("'-' is standard input, and stands alone")
    return sys.stdin.buffer.read()


def diff(
    before: Annotated[str, typer.Argument(help="A release, as 'kg reference list' names it, or a file of one.")],
    after: Annotated[str, typer.Argument(help="The release to compare it with.")],
    format: FormatOption = Format.TABLE,
    releases: ReleasesOption = None,
    store: StoreOption = None,
) -> None:
    """What changed between two releases: codes added, ended, renamed, and which assertions of the graph they touch."""
    from kg.reference.differences import differences

    changes = differences(before, after, releases)
    rows = list(_change_rows(changes, store))
    if rows or format is not Format.TABLE:
        emit(rows, format, _CHANGES)
    tally = Counter(change.change.value for change in changes)
    say(", ".join(f"{number:,} {change}" for change, number in tally.items()) or "no differences")


def _change_rows(changes: Sequence[Difference], store: Path | None) -> Iterator[dict[str, Any]]:
    """A row for each change, with the assertions of the graph that it touches, where there is a graph."""
    import kg
    from kg.graph.store import exists
    from kg.model import Concept

    touched: dict[Concept, list[Assertion]] = {}
    if exists(store):
        with kg.open(store) as graph:
            touched = graph.touched(dict.fromkeys(Concept.of(change.code) for change in changes))
    else:
        say("kg: there is no graph, so it is not known which assertions the changes touch")
    for change in changes:
        speaking = touched.get(Concept.of(change.code), [])
        yield {
            "change": change.change.value,
            "code": Concept.of(change.code).curie,
            "on": change.on,
            "before": change.before.name if change.before else "",
            "after": change.after.name if change.after else "",
            "assertions": len(speaking),
            "documents": sorted({source(assertion) for assertion in speaking}),
        }


def _tell(found: Sequence[Finding], format: FindingsFormat, sources: Mapping[str, tuple[str, str]]) -> None:
    """Print findings and end with 1 where there are any."""
    if format is FindingsFormat.SARIF:
        import kg
        from kg.cli.sarif import sarif

        write(json.dumps(sarif(found, kg.__version__, sources), ensure_ascii=False, indent=2) + "\n")
    elif format is FindingsFormat.TABLE:
        write("\n".join(map(_in_words, found)))
    else:
        emit(map(_row, found), Format(format.value), _COLUMNS)
    say(counted(len(found), "finding"))
    if found:
        raise typer.Exit(1)


def _row(finding: Finding) -> dict[str, Any]:
    evidence, other, better = finding.assertion.evidence, finding.opposed_by, finding.suggestion
    return {
        "verdict": finding.verdict.value,
        "check": finding.check,
        "concept": finding.concept.curie,
        "stated": finding.stated,
        "reason": finding.reason,
        "official": finding.official,
        "release": finding.release,
        "row": finding.row or None,
        "suggestion": better.curie if better else "",
        "suggestion_name": (better.name or "") if better else "",
        "hangs": finding.hangs,
        "document": evidence.document,
        "line": evidence.line,
        "start": evidence.start,
        "end": evidence.end,
        "section": evidence.section,
        "quote": evidence.quote,
        "opposed_by": f"{other.document}:{other.line}" if other else "",
        "opposing_quote": other.quote if other else "",
    }


def _in_words(finding: Finding) -> str:
    """A finding for people: both sentences, and what follows."""
    named = f" “{finding.stated}”" if finding.stated else ""
    lines = [f"{finding.verdict.value}  {source(finding.assertion)}  {finding.concept.key}{named}"]
    lines.append(f"  document  {_short(finding.assertion.evidence.quote)}")
    lines.append(f"  against   {finding.reason}{_place(finding)}")
    if finding.opposed_by:
        lines.append(f"  there     {_short(finding.opposed_by.quote)}")
    if finding.suggestion:
        lines.append(f"  meant     {called(finding.suggestion)}")
    if finding.hangs:
        lines.append(f"  hangs     {counted(finding.hangs, 'other assertion')} of this document")
    return "\n".join(lines) + "\n"


def _place(finding: Finding) -> str:
    if not finding.release:
        return ""
    return f" [{finding.release}{f', row {finding.row}' if finding.row else ''}]"


def _short(quote: str, width: int = 200) -> str:
    plain = " ".join(quote.split())
    return plain if len(plain) <= width else plain[: width - 1] + "…"


def _tell_codes(checked: Iterable[Checked], format: FindingsFormat) -> None:
    if format is FindingsFormat.SARIF:
        raise UsageError("--codes lists codes, and SARIF only findings: leave one of them out")
    emit(_code_rows(checked), Format(format.value), ("document", *_CODES))


def _code_rows(checked: Iterable[Checked]) -> Iterator[dict[str, Any]]:
    for one in checked:
        for code in one.codes:
            yield {
                "document": one.document.identifier,
                "line": code.line,
                "concept": code.concept.curie,
                "stated": code.concept.name or "",
                "verdict": code.verdict.value,
                "official": code.official,
                "suggestion": code.suggestion.curie if code.suggestion else "",
            }
