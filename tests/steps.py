"""Counts what work takes, where a clock would tell more of the machine than of the code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable


def steps(work: Callable[[], object]) -> int:
    """How many calls of Python functions, and of those written in C, some work takes."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    collects = gc.isenabled()
    gc.disable()  # What is called when garbage is collected is no step of the work.
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()
    return count
