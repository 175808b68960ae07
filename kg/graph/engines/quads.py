"""The quads of a build on an engine at an address, asked as those in a folder are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

import pyoxigraph as ox
from pyoxigraph import NamedNode

from kg.graph.engines.engine import Engine
from kg.graph.rdf.vocabulary import dataset
from kg.model import Verdict

_ROWS, _TRIPLES = "application/sparql-results+json", "application/n-triples"
_ALL = tuple(dataset(Verdict.REFUTED))
_PATTERN = ("subject", "predicate", "object", "graph")


class RemoteQuads:
    """The quads of a build that an engine at an address holds; they are asked as those of `pyoxigraph.Store` are.

    Of the engine they need no more than SPARQL 1.1 and the parameters of its protocol that choose graphs.
    """

    def __init__(self, engine: Engine, build: str = "") -> None:
        self._engine = engine
        # Virtuoso keeps what it made of a query by its text, and goes on with it after the graph has changed.
        self._mark = f"# build {build}\n" if build else ""

    def query(
        self,
        query: str,
        *,
        prefixes: dict[str, str] | None = None,
        default_graph: Any = None,
        named_graphs: list[Any] | None = None,
        substitutions: dict[Any, Any] | None = None,
    ) -> Any:
        """The answer to a query, as `pyoxigraph.Store.query` gives it; raises `EngineError` besides.

        Without `default_graph` it runs over all graphs of ours. What does not parse, or has functions that are no
        SPARQL, raises what it raises there, and is not sent.
        """
        has_rows = _has_rows(ox.Store().query(query, prefixes=prefixes, substitutions=substitutions))
        graphs = _names(_ALL if default_graph is None else default_graph)
        named = graphs if named_graphs is None else _names(named_graphs)
        text = self._mark + _declared(_written(query, substitutions or {}), prefixes or {})
        if has_rows:
            return self._rows(self._engine.ask(text, _ROWS, graphs, named))
        return self._triples(self._engine.ask(text, _TRIPLES, graphs, named))

    def quads_for_pattern(
        self, subject: Any, predicate: Any, object: Any, graph_name: Any = None, /
    ) -> Iterator[ox.Quad]:
        """The quads that fit, as `pyoxigraph.Store.quads_for_pattern` gives them; None fits anything."""
        pattern = (subject, predicate, object, graph_name)
        places = [f"?{name}" if term is None else str(term) for name, term in zip(_PATTERN, pattern, strict=True)]
        wanted = [name for name, term in zip(_PATTERN, pattern, strict=True) if term is None]
        ends = " ".join(places[:3])
        text = f"SELECT {' '.join(f'?{name}' for name in wanted) or '(1 AS ?is)'} {{ GRAPH {places[3]} {{ {ends} }} }}"
        named = _names(_ALL if graph_name is None else graph_name)
        for row in self._rows(self._engine.ask(self._mark + text, _ROWS, (), named)):
            terms = iter(row) if wanted else iter(())
            yield ox.Quad(*(next(terms) if term is None else term for term in pattern))

    def _rows(self, content: IO[bytes]) -> Any:
        """Rows, or yes or no, once it is clear that all of them can be read."""
        with self._whole():
            answer = ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
            try:
                if isinstance(answer, ox.QueryBoolean):
                    return answer
                for _ in answer:
                    pass
            finally:
                # An error would keep it, and solutions must end in the thread in which they began.
                del answer
        content.seek(0)
        return ox.parse_query_results(content, ox.QueryResultsFormat.JSON)

    def _triples(self, content: IO[bytes]) -> Iterator[ox.Triple]:
        with self._whole():
            triples = [quad.triple for quad in ox.parse(content, ox.RdfFormat.N_TRIPLES)]
        return iter(triples)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """An answer that ends too early, or is otherwise none, is the engine's fault and not the query's."""
        try:
            yield
        except (SyntaxError, ValueError, RuntimeError) as exc:
            raise self._engine.error("its answer breaks off, or cannot be read; ask again, or for less") from exc


def _has_rows(answer: Any) -> bool:
    """Whether an answer is rows, or yes or no, and not triples."""
    return isinstance(answer, ox.QuerySolutions | ox.QueryBoolean)


def _names(graphs: Any) -> list[str]:
    return [graphs.value] if isinstance(graphs, NamedNode) else [graph.value for graph in graphs]


def _written(query: str, values: Mapping[Any, Any]) -> str:
    """A query of ours with values in the places of variables; what it selects stays a column."""
    head, brace, body = query.partition("{")
    for variable, term in values.items():
        place, spelled = re.compile(rf"\?{variable.value}\b"), str(term).replace("\\", r"\\")
        head = place.sub(f"({spelled} AS ?{variable.value})", head)
        body = place.sub(spelled, body)
    return head + brace + body


def _declared(query: str, prefixes: Mapping[str, str]) -> str:
    """A query with the prefixes that it may use and does not declare itself, which some engines refuse twice."""
    lines = [
        f"PREFIX {prefix}: <{iri}>\n"
        for prefix, iri in prefixes.items()
        if f"{prefix}:" in query and not re.search(rf"PREFIX\s+{prefix}:", query, re.IGNORECASE)
    ]
    return "".join(lines) + query
