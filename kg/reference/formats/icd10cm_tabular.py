"""The tabular list of ICD-10-CM as XML: codes under blocks and chapters, with their notes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kg.collector import no_collection
from kg.errors import MalformedCode, ReleaseError
from kg.model import Code, CodeSystem
from kg.reference.formats.icd10cm_notes import Item, Note, Tabular, names_and_notes
from kg.reference.formats.icd10cm_order import issued_of, release_of
from kg.reference.release import Edition, Entry, Format, LeftOut, Release, ReleaseFile

_ROOT = b"<ICD10CM.tabular"
_HEAD = 8192
_LEVELS = frozenset({"chapter", "section", "diag"})
_NOTES = {
    "inclusionTerm": "inclusionTerm", "includes": "includes", "excludes1": "excludes1", "excludes2": "excludes2",
    "codeFirst": "codeFirst", "useAdditionalCode": "useAdditionalCode", "codeAlso": "codeAlso", "notes": "note",
    "sevenChrNote": "seventhCharacter",
}  # fmt: skip
# "Diseases of the ear and mastoid process (H60-H95)": chapters and blocks end with the range of their codes.
_RANGE = re.compile(r"\s*\(([A-Z][0-9A-Z]{2}(?:-[A-Z][0-9A-Z]{2})?)\)$")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_DECLARED = "{path}: declares a document type or an entity, which no tabular list does"
_KEY = re.compile(r"[A-Z][0-9A-Z]{2}(?:-[A-Z][0-9A-Z]{2})?")
# "7th characters D and S do not apply to codes in category S06 with 6th character 7 - death …, or 8 - death …".
_NOT_APPLICABLE = re.compile(
    r"7th characters? (?P<sevenths>[0-9A-Z](?:(?:, | and | or )[0-9A-Z])*) do(?:es)? not apply to codes "
    r"in (?:sub)?category (?P<stem>[A-Z][0-9A-Z.]+) with (?P<place>[4-6])th characters? (?P<values>.+)"
)
_VALUE = re.compile(r"(?:^|,|\bor|\band)\s*([0-9A-Z])(?![0-9A-Za-z])")
# A release has had some 100,000 codes; a file that comes to ten times as many is made to do harm.
_MOST = 1_000_000
# A release has had more than 40,000 elements of codes in every year.
_MANY = 30_000


def read(file: ReleaseFile) -> Iterator[Edition]:
    """Read the tabular list; rows are its `diag` elements, and the row of a code or note is its line in the file.

    Codes of seven characters are not in the file: they are made from the seventh characters that stand with a
    code, or the nearest one above it, for every code that has none under it.
    """
    with no_collection():
        parser = _Parser(file)
        parser.parse()
        edition = _edition(file, parser)
    yield edition


@dataclass(slots=True, eq=False)
class _Node:
    """A chapter, block or code while it is read; `key` is None where it has none."""

    tag: str
    row: int
    parent: _Node | None
    key: str | None = None
    name: str = ""
    notes: list[tuple[str, str, int]] = field(default_factory=list)
    sevenths: dict[str, list[str]] = field(default_factory=dict)
    leaf: bool = True

    def seventh_characters(self) -> dict[str, list[str]]:
        """Its own, or else those of the nearest code above."""
        node: _Node | None = self
        while node and not node.sevenths:
            node = node.parent
        return node.sevenths if node else {}


class _Parser:
    """Goes through the elements one by one, forgetting each; what they say is in `nodes`, in their order."""

    def __init__(self, file: ReleaseFile) -> None:
        self.version = ""
        self.nodes: list[_Node] = []
        self.left_out: list[LeftOut] = []
        self._file = file
        self._open: list[_Node] = []

    def parse(self) -> None:
        """Read the file; raises `ReleaseError` where it is not well-formed or declares anything."""
        from lxml import etree

        _refuse_declarations(self._file)
        events = etree.iterparse(
            io.BytesIO(self._file.data), events=("start", "end"), resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            for number, (event, element) in enumerate(events):
                # In an encoding that hides a declaration from a look at the bytes, the parser has still seen it.
                if number == 0 and element.getroottree().docinfo.doctype:
                    raise ReleaseError(_DECLARED.format(path=self._file.path))
                if event == "start":
                    self._start(element)
                else:
                    self._end(element)
        except etree.XMLSyntaxError as exc:
            raise ReleaseError(_not_well_formed(self._file, exc, events.error_log)) from exc

    def _start(self, element: Any) -> None:
        if element.tag in _LEVELS:
            above = self._open[-1] if self._open else None
            if above and element.tag == "diag":
                above.leaf = False
            node = _Node(element.tag, element.sourceline or 0, above, element.get("id"))
            self._open.append(node)
            self.nodes.append(node)

    def _end(self, element: Any) -> None:
        if not self._open:
            if element.tag == "version":
                self.version = _words(element)
        elif element.tag in _LEVELS:
            self._open.pop()
            _forget(element)
        elif (above := element.getparent().tag) in _LEVELS:
            self._describe(self._open[-1], element)
        elif element.tag == "note" and above in _NOTES:
            self._open[-1].notes.append((_NOTES[above], _words(element), element.sourceline or 0))

    def _describe(self, node: _Node, element: Any) -> None:
        """Take what an element says directly of a node."""
        if element.tag == "name":
            node.key = node.key or _words(element)
        elif element.tag == "desc":
            node.name = _words(element)
        elif element.tag == "sevenChrDef":
            node.sevenths = _sevenths(element)
        elif element.tag not in _NOTES and element.tag != "sectionIndex":
            self.left_out.append(LeftOut(element.sourceline or 0, f"an element that is not read: {element.tag}"))


def _refuse_declarations(file: ReleaseFile) -> None:
    """Entities are declared only by those who mean harm; zeros go, since UTF-16 and UTF-32 have them in between."""
    if _DECLARATION.search(file.data.replace(b"\0", b"")):
        raise ReleaseError(_DECLARED.format(path=file.path))


def _not_well_formed(file: ReleaseFile, exc: Any, log: Any) -> str:
    """What is wrong, by the first line of the parser's log: the exception tells what that led to."""
    line, words = (log[0].line, log[0].message) if len(log) else (exc.lineno, exc.msg)
    return f"{file.path}:{line or 1}: not well-formed XML: {' '.join(str(words).split())}"


def _forget(element: Any) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _sevenths(element: Any) -> dict[str, list[str]]:
    """The seventh characters with their words; notes that follow one say the same in other words."""
    characters: dict[str, list[str]] = {}
    for child in element:
        if child.tag == "extension":
            characters[child.get("char", "").strip().upper()] = [_words(child)]
        elif child.tag == "note" and characters:
            characters[next(reversed(characters))].append(_words(child))
    return {char: words for char, words in characters.items() if re.fullmatch("[0-9A-Z]", char)}


def _settled(parser: _Parser) -> tuple[dict[str, _Node], list[LeftOut]]:
    """The nodes by their keys, and those that have none or one that is another's.

    A block of one category bears the category's code (B99): they are one concept, that of the category.
    """
    nodes: dict[str, _Node] = {}
    left_out = []
    for node in parser.nodes:
        key = _key(node)
        first = nodes.get(key)
        if not key or not node.name:
            node.key = None
            left_out.append(LeftOut(node.row, f"a {node.tag} without a {'name' if key else 'code'}", node.name[:200]))
        elif first is None:
            node.key = key
            nodes[key] = node
        elif first is node.parent:
            node.key, node.parent = key, first.parent
            node.notes, node.sevenths = first.notes + node.notes, node.sevenths or first.sevenths
            nodes[key] = node
        else:
            node.key = None
            left_out.append(LeftOut(node.row, f"{key} stands in row {first.row} already", node.name[:200]))
    return nodes, left_out


def _key(node: _Node) -> str:
    """What a node goes by: its code, or the range of codes of a block or chapter; empty where it has none."""
    text = node.key or ""
    if node.tag == "diag":
        try:
            return Code.parse(text, CodeSystem.ICD10CM).value
        except MalformedCode:
            return ""
    match = _RANGE.search(node.name)
    node.name = _RANGE.sub("", node.name)
    if node.tag == "section" and _KEY.fullmatch(text):
        return text
    return match[1] if match else ""


def _entries(nodes: dict[str, _Node], notes: list[Note], path: str) -> Iterator[Entry]:
    """Entries in the order of the list, those of seven characters made; their notes are put beside them."""
    codes = {key: Code(CodeSystem.ICD10CM, key) for key in nodes}
    exceptions: list[_Exception] = []
    total = len(nodes)
    for key, node in nodes.items():
        own = [Note(key, kind, text, row) for kind, text, row in node.notes]
        notes += own
        exceptions += _exceptions(own)
        names, remarks = names_and_notes(own)
        sevenths = node.seventh_characters() if node.leaf and len(key) < 8 else {}
        billable = node.tag == "diag" and node.leaf and not sevenths
        yield Entry(codes[key], node.name, _above(node, codes), billable, names=names, notes=remarks, row=node.row)
        total += len(sevenths)
        if total > _MOST:
            raise ReleaseError(f"{path}:{node.row}: more codes than any tabular list has: {key!r} and on")
        yield from _extended(node, codes[key], {c: w for c, w in sevenths.items() if not _excepted(key, c, exceptions)})


def _extended(node: _Node, stem: Code, sevenths: dict[str, list[str]]) -> Iterator[Entry]:
    """The codes of seven characters, with X in the places that the stem leaves open."""
    padded = f"{stem.value if '.' in stem.value else stem.value + '.':X<7}"
    for char, (words, *others) in sevenths.items():
        yield Entry(
            Code(CodeSystem.ICD10CM, padded + char),
            f"{node.name}, {words}",
            stem,
            billable=True,
            names=tuple(f"{node.name}, {other}" for other in others),
            row=node.row,
        )


@dataclass(frozen=True, slots=True)
class _Exception:
    """Seventh characters that codes do not take, by a note: those that begin with `stem` and have a value there."""

    sevenths: frozenset[str]
    stem: str
    place: int
    values: frozenset[str]


def _exceptions(notes: list[Note]) -> Iterator[_Exception]:
    for note in notes:
        if note.kind == "note" and (match := _NOT_APPLICABLE.search(note.text)):
            sevenths, values = re.findall(r"\b[0-9A-Z]\b", match["sevenths"]), _VALUE.findall(match["values"])
            yield _Exception(frozenset(sevenths), match["stem"].rstrip("."), int(match["place"]), frozenset(values))


def _excepted(key: str, char: str, exceptions: list[_Exception]) -> bool:
    characters = key.replace(".", "")
    return any(
        char in exception.sevenths
        and key.startswith(exception.stem)
        and characters[exception.place - 1 : exception.place] in exception.values
        for exception in exceptions
    )


def _above(node: _Node, codes: dict[str, Code]) -> Code | None:
    above = node.parent
    while above and above.key is None:
        above = above.parent
    return codes[above.key] if above and above.key else None


def _edition(file: ReleaseFile, parser: _Parser) -> Edition:
    nodes, without = _settled(parser)
    if not any(node.tag == "diag" for node in nodes.values()):
        raise ReleaseError(f"{file.path}: a tabular list without a code")
    notes: list[Note] = []
    entries = tuple(_entries(nodes, notes, file.path))
    names = ((entry.code.value, entry.name, entry.broader) for entry in entries)
    tabular = Tabular(Item(key, name, above.value if above else None) for key, name, above in names)
    try:
        statements, unusable = tabular.statements(notes)
    except ReleaseError as exc:
        raise ReleaseError(f"{file.path}: {exc}") from exc
    left_out = tuple(sorted((*parser.left_out, *without, *unusable), key=lambda omission: omission.row))
    rows = sum(node.tag == "diag" for node in parser.nodes)
    complete = not without and rows >= _MANY and {"A", "Z"} <= {key[0] for key in nodes}
    return Edition(_release(file, parser.version, complete), entries, statements, rows, left_out)


def _release(file: ReleaseFile, version: str, complete: bool) -> Release:
    year = int(version) if re.fullmatch(r"20\d\d", version) else None
    return release_of(issued_of(file, year), "icd10cm-tabular", "ICD-10-CM tabular list", complete=complete)


def _recognises(file: ReleaseFile) -> bool:
    return _ROOT in file.data[:_HEAD].replace(b"\0", b"")


FORMAT = Format("icd10cm-tabular", "ICD-10-CM tabular list (XML)", _recognises, read)
"""`icd10cm_tabular_2021.xml`, `icd10c-tabular-April-1-2026.xml`."""
