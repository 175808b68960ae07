// What the page is told: read once, and never changed.

import { byId } from "./elements.js";

/** @type {Payload} */
export const data = JSON.parse(byId("data").textContent);
export const concepts = data.concepts;
export const connections = data.connections;
export const TEXT = data.texts;
// The best comes first.
export const VERDICTS = Object.keys(data.verdicts);

// The numbers of the connections at each concept.
/** @type {number[][]} */
export const around = concepts.map(() => []);
connections.forEach((each, number) => {
  around[each.subject].push(number);
  if (each.object !== each.subject) around[each.object].push(number);
});

/** @type {(number: number, concept: number) => number} */
export function otherEnd(number, concept) {
  const { subject, object } = connections[number];
  return subject === concept ? object : subject;
}

/** @type {(connection: Connection) => string} */
export function strengthOf(connection) {
  return connection.assertions[0].strength;
}

// The steps of the lesson; without one there are none.
export const steps = data.lesson ? data.lesson.steps : [];

// What each step shows, with all that the steps before it showed.
/** @type {Members[]} */
export const taught = [];
steps.forEach((step, number) => {
  const before = number ? taught[number - 1] : { concepts: [], connections: [] };
  taught.push({
    concepts: new Set([...before.concepts, ...step.concepts]),
    connections: new Set([...before.connections, ...step.connections]),
  });
});
