"""billing-kg: a knowledge graph of US healthcare billing relationships, every edge with its evidence.

>>> import kg
>>> graph = kg.open()                                        # doctest: +SKIP
>>> graph.codes_for("M06.9")[0].evidence[0].quote            # doctest: +SKIP
"""

from __future__ import annotations

import datetime
import os
import typing
from pathlib import Path as _FilePath

from kg.billing_graph import BillingGraph, View
from kg.errors import KgError
from kg.model import (
    Assertion,
    Code,
    CodeSystem,
    Concept,
    Connection,
    Evidence,
    Finding,
    Hop,
    Kind,
    Path,
    Polarity,
    Qualifier,
    Quantity,
    Relation,
    Strength,
    Verdict,
)

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.documents import Skipped
    from kg.errors import DocumentError
    from kg.verification import Checked

__version__ = "0.1.0"


def open(path: str | os.PathLike[str] | None = None) -> BillingGraph:
    """Open the graph at a path, else at `KG_STORE`, else among the user's data; raises `kg.errors.StoreError`."""
    return BillingGraph.open(path)


def check(
    documents: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    data: bytes | None = None,
    releases: str | os.PathLike[str] | None = None,
    as_of: datetime.date | str | None = None,
    problems: list[DocumentError] | None = None,
    skipped: list[Skipped] | None = None,
) -> Iterator[Checked]:
    """Hold documents against the releases without a graph, one by one; `data` are the bytes of one instead.

    `releases` is the folder of the user's releases, `as_of` the day on which codes have to hold, else today. A
    document that cannot be read raises `kg.errors.DocumentError`; with a list for `problems` it is put there, and
    the others are checked. What is passed over (no reader, the same bytes again) is added to `skipped`.

    >>> for checked in kg.check("guide.md"):                     # doctest: +SKIP
    ...     print(checked.findings)
    """
    from kg.billing_graph import read_day
    from kg.documents import intake
    from kg.reference.index import indexed
    from kg.verification import check_all

    several = [documents] if isinstance(documents, str | os.PathLike) else documents
    day = read_day(as_of) if as_of is not None else datetime.date.today()
    # What is not there is told before the releases are read, which takes seconds.
    found = intake([_FilePath(one) for one in several], data)
    if skipped is not None:
        skipped += found.skipped
    return check_all(found.sources, indexed(releases), day, problems)


__all__ = [
    "Assertion",
    "BillingGraph",
    "Code",
    "CodeSystem",
    "Concept",
    "Connection",
    "Evidence",
    "Finding",
    "Hop",
    "KgError",
    "Kind",
    "Path",
    "Polarity",
    "Qualifier",
    "Quantity",
    "Relation",
    "Strength",
    "Verdict",
    "View",
    "check",
    "open",
]
