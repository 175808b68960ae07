// Concepts and connections in words.

import { concepts, connections, data, TEXT } from "./data.js";

// "{count} found" and { count: 3 } are "3 found"; what is put in is not looked at again.
/** @type {(words: string, values: Record<string, unknown>) => string} */
export function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/** @type {(count: number, words: {one: string, many: string}) => string} */
export function plural(count, { one, many }) {
  return `${count} ${count === 1 ? one : many}`;
}

// What turns the direction of a text, or does not show; harmless only in elements that set text apart.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]+/g;

/** @type {(text: string) => string} */
export function printable(text) {
  return text.replace(UNPRINTABLE, " ");
}

/** @type {(number: number) => string} */
export function nameOf(number) {
  const { code, name } = concepts[number];
  return code && name ? `${code} ${name}` : code || name;
}

/** @type {(number: number) => string} */
export function spoken(number) {
  const { code, name } = concepts[number];
  return code && name ? fill(TEXT.sentence.named, { code, name }) : code || name;
}

/** @type {(number: number) => string} */
export function sentence(number) {
  const { subject, relation, object, excluded } = connections[number];
  const { says, denies } = data.relations[relation];
  return fill(TEXT.sentence.whole, {
    subject: spoken(subject),
    says: excluded ? denies : says,
    object: spoken(object),
  });
}

// The signs of a connection: whether a document says no to it, and its verdict.
/** @type {(connection: Connection) => string} */
export function marks({ excluded, verdict }) {
  return [excluded ? data.excludedSign : "", data.verdicts[verdict].sign].filter(Boolean).join(" ");
}
