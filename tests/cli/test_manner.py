"""How commands speak: quiet, with details, in colours, as wide as there is room; and defaults from `kg.toml`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from kg.cli.manner import MANNER, Color, Manner, width
from kg.cli.output import progress, table

from .running import installed, kg

LONG = "J9999 Injection, " + "a very long descriptor of something that is infused, " * 4


def test_quiet_leaves_what_went_wrong_and_says_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text("# HCPCS Code J3262\n\nAppend modifier JW.\n", "utf-8")
    build = ("build", tmp_path / "guide.md", "--no-icd10cm", "--store", tmp_path / "graph")
    assert kg(*build).err.startswith("built ")
    assert kg(*build, "--quiet").err == ""
    assert kg("--quiet", *build, "--as-of", "never").error.startswith("kg: ")
    (tmp_path / "empty.pdf").write_bytes(b"%PDF-")
    ran = kg("check", "-q", tmp_path / "guide.md", tmp_path / "empty.pdf")
    assert "left out" in ran.err and ran.code == 1


@pytest.mark.parametrize("before", [True, False])
def test_verbose_says_the_steps_and_what_is_worked_on(store: Path, tmp_path: Path, before: bool) -> None:
    words = ["show", "J3262", "--store", store]
    ran = kg(*(["--verbose", *words] if before else [*words, "-v"]))
    graph, took = ran.err.splitlines()
    assert graph == f"graph: {store}"
    assert took.startswith("kg show: ") and " s, " in took and took.endswith(" MB")
    assert ran.out == kg(*words).out


def test_verbose_says_how_long_each_step_of_a_build_took(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text("# HCPCS Code J3262\n\nAppend modifier JW.\n", "utf-8")
    ran = kg("build", tmp_path / "guide.md", "--no-icd10cm", "--store", tmp_path / "graph", "-v")
    steps = [line.partition(":")[0] for line in ran.err.splitlines()]
    assert "reading documents (1)" in steps and "reading the releases" in steps
    assert len(steps) == len({*steps})


def test_quiet_and_verbose_contradict_each_other() -> None:
    ran = kg("-q", "queries", "-v")
    assert (ran.code, ran.error) == (2, "kg: --quiet and --verbose contradict each other: leave one of them out")
    assert kg("queries").err == "", "and the next command knows nothing of it"


@pytest.mark.parametrize(
    ("color", "environment", "terminal", "coloured"),
    [
        (Color.AUTO, {}, True, True),
        (Color.AUTO, {}, False, False),
        (Color.AUTO, {"NO_COLOR": "1"}, True, False),
        (Color.AUTO, {"NO_COLOR": ""}, True, True),
        (Color.AUTO, {"TERM": "dumb"}, True, False),
        (Color.ALWAYS, {"NO_COLOR": "1"}, False, True),
        (Color.NEVER, {}, True, False),
    ],
)
def test_when_there_are_colours(
    monkeypatch: pytest.MonkeyPatch, color: Color, environment: dict[str, str], terminal: bool, coloured: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    assert Manner(color=color).colours(stream) is coloured


def test_colours_are_in_tables_where_they_are_wanted_and_only_there(store: Path) -> None:
    always = kg("show", "J3262", "--color", "always", store=store).out
    assert "\x1b[" in always
    assert "\x1b[" not in kg("show", "J3262", store=store).out
    assert "\x1b[" not in kg("show", "J3262", "--color", "always", "--format", "csv", store=store).out
    assert kg("show", "J3262", "--color", "blue", store=store).code == 2


@pytest.mark.parametrize(
    ("columns", "wide"), [("90", 90), ("1", 20), ("0", 200), ("-5", 200), ("many", 200), ("", 200)]
)
def test_tables_are_as_wide_as_columns_says(monkeypatch: pytest.MonkeyPatch, columns: str, wide: int) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert width() == wide


def test_a_long_name_takes_one_line_which_ends_in_an_ellipsis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    rows = [{"from": LONG, "to": "M06.9 Rheumatoid arthritis", "verdict": "consistent", "source": "guide:1"}]
    out = table(rows, ("from", "to", "verdict", "source"))
    _, _, row = out.splitlines()
    assert row.startswith("J9999 Injection, a v") and "…   M06.9 Rheumatoid arthritis   consistent" in row
    assert max(map(len, out.splitlines())) <= 80
    monkeypatch.setenv("COLUMNS", "400")
    assert LONG.strip() in table(rows, ("from", "to", "verdict", "source"))


def test_no_code_is_ever_cut_and_no_column_lost_where_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    row = {"object": "documentation:clinical-notes", "from": "M05.79 Rheumatoid arthritis", "verdict": "consistent"}
    out = table([row], ("object", "from", "verdict"))
    assert "document" in out and "M05.79 R" in out and "consistent" in out


def test_in_a_narrow_table_one_source_is_named_and_the_others_are_counted(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    wide = kg("show", "tocilizumab", store=store).out
    assert "bundled-hcpcs" in wide and "more)" not in wide
    monkeypatch.setenv("COLUMNS", "100")
    assert "more)" in kg("show", "tocilizumab", store=store).out


def test_whole_names_are_in_all_other_formats(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert "…" in kg("show", "J3262", store=store).out
    for format in ("csv", "json", "jsonl", "tsv"):
        assert "…" not in kg("show", "J3262", "--format", format, store=store).out


def test_defaults_of_trust_and_format_come_from_the_file(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kg.toml").write_text('format = "csv"\ntrust = "corroborated"\n', "utf-8")
    monkeypatch.setenv("KG_CONFIG", str(tmp_path / "kg.toml"))
    by_file = kg("show", "J3262", store=store)
    assert by_file.out.startswith("subject,subject_name,")
    monkeypatch.setenv("KG_CONFIG", "/dev/null")
    assert by_file.out == kg("show", "J3262", "--format", "csv", "--trust", "corroborated", store=store).out
    monkeypatch.setenv("KG_FORMAT", "json")
    assert kg("show", "J3262", store=store).out.startswith("[")
    assert kg("show", "J3262", "--format", "tsv", store=store).out.startswith("subject\t")
    assert kg("export", store=store).out.startswith("<"), "the format of files is another thing"


def test_a_mistyped_key_is_one_line_and_help_needs_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "kg.toml"
    file.write_text('trsut = "consistent"\n', "utf-8")
    monkeypatch.setenv("KG_CONFIG", str(file))
    ran = kg("show", "J3262")
    assert (ran.code, ran.error.partition(" (one")[0]) == (
        2,
        f"kg: {file}:1: no such key: 'trsut'; did you mean 'trust'?",
    )
    assert kg("show", "--help").code == 0
    assert MANNER.quiet is False


def test_no_colour_is_heard_from_a_real_process(store: Path) -> None:
    assert "\x1b" not in installed("show", "J3262", store=store).out
    assert "\x1b" in installed("--color=always", "show", "J3262", store=store).out


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_sizes_that_are_no_numbers_stop_neither_a_table_nor_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Digits that Python takes for none, though they are called so."""
    for name in ("COLUMNS", "LINES"):
        monkeypatch.setenv(name, "\u00b2")
    assert "J3262" in table([{"code": "J3262"}], ["code"])
    monkeypatch.setattr(sys, "stderr", Terminal())
    with progress() as tell:
        tell("reading", 1, 2)
