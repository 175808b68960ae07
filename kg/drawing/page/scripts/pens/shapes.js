// Outlines of kinds around (0, 0), for the canvas, the legend and files alike.

/** @type {(corners: number, turn?: number, radii?: number[]) => Point[]} */
function polygon(corners, turn = 0, radii = [1]) {
  return Array.from({ length: corners }, (_, n) => {
    const angle = turn + (2 * Math.PI * n) / corners;
    const radius = radii[n % radii.length];
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });
}

/** @type {Point[]} */
const PLUS = [
  [-0.35, -1],
  [0.35, -1],
  [0.35, -0.35],
  [1, -0.35],
  [1, 0.35],
  [0.35, 0.35],
  [0.35, 1],
  [-0.35, 1],
  [-0.35, 0.35],
  [-1, 0.35],
  [-1, -0.35],
  [-0.35, -0.35],
];
/** @type {Record<string, Point[]>} */
const SHAPES = {
  circle: polygon(24),
  square: [
    [-0.85, -0.85],
    [0.85, -0.85],
    [0.85, 0.85],
    [-0.85, 0.85],
  ],
  sheet: [
    [-0.65, -1],
    [0.65, -1],
    [0.65, 1],
    [-0.65, 1],
  ],
  diamond: polygon(4, 0, [1.15]),
  hexagon: polygon(6, Math.PI / 6, [1.08]),
  triangle: polygon(3, 0, [1.15]),
  triangleDown: polygon(3, Math.PI, [1.15]),
  star: polygon(10, 0, [1.25, 0.58]),
  plus: PLUS,
  cross: PLUS.map(([x, y]) => [(x - y) * 0.71, (x + y) * 0.71]),
  pill: polygon(24).map(([x, y]) => [x * 0.62 + Math.sign(Math.round(x * 1e6)) * 0.68, y * 0.62]),
};

// The corners of a shape around a point.
/** @type {(shape: string, x: number, y: number, radius: number) => Point[]} */
export function outline(shape, x, y, radius) {
  return SHAPES[shape].map(([dx, dy]) => [x + dx * radius, y + dy * radius]);
}
