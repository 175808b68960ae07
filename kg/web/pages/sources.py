"""The page of what the graph is made of: its releases and its documents."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kg.graph.lookup import documents as values_of_documents
from kg.graph.rdf.iris import identifier_of, thing
from kg.graph.rdf.values import Properties, day_of, flag_of, text_of
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, DCTERMS, PROV, RDF, REFERENCE, SKOS
from kg.graph.store import GraphStore
from kg.service.answers import Current
from kg.service.replies import Reply
from kg.web.pages.rendering import page, rendered

MOST = 200
"""So many documents are on a page."""


class ReleaseRow(NamedTuple):
    """What is told of a release; `since` is the first day that it covers."""

    identifier: str
    title: str
    system: str
    issued: date | None
    since: date | None
    is_complete: bool
    licence: str
    source: str


class DocumentRow(NamedTuple):
    """What is told of a document."""

    identifier: str
    title: str
    file: str
    statements: int


@rendered
def sources(current: Current, *, words: str, first: int, as_of: date | None) -> Reply:
    """The releases, and the documents whose title or file has these words, from the `first` on."""
    store = current.store()
    files, titles = values_of_documents(store, BKG.fileName), values_of_documents(store)
    names = [
        name
        for name, file in sorted(files.items(), key=lambda pair: pair[1].casefold())
        if words.casefold() in f"{file} {titles.get(name, '')}".casefold()
    ]
    shown = names[first - 1 : first - 1 + MOST]
    nodes = {thing("document", name): name for name in shown}
    counts = {nodes[node]: number for node, number in store.counts(PROV.wasDerivedFrom, nodes, ASSERTIONS).items()}
    return page(
        "sources.html",
        releases=releases_of(store),
        documents=[DocumentRow(name, titles.get(name, ""), files[name], counts.get(name, 0)) for name in shown],
        total=len(names),
        words=words,
        first=first,
        most=MOST,
        counts=store.manifest.counts,
        day=store.manifest.day,
        as_of=as_of,
    )


def releases_of(store: GraphStore) -> list[ReleaseRow]:
    """The releases of a graph, by system, the newest first."""
    names = store.subjects(RDF.type, BKG.Release, REFERENCE)
    rows = [_release(store, identifier_of(name.value), store.about(name, REFERENCE)) for name in names]
    newest = sorted(rows, key=lambda row: (str(row.issued or ""), row.title), reverse=True)
    return sorted(newest, key=lambda row: row.system)


def _release(store: GraphStore, identifier: str, properties: Properties) -> ReleaseRow:
    (scheme,) = properties[BKG.ofSystem]
    names = store.objects(scheme, SKOS.prefLabel)  # type: ignore[arg-type]
    return ReleaseRow(
        identifier=identifier,
        title=text_of(properties, DCTERMS.title),
        system=names[0].value if names else "",
        issued=day_of(properties, DCTERMS.issued),
        since=day_of(properties, BKG.coversFrom),
        is_complete=bool(flag_of(properties, BKG.complete)),
        licence=text_of(properties, DCTERMS.license),
        source=text_of(properties, DCTERMS.source),
    )
