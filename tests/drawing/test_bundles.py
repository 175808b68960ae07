"""Large groups of one relation stand as one row, until they are asked for."""

from __future__ import annotations

from itertools import combinations

from kg.drawing import Drawing, draw
from kg.drawing.layout import Plan, plans
from kg.drawing.lesson import Lesson, Step
from kg.drawing.still import still
from kg.model import Concept, Connection, Relation, Verdict

from .samples import J0129, J3262, connect, neighbourhood
from .test_plans import boxes, meet
from .test_writing import data_of


def diagnoses(count: int, verdict: Verdict = Verdict.CONSISTENT) -> list[Connection]:
    """So many of them, from C00.0 on."""
    codes = (Concept.parse(f"icd10cm:C{number // 10:02d}.{number % 10}", "A neoplasm") for number in range(count))
    return [connect(J3262, Relation.SUPPORTED_BY_DIAGNOSIS, code, verdict=verdict) for code in codes]


def hub(count: int = 262) -> Drawing:
    return draw([*neighbourhood(), *diagnoses(count)], [J3262])


def bundles(plan: Plan) -> list[str]:
    return [each.text for each in plan.more if each.bundle is not None]


def test_a_large_group_waits_and_one_row_says_how_much_it_is() -> None:
    drawing = hub()
    for plan in plans(drawing.selection, ()).values():
        # Five of the sample and those made here.
        assert bundles(plan) == ["267 diagnoses, C00–M31"]
        assert not [pair for pair in combinations(boxes(plan), 2) if meet(*pair)]
    assert len(drawing.waiting) == 267
    assert Concept.parse("modifier:JW") in drawing.concepts


def test_a_group_that_can_be_read_is_no_bundle() -> None:
    drawing = hub(30)
    assert drawing.waiting == () and not bundles(plans(drawing.selection, ())["panels"])


def test_a_bundle_says_how_much_of_it_is_disputed() -> None:
    disputed = diagnoses(3, Verdict.DISPUTED)
    drawing = draw([*neighbourhood(), *disputed, *diagnoses(60)[3:]], [J3262])
    assert bundles(plans(drawing.selection, ())["panels"]) == ["65 diagnoses, C00–M31 · ! 3"]


def test_what_is_refuted_and_what_a_lesson_names_stand_beside_a_bundle() -> None:
    refuted = Concept.parse("icd10cm:M35.3")
    assert refuted in hub().concepts
    named = Concept.parse("icd10cm:C07.7")
    lesson = Lesson("A", (J3262,), {}, (Step("A", concepts=(J3262, named)),))
    drawing = draw([*neighbourhood(), *diagnoses(262)], lesson=lesson)
    assert named in drawing.concepts and Concept.parse("icd10cm:C07.8") in drawing.waiting


def test_what_the_picture_is_about_is_not_put_away() -> None:
    alone = draw(diagnoses(100), [J3262])
    assert len(alone.concepts) == 101 and alone.waiting == ()


def test_whoever_asks_for_more_than_can_be_read_gets_it() -> None:
    drawing = draw([*neighbourhood(), *diagnoses(262)], [J3262], max_nodes=400)
    assert drawing.waiting == ()


def test_two_codes_are_compared_with_the_bundles_of_both() -> None:
    shared = [connect(J0129, each.relation, each.object) for each in diagnoses(50)]
    drawing = draw([*neighbourhood(), *diagnoses(100), *shared], [J3262, J0129])
    # What both have stands between them, what only one has beside it.
    assert sorted(bundles(plans(drawing.selection, ())["panels"])) == ["50 diagnoses, C00–C04", "55 diagnoses, C05–M31"]


def test_the_page_without_a_script_has_the_bundle_and_its_line() -> None:
    picture = still(data_of(hub().html()))
    assert any("267 diagnoses" in words for words, _ in picture.words)
    assert any(line["stroke-width"] == 5 for line in picture.lines)


UNIT = Concept.parse("quantity:1-mg", "1 mg")


def second_step(count: int = 50) -> list[Connection]:
    """Codes that share the billing unit of the focus, and one of them its drug as well."""
    codes = [Concept.parse(f"hcpcs:J{number}") for number in range(1000, 1000 + count)]
    drug = connect(codes[0], Relation.IDENTIFIES_DRUG, Concept.parse("drug:tocilizumab"))
    # What is disputed of something else says nothing of the group.
    farther = connect(codes[1], Relation.DENIED_FOR, Concept.parse("denial:other"), verdict=Verdict.DISPUTED)
    return [*(connect(code, Relation.BILLING_UNIT, UNIT) for code in codes), drug, farther]


def test_what_hangs_on_a_concept_two_steps_away_is_bundled_there() -> None:
    drawing = draw([*neighbourhood(), *second_step()], [J3262], depth=2)
    numbers = drawing.selection.numbers
    for plan in plans(drawing.selection, ()).values():
        [bundle] = [each for each in plan.more if each.bundle is not None]
        assert bundle.text == "49 HCPCS codes, J1001–J1049" and bundle.bundle == (numbers[UNIT],)
        assert any(each.text == "1 mg: ← billing unit" for each in plan.headings)
    # What something else leads to as well is drawn.
    assert Concept.parse("hcpcs:J1000") in drawing.concepts


def test_what_is_farther_away_than_is_drawn_is_in_no_bundle() -> None:
    drawing = draw([*neighbourhood(), *second_step()], [J3262], depth=1)
    assert bundles(plans(drawing.selection, ())["panels"]) == []
    assert len(drawing.waiting) == 51
