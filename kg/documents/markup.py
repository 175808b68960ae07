"""Prepares the source of a page, so that its tree says on which line each element stands and nothing gets lost in it.

A tree of HTML5 costs time with its depth, and what authors leave open swallows all that follows. So before the tree is
built, marks of fonts become empty elements, what nobody closes becomes an element without meaning, and what is
nested too deep is nested no deeper, as browsers do.
"""

from __future__ import annotations

from kg import lazy_re as re

MARK = "\ufdd0"
"""A code point that no text holds: it carries line numbers through the parser, as the name of an attribute."""

NAME_MARK = f"{MARK}of"
"""The name of the attribute with the name of an element that bears another one in the tree."""

DEEPEST = 500
"""Browsers nest no deeper either."""

_TAG = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?P<raw>script|style)\b.*?(?:</(?P=raw)\b|\Z)"
    r"|<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)(?=[\s/>]|\Z)(?P<closed>(?=[^<>]*/>))?",
    re.DOTALL | re.IGNORECASE,
)
_LEFT = re.compile(f" {MARK}(?:=\\d+|of=\\w+)(?: |(?= ))")
_SELF_CLOSED = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]{0,2000})?)/>")
_FONTS = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# Their end tags may be missing, and none of them stands in another of its kind.
_OPTIONAL = frozenset(
    "body caption colgroup dd dt head html li optgroup option p rp rt tbody td tfoot th thead tr".split()
)
# What nobody closes swallows all that follows; in its place comes an empty element, of a block or within a line.
_SWALLOWING = dict.fromkeys("aside dialog footer nav plaintext select template textarea title xmp".split(), "<hr")
_SWALLOWING |= dict.fromkeys("audio canvas iframe math noembed noframes noscript object svg video".split(), "<wbr")
# Within them other rules hold, or no tree is built at all; under the name of an object they are elements as any other.
_FOREIGN = frozenset({"math", "svg", "template"})


def prepared(source: str) -> str:
    """The source of a page with the line of each element in an attribute, and nothing open that would swallow the rest.

    >>> prepared("<p>\\n<b>J3262</b><svg>").replace(MARK, "@")
    '<p @=1 >\\n<wbr>J3262</b><wbr>'
    """
    source = source.replace("\0", " ").replace(MARK, "\ufffd")
    if source.lstrip("\ufeff \t\r\n")[:5].lower() == "<?xml":
        source = _SELF_CLOSED.sub(_opened, source)
    return _TAG.sub(_Marker(source).mark, source)


def unmarked(text: str) -> str:
    """Text of the tree without the marks that were set where no tag was."""
    return _LEFT.sub("", text) if MARK in text else text


def _opened(match: re.Match[str]) -> str:
    """In XHTML `<td/>` is closed, which HTML does not know."""
    name = match[1].lower()
    return match[0] if name in _VOID else f"<{match[1]}{match[2]}></{match[1]}>"


class _Marker:
    """Goes through the tags of a page once, counting lines and depth."""

    def __init__(self, source: str) -> None:
        self._source = source
        small = source.lower()
        self._last_end = {name: small.rfind(f"</{name}") for name in _SWALLOWING}
        self._line, self._at, self._depth = 1, 0, 0
        self._outside: list[int] = []
        """The depth outside of each foreign element that is open."""

    def mark(self, match: re.Match[str]) -> str:
        self._line += self._source.count("\n", self._at, match.start())
        self._at = match.start()
        if not (tag := match["name"]):
            return match[0]
        name = tag.lower()
        if match["end"]:
            return self._end(match, name)
        closed = match["closed"] is not None
        if name in _FONTS or (closed and self._outside):
            return "<wbr"
        if name in _SWALLOWING and self._last_end[name] < match.start():
            return _SWALLOWING[name]
        if name not in _VOID and name not in _OPTIONAL and not closed:
            if self._depth >= DEEPEST:
                return "<wbr"
            self._depth += 1
        if name not in _FOREIGN:
            return f"{match[0]} {MARK}={self._line} "
        self._outside.append(self._depth - 1)
        return f"<object {NAME_MARK}={name} {MARK}={self._line} "

    def _end(self, match: re.Match[str], name: str) -> str:
        if name in _FOREIGN:
            self._depth = self._outside.pop() if self._outside else self._depth
            return "</object"
        if name not in _VOID and name not in _OPTIONAL and name not in _FONTS:
            self._depth = max(self._depth - 1, 0)
        return match[0]
