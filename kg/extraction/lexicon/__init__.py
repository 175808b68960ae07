"""The lexicon: the words by which documents say no, must and may, kept as data in `data/cues`."""

from kg.extraction.lexicon.cues import Cue, Effect, Hit, Where, lexicon
from kg.extraction.lexicon.headings import Column, Topic, column_of, topic_of
from kg.extraction.lexicon.stances import PLAIN, Stance, is_denied, stance_at, stance_of

__all__ = [
    "PLAIN",
    "Column",
    "Cue",
    "Effect",
    "Hit",
    "Stance",
    "Topic",
    "Where",
    "column_of",
    "is_denied",
    "lexicon",
    "stance_at",
    "stance_of",
    "topic_of",
]
