"""The faults that a module or a table may have: each is a stretch of the file, and what comes there instead."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .operators import Source, changes_of

_PASSED_OVER = (ast.Raise, ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom)
"""What an error says, what holds anyway, and texts that are put together, whose places Python 3.11 tells wrongly."""


class Fault(NamedTuple):
    """A change of one file of the checkout, from and to a byte of it."""

    file: str
    line: int
    start: int
    end: int
    old: str
    new: str
    of_line: str
    """The whole line in which it begins."""

    @property
    def change(self) -> str:
        return f"{' '.join(self.old.split())} -> {' '.join(self.new.split())}".strip()

    def applied_to(self, written: bytes) -> bytes:
        return written[: self.start] + self.new.encode() + written[self.end :]


def faults_of(root: Path, file: str) -> list[Fault]:
    """The faults of a file, as its name asks: of code or of a table."""
    written = (root / file).read_bytes()
    found = _of_table(file, written) if file.endswith(".tsv") else _of_code(file, written)
    return sorted(set(found), key=lambda fault: (fault.start, fault.end, fault.new))


def compiles(fault: Fault, written: bytes) -> bool:
    """Whether what comes of it is a file that Python, or the reader of a table, would take."""
    if fault.file.endswith(".tsv"):
        return True
    try:
        compile(fault.applied_to(written), fault.file, "exec")
    except SyntaxError:
        return False
    return True


def _of_table(file: str, written: bytes) -> Iterator[Fault]:
    """A line is missing. The first that is no remark names the columns."""
    begin, header = 0, False
    for number, line in enumerate(written.splitlines(keepends=True), 1):
        if not line.startswith(b"#"):
            if header:
                text = line.decode()
                yield Fault(file, number, begin, begin + len(line), text, "", text.strip())
            header = True
        begin += len(line)


def _of_code(file: str, written: bytes) -> Iterator[Fault]:
    source = Source(written)
    lines = written.decode().splitlines()
    for node, returned in _walk(ast.parse(written), ""):
        for start, end, new in changes_of(node, source, returned):
            number = source.line_of(start)
            yield Fault(file, number, start, end, written[start:end].decode(), new, lines[number - 1].strip())


def _walk(node: ast.AST, returned: str) -> Iterator[tuple[ast.AST, str]]:
    """The nodes in which a fault would change what the program does, each with what its function returns."""
    if isinstance(node, _PASSED_OVER) or (isinstance(node, ast.If) and _is_for_types(node.test)):
        return
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        if node.name == "__repr__":
            return
        returned = ast.unparse(node.returns) if node.returns else ""
        children: list[ast.AST] = [*node.args.defaults, *filter(None, node.args.kw_defaults), *node.body]
    elif isinstance(node, ast.ClassDef):
        children = list(node.body)
    elif isinstance(node, ast.AnnAssign):
        children = [node.value] if node.value else []
    else:
        children = list(ast.iter_child_nodes(node))
    yield node, returned
    for child in children:
        yield from _walk(child, returned)


def _is_for_types(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"
