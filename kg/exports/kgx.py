"""The network as the two TSV files of KGX, in the words of the Biolink model where one of them fits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cells import cell
from kg.exports.content import Content, File
from kg.exports.edges import Edges
from kg.exports.folders import export_folder
from kg.exports.tables import Row, Take, in_batches
from kg.model import Kind, Relation

if TYPE_CHECKING:
    from kg.graph.inventory.rows import ConnectionRow, NodeRow

NODES = ("id", "category", "name", "description", "xref", "provided_by", "billing_kg_type")
EDGES = (
    "id", "subject", "predicate", "object", "category", "relation", "knowledge_level", "agent_type",
    "primary_knowledge_source", "billing_kg_verdict", "billing_kg_strength", "billing_kg_documents",
    "billing_kg_assertions", "billing_kg_statements",
)  # fmt: skip
SOURCE = "infores:billing-kg"

_CATEGORIES = {
    Kind.ICD10CM: "biolink:DiseaseOrPhenotypicFeature",
    Kind.CONDITION: "biolink:DiseaseOrPhenotypicFeature",
    Kind.DRUG: "biolink:Drug",
    Kind.NDC: "biolink:Drug",
    Kind.CPT: "biolink:Procedure",
    Kind.PAYER: "biolink:Agent",
    Kind.DOCUMENTATION: "biolink:InformationContentEntity",
}
_ANYTHING = "biolink:NamedThing"
_PREDICATES = {Relation.CONTAINS_DRUG: "biolink:has_active_ingredient"}
_RELATED = "biolink:related_to"
_ASSOCIATION = "biolink:Association"
_BETWEEN = "|"


def kgx(content: Content, file: File) -> dict[str, int]:
    """`nodes.tsv` and `edges.tsv`; `relation` keeps what `biolink:related_to` does not say."""
    with export_folder(content, file, "kgx", prefixes=_prefixes()) as (folder, counts):
        edges = Edges(content)
        with _tsv_file(folder / "edges.tsv", EDGES) as take:
            for some in in_batches(map(_edge, edges.connections())):
                take(some)
        with _tsv_file(folder / "nodes.tsv", NODES) as take:
            for rows in in_batches(_nodes(edges)):
                take(rows)
        counts |= edges.counts
    return counts


def _prefixes() -> dict[str, str]:
    """What the prefixes of ids stand for, of which the Biolink model knows none."""
    from kg.graph.rdf.iris import PREFIXES  # With the library for RDF.

    return {prefix: PREFIXES[prefix] for prefix in sorted((*Kind, "bkg", "release"))}


@contextmanager
def _tsv_file(path: Path, heads: Sequence[str]) -> Iterator[Take]:
    """A file with a row of headings, and what takes its rows: as KGX knows no quotes, cells have none."""
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as out:

        def take(rows: Sequence[Row]) -> None:
            out.writelines("\t".join(map(cell, row)) + "\n" for row in rows)

        take([heads])
        yield take


def _nodes(edges: Edges) -> Iterator[Row]:
    return map(_node, edges.nodes())


def _node(row: NodeRow) -> Row:
    category = _CATEGORIES.get(Kind(row.type), _ANYTHING)
    source = f"release:{row.release}" if row.release else SOURCE
    texts = (_line(row.name), _line(row.descriptor), row.same_as.replace(" | ", _BETWEEN))
    return (row.curie, category, *texts, source, row.type)


def _edge(row: ConnectionRow) -> Row:
    key = hashlib.sha256(f"{row.subject}\0{row.relation}\0{row.object}".encode()).hexdigest()[:32]
    predicate = _PREDICATES.get(Relation(row.relation), _RELATED)
    agent = "text_mining_agent" if row.assertions else "not_provided"
    return (
        f"urn:billing-kg:{key}", row.subject, predicate, row.object, _ASSOCIATION, f"bkg:{row.relation}",
        "knowledge_assertion", agent, SOURCE, row.verdict, row.strength, row.documents, row.assertions, row.statements,
    )  # fmt: skip


def _line(text: str) -> str:
    """Text in one line, without what parts lists."""
    return " ".join(text.replace(_BETWEEN, "/").split())
