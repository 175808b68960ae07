// The elements of the page, and how they are made. A string becomes a text node, never markup.

/** @type {(id: string) => any} */
export function byId(id) {
  return document.getElementById(id);
}

// Elements with attributes and children; an attribute that is a function listens.
/** @type {(name: string, attributes?: Record<string, any>, ...children: (Node | string | null)[]) => any} */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== null) element.setAttribute(key, String(value));
  }
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

/** @type {(text: Node | string, click: (event: Event) => void, attributes?: Record<string, any>) => HTMLElement} */
export function button(text, click, attributes = {}) {
  return make("button", { type: "button", click, ...attributes }, text);
}

// Text of unknown direction, so that a right-to-left mark in it turns nothing outside.
/** @type {(text: string) => HTMLElement} */
export function apart(text) {
  return make("bdi", {}, text);
}

// Show that a button of the page is on or off.
/** @type {(id: string, wanted: boolean) => void} */
export function press(id, wanted) {
  byId(id).setAttribute("aria-pressed", String(wanted));
}

// For those who listen to the page.
/** @type {(text: string) => void} */
export function announce(text) {
  byId("live").textContent = text;
}
