"""What the words beside the code of a service say of it: the time, how it is given, and what it adds to."""

from __future__ import annotations

from collections.abc import Iterator

from kg import lazy_re as re
from kg.documents import Span
from kg.extraction.draft import Citation, Draft
from kg.extraction.relations.durations import time_unit_in
from kg.extraction.relations.services import is_administration, is_counseling, is_of_drug, is_visit, service_of
from kg.extraction.text.text import BILLING, Text
from kg.model import Concept, Kind, Relation

_ADD_ON = re.compile(r"\badd-?on\b|\blist(?:ed)? separately\b")
_EACH = re.compile(r"\b(?:each|every|per|additional|add['’]?l)\b")
_AROUND_NAME = " \t-–—:|,*"


def describe_service(text: Text, codes: tuple[Concept, ...], name: Span, cite: Citation) -> Iterator[Draft]:
    """The time that one unit of a service stands for, how it is given, and what it adds to, in the words beside its code."""
    services = tuple(code for code in codes if not is_of_drug(code))
    if not services:
        return
    if len(services) == 1 and not services[0].name:
        words = text.words(name).strip(_AROUND_NAME)
        services = (Concept(services[0].kind, services[0].key, words or None),)
    # "99212 (simple, 15 min)" tells how long a visit took, and no visit is billed by it.
    is_of_visits = all(is_visit(service) and not is_counseling(service) for service in services)
    if not (is_of_visits and not _EACH.search(text.small, *name)) and (
        unit := time_unit_in(text, name.start, name.end)
    ):
        yield Draft(services, Relation.BILLING_UNIT, unit, cite, "unit")
    if all(is_administration(service) for service in services):
        for mention in text.mentions_in(name.start, name.end, Kind.ROUTE):
            yield Draft(services, Relation.ROUTE_OF_ADMINISTRATION, text.as_written(mention), cite, "route")
    others = [span for span in text.codes_in(name.start, name.end) if span.system in BILLING and span.codes]
    if len(others) == 1 and _ADD_ON.search(text.small, name.start, name.end):
        for code in others[0].codes:
            yield Draft(services, service_of(code), Concept.of(code), cite, "procedure")
