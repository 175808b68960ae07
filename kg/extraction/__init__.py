"""Extraction: a document in, its assertions and leftovers out, by rules that each give their reasons."""

from kg.extraction.account import Leftover, Tally
from kg.extraction.extract import Extraction, extract

__all__ = ["Extraction", "Leftover", "Tally", "extract"]
