"""Lessons: what appears in which order, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kg.drawing import Lesson, draw, read_lesson
from kg.errors import Failure, NotFound, UsageError
from kg.model import Concept, Connection, Relation, Verdict

from .samples import J0129, J3262, connect, neighbourhood

NAMES = {"tocilizumab": Concept.parse("drug:tocilizumab"), "JW": Concept.parse("modifier:JW")}
WHOLE = """
title: Billing tocilizumab
focus: [J3262]
notes:
  J3262: One unit is 1 mg.
steps:
  - title: The code
    show: [J3262, tocilizumab]
    notes: What does the J stand for?
  - title: How it is given
    show: [routeOfAdministration]
  - title: Easily confused
    edges: [[J3262, similarTo, Q5133]]
"""


def resolve(text: str) -> Concept:
    if text.startswith("X"):
        raise NotFound(f"no concept is called {text!r}")
    return NAMES.get(text) or Concept.parse(text)


def read(folder: Path, text: str) -> Lesson:
    file = folder / "lesson.yaml"
    file.write_text(text, "utf-8")
    return read_lesson(file, resolve)


def shown(lesson: Lesson, connections: list[Connection]) -> list[tuple[set[str], set[tuple[str, str, str]]]]:
    """By step, the concepts and connections that appear with it."""
    selection = draw(connections, lesson=lesson).selection
    steps = []
    for step in lesson.to_json(selection)["steps"]:
        joined = [selection.connections[number] for number in step["connections"]]
        edges = {(each.subject.key, each.relation.value, each.object.key) for each in joined}
        steps.append(({selection.concepts[number].key for number in step["concepts"]}, edges))
    return steps


def test_a_lesson_is_read_with_its_notes(tmp_path: Path) -> None:
    lesson = read(tmp_path, WHOLE)
    assert lesson.title == "Billing tocilizumab" and lesson.focus == (Concept.parse("J3262"),)
    assert lesson.notes == {Concept.parse("J3262"): "One unit is 1 mg."}
    assert [step.title for step in lesson.steps] == ["The code", "How it is given", "Easily confused"]
    assert lesson.steps[1].relations == (Relation.ROUTE_OF_ADMINISTRATION,)
    drawing = draw(neighbourhood(), lesson=lesson, max_nodes=5)
    assert drawing.title == "Billing tocilizumab"
    # What a lesson names is drawn, whatever the limit.
    assert {"Q5133", "tocilizumab"} <= {concept.key for concept in drawing.concepts}


def test_what_a_step_shows_stays_and_connections_follow_their_ends(tmp_path: Path) -> None:
    first, second, third = shown(read(tmp_path, WHOLE), neighbourhood())
    assert first == ({"J3262", "tocilizumab"}, {("J3262", "identifiesDrug", "tocilizumab")})
    assert second[0] == {"intravenous", "subcutaneous"}
    assert {edge[1] for edge in second[1]} == {"routeOfAdministration"}
    assert third == ({"Q5133"}, {("J3262", "similarTo", "Q5133")})


def test_a_connection_that_a_later_step_names_waits_for_it(tmp_path: Path) -> None:
    text = """
steps:
  - {title: Both, show: [J3262, JW]}
  - {title: Joined, edges: [[J3262, acceptsModifier, JW]]}
"""
    first, second = shown(read(tmp_path, text), neighbourhood())
    assert first == ({"J3262", "JW"}, set())
    assert second == (set(), {("J3262", "acceptsModifier", "JW")})


def test_a_relation_may_be_named_again_for_what_has_come_in_between(tmp_path: Path) -> None:
    text = """
steps:
  - {title: Modifiers, show: [J3262, acceptsModifier]}
  - {title: Another code, show: [J0129]}
  - {title: Its modifiers, show: [acceptsModifier]}
"""
    other = [connect(J0129, Relation.ACCEPTS_MODIFIER, NAMES["JW"])]
    first, second, third = shown(read(tmp_path, text), [*neighbourhood(), *other])
    assert ("J3262", "acceptsModifier", "JW") in first[1]
    assert second == ({"J0129"}, set())
    assert third == (set(), {("J0129", "acceptsModifier", "JW")})


def test_a_relation_does_not_lead_to_what_documents_exclude(tmp_path: Path) -> None:
    [(concepts, _)] = shown(read(tmp_path, "steps: [{title: A, show: [J3262, acceptsModifier]}]"), neighbourhood())
    assert "59" in concepts and "62" not in concepts


def test_what_a_lesson_shows_does_not_wait_however_far_it_is(tmp_path: Path) -> None:
    text = """
focus: [J3262]
steps:
  - {title: Far, edges: [[J0129, supportedByDiagnosis, M06.9]]}
  - {title: Farther, show: [acceptsModifier]}
"""
    far = [
        connect(J0129, Relation.SUPPORTED_BY_DIAGNOSIS, Concept.parse("M06.9")),
        connect(J0129, Relation.ACCEPTS_MODIFIER, Concept.parse("modifier:XU")),
    ]
    drawing = draw([*neighbourhood(), *far], lesson=read(tmp_path, text), depth=1)
    assert set(far) <= set(drawing.connections)
    assert Concept.parse("modifier:XU") in drawing.concepts


def test_the_focus_is_what_the_first_step_shows_where_none_is_named(tmp_path: Path) -> None:
    assert read(tmp_path, "steps: [{title: A, show: [J3262]}]").focus == (Concept.parse("J3262"),)
    by_edge = read(tmp_path, "steps: [{title: A, edges: [[J3262, similarTo, Q5133]]}]")
    assert [each.key for each in by_edge.focus] == ["J3262", "Q5133"]
    assert by_edge.title == "A"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "lesson.yaml: not a table of keys: nothing"),
        ("- a", ":1: not a table of keys: a sequence"),
        ("title: A", ":1: a lesson has at least one of 'steps'"),
        ("title: A\nsteps: []", ":2: a lesson has at least one of 'steps'"),
        ("titel: A\nsteps: []", ":1: no such key: 'titel' (one of title, focus, notes, layout, steps)"),
        ("title: A\ntitle: B\nsteps: []", ":2: twice: 'title'"),
        ("title: [A]\nsteps: [{title: A, show: [J3262]}]", ":1: not a text: a sequence"),
        ("steps:\n- show: [J3262]", ":2: a step has a 'title'"),
        ("steps:\n- title: A", ":2: nothing is shown in step 'A'"),
        ("steps:\n- title: A\n  show: J3262", ":3: not a list: 'J3262'"),
        ("steps:\n- title: A\n  show:\n  - J3262\n  - X99", ":5: no concept is called 'X99'"),
        ("steps:\n- title: A\n  edges: [[J3262, similarTo]]", ":3: an edge is [subject, relation, object], not a"),
        ("steps:\n- title: A\n  edges: [[J3262, likes, JW]]", ":3: no such relation: 'likes'"),
        ("steps:\n- title: &a A\n  show: [*a]", ":2: a lesson has no anchors, aliases or tags"),
        ("steps: !!python/object:os.system []", ":1: a lesson has no anchors, aliases or tags"),
        ("steps: [\n", ":2: not YAML: "),
        ("a: b: c", ":1: not YAML: mapping values are not allowed here"),
        ("steps:\n- title: a\x07", ":2: not YAML: the character '\\x07'"),
        ("[" * 500_000, ":1: nested too deep for a lesson"),
        ("\n".join(" " * depth + "a:" for depth in range(500)), "nested too deep for a lesson"),
        ("- a\n" * 60_000, ":25000: too long for a lesson"),
    ],
)
def test_what_is_no_lesson_is_refused_with_file_and_line(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises((UsageError, NotFound)) as caught:
        read(tmp_path, text)
    message = str(caught.value)
    assert words in message and message.startswith(str(tmp_path)) and "\n" not in message


def test_an_edge_that_the_graph_does_not_have_is_refused(tmp_path: Path) -> None:
    lesson = read(tmp_path, "steps:\n- title: A\n  edges:\n  - [J3262, similarTo, J9999]")
    with pytest.raises(NotFound, match=r"lesson\.yaml:4: not in the graph at this trust: J3262 similarTo J9999"):
        draw(neighbourhood(), [J3262], lesson=lesson)


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"cannot read .*none\.yaml"):
        read_lesson(tmp_path / "none.yaml", resolve)
    (tmp_path / "latin.yaml").write_bytes(b"title: \xe9")
    with pytest.raises(UsageError, match=r"latin\.yaml: not UTF-8: byte 7"):
        read_lesson(tmp_path / "latin.yaml", resolve)
    (tmp_path / "large.yaml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(UsageError, match=r"large\.yaml: a lesson has at most 1,000,000 bytes"):
        read_lesson(tmp_path / "large.yaml", resolve)


FRAMED = """
title: Billing tocilizumab
focus: [J3262]
layout: places.json
steps:
  - title: The code
    say: One unit is one milligram.
    show: [J3262, tocilizumab, JW]
  - title: What to remember
    hide: [JW]
    highlight: [tocilizumab, [J3262, identifiesDrug, tocilizumab]]
    open: [J3262, identifiesDrug, tocilizumab]
  - title: Alone
    show: [JW]
    only: [J3262, JW]
"""


def test_a_step_says_marks_opens_hides_and_leaves_alone(tmp_path: Path) -> None:
    lesson = read(tmp_path, FRAMED)
    assert lesson.layout == str(tmp_path / "places.json")
    selection = draw(neighbourhood(), lesson=lesson).selection
    first, second, third = lesson.to_json(selection)["steps"]
    code, drug, jw = (selection.numbers[each] for each in (J3262, NAMES["tocilizumab"], NAMES["JW"]))
    assert first["say"] == "One unit is one milligram." and "opened" not in first
    assert second["hide"] == [jw] and set(second["marked"]) == {code, drug}
    assert second["opened"] == second["markedLines"]
    assert selection.connections[second["opened"][0]].object == NAMES["tocilizumab"]
    # What was put away appears again.
    assert third["concepts"] == [jw] and third["only"] == [code, jw]


@pytest.mark.parametrize(
    ("key", "line"), [("only: [JZ]", 6), ("highlight: [JZ]", 6), ("open: [J3262, acceptsModifier, JZ]", 6)]
)
def test_what_a_step_marks_or_opens_has_to_be_shown_by_then(key: str, line: int, tmp_path: Path) -> None:
    first = "steps:\n- title: A\n  show: [J3262, tocilizumab]\n- title: B\n  say: Look.\n"
    text = f"{first}  {key}\n- title: C\n  show: [JZ]\n"
    lesson = read(tmp_path, text.replace("JZ", "modifier:JZ"))
    with pytest.raises(UsageError, match=rf"lesson\.yaml:{line}: \w+ names what is not shown by then: .*JZ"):
        draw(neighbourhood(), lesson=lesson)


def test_what_nothing_in_the_lesson_connects_to_is_told_with_its_line(tmp_path: Path) -> None:
    lesson = read(tmp_path, "steps:\n- title: A\n  show:\n  - J3262\n  - tocilizumab\n  - J0129\n")
    [told] = lesson.unconnected(draw(neighbourhood(), lesson=lesson).selection.connections)
    assert told.endswith("lesson.yaml:6: nothing that the lesson shows connects to J0129 at this trust")


BELOW = (connect(J0129, Relation.SIMILAR_TO, J3262, verdict=Verdict.UNCHECKED),)


@pytest.mark.parametrize(
    ("below", "words"),
    [
        (None, "nothing that the lesson shows connects to J0129 at this trust"),
        ((), "nothing that the lesson shows connects to J0129: the graph has no such line at any trust"),
        (BELOW, "J0129 is connected only below the trust chosen: J0129 similarTo J3262 is unchecked"),
    ],
)
def test_what_is_alone_is_told_apart_from_what_is_connected_below_the_trust(
    below: tuple[Connection, ...] | None, words: str, tmp_path: Path
) -> None:
    lesson = read(tmp_path, "steps:\n- title: A\n  show:\n  - J3262\n  - tocilizumab\n  - J0129\n")
    [told] = replace(lesson, below=below).unconnected(neighbourhood())
    assert told == f"{tmp_path}/lesson.yaml:6: {words}"


@pytest.mark.parametrize(
    ("below", "words"),
    [
        ((), "not in the graph at any trust: J0129 similarTo J3262"),
        (BELOW, "only below the trust chosen: J0129 similarTo J3262 is unchecked"),
    ],
)
def test_an_edge_below_the_trust_is_told_apart_from_one_that_is_not_there(
    below: tuple[Connection, ...], words: str, tmp_path: Path
) -> None:
    lesson = read(tmp_path, "steps:\n- title: A\n  edges:\n  - [J0129, similarTo, J3262]")
    with pytest.raises(NotFound, match=rf"lesson\.yaml:4: {words}"):
        draw(neighbourhood(), lesson=replace(lesson, below=below))
