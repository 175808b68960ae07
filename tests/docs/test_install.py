"""What docs/install.md says of extras, and what the container file copies, is what there is."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

from kg.config import VARIABLES
from kg.doctor.installation import EXTRAS

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
INSTALL = (ROOT / "docs" / "install.md").read_text("utf-8")


def instructions() -> list[tuple[str, str]]:
    """The instructions of the container file, with what stands behind them; lines that go on are joined."""
    text = (ROOT / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    lines = (line.strip() for line in text.splitlines())
    return [
        (word, " ".join(rest.split()))
        for word, _, rest in (line.partition(" ") for line in lines)
        if word[:1] not in ("", "#")
    ]


def test_the_extras_are_those_of_the_project() -> None:
    extras = {*PROJECT["project"]["optional-dependencies"]}
    assert {*re.findall(r"(?:^\| |, )`(\w+)`(?= \||,)", INSTALL, re.MULTILINE)} == extras == {*EXTRAS, "all"}
    (whole,) = PROJECT["project"]["optional-dependencies"]["all"]
    assert {*re.findall(r"\w+", whole.partition("[")[2])} == {*EXTRAS}


def test_the_oldest_python_is_that_of_the_project() -> None:
    assert f"Python {PROJECT['project']['requires-python'].removeprefix('>=')} or newer" in INSTALL


def test_what_the_container_file_copies_is_there_and_is_all_that_the_wheel_is_made_of() -> None:
    copied = {
        path for word, rest in instructions() if word == "COPY" and "--from" not in rest for path in rest.split()[:-1]
    }
    rules = [line for line in (ROOT / ".containerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]
    for path in copied:
        assert (ROOT / path).exists()
        assert [rule for rule in rules if fnmatch(path, rule.lstrip("!"))][-1] == f"!{path}", (
            "what is ignored is not sent"
        )
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {"pyproject.toml", PROJECT["project"]["readme"], *PROJECT["project"]["license-files"]}
    assert copied == needed | {*wheel["packages"], *wheel["force-include"]}


def test_the_container_file_has_no_secret_runs_as_nobody_and_names_its_base() -> None:
    by_word: dict[str, list[str]] = {}
    for word, rest in instructions():
        by_word.setdefault(word, []).append(rest)
    assert {*by_word} <= {
        "ARG",
        "FROM",
        "COPY",
        "RUN",
        "ENV",
        "VOLUME",
        "WORKDIR",
        "USER",
        "EXPOSE",
        "ENTRYPOINT",
        "CMD",
    }
    assert by_word["USER"] == ["1000:1000"] and by_word["ENTRYPOINT"] == ['["kg"]']
    assert re.fullmatch(r"BASE=docker\.io/library/python:3\.\d+-slim", by_word["ARG"][0])
    assert all(rest.startswith("${BASE}") for rest in by_word["FROM"])
    named = {*re.findall(r"(KG_\w+)=", " ".join(by_word["ENV"]))}
    assert named == {VARIABLES["store"], VARIABLES["releases"], "KG_CACHE"}
    assert not re.search(r"https?://|token|password", " ".join(rest for _, rest in instructions()), re.IGNORECASE)
