"""The words of documents and releases in a page: evidence, titles and findings, each kept once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.model import Evidence

_SHORT_QUOTE = 80


def filled(**values: Any) -> dict[str, Any]:
    """What is not empty: empty texts would only make a file larger."""
    return {key: value for key, value in values.items() if value}


class Pool:
    """Evidence and titles of documents, each kept once."""

    def __init__(self, quotes: str, titles: Mapping[str, str]) -> None:
        self.evidence: list[dict[str, Any]] = []
        self.documents: list[str] = []
        self._quotes = quotes
        self._titles = titles
        self._numbers: dict[Evidence, int] = {}
        self._places: dict[str, int] = {}

    def number(self, evidence: Evidence) -> int:
        if evidence not in self._numbers:
            self._numbers[evidence] = len(self.evidence)
            self.evidence.append(self._data(evidence))
        return self._numbers[evidence]

    def title(self, document: str) -> str:
        return self._titles.get(document, document)

    def words(self, text: str) -> str:
        """As much of a text that is not ours as the file may hold."""
        if self._quotes == "full" or (self._quotes == "short" and len(text) <= _SHORT_QUOTE):
            return text
        return text[:_SHORT_QUOTE].rstrip() + " …" if self._quotes == "short" else ""

    def _data(self, evidence: Evidence) -> dict[str, Any]:
        if evidence.document not in self._places:
            self._places[evidence.document] = len(self.documents)
            self.documents.append(self.title(evidence.document))
        line = f"{evidence.line}{evidence.place}" if evidence.place else evidence.line
        data: dict[str, Any] = {"document": self._places[evidence.document], "line": line}
        return data | filled(section=evidence.section, quote=self.words(evidence.quote))
