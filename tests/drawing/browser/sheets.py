"""Reads the SVG that a page exports."""

from __future__ import annotations

from typing import NamedTuple
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"


class Words(NamedTuple):
    """One piece of text: where it begins, on its middle line."""

    x: float
    y: float
    size: float
    text: str


class Sheet:
    """An exported SVG: its title, the words around the picture, and those in it, by the places of the picture."""

    def __init__(self, svg: str | bytes) -> None:
        self.root = ElementTree.fromstring(svg)
        self.title = self.root.findtext(f"{_SVG}title")
        (self._picture,) = self.root.findall(f"{_SVG}g")
        self.frame = [str(each.text) for each in self.root.findall(f"{_SVG}text")]
        self.words = [
            Words(float(each.get("x", "")), float(each.get("y", "")), float(each.get("font-size", "")), str(each.text))
            for each in self._picture.findall(f"{_SVG}text")
        ]
        self.lines = self._picture.findall(f"{_SVG}path")

    @property
    def text(self) -> str:
        """All words of the picture."""
        return " ".join(each.text for each in self.words).replace("\xa0", " ")

    def within(self, box: list[float]) -> str:
        """What stands in a box of the picture, read from left to right and from top to bottom."""
        left, top, right, bottom = box
        found = [each for each in self.words if left - 1 <= each.x <= right and top <= each.y <= bottom]
        in_order = sorted(found, key=lambda each: (round(each.y), each.x))
        return " ".join(each.text for each in in_order).replace("\xa0", " ")
