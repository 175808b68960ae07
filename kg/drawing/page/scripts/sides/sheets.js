// Where there is no room for panels, they open over the page: the legend with the path, the details, the menu.

import { byId } from "../basis/elements.js";
import { isCompact } from "../basis/screen.js";

const SHEETS = ["tools", "drawer", "sheet"];

/** @type {(id: string) => boolean} */
function isOpen(id) {
  return byId(id).classList.contains("open");
}

// Open one and close the others; null closes all. Nothing happens where all of them stand beside the picture.
/** @type {(wanted: string | null) => void} */
export function openSheet(wanted) {
  for (const id of SHEETS) {
    const open = id === wanted && isCompact(),
      opener = byId(`show-${id}`);
    byId(id).classList.toggle("open", open);
    if (opener) opener.setAttribute("aria-expanded", String(open));
  }
}

// Close what is open, and say whether anything was; the keyboard goes back to where it can go on.
/** @type {() => boolean} */
export function closeSheet() {
  const id = SHEETS.find(isOpen);
  if (!id) return false;
  const inside = byId(id).contains(document.activeElement);
  openSheet(null);
  if (inside)
    (byId(`show-${id}`) || document.querySelector("main > :not([hidden]) [tabindex]") || byId("list")).focus();
  return true;
}

export function watchSheets() {
  for (const id of SHEETS) {
    const opener = byId(`show-${id}`);
    if (opener) opener.addEventListener("click", () => openSheet(isOpen(id) ? null : id));
  }
  document.querySelectorAll(".close").forEach((each) => each.addEventListener("click", closeSheet));
}
