"""What a person should look at, as rows, in the order of their keys."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from pyoxigraph import NamedNode

from kg.graph.inventory.rows import FindingRow
from kg.graph.rdf.iris import concept_of, identifier_of
from kg.graph.rdf.values import Properties, number_of, text_of
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, VERDICT_OF
from kg.graph.store import GraphStore

_AT_ONCE = 5_000
_OWNERS = "SELECT ?finding ?assertion { ?assertion bkg:finding ?finding }"


def finding_rows(store: GraphStore, assertions: Collection[str] | None = None) -> Iterator[FindingRow]:
    """All findings, or those about some assertions, by their keys; read some at a time."""
    owners = {
        finding: key
        for finding, owner in store.select(_OWNERS, ASSERTIONS)
        if (key := identifier_of(owner.value)) and (assertions is None or key in assertions)
    }
    rest = iter(sorted(owners, key=lambda name: name.value))
    while some := list(islice(rest, _AT_ONCE)):
        for name, about in store.about_each(some, ASSERTIONS).items():
            yield _row(name, owners[name], about)


def _row(name: NamedNode, assertion: str, about: Properties) -> FindingRow:
    better, other = about.get(BKG.betterCode), text_of(about, BKG.opposedBy)
    release = text_of(about, BKG.accordingTo)
    return FindingRow(
        key=identifier_of(name.value),
        assertion=assertion,
        concept=concept_of(about[BKG.about][0]).curie,
        verdict=VERDICT_OF[text_of(about, BKG.leadsTo)].value,
        reason=text_of(about, BKG.reason),
        check=text_of(about, BKG.check),
        stated=text_of(about, BKG.statedName),
        official=text_of(about, BKG.releaseText),
        release=identifier_of(release) if release else "",
        row=number_of(about, BKG.row) or None,
        better_code=concept_of(better[0]).curie if better else "",
        opposed_by=identifier_of(other) if other else "",
        hanging=number_of(about, BKG.hanging),
    )
