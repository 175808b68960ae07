from __future__ import annotations

import random
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from kg.drawing import Drawing, draw, pyvis_adapter
from kg.errors import Failure, MissingExtra, UnknownName, UsageError
from kg.model import Concept, Kind, Relation, Verdict
from kg.network import find_paths

from .samples import J0129, J3262, connect, neighbourhood, star

M069 = Concept.parse("M06.9", "Rheumatoid arthritis, unspecified")


def test_a_neighbourhood_is_drawn_whole_where_it_fits() -> None:
    drawing = draw(neighbourhood(), [J3262])
    assert drawing.title == "J3262 Injection, tocilizumab, 1 mg"
    assert len(drawing.concepts) == 40
    assert set(drawing.connections) == set(neighbourhood())
    assert drawing.left_out == {}


def test_what_was_asked_for_by_code_alone_gets_its_name() -> None:
    assert draw(neighbourhood(), [Concept.parse("J3262")]).title == "J3262 Injection, tocilizumab, 1 mg"


def test_without_a_focus_it_is_the_concept_with_most_connections() -> None:
    assert draw(neighbourhood()).title.startswith("J3262")


def test_a_page_is_cut_by_closeness_then_verdict_and_says_what_is_left_out() -> None:
    far = connect(Concept.parse("J9999"), Relation.SUPPORTED_BY_DIAGNOSIS, Concept.parse("M10.00"))
    doubtful = connect(J3262, Relation.DENIED_FOR, Concept.parse("denial:reason-3"), verdict=Verdict.DISPUTED)
    connections = [*(c for c in star(9) if c.object.curie != "denial:reason-3"), doubtful, far]
    assert Concept.parse("J9999") not in draw(connections, [J3262], max_nodes=9).concepts
    drawing = draw(connections, [J3262], max_nodes=8)
    assert {concept.curie for concept in drawing.waiting} == {"denial:reason-3", "hcpcs:J9999"}
    assert drawing.left_out == {}
    assert all(c.subject in drawing.concepts and c.object in drawing.concepts for c in drawing.connections)


def test_many_of_one_kind_do_not_push_out_the_few_of_another() -> None:
    few = [connect(J3262, Relation.ACCEPTS_MODIFIER, Concept.parse(f"modifier:{n}")) for n in range(50, 55)]
    drawing = draw([*star(160), *few], [J3262], max_nodes=60)
    kinds = [concept.kind for concept in drawing.concepts]
    assert len(kinds) == 60 and kinds.count(Kind.MODIFIER) == 5


def test_focus_and_paths_stay_whatever_the_limit() -> None:
    shared = connect(J0129, Relation.SUPPORTED_BY_DIAGNOSIS, M069)
    paths = find_paths([*neighbourhood(), shared], J3262, J0129)
    drawing = draw(neighbourhood(), paths=paths, max_nodes=1)
    assert drawing.concepts == (J3262, J0129, M069)
    assert drawing.title == "From J3262 Injection, tocilizumab, 1 mg to J0129 Injection, abatacept, 10 mg"


def test_what_is_farther_away_than_asked_waits() -> None:
    shared = connect(J0129, Relation.SUPPORTED_BY_DIAGNOSIS, M069)
    among = connect(Concept.parse("modifier:JW"), Relation.REPLACED_BY, Concept.parse("modifier:JZ"))
    drawing = draw([*neighbourhood(), shared, among], [J3262], depth=1)
    assert drawing.waiting == (J0129,)
    # Neither is a line between two that are both as far away as was asked.
    assert shared not in drawing.connections and among not in drawing.connections
    deeper = draw([*neighbourhood(), shared, among], [J3262], depth=2)
    assert deeper.waiting == () and {shared, among} <= set(deeper.connections)


def test_a_notebook_gets_a_frame_that_holds_the_page_and_asks_for_nothing() -> None:
    drawing = draw(neighbourhood(), [J3262], title='"><script>x</script>')
    shown = drawing._repr_html_()
    assert shown.startswith("<iframe srcdoc=") and shown.count("<iframe") == 1
    # What stands below the frame for notebooks that are not trusted holds nothing that runs.
    assert "<script" not in shown
    [source] = re.findall(r'srcdoc="([^"]*)"', shown)
    assert unescape(source) == drawing.html()
    assert "allow-same-origin" not in shown


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "page.html"
    file.write_text("before")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(Failure, match=r"cannot write .*page\.html: No space left"):
        draw(neighbourhood(), [J3262]).save(file)
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"] and file.read_text() == "before"


def test_a_focus_without_connections_is_drawn_alone() -> None:
    assert draw([], [J3262]).concepts == (J3262,)
    assert "J3262" in draw([], [J3262]).html()


def test_questions_without_sense_are_refused() -> None:
    with pytest.raises(UsageError, match="nothing to draw"):
        draw([])
    with pytest.raises(UsageError, match="not a number of nodes: 0"):
        draw([], [J3262], max_nodes=0)
    with pytest.raises(UnknownName, match="no such amount of quotes: 'some'"):
        draw([], [J3262], quotes="some")


def test_how_much_of_the_documents_goes_into_the_file_is_the_users_choice() -> None:
    quote = "Tocilizumab is supported for M06.9 " + "and so on " * 20 + "to the end."
    connections = [connect(J3262, Relation.SUPPORTED_BY_DIAGNOSIS, M069, quote)]
    pages = {quotes: draw(connections, quotes=quotes).html() for quotes in ("full", "short", "none")}
    assert quote in pages["full"]
    assert "to the end." not in pages["short"] and "Tocilizumab is supported for M06.9" in pages["short"]
    assert "is supported for M06.9" not in pages["none"]


def test_it_is_saved_as_the_page_and_nothing_beside_it(tmp_path: Path) -> None:
    drawing = draw(neighbourhood(), [J3262])
    file = drawing.save(tmp_path / "Übung für Ärzte.html")
    assert file.read_bytes().decode("utf-8") == drawing.html()
    assert list(tmp_path.iterdir()) == [file]
    with pytest.raises(Failure, match=r"cannot write .*nowhere"):
        drawing.save(tmp_path / "nowhere" / "x.html")


def test_without_pyvis_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyvis.network", None)
    with pytest.raises(MissingExtra, match=r"drawing needs .*billing-kg\[viz\]"):
        pyvis_adapter.container([], [], {})


def test_importing_the_package_does_not_import_pyvis() -> None:
    code = "import sys, kg.drawing; sys.exit('pyvis' in sys.modules or 'networkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_order_of_the_connections_does_not_matter() -> None:
    shuffled = neighbourhood()
    random.Random(7).shuffle(shuffled)
    assert draw(shuffled, [J3262]).html() == draw(neighbourhood(), [J3262]).html()


_WRITE = """
import sys; sys.path.insert(0, sys.argv[1])
from drawing.samples import J3262, neighbourhood
from kg.drawing import draw
draw(neighbourhood(), [J3262], notes=["\\u00c9 \\U0001d6fc"]).save(sys.argv[2])
"""


@pytest.mark.slow
def test_same_graph_same_bytes_whatever_the_machine(tmp_path: Path) -> None:
    pages = []
    for seed, encoding in (("1", "utf-8"), ("2", "ascii"), ("3", "cp1252")):
        file = tmp_path / seed
        subprocess.run(
            [sys.executable, "-X", "utf8=0", "-c", _WRITE, str(Path(__file__).parents[1]), str(file)],
            check=True,
            env={
                "PYTHONHASHSEED": seed,
                "LC_ALL": "C",
                "PYTHONCOERCECLOCALE": "0",
                "PYTHONIOENCODING": encoding,
            },
        )
        pages.append(file.read_bytes())
    assert pages[0] == pages[1] == pages[2]
    assert pages[0].decode() == draw(neighbourhood(), [J3262], notes=["É 𝛼"]).html()


def test_it_is_a_value() -> None:
    first: Drawing = draw(neighbourhood(), [J3262])
    assert first == draw(neighbourhood(), [J3262])
    assert "Injection" in repr(first) and len(repr(first)) < 200
