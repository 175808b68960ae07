"""Help: every command in a line of its own, and examples that are what they say."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from kg.cli import app
from kg.cli.examples import EXAMPLES, SHORT
from kg.cli.options import Trust
from kg.queries import find

from .running import kg
from .test_commands import COMMANDS, EVERY

LINES = [line for examples in EXAMPLES.values() for _, line in examples]
# The words of `kg` in a line that a shell would run: without what is piped to it, and where it writes.
_OURS = re.compile(r"(?:.*\| |^)(kg [^|<>]*)|.*<\((kg [^)]*)\)")


def words_of(line: str) -> list[str]:
    """The words that `kg` gets in an example."""
    match = _OURS.match(line)
    assert match, line
    return shlex.split(match[1] or match[2])[1:]


def test_every_command_is_told_in_a_line_that_is_not_cut() -> None:
    groups = {name for name, command in COMMANDS.items() if hasattr(command, "commands")}
    for group in ("", *groups):
        out = kg(*group.split(), "--help").out
        assert "..." not in out.partition("Commands:")[2]
        assert max(map(len, out.splitlines())) <= 80
    assert set(SHORT) == set(EVERY) | groups


def test_every_command_has_examples_which_its_help_shows_whole() -> None:
    assert set(EXAMPLES) == {"", *COMMANDS, *EVERY}
    for name, examples in EXAMPLES.items():
        out = kg(*name.split(), "--help").out
        for what, line in examples:
            assert f"  {what}:\n    {line}" in out
            assert len(line) <= 76 and len(what) <= 76


@pytest.mark.parametrize("line", LINES)
def test_every_example_is_understood(line: str) -> None:
    """Read as the command line would read it, but not run: options, values and numbers of words are right."""
    command, words = typer.main.get_command(app), words_of(line)
    while commands := getattr(command, "commands", None):
        command, words = commands[words[0]], words[1:]
    with command.make_context(command.name, words) as made:
        assert made.command is command and "..." not in words


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        line
        for name, examples in EXAMPLES.items()
        for _, line in examples
        if name in {"codes-for", "show", "path", "search", "queries", "schema", "compare", "findings"}
        and not {"-", "--set-aside", "guide.pdf"} & {*words_of(line)}
    ]
    + ["kg query modifiers-for-code J3262", "kg query 'SELECT ?code { ?code bkg:identifiesDrug drug:tocilizumab }'"]
    + ["kg units J3262 --dose 480mg", "kg units Remicade --dose 350mg --package 100mg"],
)
def test_examples_that_ask_have_an_answer_in_the_bundled_graph(line: str, bundled_store: Path) -> None:
    ran = kg(*words_of(line), store=bundled_store)
    # Findings and contradictions are 1, and nothing is known of Medicare's articles without a release of them.
    assert ran.code == 0 or (ran.code == 1 and ran.out) or "--state" in line, ran.err


def test_an_example_names_a_question_that_there_is() -> None:
    names = [words_of(line)[1] for line in LINES if line.startswith(("kg query ", "kg queries "))]
    assert [find(name).name for name in names if re.fullmatch("[a-z-]+", name)]
    assert {words[at + 1] for words in map(words_of, LINES) for at, word in enumerate(words) if word == "--trust"} <= {
        *Trust
    }
