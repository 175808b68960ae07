"""Draws the picture of docs/architecture.md anew: `python -m tests.architecture`."""

from tests.architecture.picture import FILE, picture

FILE.write_text(picture(), "utf-8")
print(f"wrote {FILE}")
