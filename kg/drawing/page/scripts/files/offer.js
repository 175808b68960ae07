// Files that the page offers to be saved.

import { data } from "../basis/data.js";
import { make } from "../basis/elements.js";

/** @type {(blob: Blob, name: string) => void} */
export function offer(blob, name) {
  const address = URL.createObjectURL(blob);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** @type {(ending: string) => string} */
export function fileName(ending) {
  const words = data.title
    .replace(/[^\p{L}\p{N}.-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 60);
  return `${words || "billing-kg"}.${ending}`;
}
