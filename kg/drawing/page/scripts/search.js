// ---- Search: a code or a name, with the keyboard -------------------------------------------------------------------

const MOST_FOUND = 12;
let found = [];
let picked = 0;

// Codes that begin so come first, then names whose words do, then what holds the letters anywhere.
function findConcepts(text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  const rank = (number) => {
    const { code, name } = concepts[number],
      low = name.toLowerCase();
    if (code.toLowerCase().startsWith(wanted)) return 0;
    if (
      low.split(/[\s,(/-]+/).some((_, n, words) => words.slice(n).join(" ").startsWith(wanted)) ||
      low.startsWith(wanted)
    )
      return 1;
    return low.includes(wanted) || code.toLowerCase().includes(wanted) ? 2 : 3;
  };
  return concepts
    .map((_, number) => [rank(number), state.drawn.has(number) ? 0 : 1, number])
    .filter(([place]) => place < 3)
    .sort((first, second) => first[0] - second[0] || first[1] - second[1] || first[2] - second[2])
    .map(([, , number]) => number);
}

function fillSearch() {
  const input = make("input", {
    type: "search",
    id: "find",
    autocomplete: "off",
    role: "combobox",
    placeholder: TEXT.search.hint,
    maxlength: 100,
    "aria-label": TEXT.search.label,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "found",
    input: () => {
      picked = 0;
      showFound();
    },
    keydown: searchKey,
    blur: () => setTimeout(closeFound, 150),
  });
  const list = make("ul", { id: "found", role: "listbox", "aria-label": TEXT.search.label, hidden: "" });
  byId("search").replaceChildren(input, list, make("p", { id: "none", hidden: "" }, TEXT.search.none));
}

function showFound() {
  const input = byId("find"),
    list = byId("found");
  found = findConcepts(input.value).slice(0, MOST_FOUND);
  list.hidden = found.length === 0;
  byId("none").hidden = found.length > 0 || !input.value.trim();
  input.setAttribute("aria-expanded", String(found.length > 0));
  list.replaceChildren(
    ...found.map((number, place) => {
      const words = state.drawn.has(number) ? nameOf(number) : `${nameOf(number)} (${TEXT.search.notDrawn})`;
      return make(
        "li",
        {
          role: "option",
          id: `found-${place}`,
          "aria-selected": String(place === picked),
          mousedown: (event) => {
            event.preventDefault();
            pick(place);
          },
        },
        apart(words),
      );
    }),
  );
  if (found.length) input.setAttribute("aria-activedescendant", `found-${picked}`);
  else input.removeAttribute("aria-activedescendant");
  if (input.value.trim())
    announce(found.length ? fill(TEXT.search.results, { count: found.length }) : TEXT.search.none);
}

function closeFound() {
  byId("found").hidden = true;
  byId("none").hidden = true;
  byId("find").setAttribute("aria-expanded", "false");
}

function searchKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && found.length) {
    picked = (picked + step + found.length) % found.length;
    showFound();
    event.preventDefault();
  } else if (event.key === "Enter" && found.length) {
    pick(picked);
    event.preventDefault();
  } else if (event.key === "Escape") {
    byId("find").value = "";
    closeFound();
    byId("canvas").focus();
    event.stopPropagation();
  }
}

function pick(place) {
  const number = found[place];
  byId("find").value = "";
  closeFound();
  reach(number);
  open({ concept: number });
}

// Bring a concept into the picture: out of what waits in the file, and past what hides it.
function reach(number) {
  if (!state.drawn.has(number)) {
    const nearest = around[number].map((each) => otherEnd(each, number)).find((each) => state.drawn.has(each));
    if (nearest === undefined) grow(`alone ${number}`, nameOf(number), [number]);
    else grow(nearest, nameOf(nearest), [number]);
    state.opened.add(number);
    tell("visible");
  }
  if (spots.has(number)) centre(number);
}
