"""A lesson on the sample: four steps, with notes and a connection that waits for its step."""

from __future__ import annotations

from kg.drawing import Drawing, draw
from kg.drawing.lesson import Lesson, Step
from kg.model import Concept, Relation

from ..samples import J3262, neighbourhood

TOCILIZUMAB = Concept.parse("drug:tocilizumab")
JW, BIOSIMILAR = Concept.parse("modifier:JW"), Concept.parse("hcpcs:Q5133")
UNITS = "One unit is 1 mg. Ask the class how many units 480 mg are."
LESSON = Lesson(
    "Billing tocilizumab",
    (J3262,),
    {J3262: UNITS, JW: "Due where part of a vial is thrown away."},
    (
        Step("The code and its drug", "What does the J stand for?", (J3262, TOCILIZUMAB)),
        Step("How it is given", "", (), (Relation.ROUTE_OF_ADMINISTRATION,)),
        Step("Nothing is thrown away for free", "One of the two.", (JW, BIOSIMILAR)),
        Step("Easily confused", "", (), (), ((J3262, Relation.SIMILAR_TO, BIOSIMILAR),), (1,)),
    ),
)


def lesson_drawing() -> Drawing:
    """The sample with the lesson."""
    return draw(neighbourhood(), lesson=LESSON)


FRAMED = Lesson(
    "Billing tocilizumab",
    (J3262,),
    {},
    (
        Step("The code", "", (J3262, TOCILIZUMAB, JW, BIOSIMILAR), say="One unit is one milligram."),
        Step(
            "Its drug", hide=(JW,), marked=(J3262, TOCILIZUMAB), opened=(J3262, Relation.IDENTIFIES_DRUG, TOCILIZUMAB)
        ),
        Step("Alone", concepts=(JW,), only=(J3262, JW)),
    ),
)


def framed_drawing() -> Drawing:
    """The sample with a lesson that says, puts away, marks, opens and leaves alone."""
    return draw(neighbourhood(), lesson=FRAMED)
