"""The quiz: questions made from the lines, the same for a class, which nothing on the page gives away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.drawing import Drawing, draw
from kg.model import Concept, Relation

from ..samples import J3032, connect, mistaken
from .opened import Opened, OpenFile
from .test_access import violations


@pytest.fixture
def page(save: Callable[[Drawing], Path]) -> Path:
    connections, background = mistaken()
    connections += [
        connect(Concept.parse(f"J{number}"), Relation.IDENTIFIES_DRUG, Concept.parse(f"drug:drug-{number}"))
        for number in range(1000, 1006)
    ]
    connections += [connect(J3032, Relation.SIMILAR_TO, Concept.parse(f"J{number}")) for number in range(1000, 1006)]
    return save(draw(connections, [J3032], background=background))


@pytest.fixture
def quiz(page: Path, open_file: OpenFile) -> Opened:
    opened = open_file(page)
    opened.press("q")
    opened.click("#start-questions")
    return opened


def questions(opened: Opened) -> list[str]:
    """All questions of the quiz with their answers, gone through from the first."""
    found = []
    while opened.count("#question"):
        found.append(" | ".join([opened.text("#question"), *opened.texts(".answers button")]))
        opened.page.locator(".answers button").first.click()
        opened.click("#next-question")
    return found


def test_questions_have_four_answers_of_the_same_kind(quiz: Opened) -> None:
    asked = questions(quiz)
    assert 3 <= len(asked) <= 10 and all(each.count(" | ") == 4 for each in asked)
    assert any("Which drug? J1" in each for each in asked)
    [wrong] = [each for each in asked if "Which of these lines is wrong?" in each]
    assert "J3032 identifies the drug tezepelumab-ekko." in wrong
    [meant] = [each for each in asked if "Which code was meant?" in each]
    assert "J2356" in meant and "tezepelumab-ekko, 1 mg" not in meant


def test_the_answer_is_what_documents_and_releases_say_and_the_score_counts(quiz: Opened) -> None:
    while "wrong?" not in quiz.text("#question"):
        quiz.page.locator(".answers button").first.click()
        quiz.click("#next-question")
    before = int(quiz.text("#score").split()[0])
    assert quiz.count("#questions .evidence") == 0
    quiz.page.get_by_role("button", name="J3032 identifies the drug tezepelumab-ekko.").click()
    assert int(quiz.text("#score").split()[0]) == before + 1 and quiz.text(".outcome") == "Right."
    assert "Inj. eptinezumab-jjmr 1 mg" in quiz.text("#questions .evidence")
    assert quiz.focused() == "next-question"
    assert violations(quiz) == []


def test_a_class_gets_the_same_questions_by_number_and_by_link(quiz: Opened, page: Path, open_file: OpenFile) -> None:
    quiz.page.fill("#seed", "7")
    quiz.press("Enter")
    quiz.wait_for("location.hash.includes('seed=7')")
    link = quiz.evaluate("location.hash")
    other = open_file(page)
    other.evaluate("(hash) => { location.hash = hash; }", link)
    other.wait_for("billingKg.state.view === 'questions'")
    first = questions(quiz)
    assert questions(other) == first
    quiz.page.fill("#seed", "8")
    quiz.press("Enter")
    assert questions(quiz) != first


def test_nothing_on_the_page_gives_an_answer_away(quiz: Opened) -> None:
    assert not any(map(quiz.is_shown, ("h1", "#search", "#panel", "#against", "#show-findings")))
    quiz.click("#leave-questions")
    quiz.page.fill("#find", "tezepelumab")
    assert quiz.count("#found li") == 0
    quiz.page.fill("#find", "")
    quiz.press("Escape", "w")
    assert quiz.evaluate("billingKg.state.view") == "graph"
    quiz.click("#show-table")
    assert "tezepelumab" not in quiz.text("#table") and "is J2356" not in quiz.text("#table")
    assert not quiz.is_shown("#path")
