"""Small documents, each with all that is read of it: the text files in `small/`, one for each module that is meant.

Below a line with the name of a case stands a document, and below `---` its outline, as `outlines.py` has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kg.documents import parse

from .outlines import outline_of

SMALL = Path(__file__).parent / "small"
_NAME = re.compile(r"^=== (?:\[(?P<format>\w+)\] )?(?P<name>.+)\n", re.MULTILINE)
_APART = "---- states ----\n"


class Case(NamedTuple):
    """A document of few lines, and what it states."""

    module: str
    name: str
    format: str
    written: str
    states: list[str]

    def outline(self) -> list[str]:
        return outline_of(parse(self.written.encode(), f"guide.{self.format}"))


def cases() -> list[Case]:
    return [case for file in sorted(SMALL.glob("*.txt")) for case in _cases_of(file)]


def _cases_of(file: Path) -> Iterator[Case]:
    content = file.read_text("utf-8")
    names = list(_NAME.finditer(content))
    for number, match in enumerate(names):
        end = names[number + 1].start() if number + 1 < len(names) else len(content)
        written, _, states = content[match.end() : end].partition(_APART)
        yield Case(
            file.stem,
            match["name"],
            match["format"] or "md",
            written.strip("\n") + "\n",
            states.strip("\n").splitlines(),
        )


def write() -> None:
    """Write anew what each of the documents states."""
    for file in sorted(SMALL.glob("*.txt")):
        parts = []
        for case in _cases_of(file):
            named = case.name if case.format == "md" else f"[{case.format}] {case.name}"
            states = "".join(f"{line}\n" for line in case.outline())
            parts.append(f"=== {named}\n{case.written}{_APART}{states}")
        file.write_text("\n".join(parts), "utf-8")
