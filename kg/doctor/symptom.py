"""What the doctor says of one thing."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """Whether something has to be mended."""

    WELL = "well"
    NOTE = "note"
    """Worth knowing, though all works: something optional is missing, or something is old."""
    MEND = "mend"


class Symptom(NamedTuple):
    """One thing that was looked at: how it is, and what mends it, a command where there is one."""

    what: str
    state: State
    found: str
    mend: str = ""


def well(what: str, found: str) -> Symptom:
    """Something is as it should be."""
    return Symptom(what, State.WELL, found)


def note(what: str, found: str, mend: str = "") -> Symptom:
    """Something is worth knowing."""
    return Symptom(what, State.NOTE, found, mend)


def mend(what: str, found: str, mend: str) -> Symptom:
    """Something has to be mended."""
    return Symptom(what, State.MEND, found, mend)
