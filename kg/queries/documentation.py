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

Every query knows the prefixes of [the graph](graph.md), and runs over the graphs that its trust allows: merged, and as
named graphs; `FROM` and `FROM NAMED` choose among them. It stays on this machine and changes nothing. Refused are
`SERVICE`, updates, and queries too deep or too long for the parser (lists of `VALUES` may be as long as they like).
`kg schema` lists the classes, properties, graphs and prefixes. Where an answer is empty, a note says what the query
names and the graph does not have.

Variables can be given values: each takes the place of its variable before the query runs, as a term that nobody's text
can break out of. From the command line and over HTTP a value is the code, the CURIE or the IRI that it looks like, and
else text; a number, a date, or a text that looks like a code, is written as in SPARQL: `n='"5"^^xsd:integer'`,
`d='"J3262"'`. A variable in a MINUS takes no value. A query that has parameters in its header, as those of the
catalogue have, asks for all of them:

```sparql
#+ parameter: diagnosis icd10cm M06.9 the diagnosis asked for
SELECT ?code WHERE { ?code bkg:supportedByDiagnosis $diagnosis }
```

## On other engines

`kg queries codes-for-diagnosis M06.9`, and `/queries/codes-for-diagnosis.rq?diagnosis=M06.9` of `kg serve`, give a
question as standard SPARQL with its values, prefixes and graphs written into it: any engine that holds the graph's
N-Quads (`kg export --format nquads`) gives the same rows. The tests run all of them on rdflib as well.

## Speed

Merged graphs are searched one by one. What documents state is found in a third of the time, or less, where the
query says in which graph it stands (what releases state is in `graph:reference`):

```sparql
SELECT ?assertion ?object WHERE {
  GRAPH graph:assertions {
    ?assertion rdf:subject $code ;
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
