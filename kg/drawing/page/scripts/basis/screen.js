// The window: how much room there is, and whether the page stands in a frame of another.

// Below this there is no room for panels beside the picture.
const ROOM = 800;
// Below this height not even for a picture with a title above it.
const LOW = 480;

// A notebook shows a page in a frame, which scrolls with all that stands around it.
export const isFramed = window.self !== window.top;

/** @type {() => boolean} */
export function isCompact() {
  return isFramed || window.innerWidth < ROOM || window.innerHeight < ROOM;
}

// A phone, or a page that is enlarged: as wide as a column of text.
/** @type {() => boolean} */
export function isNarrow() {
  return window.innerWidth < ROOM || window.innerHeight < LOW;
}

// Style sheets ask no frames, so the page says how it stands.
export function markScreen() {
  const { classList } = document.documentElement;
  classList.toggle("compact", isCompact());
  classList.toggle("narrow", isNarrow());
}
