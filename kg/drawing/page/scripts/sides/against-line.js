// The line under the title: how much is refuted or disputed in the picture, and the way to it.

import { showView } from "../actions/choosing.js";
import { data, TEXT } from "../basis/data.js";
import { button, byId, make } from "../basis/elements.js";
import { fill } from "../basis/words.js";
import { countAgainst } from "../state/against.js";
import { state } from "../state/state.js";

export function fillAgainstLine() {
  const { refuted, disputed, hanging } = countAgainst(),
    words = TEXT.against,
    isOpen = state.view === "findings";
  const parts = [
    refuted ? fill(words.refuted, { sign: data.verdicts.refuted.sign, count: refuted }) : "",
    disputed ? fill(words.disputed, { sign: data.verdicts.disputed.sign, count: disputed }) : "",
  ].filter(Boolean);
  const hang = hanging ? fill(refuted + disputed > 1 ? words.hangOnThem : words.hangOnIt, { count: hanging }) : "";
  const line = byId("against"),
    hadKeyboard = line.contains(document.activeElement);
  line.hidden = parts.length === 0;
  const way = button(parts.join(" · "), () => showView(isOpen ? "graph" : "findings"), {
    id: "show-against",
  });
  if (hang) way.append(make("span", { class: "hang" }, ` · ${hang}`));
  way.append(` · ${isOpen ? words.leave : words.show}`);
  line.replaceChildren(way);
  if (hadKeyboard) way.focus();
}
