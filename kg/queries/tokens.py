"""A scanner for SPARQL: tells names and keywords from strings, IRIs and comments, without parsing.

pyoxigraph reads SPARQL character by character and not token by token: it takes `SERVICESILENT<…>` and
`trueSERVICE <…>` for a SERVICE clause, and `<` for an operator wherever an operator may stand, even if an IRI
could be read there. So one text can be cut in two ways, and whoever looks for a forbidden word has to look at
both: `tokens(text)` and `tokens(text, less=True)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_VARIABLE = f"{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS = rf"{_VARIABLE}\-"
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ESCAPE = rf"\\[tbnrf\\\"']|{_UCHAR}"
_LOCAL = rf"(?:[{_CHARS}:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?#@%])"
# What stands between < and > in an IRI, and the part of it that could not end an expression, open a string or
# start a comment if the < were an operator.
_IRI = rf"<(?:[^<>\"{{}}|^`\\\x00-\x20]|{_UCHAR})*+>"
_LESS = r"<[^<>\"'(){}|^`\\#\x00-\x20]*+>?"

# Strings are tried before anything else; one without its end is no string, and its quote a mark by itself, so
# that what follows is looked at. A hostile text must not make the scanner read anything twice: the loops are
# possessive, a word goes as far as a name would have looked for its colon, an escaped quote opens nothing.
_TOKEN = r"""
    (?P<comment> \#[^\n\r]*+ )
  | (?P<string>
        '''(?:'{{0,2}}(?:[^'\\]|{escape}))*+''' | \"\"\"(?:\"{{0,2}}(?:[^\"\\]|{escape}))*+\"\"\"
      | '(?:[^'\\\n\r]|{escape})*+'             | \"(?:[^\"\\\n\r]|{escape})*+\" )
  | (?P<iri> {iri} )
  | (?P<variable> [?$][{variable}]+ )
  | (?P<blank> _:[{variable}](?:\.*[{chars}])*+ )
  | (?P<name> (?:[{base}](?:\.*[{chars}])*+)?:(?:(?!-){local}(?:\.*{local})*+)? )
  | (?P<tag> @[A-Za-z]+(?:-+[A-Za-z0-9]+)*+ )
  | (?P<number> [0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)? )
  | (?P<word> [{chars}]+(?:\.+[{chars}]+)*+ )
  | (?P<space> \s+ )
  | (?P<mark> \\[\\\"'] | . )
"""


@cache
def _pattern(less: bool) -> re.Pattern[str]:
    iri = _LESS if less else _IRI
    parts = {
        "escape": _ESCAPE,
        "iri": iri,
        "variable": _VARIABLE,
        "chars": _CHARS,
        "base": _BASE,
        "local": _LOCAL,
    }
    return re.compile(_TOKEN.format(**parts), re.VERBOSE | re.DOTALL)


# The parser takes keywords without blanks between them: SELECTDISTINCT, ORDERBYDESC, LIMIT10. The longer come first.
_KEYWORDS = (
    "CONSTRUCT|DISTINCT|DESCRIBE|OPTIONAL|REDUCED|SELECT|HAVING|OFFSET|VALUES|FILTER|EXISTS|WHERE|NAMED|GROUP(?!_)|ORDER"
    "|LIMIT|UNDEF|UNION|MINUS|GRAPH|FALSE|FROM|DESC|BIND|TRUE|ASK|ASC|NOT|BY|AS|IN|[0-9]+"
)
_GLUED = re.compile(rf"(?:{_KEYWORDS})++|(?:{_KEYWORDS})*?BY[A-Z]\w*+", re.IGNORECASE)
_LONGEST_GLUED = 60
_PART = re.compile(rf"{_KEYWORDS}|\w+", re.IGNORECASE)


class Token(NamedTuple):
    """One token: its kind (`string`, `iri`, `variable`, `blank`, `name`, `tag`, `number`, `word`, `mark`),
    its text, and where it starts."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, in any case."""
        return self.kind == "word" and self.text.upper() in words


def tokens(text: str, *, less: bool = False) -> Iterator[Token]:
    """The tokens of a query, without spaces and comments.

    With `less`, a `<` is an operator where that reading would change what follows.

    >>> [token.text for token in tokens("ASK { ?s ex:p 'a # b' } # end")]
    ['ASK', '{', '?s', 'ex:p', "'a # b'", '}']
    """
    for match in _pattern(less).finditer(text):
        if match.lastgroup == "word" and _is_glued(match.group()):
            yield from _parted(match.group(), match.start())
        elif match.lastgroup not in ("space", "comment"):
            yield Token(match.lastgroup or "mark", match.group(), match.start())


def _is_glued(word: str) -> bool:
    """Whether a word may be several keywords; nobody glues more than a few, so that a long one is not searched."""
    return len(word) <= _LONGEST_GLUED and _GLUED.fullmatch(word) is not None


def _parted(word: str, start: int) -> Iterator[Token]:
    """The keywords and numbers of which a word is made."""
    for match in _PART.finditer(word):
        yield Token("number" if match[0].isdigit() else "word", match[0], start + match.start())


def decoded(text: str) -> str:
    r"""The text with the code-point escapes of SPARQL read, which the standard does before anything else.

    >>> decoded(r"\u0053ELECT")
    'SELECT'
    """
    return re.sub(_UCHAR, lambda match: _character(match.group()), text)


def _character(escape: str) -> str:
    number = int(escape[2:], 16)
    return chr(number) if number < 0x110000 else escape
