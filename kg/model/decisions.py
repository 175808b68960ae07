"""Decisions: what a person has decided about a finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Choice(StrEnum):
    """What can be decided about a finding.

    `accepted`: it is right, and the document is to be mended. `set-aside`: nothing is to be done about it.
    """

    ACCEPTED = "accepted"
    SET_ASIDE = "set-aside"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a finding, why, and on which day; `about` says in words which finding it was."""

    choice: Choice
    note: str
    day: date
    about: str = ""


OPEN = "open"
"""What a finding is that nothing was decided about."""
ANY = "any"
DECISIONS = (OPEN, *(choice.value for choice in Choice), ANY)
"""By what decision findings can be asked for, besides all that are not set aside."""
