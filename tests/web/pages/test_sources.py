"""The page of releases and documents."""

from __future__ import annotations

from .conftest import Show, links, words


def test_documents_lead_to_their_texts(show: Show) -> None:
    page = show("/about")
    documents, releases = page.find_class("matches")
    assert links(documents)["HCPCS Code J3032"] == "/document/tezepelumab"
    assert [words(one.find_class("kind")[0]) for one in documents] == [
        "abatacept.txt",
        "tezepelumab.txt",
        "tocilizumab.txt",
    ]
    assert "HCPCS Level II complete: what it does not have is no code" in " ".join(map(words, releases))


def test_releases_have_their_places(show: Show) -> None:
    release = next(one for one in links(show("/code/hcpcs/J3032")).values() if one.startswith("/about#"))
    assert show("/about").get_element_by_id(release.removeprefix("/about#")) is not None


def test_words_choose_documents(show: Show) -> None:
    assert len(show("/about", q="J3032").find_class("matches")[0]) == 1
    assert "No document is called so." in words(show("/about", q="nosuch"))
