"""Which codes of the graph are those of BioPortal, as a mapping set of SSSOM."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.cells import write_rows
from kg.errors import UsageError
from kg.exports.content import Content, File
from kg.exports.tables import Row, Rows, in_batches
from kg.whole_files import write_pieces

if TYPE_CHECKING:
    from kg.graph.inventory.rows import NodeRow

COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification", "subject_source",
    "subject_match_field", "object_match_field", "match_string",
)  # fmt: skip
_BASE = "https://w3id.org/billing-kg/"
_BIOPORTAL = "http://purl.bioontology.org/ontology/"
_SYSTEMS = ("hcpcs", "cpt", "icd10cm")
_OURS = {system: f"bkg.{system}" for system in _SYSTEMS}
# Tools read `cpt` and its like as what is registered of them, which is what BioPortal publishes; ours are prefixed.
_PREFIXES = {
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "release": f"{_BASE}release/",
    **{prefix: f"{_BASE}code/{system}/" for system, prefix in _OURS.items()},
    **{system: f"{_BIOPORTAL}{system.upper()}/" for system in _SYSTEMS},
}
"""What CURIEs stand for; the rest of an object's address begins behind its base."""


def sssom(content: Content, file: File) -> dict[str, int]:
    """One exact match a line, below the set's own description: the same code in the same code system."""
    if content.asked.trust is not None:
        raise UsageError("sssom holds what codes are, of which there are no verdicts: leave --trust out")
    counts = {"mappings": 0}
    write_pieces(file, _pieces(content, counts))
    return counts


def _pieces(content: Content, counts: dict[str, int]) -> Iterator[str]:
    yield _head(content)
    yield "\t".join(COLUMNS) + "\n"
    for rows in in_batches(match for row in Rows(content).nodes() for match in _matches(row)):
        counts["mappings"] += len(rows)
        text = io.StringIO()
        write_rows(text, rows, "\t", raw=True)
        yield text.getvalue()


def _head(content: Content) -> str:
    day = content.store.manifest.as_of
    lines = [
        "curie_map:",
        *(f"  {prefix}: {base}" for prefix, base in sorted(_PREFIXES.items())),
        f"mapping_set_id: {_BASE}mappings/bioportal",
        "mapping_set_title: Codes of billing-kg and of BioPortal",
        *([f"mapping_date: {day}"] if day else []),
        "license: https://w3id.org/sssom/license/unspecified",
        "mapping_tool: billing-kg",
    ]
    return "".join(f"#{line}\n" for line in lines)


def _matches(row: NodeRow) -> Iterator[Row]:
    for address in filter(None, row.same_as.split(" | ")):
        source = f"release:{row.release}" if row.release else ""
        fields = ("skos:notation", "skos:notation", row.code)
        system, _, code = row.curie.partition(":")
        yield (
            f"{_OURS[system]}:{code}",
            row.name,
            "skos:exactMatch",
            _curie(address),
            "semapv:LexicalMatching",
            source,
            *fields,
        )


def _curie(address: str) -> str:
    for prefix, base in _PREFIXES.items():
        if address.startswith(base):
            return f"{prefix}:{address.removeprefix(base)}"
    return address
