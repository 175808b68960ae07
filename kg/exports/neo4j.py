"""The network as the two CSV files that `neo4j-admin database import` reads."""

from __future__ import annotations

from kg.exports.content import Content, File
from kg.exports.csv_tables import csv_file
from kg.exports.edges import Edges
from kg.exports.folders import export_folder
from kg.exports.tables import in_batches

NODES = (
    "curie:ID",
    "name",
    "code",
    "descriptor",
    "billable:boolean",
    "valid_from:date",
    "valid_through:date",
    ":LABEL",
)
RELATIONSHIPS = (
    ":START_ID", ":END_ID", ":TYPE", "verdict", "strength", "documents:int", "assertions:int", "statements:int",
)  # fmt: skip


def neo4j(content: Content, file: File) -> dict[str, int]:
    """Nodes labelled `Concept` and by their kind, and relationships by the names of relations."""
    with export_folder(content, file, "neo4j") as (folder, counts):
        edges = Edges(content)
        with csv_file(folder / "relationships.csv", RELATIONSHIPS) as take:
            for some in in_batches(
                (c.subject, c.object, c.relation, c.verdict, c.strength, c.documents, c.assertions, c.statements)
                for c in edges.connections()
            ):
                take(some)
        with csv_file(folder / "nodes.csv", NODES) as take:
            for rows in in_batches(edges.nodes()):
                take(
                    [
                        (
                            row.curie, row.name, row.code, row.descriptor, row.billable, row.valid_from,
                            row.valid_through, f"Concept;{row.type}",
                        )
                        for row in rows
                    ]
                )  # fmt: skip
        counts |= edges.counts
    return counts
