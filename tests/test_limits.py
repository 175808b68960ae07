"""Limits that the system enforces, each in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing is limited there")


def ran(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", f"import os, sys, time\nfrom kg.limits import *\n{code}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory")
def test_memory_runs_out_at_the_limit_and_not_before() -> None:
    done = ran("limit_memory(300 << 20); a = bytearray(100 << 20); print('some', flush=True); b = bytearray(300 << 20)")
    assert done.stdout == "some\n"
    assert done.stderr.endswith("MemoryError\n")


def test_a_lower_limit_of_the_system_stays() -> None:
    code = "import resource\nresource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30)); limit_memory(2 << 30)"
    done = ran(f"{code}\nprint(resource.getrlimit(resource.RLIMIT_DATA) == (1 << 30, 1 << 30))")
    assert done.stdout == "True\n", done.stderr


def test_the_system_ends_what_takes_too_long() -> None:
    assert ran("limit_time(0.2)\nwhile True: pass").returncode == -signal.SIGALRM
    assert ran("limit_time(0.2); limit_time(0); time.sleep(0.4)").returncode == 0


def test_the_clock_can_be_stopped() -> None:
    stopped = "limit_time(0.5)\nwith clock_stopped(): time.sleep(1)\nprint('on', flush=True)\n"
    assert ran(stopped).returncode == 0
    done = ran(f"{stopped}time.sleep(30)")
    assert (done.stdout, done.returncode) == ("on\n", -signal.SIGALRM)
    assert ran("with clock_stopped(): pass\ntime.sleep(0.2)").returncode == 0


def test_a_process_ends_with_what_it_waits_for() -> None:
    reading, writing = os.pipe()
    code = f"end_after(lambda: os.read({reading}, 1)); print('up', flush=True); time.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-c", f"import os, time\nfrom kg.limits import *\n{code}"],
        stdout=subprocess.PIPE, text=True, pass_fds=(reading,),
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        assert process.poll() is None
        os.close(writing)
        assert process.wait(30) == 1
    os.close(reading)


def test_there_may_be_as_many_open_files_as_the_system_allows() -> None:
    code = "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (50, 80))\n"
    done = ran(f"{code}print(open_files(60), open_files(70), open_files(90), open_files(20))")
    assert done.stdout == "60 70 80 20\n", done.stderr
    done = ran(f"{code}open_files(70); open_files(60); print(resource.getrlimit(resource.RLIMIT_NOFILE))")
    assert done.stdout == "(70, 80)\n", done.stderr
