// Two pens that draw the same: one on a canvas, one as the elements of an SVG.

import { FONT } from "./lettering.js";

// A style is { fill, stroke, width, dashes }; points are [[x, y], …]. Text starts at x and is centred on y.
/** @type {(ctx: CanvasRenderingContext2D) => Pen} */
export function canvasPen(ctx) {
  /** @type {(style: Style) => void} */
  const paint = ({ fill: inside, stroke, width = 1, dashes = [] }) => {
    if (inside) {
      ctx.fillStyle = inside;
      ctx.fill();
    }
    if (!stroke) return;
    ctx.setLineDash(dashes);
    ctx.lineWidth = width;
    ctx.strokeStyle = stroke;
    ctx.stroke();
    ctx.setLineDash([]);
  };
  return {
    polygon(points, style) {
      ctx.beginPath();
      points.forEach(([x, y]) => ctx.lineTo(x, y));
      ctx.closePath();
      paint(style);
    },
    curve([from, via, to], style) {
      ctx.beginPath();
      ctx.moveTo(...from);
      ctx.quadraticCurveTo(...via, ...to);
      paint(style);
    },
    box(x, y, width, height, round, style) {
      ctx.beginPath();
      ctx.roundRect(x, y, width, height, round);
      paint(style);
    },
    text({ text, font: face, x, y }, colour) {
      ctx.direction = "ltr";
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      ctx.font = face;
      ctx.fillStyle = colour;
      ctx.fillText(text, x, y);
    },
  };
}

export const SVG = "http://www.w3.org/2000/svg";

/** @type {(name: string, attributes: Record<string, unknown>, ...children: (Node | string)[]) => Element} */
export function svgElement(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, String(value)));
  element.append(...children);
  return element;
}

// A length with as many digits as can be seen.
/** @type {(number: number) => number} */
export function tidy(number) {
  return Number(number.toFixed(2));
}

/** @type {(parent: Element) => Pen} */
export function svgPen(parent) {
  /** @type {(style: Style) => Record<string, unknown>} */
  const look = ({ fill: inside = "none", stroke = "none", width = 1, dashes = [] }) => ({
    fill: inside,
    stroke,
    "stroke-width": width,
    ...(dashes.length ? { "stroke-dasharray": dashes.join(" ") } : {}),
  });
  /** @type {(name: string, attributes: Record<string, unknown>, ...children: string[]) => void} */
  const put = (name, attributes, ...children) => parent.append(svgElement(name, attributes, ...children));
  /** @type {(point: Point) => string} */
  const place = ([x, y]) => `${tidy(x)},${tidy(y)}`;
  return {
    polygon: (points, style) => put("polygon", { points: points.map(place).join(" "), ...look(style) }),
    curve: ([from, via, to], style) =>
      put("path", { d: `M${place(from)} Q${place(via)} ${place(to)}`, ...look(style) }),
    box: (x, y, width, height, round, style) =>
      put("rect", { x: tidy(x), y: tidy(y), width: tidy(width), height: tidy(height), rx: round, ...look(style) }),
    text: ({ text, font: face, x, y, size }, colour) =>
      put(
        "text",
        {
          x: tidy(x),
          y: tidy(y),
          fill: colour,
          "font-size": size,
          "font-family": FONT,
          "xml:space": "preserve",
          "dominant-baseline": "central",
          ...(face.startsWith("600") ? { "font-weight": 600 } : {}),
        },
        text,
      ),
  };
}
