"""Whatever ends a command, it is told in one line at most, and nothing is left of it.

Every test runs real processes: what is asserted is what a shell sees.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is watched there")

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORTED = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c"
ALL = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }"
# A command that is half way through a file and does what the words say.
COMMAND = """
import os, signal, sys, time
from pathlib import Path
from kg.cli.watching import take_process, watch
from kg.errors import Failure
from kg.whole_files import folder_beside, opened
signal.signal(signal.SIGINT, signal.SIG_DFL)
take_process()
watch([], None)
with folder_beside(Path(sys.argv[1]), ".new-") as made, opened(Path(sys.argv[1]) / "file") as out:
    (made / "inner").touch()
    out.write(b"half")
    out.flush()
    print(os.getpid(), flush=True)
    exec(sys.argv[2])
"""
SLEEP = "time.sleep(60)"
_STARTED: list[subprocess.Popen[str]] = []


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    """Whatever a test finds, it leaves nothing that would run on."""
    yield
    while _STARTED:
        with _STARTED.pop() as process:
            for left in members(process.pid):
                os.kill(left, signal.SIGKILL)


def _hear_signals() -> None:
    """What runs the tests may ignore signals itself, as nohup and a shell in the background do."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def started(*command: str | Path) -> subprocess.Popen[str]:
    """A command in a group of processes of its own, as a terminal runs it."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=_hear_signals,
    )  # fmt: skip
    _STARTED.append(process)
    return process


def asking(question: str, store: Path, *words: str) -> subprocess.Popen[str]:
    """`kg query` with a question."""
    return started(sys.executable, "-m", "kg", "query", question, "--store", store, *words)


def answer(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=50)
    return process.returncode, out, err


def members(group: int) -> set[int]:
    """The processes of a group that run; those that have ended may be listed until somebody asks how."""
    listed = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in listed.splitlines())
    return {int(process) for process, its, state in rows if int(its) == group and not state.startswith("Z")}


def gone(group: int) -> bool:
    """Whether nothing is left of a group, soon."""
    until = time.monotonic() + 20
    while members(group) and time.monotonic() < until:
        time.sleep(0.1)
    return not members(group)


def half_way(folder: Path, then: str = SLEEP) -> tuple[subprocess.Popen[str], int]:
    """A command that is half way through a file, and the number of the process that is watched."""
    process = started(sys.executable, "-c", COMMAND, folder, then)
    assert process.stdout is not None
    return process, int(process.stdout.readline())


# Questions that are too big


def test_a_question_that_takes_too_long_is_stopped(store: Path) -> None:
    process = asking(CROSS, store, "--timeout", "1.5")
    expected = "kg: stopped: no answer within 1.5 s; ask for less, for example with LIMIT, or give it more --timeout\n"
    assert answer(process) == (3, "", expected)
    assert gone(process.pid)


@pytest.mark.parametrize(
    "question", [pytest.param(SORTED, id="the engine"), pytest.param(ALL, id="Python", marks=pytest.mark.slow)]
)
def test_a_question_that_takes_too_much_memory_is_stopped(question: str, store: Path) -> None:
    process = asking(question, store, "--memory", "0.3")
    expected = "kg: stopped: it needs more than 0.3 GB of memory; ask for less, or give it more --memory\n"
    assert answer(process) == (3, "", expected)


def test_an_answer_comes_as_it_always_did(store: Path) -> None:
    assert answer(asking("SELECT (1 AS ?one) { }", store, "--format", "csv")) == (0, "one\n1\n", "")
    assert answer(asking("SELECT", store))[0] == 2
    code, out, err = answer(asking("SELECT * { ?s ?p ?o }", store / "none"))
    assert (code, out) == (3, "") and "no graph here" in err


# Damage


@pytest.fixture
def damaged(store: Path, tmp_path: Path) -> Path:
    """A copy of the store in which every large file of the engine has a wrong bit."""
    copy = tmp_path / "graph"
    shutil.copytree(store, copy)
    tables = [file for file in (copy / "builds" / "1" / "quads").glob("*.sst") if file.stat().st_size > 10_000]
    assert len(tables) > 5
    for file in tables:
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 4
        file.write_bytes(content)
    return copy


@pytest.mark.parametrize("words", [["--timeout", "3"], ["--memory", "0.3"]], ids=["time", "memory"])
def test_a_question_that_damage_makes_endless_says_that_it_is_damage(words: list[str], damaged: Path) -> None:
    code, out, err = answer(asking("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", damaged, *words))
    assert (code, out) == (3, "")
    (line,) = err.splitlines()
    assert line.startswith(f"kg: {damaged}: the graph is damaged (quads/")
    assert line.endswith(".sst is not as it was written); build it again with 'kg build'")


def test_damage_that_the_engine_sees_is_no_fault_of_the_question(damaged: Path) -> None:
    code, out, err = answer(asking("SELECT * { ?s ?p ?o }", damaged))
    assert (code, out) == (3, "")
    (line,) = err.splitlines()
    assert line.startswith("kg: the graph is damaged (Corruption: ")
    assert line.endswith("build it again with 'kg build'")


# Interruptions


def test_ctrl_c_ends_a_question_at_once(store: Path) -> None:
    process = asking(CROSS, store)
    time.sleep(2)
    assert len(members(process.pid)) == 2
    os.killpg(process.pid, signal.SIGINT)
    assert answer(process) == (-signal.SIGINT, "", "")
    assert gone(process.pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_process_that_was_started_ends_all_and_leaves_nothing(
    number: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("before")
    process, watched = half_way(tmp_path)
    assert members(process.pid) == {process.pid, watched}
    assert len(list(tmp_path.iterdir())) == 3
    process.send_signal(number)
    assert answer(process) == (-number, "", "")
    assert gone(process.pid)
    assert [file.read_text() for file in tmp_path.iterdir()] == ["before"]


@pytest.mark.parametrize(
    ("then", "why"),
    [
        ("os.abort()", "it broke down (Aborted)"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "it broke down (Segmentation fault)"),
        ("os.kill(os.getpid(), 9)", "it was killed by another program, or by the system for want of memory"),
    ],
)
def test_what_ends_by_itself_is_told_in_one_line_and_leaves_nothing(then: str, why: str, tmp_path: Path) -> None:
    process, _ = half_way(tmp_path, f"os.write(2, b'noise of the engine'); {then}")
    assert answer(process) == (3, "", f"kg: stopped: {why}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_process_whose_watcher_was_killed_ends_as_well(tmp_path: Path) -> None:
    process, watched = half_way(tmp_path)
    process.kill()
    assert answer(process) == (-signal.SIGKILL, "", "")
    assert gone(process.pid), watched


def test_a_signal_that_is_to_be_ignored_is(tmp_path: Path) -> None:
    command = [sys.executable, "-c", COMMAND, str(tmp_path), "time.sleep(2)"]
    ignoring = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *command]
    with subprocess.Popen(ignoring, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGHUP)
        assert process.wait(30) == 0
    assert (tmp_path / "file").read_bytes() == b"half"


@pytest.mark.parametrize("code", [0, 1, 2, 7])
def test_a_command_ends_with_its_own_exit_code(code: int, tmp_path: Path) -> None:
    process, _ = half_way(tmp_path, f"sys.stderr.write('said'); sys.exit({code})")
    assert answer(process) == (code, "", "said")


def test_a_reader_may_take_longer_than_the_question(store: Path) -> None:
    process = asking("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 9999", store, "--format", "csv", "--timeout", "3")
    assert process.stdout is not None
    assert process.stdout.readline() == "s,p,o\n"
    time.sleep(4)
    assert len(process.stdout.readlines()) == 9_999
    assert answer(process)[::2] == (0, "")


def test_a_reader_that_leaves_ends_the_command(store: Path) -> None:
    process = asking("SELECT * { ?s ?p ?o } LIMIT 9999", store, "--format", "csv")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.wait(50) == -signal.SIGPIPE
    assert process.stderr.read() == ""
    process.stderr.close()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("after", "copies"), [(1.5, 240), (2.5, 240), (4.0, 240)]
)  # So many that it is not over by then.
def test_a_build_that_is_interrupted_leaves_no_process_and_no_folder(
    number: signal.Signals, after: float, copies: int, guides: Path, tmp_path: Path
) -> None:
    for copy in range(copies):
        (tmp_path / f"guide{copy}.md").write_text((guides / "tocilizumab.md").read_text() + f"\nCopy {copy}.\n")
    store = tmp_path / "store"
    command = [sys.executable, "-m", "kg", "build", tmp_path, "--no-icd10cm", "--jobs", "2", "--store", store]
    process = started(*command)
    time.sleep(after)
    os.killpg(process.pid, number)
    assert answer(process) == (-number, "", "")
    assert gone(process.pid)
    assert list(store.glob("builds/*")) == []
