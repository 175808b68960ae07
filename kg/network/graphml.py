"""GraphML, piece by piece: the bytes that `networkx.write_graphml_xml` gives, without a network in memory.

GraphML says first which attributes there are, so they have to be known before the first node is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

Value = str | int | float
Node = tuple[str, Mapping[str, Value]]
Edge = tuple[str, str, str, Mapping[str, Value]]
"""Both ends, the id, and the attributes."""
Keys = dict[tuple[str, str, str], str]
"""The id of each attribute by its name, its type, and whether nodes or edges have it."""

_HEAD = """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
# What XML 1.0 cannot hold even as a reference. Lone surrogates are among it; UTF-8 cannot hold those either.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\ufffd"
# A carriage return survives only as a reference: a parser turns a raw one into a line feed.
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = _TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#09;"})


def graphml(keys: Keys, nodes: Iterable[Node], edges: Iterable[Edge]) -> Iterator[str]:
    """The pieces of a file with these nodes and edges, whose attributes are all among the keys."""
    yield _HEAD
    for (name, kind, owner), key in reversed(keys.items()):
        yield f'  <key id="{key}" for="{owner}" attr.name="{_attribute(name)}" attr.type="{kind}" />\n'
    elements = chain(
        (_element("node", {"id": node}, keys, data) for node, data in nodes),
        (
            _element("edge", {"source": start, "target": end, "id": name}, keys, data)
            for start, end, name, data in edges
        ),
    )
    first = next(elements, None)
    if first is None:
        yield '  <graph edgedefault="directed" />\n</graphml>\n'
        return
    yield '  <graph edgedefault="directed">\n'
    yield first
    yield from elements
    yield "  </graph>\n</graphml>\n"


def keys_of(nodes: Iterable[Mapping[str, Value]], edges: Iterable[Mapping[str, Value]]) -> Keys:
    """The attributes of nodes and edges in the order in which they first occur.

    >>> keys_of([{"type": "drug"}], [{"relation": "similarTo", "weight": 2}])[("weight", "long", "edge")]
    'd2'
    """
    keys: Keys = {}
    for owner, several in (("node", nodes), ("edge", edges)):
        for data in several:
            for name, value in data.items():
                keys.setdefault((name, _kind(value), owner), f"d{len(keys)}")
    return keys


def flat(data: Mapping[str, Any]) -> dict[str, Value]:
    """Attributes as GraphML holds them: no None, and as JSON text what is neither text, number nor truth value.

    >>> flat({"name": None, "line": 3, "tags": ["a"]})
    {'line': 3, 'tags': '["a"]'}
    """
    attributes: dict[str, Value] = {}
    for key, value in data.items():
        if isinstance(value, str):
            attributes[legal(key)] = legal(value)
        elif isinstance(value, bool | int | float):
            attributes[legal(key)] = value
        elif value is not None:
            attributes[legal(key)] = legal(json.dumps(value, ensure_ascii=False))
    return attributes


def legal(text: str) -> str:
    """Text in which U+FFFD stands for what XML cannot hold."""
    return _NOT_XML.sub(_REPLACEMENT, text)


def edge_id(start: str, key: str, end: str) -> str:
    """An id that no other edge has: Gephi drops the second of a kind."""
    return f"{start}-{key}-{end}"


def _element(tag: str, attributes: Mapping[str, str], keys: Keys, data: Mapping[str, Value]) -> str:
    opening = f"    <{tag} " + " ".join(f'{name}="{_attribute(value)}"' for name, value in attributes.items())
    if not data:
        return f"{opening} />\n"
    lines = (_data(keys[name, _kind(value), tag], str(value)) for name, value in data.items())
    return f"{opening}>\n{''.join(lines)}    </{tag}>\n"


def _data(key: str, text: str) -> str:
    content = f">{text.translate(_TEXT)}</data>" if text else " />"
    return f'      <data key="{key}"{content}\n'


def _kind(value: Value) -> str:
    """The type of a value as GraphML calls it."""
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "boolean"
    return "long" if isinstance(value, int) else "double"


def _attribute(text: str) -> str:
    return text.translate(_ATTRIBUTE)
