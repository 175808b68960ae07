"""Node-link JSON, piece by piece: what `json.dumps` gives of the whole with an indent of one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Node = tuple[Any, Mapping[str, Any]]
Edge = tuple[Any, Any, Any, Mapping[str, Any]]
"""Both ends, the key, and the attributes."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


def node_link(nodes: Iterable[Node], edges: Iterable[Edge], graph: Mapping[str, Any] | None = None) -> Iterator[str]:
    """The pieces of a file with these nodes and edges; `graph` is what the network itself carries."""
    yield '{\n "directed": true,\n "multigraph": true,\n'
    yield f' "graph": {_json(graph or {}, 1)},\n "nodes": '
    yield from _list({**data, "id": node} for node, data in nodes)
    yield ',\n "edges": '
    yield from _list({**data, "source": start, "target": end, "key": key} for start, end, key, data in edges)
    yield "\n}\n"


def _list(items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    before = "[\n  "
    for item in items:
        yield before + _json(item, 2)
        before = ",\n  "
    yield "[]" if before.startswith("[") else "\n ]"


def _json(value: Any, level: int) -> str:
    """JSON that begins at a level of indents; UTF-8 holds no lone surrogates."""
    # Line feeds in strings are escaped, so that every raw one begins a line of the layout.
    text = json.dumps(value, ensure_ascii=False, indent=1).replace("\n", "\n" + " " * level)
    return _LONE_SURROGATE.sub(_REPLACEMENT, text)
