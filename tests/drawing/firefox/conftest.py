"""Firefox, which opens the pages that Chromium opens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .marionette import Firefox

BINARY = Path("/usr/bin/firefox-esr")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that stands in this folder needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    if not BINARY.exists():
        pytest.skip(f"no browser: {BINARY} is not there (apt-get install firefox-esr)")
    running = Firefox(BINARY, tmp_path_factory.mktemp("firefox"))
    yield running
    running.close()
