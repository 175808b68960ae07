"""The page that asks in SPARQL: an editor, and the questions of the catalogue, which are put into it as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kg.model import DEFAULT_TRUST, Verdict
from kg.queries import CatalogueQuery, catalogue, find
from kg.queries.standalone import with_values
from kg.service.replies import Reply
from kg.web.pages.rendering import POLICY_WITH_SCRIPTS, page

EXAMPLE = """SELECT ?code ?name ?drug WHERE {
  ?code bkg:identifiesDrug ?drug ; skos:prefLabel ?name
} ORDER BY ?code LIMIT 50"""


def query(text: str, question: str, values: Mapping[str, str], *, trust: str, as_of: date | None) -> Reply:
    """The page with a query in its editor: a text, a question of the catalogue with its values, or an example.

    No graph is needed for it. Raises `UnknownName` for a question that does not exist, and what the readers of values
    raise.
    """
    chosen = find(question) if question else None
    return page(
        "query.html",
        policy=POLICY_WITH_SCRIPTS,
        text=_text_of(chosen, values) if chosen else text or EXAMPLE,
        is_asked=bool(chosen or text),
        chosen=chosen,
        values=values,
        questions=catalogue(),
        floor=Verdict.floor(trust or DEFAULT_TRUST)[-1],
        as_of=as_of,
    )


def _text_of(question: CatalogueQuery, values: Mapping[str, str]) -> str:
    """A question without its header and with values, which are those of its examples where none are given."""
    examples = {parameter.name: parameter.example for parameter in question.parameters}
    text = with_values(question, {**examples, **{name: value for name, value in values.items() if value}})
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip()
    return f"# {question.summary}\n{body}"
