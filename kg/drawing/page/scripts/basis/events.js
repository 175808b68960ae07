// What the page tells itself. Whoever changes the state tells what has changed by it, once all of it is changed; who
// listens to what stands in start.js.
//
// `visible`: other things are shown;
// `select`: another thing is selected;
// `look`: the same things look otherwise;
// `view`: something else stands in the place of the picture.

/** @type {Record<EventName, (() => void)[]>} */
const listeners = { visible: [], select: [], look: [], view: [] };

/** @type {(event: EventName, listener: () => void) => void} */
export function on(event, listener) {
  listeners[event].push(listener);
}

/** @type {(event: EventName) => void} */
export function tell(event) {
  listeners[event].forEach((listener) => listener());
}
