"""Networks as files that other programs read: GraphML, and node-link JSON.

Both are strict UTF-8 whatever the machine's default, and the same network gives the same bytes.
"""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kg.errors import Failure

if TYPE_CHECKING:
    from networkx import MultiDiGraph

# What XML 1.0 cannot hold even as a reference. Lone surrogates are among it; UTF-8 cannot hold those either.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


def write_graphml(network: MultiDiGraph, file: str | Path | BinaryIO) -> Path | None:
    """Write the network as GraphML, which Gephi, yEd, Cytoscape and igraph open.

    GraphML holds no lists: whatever is neither text, number nor truth value, such as `evidence`, is written
    as JSON text. Values that are None are left out, and characters that XML cannot hold become U+FFFD. The id
    of an edge joins its ends and its key: `hcpcs:J3262-acceptsModifier-modifier:JW`.
    """
    import networkx

    plain = networkx.MultiDiGraph()
    for node, data in network.nodes(data=True):
        plain.add_node(_xml_text(str(node)), **_flat(data))
    for start, end, key, data in network.edges(keys=True, data=True):
        ends = _xml_text(str(start)), _xml_text(str(end))
        # The key becomes the edge's id, and ids are unique in the file: Gephi drops the second of a kind.
        plain.add_edge(*ends, f"{ends[0]}-{_xml_text(str(key))}-{ends[1]}", **_flat(data))
    buffer = BytesIO()
    networkx.write_graphml_xml(plain, buffer, encoding="utf-8")
    # A carriage return survives only as a reference: a parser turns a raw one into a line feed.
    return _write(file, buffer.getvalue().replace(b"\r", b"&#13;"))


def write_node_link(network: MultiDiGraph, file: str | Path | BinaryIO) -> Path | None:
    """Write the network as node-link JSON, with the evidence as it is.

    `networkx.node_link_graph(data, edges="edges")` reads it.
    """
    # Written out here, since networkx calls the edges `links` before 3.4 and cannot be told so there.
    data = {
        "directed": True,
        "multigraph": True,
        "graph": network.graph,
        "nodes": [{**data, "id": node} for node, data in network.nodes(data=True)],
        "edges": [
            {**data, "source": start, "target": end, "key": key}
            for start, end, key, data in network.edges(keys=True, data=True)
        ],
    }
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return _write(file, (_LONE_SURROGATE.sub(_REPLACEMENT, text) + "\n").encode())


def _flat(data: dict[str, Any]) -> dict[str, str | int | float]:
    flat: dict[str, str | int | float] = {}
    for key, value in data.items():
        if isinstance(value, str):
            flat[_xml_text(key)] = _xml_text(value)
        elif isinstance(value, bool | int | float):
            flat[_xml_text(key)] = value
        elif value is not None:
            flat[_xml_text(key)] = _xml_text(json.dumps(value, ensure_ascii=False))
    return flat


def _xml_text(text: str) -> str:
    return _NOT_XML.sub(_REPLACEMENT, text)


def _write(file: str | Path | BinaryIO, content: bytes) -> Path | None:
    """Write to a file, or to something open for bytes; gives back the path of a file."""
    if not isinstance(file, str | Path):
        file.write(content)
        return None
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        raise Failure(f"cannot write {file}: {error.strerror or error}") from error
    return Path(file)
