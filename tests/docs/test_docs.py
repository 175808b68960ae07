"""What is written about the commands is true of them, and every link of ours leads somewhere."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from kg.cli import app

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "decisions").rglob("*.md"),
        ROOT / "data" / "README.md",
    ]
)
README = (ROOT / "README.md").read_text("utf-8")
CLI = (ROOT / "docs" / "cli.md").read_text("utf-8")
COMMANDS: dict[str, Any] = dict(typer.main.get_command(app).commands)


def commands(name: str) -> dict[str, Any]:
    """The commands of a section by what is typed: the command itself, or those of a group."""
    inside = getattr(COMMANDS[name], "commands", None)
    return {f"{name} {inner}": command for inner, command in inside.items()} if inside else {name: COMMANDS[name]}


def options(*commands: Any) -> set[str]:
    """The options of commands in all their spellings."""
    names = {name for command in commands for p in command.params for name in (*p.opts, *p.secondary_opts)}
    return {name for name in names if name.startswith("-")}


# What every command that has it shares, described once at the head of the page.
SHARED = {"--help", "--timeout", "--memory"}


def section(command: str) -> str:
    """What docs/cli.md says of one command."""
    found = re.search(rf"^### kg {re.escape(command)}$(.*?)(?=^##|\Z)", CLI, re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md has no section on kg {command}"
    return found[1]


def examples(page: Path) -> Iterator[str]:
    """The commands in the fenced examples of a page that begin with kg."""
    for block in re.findall(r"^```(?:console|bash)\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            command = line.removeprefix("$ ")
            if command.startswith("kg "):
                yield command


EXAMPLES = sorted({(page.name, command) for page in PAGES for command in examples(page)})


def test_the_two_commands_stand_in_one_block() -> None:
    assert "```bash\npip install uv && uv run kg tour\nuv run pytest\n```" in README
    assert README.count("pip install uv && uv run kg tour") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_described_with_all_its_options(command: str) -> None:
    text = section(command)
    for typed, found in commands(command).items():
        assert f"`kg {typed}" in text
        for option in options(found) - SHARED:
            assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", text), f"kg {typed} {option}"


@pytest.mark.parametrize("command", COMMANDS)
def test_no_option_is_described_that_is_not_there(command: str) -> None:
    rows = re.findall(r"^\| `([^`]+)`", section(command), re.MULTILINE)
    listed = re.findall(r"^Options?: (.*)$", section(command), re.MULTILINE)
    described = set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", " ".join([*rows, *listed])))
    assert described <= options(*commands(command).values())


def test_no_command_is_described_that_is_not_there() -> None:
    assert set(re.findall(r"^### kg (\S+)$", CLI, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize(("page", "command"), EXAMPLES)
def test_examples_name_commands_and_options_that_are_there(page: str, command: str) -> None:
    words = command_words(command)
    assert words[1] in COMMANDS, f"{page}: {command}"
    known = commands(words[1])
    typed = words[1] if words[1] in known else " ".join(words[1:3])
    assert typed in known, f"{page}: {command}"
    rest = words[1 + len(typed.split()) :]
    assert {word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)} <= options(known[typed])
    shown = CliRunner().invoke(app, [*typed.split(), "--help"])
    assert shown.exit_code == 0, shown.output


def command_words(command: str) -> list[str]:
    """The words of a command, up to a pipe; a quoted query may go on in the lines below, which hold no options."""
    try:
        words = shlex.split(command)
    except ValueError:
        words = shlex.split(f"{command}'")
    return words[: words.index("|")] if "|" in words else words


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor and file.suffix == ".md":
            assert anchor in anchors(file), f"{page.name}: {target}"


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in links."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_python_examples_compile() -> None:
    for page in PAGES:
        for block in re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            if ">>> " not in block:
                compile(block, page.name, "exec")
