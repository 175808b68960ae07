"""The start page."""

from __future__ import annotations

import httpx

from .conftest import Show, links, words


def test_it_says_what_the_graph_holds_and_what_does_not_hold_up(show: Show) -> None:
    page = show("/")
    figures = words(page.find_class("figures")[1])
    assert figures.startswith("3 documents")
    assert links(page)["1 finding"] == "/findings?verdict=refuted"


def test_it_leads_to_all_pages_and_so_does_every_other(show: Show) -> None:
    every = {"/search", "/findings", "/check", "/query", "/about"}
    start = {link.get("href") for link in show("/").iter("a")}
    assert every <= start
    assert every <= {link.get("href") for link in show("/search").iter("a")}


def test_it_searches(show: Show) -> None:
    (form,) = show("/").forms
    assert (form.action, form.method, list(form.fields)) == ("/search", "GET", ["q"])


def test_it_takes_no_parameters(client: httpx.Client) -> None:
    assert client.get("/?q=1").status_code == 400
