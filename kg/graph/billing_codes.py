"""The billing code of a drug or of a product, as an opened store tells it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kg.errors import NotFound, UsageError
from kg.graph.describing import Description, describe
from kg.graph.offers import identified_by, stated
from kg.graph.rdf.vocabulary import RDF
from kg.graph.store import GraphStore
from kg.model import Concept, Kind, Relation, slug

_MOST_LISTED = 8


def billing_code(store: GraphStore, concept: Concept, text: str = "", day: date | None = None) -> Concept:
    """The code that a drug or a product is billed as, where it is one alone; anything else is given back as it is.

    `text` is what the concept was asked for by: a brand has the codes of its products, and not all those of its drug.
    Codes in force on the day, or on that of the store, come before others. Raises `NotFound` where no release bills it,
    and `UsageError` where several codes are left.
    """
    if concept.kind not in (Kind.DRUG, Kind.NDC):
        return concept
    codes = _of_products(store, concept, text) or identified_by(store, concept)
    about = _in_force([describe(store, code) for code in sorted(codes)], day or store.manifest.day)
    if len(about) > 1 and text:
        named = [description for description in about if _names(description, text)]
        about = named if len(named) == 1 else about
    if not about:
        raise NotFound(f"not known: the code that {concept.label} is billed as; give the billing code")
    if len(about) > 1:
        raise UsageError(_several(text or concept.label, [description.concept for description in about]))
    return about[0].concept


def _of_products(store: GraphStore, concept: Concept, text: str) -> set[Concept]:
    """The codes that products of a name are billed as; the name of a drug is that of many makers' products."""
    products = {concept} if concept.kind is Kind.NDC else set()
    if text and slug(text) != concept.key:
        products |= {match.concept for match in store.names.exact(text, {Kind.NDC})}
    return {code for product in products for _, code in stated(store, RDF.subject, product, Relation.BILLED_AS)}


def _in_force(about: list[Description], day: date | None) -> list[Description]:
    """Those that hold on a day, or all where none does."""
    if day is None:
        return about
    return [
        description
        for description in about
        if not (description.valid_through and description.valid_through < day)
        and not (description.valid_from and description.valid_from > day)
    ] or about


def _names(description: Description, text: str) -> bool:
    """Whether a name of a code has the words of a text one after another."""
    names = (description.concept.name or "", description.descriptor, *description.alternatives)
    return any(f"-{slug(text)}-" in f"-{slug(name)}-" for name in names)


def _several(name: str, codes: Iterable[Concept]) -> str:
    listed = [code.in_words for code in codes]
    more = f" and {len(listed) - _MOST_LISTED} more" if len(listed) > _MOST_LISTED else ""
    return f"{name} is billed as several codes, give one of them: {'; '.join(listed[:_MOST_LISTED])}{more}"
