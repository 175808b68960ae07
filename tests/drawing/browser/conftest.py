"""A real browser without a network, pages that tests share, and the graph of the bundled guides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.drawing import Drawing, draw

from ..samples import J3262, neighbourhood
from .opened import Opened, OpenFile
from .pictures import Pictures
from .server import Server

SIZE = (1280, 800)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that stands in this folder needs the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


class _Contexts:
    """One profile of the browser for each kind of screen: pages of one profile open faster."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._made: dict[tuple[Any, ...], Any] = {}

    def page(self, size: tuple[int, int], **settings: Any) -> Any:
        key = (size, *sorted(settings.items()))
        if key not in self._made:
            screen = {"width": size[0], "height": size[1]}
            self._made[key] = self._browser.new_context(
                **{"viewport": screen, "offline": True, "reduced_motion": "reduce", **settings}
            )
        return self._made[key].new_page()

    def close(self) -> None:
        for context in self._made.values():
            context.close()


@pytest.fixture(scope="session")
def contexts(browser: Any) -> Iterator[_Contexts]:
    made = _Contexts(browser)
    yield made
    made.close()


def _opener(contexts: _Contexts) -> Iterator[OpenFile]:
    pages = []

    def open_one(file: Path, size: tuple[int, int] = SIZE, **settings: Any) -> Opened:
        page = contexts.page(size, **settings)
        pages.append(page)
        return Opened(page, file)

    yield open_one
    for page in pages:
        page.close()


@pytest.fixture
def open_file(contexts: _Contexts) -> Iterator[OpenFile]:
    """Open a file in the browser; `size` is that of the window, the rest as Playwright's contexts have it."""
    yield from _opener(contexts)


@pytest.fixture(scope="module")
def open_shared(contexts: _Contexts) -> Iterator[OpenFile]:
    """The same, for pages that all tests of a module look at and none changes."""
    yield from _opener(contexts)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the sample of forty concepts."""
    return draw(neighbourhood(), [J3262]).save(tmp_path_factory.mktemp("sample") / "sample.html")


@pytest.fixture
def opened(sample: Path, open_file: OpenFile) -> Opened:
    """The sample, for one test alone."""
    return open_file(sample)


@pytest.fixture(scope="module")
def looked_at(sample: Path, open_shared: OpenFile) -> Opened:
    """The sample, for tests that only look."""
    return open_shared(sample)


@pytest.fixture
def save(tmp_path: Path) -> Callable[[Drawing], Path]:
    """Write a page to a file of this test."""
    return lambda drawing: drawing.save(tmp_path / "page.html")


@pytest.fixture(scope="session")
def graph(bundled_store: Path) -> Iterator[kg.BillingGraph]:
    """The graph of the bundled guides."""
    with kg.open(bundled_store) as opened:
        yield opened


@pytest.fixture(scope="session")
def real(graph: kg.BillingGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of J3262 in that graph."""
    return graph.draw("J3262").save(tmp_path_factory.mktemp("real") / "J3262.html")


@pytest.fixture(scope="session")
def pictures(contexts: _Contexts) -> Pictures:
    """Reads PNG files."""
    return Pictures(contexts.page((100, 100)))


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on loopback that writes down what is asked for."""
    running = Server()
    yield running
    running.close()
