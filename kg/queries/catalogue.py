"""The catalogue: competency questions kept as `.rq` files, each with a header that says what it answers.

A header stands in the first lines of its file:

    #+ summary: Which codes connect to a diagnosis?
    #+ description: Everything narrower in the ICD-10-CM tree counts as well.
    #+ audience: analyst, script
    #+ parameter: diagnosis icd10cm M06.9 the diagnosis asked for
    #+ column: code the billing code

A parameter has a name, a kind, an example (in quotes where it has spaces) and words; a column a name and
words. In the query a parameter is a variable that is written with a dollar, `$diagnosis`; its value takes its
place before the query runs.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NoReturn

from kg.errors import ResourceError, UnknownName
from kg.model import Kind
from kg.queries.shape import Shape

AUDIENCES = ("analyst", "trainer", "script")
KINDS = (*(kind.value for kind in Kind), "concept", "document", "text", "relation", "verdict", "integer", "date")

_FOLDER = Path(__file__).parent / "catalogue"
_LINE = re.compile(r"#\+ (\w+): (\S.*)")
_PARAMETER = re.compile(r"(?P<name>\w+) (?P<kind>\w+) (?:\"(?P<quoted>[^\"]+)\"|(?P<bare>[^\s\"]+)) (?P<words>\S.*)")
_COLUMN = re.compile(r"(?P<name>\w+) (?P<words>\S.*)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a query asks for: its name, the kind of value, an example, and what it means."""

    name: str
    kind: str
    example: str
    words: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the answer: its name, and what it means."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class CatalogueQuery:
    """A competency question: what it answers, for whom, what it asks for, what it gives, and its SPARQL."""

    name: str
    summary: str
    description: str
    audience: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    text: str = field(repr=False)


def catalogue() -> tuple[CatalogueQuery, ...]:
    """All questions of the catalogue, by name."""
    return tuple(map(read, _files().values()))


@cache
def _files() -> dict[str, Path]:
    return {file.stem: file for file in sorted(_FOLDER.glob("*.rq"))}


def find(name: str) -> CatalogueQuery:
    """The question of this name; raises `UnknownName` with the names that are close to it.

    >>> find("codes-for-diagnosis").parameters[0].example
    'M06.9'
    """
    files = _files()
    if name in files:
        return read(files[name])
    close = difflib.get_close_matches(name, files, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else "kg queries lists them"
    raise UnknownName(f"no such query: {name!r} ({hint})")


def parameters_of(question: str) -> tuple[Parameter, ...]:
    """The parameters of a query, or of the question of the catalogue that has this name."""
    files = _files()
    return read(files[question]).parameters if question in files else parameters_in(question)


def parameters_in(text: str) -> tuple[Parameter, ...]:
    """The parameters that the header of somebody's own query names; other tools keep lines of their own there.

    >>> parameters_in("#+ endpoint: x\\n#+ parameter: code concept J3262 the code\\nASK { $code ?p ?o }")[0].kind
    'concept'
    """
    parameters = []
    for line in text.splitlines():
        if not line.startswith("#+"):
            break
        match = _LINE.fullmatch(line)
        parameter = _parameter(match[2]) if match and match[1] == "parameter" else None
        if parameter is not None and parameter.kind in KINDS:
            parameters.append(parameter)
    return tuple(parameters)


def _parameter(text: str) -> Parameter | None:
    match = _PARAMETER.fullmatch(text)
    return match and Parameter(match["name"], match["kind"], match["quoted"] or match["bare"], match["words"])


@cache
def read(file: Path) -> CatalogueQuery:
    """Read one `.rq` file; raises `ResourceError` with file and line where header and query disagree."""
    text = file.read_text("utf-8")
    header = _Header(file)
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            break
        header.add(number, line)
    query = header.query(text)
    _compare(query, file)
    return query


class _Header:
    """The header of one file, read line by line."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._words: dict[str, str] = {}
        self._parameters: list[Parameter] = []
        self._columns: list[Column] = []

    def add(self, number: int, line: str) -> None:
        match = _LINE.fullmatch(line)
        if match is None:
            _fail(self._file, number, f"not a line of a header: {line!r}")
        key, value = match.groups()
        if key == "parameter":
            self._parameters.append(self._parameter(number, value))
        elif key == "column":
            column = _COLUMN.fullmatch(value) or _fail(self._file, number, f"not a name and words: {value!r}")
            self._columns.append(Column(**column.groupdict()))
        elif key not in ("summary", "description", "audience"):
            _fail(self._file, number, f"no such key: {key!r}")
        elif key in self._words and key != "description":
            _fail(self._file, number, f"a second {key}")
        else:
            # A description may go on over several lines.
            self._words[key] = f"{self._words.get(key, '')} {value}".strip()

    def _parameter(self, number: int, value: str) -> Parameter:
        parameter = _parameter(value)
        if parameter is None:
            _fail(self._file, number, f"not a name, a kind, an example and words: {value!r}")
        if parameter.kind not in KINDS:
            _fail(self._file, number, f"no such kind: {parameter.kind!r} (one of {', '.join(KINDS)})")
        return parameter

    def query(self, text: str) -> CatalogueQuery:
        for key in ("summary", "audience"):
            if key not in self._words:
                _fail(self._file, 1, f"no {key}")
        audience = tuple(word.strip() for word in self._words["audience"].split(","))
        if unknown := set(audience) - set(AUDIENCES):
            _fail(self._file, 1, f"no such audience: {min(unknown)!r} (one of {', '.join(AUDIENCES)})")
        return CatalogueQuery(
            name=self._file.stem,
            summary=self._words["summary"],
            description=self._words.get("description", ""),
            audience=audience,
            parameters=tuple(self._parameters),
            columns=tuple(self._columns),
            text=text,
        )


def _compare(query: CatalogueQuery, file: Path) -> None:
    """The header names what the query uses and selects: every parameter, and all columns in their order."""
    shape = Shape.of(query.text)
    for parameter in query.parameters:
        if parameter.name not in shape.variables:
            _fail(file, 1, f"the query does not use its parameter {parameter.name!r}")
    if shape.form != "SELECT":
        _fail(file, 1, "the query is not a SELECT")
    columns, selected = tuple(column.name for column in query.columns), shape.selections[0].variables
    if columns != selected:
        _fail(
            file,
            1,
            f"the header names the columns {', '.join(columns)}; the query selects {', '.join(selected)}",
        )


def _fail(file: Path, number: int, problem: str) -> NoReturn:
    raise ResourceError(f"{file}:{number}: {problem}")
