"""billing-kg: a knowledge graph of US healthcare billing relationships, every edge with its evidence.

>>> import kg
>>> graph = kg.open()                                        # doctest: +SKIP
>>> graph.codes_for("M06.9")[0].evidence[0].quote            # doctest: +SKIP
"""

from __future__ import annotations

import os

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

__version__ = "0.1.0"


def open(path: str | os.PathLike[str] | None = None) -> BillingGraph:
    """Open the graph at a path, else at `KG_STORE`, else among the user's data; raises `kg.errors.StoreError`."""
    return BillingGraph.open(path)


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
    "open",
]
