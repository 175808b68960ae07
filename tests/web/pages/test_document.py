"""The page of a document."""

from __future__ import annotations

import re

from kg.service.answers import Current
from kg.web.pages.document import document

from ..conftest import GUIDES, HOSTILE
from .conftest import Show, links, words


def text_of(page: object) -> str:
    """The text that a page shows, without numbers and notes."""
    shown = [line.find_class("words")[0] for line in page.find_class("line")]  # type: ignore[attr-defined]
    for line in shown:
        for extra in [*line.find_class("ref"), *line.find_class("at")]:
            extra.drop_tree()
    return "\n".join(line.text_content() for line in shown)


def test_the_whole_text_is_there_as_text(show: Show) -> None:
    page = show("/document/tocilizumab")
    assert text_of(page) == GUIDES["tocilizumab.txt"]
    assert HOSTILE in page.get_element_by_id("text").text_content()


def test_spans_are_marked_by_verdict_and_lead_to_concepts_and_back(show: Show) -> None:
    page = show("/document/tezepelumab")
    (mark,) = page.xpath("//div[@class='text']//mark[@class='refuted']")
    assert words(mark) == "J3032 identifies tezepelumab-ekko (Tezspire), billed per 1 mg."
    line = mark.xpath("ancestor::div[contains(@class, 'line')]")[0]
    (ref, *_) = line.find_class("ref")
    note = page.get_element_by_id(ref.get("href").removeprefix("#"))
    assert "✗ refuted J3032 identifies drug tezepelumab-ekko" in words(note)
    assert links(note)["tezepelumab-ekko"] == "/drug/tezepelumab-ekko"
    place = page.get_element_by_id(note.find_class("number")[0].get("href").removeprefix("#"))
    assert place.getnext() is mark
    concept = show("/code/hcpcs/J3032")
    source = concept.xpath(f"//a[contains(@href, '#{place.get('id')}')]/@href")[0]
    path, _, anchor = source.partition("#")
    assert show(path).get_element_by_id(anchor).getnext().text == mark.text


def test_what_speaks_against_it_is_told_once(show: Show) -> None:
    page = show("/document/tezepelumab")
    assert [words(one) for one in page.xpath("//h2")] == ["What speaks against it 1", "What it states"]


def test_what_was_left_over_has_its_reason(show: Show) -> None:
    page = show("/document/tezepelumab")
    assert "left over: heading" in words(page)
    assert re.search(r"left over \d", words(page.find_class("legend")[0]))


def test_a_document_that_is_not_there(show: Show) -> None:
    assert "no document in the graph is called 'nosuch'" in words(show("/document/nosuch", 404))
    assert "not a number from 0" in words(show("/document/tocilizumab?at=-1", 400))


def test_without_its_text_what_it_states_is_shown(store: object, monkeypatch: object) -> None:
    monkeypatch.setattr("kg.web.pages.document.kept_text", lambda *_: None)  # type: ignore[attr-defined]
    reply = document(Current(store, print), "tezepelumab", at=0, part=0, as_of=None)  # type: ignore[arg-type]
    assert reply.status == 200
    assert "before texts were kept" in reply.body.decode()
    assert "J3032 identifies tezepelumab-ekko (Tezspire), billed per 1 mg." in reply.body.decode()
