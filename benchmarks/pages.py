"""How fast pages are: ready, a click, a drag, at 40 to 3,000 concepts, in headless Chromium without a network.

`uv run python -m benchmarks.pages [--sizes 40,150,1000,3000] [--runs 3]`

Times are the median of the runs. `python` is making the page, `ready` from opening it to the first picture,
`click` from a click on a marker to the second frame after it, `drag` the frames per second while the real mouse
drags the whole picture. The asked figures stand beside the measured ones. `×` is the ratio to the first row, for
comparing machines.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from kg.drawing import draw
from kg.model import Assertion, Concept, Connection, Evidence, Relation, Verdict

CHROMIUM = "/usr/bin/chromium"
ASKED = {
    40: "ready ≤ 1 s, click ≤ 150 ms",
    150: "ready ≤ 2 s, click ≤ 400 ms, drag ≥ 30 fps",
    1000: "ready ≤ 2 s",
    3000: "ready ≤ 5 s",
}
FOCUS = Concept.parse("J3262", "Injection, tocilizumab, 1 mg")
RELATIONS = (
    (Relation.SUPPORTED_BY_DIAGNOSIS, "icd10cm:{letter}{number:02d}.{rest}"),
    (Relation.SIMILAR_TO, "hcpcs:{letter}{code:04d}"),
    (Relation.ADMINISTERED_WITH, "cpt:{five:05d}"),
    (Relation.DENIED_FOR, "denial:reason-{code}"),
)


def star(size: int) -> Iterator[Connection]:
    """One code with so many concepts around it, less one."""
    for number in range(size - 1):
        relation, form = RELATIONS[number % 4]
        letter, rest = "CDEFGHJKLM"[number // 4 % 10], number // 400
        curie = form.format(letter=letter, number=number // 40 % 100, rest=rest, code=number, five=90000 + number)
        verdict = list(Verdict)[number % 4]
        ends = FOCUS, relation, Concept.parse(curie, f"A name of about usual length, {number}")
        quote = f"The guide of this benchmark says that {curie} goes with it."
        yield Connection(*ends, verdict, (Assertion(*ends, Evidence("guide", 0, len(quote), quote, number + 1)),))


def ready(page: Any, file: Path) -> float:
    """Seconds from opening the page to its first picture."""
    started = time.perf_counter()
    page.goto(file.as_uri())
    while not page.evaluate("document.documentElement.dataset.ready === 'true'"):
        time.sleep(0.005)
    return time.perf_counter() - started


CLICK = """([id]) => new Promise((done) => {
  const { x, y } = billingKg.network.canvasToDOM(billingKg.network.getPosition(id));
  const box = document.getElementById("canvas").getBoundingClientRect();
  const at = { clientX: box.left + x, clientY: box.top + y, button: 0, pointerId: 1, bubbles: true };
  const target = document.querySelector("#canvas canvas"), started = performance.now();
  target.dispatchEvent(new PointerEvent("pointerdown", at));
  target.dispatchEvent(new PointerEvent("pointerup", at));
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - started)));
})"""

COUNT = "window.frames_seen = 0; (function next() { window.frames_seen += 1; requestAnimationFrame(next); })()"


def drag(page: Any, seconds: float = 2) -> float:
    """Frames per second while the mouse drags the picture by an empty place."""
    box = page.locator("#canvas").bounding_box()
    x, y = box["x"] + 12, box["y"] + 12
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(COUNT)
    started, step = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        step += 1
        page.mouse.move(x + step * 7 % 300, y + step * 5 % 200)
    frames = page.evaluate("window.frames_seen")
    took = time.perf_counter() - started
    page.mouse.up()
    return float(frames) / took


def measure(browser: Any, size: int, folder: Path) -> tuple[float, float, float, float, int]:
    """Seconds to make the page and to have it ready, milliseconds of a click, frames per second, bytes."""
    started = time.perf_counter()
    file = draw(star(size), [FOCUS], max_nodes=size).save(folder / f"{size}.html")
    making = time.perf_counter() - started
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.context.set_offline(True)
    seconds = ready(page, file)
    time.sleep(0.3)
    clicks = [page.evaluate(CLICK, [number]) for number in range(1, 6)]
    page.evaluate("billingKg.fit()")
    frames = drag(page)
    page.close()
    return making, seconds, statistics.median(clicks), frames, file.stat().st_size


def main() -> None:
    """Measure all sizes and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="40,150,1000,3000")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    first = None
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for size in map(int, arguments.sizes.split(",")):
            runs = [measure(browser, size, Path(folder)) for _ in range(arguments.runs)]
            making, seconds, click, frames, weight = (statistics.median(values) for values in zip(*runs, strict=True))
            first = first or seconds
            print(
                f"{size:>5} concepts  python {making:5.2f} s  ready {seconds:5.2f} s (× {seconds / first:4.1f})  "
                f"click {click:4.0f} ms  drag {frames:3.0f} fps  {weight / 1000:6.0f} kB  "
                f"asked: {ASKED.get(size, '—')}"
            )
        browser.close()


if __name__ == "__main__":
    main()
