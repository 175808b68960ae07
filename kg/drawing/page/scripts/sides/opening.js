// Expanding a concept for everybody to see, also where the server does not answer.

import { expand } from "../actions/growing.js";
import { TEXT } from "../basis/data.js";
import { fill, printable } from "../basis/words.js";
import { announceLoudly } from "./caption.js";

/** @type {(number: number, relation?: string) => Promise<void>} */
export async function openUp(number, relation) {
  try {
    await expand(number, relation);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    announceLoudly(fill(TEXT.notFetched, { reason: printable(reason) }));
  }
}
