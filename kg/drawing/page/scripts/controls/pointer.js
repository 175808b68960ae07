// Clicking and dragging in the picture.

import { reveal, select } from "../actions/choosing.js";
import { growSign } from "../actions/growing.js";
import { byId } from "../basis/elements.js";
import { network } from "../picture/picture.js";
import { moveSpot } from "../picture/places.js";
import { hit, wander } from "../picture/view.js";
import { openSheet } from "../sides/sheets.js";
import { rememberMove } from "../state/moves.js";
import { isVeiled } from "../state/shown.js";
import { state } from "../state/state.js";
import { remember } from "./history.js";

/** @type {(point: {x: number, y: number}) => void} */
function click(point) {
  const found = hit(point);
  if (found && found.sign) growSign(found.sign);
  else if (found && found.concept !== undefined && isVeiled(found.concept)) reveal(found.concept);
  else select(found);
  openSheet(state.selected ? "sheet" : null);
}

// vis-network waits whether a click is half of a double click; a class should not.
export function watchPointer() {
  /** @type {{x: number, y: number} | null} */
  let down = null;
  /** @type {HTMLElement} */
  const canvas = byId("canvas");
  /** @type {(event: PointerEvent) => {x: number, y: number}} */
  const at = ({ clientX, clientY }) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  /** @type {(event: PointerEvent) => void} */
  const press = (event) => {
    down = event.button === 0 ? at(event) : null;
  };
  /** @type {(event: PointerEvent) => void} */
  const release = (event) => {
    const up = at(event);
    if (down && Math.hypot(up.x - down.x, up.y - down.y) < 5) click(up);
    down = null;
  };
  canvas.addEventListener("pointerdown", press, true);
  canvas.addEventListener("pointerup", release, true);
}

// What was dragged stays where it was put.
/** @type {(dragged: {nodes: number[]}) => void} */
export function rememberPlaces({ nodes: dragged }) {
  wander();
  dragged.forEach((number) => {
    const { x, y } = network.getPosition(number);
    rememberMove(number, x, y);
    moveSpot(number, x, y);
  });
  remember();
}
