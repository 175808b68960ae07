"""HTML: the text that a person would read, one line a block, with cells between pipes.

The tree is that of HTML5, as browsers build it. Scripts, styles, comments and the head are no text; menus, forms and
what is hidden become navigation with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg import lazy_re as re
from kg.documents.document import Block, BlockKind
from kg.documents.html_table import PageTable, is_layout, number_of
from kg.documents.lines import Lines, Where, one_line
from kg.documents.markup import MARK, NAME_MARK, prepared, unmarked

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

NAME = "html"

_NO_TEXT = frozenset({"script", "style", "head"})
_OMITTED = {
    **dict.fromkeys(("nav", "footer", "aside"), "navigation"),
    **dict.fromkeys(("select", "textarea", "datalist"), "form control"),
    **dict.fromkeys(("object", "iframe", "noembed", "noframes", "audio", "video", "canvas"), "fallback"),
    "noscript": "shown without scripts",
    "template": "hidden",
    "svg": "picture",
}
_ROLES = dict.fromkeys(("navigation", "complementary", "contentinfo", "menu", "menubar", "search"), "navigation")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_COOKIES = re.compile(
    r"\bcookie-?(?:banner|bar|consent|law|message|notice|overlay|popup)|\bonetrust|cybotcookie", re.IGNORECASE
)
# They hold the page itself: what they say of themselves is how it begins, before its script has run.
_WHOLE = frozenset({"html", "body", "main"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p
    plaintext pre search section select summary table tbody td textarea tfoot th thead tr ul xmp
    """.split()
)
_RAISED = str.maketrans("0123456789abcde", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉ")
_ENDS_WITH_CODE = re.compile(r"\d[\dA-Z.]{2,}\Z")
_TERM_LEVEL = 7
# Two patterns, each of which passes over a page once: one for both would go to its end from every cell.
_ROWS_BEGIN = re.compile(r"<t(?:body|head|r|d|h)\b", re.IGNORECASE)
_ROWS_END = re.compile(r"</t(?:body|head|r|d|h)\s*>", re.IGNORECASE)


def read(text: str) -> tuple[str, tuple[Block, ...]]:
    """The text of a page, and its blocks; lines are those of the page's source."""
    from selectolax.lexbor import LexborHTMLParser

    page = _Page()
    root = LexborHTMLParser(prepared(_with_table(text))).root
    if root is not None:
        _walk(root, page)
    return page.finish()


def _with_table(source: str) -> str:
    """A page that is a part of a table, with a table around its rows: outside of one a browser drops them."""
    if "<table" in source.lower() or (begin := _ROWS_BEGIN.search(source)) is None:
        return source
    start = begin.start()
    end = max((match.end() for match in _ROWS_END.finditer(source, begin.end())), default=0)
    return f"{source[:start]}<table>{source[start:end]}</table>{source[end:]}" if end else source


def _walk(root: LexborNode, page: _Page) -> None:
    """Show every element and every text to the page, in order; not by recursion, as pages may be deep."""
    above: list[LexborNode] = []
    node: LexborNode | None = root
    while node is not None:
        inside = page.open(node)
        if inside and (child := node.child) is not None:
            above.append(node)
            node = child
            continue
        if inside:
            page.close(node)
        while (following := node.next) is None and above:
            node = above.pop()
            page.close(node)
        node = following if above else None


def _omitted(node: LexborNode, tag: str, attributes: dict[str, str | None]) -> str:
    """Why an element is not read; empty where it is."""
    reason = _OMITTED.get(attributes.get(NAME_MARK) or tag, "")
    if attributes.get(NAME_MARK) == "math" or tag in _WHOLE or not (reason or len(attributes) > (MARK in attributes)):
        return reason
    role = (attributes.get("role") or "").lower()
    if not reason and _is_hidden(attributes, role):
        reason = "hidden"
    if not reason and _COOKIES.search(f"{attributes.get('id') or ''} {attributes.get('class') or ''}"):
        reason = "cookie notice"
    reason = reason or _ROLES.get(role, "")
    return "" if reason == "navigation" and node.css_first("main") else reason


def _is_hidden(attributes: dict[str, str | None], role: str) -> bool:
    """Whether an element is never shown; the panels of tabs are, one at a time."""
    if role == "tabpanel" or attributes.get("hidden") == "until-found":
        return False
    style = attributes.get("style") or ""
    return "hidden" in attributes or attributes.get("aria-hidden") == "true" or bool(_HIDDEN_STYLE.search(style))


def _texts_within(root: LexborNode) -> Iterator[str]:
    """The texts of what is not read, a line a block, with pipes between cells."""
    words: list[str] = []
    for node in root.traverse(include_text=True):
        name = node.tag or ""
        if name == "-text":
            if node.parent is not None and node.parent.tag not in _NO_TEXT:
                words.append(unmarked(node.text_content or ""))
        elif name in ("td", "th") and one_line("".join(words)):
            words.append(" | ")
        elif name in _BLOCKS or name == "br":
            yield "".join(words)
            words = []
    yield "".join(words)


class _Page:
    """Collects words into blocks, and cells into rows, as the elements of a page open and close."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._words: list[str] = []
        self._later: list[tuple[str, str, Where]] = []
        self._kind, self._level = BlockKind.PARAGRAPH, 0
        self._line = self._began = 1
        self._lists = self._preformatted = 0
        self._glued = False
        self._table: PageTable | None = None

    def open(self, node: LexborNode) -> bool:
        """An element or a text begins; the answer is whether to look into it."""
        tag = node.tag or ""
        if tag == "-text":
            text = unmarked(node.text_content or "")
            self._add_text(_raised(text) if node.parent is not None and node.parent.tag == "sup" else text)
        if tag.startswith(("-", "!")) or tag in _NO_TEXT:
            return False
        attributes = node.attributes
        if line := attributes.get(MARK):
            self._line = int(line)
        if reason := _omitted(node, tag, attributes):
            self._omit(node, reason)
            return False
        self._preformatted += tag == "pre"
        self._open_element(node, tag)
        return True

    def close(self, node: LexborNode) -> None:
        """An element ends."""
        name = node.tag or ""
        self._preformatted -= name == "pre"
        if self._table is not None:
            self._close_in_table(name)
        elif name in _LISTS:
            self._flush()
            self._lists -= 1
        elif name == "dl":
            self._flush()
            self._lines.end_section(_TERM_LEVEL)
        elif name == "dt" and self._kind is BlockKind.ITEM:
            return
        elif name in _BLOCKS:
            self._flush()
            self._kind = BlockKind.PARAGRAPH

    def finish(self) -> tuple[str, tuple[Block, ...]]:
        """The whole text, and its blocks."""
        self._flush()
        return self._lines.content()

    def _open_element(self, node: LexborNode, name: str) -> None:
        if self._table is not None:
            self._open_in_table(node, name)
        elif name == "table" and not is_layout(node):
            self._flush()
            self._table = PageTable()
        elif name == "br":
            self._break()
        elif name == "sup" and _ENDS_WITH_CODE.search("".join(self._words[-1:])):
            self._words.append(" ")  # The mark of a footnote is no digit of the code before it.
        elif name == "dd" and self._kind is BlockKind.ITEM and self._words:
            self._words.append(": ")  # A term and its one description read as a labelled line.
            self._glued = True
        elif level := _heading_level(node, name):
            self._flush()
            self._kind, self._level = BlockKind.HEADING, level
        elif name in _BLOCKS:
            self._open_block(node, name)

    def _open_block(self, node: LexborNode, name: str) -> None:
        if self._glued and name in ("p", "div"):
            return
        self._flush()
        self._lists += name in _LISTS
        if name == "li" or (name == "dt" and _descriptions(node) == 1):
            self._kind, self._level = BlockKind.ITEM, max(1, self._lists)
        elif name == "dt":
            self._kind, self._level = BlockKind.HEADING, _TERM_LEVEL
        elif name == "dd" and _is_listed(node):
            self._kind, self._level = BlockKind.ITEM, max(1, self._lists)
        elif name in ("td", "th", "dd"):
            self._kind = BlockKind.PARAGRAPH

    def _open_in_table(self, node: LexborNode, name: str) -> None:
        table = self._table
        assert table is not None
        if name == "sup" and _ENDS_WITH_CODE.search(table.last_words()):
            table.add(" ")
        elif name in ("table", "tr", "td", "th", "thead", "caption"):
            table.open(node, name, self._line)
        elif name in _BLOCKS or name == "br":
            table.pause()

    def _close_in_table(self, name: str) -> None:
        table = self._table
        assert table is not None
        if name in ("table", "tr", "td", "th", "thead", "caption"):
            table.close(name)
        elif name in _BLOCKS:
            table.pause()
        if table.depth == 0:
            table.write(self._lines)
            self._table = None
            self._flush()

    def _add_text(self, text: str) -> None:
        """Text between two tags; the lines of preformatted text stay lines."""
        if self._table is not None:
            self._table.add(text)
            self._line += text.count("\n")
            return
        first, *more = text.split("\n") if self._preformatted else [text]
        self._put(first)
        for line in more:
            self._break()
            self._line += 1
            self._put(line)
        if not more:
            self._line += text.count("\n")

    def _put(self, text: str) -> None:
        if text.strip():
            if not self._words:
                self._began = self._line + text[: len(text) - len(text.lstrip())].count("\n")
            self._glued = False
            self._words.append(text)
        elif self._words and text:
            self._words.append(text)

    def _break(self) -> None:
        """A line break: a new block of the same kind, but a heading goes on."""
        if self._kind is BlockKind.HEADING:
            self._words.append(" ")
        else:
            self._flush()

    def _flush(self) -> None:
        """End the block that was being collected."""
        self._glued = False
        if text := one_line("".join(self._words)):
            if self._kind is BlockKind.HEADING:
                self._lines.heading(text, self._level, Where(self._began))
            else:
                level = self._level if self._kind is BlockKind.ITEM else 0
                self._lines.block(self._kind, text, Where(self._began), level)
            self._kind = BlockKind.PARAGRAPH
        self._words = []
        if self._table is None:
            for reason, text, where in self._later:
                self._lines.omit(reason, text, where)
            self._later = []

    def _omit(self, node: LexborNode, reason: str) -> None:
        """Write down what is not read: at once where it is a block of its own, else behind the block it stands in."""
        if self._table is None and node.tag in _BLOCKS:
            self._flush()
        for text in _texts_within(node):
            self._later.append((reason, text, Where(self._line)))
        if self._table is None and not self._words:
            kind, level = self._kind, self._level
            self._flush()
            self._kind, self._level = kind, level


def _raised(text: str) -> str:
    """The one small letter or digit of a footnote's mark as the raised character that it is on the page."""
    return text.translate(_RAISED) if len(text.strip()) == 1 else text


def _heading_level(node: LexborNode, name: str) -> int:
    """The level of a heading; 0 for other elements."""
    if name in _HEADINGS:
        return _HEADINGS[name]
    attributes = node.attributes
    if attributes.get("role") != "heading":
        return 0
    return number_of(attributes.get("aria-level") or "2", 6)


def _is_listed(description: LexborNode) -> bool:
    """Whether a description is one of several of its term, as the items of a list are."""
    for node in (description.prev, description.next):
        while node is not None and node.tag == "-text":
            node = node.prev if node is description.prev else node.next
        if node is not None and node.tag == "dd":
            return True
    return False


def _descriptions(term: LexborNode) -> int:
    """How many descriptions follow a term of a definition list."""
    count, node = 0, term.next
    while node is not None and node.tag in ("dd", "-text"):
        count, node = count + (node.tag == "dd"), node.next
    return count
