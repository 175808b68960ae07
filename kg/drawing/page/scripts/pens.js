// ---- Two pens that draw the same: one on a canvas, one as the elements of an SVG ---------------------------------

// A style is { fill, stroke, width, dashes }; points are [[x, y], …]. Text starts at x and is centred on y.
function canvasPen(ctx) {
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

const SVG = "http://www.w3.org/2000/svg";

function svgElement(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  element.append(...children);
  return element;
}

function tidy(number) {
  return Number(number.toFixed(2));
}

function svgPen(parent) {
  const look = ({ fill: inside = "none", stroke = "none", width = 1, dashes = [] }) => ({
    fill: inside,
    stroke,
    "stroke-width": width,
    ...(dashes.length ? { "stroke-dasharray": dashes.join(" ") } : {}),
  });
  const put = (name, attributes, ...children) => parent.append(svgElement(name, attributes, ...children));
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

// ---- What both draw ---------------------------------------------------------------------------------------------

// The colours of the page as it is now, light or dark, from its style sheet.
function colours(theme = document.documentElement.dataset.theme) {
  const style = getComputedStyle(document.documentElement);
  const named = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    theme: theme || "light",
    ink: named("text"),
    quiet: named("quiet"),
    ground: named("ground"),
    accent: named("accent"),
    focus: named("focus"),
    onFocus: named("on-focus"),
  };
}

function outline(shape, x, y, radius) {
  return SHAPES[shape].map(([dx, dy]) => [x + dx * radius, y + dy * radius]);
}

function moved(pieces, x, y) {
  return pieces.map((piece) => ({ ...piece, x: x + piece.x, y: y + piece.y }));
}

function drawMarker(pen, number, x, y, radius, strong, palette) {
  const { shape, fill: inside } = data.kinds[concepts[number].kind];
  const style = { fill: inside, stroke: strong ? palette.accent : palette.ink, width: strong ? 3 : 1.2 };
  pen.polygon(outline(shape, x, y, radius), style);
}

// A marker with its label beside it, on a plate that the lines go under; or a box with the label inside.
function drawConcept(pen, number, design, { side, x, y }, strong, palette) {
  const { focus, kind } = concepts[number],
    { half, radius, pieces, box } = design;
  if (side === "inside") {
    const style = {
      fill: focus ? palette.focus : palette.ground,
      stroke: strong ? palette.accent : data.kinds[kind].fill,
    };
    pen.box(x - half[0], y - half[1], 2 * half[0], 2 * half[1], 10, { ...style, width: strong ? 5 : 3 });
    drawMarker(pen, number, x - half[0], y, radius, strong, palette);
    moved(pieces, x, y).forEach((piece) => pen.text(piece, focus ? palette.onFocus : palette.ink));
    return;
  }
  if (pieces.length)
    drawPlate(
      pen,
      side === "right"
        ? [radius, box[1], box[2], box[3]]
        : side === "left"
          ? [box[0], box[1], -radius, box[3]]
          : [box[0], radius, box[2], box[3]],
      x,
      y,
      palette,
    );
  drawMarker(pen, number, x, y, radius, strong, palette);
  moved(pieces, x, y).forEach((piece) => pen.text(piece, palette.ink));
}

function drawPlate(pen, [left, top, right, bottom], x, y, palette) {
  pen.box(x + left + 2, y + top, right - left, bottom - top, 3, { fill: palette.ground });
}

function drawWords(pen, { pieces, box }, x, y, colour, palette) {
  drawPlate(pen, [box[0] - 2, box[1], box[2], box[3]], x, y, palette);
  moved(pieces, x, y).forEach((piece) => pen.text(piece, colour));
}
