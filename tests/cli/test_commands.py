"""Every command has help, and stands in the docs; a group of commands has one section for all of them."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer.main

from kg.cli import _call, app
from kg.cli.commands import SHARED

from .running import kg

DOCS = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
# With their groups: "reference add".
EVERY = {
    f"{name} {inner}" if inner else name: command
    for name, outer in COMMANDS.items()
    for inner, command in (getattr(outer, "commands", None) or {"": outer}).items()
}


def test_kg_alone_lists_its_commands() -> None:
    ran = kg("--help")
    assert (ran.code, ran.err) == (0, "")
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\S", ran.out, re.MULTILINE), name


def test_the_version_is_that_of_the_package_however_kg_is_called() -> None:
    ran = kg("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"kg {version('billing-kg')}\n", "")
    called = subprocess.run([sys.executable, "-m", "kg", "--version"], capture_output=True, text=True, check=True)
    assert called.stdout == ran.out


@pytest.mark.parametrize("name", {**COMMANDS, **EVERY})
def test_every_command_says_what_it_does(name: str) -> None:
    command = {**COMMANDS, **EVERY}[name]
    assert command.help
    for parameter in command.params:
        assert parameter.help or parameter.name == "help", parameter.name
    ran = kg(*name.split(), "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: kg {name} ")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_made_alone_is_the_one_among_all(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    options = ("--help", "--nonsense")
    alone = [kg(name, option) for option in options]
    monkeypatch.setattr("kg.cli._run", lambda words: _call(app, words, "kg"))
    assert alone == [kg(name, option) for option in options]


def test_every_command_is_watched_but_those_that_read_a_page_of_ours_and_two_that_end_by_themselves() -> None:
    groups = [app, *(group.typer_instance for group in app.registered_groups)]
    callbacks = [command.callback for group in groups if group for command in group.registered_commands]
    assert len(callbacks) == len(EVERY)
    assert {each.__name__ for each in callbacks if each and not hasattr(each, "__wrapped__")} == {
        "completion",
        "man",
        "mcp",
        "queries",
        "schema",
        "serve",
    }


@pytest.mark.parametrize("name", EVERY)
def test_every_command_and_option_stands_in_the_docs(name: str) -> None:
    heading = f"### kg {name.split()[0]}\n"
    assert heading in DOCS
    section = DOCS.split(heading)[1].split("\n### ")[0]
    assert f"`kg {name}" in section
    shared = {"--format", "--store", "--trust", "--help", "--jobs", "--as-of", "--timeout", "--memory", *SHARED}
    options = {option for parameter in EVERY[name].params for option in parameter.opts if option.startswith("--")}
    assert not {option for option in options - shared if option not in section}


def test_the_docs_name_no_command_that_does_not_exist() -> None:
    assert set(re.findall(r"^### kg (\S+)$", DOCS, re.MULTILINE)) == set(COMMANDS)
    assert set(re.findall(r"`kg ([a-z-]+)", DOCS)) <= set(COMMANDS)
    groups = {name for name in COMMANDS if name not in EVERY}
    for group in groups:
        assert {f"{group} {inner}" for inner in re.findall(rf"`kg {group} ([a-z-]+)", DOCS)} <= set(EVERY)


def _line(*words: str) -> str:
    """What is said, in one line, of words that no command takes."""
    ran = kg(*words)
    assert (ran.code, ran.out) == (2, ""), words
    (line,) = ran.err.splitlines()
    return line


def _arguments(command: Any) -> list[Any]:
    return [param for param in command.params if param.param_type_name == "argument"]


@pytest.mark.parametrize("name", {**COMMANDS, **EVERY})
def test_a_mistyped_option_is_one_line(name: str) -> None:
    assert re.fullmatch(
        rf"kg: no such option: --nonsense( \(near: .*\))?; see 'kg {name} --help'", _line(*name.split(), "--nonsense")
    )


@pytest.mark.parametrize("name", [name for name, one in EVERY.items() if any(a.required for a in _arguments(one))])
def test_a_missing_argument_is_one_line(name: str) -> None:
    assert re.fullmatch(rf"kg: missing argument '.*; see 'kg {name} --help'", _line(*name.split()))


CHOICES = [
    (name, param.opts[0])
    for name, command in EVERY.items()
    for param in command.params
    if getattr(param.type, "choices", ()) and param.param_type_name == "option"
]


@pytest.mark.parametrize(("name", "option"), CHOICES)
def test_a_wrong_value_is_one_line(name: str, option: str) -> None:
    words = [*name.split(), *("x" for argument in _arguments(EVERY[name]) if argument.required)]
    line = _line(*words, option, "nonsense")
    assert line.startswith(f"kg: invalid value for '{option}'"), line
    assert "'nonsense' is not one of " in line and line.endswith(f"; see 'kg {name} --help'")


def test_other_words_are_one_line() -> None:
    assert _line("nonsense") == "kg: no such command 'nonsense'; see 'kg --help'"
    assert _line("reference", "nonsense") == "kg: no such command 'nonsense'; see 'kg reference --help'"
    assert _line("units", "J3262", "--dose") == "kg: option '--dose' requires an argument; see 'kg units --help'"
    assert _line("check", "a.md", "--cods").startswith("kg: no such option: --cods (near: --codes, ")
    assert _line("check", "--no\x1b[31m\nthing").isprintable()


@pytest.mark.parametrize("words", [(), ("reference",)])
def test_a_group_alone_shows_its_help(words: tuple[str, ...]) -> None:
    ran = kg(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"Usage: {' '.join(('kg', *words))} ") and "Examples:" in ran.err
