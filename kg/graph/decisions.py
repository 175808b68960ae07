"""Decisions about findings, kept in a file beside a store: builds come and go, and take nothing of it along.

`graph.decisions.json` lies beside the store `graph`; of a graph on an engine, it is a file for its address among the
data of the user. Those who decide together name one file for all of them, as decisions are about what a finding says,
wherever the graph is. Whoever writes it holds a lock, and it is replaced as a whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kg.config import at_home, default
from kg.errors import Failure, NotFound, StoreError, UnknownName, UsageError
from kg.graph.engines.address import Address
from kg.model import ANY, DECISIONS, OPEN, Choice, Decision, Finding
from kg.whole_files import write_durably

LONGEST_NOTE = 1000
MOST = 20_000
"""So many decisions can be kept."""

_VERSION = 1
_LARGEST = 64 << 20
_PATIENCE = 10
_ENDING = ".decisions.json"


class Decisions:
    """The decisions about the findings of a graph, in a folder or on an engine."""

    def __init__(self, store: Path | Address) -> None:
        self.file = file_of(store)

    def read(self) -> dict[str, Decision]:
        """All of them, by the identifier of the finding; raises `StoreError` where the file cannot be read."""
        try:
            with self.file.open("rb") as file:
                content = file.read(_LARGEST + 1)
        except FileNotFoundError:
            return {}
        except OSError as exc:
            raise StoreError(f"{self.file}: cannot be read ({exc.strerror or exc})") from exc
        return self._parsed(content)

    def decide(self, findings: Collection[Finding], choice: Choice | None, note: str = "") -> list[Decision]:
        """Keep what was decided about some findings; None takes it back.

        Raises `UsageError` for a note that is too long, or missing where a finding is set aside, and `Failure` where
        the file cannot be written.
        """
        note = " ".join(note.split())
        if len(note) > LONGEST_NOTE:
            raise UsageError(f"a note has at most {LONGEST_NOTE:,} characters, not {len(note):,}")
        if choice is Choice.SET_ASIDE and not note:
            raise UsageError("to set a finding aside needs a note that says why")
        made = [Decision(choice, note, date.today(), _words(finding)) for finding in findings] if choice else []
        with self._writing() as kept:
            for finding in findings:
                kept.pop(finding.identifier, None)
            kept.update(zip((finding.identifier for finding in findings), made, strict=False))
            if len(kept) > MOST:
                raise UsageError(f"{self.file}: has {MOST:,} decisions, and cannot have more")
        return made

    @contextmanager
    def _writing(self) -> Iterator[dict[str, Decision]]:
        """The decisions, to be changed, while nobody else writes."""
        from filelock import FileLock, Timeout  # Costs a third of a cold start, and few commands need it.

        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.file.with_name(f".{self.file.name}.lock"), timeout=_PATIENCE):
                kept = self.read()
                yield kept
                write_durably(self.file, _written(kept))
        except Timeout as exc:
            raise Failure(f"{self.file}: somebody else is writing it; try again") from exc
        except OSError as exc:
            raise Failure(f"{self.file}: cannot be written ({exc.strerror or exc})") from exc

    def _parsed(self, content: bytes) -> dict[str, Decision]:
        try:
            whole = json.loads(content)
            if len(content) > _LARGEST or whole["version"] != _VERSION:
                raise ValueError(whole["version"])
            return {str(name): _decision(row) for name, row in whole["decisions"].items()}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as exc:
            raise StoreError(f"{self.file}: not a file of decisions; mend it, or remove it") from exc


@cache
def file_of(store: Path | Address) -> Path:
    """The file of decisions about a graph: what `KG_DECISIONS` or `kg.toml` names, else one for this graph alone.

    A server asks for it with each request.
    """
    if file := default("decisions").value:
        return Path(os.path.realpath(at_home(file)))
    if isinstance(store, Address):
        return _file_for(store)
    whole = Path(os.path.realpath(store))
    return whole.with_name(f"{whole.name}{_ENDING}")


def _file_for(address: Address) -> Path:
    """The file of decisions about the graph on an engine, which is on this machine: few may write to an engine."""
    import platformdirs  # Costs a fifth of a cold start, and is needed only here.

    name = re.sub(r"[^A-Za-z0-9.]+", "-", urlsplit(address.query).netloc)
    own = hashlib.sha256(address.query.encode()).hexdigest()[:8]
    return platformdirs.user_data_path("billing-kg", appauthor=False) / "engines" / f"{name}-{own}{_ENDING}"


def chosen(findings: Iterable[Finding], decisions: Mapping[str, Decision], wanted: str = "") -> list[Finding]:
    """The findings with one decision, `open` or `any`; without one wanted, all but those that are set aside.

    Raises `UnknownName` for another one.
    """
    if not decisions and wanted in ("", OPEN, ANY):
        return list(findings)
    return [finding for finding in findings if is_wanted(decisions.get(finding.identifier), wanted)]


def is_wanted(decision: Decision | None, wanted: str) -> bool:
    """Whether findings with this decision are among those that are wanted, as `chosen` has it."""
    if wanted not in ("", *DECISIONS):
        raise UnknownName(f"no such decision: {wanted!r} (one of {', '.join(DECISIONS)})")
    choice = decision.choice if decision else OPEN
    return wanted in (ANY, choice) or (not wanted and choice is not Choice.SET_ASIDE)


def named(findings: Iterable[Finding], names: Iterable[str]) -> list[Finding]:
    """The findings of these identifiers, or of what they begin with.

    Raises `NotFound`, and `UsageError` where several begin so.
    """
    by_name = {finding.identifier: finding for finding in findings}
    return [by_name[_whole_name(by_name, name)] for name in names]


_SHORTEST = 4


def _whole_name(known: Collection[str], name: str) -> str:
    fitting = [one for one in known if one.startswith(name)] if len(name) >= _SHORTEST else []
    if len(fitting) > 1:
        raise UsageError(f"several findings begin with {name!r}: {', '.join(sorted(fitting)[:3])}")
    if not fitting:
        raise NotFound(f"no finding is called {name!r} ({len(known)} findings searched)")
    return fitting[0]


def _words(finding: Finding) -> str:
    """Which finding it is, for people who read the file."""
    return f"{finding.verdict}: {finding.concept.key} in {finding.assertion.evidence.document}: {finding.reason}"[:300]


def _decision(row: Mapping[str, Any]) -> Decision:
    note = row["note"]
    if not isinstance(note, str):
        raise TypeError(note)
    return Decision(Choice(row["decision"]), note, date.fromisoformat(row["day"]), str(row.get("about", "")))


def _written(decisions: Mapping[str, Decision]) -> str:
    rows = {
        name: {"decision": one.choice, "note": one.note, "day": one.day.isoformat(), "about": one.about}
        for name, one in sorted(decisions.items())
    }
    return json.dumps({"version": _VERSION, "decisions": rows}, indent=1) + "\n"
