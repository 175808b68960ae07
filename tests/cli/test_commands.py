"""Every command has help, and stands in the docs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from kg.cli import app

from .running import kg

DOCS = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def test_kg_alone_lists_its_commands() -> None:
    ran = kg("--help")
    assert (ran.code, ran.err) == (0, "")
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\S", ran.out, re.MULTILINE), name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    for parameter in command.params:
        assert parameter.help or parameter.name == "help", parameter.name
    ran = kg(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: kg {name} ")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_stands_in_the_docs(name: str) -> None:
    heading = f"### kg {name}\n"
    assert heading in DOCS
    section = DOCS.split(heading)[1].split("\n### ")[0]
    assert f"`kg {name}" in section
    shared = {"--format", "--store", "--trust", "--help", "--jobs"}
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts if option.startswith("--")}
    assert not {option for option in options - shared if option not in section}


def test_the_docs_name_no_command_that_does_not_exist() -> None:
    assert set(re.findall(r"^### kg (\S+)$", DOCS, re.MULTILINE)) == set(COMMANDS)
    assert set(re.findall(r"`kg ([a-z-]+)", DOCS)) <= set(COMMANDS)
