"""Literals as N-Quads have them: what is written is what is read."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.graph.rdf import nquads

TEXTS = ("plain", "", "\\", '"', "\n", "\r", "a\\b", 'say "yes"', "two\nlines", "\t", "é–“”", '\\"\n\r')


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_read_as_it_was(text: str) -> None:
    line = nquads.lines("<urn:s>", [f"<urn:p> {nquads.text(text)}"], ox.NamedNode("urn:g"))
    (quad,) = ox.parse(line, format=ox.RdfFormat.N_QUADS)
    assert quad.object == ox.Literal(text)
    assert line.count("\n") == 1
