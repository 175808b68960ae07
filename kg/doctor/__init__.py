"""Doctor: what is missing or wrong in an installation, its graph, releases and caches, and how it is mended.

Nothing is written, and the network is never touched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.doctor.data import caches, graph, places, releases
from kg.doctor.installation import defaults, installed, shows
from kg.doctor.symptom import State, Symptom

__all__ = ["State", "Symptom", "examine"]


def examine(
    store: str | None = None,
    release_folder: str | os.PathLike[str] | None = None,
    documents: Sequence[Path] = (),
) -> Iterator[Symptom]:
    """Look at everything, one thing after the other; `documents` are those that the graph should hold as they are now.

    Whether a file of defaults is wrong is said first, and then nothing that it would have named is looked at.
    """
    yield from installed()
    wrong = list(defaults())
    yield from wrong
    yield from shows()
    if any(symptom.state is State.MEND for symptom in wrong):
        return
    yield from places(store, release_folder)
    yield from releases(release_folder)
    yield from graph(store, release_folder, documents)
    yield from caches()
