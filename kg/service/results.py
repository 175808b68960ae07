"""Results of the API, and the media types in which they can be had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kg.answers import Answer
from kg.cells import separated
from kg.service.replies import JSON, Reply, json_reply

CSV = "text/csv"
OFFERED = (JSON, CSV)
"""The usual one first."""


@dataclass(frozen=True, slots=True)
class Result:
    """An answer whole, as JSON gives it, and as rows with the columns that CSV has of them.

    `notes` say what of the question names nothing.
    """

    whole: Mapping[str, Any]
    rows: Iterable[Mapping[str, Any]]
    columns: Sequence[str]
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, answer: Answer[Any]) -> Result:
        """The result that an answer of the graph is."""
        whole = answer.to_json()
        return cls(whole, whole["rows"], answer.columns)

    def reply(self, media_type: str) -> Reply:
        """The reply in one of the media types.

        >>> Result({}, [{"code": "J3262", "name": "=1"}], ["code", "name"]).reply("text/csv").body
        b"code,name\\nJ3262,'=1\\n"
        """
        if media_type == CSV:
            # As `kg … --format csv` writes it: it is opened in spreadsheets.
            return Reply(200, CSV, separated(self.rows, self.columns, ",").encode(), self.notes)
        return replace(json_reply(self.whole), notes=self.notes)
