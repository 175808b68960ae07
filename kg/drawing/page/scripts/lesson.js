// ---- The lesson: what appears, step by step ---------------------------------------------------------------------

function fillLesson() {
  const bar = byId("lesson"),
    { lesson } = data;
  bar.hidden = lesson === null;
  document.body.classList.toggle("teaching", lesson !== null && state.step !== null);
  if (!lesson) return;
  if (state.step === null) {
    bar.replaceChildren(
      make("span", { class: "step" }, apart(lesson.title)),
      button(TEXT.lesson.start, () => goTo(0), { id: "start-lesson" }),
    );
    return;
  }
  const count = lesson.steps.length,
    number = state.step + 1,
    last = number === count;
  bar.replaceChildren(
    make(
      "span",
      { class: "step" },
      make("span", { class: "number" }, fill(TEXT.lesson.step, { number, count })),
      apart(lesson.steps[state.step].title),
    ),
    button(TEXT.lesson.back, () => goTo(state.step - 1), {
      id: "lesson-back",
      ...(state.step ? {} : { disabled: "" }),
    }),
    button(TEXT.lesson.next, () => goTo(state.step + 1), { id: "lesson-next", ...(last ? { disabled: "" } : {}) }),
    button(TEXT.lesson.notes, toggleNotes, { id: "lesson-notes", title: TEXT.lesson.notesHint }),
    button(TEXT.lesson.leave, () => goTo(null), { id: "lesson-leave" }),
  );
}

// To a step of the lesson, or out of it with null; beyond its ends nothing happens.
function goTo(step) {
  if (step !== null && !data.lesson.steps[step]) return;
  const before = document.activeElement ? document.activeElement.id : "";
  state.step = step;
  state.lit = state.way = null;
  fillLesson();
  tell("visible");
  select(null);
  fit();
  if (step === null) return;
  const { title } = data.lesson.steps[step],
    count = data.lesson.steps.length;
  announce(`${fill(TEXT.lesson.step, { number: step + 1, count })}: ${title}`);
  const again = byId(before);
  if (before.startsWith("lesson-")) (again && !again.disabled ? again : byId("lesson-back")).focus();
}

function showStep() {
  const { title, notes } = data.lesson.steps[state.step];
  const before = state.step ? taught[state.step - 1] : { concepts: new Set(), connections: new Set() };
  const fresh = [...taught[state.step].concepts].filter((each) => !before.concepts.has(each));
  const joined = [...taught[state.step].connections].filter((each) => !before.connections.has(each));
  fillPanel(
    make("h2", {}, apart(title)),
    notes ? make("div", { class: "note" }, make("strong", {}, TEXT.lesson.notes), make("p", {}, apart(notes))) : null,
    listOf(fresh.map((each) => [isVeiled(each) ? TEXT.quiz.unknown : nameOf(each), () => open({ concept: each })])),
    make("ol", { class: "plain hops" }, ...joined.filter(isSeen).map(hopItem)),
  );
}
