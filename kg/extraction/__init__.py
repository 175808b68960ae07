"""Extraction: a document in, assertions out; deterministic, offline, and every line accounted for."""

from kg.extraction.accounts import Leftover, Tally
from kg.extraction.extract import Extraction, extract

__all__ = ["Extraction", "Leftover", "Tally", "extract"]
