"""What all tests share: no releases of the user, and one real browser, since Playwright runs only once in a process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from filelock import FileLock

# A busy machine is slower by chance, which is no fault of a test. The gate tries the same examples each time: it tells
# what a change broke, and runs elsewhere go on looking.
hypothesis.settings.register_profile(
    "kg",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize="KG_SAME_EXAMPLES" in os.environ,
)
hypothesis.settings.load_profile("kg")
CHROMIUM = Path("/usr/bin/chromium")
# A terminal would have tables cut to its width, and the workers are given one of eighty letters.
os.environ.pop("COLUMNS", None)
if "PYTEST_XDIST_WORKER" not in os.environ:  # The workers have these from the process that started them.
    # A developer's own releases would change what graphs hold; set before any test, so that subprocesses have it too.
    _NO_RELEASES = tempfile.TemporaryDirectory(prefix="billing-kg-no-releases-")
    os.environ["KG_RELEASES"] = _NO_RELEASES.name
    # So would a file of theirs in the checkout or above it.
    os.environ["KG_CONFIG"] = os.devnull
    # What is kept between runs is made once for all tests, and not among what the developer's own runs keep.
    _KEPT = tempfile.TemporaryDirectory(prefix="billing-kg-cache-")
    os.environ["KG_CACHE"] = _KEPT.name
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is not there (apt-get install chromium)")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=_ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def bundled_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the bundled guides, as `kg build` makes it for a day; built once for all workers, only read."""
    folder = tmp_path_factory.getbasetemp()
    path = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "bundled" / "graph"
    with FileLock(path.parent.with_suffix(".lock")):
        if not path.exists():
            command = [Path(sys.executable).with_name("kg"), "build", "--as-of", "2026-06-30", "--store", path]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
    return path
