"""Rows of cells as sheets and files of tables have them: what is a title, what is the header, what are rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from kg import lazy_re as re
from kg.documents.document import BlockKind
from kg.documents.lines import Lines, Where, one_line

PlacedRow = tuple[Sequence[str], Where]

_LEVEL = 3
_TITLE = 80
_PAIR = 2
_LONGEST_PREAMBLE = 8
# Codes, numbers, amounts, dates, units: what stands in rows and in no header.
_VALUE = re.compile(
    r"[A-Z]?\d[\dA-Z]*(?:\.[\dA-Z]+)?|[$€£]?\s?-?[\d,]+(?:\.\d+)?\s?%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ][\d:.]+)?"
    r"|\d+(?:-\d+)+|\d[\d.,]* ?[A-Za-z/%]{1,5}|Y|N|X|[Yy]es|[Nn]o|[A-Z]\d[\dA-Z.]*(?:\s?[-–,;/]\s?[A-Z]\d[\dA-Z.]*)+"
)
_COLUMN = re.compile(
    r"\b(?:brand|code|cpt|descript\w*|diagnos\w*|dose|drug|generic|hcpcs|icd|modifier|name|note|payer|plan|require\w*"
    r"|route|status|unit|use)s?\b",
    re.IGNORECASE,
)
"""Words that name columns; they tell a header where no column holds values."""
_SENTENCE = re.compile(r"[.!?;]$")


def write_sheet(lines: Lines, rows: Iterable[PlacedRow]) -> None:
    """Add the rows of a sheet or file: tables split at blank rows, with the titles above and the notes below them.

    >>> lines = Lines()
    >>> write_sheet(lines, [(["Modifiers"], Where(1)), (["Code", "Use"], Where(2)), (["JW", "waste"], Where(3))])
    >>> [block.kind.value for block in lines.content()[1]]
    ['heading', 'header', 'row']
    """
    for table in _split(rows):
        left = min(next(column for column, cell in enumerate(cells) if cell.strip()) for cells, _ in table)
        _write_table(lines, [(_cells(cells[left:]), where) for cells, where in table])


def _cells(cells: Sequence[str]) -> list[str]:
    """The cells of a row, each in one line, without the empty ones at the end."""
    last = len(cells)
    while last > 1 and not cells[last - 1].strip():
        last -= 1
    return [_in_one_line(cell) for cell in cells[:last]]


def _in_one_line(cell: str) -> str:
    """The lines of a cell as one; those that begin anew come after a pause, as breaks do in cells of pages."""
    if "\n" not in cell:
        return one_line(cell)
    whole = ""
    for line in filter(None, map(one_line, cell.splitlines())):
        pause = "; " if line[0].isupper() or line[0].isdigit() else " "
        whole = f"{whole}{' ' if whole.endswith((',', ';', ':')) else pause}{line}" if whole else line
    return whole


def _split(rows: Iterable[PlacedRow]) -> Iterator[list[PlacedRow]]:
    """The stretches of rows between blank ones."""
    stretch: list[PlacedRow] = []
    for cells, where in rows:
        if any(cell.strip() for cell in cells):
            stretch.append((cells, where))
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _write_table(lines: Lines, rows: list[tuple[list[str], Where]]) -> None:
    first, last = 0, len(rows)
    while first < last and _filled(rows[first][0]) == 1:
        first += 1
    if first == last and 2 * sum(bool(_VALUE.fullmatch("".join(cells))) for cells, _ in rows) >= len(rows):
        first = 0  # A list of codes is a table of one column.
    while last > first and _is_note(rows[last - 1][0]):
        last -= 1
    _write_titles(lines, rows[:first])
    begin = first + _preamble([cells for cells, _ in rows[first:last]])
    _write_rows(lines, rows[first:begin])
    _write_rows(lines, rows[begin:last])
    for cells, where in rows[last:]:
        lines.block(BlockKind.PARAGRAPH, "".join(cells), where)


def _preamble(rows: Sequence[Sequence[str]]) -> int:
    """How many rows are labels with their values, above the header of a table with more columns: "Form,F32105"."""
    labels = next((at for at, row in enumerate(rows) if _filled(row) != _PAIR), len(rows))
    below = rows[labels:]
    is_wider = len(below) > 1 and all(_filled(row) > _PAIR for row in below)
    return labels if 0 < labels <= _LONGEST_PREAMBLE and is_wider and is_header(below) else 0


def _write_titles(lines: Lines, rows: Sequence[tuple[list[str], Where]]) -> None:
    """The lines above a table: short ones are headings, sentences are paragraphs."""
    for cells, where in rows:
        text = "".join(cells)
        if len(text) <= _TITLE and not _SENTENCE.search(text):
            lines.heading(text, _LEVEL, where)
        else:
            lines.block(BlockKind.PARAGRAPH, text, where)


def _write_rows(lines: Lines, rows: Sequence[tuple[list[str], Where]]) -> None:
    if not rows:
        return
    lines.start_table()
    header = is_header([cells for cells, _ in rows])
    for number, (cells, where) in enumerate(rows):
        kind = BlockKind.HEADER if header and number == 0 else BlockKind.ROW
        lines.row(kind, cells, where)


def is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: it holds no values, and the rows below do."""
    head, below = rows[0], rows[1:21]
    if not below or any(_VALUE.fullmatch(cell) for cell in head):
        return False
    valued = Counter(column for row in below for column, cell in enumerate(row) if _VALUE.fullmatch(cell))
    value_headings = (
        head[column] for column, count in valued.items() if count * 2 >= len(below) and column < len(head)
    )
    return any(value_headings) or (bool(_COLUMN.search(" ".join(head))) and max(map(len, head)) <= _TITLE)


def is_head_of_pairs(pairs: Sequence[Sequence[str]]) -> bool:
    """Whether the first of some pairs names two columns, and is no label with its value as those below would be.

    >>> is_head_of_pairs([("Route", "CPT"), ("intramuscular", "96372")])
    True
    >>> is_head_of_pairs([("Drug", "tocilizumab"), ("Unit", "1 mg")])
    False
    """
    head, below = pairs[0], pairs[1:]
    names_columns = all(map(_COLUMN.search, head)) and not any(map(_VALUE.fullmatch, head))
    return names_columns and all(_VALUE.fullmatch(value) and not _COLUMN.search(label) for label, value in below)


def _is_note(cells: Sequence[str]) -> bool:
    """Whether a row below a table is a sentence about it."""
    return _filled(cells) == 1 and len(cells[0].split()) > 3


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell)
