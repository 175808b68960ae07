"""Documents and releases as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.graph.inventory.rows import DocumentRow, ReleaseRow
from kg.graph.rdf.iris import identifier_of
from kg.graph.rdf.sources import read_release
from kg.graph.rdf.values import flag_of, text_of
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, DCTERMS, RDF, REFERENCE
from kg.graph.store import GraphStore

_DOCUMENTS = """SELECT ?document ?title ?file ?checksum {
    ?document a bkg:Document .
    OPTIONAL { ?document dcterms:title ?title } OPTIONAL { ?document bkg:fileName ?file }
    OPTIONAL { ?document bkg:sha256 ?checksum } }"""


def document_rows(store: GraphStore, assertions: Mapping[str, int]) -> Iterator[DocumentRow]:
    """The documents in the order of their identifiers; `assertions` says how many there are of each."""
    for name, title, file_name, checksum in sorted(store.select_texts(_DOCUMENTS, ASSERTIONS)):
        identifier = identifier_of(name)
        yield DocumentRow(identifier, title, file_name, checksum, assertions.get(identifier, 0))


def release_rows(store: GraphStore, statements: Mapping[str, int]) -> Iterator[ReleaseRow]:
    """The releases likewise."""
    names = sorted(store.subjects(RDF.type, BKG.Release, REFERENCE), key=lambda name: name.value)
    for name, about in store.about_each(names, REFERENCE).items():
        identifier, release = identifier_of(name.value), read_release(about)
        yield ReleaseRow(
            identifier,
            release.title,
            text_of(about, BKG.ofSystem).rpartition("/")[2],
            release.issued,
            flag_of(about, BKG.complete),
            text_of(about, DCTERMS.license),
            text_of(about, DCTERMS.source),
            statements.get(identifier, 0),
        )
