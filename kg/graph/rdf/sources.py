"""Sources: documents and releases, without what they state; as quads, and read back as far as answers name them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import Literal, Quad

from kg.graph.rdf.iris import thing
from kg.graph.rdf.values import BOOLEANS, Properties, day, day_of, flag_of, text_of
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, DCTERMS, PROV, RDF, REFERENCE, SCHEMES
from kg.model import Code

if TYPE_CHECKING:  # A graph that is only read needs none of them.
    from kg.documents import Document
    from kg.reference import Release


def document_quads(document: Document) -> Iterator[Quad]:
    """A document, without what it states."""
    subject = thing("document", document.identifier)
    yield Quad(subject, RDF.type, BKG.Document, ASSERTIONS)
    yield Quad(subject, RDF.type, PROV.Entity, ASSERTIONS)
    yield Quad(subject, DCTERMS.title, Literal(document.title), ASSERTIONS)
    yield Quad(subject, BKG.fileName, Literal(document.name), ASSERTIONS)
    yield Quad(subject, BKG.sha256, Literal(document.checksum), ASSERTIONS)


def release_quads(release: Release) -> Iterator[Quad]:
    """A release, without its entries."""
    subject = thing("release", release.identifier)
    yield Quad(subject, RDF.type, BKG.Release, REFERENCE)
    yield Quad(subject, RDF.type, PROV.Entity, REFERENCE)
    yield Quad(subject, DCTERMS.title, Literal(release.title), REFERENCE)
    yield Quad(subject, BKG.ofSystem, SCHEMES[release.system], REFERENCE)
    yield Quad(subject, BKG.complete, BOOLEANS[release.complete], REFERENCE)
    yield Quad(subject, DCTERMS.license, Literal(release.licence), REFERENCE)
    yield Quad(subject, DCTERMS.source, Literal(release.source), REFERENCE)
    if release.outside:
        yield Quad(subject, BKG.outside, Literal(release.outside), REFERENCE)
    if release.issued is not None:
        yield Quad(subject, DCTERMS.issued, day(release.issued), REFERENCE)
    if release.since is not None:
        yield Quad(subject, BKG.coversFrom, day(release.since), REFERENCE)
    yield Quad(subject, BKG.statesDays, BOOLEANS[release.dated], REFERENCE)


@dataclass(frozen=True, slots=True)
class ReleaseInGraph:
    """What the graph keeps of a release besides what it states; `outside` matches codes that it does not cover."""

    title: str
    issued: date | None
    complete: bool
    outside: str = ""

    def covers(self, code: Code) -> bool:
        """Whether not having a code of its system would mean that there is no such code."""
        return self.complete and not re.fullmatch(self.outside, code.value)


def read_release(properties: Properties) -> ReleaseInGraph:
    """A release again."""
    return ReleaseInGraph(
        title=text_of(properties, DCTERMS.title),
        issued=day_of(properties, DCTERMS.issued),
        complete=bool(flag_of(properties, BKG.complete)),
        outside=text_of(properties, BKG.outside),
    )
