"""Reads PNG files with the browser itself, so that what is looked at is what people see."""

from __future__ import annotations

import base64
from typing import Any, NamedTuple

# In an empty page, which has no policy: the pixels of a file, and what they amount to.
_PIXELS = """async (png, shrink = 1) => {
  const bytes = Uint8Array.from(atob(png), (each) => each.charCodeAt(0));
  const file = new Blob([bytes], { type: "image/png" }), whole = await createImageBitmap(file);
  const image = await createImageBitmap(file, { resizeWidth: Math.round(whole.width / shrink), resizeQuality: "high" });
  const canvas = new OffscreenCanvas(image.width, image.height), ctx = canvas.getContext("2d");
  ctx.drawImage(image, 0, 0);
  return { width: image.width, height: image.height, data: ctx.getImageData(0, 0, image.width, image.height).data };
}"""
_READ = f"""async (png) => {{
  const {{ width, height, data }} = await ({_PIXELS})(png);
  let inked = 0, grey = true, light = 0;
  for (let n = 0; n < data.length; n += 4) {{
    const [r, g, b] = data.slice(n, n + 3);
    inked += Math.abs(r - data[0]) + Math.abs(g - data[1]) + Math.abs(b - data[2]) > 24;
    grey = grey && Math.max(r, g, b) - Math.min(r, g, b) <= 3;
    light += (r + g + b) / 765;
  }}
  const size = width * height;
  return [width, height, inked / size, grey, light / size];
}}"""
_DIFFER = f"""async ([first, second, shrink]) => {{
  const [a, b] = [await ({_PIXELS})(first, shrink), await ({_PIXELS})(second, shrink)];
  if (a.width !== b.width || a.height !== b.height) return 1;
  let count = 0;
  for (let n = 0; n < a.data.length; n += 4)
    count += [0, 1, 2].some((part) => Math.abs(a.data[n + part] - b.data[n + part]) > 20);
  return count / (a.width * a.height);
}}"""


_RENDER = """async ([svg, width, height]) => {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  return canvas.toDataURL("image/png").split(",")[1];
}"""


class Picture(NamedTuple):
    """A picture as numbers: its size, the share of pixels unlike its first corner, whether it is grey, how light."""

    width: int
    height: int
    inked: float
    grey: bool
    light: float


class Pictures:
    """Reads and compares PNG files."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def read(self, png: bytes) -> Picture:
        return Picture(*self._page.evaluate(_READ, _text(png)))

    def rendered(self, svg: str, width: int, height: int) -> bytes:
        """A PNG of an SVG, as the browser draws it at that size."""
        return base64.b64decode(self._page.evaluate(_RENDER, [svg, width, height]))

    def difference(self, first: bytes, second: bytes, shrink: int = 1) -> float:
        """The share of pixels that differ so much that one sees it, after shrinking both so many times."""
        return float(self._page.evaluate(_DIFFER, [_text(first), _text(second), shrink]))


def _text(png: bytes) -> str:
    return base64.b64encode(png).decode()
