"""A page in a real browser, driven as a person drives it: by mouse, by keyboard, and by looking."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple


class Seen(NamedTuple):
    """The numbers of what is in the picture."""

    concepts: frozenset[int]
    connections: frozenset[int]


# What the page says is shown, and what vis-network has that is not hidden.
_SEEN = """() => {
  const { seen, network } = billingKg, { nodes, edges } = network.body.data;
  const shown = (items) => items.getIds({ filter: ({ hidden }) => !hidden }).sort((a, b) => a - b);
  const told = seen(), sorted = (numbers) => [...numbers].sort((a, b) => a - b);
  return [[sorted(told.concepts), sorted(told.connections)], [shown(nodes), shown(edges)]];
}"""

_TO_WINDOW = """(points) => {
  const { left, top } = document.getElementById("canvas").getBoundingClientRect();
  return points.map(([x, y]) => {
    const at = billingKg.network.canvasToDOM({ x, y });
    return [at.x + left, at.y + top];
  });
}"""

# A point of the picture where a line can be hit: beside all labels, and nearer to this line than to any other.
_POINT_OF_LINE = """(number) => {
  const { network, data, boxes } = billingKg, { from, to } = data.graph.edges[number], all = boxes();
  const { clientWidth, clientHeight } = document.getElementById("canvas");
  const [a, b] = [from, to].map((id) => network.getPosition(id));
  const [dx, dy] = [b.x - a.x, b.y - a.y], length = Math.hypot(dx, dy);
  for (let step = 90; step > 5; step -= 1)
    for (const aside of [0, 5, -5, 10, -10, 15, -15, 20, -20, 30, -30]) {
      const [x, y] = [a.x + (dx * step) / 100 - (dy * aside) / length, a.y + (dy * step) / 100 + (dx * aside) / length];
      if (all.some((box) => x > box[0] - 1 && x < box[2] + 1 && y > box[1] - 1 && y < box[3] + 1)) continue;
      const at = network.canvasToDOM({ x, y });
      if (at.x < 0 || at.y < 0 || at.x > clientWidth || at.y > clientHeight) continue;
      if (network.getEdgeAt(at) === number) return [x, y];
    }
  return null;
}"""


class Opened:
    """A page that was opened, with all that it asked for and complained of."""

    def __init__(self, page: Any, file: Path) -> None:
        self.page = page
        self.file = file
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.set_default_timeout(3000)
        page.goto(file.as_uri(), timeout=30_000)
        self.wait_for("document.documentElement.dataset.ready === 'true'", 30)
        self.data: Any = page.evaluate("billingKg.data")

    def evaluate(self, script: str, *given: Any) -> Any:
        return self.page.evaluate(script, *given)

    def wait_for(self, condition: str, seconds: float = 10) -> None:
        """Under the page's policy Playwright's own waiting is refused, so ask again and again."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(condition):
            assert time.monotonic() < end, f"never came true: {condition}"
            time.sleep(0.01)

    def settle(self) -> None:
        """Until what was changed is in the picture."""
        self.page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))"
        )

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def click(self, selector: str) -> None:
        self.page.click(selector)

    def menu(self, button: str) -> None:
        """Click on a button of the menu of files."""
        self.click("#menu summary")
        self.click(f"#{button}")

    def text(self, selector: str) -> str:
        return str(self.page.evaluate("(selector) => document.querySelector(selector).textContent", selector))

    def texts(self, selector: str) -> list[str]:
        found: list[str] = self.page.evaluate(
            "(selector) => [...document.querySelectorAll(selector)].map((each) => each.textContent)", selector
        )
        return found

    def count(self, selector: str) -> int:
        return int(self.page.evaluate("(selector) => document.querySelectorAll(selector).length", selector))

    def is_shown(self, selector: str) -> bool:
        return bool(self.page.locator(selector).is_visible())

    def focused(self) -> str:
        """The id of what has the keyboard."""
        return str(self.page.evaluate("document.activeElement.id"))

    def panel(self) -> str:
        return self.text("#panel")

    def seen(self) -> Seen:
        """What is in the picture, as the page and vis-network both have it."""
        told, drawn = self.page.evaluate(_SEEN)
        assert told == drawn, [set(a) ^ set(b) for a, b in zip(told, drawn, strict=True)]
        return Seen(frozenset(told[0]), frozenset(told[1]))

    def seen_curies(self) -> set[str]:
        return {self.data["concepts"][number]["curie"] for number in self.seen().concepts}

    def number(self, curie: str) -> int:
        """The number of a concept."""
        return next(number for number, each in enumerate(self.data["concepts"]) if each["curie"] == curie)

    def focus(self) -> int:
        return next(number for number, each in enumerate(self.data["concepts"]) if each.get("focus"))

    def connection(self, curie: str, relation: str | None = None) -> int:
        """The number of the first connection with this object, of this relation if one is given."""
        wanted = self.number(curie)
        return next(
            number
            for number, each in enumerate(self.data["connections"])
            if each["object"] == wanted and relation in (None, each["relation"])
        )

    def is_excluded(self, number: int) -> bool:
        return bool(self.data["connections"][number].get("excluded", False))

    def place(self, number: int) -> list[float]:
        """Where a concept stands in the picture."""
        found: list[float] = self.page.evaluate("(id) => Object.values(billingKg.network.getPosition(id))", number)
        return found

    def boxes(self) -> dict[int, list[float]]:
        """The box of each shown concept in the picture, its label and its marker."""
        numbers, boxes = self.page.evaluate("[billingKg.seen().concepts, billingKg.boxes()]")
        return dict(zip(numbers, boxes, strict=False))

    def to_window(self, *points: list[float]) -> list[list[float]]:
        """Where points of the picture are in the window."""
        found: list[list[float]] = self.page.evaluate(_TO_WINDOW, points)
        return found

    def is_within_view(self, *points: list[float]) -> bool:
        """Whether all these points of the picture are in sight."""
        box = self.page.locator("#canvas").bounding_box()
        right, bottom = box["x"] + box["width"], box["y"] + box["height"]
        return all(box["x"] <= x <= right and box["y"] <= y <= bottom for x, y in self.to_window(*points))

    def click_point(self, point: list[float]) -> None:
        """A click of the mouse on a point of the picture."""
        self.page.mouse.click(*self.to_window(point)[0])

    def click_marker(self, number: int) -> None:
        self.click_point(self.place(number))

    def click_label(self, number: int) -> None:
        """A click on the end of the label that is farthest from the marker."""
        x, _ = self.place(number)
        left, top, right, bottom = self.boxes()[number]
        self.click_point([right - 5 if right - x > x - left else left + 5, (top + bottom) / 2])

    def click_line(self, number: int) -> None:
        point = self.page.evaluate(_POINT_OF_LINE, number)
        assert point is not None, f"no place where this line can be hit: {number}"
        self.click_point(point)

    def drag(self, number: int, by: tuple[int, int]) -> None:
        """Drag a concept by so many pixels of the window."""
        [[x, y]] = self.to_window(self.place(number))
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        for step in range(1, 6):
            mouse.move(x + by[0] * step / 5, y + by[1] * step / 5)
        mouse.up()
        self.settle()

    def download(self, act: Callable[[], None]) -> tuple[str, bytes]:
        """The name and the content of the file that the page offers."""
        with self.page.expect_download(timeout=10_000) as offered:
            act()
        file = offered.value
        return str(file.suggested_filename), Path(file.path()).read_bytes()


OpenFile = Callable[..., Opened]
