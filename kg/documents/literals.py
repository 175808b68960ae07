"""Records as programs write them: JSON, and what programs in JavaScript, TypeScript and Python say in its notation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg import lazy_re as re

DEEPEST = 64
"""What is nested deeper is nothing that anybody reads."""

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z)|^[ \t]*\#[^\n]*)"""
    r"""|(?P<text>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)"""
    # What is escaped is a part of the word, so that each quote that nobody closes is looked for once.
    r"""|(?P<mark>[{}\[\](),:;])|(?P<word>(?:[^\s{}\[\](),:;"'`\\]|\\.)+|["'`\\])""",
    re.DOTALL | re.MULTILINE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_CONTROLS = {"n": "\n", "t": " ", "r": "", "b": "", "f": " ", "\n": ""}
_OPENING = {"}": "{", "]": "[", ")": "("}
_TRIPLE = ('"' * 3, "'" * 3)
_NOTHING = frozenset({"null", "undefined", "None", "NaN"})
# `const NAME =`, `export const NAME: Type[] =`, `NAME =`
_NAME = re.compile(r"([\w$]+)\s*(?::[^=\n]{1,60})?=\s*\Z")
_BEFORE = 120


class Scalar(NamedTuple):
    """A text, a number or a truth value as the document has it, and its line."""

    text: str
    line: int
    is_quoted: bool = True


class Series(NamedTuple):
    """Values in square brackets."""

    values: Sequence[Value]
    line: int


class Record(NamedTuple):
    """Keys and their values, in their order."""

    pairs: Sequence[tuple[str, Value]]
    line: int


Value = Scalar | Series | Record


class Literal(NamedTuple):
    """A series or a record that stands in no other: from where to where, under which name, and what it holds."""

    start: int
    end: int
    name: str
    value: Series | Record


class _Bracket:
    """A bracket that is open, and what was read in it."""

    def __init__(self, mark: str, start: int, line: int, inner: int) -> None:
        self.mark, self.start, self.line = mark, start, line
        self.inner = inner
        """How many literals there were before it."""
        self.is_data = mark != "("
        self.parts: list[Value] = []
        """What stands since the last comma or colon."""
        self._key: str | None = None
        self._values: list[Value] = []
        self._pairs: list[tuple[str, Value]] = []

    def colon(self) -> None:
        """What stands before is a key."""
        key = self.parts[0] if len(self.parts) == 1 else None
        if self.mark != "{" or self._key is not None or not isinstance(key, Scalar):
            self.is_data = False
            return
        self._key, self.parts = key.text, []

    def comma(self) -> None:
        """What stands before is a whole value; where it is an expression, its value is not known."""
        value = _value_of(self.parts)
        if self.mark == "[" and value is not None:
            self._values.append(value)
        elif self._key is not None and value is not None:
            self._pairs.append((self._key, value))
        elif self.mark == "{" and self._key is None and self.parts:
            self.is_data = False
        self._key, self.parts = None, []

    def semicolon(self) -> None:
        """Only programs have those."""
        self.is_data, self._key, self.parts = False, None, []

    def close(self) -> Series | Record | None:
        """What it holds; None for a part of a program, and where nothing stands in it."""
        self.comma()
        if not self.is_data:
            return None
        if self.mark == "[":
            return Series(self._values, self.line) if self._values else None
        return Record(self._pairs, self.line) if self._pairs else None


def literals_in(source: str) -> list[Literal]:
    """The outermost records and series of a program or of JSON, in order, in one pass over it.

    >>> [(one.name, one.value.values[0].pairs[0][0]) for one in literals_in("const drugs = [{ code: 'J1745' }]")]
    [('drugs', 'code')]
    """
    found: list[Literal] = []
    stack = [_Bracket("(", 0, 1, 0)]
    opened: Counter[str] = Counter()
    for token, line in _tokens(source):
        text = token[0]
        if token.lastgroup == "text":
            stack[-1].parts.append(Scalar(_unescaped(text[3:-3] if text[:3] in _TRIPLE else text[1:-1]), line))
        elif token.lastgroup == "word":
            stack[-1].parts.append(Scalar("" if text in _NOTHING else text, line, is_quoted=False))
        elif text in "{[(":
            opened[text] += 1
            stack.append(_Bracket(text, token.start(), line, len(found)))
        elif text in _OPENING:
            if opened[_OPENING[text]]:
                _close(source, stack, opened, token, found)
        elif text == ":":
            stack[-1].colon()
        elif text == ";":
            stack[-1].semicolon()
        else:
            stack[-1].comma()
    return found


def _tokens(source: str) -> Iterator[tuple[re.Match[str], int]]:
    """The tokens that are no comments, each with its line."""
    line, at = 1, 0
    for token in _TOKEN.finditer(source):
        if token.lastgroup != "comment":
            line += source.count("\n", at, token.start())
            at = token.start()
            yield token, line


def _close(
    source: str, stack: list[_Bracket], opened: Counter[str], token: re.Match[str], found: list[Literal]
) -> None:
    """Close the innermost bracket of a kind; one that is left open within it stands in a program."""
    mark, is_whole = _OPENING[token[0]], True
    while stack[-1].mark != mark:
        opened[stack.pop().mark] -= 1
        is_whole = False
    bracket = stack.pop()
    opened[mark] -= 1
    if mark == "(" and is_whole and isinstance(joined := _value_of(bracket.parts), Scalar):
        stack[-1].parts.append(joined)  # Texts in brackets, which Python joins.
        return
    value = bracket.close() if is_whole and len(stack) <= DEEPEST else None
    if value is None:
        stack[-1].parts.append(Series((), bracket.line))
        return
    del found[bracket.inner :]
    name = _NAME.search(source[max(0, bracket.start - _BEFORE) : bracket.start])
    found.append(Literal(bracket.start, token.end(), name[1] if name else "", value))
    stack[-1].parts.append(value)


def _value_of(parts: Sequence[Value]) -> Value | None:
    """The value that an expression is, where it is nothing but texts that are joined, or a value and its type."""
    if not parts:
        return None
    first, second = parts[0], parts[1] if len(parts) > 1 else None
    if second is None or (isinstance(second, Scalar) and second.text in ("as", "satisfies") and not second.is_quoted):
        return first
    texts = [part for part in parts if not (isinstance(part, Scalar) and part.text == "+" and not part.is_quoted)]
    if all(isinstance(text, Scalar) and text.is_quoted for text in texts):
        return Scalar("".join(text.text for text in texts if isinstance(text, Scalar)), first.line)
    return None


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    text = _ESCAPE.sub(_character, text)
    # Halves of a pair, which the notation writes one by one, are one character; a half alone is none.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(match: re.Match[str]) -> str:
    if code := match[1] or match[2]:
        return chr(int(code, 16))
    return _CONTROLS.get(match[3], match[3])
