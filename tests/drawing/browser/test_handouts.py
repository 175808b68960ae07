"""Print: a lesson gives a handout, and what documents and releases say is printed as it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kg.drawing import Drawing

from ..samples import mistake_drawing
from .lessons import LESSON, lesson_drawing
from .opened import OpenFile
from .test_exports import printed


def test_a_lesson_is_printed_a_page_for_each_step_with_the_evidence(
    save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    opened = open_file(save(lesson_drawing()))
    opened.press("ArrowRight")
    before = opened.seen(), opened.evaluate("billingKg.state.step")
    pages = [page.extract_text() for page in printed(opened, landscape=True)]
    starts = [next(n for n, text in enumerate(pages) if step.title in text) for step in LESSON.steps]
    assert len(pages) >= 4 and starts == sorted(set(starts))
    assert "Step 1 of 4" in pages[0]
    assert "drug:tocilizumab" not in pages[0] and "tocilizumab | Tocilizumab |" in " ".join(pages[0].split())
    assert (opened.seen(), opened.evaluate("billingKg.state.step")) == before


def test_what_documents_and_releases_say_is_printed_with_date_and_in_light(
    save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    opened = open_file(save(mistake_drawing()), color_scheme="dark")
    [page] = printed(opened, landscape=True, print_background=True)
    text = " ".join(page.extract_text().split())
    for words in ("J3032 identifies the drug tezepelumab-ekko.", "Inj. eptinezumab-jjmr 1 mg", "J2356", "written 20"):
        assert words in text
    assert opened.evaluate("document.documentElement.dataset.theme") == "dark"
