"""The manual page: all that help says, in roff without a mistake."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from kg import errors
from kg.cli.examples import EXAMPLES
from kg.cli.manual import EXIT_CODES

from .running import kg
from .test_commands import EVERY


def formatted(page: str, *options: str) -> subprocess.CompletedProcess[str]:
    if not shutil.which("groff"):
        pytest.skip("no groff (apt-get install groff-base)")
    command = ["groff", "-ww", "-man", "-Tutf8", "-rLL=200n", *options]
    return subprocess.run(command, input=page, capture_output=True, text=True, check=True, encoding="utf-8")


@pytest.fixture(scope="module")
def page() -> str:
    ran = kg("man")
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def test_it_has_every_command_option_and_example(page: str) -> None:
    for name, command in EVERY.items():
        section = page.partition(f"\n.SS kg {name}".replace("-", r"\-"))[2].partition("\n.SS ")[0]
        assert section, name
        for option in (option for parameter in command.params for option in parameter.opts if option[0] == "-"):
            assert option.replace("-", r"\-") in section
        for _, line in EXAMPLES[name]:
            assert line.replace("\\", r"\e").replace("-", r"\-") in section


def test_it_tells_all_exit_codes(page: str) -> None:
    classes = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.KgError)]
    assert {0, *(each.exit_code for each in classes)} == set(EXIT_CODES)
    assert ".SH EXIT STATUS" in page and "KG_STORE" in page and "~/.config/kg/kg.toml" in page


def test_roff_finds_nothing_to_warn_of_and_words_come_out_as_they_are(page: str) -> None:
    done = formatted(page, "-P-cbou")
    assert done.stderr == ""
    for words in ("kg codes-for - --format csv < diagnoses.txt", "tables are", "'SELECT ?code { ?code bkg:"):
        assert words in done.stdout


def test_man_shows_it(page: str, tmp_path: Path) -> None:
    if not shutil.which("man"):
        pytest.skip("no man (apt-get install man-db)")
    (tmp_path / "kg.1").write_text(page, "utf-8")
    done = subprocess.run(
        ["man", "--warnings", "./kg.1"], capture_output=True, text=True, check=True, cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "80"},
    )  # fmt: skip
    assert done.stderr == ""
    assert "KG(1)" in done.stdout and "kg codes-for" in done.stdout
