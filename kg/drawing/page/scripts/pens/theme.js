// Light or dark: the colours of the page are those of its style sheet.

import { data } from "../basis/data.js";
import { press } from "../basis/elements.js";

/** @type {() => Colours} */
function readColours() {
  const { theme } = document.documentElement.dataset;
  const style = getComputedStyle(document.documentElement);
  /** @type {(name: string) => string} */
  const named = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    theme: theme === "dark" ? "dark" : "light",
    ink: named("text"),
    quiet: named("quiet"),
    ground: named("ground"),
    accent: named("accent"),
    focus: named("focus"),
    onFocus: named("on-focus"),
  };
}

let colours = readColours();

// The colours of now.
export function palette() {
  return colours;
}

/** @type {(dark: boolean) => void} */
export function setTheme(dark) {
  const { dataset, style } = document.documentElement;
  dataset.theme = dark ? "dark" : "light";
  for (const [verdict, look] of Object.entries(data.verdicts)) {
    style.setProperty(`--${verdict}`, look[dark ? "dark" : "light"]);
  }
  press("dark", dark);
  colours = readColours();
}
