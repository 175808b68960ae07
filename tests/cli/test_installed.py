"""The command as people run it: streams, exit codes, and nothing but one line where something is wrong."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from .running import KG, installed

GUIDE = "# HCPCS Code J3262\n\nAppend modifier JW for waste — 💉.\n"


def test_help_goes_to_standard_output() -> None:
    ran = installed("--help")
    assert (ran.code, ran.err) == (0, "")
    assert "not billing or medical advice" in " ".join(ran.out.split())


def test_without_words_it_shows_its_help_and_ends_with_2() -> None:
    assert installed().code == 2


def test_the_exit_codes(store: Path, tmp_path: Path) -> None:
    assert installed("show", "J3262", store=store).code == 0
    assert installed("show", "J9998", store=store).code == 1
    assert installed("show", "hcpcs:XYZ", store=store).code == 2
    assert installed("show", "J3262", store=tmp_path / "none").code == 3


def test_an_error_is_one_line_on_standard_error(store: Path, tmp_path: Path) -> None:
    assert installed("show", "hcpcs:XYZ", store=store).error == "kg: not a HCPCS Level II code: 'XYZ'"
    assert installed("extract", tmp_path / "none.md").error == f"kg: {tmp_path}/none.md: no such file or folder"


def test_a_guide_may_come_from_standard_input() -> None:
    ran = installed("extract", "-", "--format", "jsonl", given=GUIDE)
    assert (ran.code, ran.err) == (0, "")
    assert '"object": "modifier:JW"' in ran.out
    assert installed("extract", "-", "--text", given=GUIDE).out == GUIDE


def test_answers_are_utf_8_whatever_the_machine_is_set_to(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(GUIDE, "utf-8")
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON"))}
    done = subprocess.run(
        [KG, "extract", str(tmp_path / "guide.md"), "--format", "jsonl"],
        env={**plain, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert "for waste — 💉" in done.stdout.decode("utf-8")


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = subprocess.run(
        [
            "bash",
            "-c",
            f"set -o pipefail; '{KG}' queries --format jsonl | head -c 1 > /dev/null; exit ${{PIPESTATUS[0]}}",
        ],
        capture_output=True,
        check=False,
    )
    assert done.stderr == b""
    assert done.returncode in (0, 141)


def test_an_export_can_be_appended(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "graph.nq"
    target.write_text("first\n", "utf-8")
    with target.open("ab") as out:
        subprocess.run([KG, "export", "--store", store], stdout=out, check=True)
    assert target.read_text("utf-8").startswith("first\n<")
