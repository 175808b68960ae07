from __future__ import annotations

import doctest
import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.queries.shape import Shape
from kg.queries.tokens import decoded, tokens


def kinds(text: str, *, less: bool = False) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(text, less=less)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("'it''s'", "string"), ('"a\\"b"', "string"), ("'''a'b\n''c'''", "string"), ('""""a" """', "string"),
        ("<http://e/a#b>", "iri"), ("<>", "iri"), ("?x1", "variable"), ("$é", "variable"), ("_:b.c", "blank"),
        ("e:", "name"), (":a", "name"), ("e:a.b:c%41\\'", "name"), ("é:ü-1", "name"), ("@en-US", "tag"),
        ("1.5e-3", "number"), ("SELECT", "word"), ("&", "mark"),
    ],
)  # fmt: skip
def test_kinds_of_tokens(text: str, kind: str) -> None:
    expected = [("string", "'it'"), ("string", "'s'")] if text == "'it''s'" else [(kind, text)]
    assert kinds(text) == expected


def test_a_name_ends_before_its_last_dot() -> None:
    assert kinds("e:a.b. ?x.") == [("name", "e:a.b"), ("mark", "."), ("variable", "?x"), ("mark", ".")]


def test_a_string_without_its_end_hides_nothing() -> None:
    assert ("word", "SERVICE") in kinds("'abc\nSERVICE '")
    assert ("word", "SERVICE") in kinds("'''abc\nSERVICE ''")
    assert ("word", "SERVICE") in kinds(r"'''a' SERVICE \q '''")


def test_a_less_than_sign_can_be_read_in_two_ways() -> None:
    text = "?a<'x>y')SERVICE"
    assert ("word", "SERVICE") not in kinds(text + " '")
    assert ("word", "SERVICE") in kinds(text + " '", less=True)
    assert kinds("<http://e/service/a>", less=True) == [("iri", "<http://e/service/a>")]


@given(st.text(alphabet="<>'\"\\#\n{}()?$:._a1 ue@%^-", max_size=60))
def test_nothing_but_spaces_and_comments_is_left_out(text: str) -> None:
    for less in (False, True):
        end = 0
        for token in tokens(text, less=less):
            between = text[end : token.start]
            assert not between.strip() or between.lstrip().startswith("#")
            assert text[token.start : token.end] == token.text
            end = token.end
        rest = text[end:].strip()
        assert not rest or rest.startswith("#")


def test_escapes_that_are_no_characters_stay() -> None:
    assert decoded(r"\u0041\U00110000\u00G1") == r"A\U00110000\u00G1"


def test_the_shape_of_a_query() -> None:
    shape = Shape.of(
        "SELECT DISTINCT ?a (COUNT(?x) AS ?n) ((1 + ?y) AS ?m)"
        " WHERE { { SELECT ?a ?x { ?a ?p ?x } GROUP BY ?a ?x } } GROUP BY ?a ?y"
    )
    outer, inner = shape.selections
    assert (outer.variables, inner.variables) == (("a", "n", "m"), ("a", "x"))
    assert inner.inside == {"a", "x", "p"}
    assert shape.variables == {"a", "x", "n", "y", "m", "p"}
    assert (Shape.of("ASK { }").form, Shape.of("").form) == ("ASK", "")
    assert Shape.of("SELECT*{ ?s ?p ?o }").selections[0].everything


MODULES = ("binding", "catalogue", "guard", "running", "shape", "table", "tokens", "values")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"kg.queries.{name}"))
    assert results.attempted
    assert not results.failed


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("SELECTDISTINCT?x", "SELECT DISTINCT ?x"),
        ("selectReduced ?x", "select Reduced ?x"),
        ("ORDERBYDESC(?x)LIMIT10OFFSET5", "ORDER BY DESC ( ?x ) LIMIT 10 OFFSET 5"),
        ("GROUPBYSTR(?x)", "GROUP BY STR ( ?x )"),
        ("FILTERNOTEXISTS{", "FILTER NOT EXISTS {"),
        ("ASKFROMNAMED<http://e/>", "ASK FROM NAMED <http://e/>"),
        ("GROUP_CONCAT(?x)", "GROUP_CONCAT ( ?x )"),
        ("DESCRIBE ASC INSERT NOTHING", "DESCRIBE ASC INSERT NOTHING"),
        ("SERVICESELECT SELECTSERVICE", "SERVICESELECT SELECTSERVICE"),
    ],
)
def test_keywords_without_blanks_between_them_are_several(text: str, parts: str) -> None:
    scanned = list(tokens(text))
    assert [token.text for token in scanned] == parts.split()
    assert all(text[token.start : token.end] == token.text for token in scanned)
