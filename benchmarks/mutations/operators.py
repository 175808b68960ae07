"""What may be wrong at one node of the syntax tree: stretches of the source, and what comes there instead."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import pairwise

Change = tuple[int, int, str]
"""From and to which byte, and what comes there instead."""

_SWAPS = {
    "==": "!=", "!=": "==", "<=": "<", "<": "<=", ">=": ">", ">": ">=",
    "is not": "is", "is": "is not", "not in": "in", "in": "not in", "and": "or", "or": "and",
}  # fmt: skip
_OPERATOR = re.compile(rb"==|!=|<=|>=|<|>|\bis\s+not\b|\bis\b|\bnot\s+in\b|\bin\b|\band\b|\bor\b")
_EMPTY = {
    "str": '""', "tuple": "()", "list": "[]", "dict": "{}", "set": "set()", "frozenset": "frozenset()",
    "Sequence": "()", "Mapping": "{}", "int": "0",
}  # fmt: skip
"""What a function gives that found nothing, for the beginning of what it says that it returns."""


class Source:
    """A file, with the byte at which a node begins and ends."""

    def __init__(self, written: bytes) -> None:
        self.written = written
        self._begins = [0]
        for line in written.splitlines(keepends=True):
            self._begins.append(self._begins[-1] + len(line))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self._begins[node.lineno - 1] + node.col_offset, self._begins[node.end_lineno - 1] + node.end_col_offset

    def text(self, node: ast.expr | ast.stmt) -> str:
        start, end = self.span(node)
        return self.written[start:end].decode()

    def line_of(self, place: int) -> int:
        return bisect_right(self._begins, place)


def changes_of(node: ast.AST, source: Source, returned: str) -> Iterator[Change]:
    """The changes at a node itself, in a function that says it returns `returned`."""
    for operator in _OPERATORS.get(type(node), ()):
        yield from operator(node, source)
    if isinstance(node, ast.Return):
        yield from _return(node, source, returned)


def _between(left: ast.expr, right: ast.expr, source: Source) -> Iterator[Change]:
    """The operator between two operands, turned into its opposite or its neighbour."""
    begin, end = source.span(left)[1], source.span(right)[0]
    if match := _OPERATOR.search(source.written, begin, end):
        yield match.start(), match.end(), _SWAPS[" ".join(match.group().decode().split())]


def _comparison(node: ast.Compare, source: Source) -> Iterator[Change]:
    operands = [node.left, *node.comparators]
    for left, right in pairwise(operands):
        yield from _between(left, right, source)


def _all_or_any(node: ast.BoolOp, source: Source) -> Iterator[Change]:
    for left, right in pairwise(node.values):
        yield from _between(left, right, source)


def _negation(node: ast.UnaryOp, source: Source) -> Iterator[Change]:
    if isinstance(node.op, ast.Not):
        start, _ = source.span(node)
        yield start, start + len("not"), ""


def _conditions(node: ast.If | ast.IfExp | ast.While | ast.comprehension, source: Source) -> Iterator[Change]:
    """Each condition is always met, or never. A loop that never ends is no fault that somebody would not notice."""
    tests = node.ifs if isinstance(node, ast.comprehension) else [node.test]
    for test in tests:
        start, end = source.span(test)
        bound = any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(test))
        for forced, joined in (("True", "or True"), ("False", "and False")):
            if isinstance(test, ast.Constant) or (isinstance(node, ast.While) and forced == "True"):
                continue
            # A name that the condition binds stays bound, or the fault would be one that anything notices.
            yield start, end, f"(({source.text(test)}) {joined})" if bound else forced


def _otherwise(node: ast.If, source: Source) -> Iterator[Change]:
    """Nothing is done otherwise; `elif` is a condition of its own."""
    if node.orelse and not (len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)):
        yield source.span(node.orelse[0])[0], source.span(node.orelse[-1])[1], "pass"


def _constant(node: ast.Constant, source: Source) -> Iterator[Change]:
    if isinstance(node.value, bool):
        yield *source.span(node), str(not node.value)
    elif isinstance(node.value, int | float):
        yield *source.span(node), str(node.value + 1)


def _statement(node: ast.Expr | ast.AugAssign | ast.Continue | ast.Break, source: Source) -> Iterator[Change]:
    """A statement is left out."""
    if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom):
        return
    gives = isinstance(node, ast.Expr) and not isinstance(node.value, ast.Call)
    yield *source.span(node), "yield from ()" if gives else "pass"  # A generator that yields nothing is still one.


def _return(node: ast.Return, source: Source, returned: str) -> Iterator[Change]:
    """The opposite, or what the function gives when it finds nothing."""
    if node.value is None or isinstance(node.value, ast.Constant):
        return
    start, end = source.span(node.value)
    if returned == "bool":
        yield start, end, f"not ({source.text(node.value)})"
    elif returned.endswith("| None"):
        yield start, end, "None"
    elif (empty := _EMPTY.get(returned.split("[")[0])) and empty != source.text(node.value):
        yield start, end, empty


_OPERATORS: dict[type[ast.AST], tuple[Callable[..., Iterator[Change]], ...]] = {
    ast.Compare: (_comparison,),
    ast.BoolOp: (_all_or_any,),
    ast.UnaryOp: (_negation,),
    ast.If: (_conditions, _otherwise),
    ast.IfExp: (_conditions,),
    ast.While: (_conditions,),
    ast.comprehension: (_conditions,),
    ast.Constant: (_constant,),
    ast.Expr: (_statement,),
    ast.AugAssign: (_statement,),
    ast.Continue: (_statement,),
    ast.Break: (_statement,),
}
