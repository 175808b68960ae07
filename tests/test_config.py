"""Where things are unless a command says it: the environment, else the nearest `kg.toml`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg import config, shelf
from kg.cli.options import Format, Trust
from kg.config import default
from kg.errors import UsageError
from kg.graph.decisions import file_of
from kg.graph.engines.address import address_of
from kg.graph.store import location
from kg.reference import folder


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A working directory within a repository, and an environment that names nothing."""
    for name in (*config.VARIABLES.values(), "KG_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "of-user"))
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    working = tmp_path / "repository" / "within" / "deep"
    working.mkdir(parents=True)
    monkeypatch.chdir(working)
    return working


def test_without_a_file_nothing_is_named() -> None:
    assert default("store") == default("releases") == ("", "")


def test_the_nearest_file_up_to_the_root_of_the_repository(here: Path) -> None:
    root = here.parents[1]
    (root.parent / "kg.toml").write_text('store = "outside"')
    assert default("store").value == ""
    (root / "kg.toml").write_text('# ours\nstore = "graph"\n')
    assert default("store") == (str(root / "graph"), f"{root / 'kg.toml'}:2")
    assert location() == root / "graph" and folder.location() != root
    (here / "kg.toml").write_text('releases = "/srv/releases"')
    assert folder.location() == Path("/srv/releases")
    assert default("store").value == "", "files are not merged"


def test_outside_of_repositories_only_the_working_directory_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "kg.toml").write_text('store = "graph"')
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path / "folder")
    assert default("store").value == ""
    monkeypatch.chdir(tmp_path)
    assert location() == tmp_path / "graph"


def test_commands_and_the_environment_win(here: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (here / "kg.toml").write_text('store = "graph"')
    assert location("given") == Path("given")
    other = tmp_path / "other.toml"
    other.write_text('store = "https://kg.example.org/sparql"')
    monkeypatch.setenv("KG_CONFIG", str(other))
    assert str(address_of()) == "https://kg.example.org/sparql"
    monkeypatch.setenv("KG_STORE", "environment")
    assert location() == Path("environment") and address_of() is None
    monkeypatch.delenv("KG_STORE")
    monkeypatch.setenv("KG_CONFIG", os.devnull)
    assert default("store").value == ""


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (
            '\nstroe = "graph"',
            2,
            "no such key: 'stroe'; did you mean 'store'? (one of decisions, format, ",
        ),
        ('store = "graph"\ntoken = "secret"', 2, "no such key: 'token'"),
        ('[serve]\nstore = "graph"', 1, "no such key: 'serve'"),
        ("store = 5", 1, "store is the name of a folder or an address, not 5"),
        ('releases = ""', 1, "releases is the name"),
        (
            '\n\ntrust = "consistant"',
            3,
            "no such trust: 'consistant'; did you mean 'consistent'? (one of ",
        ),
        ('format = "xml"', 1, "no such format: 'xml' (one of table, json, "),
        ("format = 5", 1, "no such format: 5 (one of"),
        ('decisions = "https://kg.example.org/"', 1, "decisions is the name of a file, not 'https://kg."),
        ('store = "a\\u0000b"', 1, "store is the name"),
        ('\nreleases = "~no-such-user/x"', 2, "~no-such-user/x: no home is known for the ~ in it"),
        ('\nstore = "ftp://h/sparql"', 2, "store: not the address of a SPARQL engine"),
        ('store = "https://me:secret@h/sparql"', 1, "store: an address has no password in it"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(here: Path, text: str, line: int, words: str) -> None:
    (here / "kg.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        address_of()
        folder.location()
    assert str(caught.value).startswith(f"{here / 'kg.toml'}:{line}: {words}")
    assert "secret" not in str(caught.value)


def test_what_the_file_of_a_project_leaves_open_that_of_the_user_says(here: Path, tmp_path: Path) -> None:
    own = tmp_path / "of-user" / "kg" / "kg.toml"
    own.parent.mkdir(parents=True)
    own.write_text('store = "mine"\ntrust = "consistent"\n')
    assert default("store") == (str(own.parent / "mine"), ""), "the user named it"
    (here / "kg.toml").write_text('store = "graph"')
    assert default("store") == (str(here / "graph"), f"{here / 'kg.toml'}:1")
    assert default("trust").value == "consistent"
    assert [file.path for file in config.in_force()] == [here / "kg.toml", own]


def test_the_file_of_the_user_is_under_home_and_counts_for_nothing_where_another_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    own = config.user_file()
    assert own == tmp_path / "home" / ".config" / "kg" / "kg.toml"
    own.parent.mkdir(parents=True)
    own.write_text('trust = "consistent"')
    assert default("trust").value == "consistent"
    monkeypatch.setenv("KG_CONFIG", os.devnull)
    assert default("trust").value == ""
    monkeypatch.delenv("KG_CONFIG")
    monkeypatch.setenv("KG_TRUST", "certain")
    with pytest.raises(UsageError, match="KG_TRUST: no such trust: 'certain'"):
        default("trust")
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("KG_TRUST")
    assert config.user_file() is None and default("trust").value == ""


def test_the_words_are_those_of_the_options() -> None:
    assert config.CHOICES["trust"] == tuple(Trust)
    assert config.CHOICES["format"] == tuple(Format)


@pytest.mark.parametrize("content", [b"store =", b"\xff", b"store = '" + b"a" * 70_000 + b"'", b"a = " + b"[" * 20_000])
def test_what_cannot_be_read_is_told(here: Path, content: bytes) -> None:
    (here / "kg.toml").write_bytes(content)
    with pytest.raises(UsageError, match=r"kg\.toml: (not TOML|not UTF-8|larger)"):
        default("store")


def test_a_file_that_was_named_has_to_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_CONFIG", "/nonexistent/kg.toml")
    with pytest.raises(UsageError, match=r"/nonexistent/kg\.toml: cannot be read \(no such file or directory\)"):
        default("store")


def test_a_file_of_somebody_else_is_used_only_where_it_is_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "kg.toml").write_text('store = "graph"')
    if os.geteuid() == 0:  # Files of root are taken from anybody.
        os.chown(here / "kg.toml", 1000, -1)
    owner = (here / "kg.toml").stat().st_uid
    monkeypatch.setattr(config.os, "geteuid", lambda: owner + 1)
    with pytest.raises(UsageError, match="belongs to somebody else"):
        default("store")
    monkeypatch.setenv("KG_CONFIG", "kg.toml")
    assert default("store").value == "graph"


def test_no_token_goes_where_only_a_file_says(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who copies a folder has not said that its engine may have the token."""
    pytest.importorskip("httpx")
    from kg.graph.engines.credentials import credentials

    (here / "kg.toml").write_text('store = "https://kg.example.org/sparql"')
    found = address_of()
    assert found is not None and credentials(found) is None
    monkeypatch.setenv("KG_ENGINE_TOKEN", "secret")
    with pytest.raises(UsageError, match=r"kg\.toml:1: KG_ENGINE_TOKEN .* set KG_STORE=https") as caught:
        credentials(found)
    assert "secret" not in str(caught.value)
    monkeypatch.setenv("KG_CONFIG", str(here / "kg.toml"))
    named = address_of()
    assert named is not None and credentials(named) is not None


@pytest.mark.parametrize("variable", ["KG_STORE", "KG_RELEASES", "KG_DECISIONS", "KG_CACHE", "KG_CONFIG"])
def test_a_home_of_nobody_is_told(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "~no-such-user/there")
    file_of.cache_clear()
    with pytest.raises(UsageError, match="~no-such-user/there: no home is known for the ~ in it"):
        (location(), folder.location(), shelf.location(), file_of(Path("graph")))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("KG_CONFIG", str(tmp_path / "pipe"))
    with pytest.raises(UsageError, match="pipe: a pipe, not a file"):
        default("store")


def test_folders_that_cannot_be_looked_into_hold_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the home of another user has it, whose name `sudo` leaves in the environment; root gets into all others."""
    monkeypatch.setenv("XDG_CONFIG_HOME", f"/{'n' * 300}")
    assert default("store").value == ""
