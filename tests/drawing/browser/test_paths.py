"""Criterion 12: the best path between two concepts of the page is that of Python, and no path is told as such."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path as File

import pytest

from kg.drawing import Drawing, draw
from kg.model import Concept, Connection, Path, Polarity, Relation, Verdict
from kg.network import find_paths

from ..samples import J0129, J3262, connect, neighbourhood
from .opened import Opened, OpenFile

GRAPHS = 15
RELATIONS = (
    Relation.SUPPORTED_BY_DIAGNOSIS, Relation.HAS_PAYER, Relation.SIMILAR_TO, Relation.BILLING_UNIT, Relation.BILLED_AS,
)  # fmt: skip


def random_graphs() -> list[Connection]:
    """Small graphs apart from each other, with parallel connections, loops, exclusions and all verdicts."""
    chance = random.Random(11)
    found = []
    for graph in range(GRAPHS):
        concepts = [Concept.parse(f"J{graph:02d}{number}0", f"Code {number} of graph {graph}") for number in range(7)]
        for _ in range(chance.randint(6, 14)):
            subject, object_ = chance.choice(concepts), chance.choice(concepts)
            found.append(
                connect(
                    subject,
                    chance.choice(RELATIONS),
                    object_,
                    verdict=chance.choice(list(Verdict)),
                    polarity=chance.choices(list(Polarity), [6, 1])[0],
                )
            )
    return list({(each.subject, each.relation, each.object, each.polarity): each for each in found}.values())


def ask(opened: Opened, start: str, end: str, floor: str) -> str:
    """Fill in the form; gives back what the page says."""
    if not opened.evaluate("document.getElementById('path-form').open"):
        opened.click("#path-form summary")
    opened.page.fill("#from", start)
    opened.page.fill("#to", end)
    opened.page.select_option("#floor", floor)
    opened.page.press("#to", "Enter")
    return opened.text("#path-said")


def chain(opened: Opened) -> list[str]:
    """The path that the panel tells."""
    return opened.text("#panel h2 + p").split(" → ")


def labels(path: Path) -> list[str]:
    return [concept.label for concept in path.concepts]


@pytest.fixture(scope="module")
def known() -> list[Connection]:
    return random_graphs()


@pytest.fixture(scope="module")
def many(known: list[Connection], tmp_path_factory: pytest.TempPathFactory, open_shared: OpenFile) -> Opened:
    """A page of all the random graphs; most of their concepts wait in the file."""
    drawing = draw(known, [known[0].subject], max_nodes=60)
    return open_shared(drawing.save(tmp_path_factory.mktemp("paths") / "page.html"))


def _pairs(known: list[Connection]) -> Iterator[tuple[Concept, Concept]]:
    """Some pairs of concepts of each graph."""
    graphs: dict[str, set[Concept]] = {}
    for each in known:
        graphs.setdefault(each.subject.key[:3], set()).update((each.subject, each.object))
    chance = random.Random(5)
    for concepts in graphs.values():
        pairs = list(combinations(sorted(concepts), 2))
        yield from chance.sample(pairs, min(3, len(pairs)))


def test_the_path_of_the_page_is_that_of_python(many: Opened, known: list[Connection]) -> None:
    lengths, none = [], 0
    for start, end in _pairs(known):
        expected = find_paths(known, start, end, 1)
        said = ask(many, start.curie, end.curie, "refuted")
        if not expected:
            assert said.startswith("No path from "), (start, end)
            none += 1
            continue
        assert chain(many) == labels(expected[0]), (start, end)
        assert f"cost {expected[0].cost:.1f}" in many.texts("#panel .kind")
        hops = [hop.connection for hop in expected[0].hops]
        lit = many.evaluate("[...billingKg.state.lit.connections]")
        told = [many.data["connections"][number] for number in lit]
        assert [(each["relation"], each["verdict"]) for each in told] == [(h.relation, h.verdict) for h in hops]
        assert set(lit) <= many.seen().connections
        lengths.append(len(hops))
    assert none >= 3 and lengths.count(1) >= 3 and max(lengths) >= 3


@pytest.mark.parametrize("floor", ["consistent", "disputed"])
def test_a_path_keeps_to_the_trust_floor(floor: str, many: Opened, known: list[Connection]) -> None:
    heard = Verdict.floor(floor)
    trusted = [each for each in known if each.verdict in heard]
    found = 0
    for start, end in list(_pairs(known))[::3]:
        exists = bool(find_paths(trusted, start, end, 1))
        said = ask(many, start.curie, end.curie, floor)
        assert said.startswith("No path from ") != exists, (start, end)
        if exists:
            lit = many.evaluate("[...billingKg.state.lit.connections]")
            assert {many.data["connections"][number]["verdict"] for number in lit} <= set(heard)
            found += 1
        else:
            assert f"at trust {floor}" in said and f"kg path {start.curie} {end.curie}" in said
            assert many.evaluate("billingKg.state.lit") is None
    assert found < len(list(_pairs(known))[::3])


def test_a_path_lights_up_and_the_rest_fades_and_it_can_be_read_aloud(opened: Opened) -> None:
    said = ask(opened, "M06.9", "modifier:JW", "disputed")
    assert said == (
        "2 steps from M06.9 (Rheumatoid arthritis, unspecified)"
        " to JW (Drug amount discarded, not administered to any patient)"
    )
    code = "J3262 (Injection, tocilizumab, 1 mg)"
    assert opened.texts("#panel ol button") == [
        f"✓ {code} is supported by the diagnosis M06.9 (Rheumatoid arthritis, unspecified).",
        f"✓ {code} accepts the modifier JW (Drug amount discarded, not administered to any patient).",
    ]
    assert opened.texts("#panel ol .kind") == ["tocilizumab, line 10"] * 2
    opacities = opened.evaluate(
        "billingKg.network.body.data.edges.get().filter(({ hidden }) => !hidden)"
        ".map(({ id, color }) => [id, color.opacity])"
    )
    lit = {opened.connection("icd10cm:M06.9"), opened.connection("modifier:JW")}
    assert {number for number, opacity in opacities if opacity == 1} == lit
    assert len(opened.seen().concepts) == 39
    opened.page.locator("#panel ol button").first.click()
    assert opened.text("#panel blockquote").startswith("M06.9 |")
    opened.press("Escape", "Escape")
    assert opened.evaluate("billingKg.state.lit") is None
    assert opened.texts("#panel h2") == ["J3262"]


def test_what_is_not_on_the_page_and_what_is_the_same_is_said(opened: Opened) -> None:
    assert ask(opened, "M06.9", "Z99.89", "disputed") == "Not on this page: Z99.89"
    assert ask(opened, "", "M06.9", "disputed") == "Not on this page: "
    assert ask(opened, "M06.9", "Rheumatoid arthritis, unspecified", "disputed") == (
        "A path needs two different concepts."
    )
    assert opened.evaluate("billingKg.state.lit") is None
    assert ask(opened, "m06.9", "aetna", "disputed").startswith("2 steps from M06.9")


def test_a_path_starts_and_ends_where_the_panel_says(opened: Opened) -> None:
    for curie, button in (("icd10cm:M06.9", "from"), ("payer:aetna", "to")):
        opened.click_marker(opened.number(curie))
        opened.click(f"#panel .{button}")
    assert opened.page.input_value("#from").startswith("M06.9") and opened.page.input_value("#to") == "Aetna"
    if opened.text("#path-said") == "":
        opened.click("#find-path")
    assert opened.text("#path-said").startswith("2 steps from M06.9")


def test_a_page_of_paths_tells_each_of_them_hop_by_hop(save: Callable[[Drawing], File], open_file: OpenFile) -> None:
    shared = Concept.parse("M06.9", "Rheumatoid arthritis, unspecified")
    payer = Concept.parse("payer:aetna", "Aetna")
    connections = [
        *neighbourhood(),
        connect(J0129, Relation.SUPPORTED_BY_DIAGNOSIS, shared, "Abatacept is for M06.9."),
        connect(J0129, Relation.HAS_PAYER, payer),
    ]
    paths = find_paths(connections, J3262, J0129)
    assert len(paths) == 2
    opened = open_file(save(draw([], paths=paths)))
    headings = opened.texts("#panel h3")
    assert headings == [f"Path {number} · cost {path.cost:.1f}" for number, path in enumerate(paths, 1)]
    assert opened.texts("#panel ol button") == [
        f"✓ {hop.connection.subject.key} ({hop.connection.subject.name}) {says} "
        + (f"{hop.connection.object.key} ({hop.connection.object.name})." if hop.connection.object.kind.is_code
           else f"{hop.connection.object.name}.")
        for path in paths
        for hop in path.hops
        for says in [opened.data["relations"][hop.connection.relation.value]["says"]]
    ]  # fmt: skip
    opened.page.locator("#panel ol button", has_text="J0129").first.click()
    assert opened.text("#panel blockquote") in ("Abatacept is for M06.9.", "aetna | Aetna |")
