"""The tables beside this file, which name each line of `data/cues` once more, and what writes them."""

from __future__ import annotations

import csv
from pathlib import Path

from kg import resources

from .expanding import texts_of

HERE = Path(__file__).parent
HEAD = "# Every line of data/cues/{} once more: what changes there, or goes, has to change here too.\n"


def named_here(table: str) -> list[dict[str, str]]:
    """The lines of one of the tables beside this file."""
    lines = [line for line in (HERE / table).read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def write() -> None:
    """Write all tables; a text that a cue has here already stays what it is."""
    for table in ("columns.tsv", "topics.tsv", "words.tsv"):
        _write(table, list(resources.table("data", "cues", table)))
    texts = {(row["effect"], row["cue"]): row["text"] for row in named_here("cues.tsv")}
    rows = list(resources.table("data", "cues", "cues.tsv"))
    _write("cues.tsv", [{**row, "text": texts.get((row["effect"], row["cue"])) or _text(row["cue"])} for row in rows])


def _text(phrase: str) -> str:
    """A text that a phrase stands for, from the middle of its alternatives."""
    texts = texts_of(phrase)
    return texts[len(texts) // 2 if "{" in phrase else 0]


def _write(table: str, rows: list[dict[str, str]]) -> None:
    lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
    (HERE / table).write_text(HEAD.format(table) + "".join(f"{line}\n" for line in lines), "utf-8")
