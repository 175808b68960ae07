"""Where the links of a site lead: each to a file of it and a place in that file; nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

_LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


def broken(site: Path) -> Iterator[str]:
    """A line for each link of a site that leads nowhere, and for each file that a page would load from elsewhere.

    What only links to other sites is not tried: the site is checked without a network.
    """
    site = site.resolve()
    pages = {page: LexborHTMLParser(page.read_bytes()) for page in sorted(site.rglob("*.html"))}
    places = {page: _places(tree) for page, tree in pages.items()}
    for page, tree in pages.items():
        for tag, link in _links(tree):
            if problem := _problem(site, page, places, tag, link):
                yield f"{page.relative_to(site)}: {link}: {problem}"


def _links(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for tag, attribute in {"a": "href", **_LOADED}.items():
        for node in tree.css(tag):
            if (link := node.attributes.get(attribute)) is not None:
                yield tag, link


def _places(tree: LexborHTMLParser) -> set[str]:
    return {node.attributes["id"] or "" for node in tree.css("[id]")}


def _problem(site: Path, page: Path, places: dict[Path, set[str]], tag: str, link: str) -> str:
    """What is wrong with a link, nothing where it leads somewhere."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return "is loaded from elsewhere" if tag in _LOADED and parts.scheme != "data" else ""
    file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not file.is_relative_to(site) or not file.is_file():
        return "no such file"
    place = unquote(parts.fragment)
    return f"no such place: {place!r}" if place and file in places and place not in places[file] else ""
