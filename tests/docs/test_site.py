"""What the site is made of: every command, class and name stands on it, and a link that leads nowhere is told.

That Sphinx makes it without a warning is tried by `.ci/run`, which has what it needs.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import OWL

import kg
from docs.site import commands, model, ontology
from docs.site.links import broken
from tests.docs.test_docs import COMMANDS
from tests.docs.test_docs import commands as of_group

DOCS = Path(__file__).parents[2] / "docs"


def test_every_command_has_a_section_with_its_options() -> None:
    text = "\n".join(commands.lines())
    for typed in (typed for name in COMMANDS for typed in of_group(name)):
        assert f"\n## kg {typed}\n" in f"\n{text}".replace("###", "##")
        assert f"\nUsage: kg {typed} [OPTIONS]" in text


def test_every_class_and_property_of_the_ontology_is_told_once() -> None:
    text = "\n".join([*ontology.classes(), *ontology.properties()])
    for one in ontology.of(OWL.Class):
        assert len(re.findall(rf"^### {ontology.name(one)}$", text, re.MULTILINE)) == 1
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for one in ontology.of(kind):
            assert len(re.findall(rf"^\| `bkg:{ontology.name(one)}` \|", text, re.MULTILINE)) == 1


@pytest.mark.parametrize(
    ("of_concepts", "drawn", "left_out"),
    [(True, ["supportedByDiagnosis", "containsDrug", "codeFirst"], ["opposedBy"]), (False, ["opposedBy"], ["addOnTo"])],
)
def test_the_pictures_show_concepts_apart_from_what_is_said_of_them(
    of_concepts: bool, drawn: list[str], left_out: list[str]
) -> None:
    picture = model.picture(of_concepts)
    assert all(f">{name}<" in picture for name in drawn)
    assert not any(f">{name}<" in picture for name in left_out)


def test_every_property_between_classes_stands_in_one_of_the_pictures() -> None:
    pictures = model.picture(True) + model.picture(False)
    assert all(pictures.count(f">{ontology.name(one)}<title>") == 1 for one in ontology.of(OWL.ObjectProperty))


def test_every_public_name_stands_on_the_page_of_the_api() -> None:
    page = (DOCS / "api.md").read_text("utf-8")
    told = set(re.findall(r"^\.\. auto(?:function|class):: kg\.(\w+)$", page, re.MULTILINE))
    assert told == set(kg.__all__) - {"KgError", "FilePath"}
    assert ".. automodule:: kg.errors" in page


def test_the_note_of_the_first_page_gets_the_finding_that_is_told_of_it() -> None:
    page = (DOCS / "start" / "check.md").read_text("utf-8")
    note = page.split("```text\n")[1].split("```")[0]
    [checked] = kg.check("note.md", data=note.encode())
    assert [(found.concept.key, found.suggestion and found.suggestion.key) for found in checked.findings] == [
        ("J0517", "J2182")
    ]


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("<a href='there.html'>", []),
        ("<a href='there.html#place'>", []),
        ("<a href='https://example.org/'>", []),
        ("<h1 id='here'></h1><a href='#here'>", []),
        ("<a href='gone.html'>", ["gone.html: no such file"]),
        ("<a href='../outside.html'>", ["../outside.html: no such file"]),
        ("<a href='there.html#gone'>", ["there.html#gone: no such place: 'gone'"]),
        ("<script src='https://example.org/a.js'>", ["https://example.org/a.js: is loaded from elsewhere"]),
        ("<link rel='stylesheet' href='//example.org/a.css'>", ["//example.org/a.css: is loaded from elsewhere"]),
    ],
)
def test_a_link_that_leads_nowhere_is_told_with_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, told: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    site = Path("site")
    site.mkdir()
    Path("outside.html").write_text("")
    (site / "there.html").write_text("<p id='place'></p>")
    (site / "page.html").write_text(page)
    assert list(broken(site)) == [f"page.html: {line}" for line in told]
