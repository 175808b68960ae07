"""Answers in the media types of the SPARQL protocol, written while they are found."""

from __future__ import annotations

import io

import pytest
from pyoxigraph import Store

from kg.errors import QueryRefused, UsageError
from kg.queries.graphs import Graphs
from kg.queries.serving import GRAPHS, RESULTS, answer

NOTHING = ("nothing in this graph is called hcpcs:J9998",)


def written(query: str, media_type: str, **options: int) -> tuple[bytes, tuple[str, ...]]:
    output = io.BytesIO()
    notes = answer(Store(), query, Graphs((), ()), media_type, output, **options)
    return output.getvalue(), notes


@pytest.mark.parametrize("media_type", RESULTS)
@pytest.mark.parametrize(
    ("query", "is_empty"),
    [
        ("SELECT ?x { hcpcs:J9998 ?p ?x }", True),
        ("SELECT * { hcpcs:J9998 ?p ?x }", True),
        ("SELECT ?x { } VALUES ?y { hcpcs:J9998 }", False),
        ("SELECT * { OPTIONAL { hcpcs:J9998 ?p ?x } }", False),
        ("SELECT ('<result>' AS ?x) { OPTIONAL { hcpcs:J9998 ?p ?o } }", False),
        ("SELECT ('\"bindings\":[]}}' AS ?x) { OPTIONAL { hcpcs:J9998 ?p ?o } }", False),
        ("SELECT ('a\\nb' AS ?x) { OPTIONAL { hcpcs:J9998 ?p ?o } }", False),
    ],
)
def test_only_an_answer_without_rows_has_notes(media_type: str, query: str, is_empty: bool) -> None:
    assert written(query, media_type)[1] == (NOTHING if is_empty else ())


def test_a_no_and_no_triples_have_notes() -> None:
    assert written("ASK { hcpcs:J9998 ?p ?o }", "application/json") == (b'{"head":{},"boolean":false}', NOTHING)
    assert written("ASK { OPTIONAL { hcpcs:J9998 ?p ?o } }", "application/json")[1] == ()
    assert written("DESCRIBE hcpcs:J9998", "application/n-triples") == (b"", NOTHING)


class Sizes:
    """An output that looks only at how much it is given at a time."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def write(self, data: bytes, /) -> int:
        self.sizes.append(len(data))
        return len(data)

    def flush(self) -> None:
        pass


@pytest.mark.parametrize("media_type", RESULTS)
def test_rows_are_written_while_they_are_found(media_type: str) -> None:
    digits = " ".join(map(str, range(10)))
    values = " ".join(f"VALUES ?{name} {{ {digits} }}" for name in "abcd")
    output = Sizes()
    answer(Store(), f"SELECT * {{ {values} }}", Graphs((), ()), media_type, output)
    assert len(output.sizes) > 5
    assert max(output.sizes) < 1 << 16


@pytest.mark.parametrize("media_type", GRAPHS)
def test_triples_are_counted_and_come_once(media_type: str) -> None:
    query = "CONSTRUCT { bkg:a bkg:b ?n } { VALUES ?n { 1 2 3 3 2 1 } }"
    content, notes = written(query, media_type, most=3)
    assert (content.count(b"#b") + content.count(b"bkg:b") + content.count(b"<b xmlns") > 0, notes) == (True, ())
    with pytest.raises(QueryRefused, match="more than 2 triples"):
        written(query, media_type, most=2)


def test_a_media_type_is_one_of_those_of_the_answer() -> None:
    with pytest.raises(UsageError, match="no such media type"):
        written("ASK { }", "text/turtle")
