"""What speaks against the connections of a page: each cause once, with the sentences that it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from kg.drawing.pool import Pool, filled
from kg.model import Assertion, Concept, Connection, Finding, Mention

Cause = tuple[Any, ...]


class Findings:
    """Findings as a page has them: many assertions may suffer from one mistake, which is told once.

    `own` speak against assertions themselves, `hanging` against those on which others depend.
    """

    def __init__(
        self, numbers: Mapping[Concept, int], pool: Pool, own: Iterable[Finding], hanging: Iterable[Finding] = ()
    ) -> None:
        self.causes: list[dict[str, Any]] = []
        self._concepts, self._pool = numbers, pool
        self._places: dict[Cause, int] = {}
        self._own: defaultdict[Assertion | Mention, list[int]] = defaultdict(list)
        self._hanging: defaultdict[Assertion | Mention, list[int]] = defaultdict(list)
        self._hangs: defaultdict[int, dict[str, int]] = defaultdict(dict)
        for finding in own:
            self._add_own(finding)
        for finding in hanging:
            self._hanging[finding.assertion].append(self._place(finding))

    def of(self, connection: Connection) -> dict[str, list[int]]:
        """The places of what speaks against a connection, and of what speaks against that on which it depends."""
        return {
            name: list(dict.fromkeys(place for assertion in connection.assertions for place in places[assertion]))
            for name, places in (("findings", self._own), ("doubts", self._hanging))
        }

    def _add_own(self, finding: Finding) -> None:
        place, evidence = self._place(finding), finding.assertion.evidence
        self._own[finding.assertion].append(place)
        cause, number = self.causes[place], self._pool.number(evidence)
        cause["evidence"] = list(dict.fromkeys([*cause.get("evidence", ()), number]))
        # Each document has assertions of its own that depend on its mistake.
        self._hangs[place][evidence.document] = finding.hangs
        cause |= filled(hangs=sum(self._hangs[place].values()))

    def _place(self, finding: Finding) -> int:
        cause = (
            finding.verdict, finding.concept, finding.reason, finding.stated, finding.official, finding.release,
            finding.row, finding.suggestion, finding.opposed_by,
        )  # fmt: skip
        if cause not in self._places:
            self._places[cause] = len(self.causes)
            self.causes.append(self._data(finding))
        return self._places[cause]

    def _data(self, finding: Finding) -> dict[str, Any]:
        pool, numbers, better = self._pool, self._concepts, finding.suggestion
        return {
            "verdict": finding.verdict.value,
            "reason": _reason(finding),
            "release": pool.title(finding.release),
            "code": finding.concept.label,
            **filled(
                stated=pool.words(finding.stated),
                official=pool.words(finding.official),
                row=finding.row,
                suggestion=better.label if better else "",
            ),
            **({"concept": numbers[finding.concept]} if finding.concept in numbers else {}),
            **({"suggested": numbers[better]} if better and better in numbers else {}),
            **({"opposed": pool.number(finding.opposed_by)} if finding.opposed_by else {}),
        }


def _reason(finding: Finding) -> str:
    """Why, with the code that it is about: as a sentence where the reason goes on from it."""
    goes_on = finding.reason.startswith("is ")
    return f"{finding.concept.key}{'' if goes_on else ':'} {finding.reason}"
