// From one step of a lesson to the next: what stays glides to its new place, for those who like things that move.

import { state } from "../state/state.js";
import { network, putNodes, timesArranged } from "./picture.js";
import { shownConcepts, spots } from "./places.js";
import { hasWandered } from "./view.js";

// In milliseconds.
const LASTS = 260;

// Since when things glide: they do until they are there, or until everything gets another place.
let glidingSince = -1;

// While concepts move, what stands at them or between them is not drawn.
export function isGliding() {
  return glidingSince === timesArranged();
}

/** @type {(from: number, to: number, share: number) => number} */
function between(from, to, share) {
  return from + (to - from) * share;
}

function isStill() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches || state.view !== "graph" || document.hidden;
}

// Where vis-network has what is shown, and which part of it is in sight.
function here() {
  const places = new Map(shownConcepts().map((number) => [number, network.getPosition(number)]));
  return { places, middle: network.getViewPosition(), scale: network.getScale() };
}

// Change what is shown and where it stands, take it there, and bring into sight what is to be.
/** @type {(change: () => void, settle: () => void) => void} */
export function glide(change, settle) {
  const before = here();
  change();
  settle();
  const moved = shownConcepts().filter((number) => before.places.has(number));
  if (isStill() || !moved.length) return;
  const after = here(),
    turn = timesArranged(),
    begun = performance.now();
  /** @type {(share: number) => void} */
  const show = (share) => {
    putNodes(
      moved.map((id) => {
        const [from, to] = [before.places.get(id), spots.get(id)];
        return { id, x: between(from.x, to.x, share), y: between(from.y, to.y, share) };
      }),
    );
    if (hasWandered()) return;
    const position = {
      x: between(before.middle.x, after.middle.x, share),
      y: between(before.middle.y, after.middle.y, share),
    };
    network.moveTo({ position, scale: between(before.scale, after.scale, share), animation: false });
  };
  /** @type {(now: number) => void} */
  const frame = (now) => {
    if (timesArranged() !== turn) return;
    const share = Math.min(1, Math.max(0, (now - begun) / LASTS));
    glidingSince = share < 1 ? turn : -1;
    show(share * share * (3 - 2 * share));
    if (share < 1) requestAnimationFrame(frame);
    else if (!hasWandered()) settle();
  };
  frame(begun);
}
