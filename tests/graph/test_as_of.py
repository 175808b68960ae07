"""A graph as of another day is what a build for that day would have been."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.graph import as_of
from kg.graph.as_of import at
from kg.graph.connections import connections
from kg.graph.lookup import findings
from kg.graph.rdf.iris import node
from kg.graph.rdf.vocabulary import RELATION_GRAPHS, RELATIONS
from kg.graph.rdf_files import export_nquads
from kg.graph.store import GraphStore
from kg.graph.validate import check_invariants
from kg.model import Assertion, Code, CodeSystem, Concept, Kind, Polarity, Qualifier, Relation, Statement, Verdict
from kg.reference import Drug, Edition, Entry, Reference, Release

from .making import HCPCS, ICD, assertion, evidence, icd, write

OLD = Release("icd10cm-2025", CodeSystem.ICD10CM, "ICD-10-CM 2025", date(2024, 10, 1), True, "public", "here")
WHOLE = replace(HCPCS, identifier="hcpcs-2025", title="HCPCS 2025", complete=True)
CROSSWALK = Release("asp", CodeSystem.NDC, "ASP crosswalk", date(2025, 1, 1), False, "public", "here")
J3262, J1745, Q5135 = (Code.parse(code) for code in ("J3262", "J1745", "Q5135"))
TOCILIZUMAB, INFLIXIMAB = (Concept.named(Kind.DRUG, name) for name in ("tocilizumab", "infliximab"))
BIOSIMILAR = Concept.named(Kind.DRUG, "tocilizumab-aazg")
DRUGS = (Drug(TOCILIZUMAB, ("Actemra",)), Drug(BIOSIMILAR, ("Tyenne",), TOCILIZUMAB), Drug(INFLIXIMAB, ("Remicade",)))
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
DAYS = (date(2019, 1, 1), date(2024, 10, 1), BEFORE, AFTER, date(2026, 4, 1), date(2030, 1, 1))


def codes(*intervals: tuple[date | None, date | None]) -> tuple[Entry, ...]:
    """Codes of drugs, with when they hold; none given, they always do."""
    names = {
        J3262: "Injection, tocilizumab, 1 mg",
        Q5135: "Injection, tocilizumab-aazg (tyenne), biosimilar, 1 mg",
        J1745: "Injection, infliximab, excludes biosimilar, 10 mg",
    }
    held = [*intervals, *[(None, None)] * 3]
    return tuple(
        Entry(code, name, valid_from=held[n][0], valid_through=held[n][1], row=n + 1)
        for n, (code, name) in enumerate(names.items())
    )


DIAGNOSES = (
    icd("M05", "Rheumatoid arthritis with rheumatoid factor", None, False),
    icd("M05.7", "Rheumatoid arthritis without organ involvement", "M05", False),
    icd("M05.79", "Rheumatoid arthritis of multiple sites", "M05.7"),
    icd("M06.8", "Other rheumatoid arthritis"),
    icd("M06.9", "Rheumatoid arthritis, unspecified"),
)
# Of a year before: one code that was taken out, one that became a heading.
FORMER = (
    icd("M05", "Rheumatoid arthritis with rheumatoid factor", None, False),
    icd("M05.7", "Rheumatoid arthritis without organ involvement", "M05"),
    icd("M05.0", "Felty's syndrome", "M05"),
    icd("M06.8", "Other rheumatoid arthritis"),
    icd("M06.9", "Rheumatoid arthritis, unspecified"),
)


def known(*intervals: tuple[date | None, date | None], stated: Sequence[Statement] = ()) -> Reference:
    editions = [Edition(ICD, DIAGNOSES), Edition(OLD, FORMER), Edition(WHOLE, codes(*intervals))]
    return Reference.of([*editions, Edition(CROSSWALK, (), tuple(stated))], DRUGS)


def dump(store: GraphStore) -> list[str]:
    out = io.BytesIO()
    export_nquads(store, out)
    return out.getvalue().decode().splitlines()


@pytest.fixture
def ended(tmp_path: Path) -> Iterator[GraphStore]:
    """A graph of the day after the last one of J3262."""
    stated = [
        Assertion(Concept.of(J3262), Relation.IDENTIFIES_DRUG, TOCILIZUMAB, evidence("J3262 is tocilizumab.", 10)),
        assertion("icd10cm:M06.8", at=evidence("M06.8", 50)),
        assertion("icd10cm:M06.9", subject="hcpcs:J1745", at=evidence("M06.9", 90)),
    ]
    with GraphStore.open(write(tmp_path / "store", stated, known((None, BEFORE)), AFTER)) as store:
        yield store


def test_a_code_that_ended_is_disputed_from_the_next_day_on(ended: GraphStore) -> None:
    with at(ended, BEFORE) as before:
        for store, verdict in ((ended, Verdict.DISPUTED), (before, Verdict.CONSISTENT)):
            (found,) = connections(store, object=Concept.parse("M06.8"))
            assert found.verdict is verdict
        assert [f.reason for f in findings(ended)] == ["ended on 2025-06-30 (HCPCS 2025)"]
        assert [f.suggestion for f in findings(ended)] == [Concept.of(Q5135)]
        assert findings(before) == []


def test_edges_move_between_the_graphs_of_relations(ended: GraphStore) -> None:
    edge = (node(Concept.of(J3262)), RELATIONS[Relation.IDENTIFIES_DRUG], node(TOCILIZUMAB))
    with at(ended, BEFORE) as before:
        for store, verdict in ((ended, Verdict.DISPUTED), (before, Verdict.CORROBORATED)):
            there = [v for v, graph in RELATION_GRAPHS.items() if store.match(*edge, graph)]
            assert there == [verdict]


def test_what_does_not_depend_on_the_day_stays(ended: GraphStore) -> None:
    with at(ended, BEFORE) as before:
        other = [connections(store, subject=Concept.of(J1745)) for store in (ended, before)]
        assert other[0] == other[1]
        assert before.names.search("tocilizumab") == ended.names.search("tocilizumab")
        assert {*dump(before)} & {*dump(ended)} > {line for line in dump(ended) if "graph/ontology" in line}


def test_the_day_of_the_build_is_the_build(ended: GraphStore) -> None:
    assert at(ended, AFTER) is ended


def files(folder: Path) -> dict[str, tuple[str, int]]:
    return {
        str(file.relative_to(folder)): (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns)
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "days" not in file.relative_to(folder).parts
    }


def test_the_build_is_left_as_it_was(ended: GraphStore) -> None:
    before = files(ended.build)
    for day in DAYS:
        at(ended, day).close()
    assert files(ended.build) == before


def test_a_copy_has_the_checksums_of_its_files(ended: GraphStore) -> None:
    with at(ended, BEFORE) as copy:
        copy.verify()
        assert copy.manifest.checksums.keys() == copy.manifest.files.keys()
        assert [file.name for file in copy.build.parent.iterdir()] == [BEFORE.isoformat()]


def test_a_day_is_made_once_and_old_ones_are_forgotten(ended: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for year in range(2001, 2008):
        at(ended, date(year, 1, 1)).close()
        os.utime(ended.build / "days" / f"{year}-01-01", (year, year))
    kept = sorted(day.name for day in (ended.build / "days").iterdir())
    assert kept == ["2004-01-01", "2005-01-01", "2006-01-01", "2007-01-01"]
    monkeypatch.setattr(as_of, "change", None)
    at(ended, date(2007, 1, 1)).close()


def test_a_day_that_is_forgotten_while_it_is_open_goes_on(ended: GraphStore) -> None:
    with at(ended, BEFORE) as before:
        expected = dump(before)
        for year in range(2001, 2008):
            at(ended, date(year, 1, 1)).close()
        assert not before.build.exists()
        assert dump(before) == expected


def test_a_day_that_another_process_forgets_at_once(ended: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = dump(at(ended, BEFORE))
    open_build = GraphStore.of_build

    def forgotten(store: Path, build: Path) -> GraphStore:
        if "days" in build.parts:
            for file in sorted(build.rglob("*"), reverse=True):
                file.rmdir() if file.is_dir() else file.unlink()
            build.rmdir()
        return open_build(store, build)

    monkeypatch.setattr(GraphStore, "of_build", forgotten)
    assert dump(at(ended, BEFORE)) == expected


def test_where_nobody_may_write(ended: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = dump(at(ended, BEFORE))
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_: False)
        patch.setattr(tempfile, "tempdir", str(ended.build.parent.parent))
        with at(ended, date(2025, 6, 1)) as copy:
            assert not copy.build.exists()
            assert dump(copy) == expected
    assert not (ended.build / "days" / "2025-06-01").exists()


def test_where_files_may_only_be_read(ended: GraphStore) -> None:
    """A copy has to be writable, whatever the build is."""
    for file in ended.build.rglob("*"):
        if file.is_file():
            file.chmod(0o444)
    with at(ended, BEFORE) as copy:
        assert findings(copy) == []
        assert (copy.build / "quads" / "CURRENT").stat().st_mode & 0o200


def test_without_links(ended: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    expected = dump(at(ended, BEFORE))
    monkeypatch.setattr(os, "link", refuse)
    assert dump(at(ended, date(2025, 6, 1))) == expected


def test_a_copy_that_cannot_be_made_is_told_in_one_line(ended: GraphStore) -> None:
    (ended.build / "days").write_text("in the way")
    with pytest.raises(StoreError, match=r"cannot be shown as of 2025-06-30 \(") as error:
        at(ended, BEFORE)
    assert "\n" not in str(error.value)


ASK = """
import sys
from datetime import date
from kg.graph.as_of import at
from kg.graph.lookup import findings
from kg.graph.store import GraphStore
with GraphStore.open(sys.argv[1]) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    with at(store, date(2025, 6, 30)) as copy:
        print(len(findings(copy)), flush=True)
"""


def test_several_processes_at_once(ended: GraphStore) -> None:
    command = [sys.executable, "-c", ASK, str(ended.path)]
    asking = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in asking:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in asking:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60) for process in asking] == [("0\n", "")] * 3
    assert [day.name for day in (ended.build / "days").iterdir()] == ["2025-06-30"]


def test_a_build_of_other_rules_is_not_judged_by_these(ended: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_of, "made_by", lambda: "newer")
    assert at(ended, AFTER) is ended
    with pytest.raises(StoreError, match="built by another version of billing-kg; build it again for other days"):
        at(ended, BEFORE)


# --- the law ---------------------------------------------------------------------------------------------------------

OTHER = Concept.named(Kind.DRUG, "ustekinumab")
CURIES = ("icd10cm:M05", "icd10cm:M05.0", "icd10cm:M05.7", "icd10cm:M05.79", "icd10cm:M06.9", "icd10cm:M99.9")


@dataclass(frozen=True)
class World:
    """What releases say, and what documents state."""

    reference: Reference
    stated: tuple[Assertion, ...]

    def written(self, path: Path, day: date | None) -> GraphStore:
        return GraphStore.open(write(path, self.stated, self.reference, day))


def edges(draw: st.DrawFn) -> Iterator[tuple[Concept, Relation, Concept, tuple[tuple[Qualifier, Concept], ...]]]:
    """Edges of few kinds between few things, so that many share their codes and their places."""
    subjects = st.sampled_from(["hcpcs:J3262", "hcpcs:Q5135", "hcpcs:J1745", "hcpcs:J9999"]).map(Concept.parse)
    names = st.sampled_from([None, "Rheumatoid arthritis of multiple sites", "Felty's syndrome", "Gout"])
    for _ in range(draw(st.integers(1, 8))):
        subject, kind = draw(subjects), draw(st.sampled_from(["drug", "diagnosis", "diagnosis", "other"]))
        if kind == "drug":
            drugs = st.sampled_from([TOCILIZUMAB, BIOSIMILAR, INFLIXIMAB, OTHER])
            yield subject, Relation.IDENTIFIES_DRUG, draw(drugs), ()
        elif kind == "diagnosis":
            yield (
                subject,
                Relation.SUPPORTED_BY_DIAGNOSIS,
                Concept.parse(draw(st.sampled_from(CURIES)), draw(names)),
                (),
            )
        else:
            diagnosis = Concept.parse(draw(st.sampled_from(CURIES)))
            yield subject, Relation.SIMILAR_TO, draw(subjects), ((Qualifier.FOR_DIAGNOSIS, diagnosis),)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    days = st.sampled_from([None, *DAYS])
    intervals = [(draw(days), draw(days)) for _ in range(3)]
    stated: list[Assertion] = []
    for subject, relation, object, qualifiers in edges(draw):
        place, document = draw(st.integers(0, 3)), draw(st.sampled_from(["guide", "other"]))
        stated.append(
            Assertion(
                subject,
                relation,
                object,
                evidence(f"Words {place}.", place * 20, document),
                draw(st.sampled_from([Polarity.AFFIRMED, Polarity.AFFIRMED, Polarity.EXCLUDED])),
                qualifiers=qualifiers,
            )
        )
    ndc = Concept.parse("ndc:50242-0136-01")
    said = [
        Statement(ndc, Relation.BILLED_AS, Concept.of(J3262), 1, "a row", draw(days), draw(days)),
        Statement(Concept.of(J1745), Relation.BUNDLED_WITH, Concept.of(J3262), 2, "a pair", draw(days), draw(days)),
        Statement(Concept.of(J1745), Relation.BUNDLED_WITH, Concept.of(J3262), 3, "again", draw(days), draw(days)),
    ]
    return World(known(*intervals, stated=said), tuple(stated))


@pytest.mark.slow
@settings(max_examples=25)
@given(worlds(), st.sampled_from([None, *DAYS]), st.sampled_from(DAYS))
def test_as_of_a_day_is_a_build_for_that_day(world: World, built: date | None, asked: date) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        world.written(Path(folder, "one"), built) as store,
        world.written(Path(folder, "other"), asked) as expected,
        at(store, asked) as found,
    ):
        assert dump(found) == dump(expected)
        assert (found.manifest.counts, found.manifest.as_of) == (expected.manifest.counts, expected.manifest.as_of)
        assert check_invariants(found) == []
