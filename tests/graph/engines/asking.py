"""What a graph on an engine is asked in tests: all that reads one, so that it can be held against that in a folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kg.billing_graph import BillingGraph
from kg.errors import KgError
from kg.graph.days import Days
from kg.graph.names import Names
from kg.graph.store import GraphStore
from kg.model import Kind

QUESTIONS: dict[str, Callable[[BillingGraph], Any]] = {
    "show a code": lambda graph: graph.show("J3262"),
    "show a name": lambda graph: graph.show("Actemra"),
    "show a heading": lambda graph: graph.show("icd10cm:M05"),
    "show what is not there": lambda graph: graph.show("J9999"),
    "show what is nothing": lambda graph: graph.show("qwertz"),
    "codes for a diagnosis": lambda graph: graph.codes_for("M05", polarity=None),
    "paths": lambda graph: graph.paths("J3262", "M06.9", 3),
    "compare": lambda graph: graph.compare("guide", "policy"),
    "compare with what is not there": lambda graph: graph.compare("guide", "A57001"),
    "search": lambda graph: graph.search("toci"),
    "search for words": lambda graph: graph.search("rheumatoid factor"),
    "findings": lambda graph: graph.findings(),
    "connections": lambda graph: graph.connections(polarity=None),
    "titles": lambda graph: graph.titles(),
    "network": lambda graph: sorted(map(str, graph.network().edges(data=True))),
    "units": lambda graph: graph.units("J3262", "480mg"),
    "what is refuted": lambda graph: graph.at(trust="refuted").show("J3262"),
    "what is surely so": lambda graph: graph.at(trust="corroborated").connections(),
    "a no of the schema": lambda graph: graph.query("SELECT ?s { ?s bkg:acceptModifier ?o }"),
    "yes or no": lambda graph: graph.query("ASK { ?s bkg:acceptsModifier modifier:JW }"),
    "triples": lambda graph: graph.query("CONSTRUCT WHERE { ?s bkg:acceptsModifier ?o }"),
    "one graph of several": lambda graph: graph.query("SELECT ?s ?o FROM graph:ontology { ?s rdfs:subPropertyOf ?o }"),
    "a graph that it was not told of": lambda graph: graph.query(
        "SELECT (COUNT(*) AS ?n) FROM graph:ontology { GRAPH ?g { ?s ?p ?o } }"
    ),
    "the other graphs": lambda graph: graph.query("SELECT (COUNT(*) AS ?n) FROM graph:ontology { ?s ?p ?o }"),
    "named graphs alone": lambda graph: graph.query(
        "SELECT (COUNT(*) AS ?n) FROM NAMED graph:reference { GRAPH ?g { ?s ?p ?o } }"
    ),
    "what does not parse": lambda graph: graph.query("SELECT * { ?s ?p }"),
    "a function of somebody": lambda graph: graph.query("SELECT (<bif:exec>('x') AS ?x) { }"),
}


def answer(store: GraphStore, question: Callable[[BillingGraph], Any]) -> str:
    """What comes of a question, be it an error, as text; rows without an order of their own are put in order."""
    try:
        found = question(BillingGraph(Days(store)))
    except KgError as exc:
        return f"{type(exc).__name__}: {exc}"
    if hasattr(found, "rows") and isinstance(found.rows, tuple):
        return str((found.columns, sorted(map(str, found.rows)), found.notes))
    return str(list(found) if hasattr(found, "__iter__") else found) + str(getattr(found, "description", ""))


def names(index: Names) -> list[Any]:
    """All that an index of names holds, whatever the order in which it was written."""
    listed = index._connection.execute("SELECT kind, key, label, connections FROM concept").fetchall()
    texts = index._connection.execute(
        "SELECT kind, key, text, alternative FROM name JOIN concept ON concept.id = name.concept"
    ).fetchall()
    return [
        sorted(listed, key=str),
        sorted(set(texts)),
        [match for kind in Kind for match in index.search("a", {kind})],
    ]
