"""A copy of the checkout, in which a fault is made, tried with the tests that reach it, and taken back."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from coverage import CoverageData

from .faults import Fault
from .layers import ROOT, Layer, mirrors_of

_COPIED = ("kg", "data", "ontology", "tests", "benchmarks", "docs", "decisions", "pyproject.toml", "README.md")
_HANGS_SECONDS = 180.0
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
_TOLD = 300
_LIKELY_FILES = 3
_FEW_TESTS = 5
"""What is reached by fewer may be kept after the first time, and what others do with it tells nothing of its line."""


class TestsFail(Exception):
    """The tests fail without any fault, so that nothing can be said."""


class Copy:
    """The checkout in a folder of its own, and which tests of a layer reach which line there."""

    def __init__(self, folder: Path, layer: Layer) -> None:
        self.folder, self.layer = folder, layer
        for name in _COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / name)
        self._environment = {**os.environ, "PYTHONPATH": str(folder), "COVERAGE_FILE": str(folder / ".coverage")}
        self._reaching: dict[str, dict[int, set[str]]] = {}
        self._lasted: dict[str, float] = {}
        self._trusted: set[str] = set()
        self._run_without_fault()

    def _run_without_fault(self) -> None:
        lasted = self.folder / "lasted.json"
        measured = [f"--cov={path}" for path in self.layer.files if path.startswith("kg")]
        options = [*measured, "--cov-context=test", "--cov-report="] if measured else []
        code, said = self._pytest([*options, *self.layer.tests], {"LASTED": str(lasted)}, None)
        if code:
            raise TestsFail(said[-_TOLD:])
        self._lasted = json.loads(lasted.read_text("utf-8"))
        if measured:
            data = CoverageData(str(self.folder / ".coverage"))
            data.read()
            for file in data.measured_files():
                self._reaching[str(Path(file).relative_to(self.folder.resolve()))] = {
                    line: {context.partition("|")[0] for context in contexts if context}
                    for line, contexts in data.contexts_by_lineno(file).items()
                }

    def noticed_by(self, fault: Fault) -> str:
        """The test that fails, or that the tests do not end or cannot be read; nothing where they all pass."""
        file = self.folder / fault.file
        written, times = file.read_bytes(), file.stat()
        file.write_bytes(fault.applied_to(written))
        # Byte code is known by the second of its source, and two faults may be made in one.
        os.utime(file, (times.st_atime, times.st_mtime + 10))
        try:
            found = ((self._failing(tests), tests) for tests in self._tests_for(fault) if tests)
            test, tests = next(((test, tests) for test, tests in found if test), ("", []))
        finally:
            file.write_bytes(written)
            os.utime(file, (times.st_atime, times.st_mtime))
        if test and test not in self._trusted:
            # One that fails in this order or at this speed whatever the code would notice every fault.
            last = max((number for number, each in enumerate(tests) if each.startswith(test)), default=len(tests))
            if self._failing(tests[: last + 1]) == test:
                raise TestsFail(f"{test} fails without any fault")
            self._trusted.add(test)
        return test

    def _tests_for(self, fault: Fault) -> Iterable[list[str]]:
        """First those of the module and of the files that reach the line most, then the others; short ones first."""
        of_line = self._reaching.get(fault.file, {}).get(fault.line, set())
        reaching = of_line if len(of_line) >= _FEW_TESTS else set(self._lasted)
        likely = {*mirrors_of(fault.file, self.layer), *self._most_reaching(of_line)}
        ordered = sorted(reaching, key=lambda test: (test not in of_line, self._lasted.get(test, 0.0), test))
        by_likeliness: dict[bool, list[str]] = defaultdict(list)
        for test in ordered:
            by_likeliness[_file_of(test) in likely].append(test)
        return by_likeliness[True], by_likeliness[False]

    def _most_reaching(self, of_line: set[str]) -> list[str]:
        """The files of tests of which the greatest part reaches a line."""
        every, reach = Counter(map(_file_of, self._lasted)), Counter(map(_file_of, of_line))
        return sorted(reach, key=lambda file: (-reach[file] / every[file], file))[:_LIKELY_FILES]

    def _failing(self, tests: list[str]) -> str:
        wanted = self.folder / "wanted.json"
        wanted.write_text(json.dumps(tests), "utf-8")
        files = list(dict.fromkeys(map(_file_of, tests)))
        told = {"WANTED_TESTS": str(wanted), "PYTHONDONTWRITEBYTECODE": "1"}
        code, said = self._pytest(["-x", *files], told, _HANGS_SECONDS)
        if code in (0, 5):  # Five is that there are no tests.
            return ""
        failed = _FAILED.search(said)
        return failed[1] if failed else said[-_TOLD:].strip()

    def _pytest(self, arguments: list[str], told: dict[str, str], seconds: float | None) -> tuple[int, str]:
        plugins = ["-p", "no:cacheprovider", "-p", "benchmarks.mutations.noticing"]
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", *plugins, *arguments]
        environment = {**self._environment, **told}
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return 1, "the tests do not end"
        return done.returncode, done.stdout + done.stderr


def _file_of(test: str) -> str:
    return test.partition("::")[0]
