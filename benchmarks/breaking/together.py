"""Several at once: two that build, and people who ask while others build; each answer is one of a whole graph."""

from __future__ import annotations

import random
from collections import Counter

from benchmarks.breaking.ground import QUESTIONS, Ground, Ran, same_answer

_ASKING = 3


def campaign(ground: Ground, times: int, chance: random.Random) -> Counter[str]:
    """Start two builds and some questions at once, so many times."""
    counts: Counter[str] = Counter()
    store = ground.copy("together")
    build = ("build", str(ground.guides), "--no-icd10cm", "--as-of", "2026-06-30")
    for _ in range(times):
        builders = [ground.start(store, *build) for _ in range(2)]
        questions = [chance.choice(QUESTIONS) for _ in range(_ASKING)]
        for question in questions:
            ran = ground.run(store, *question)
            counts += ran.faults
            counts["false no"] += ran.code == 1
            counts["damage"] += ran.code == 0 and not same_answer(ran.out, ground.answers[question[0]])
            counts["damage"] += ran.code not in (0, 1, None)
        ended = []
        for process in builders:
            out, err = process.communicate(timeout=300)
            ended.append(Ran(process.returncode, out, err))
        # The second one is refused in one line, unless the first one was done by then.
        counts += sum((ran.faults for ran in ended), Counter())
        counts["damage"] += sum(ran.code not in (0, 3) for ran in ended) + all(ran.code for ran in ended)
        counts += ground.faults_of_answers(store)
        counts["done"] += 1
    return counts
