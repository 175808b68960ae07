"""Processes that read documents end with the one that started them, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.errors import Failure
from kg.extraction.parallel import in_processes

pytestmark = pytest.mark.slow

START = """
import os, sys, time
from kg.extraction.parallel import in_processes

def wait(seconds):
    time.sleep(seconds)
    return os.getpid()

if __name__ == "__main__":
    for number in in_processes(wait, [0.5, 0.5, 60, 60], 2):
        print(number, flush=True)
"""


def sizes(text: str) -> int:
    return len(text)


def killed(text: str) -> int:
    if text == "kill":
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    time.sleep(0 if len(text) < 3 else 60)
    return len(text)


def lives(process: int) -> bool:
    """Whether a process runs; one that has ended may still be listed, when nobody has asked how."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False)
    return state.stdout.strip()[:1] not in ("", "Z")


def test_results_come_in_order() -> None:
    assert list(in_processes(sizes, ["a", "bb", "", "dddd"], 2)) == [1, 2, 0, 4]


@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_process_that_is_killed_leaves_no_other(number: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(START)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as starter:
        assert starter.stdout is not None
        workers = {int(starter.stdout.readline()), int(starter.stdout.readline())}
        assert any(map(lives, workers))
        starter.send_signal(number)
        starter.wait(30)
        until = time.monotonic() + 30
        while any(map(lives, workers)) and time.monotonic() < until:
            time.sleep(0.1)
        assert not any(map(lives, workers))


def test_whoever_leaves_early_does_not_wait() -> None:
    before = time.monotonic()
    results = in_processes(killed, ["a", "long", "long"], 2)
    assert next(results) == 1
    results.close()  # type: ignore[attr-defined]
    assert time.monotonic() - before < 50


def test_a_process_that_was_killed_is_told_in_one_line() -> None:
    with pytest.raises(Failure, match="was ended, perhaps for want of memory: use fewer --jobs"):
        list(in_processes(killed, ["a", "kill"], 2))
