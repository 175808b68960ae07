"""A program of somebody else, written against the public API alone; `mypy --strict` reads it with the installed one."""

from __future__ import annotations

from collections.abc import Sequence

import kg
from kg.errors import DocumentError, NotFound, StoreError


def build(guides: Sequence[kg.FilePath], store: str) -> kg.BuildReport:
    report: kg.BuildReport = kg.build(guides, store, as_of="2026-01-15", jobs=1)
    for problem in report.problems:
        print(problem.path, problem.error)
    return report


def codes_for(graph: kg.BillingGraph, diagnosis: str) -> list[tuple[str, str, int]]:
    try:
        found: kg.Codes = graph.at(trust="consistent", as_of="2026-01-15").codes_for(diagnosis)
    except NotFound as exc:
        print(exc)
        return []
    if found.known is kg.Known.NO:
        print(len(found.excluded), "excluded", found.scope.documents)
    affirmed: Sequence[kg.Connection] = found
    return [(one.subject.key, one.evidence[0].quote, one.evidence[0].line) for one in affirmed]


def paths(graph: kg.BillingGraph) -> list[str]:
    found: kg.Paths = graph.paths("J3262", "J0129", k=2)
    best: kg.Path = found.require()[0]
    hops: list[kg.Hop] = [hop for path in (best, *found[1:]) for hop in path.hops]
    return [f"{hop.connection.relation.label}: {hop.connection.verdict.value}" for hop in hops]


def compare(graph: kg.BillingGraph) -> list[tuple[str, str]]:
    found: kg.Comparison = graph.compare("A57001", "Novitas", code="J0897", only=kg.Agreement.CONTRADICT)
    edges: Sequence[kg.Compared] = found
    print(found.summary, found.first.kind is kg.SideKind.ARTICLE, found.counts[kg.Agreement.BOTH])
    return [(edge.object.key, edge.first[0].evidence.quote) for edge in edges]


def ask(graph: kg.BillingGraph) -> tuple[int, int, float]:
    table: kg.Table = graph.query("SELECT ?code WHERE { ?code bkg:acceptsModifier ?modifier }", modifier="modifier:JW")
    plan: kg.CodePlan = graph.units("J3262", "480mg", packages="80mg,400mg")
    arrays: kg.Arrays = graph.arrays()
    matches: kg.Matches = graph.search("tocilizumab", kinds=[kg.Kind.DRUG])
    concepts: list[kg.Concept] = [match.concept for match in matches]
    return len(table.rows), plan.units_billed + len(concepts), float(arrays.cost.mean())


def page(graph: kg.BillingGraph) -> kg.Drawing:
    view: kg.View = graph.show("J3262")
    return graph.draw(view.concept, title="Tocilizumab")


def lint(files: Sequence[kg.FilePath]) -> list[kg.Finding]:
    problems: list[DocumentError] = []
    checked: list[kg.Checked] = list(kg.check(files, problems=problems))
    return [finding for one in checked for finding in one.findings]


def lint_text(text: str) -> list[str]:
    checked: kg.Checked = kg.check_text(text, as_of="2026-01-15")
    findings: kg.Findings = checked.findings
    return [finding.reason for finding in findings]


def read(data: bytes) -> list[kg.Assertion]:
    extraction: kg.Extraction = kg.extract("answer.md", data=data)
    return [one for one in extraction.assertions if one.polarity is kg.Polarity.AFFIRMED]


def main() -> None:
    try:
        with kg.open() as graph:
            findings: kg.Findings = graph.findings("open")
            print(len(findings.to_pandas()), graph.codes_for("M06.9").to_polars().height)
            print(codes_for(graph, "M06.9"), paths(graph), ask(graph), page(graph), graph.as_of)
    except StoreError as exc:
        print(exc)


if __name__ == "__main__":
    main()
