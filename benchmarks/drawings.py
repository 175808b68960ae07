"""Measures the pages of `kg draw` in headless Chromium: how soon they are there, and how quickly they answer.

    python -m benchmarks.drawings [--sizes 40 150 1000] [--lines 3]

Each page has so many concepts and about `--lines` times as many connections, made up. Shown are the seconds that
Python takes, those until the page is ready, milliseconds until the second frame after a click, after a switch of the
legend and after the table was asked for, each with the milliseconds that the page itself worked for it, which are the
same however busy the machine is, and frames a second while the picture is dragged and while the wheel zooms it.
Needs Chromium and the group `dev`. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kg.drawing import draw
from kg.model import Assertion, Concept, Connection, Evidence, Relation, Verdict

_CHROMIUM = "/usr/bin/chromium"
_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"
_COUNT = """() => {
  const look = (now) => { window.frames_seen.push(now); window.looking = requestAnimationFrame(look); };
  window.frames_seen = [];
  look(performance.now());
}"""
_MARKER = """(() => {
  const { left, top } = document.getElementById("canvas").getBoundingClientRect();
  const at = billingKg.network.canvasToDOM(billingKg.network.getPosition(5));
  return [at.x + left, at.y + top];
})()"""
_BEGIN = """() => {
  const begin = () => { window.begun = window.begun || performance.now(); };
  window.begun = 0;
  for (const name of ["pointerup", "click"]) addEventListener(name, begin, { capture: true, once: true });
}"""
_KINDS = (
    (Relation.SUPPORTED_BY_DIAGNOSIS, "icd10cm:M{:02d}.{:02d}"),
    (Relation.SIMILAR_TO, "hcpcs:J{:02d}{:02d}"),
    (Relation.ADMINISTERED_WITH, "cpt:9{:02d}{:02d}"),
)


def made_up(size: int, lines: int) -> list[Connection]:
    """A focus with `size` - 1 concepts around it, and connections among these, `size` * `lines` in all."""
    chance = random.Random(size)
    centre = Concept.parse("J3262", "Injection, tocilizumab, 1 mg")
    others = [_concept(number) for number in range(size - 1)]
    pairs = [(centre, other) for other in others]
    codes = [other for other in others if other.kind is Concept.parse("J0129").kind]
    while len(pairs) < size * lines and codes:
        subject, other = chance.choice(codes), chance.choice(others)
        if subject != other and (subject, other) not in pairs[-size:]:
            pairs.append((subject, other))
    verdicts = list(Verdict)
    return [
        _connection(*pair, verdicts[number % len(verdicts)], number) for number, pair in enumerate(dict.fromkeys(pairs))
    ]


def _concept(number: int) -> Concept:
    _, pattern = _KINDS[number % len(_KINDS)]
    return Concept.parse(
        pattern.format(number // 90 % 90 + 10, number % 90 + 10), f"Name of number {number}, as long as names are"
    )


def _connection(subject: Concept, other: Concept, verdict: Verdict, number: int) -> Connection:
    relation = next(relation for relation, pattern in _KINDS if pattern.partition(":")[0] == other.kind.value)
    quote = f"The guide says in its sentence {number} that {other.key} goes with {subject.key}."
    said = Assertion(
        subject, relation, other, Evidence("guide", number * 100, number * 100 + len(quote), quote, number + 1)
    )
    return Connection(subject, relation, other, verdict, (said,))


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=(40, 150, 1000))
    parser.add_argument("--lines", type=int, default=3)
    arguments = parser.parse_args()
    print("| concepts | lines | Python | ready | click | legend | table | dragging | wheel | file |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for page, size, start in _pages(arguments.sizes, arguments.lines, Path(folder)):
            print(_row(page, size, start), flush=True)


def _pages(sizes: list[int], lines: int, folder: Path) -> Iterator[tuple[Any, int, dict[str, Any]]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        for size in sizes:
            connections = made_up(size, lines)
            begun = time.perf_counter()
            file = draw(connections, [connections[0].subject], max_nodes=size, title="Measured").save(
                folder / "page.html"
            )
            python = time.perf_counter() - begun
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            begun = time.perf_counter()
            page.goto(file.as_uri(), timeout=60_000)
            while not page.evaluate("document.documentElement.dataset.ready === 'true'"):
                time.sleep(0.01)
            yield page, size, {"python": python, "ready": time.perf_counter() - begun, "bytes": file.stat().st_size}
            page.close()
        browser.close()


def _row(page: Any, size: int, start: dict[str, Any]) -> str:
    lines = page.evaluate("billingKg.seen().connections.length")
    click = _after(page, lambda: page.mouse.click(*_marker(page)))
    page.keyboard.press("Escape")
    legend = max(_after(page, lambda: page.click('#legend input[data-key="icd10cm"]')) for _ in range(2))
    dragging, wheel = _fps(page, _drag), _fps(page, _turn)
    table = _after(page, lambda: page.click("#show-table"))
    answers = " | ".join(f"{wall:.0f} ms ({worked:.0f})" for wall, worked in (click, legend, table))
    times = f"{start['python']:.2f} s | {start['ready']:.2f} s | {answers}"
    return (
        f"| {size:,} | {lines:,} | {times} | {dragging:.0f} fps | {wheel:.0f} fps | {start['bytes'] / 1000:,.0f} kB |"
    )


def _marker(page: Any) -> list[float]:
    """Where in the window a concept stands that is not the focus."""
    point: list[float] = page.evaluate(_MARKER)
    return point


def _after(page: Any, act: Callable[[], None]) -> tuple[float, float]:
    """Milliseconds from an event of the mouse to the second frame after it, and those that the page worked in them."""
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.evaluate(_BEGIN)
    before = _worked(tools)
    act()
    wall = float(page.evaluate(_FRAMES)) - float(page.evaluate("window.begun"))
    worked = _worked(tools) - before
    tools.detach()
    return wall, worked


def _worked(tools: Any) -> float:
    """Milliseconds that the main thread of the page has worked."""
    metrics = tools.send("Performance.getMetrics")["metrics"]
    return 1000 * next(float(each["value"]) for each in metrics if each["name"] == "TaskDuration")


def _fps(page: Any, act: Callable[[Any], None]) -> float:
    """Frames a second while something is done."""
    page.evaluate(_COUNT)
    act(page)
    seen: list[float] = page.evaluate("(cancelAnimationFrame(window.looking), window.frames_seen)")
    return 1000 * (len(seen) - 1) / (seen[-1] - seen[0])


def _drag(page: Any) -> None:
    page.mouse.move(300, 120)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(300 + 3 * step, 120 + 2 * step)
    page.mouse.up()


def _turn(page: Any) -> None:
    """The wheel in and out, a notch every 16 ms as from a wheel that is turned quickly."""
    page.mouse.move(460, 400)
    for step in range(60):
        page.mouse.wheel(0, -120 if step % 20 < 10 else 120)
        page.wait_for_timeout(16)


if __name__ == "__main__":
    main()
