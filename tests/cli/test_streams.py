"""Standard input and output that are closed or full: one line and exit code 3, and never *not known*."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")


def ran(words: str, redirected: str, given: str = "") -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command in a shell that redirects its streams."""
    command = f"{sys.executable} -m kg {words} {redirected}"
    found = subprocess.run(["sh", "-c", command], input=given, capture_output=True, text=True, check=False)
    return found.returncode, found.stdout, found.stderr


@pytest.mark.parametrize("words", ["--version", "--help", "queries", "queries --format json", "query --help"])
@pytest.mark.parametrize(
    ("redirected", "why"), [(">/dev/full", "cannot be written (no space left on device)"), (">&-", "closed")]
)
def test_output_that_fails_is_not_no_such_thing(words: str, redirected: str, why: str) -> None:
    assert ran(words, redirected) == (3, "", f"kg: standard output: {why}\n")


def test_what_needs_no_output_needs_none(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text("J3262 is tocilizumab.\n")
    assert ran(f"extract {tmp_path}/none.md", ">&-")[0] == 3  # The document is what is missing.
    assert "none.md" in ran(f"extract {tmp_path}/none.md", ">&-")[2]


@pytest.mark.parametrize("words", ["check -", "query -", "extract -"])
def test_input_that_is_closed(words: str) -> None:
    assert ran(words, "<&-") == (3, "", "kg: standard input: closed\n")


def test_input_that_is_empty_or_no_text_is_told_as_such() -> None:
    assert ran("check -", "</dev/null") == (3, "", "kg: -: the document is empty\n")
    assert ran("query -", "</dev/zero | head -c 0") != (3, "", "kg: standard input: closed\n")


@pytest.mark.parametrize("redirected", ["2>&-", "2>/dev/full"])
def test_without_a_place_for_messages_the_answer_comes(redirected: str) -> None:
    code, out, _ = ran("--version", redirected)
    assert code == 0 and out.startswith("kg ")
