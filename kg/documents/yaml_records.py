"""YAML: its lists and keys are read as those of JSON, and what stands behind a # is left out."""

from __future__ import annotations

from collections.abc import Iterator

from kg import lazy_re as re
from kg.documents import records
from kg.documents.document import Block, Unreadable
from kg.documents.lines import Lines, Where
from kg.documents.literals import DEEPEST, Record, Scalar, Series, Value

NAME = "yaml"

_COMMENT = re.compile(r"(?:^|(?<=\s))#\s*(?P<words>.*\S)")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")
_OPENING, _CLOSING = "[{", "]}"
_NOTHING = frozenset({"null", "Null", "NULL", "~"})
_TOO_DEEP = "YAML that is nested too deep"


class _Open:
    """A list or a record that is not at its end yet."""

    def __init__(self, line: int, *, is_record: bool) -> None:
        self.line = line
        self.is_record = is_record
        self.values: list[Value] = []
        self.pairs: list[tuple[str, Value]] = []
        self._key: str | None = None

    def add(self, value: Value) -> None:
        """A key, or a value behind one; what stands behind a key that is itself a list has none."""
        if not self.is_record:
            self.values.append(value)
        elif self._key is None:
            self._key = value.text if isinstance(value, Scalar) else ""
        else:
            self.pairs.append((self._key, value))
            self._key = None

    def close(self) -> Value:
        return Record(self.pairs, self.line) if self.is_record else Series(self.values, self.line)


def read(text: str) -> tuple[str, tuple[Block, ...]]:
    """The records of a YAML file, document by document, and its comments left out."""
    lines = Lines()
    values = [value for value in _documents(text) if not isinstance(value, Scalar)]
    if not values:
        raise Unreadable("no records: neither keys nor a list", 1)
    # Several documents in a file are each about their own, as the records of a list are.
    records.write(lines, values[0] if len(values) == 1 else Series(values, values[0].line))
    for number, line in enumerate(text.splitlines(), 1):
        bare = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), line) if "#" in line else ""
        if comment := _COMMENT.search(bare):
            lines.omit("comment", line[comment.start("words") : comment.end("words")], Where(number))
    return lines.content()


def _documents(text: str) -> Iterator[Value]:
    """The value of each document; references to what stands elsewhere are not followed, so that nothing repeats."""
    import yaml

    _check_depth(text)
    stack: list[_Open] = []
    try:
        for event in yaml.parse(text.lstrip("\ufeff"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                stack.append(_Open(line, is_record=isinstance(event, yaml.MappingStartEvent)))
                if len(stack) > DEEPEST:
                    raise Unreadable(_TOO_DEEP, line)
                continue
            value = _value(event, stack, line)
            if value is None:
                continue
            if stack:
                stack[-1].add(value)
            else:
                yield value
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        raise Unreadable(f"no YAML: {exc.problem or exc.context}", mark.line + 1 if mark else 0) from exc
    except yaml.reader.ReaderError as exc:
        raise Unreadable(f"no YAML: {exc.reason}", text.count("\n", 0, max(exc.position, 0)) + 1) from exc


def _value(event: object, stack: list[_Open], line: int) -> Value | None:
    """The value that an event gives or ends; None where it does neither."""
    import yaml

    if isinstance(event, yaml.ScalarEvent):
        is_quoted = event.style in ("'", '"')
        return Scalar("" if event.value in _NOTHING and not is_quoted else event.value, line, is_quoted)
    if isinstance(event, yaml.AliasEvent):
        return Scalar("", line, is_quoted=False)
    if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
        return stack.pop().close()
    return None


def _check_depth(text: str) -> None:
    """Refuse brackets that are nested so deep that a parser of YAML takes long over them."""
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        for character in line if "[" in line or "{" in line or depth else ():
            if character in _OPENING:
                depth += 1
                if depth > _MOST_BRACKETS:
                    raise Unreadable(_TOO_DEEP, number)
            elif character in _CLOSING:
                depth = max(0, depth - 1)


_MOST_BRACKETS = 4 * DEEPEST
