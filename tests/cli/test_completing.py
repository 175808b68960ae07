"""Completion: what may follow, in the protocol of the scripts and in the shells themselves."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import typer.main

from kg.cli import app
from kg.cli.values import VALUES, How, _beginnings

from .running import KG, NOWHERE, Ran, installed, kg

BUILT = ("--no-icd10cm", "--store")


def asked(*words: str, store: Path = NOWHERE) -> tuple[str, dict[str, str]]:
    """What may follow words, of which the last is being typed: how it is used, and the values with what they mean."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("_KG_COMPLETE", "zsh")
        ran = kg(*words, store=store)
    assert (ran.code, ran.err) == (0, "")
    head, *lines = ran.out.splitlines()
    return head.partition("\t")[0], {value: meaning for value, _, meaning in (line.partition("\t") for line in lines)}


def test_commands_and_options_with_what_they_do() -> None:
    how, commands = asked("re")
    assert how == "words"
    assert commands == {
        "remove": "Remove documents from the graph.",
        "reference": "The official releases that graphs are checked against.",
    }
    assert "show" in asked("")[1]
    assert [*asked("reference", "f")[1]] == ["fetch"]
    assert [*asked("show", "--tr")[1]] == ["--trust"]
    assert "--quiet" in asked("show", "-")[1]


def test_values_of_options() -> None:
    assert [*asked("show", "J3262", "--trust", "c")[1]] == ["corroborated", "consistent"]
    assert [*asked("show", "J3262", "--format=j")[1]] == ["--format=json", "--format=jsonl"]
    assert [*asked("show", "--color", "n")[1]] == ["never"]
    assert [*asked("search", "--kind", "mod")[1]] == ["modifier"]
    assert "acceptsModifier" in asked("export", "--relations", "acc")[1]
    assert asked("codes-for", "M06.9", "--limit", "")[1] == {}


@pytest.mark.parametrize(
    "words", [["check", ""], ["build", "--releases", ""], ["show", "--store", ""], ["query", "./q"]]
)
def test_files_are_left_to_the_shell(words: list[str]) -> None:
    assert asked(*words) == ("files", {})


def test_codes_and_names_come_from_the_index(store: Path) -> None:
    assert asked("show", "J326", store=store)[1]["J3262"] == "tocilizumab, 1 mg"
    assert "J3262" in asked("show", "j326", store=store)[1]
    assert asked("show", "hcpcs:J326", store=store)[1]["hcpcs:J3262"] == "tocilizumab, 1 mg"
    assert asked("show", "toci", store=store)[1]["tocilizumab"] == "drug"
    assert asked("units", "Remic", store=store)[1]["remicade"] == "infliximab"
    assert all(value.startswith("M") for value in asked("codes-for", "M", store=store)[1])
    assert "rheumatoid arthritis" in asked("codes-for", "rheumatoid ", store=store)[1]
    assert asked("codes-for", "J32", store=store)[1] == {}, "no diagnosis"
    assert asked("path", "J3262", "J01", store=store)[1]["J0129"]
    assert [*asked("codes-for", "M06.9", "--payer", "", store=store)[1]] == ["Medicare"]


def test_documents_questions_and_their_values(store: Path) -> None:
    assert {*asked("findings", "", store=store)[1]} == {"abatacept", "sheet", "tocilizumab"}
    assert asked("query", "modifiers-f")[1] == {"modifiers-for-code": "Which modifiers does a code take, and when?"}
    assert asked("query", "modifiers-for-code", "") == ("part", {"code=": "the billing code asked for"})
    assert "code=J3262" in asked("query", "modifiers-for-code", "code=J326", store=store)[1]
    assert "J3262" in asked("query", "modifiers-for-code", "J326", store=store)[1]
    assert asked("query", "modifiers-for-code", "code=J3262", "", store=store)[1] == {}
    assert "hcpcs" in asked("reference", "fetch", "nucc", "h")[1]
    assert "bundled-hcpcs" in asked("reference", "show", "bundled-h")[1]


def test_where_there_are_too_many_the_next_letters_come_and_no_value_is_lost(store: Path) -> None:
    how, values = asked("show", "J", store=store)
    assert how == "part" and {"J0", "J1", "J3"} <= {*values}
    assert all(len(value) == 2 for value in values)
    given = [f"J1{number:03}" for number in range(300)]
    how, parts = _beginnings("J", given)[::-1]
    assert how is How.PART
    assert all(any(value.startswith(part) for part, _ in parts) for value in given) and len(parts) > 1


@pytest.mark.parametrize(
    "words", [["show", "J3"], ["findings", ""], ["nonsense", ""], ["show", "--nonsense", ""], [], ["show", "\0"]]
)
def test_where_there_is_no_graph_or_no_such_command_nothing_follows_and_nothing_is_said(words: list[str]) -> None:
    assert asked(*words)[1] == {} or not words


def test_a_wrong_file_of_defaults_is_passed_over_in_silence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text("nonsense", "utf-8")
    monkeypatch.setenv("KG_CONFIG", str(tmp_path / "kg.toml"))
    assert "show" in asked("sh")[1]
    assert asked("reference", "remove", "b")[1] is not None


def test_every_value_is_of_a_parameter_that_there_is() -> None:
    def parameters(command: object, name: str = "") -> set[tuple[str, str]]:
        inner = getattr(command, "commands", {})
        own = {(name, parameter.name) for parameter in command.params}  # type: ignore[attr-defined]
        return own.union(*(parameters(each, f"{name} {called}".strip()) for called, each in inner.items()))

    every = parameters(typer.main.get_command(app))
    assert {key for key in VALUES if key[0]} <= every
    assert {name for command, name in VALUES if not command} <= {name for _, name in every}


HOSTILE = "$(touch owned) `touch owned` ; 'x\" & \\ é"


def test_what_is_shown_beside_a_value_moves_no_cursor(tmp_path: Path) -> None:
    from kg.graph.names import NameRow, write

    (tmp_path / "builds" / "1").mkdir(parents=True)
    (tmp_path / "current").write_text("1\n")
    write(tmp_path / "builds" / "1" / "names.sqlite", [NameRow("hcpcs", "J3264", "evil\x1b[31m\u202e\nname")])
    assert asked("show", "J32", store=tmp_path)[1] == {"J3264": "evil\ufffd[31m\ufffd name"}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph whose index has a name that a careless script would run."""
    from kg.graph.names import NameRow, write

    build = tmp_path_factory.mktemp("hostile") / "builds" / "1"
    build.mkdir(parents=True)
    (build.parent.parent / "current").write_text("1\n")
    rows = [("drug", "toci-x", f"toci {HOSTILE}"), ("hcpcs", "J3262", "tocilizumab, 1 mg"), ("hcpcs", "J3263", "other")]
    write(build / "names.sqlite", [NameRow(*row) for row in (*rows, ("drug", "tocii", "tocii\x1b[31m\nred"))])
    return build.parent.parent


def shell(*command: str, store: Path, cwd: Path) -> Ran:
    """Run a shell that knows `kg`."""
    path = f"{Path(KG).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, timeout=60, check=False,
        env={"PATH": path, "HOME": str(cwd), "KG_STORE": str(store), "KG_CONFIG": os.devnull, "TERM": "dumb"},
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, done.stderr)


def in_bash(line: str, store: Path, cwd: Path) -> list[str]:
    """What bash has to choose from for a line, without a terminal."""
    words = [word for word in re.split(r"([:=])|\s+", line.lstrip()) if word]
    if line.endswith(" "):
        words.append("")
    if '"' in line or "'" in line:  # An open quote makes one word of the rest.
        words = ["kg", "show", line.split(" ", 2)[2]]
    script = """source <(kg completion bash); COMP_LINE=$1 COMP_POINT=${#1}; shift; COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1)); _kg_complete kg; printf '%s\\n' "${COMPREPLY[@]}" """
    ran = shell("bash", "--norc", "-c", script, "bash", line, *words, store=store, cwd=cwd)
    assert ran.err == ""
    return ran.out.splitlines()


@pytest.mark.slow
def test_in_bash(store: Path, hostile: Path, tmp_path: Path) -> None:
    assert in_bash("kg sho", store, tmp_path) == ["show"]
    assert in_bash("kg show J3262 --format=ra", store, tmp_path) == ["raw-csv", "raw-tsv"]
    assert in_bash("kg show hcpcs:J326", hostile, tmp_path) == ["J3262", "J3263"]
    assert in_bash("kg show hcpcs:", hostile, tmp_path) == [""]
    assert in_bash("kg show J326", tmp_path / "none", tmp_path) == [""]
    assert not (tmp_path / "owned").exists()


@pytest.mark.slow
@pytest.mark.parametrize("line", ["kg show toc", 'kg show "toc', "kg show 'toc"])
def test_in_bash_what_is_chosen_is_one_word_and_no_command(line: str, hostile: Path, tmp_path: Path) -> None:
    """The reply, set in place of what was typed, gives the name itself when the shell reads it."""
    reply, *more = in_bash(line, hostile, tmp_path)
    assert not more
    quote = line[8] if line[8] in "\"'" else ""
    ran = shell("bash", "--norc", "-c", f"printf %s {quote}{reply}{quote}", store=hostile, cwd=tmp_path)
    assert (ran.out, ran.err) == (f"toci {HOSTILE}", "")
    assert [*tmp_path.iterdir()] == []


def typed(command: list[str], keys: list[tuple[str, str]], store: Path, cwd: Path) -> str:
    """What a shell on a terminal shows after keys are typed, each when what belongs to the one before is there."""
    child, master = pty.fork()
    if not child:
        os.chdir(cwd)
        path = f"{Path(KG).parent}:{os.environ['PATH']}"
        environment = {"PATH": path, "HOME": str(cwd), "KG_STORE": str(store), "KG_CONFIG": os.devnull, "TERM": "vt100"}
        os.execve(shutil.which(command[0]) or "", command, environment)
    shown, ends = "", time.monotonic() + 50
    try:
        for key, until in keys:
            os.write(master, key.encode())
            before = len(shown)
            while until not in shown[before:] and time.monotonic() < ends:
                if select.select([master], [], [], 0.2)[0]:
                    shown += os.read(master, 4096).decode(errors="replace")
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(master)
    return shown


@pytest.mark.slow
def test_at_the_prompt_of_bash(hostile: Path, tmp_path: Path) -> None:
    begin = "PS1='> '; source <(kg completion bash); echo re''ady\n"
    keys = [(begin, "ready\r\n"), ("kg show hcpcs:J32\t", "6"), ("\t", "\a"), ("\t", "J3263")]
    shown = typed(["bash", "--norc", "--noprofile", "-i"], keys, hostile, tmp_path)
    assert "J3262" in shown and "J3263" in shown and "kg show hcpcs:J32" in shown


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh (apt-get install zsh)")
def test_at_the_prompt_of_zsh(hostile: Path, tmp_path: Path) -> None:
    begin = "autoload -Uz compinit; compinit -u -D; source <(kg completion zsh); echo re''ady\n"
    keys = [(begin, "ready\r\n"), ("kg show j32\t", "6"), ("\t", "J3263")]
    shown = typed(["zsh", "-f", "-i"], keys, hostile, tmp_path)
    assert "tocilizumab, 1 mg" in shown and "J3263" in shown


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("fish"), reason="no fish (apt-get install fish)")
def test_in_fish(store: Path, hostile: Path, tmp_path: Path) -> None:
    def fish(line: str, at: Path) -> list[str]:
        script = 'kg completion fish | source; complete -C "$argv[1]"'
        return shell("fish", "--no-config", "-c", script, line, store=at, cwd=tmp_path).out.splitlines()

    assert fish("kg sho", store) == ["show\tWhat the graph holds on one code or other concept."]
    assert fish("kg show J326", hostile) == ["J3262\ttocilizumab, 1 mg", "J3263\tother"]
    assert fish("kg show J3262 --format=ra", hostile) == ["--format=raw-csv", "--format=raw-tsv"]
    assert any("touch owned" in line for line in fish("kg show toc", hostile))
    (tmp_path / "guide.md").write_text("")
    assert "guide.md" in fish("kg check gui", store)
    assert not (tmp_path / "owned").exists()


def test_an_unknown_shell_is_a_wrong_question() -> None:
    assert kg("completion", "tcsh").code == 2
    assert installed("completion", "fish").out.startswith("# Completion of kg for fish.")
