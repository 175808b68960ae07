"""The pictures of the README and of the pages in docs, made anew: `kg draw`, and Chromium looks at the page.

`uv run python docs/pictures/make.py` builds a graph of the bundled guides and of the note of the tour, which has
mistakes in it. It needs Debian's Chromium.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
HERE = Path(__file__).parent
NOTE = HERE.parents[1] / "data" / "tour"
# What is drawn, and what is then done on the page.
PICTURES = {
    "start": (["J3262", "--max-nodes", "60"], ["document.querySelectorAll('#panel h3 + ul button')[1].click()"]),
    "path": (["--path", "L40.50", "K50.90"], []),
    "findings": (["--findings"], []),
    "projector": (["J3262", "--max-nodes", "40"], ["document.getElementById('projector').click()"]),
}


def kg(*arguments: str) -> None:
    """Run a command of ours."""
    subprocess.run([Path(sys.executable).with_name("kg"), *arguments], check=True)


def main() -> None:
    """Draw each page, look at it, and write the picture beside this file."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stores = {"guides": Path(folder, "guides"), "findings": Path(folder, "note")}
        kg("build", "--store", str(stores["guides"]))
        kg("build", str(NOTE), "--store", str(stores["findings"]))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, (arguments, steps) in PICTURES.items():
            file = Path(folder, f"{name}.html")
            store = stores.get(name, stores["guides"])
            kg("draw", *arguments, "--store", str(store), "--output", str(file))
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(file.as_uri())
            for step in ("true", *steps):
                page.evaluate(step)
                time.sleep(0.5)
            page.screenshot(path=HERE / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
