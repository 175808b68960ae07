"""Makes billing guides for measuring: as many as wanted, all different, the same ones every time.

Each begins with one of our own guides (`tests/corpus`, `tests/held`, `data/guides`); parts of others are
added until the size of a real guide is reached. Codes and drugs are swapped for others, rows and sentences
change places.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("tests/corpus", "tests/held", "data/guides")
SEEDS = ROOT.parent / "shared" / "seeds"
SIZE = (5_000, 8_000)
"""Between these a size is drawn for each document, in bytes; the seeds of the project have 6 and 8 kB."""

_DRUG_CODE = re.compile(r"\b[JQ]\d{4}\b")
_CPT = re.compile(r"\b\d{5}\b")
_DIAGNOSIS = re.compile(r"\b[A-TV-Z]\d[0-9AB]\.[0-9A-Z]{1,4}\b")
_WORD = re.compile(r"\b[A-Za-z]{5,}\b")
_SENTENCE = re.compile(r"(?<=[.!?]) +(?=[A-Z])")
_HTML_PART = re.compile(r"<(h[1-6]|p|table|ul|ol)\b[\s\S]*?</\1>")
_HTML_ROW = re.compile(r"<(tr|li)\b(?:(?!<th)[\s\S])*?</\1>")


@dataclass(frozen=True)
class Template:
    """One of our own guides."""

    suffix: str
    text: str

    @cached_property
    def subject(self) -> str:
        """The first drug code in it, or nothing."""
        match = _DRUG_CODE.search(self.text)
        return match[0] if match else ""

    @cached_property
    def is_about_one(self) -> bool:
        """Whether it speaks of one drug, with few others beside it."""
        return 0 < len(set(_DRUG_CODE.findall(self.text))) < 5

    @cached_property
    def parts(self) -> list[str]:
        """Its headings, paragraphs, lists and tables, without the title."""
        if self.suffix == ".html":
            return [match[0] for match in _HTML_PART.finditer(self.text)][1:]
        return re.split(r"\n{2,}", self.text)[1:]


def make(number: int) -> tuple[str, bytes]:
    """The name and the bytes of one made-up guide."""
    dice = random.Random(number)
    templates = _templates()
    first = templates[number % len(templates)]
    text, size = first.text, dice.randint(*SIZE)
    for part in _parts(first, dice):
        if len(text) + len(part) > size:
            break
        text = f"{text.rstrip()}\n\n{part}"
    text = _shuffled_html(text, dice) if first.suffix == ".html" else _shuffled(text, dice)
    return f"guide-{number:05}{first.suffix}", _swapped(text, dice).encode()


def documents(count: int) -> Iterator[tuple[str, bytes]]:
    """So many made-up guides, one at a time."""
    return map(make, range(count))


def like_seeds(count: int) -> Iterator[tuple[str, bytes]]:
    """So many guides that say what the seeds say, of other codes and drugs and in another order; none without seeds.

    They say half as much to the page as those that are put together of our own.
    """
    seeds = [path.read_text("utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    for number in range(count if seeds else 0):
        dice = random.Random(number)
        text = _swapped(_shuffled(seeds[number % len(seeds)], dice), dice)
        yield f"guide-{number:05}.txt", text.encode()


@cache
def _templates() -> tuple[Template, ...]:
    paths = (path for folder in FOLDERS for path in sorted((ROOT / folder).iterdir()))
    return tuple(
        Template(".html" if path.suffix == ".html" else ".txt", path.read_text("utf-8"))
        for path in paths
        if path.suffix in (".txt", ".md", ".html")
    )


@cache
def _drugs() -> dict[str, None]:
    rows = (ROOT / "data/names/drugs.tsv").read_text("utf-8").splitlines()
    names = (row.split("\t")[0] for row in rows if row and not row.startswith("#"))
    return {name: None for name in names if name.isalpha() and name != "name"}


@cache
def _pool(pattern: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(sorted({code for template in _templates() for code in pattern.findall(template.text)}))


def _parts(first: Template, dice: random.Random) -> Iterator[str]:
    """The parts of other guides about one drug, which then speak of this one's code."""
    candidates = [template for template in _templates() if template.is_about_one and template.suffix == first.suffix]
    for template in dice.sample(candidates, len(candidates)):
        if template is not first:
            for part in template.parts:
                yield part.replace(template.subject, first.subject or template.subject)


def _swapped(text: str, dice: random.Random) -> str:
    """Codes and drugs replaced by others of their kind, each by the same one throughout."""
    for pattern, alike in ((_DRUG_CODE, 1), (_CPT, 2), (_DIAGNOSIS, 1)):
        swap = {code: dice.choice(_like(pattern, code[:alike])) for code in sorted(set(pattern.findall(text)))}
        text = pattern.sub(lambda match, swap=swap: swap[match[0]], text)
    names: dict[str, str] = {}
    return _WORD.sub(lambda match: _other_drug(match[0], names, dice), text)


def _other_drug(word: str, names: dict[str, str], dice: random.Random) -> str:
    """Another drug where a word is the name of one, else the word."""
    small = word.lower()
    if small not in _drugs():
        return word
    if small not in names:
        names[small] = dice.choice(list(_drugs()))
    return names[small].capitalize() if word[0].isupper() else names[small]


@cache
def _like(pattern: re.Pattern[str], start: str) -> tuple[str, ...]:
    return tuple(code for code in _pool(pattern) if code.startswith(start))


def _shuffled(text: str, dice: random.Random) -> str:
    """Rows of a table, lines of a list, and sentences of a paragraph in another order."""
    lines = text.split("\n")
    shuffled, run = list[str](), list[str]()
    for line in [*lines, ""]:
        if run and (not line.strip() or _shape(line) != _shape(run[-1])):
            shuffled += _reordered(run, dice)
            run = []
        run.append(line)
    return "\n".join(shuffled)


def _shape(line: str) -> str:
    if "|" in line or "\t" in line:
        return "row"
    return "item" if line.lstrip()[:2] in ("- ", "* ", "• ") else "text"


def _reordered(run: list[str], dice: random.Random) -> list[str]:
    if _shape(run[0]) == "row" and len(run) > 3:
        rule = next((n for n, line in enumerate(run) if set(line) <= set("|-: \t")), 0)
        head, body = run[: rule + 1], run[rule + 1 :]
        return head + dice.sample(body, len(body))
    if _shape(run[0]) == "item":
        return dice.sample(run, len(run))
    return [_sentences(line, dice) if len(line) > 120 else line for line in run]


def _sentences(line: str, dice: random.Random) -> str:
    sentences = _SENTENCE.split(line)
    return " ".join(dice.sample(sentences, len(sentences)))


def _shuffled_html(text: str, dice: random.Random) -> str:
    rows = [match[0] for match in _HTML_ROW.finditer(text)]
    order: dict[str, list[str]] = {}
    for kind in ("<tr", "<li"):
        alike = [row for row in rows if row.startswith(kind)]
        order[kind] = dice.sample(alike, len(alike))
    replace: Callable[[re.Match[str]], str] = lambda match: order[match[0][:3]].pop()  # noqa: E731
    return _HTML_ROW.sub(replace, text)
