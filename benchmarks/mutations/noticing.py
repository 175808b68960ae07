"""A plugin of pytest: tells how long each test takes, or runs the tests that are wanted in the order that is wanted."""

from __future__ import annotations

import json
import os
import resource
import time
from collections import Counter
from pathlib import Path

import hypothesis
import pytest

_MEMORY = 16 << 30
_ENOUGH = 30.0
"""Seconds of the processor for the tests of one fault, the shortest first. Then nobody has noticed.

With 15, tests of whole graphs that do notice came too late, behind hundreds of short ones that reach the same line.
"""
_OVER = "time is over"
_lasted: Counter[str] = Counter()
_began: list[tuple[float, float]] = []


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """A fault may fill the memory. That a test fails is enough: no smaller example is looked for."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("noticing", hypothesis.settings(), derandomize=True, phases=phases)
    hypothesis.settings.load_profile("noticing")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if wanted := os.environ.get("WANTED_TESTS"):
        rank = {test: number for number, test in enumerate(json.loads(Path(wanted).read_text("utf-8")))}
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in rank])
        items[:] = sorted((item for item in items if item.nodeid in rank), key=lambda item: rank[item.nodeid])


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _lasted[report.nodeid] += report.duration  # type: ignore[assignment]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """No further test begins when the time is over."""
    _began.append((time.process_time(), time.monotonic()))
    worked, passed = time.process_time() - _began[0][0], time.monotonic() - _began[0][1]
    if "WANTED_TESTS" in os.environ and (worked > _ENOUGH or passed > 5 * _ENOUGH):
        item.session.shouldstop = _OVER


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.shouldstop == _OVER:
        session.exitstatus = pytest.ExitCode.OK
    if path := os.environ.get("LASTED"):
        Path(path).write_text(json.dumps(_lasted), "utf-8")
