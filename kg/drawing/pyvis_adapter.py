"""The only place that knows pyvis: its container of nodes, edges and options, and the script it packages.

pyvis is used for neither its templates nor its files: none of its ways of writing a page gives one that is
self-contained, and some of them run text as script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from kg.errors import MissingExtra, ResourceError

_SCRIPT = Path("lib", "vis-9.1.2", "vis-network.min.js")
_SOURCE_MAP = re.compile(r"^//[#@] sourceMappingURL=.*$", re.MULTILINE)

Options = dict[str, Any]


def container(nodes: Iterable[Options], edges: Iterable[Options], options: Options) -> dict[str, Any]:
    """Nodes, edges and options as pyvis holds them, ready for `vis.Network`.

    Nodes carry `id`, `label` and `shape`, edges `from` and `to`; the rest is as vis-network has it. Directed,
    since pyvis drops parallel edges of a graph that is not.
    """
    network = _pyvis().Network(directed=True)
    for node in nodes:
        network.add_node(node["id"], **{key: value for key, value in node.items() if key != "id"})
    for edge in edges:
        rest = {key: value for key, value in edge.items() if key not in ("from", "to")}
        network.add_edge(edge["from"], edge["to"], **rest)
    for edge in network.edges:
        # pyvis gives each edge of a directed network an arrow of vis-network, which ends below the labels.
        edge.pop("arrows", None)
    # Not through `set_options`, which strips every space from what it is given.
    network.options = options
    return {"nodes": network.nodes, "edges": network.edges, "options": network.options}


@cache
def script() -> str:
    """vis-network as pyvis packages it, fit to stand inside an HTML page.

    Lines end as HTML parsers end them, so that its hash is that of what the browser sees; the address of its
    source map is taken out. Its style sheet is not needed: it is for buttons and tooltips that pages here do
    without, and 220 kB long.
    """
    file = Path(str(_pyvis().__file__)).parent / _SCRIPT
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ResourceError(f"pyvis is installed without vis-network 9.1.2: cannot read {file}") from error
    if "</script" in text.lower() or "<!--" in text:
        raise ResourceError(f"cannot stand inside a page: {file}")
    return _SOURCE_MAP.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _pyvis() -> ModuleType:
    try:
        import pyvis.network
    except ModuleNotFoundError as error:
        raise MissingExtra("drawing", "viz") from error
    module: ModuleType = pyvis.network
    return module
