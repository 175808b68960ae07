"""Documents: bytes in, text with blocks and exact offsets out; one way in, one reader per format."""

from kg.documents.document import Block, BlockKind, Document, Span
from kg.documents.intake import DocumentFile, Intake, Skipped, find, intake, settled
from kg.documents.parsing import identifier_of, parse, read
from kg.documents.readers import MAXIMUM_BYTES

__all__ = [
    "MAXIMUM_BYTES",
    "Block",
    "BlockKind",
    "Document",
    "DocumentFile",
    "Intake",
    "Skipped",
    "Span",
    "find",
    "identifier_of",
    "intake",
    "parse",
    "read",
    "settled",
]
