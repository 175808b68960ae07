"""Documents: bytes in, text with blocks and exact offsets out; one way in, one reader per format."""

from kg.documents.document import Block, BlockKind, Document, Span
from kg.documents.intake import Intake, Skipped, Source, find, intake
from kg.documents.parsing import identifier_of, parse, read
from kg.documents.readers import MAXIMUM_BYTES

__all__ = [
    "MAXIMUM_BYTES",
    "Block",
    "BlockKind",
    "Document",
    "Intake",
    "Skipped",
    "Source",
    "Span",
    "find",
    "identifier_of",
    "intake",
    "parse",
    "read",
]
