"""JSON, and the records in the source of a program: lists of records are tables, keys are headers and labels."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from kg import lazy_re as re
from kg.documents import text as plain
from kg.documents.document import Block, BlockKind, Unreadable
from kg.documents.lines import Lines, Where, one_line
from kg.documents.literals import Literal, Record, Scalar, Series, Value, literals_in

NAME = "json"

_BETWEEN = "\ufeff \t\r\n,"
_LONGEST_CELL = 2000
_LONGEST_LIST = 400
_TITLE = 160
_MOST_KEYS = 40
_MOST_KEYS_OF_ONE = 4
_FEWEST_ROWS = 2
_DEEPEST_HEADING = 6
# Keys whose text is the heading of what stands beside it, and keys that say nothing of theirs.
_TITLES = frozenset("title heading header headline name label question section topic subhead caption".split())
_PLAIN = frozenset(
    "text copy desc content body paragraph p value answer html markdown message td th cell li item".split()
)
# A record that names its payer first is about something else.
_OF_PAYER = re.compile(r"pay[eo]r|insurer|carrier|\bplan", re.IGNORECASE)
_TRUTHS = frozenset(("true", "false", "yes", "no"))
_HEADERS = frozenset(("header", "headers", "columns"))
_NUMBERED = re.compile(r"[\d_]+$")
# "prior_authorization": words as programs write them.
_IDENTIFIER = re.compile(r"[A-Za-z]+(?:_[A-Za-z]+)+")
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
_TAG = re.compile(r"</?(?P<name>[a-z][a-z\d]{0,9})\b[^<>]{0,300}>", re.IGNORECASE)
_BREAKS = frozenset("br p div li ul ol tr td h1 h2 h3 h4 h5 h6".split())
_CODE = re.compile(r"\b(?:[A-Z]\d{4}|\d{4}[A-Z\d]|[A-Z]\d[\dA-Z](?:\.[\dA-Z]{1,4})?)\b")
_CODES = re.compile(rf"{_CODE.pattern}(?:[\s,;/]+{_CODE.pattern})*")


def read(text: str) -> tuple[str, tuple[Block, ...]]:
    """The records of a JSON file, or of several one after the other; what is broken among many is left out."""
    literals = literals_in(text)
    rest = _outside(text, literals)
    if not literals or (rest is not None and not _are_most(text, literals)):
        raise Unreadable(*_fault(text, rest or 0))
    return _written(text, _joined(text, literals), 1, "no JSON")


def is_json(text: str) -> bool:
    """Whether text is records and nothing else.

    >>> is_json('{"code": "J1745"}'), is_json("[see below] J1745")
    (True, False)
    """
    try:
        return isinstance(json.loads(text.lstrip("\ufeff")), dict | list)
    except (json.JSONDecodeError, RecursionError):
        literals = literals_in(text)
        return bool(literals) and _outside(text, literals) is None


def read_program(text: str) -> tuple[str, tuple[Block, ...]]:
    """The records in the source of a program that name codes, with the rest left out."""
    return _written(text, _naming_codes(text), 2, "program text")


def _written(text: str, literals: Iterable[Literal], level: int, reason: str) -> tuple[str, tuple[Block, ...]]:
    """The lines of literals, with what stands between them left out for a reason."""
    lines, at, number = Lines(), 0, 1
    for literal in literals:
        _omit(lines, text[at : literal.start], number, reason)
        _write(lines, literal.name, literal.value, level)
        if level > 1:
            lines.end_section(1)
        number, at = number + text.count("\n", at, literal.end), literal.end
    _omit(lines, text[at:], number, reason)
    return lines.content()


def is_program(text: str) -> bool:
    """Whether text is the source of a program, or for the most part records, and names codes in records.

    >>> is_program("drugs = [{'code': 'J1745', 'name': ('inf' 'liximab')}, {'code': 'J3262'}]"), is_program("{J1745}")
    (True, False)
    """
    literals = list(_naming_codes(text))
    return bool(literals) and (_are_most(text, literals) or plain.is_program(text))


def _are_most(text: str, literals: Sequence[Literal]) -> bool:
    """Whether literals are most of a text."""
    return 2 * sum(literal.end - literal.start for literal in literals) > len(text)


def _naming_codes(program: str) -> Iterator[Literal]:
    joined = _joined(program, literals_in(program))
    return (literal for literal in joined if _CODE.search(program, literal.start, literal.end))


def _outside(text: str, literals: Sequence[Literal]) -> int | None:
    """Where the first thing stands that is in no literal; None where all is."""
    at = 0
    for literal in [*literals, None]:
        end = literal.start if literal else len(text)
        between = text[at:end].strip(_BETWEEN)
        if between:
            return text.index(between, at)
        at = literal.end if literal else end
    return None


def _fault(text: str, at: int) -> tuple[str, int]:
    """What is wrong with a text that should be JSON, and on which line."""
    try:
        json.loads(text)
    except json.JSONDecodeError as exc:
        return f"no JSON: {exc.msg}", exc.lineno
    except RecursionError:
        return "JSON that is nested too deep", 0
    return "no records: neither keys nor a list", text.count("\n", 0, at) + 1


def _joined(text: str, literals: Iterable[Literal]) -> Iterator[Literal]:
    """The literals, with records that follow one another as one series: lines of JSON, or a list that was cut off."""
    for _, run in groupby(_numbered_runs(text, literals), key=itemgetter(0)):
        records = [literal for _, literal in run]
        if len(records) == 1:
            yield records[0]
        else:
            series = Series([record.value for record in records], records[0].value.line)
            yield Literal(records[0].start, records[-1].end, records[0].name, series)


def _numbered_runs(text: str, literals: Iterable[Literal]) -> Iterator[tuple[int, Literal]]:
    """The literals, each with the number of the run of records that it belongs to."""
    run, before = 0, None
    for literal in literals:
        follows = before and isinstance(before.value, Record) and isinstance(literal.value, Record) and not literal.name
        if before is None or not follows or text[before.end : literal.start].strip(_BETWEEN):
            run += 1
        before = literal
        yield run, literal


def _omit(lines: Lines, source: str, number: int, reason: str) -> None:
    for offset, line in enumerate(source.splitlines()):
        if line.strip(_BETWEEN):
            lines.omit(reason, line, Where(number + offset))


def write(lines: Lines, value: Value) -> None:
    """Add a record or a series as a document shows it."""
    _write(lines, "", value, 1)


def _write(lines: Lines, key: str, value: Value, level: int) -> None:
    """Add a value and its key."""
    where = Where(value.line)
    if isinstance(value, Scalar):
        _write_scalar(lines, key, value, where, level)
    elif isinstance(value, Record):
        _write_record(lines, key, value, level)
    elif all(isinstance(item, Scalar) for item in value.values):
        _write_list(lines, key, [_shown(item) for item in value.values if isinstance(item, Scalar)], where, level)
    else:
        records = [item for item in value.values if isinstance(item, Record)]
        level = _headed(lines, _words_of(key), where, level)
        if len(records) == len(value.values) and _is_table(records):
            _write_table(lines, records)
        elif rows := _rows_in(value):
            _write_rows(lines, None, rows)
        else:
            for item in value.values:
                _write(lines, "", item, level)


def _write_scalar(lines: Lines, key: str, value: Scalar, where: Where, level: int) -> None:
    label, text = _label_of(key), _shown(value)
    if text and "\n" in value.text.strip() and "<" not in value.text:
        _write_text(lines, label, value, level)
    elif text:
        _write_line(lines, label, text, where)


def _label_of(key: str) -> str:
    """The words of a key, unless it says no more than that there is a text."""
    label = _words_of(key)
    return "" if _NUMBERED.sub("", label) in _PLAIN else label


def _write_line(lines: Lines, label: str, text: str, where: Where) -> None:
    lines.block(BlockKind.PARAGRAPH, f"{label}: {text}" if label else text, where)


def _write_text(lines: Lines, label: str, value: Scalar, level: int) -> None:
    """A text of several lines is a document within the document."""
    where = Where(value.line)
    level = _headed(lines, label, where, level)
    text, blocks = plain.read(value.text)
    table = 0
    for block in blocks:
        content = text[block.start : block.end]
        if block.kind is BlockKind.HEADING:
            lines.heading(content, min(level + block.level - 1, _DEEPEST_HEADING), where)
        elif block.cells:
            if block.table != table:
                table = block.table
                lines.start_table()
            lines.row(block.kind, [text[cell.start : cell.end] for cell in block.cells], where)
        elif block.kind is BlockKind.NAVIGATION:
            lines.omit(block.omitted, content, where)
        else:
            lines.block(block.kind, content, where, block.level)


def _write_list(lines: Lines, key: str, items: Sequence[str], where: Where, level: int) -> None:
    """A list that is short is one line behind its key; one of sentences stands below it."""
    items = [item for item in items if item]
    if key and sum(map(len, items)) <= _LONGEST_LIST and not any(", " in item or len(item) > 60 for item in items):
        _write_line(lines, _label_of(key), ", ".join(items), where)
        return
    _headed(lines, _words_of(key), where, level)
    for item in items:
        lines.block(BlockKind.ITEM, item, where)


def _write_record(lines: Lines, key: str, record: Record, level: int) -> None:
    """A record is a section: its title, if it has one, is the heading, and its other keys are labels or sections."""
    where, pairs = Where(record.line), list(record.pairs)
    if (table := _table_in(pairs)) is not None:
        _headed(lines, _words_of(key), where, level)
        _write_rows(lines, *table)
        return
    named = [_with_name(name, value) for name, value in pairs if isinstance(value, Record)]
    if len(named) == len(pairs) >= _FEWEST_ROWS and _is_table(named):
        _headed(lines, _words_of(key), where, level)
        _write_table(lines, named)
        return
    title = _title_of(pairs, needed=not key) if len(pairs) > 1 else None
    if title is not None:
        pairs.remove(title)
    heading = _shown(title[1]) if title else ""
    if _CODES.fullmatch(key):
        level = _headed(lines, f"{key}: {heading}" if heading else key, where, level)
    else:
        level = _headed(lines, heading, where, _headed(lines, _words_of(key), where, level))
    # Codes say of what the rest speaks.
    for name, value in sorted(pairs, key=lambda pair: not _holds_codes(pair[1])):
        _write(lines, name, value, level)
        if not isinstance(value, Scalar):
            lines.end_section(level)


def _table_in(pairs: Sequence[tuple[str, Value]]) -> tuple[Series, Sequence[Series]] | None:
    """The header and the rows of a record that is nothing but a table: {headers: […], rows: [[…], […]]}."""
    header = next((value for key, value in pairs if key.lower() in _HEADERS and _is_cells(value)), None)
    rows = next((rows for _, value in pairs if value is not header and (rows := _rows_in(value))), ())
    return (header, rows) if isinstance(header, Series) and rows and len(pairs) == _FEWEST_ROWS else None


def _rows_in(value: Value) -> Sequence[Series]:
    """The rows of a series of series, if it is nothing else."""
    values = value.values if isinstance(value, Series) else ()
    return [row for row in values if isinstance(row, Series)] if all(map(_is_cells, values)) else ()


def _is_cells(value: Value) -> bool:
    return isinstance(value, Series) and len(value.values) > 1 and all(isinstance(v, Scalar) for v in value.values)


def _write_rows(lines: Lines, header: Series | None, rows: Sequence[Series]) -> None:
    lines.start_table()
    for number, row in enumerate([*filter(None, (header,)), *rows], 0 if header else 1):
        kind = BlockKind.ROW if number else BlockKind.HEADER
        lines.row(kind, [_cell(cell) for cell in row.values], Where(row.line, row=number))


def _with_name(name: str, record: Record) -> Record:
    """A record with the name under which it stands as one more column."""
    return Record(
        [("code" if _CODES.fullmatch(name) else "name", Scalar(name, record.line)), *record.pairs], record.line
    )


def _title_of(pairs: Sequence[tuple[str, Value]], *, needed: bool) -> tuple[str, Scalar] | None:
    """The key and the value that head a record; where it stands in a list, any short one will do."""
    short = [(key, value) for key, value in pairs if isinstance(value, Scalar) and 0 < len(_shown(value)) <= _TITLE]
    return next((pair for pair in short if _NUMBERED.sub("", pair[0].lower()) in _TITLES), None) or next(
        (pair for pair in short if needed and _may_head(*pair)), None
    )


def _may_head(key: str, value: Scalar) -> bool:
    """Whether a value may head a record that has no title: no code, no payer, no yes or no."""
    return not _holds_codes(value) and not _OF_PAYER.search(key) and value.text.lower() not in _TRUTHS


def _holds_codes(value: Value) -> bool:
    """Whether a value is nothing but codes."""
    return isinstance(value, Scalar) and _CODES.fullmatch(value.text) is not None


def _headed(lines: Lines, heading: str, where: Where, level: int) -> int:
    """Add a heading, if there are words for it; the answer is the level below it."""
    if not heading:
        return level
    lines.heading(heading, min(level, _DEEPEST_HEADING), where)
    return level + 1


def _is_table(records: Sequence[Record]) -> bool:
    """Whether records are rows: all their values fit into cells, and they share most of their keys."""
    keys = _keys(records)
    filled = sum(len(record.pairs) for record in records)
    return (
        2 <= len(keys) <= (_MOST_KEYS if len(records) > 1 else _MOST_KEYS_OF_ONE)
        and 2 * filled >= len(keys) * len(records)
        and all(_is_cell(value) for record in records for _, value in record.pairs)
    )


def _keys(records: Iterable[Record]) -> list[str]:
    return list(dict.fromkeys(key for record in records for key, _ in record.pairs))


def _is_cell(value: Value) -> bool:
    if isinstance(value, Series):
        return all(isinstance(item, Scalar) for item in value.values) and len(_cell(value)) <= _LONGEST_CELL
    return isinstance(value, Scalar) and len(value.text) <= (_TITLE if "\n" in value.text else _LONGEST_CELL)


def _write_table(lines: Lines, records: Sequence[Record]) -> None:
    keys = _keys(records)
    lines.start_table()
    lines.row(BlockKind.HEADER, map(_words_of, keys), Where(records[0].line))
    for number, record in enumerate(records, 1):
        values = dict(record.pairs)
        cells = [_cell(values[key]) if key in values else "" for key in keys]
        lines.row(BlockKind.ROW, cells, Where(record.line, row=number))


def _cell(value: Value) -> str:
    if isinstance(value, Series):
        return ", ".join(filter(None, (_shown(item) for item in value.values if isinstance(item, Scalar))))
    return _shown(value) if isinstance(value, Scalar) else ""


def _words_of(key: str) -> str:
    """A key as words.

    >>> _words_of("hcpcsCode"), _words_of("icd10_codes")
    ('hcpcs code', 'icd10 codes')
    """
    words = key.replace("_", " ").replace("$", " ")
    if " " in key or key.isupper() or _CODE.fullmatch(key):
        return one_line(words)
    return one_line(_CAMEL.sub(" ", words)).lower()


def _shown(value: Scalar) -> str:
    """The text of a value as a page shows it."""
    text = value.text
    if "<" in text:
        text = _TAG.sub(lambda tag: " " if tag["name"].lower() in _BREAKS else "", text)
    if _IDENTIFIER.fullmatch(text):
        text = text.replace("_", " ")
    return one_line(html.unescape(text) if "&" in text else text)
