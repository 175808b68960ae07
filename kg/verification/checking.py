"""Checks one document that is in no graph: a linter for billing guides."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from kg.documents import Document, DocumentFile
from kg.errors import DocumentError
from kg.frames.findings import Findings
from kg.frames.notebook import Layout, html_of
from kg.model import Assertion, Concept, Finding, Kind, Mention, Relation, Verdict, worst_first
from kg.reference import Entry, Reference
from kg.verification.checks import codes_of
from kg.verification.contents import contents_of
from kg.verification.judging import ABOUT_NAMES, Judge, Judgement
from kg.verification.unreadable import REASON, unreadable_ndcs


@dataclass(frozen=True, slots=True)
class NamedCode:
    """A code of a document under one of the names that the document gives it, and what the releases say of that.

    `official` is the name that a release gives it, empty where none has the code or its names may not be shown.
    `unchecked` is why the releases can neither confirm nor refute it. `is_heading` tells that nothing speaks against it
    where it stands, and that no claim takes it.
    """

    concept: Concept
    line: int
    verdict: Verdict
    official: str = ""
    suggestion: Concept | None = None
    unchecked: str = ""
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A document, what it states, and what the releases say to that."""

    document: Document
    path: str
    """Where it was read from, `-` for standard input."""
    assertions: tuple[Assertion, ...]
    judgement: Judgement = field(repr=False)
    codes: tuple[NamedCode, ...]
    """Every code of the document with each name that it gives it, in its order, and then what cannot be read as one."""
    mentioned: tuple[Finding, ...] = ()
    """What is to be said of codes of which nothing that the document states could be read."""

    @property
    def findings(self) -> Findings:
        """What a person should look at, worst first."""
        findings = sorted((*self.judgement.findings, *self.mentioned), key=worst_first)
        return Findings(findings, files=lambda: {self.document.identifier: self.path})

    @property
    def verdicts(self) -> dict[Assertion, Verdict]:
        """The verdict on each assertion."""
        return {assertion: self.judgement.verdicts[assertion.identifier] for assertion in self.assertions}

    @property
    def unchecked(self) -> dict[Concept, str]:
        """The codes that could not be checked, with the reason."""
        return {code.concept: code.unchecked for code in self.codes if code.verdict is Verdict.UNCHECKED}

    @property
    def headings(self) -> tuple[Concept, ...]:
        """The codes that exist and that no claim takes, of which nothing is stated and nobody tells to bill them."""
        return tuple({code.concept: None for code in self.codes if code.is_heading})

    @property
    def distinct(self) -> frozenset[Concept]:
        """The codes of the document, each once."""
        return frozenset(code.concept for code in self.codes)

    def _repr_html_(self) -> str:
        """In a notebook: every code with its verdict, and what speaks against the document."""
        against = {(finding.concept, finding.stated): finding.reason for finding in reversed(self.findings)}
        rows = [
            {
                "code": code.concept.curie,
                "stated": code.concept.name,
                "verdict": code.verdict.value,
                "official": code.official,
                "meant": code.suggestion and code.suggestion.label,
                "why": code.unchecked or against.get((code.concept, code.concept.name or "")),
                "line": code.line,
            }
            for code in self.codes
        ]
        sure, all_codes = len(self.distinct) - len(self.unchecked), len(self.distinct)
        findings = self.findings
        return html_of(_LAYOUT, rows, f"checked {sure} of {all_codes} codes") + findings._repr_html_() * bool(findings)


_LAYOUT: Layout = (
    ("code", ("code", "stated")), ("verdict", ("verdict",)), ("release", ("official",)), ("meant", ("meant",)),
    ("why", ("why",)), ("source", ("line",)),
)  # fmt: skip


def check(document: Document, judge: Judge, reference: Reference, path: str = "", *, keep: bool = False) -> Checked:
    """Extract what a document states and hold it against releases, and every code that it only mentions as well.

    With `keep`, what is extracted is kept on disk for the next check of the same bytes.
    """
    assertions, mentions = contents_of(document, keep=keep)
    judgement = judge.judge(assertions)
    mentioned = tuple(judge.mentioned(mentions))
    named_codes = _named_codes(assertions, mentions, (*judgement.findings, *mentioned), judge, reference)
    codes = (*named_codes, *_unreadable(document))
    return Checked(document, path or document.name, assertions, judgement, codes, mentioned)


def _unreadable(document: Document) -> Iterator[NamedCode]:
    """What stands where a code should and is none, which would leave no trace otherwise."""
    for text, line in unreadable_ndcs(document):
        yield NamedCode(Concept(Kind.NDC, text), line, Verdict.UNCHECKED, unchecked=REASON)


def check_all(
    sources: Iterable[DocumentFile],
    reference: Reference,
    as_of: date | None = None,
    problems: list[DocumentError] | None = None,
) -> Iterator[Checked]:
    """Check documents one by one.

    Raises `DocumentError` for what is no document; where there is a list for `problems`, those of single documents
    go there, and the others are checked.
    """
    judge, reference = Judge(reference, as_of), reference.on(as_of)
    for source in sources:
        document = source.read_or_error()
        if isinstance(document, Document):
            # What comes from standard input is kept nowhere.
            yield check(document, judge, reference, str(source.path), keep=source.data is None)
        elif problems is None:
            raise document
        else:
            problems.append(document)


def _named_codes(
    assertions: Iterable[Assertion],
    mentions: Iterable[Mention],
    findings: Iterable[Finding],
    judge: Judge,
    reference: Reference,
) -> Iterator[NamedCode]:
    against: defaultdict[Concept, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=worst_first):
        against[finding.concept].append(finding)
    items: list[Assertion | Mention] = [*assertions, *mentions]
    since = {concept: item.since for item in items for concept, _ in codes_of(item)}
    mentioned = {mention.subject for mention in mentions}
    lines = _names_given(assertions, mentioned)
    with_name = {mention.subject for mention in mentions if mention.subject.name}
    lines |= {
        (mention.subject, mention.subject.name or ""): mention.evidence.line
        for mention in mentions
        if mention.subject.name or mention.subject not in with_name
    }
    for (concept, name), line in sorted(lines.items(), key=lambda pair: pair[1]):
        code = concept.code
        entry, release = reference.entry(code), reference.release_of(code)
        own_findings = [
            finding for finding in against[concept] if finding.check not in ABOUT_NAMES or _is_in(finding.stated, name)
        ]
        own_findings.sort(key=lambda finding: (-finding.verdict.rank, finding.stated != name))
        why = "" if own_findings else judge.unchecked(code, since[concept])
        otherwise = Verdict.UNCHECKED if why else Verdict.CONSISTENT
        yield NamedCode(
            concept=Concept(concept.kind, concept.key, name or None),
            line=line,
            verdict=own_findings[0].verdict if own_findings else otherwise,
            official=entry.name if entry and release and release.quotable else "",
            suggestion=next(
                (better for finding in own_findings if (better := finding.suggestion) and better.kind.is_code), None
            ),
            unchecked=why,
            is_heading=concept in mentioned and not own_findings and _is_heading(entry, reference),
        )


def _is_heading(entry: Entry | None, reference: Reference) -> bool:
    return entry is not None and entry.billable_on(reference.day) is False


def _is_in(name: str, longer: str) -> bool:
    """Whether a name stands in a longer one: "infliximab-dyyb" in "infliximab-dyyb (inflectra)"."""
    return name == longer or re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", longer, re.IGNORECASE) is not None


def _names_given(assertions: Iterable[Assertion], mentioned: Collection[Concept]) -> dict[tuple[Concept, str], int]:
    """The codes and the names that assertions give them, with the first line; a code without any stands once.

    Those that are mentioned stand there under their name.
    """
    lines: dict[tuple[Concept, str], int] = {}
    for assertion in assertions:
        for concept, _ in codes_of(assertion):
            lines.setdefault((concept, _name_of(concept, assertion)), assertion.evidence.line)
    with_name = {*mentioned, *(concept for concept, name in lines if name)}
    return {(concept, name): line for (concept, name), line in lines.items() if name or concept not in with_name}


def _name_of(concept: Concept, assertion: Assertion) -> str:
    """The name that an assertion gives to a code: its own, or of a drug's code the drug."""
    if concept == assertion.subject and assertion.relation is Relation.IDENTIFIES_DRUG:
        return assertion.object.label
    return concept.name or ""
