"""What every worker needs, done once in the process that they are forked from; imported there and nowhere else."""

from __future__ import annotations

import kg.graph.connections
import kg.network.paths  # noqa: F401
from kg.queries import catalogue
from kg.queries.guard import check
from kg.service import answers  # noqa: F401

# Patterns that take 40 ms to compile, and files that take as long to read.
check("ASK { }")
catalogue()
