"""Documents: bytes in, text with blocks and exact offsets out; one reader per format."""

from kg.documents.document import Block, BlockKind, Document, Span
from kg.documents.reading import MAXIMUM_BYTES, find, identifier_of, parse, read

__all__ = [
    "MAXIMUM_BYTES",
    "Block",
    "BlockKind",
    "Document",
    "Span",
    "find",
    "identifier_of",
    "parse",
    "read",
]
