"""Pages that show a graph: one self-contained HTML file that opens without a network.

pyvis is imported only when a page is written, and it is an extra: `pip install 'billing-kg[viz]'`.
"""

from kg.drawing.drawing import Drawing, draw

__all__ = ["Drawing", "draw"]
