"""Reference: what official releases and bundled tables say; one reader per format."""

from kg.reference.reference import Reference, load
from kg.reference.release import (
    Drug,
    Edition,
    Entry,
    Format,
    LeftOut,
    Reader,
    Release,
    ReleaseFile,
)

__all__ = [
    "Drug",
    "Edition",
    "Entry",
    "Format",
    "LeftOut",
    "Reader",
    "Reference",
    "Release",
    "ReleaseFile",
    "load",
]
