"""The catalogue as a page: all questions with their parameters and columns, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from kg.queries.catalogue import CatalogueQuery, catalogue

_INTRODUCTION = """\
# Questions

Made from the headers of [`kg/queries/catalogue`](../kg/queries/catalogue) by `python -m kg.queries`; a test
holds the two together. Each question is one `.rq` file.

A value may be written as people write it: `m069` and `icd10cm:M06.9` are the same diagnosis, `Medicare` is
`payer:medicare`. IRIs in the answer are CURIEs, and the rows have a fixed order. Trust chooses what a
question reads: a connection below it is left out. Where a question says "whatever the trust", it is about
what documents state, and the verdict stands beside it.

## Writing other queries

Every query knows the prefixes of [the graph](graph.md), and runs over the graphs that its trust allows:
merged, and as named graphs. It stays on this machine and changes nothing. Refused are `SERVICE`, updates,
`FROM`, and queries too deep or too long for the parser (lists of `VALUES` may be as long as they like).

Variables can be given values, which never become part of the query's text. The search begins at the value,
and not with a scan of all edges, where the query says so in its first line, as the questions of the catalogue
do:

```sparql
SELECT ?code WHERE {
  BIND(COALESCE(?diagnosis, rdf:nil) AS ?asked)
  ?code bkg:supportedByDiagnosis ?asked
}
```

Merged graphs are searched one by one. What documents state is found in a third of the time, or less, where the
query says in which graph it stands (what releases state is in `graph:reference`):

```sparql
SELECT ?assertion ?object WHERE {
  GRAPH graph:assertions {
    BIND(COALESCE(?code, rdf:nil) AS ?asked)
    ?assertion rdf:subject ?asked ;
      rdf:object ?object .
  }
}
```
"""


def page() -> str:
    """The page `docs/queries.md`."""
    return "\n".join((_INTRODUCTION, *_overview(), *(line for query in catalogue() for line in _section(query))))


def _overview() -> Iterator[str]:
    yield "## All questions\n"
    yield "| question | answers | for |"
    yield "|---|---|---|"
    for query in catalogue():
        yield f"| [`{query.name}`](#{query.name}) | {query.summary} | {', '.join(query.audience)} |"
    yield ""


def _section(query: CatalogueQuery) -> Iterator[str]:
    yield f"### {query.name}\n"
    yield f"{query.summary} {query.description}".strip() + "\n"
    if query.parameters:
        yield "| parameter | kind | example | |"
        yield "|---|---|---|---|"
        for parameter in query.parameters:
            yield f"| `{parameter.name}` | {parameter.kind} | `{parameter.example}` | {parameter.words} |"
        yield ""
    yield "| column | |"
    yield "|---|---|"
    for column in query.columns:
        yield f"| `{column.name}` | {column.words} |"
    yield ""
