"""Plain edges as lines of TSV, of the adjacency alone: no evidence is read."""

from __future__ import annotations

from collections.abc import Iterator

from kg.network.slices import Slice

COLUMNS = ("subject", "relation", "object", "verdict", "cost", "subject_fee", "object_fee")


def edge_list(part: Slice) -> Iterator[str]:
    """A line of headings, then one edge a line, in the order of the CURIEs of their ends.

    `cost` is what the hop costs in the middle of a path, in thousandths; `subject_fee` and `object_fee` are what of
    it is paid for passing through its ends.

    >>> from kg.graph.adjacency import Adjacency
    >>> from kg.model import Relation, Verdict
    >>> edges = [("hcpcs:J3262", Relation.SUPPORTED_BY_DIAGNOSIS, "icd10cm:M06.9", Verdict.CONSISTENT)]
    >>> for line in edge_list(Slice(Adjacency.of(edges), Verdict.DISPUTED)):
    ...     print(line.split())
    ['subject', 'relation', 'object', 'verdict', 'cost', 'subject_fee', 'object_fee']
    ['hcpcs:J3262', 'supportedByDiagnosis', 'icd10cm:M06.9', 'consistent', '1100', '0', '0']
    """
    curie = part.adjacency.curie
    yield _line(*COLUMNS)
    for edge in part.edges():
        ends = curie(edge.subject), edge.relation.value, curie(edge.object)
        yield _line(*ends, edge.verdict.value, edge.cost, edge.subject_fee, edge.object_fee)


def _line(*cells: str | int) -> str:
    return "\t".join(map(str, cells)) + "\n"
