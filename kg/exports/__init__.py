"""The graph as files that other programs open: every format in one tuple, and what writes each.

Importing this is quick: what a format needs is imported when it is written.
"""

from __future__ import annotations

from kg.exports.content import Content, Exported, File, Holds
from kg.exports.formats import FORMATS, Format, export, format_named

__all__ = ["FORMATS", "Content", "Exported", "File", "Format", "Holds", "export", "format_named"]
