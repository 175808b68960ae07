"""What is missing or wrong is told with what mends it; nothing is written, and nobody is asked."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from kg import shelf
from kg.doctor import State, Symptom, data, examine, installation
from kg.reference.stored import StoredReleases
from tests.cli.releases import hcpcs
from tests.cli.running import kg

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No store, releases and caches but those of the test, room enough, and no network."""
    for name in ("KG_STORE", "KG_TRUST", "KG_FORMAT", "KG_DECISIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KG_RELEASES", str(tmp_path / "releases"))
    monkeypatch.setattr(data.shutil, "disk_usage", lambda _: Usage(0, 0, 100 << 30))

    def refused(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("guide") / "guide.md"
    path.write_text("# HCPCS Code J3262\n\nAppend modifier JW.\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def built(guide: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_RELEASES", str(folder / "releases"))
        ran = kg("build", guide, "--no-icd10cm", "--store", folder / "graph")
    assert ran.code == 0, ran.err
    return folder / "graph"


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Path:
    """A graph that a test may break."""
    return Path(shutil.copytree(built, tmp_path / "graph"))


def to_mend(*documents: Path, store: Path | str = "") -> list[Symptom]:
    return [symptom for symptom in examine(str(store) or None, None, documents) if symptom.state is State.MEND]


def test_where_all_is_well_nothing_is_to_be_mended(store: Path, guide: Path) -> None:
    symptoms = list(examine(str(store), None, [guide]))
    assert [symptom for symptom in symptoms if symptom.state is State.MEND] == []
    found = {symptom.what: symptom.found for symptom in symptoms}
    assert found["graph"].startswith(f"{store}: whole, ")
    assert found["graph: documents"] == "1 as they were read"
    assert {"Python", "billing-kg", "own files", "environment", "cache", "folder of graph"} <= {*found}
    assert all(symptom.mend for symptom in symptoms if symptom.what == "releases" and "newest" in symptom.found)


def test_nothing_is_written(store: Path, tmp_path: Path) -> None:
    def state() -> dict[str, tuple[int, int]]:
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in tmp_path.rglob("*")}

    before = state()
    list(examine(str(store)))
    assert state() == before


def test_no_graph(tmp_path: Path) -> None:
    assert to_mend(store=tmp_path / "none") == [
        Symptom("graph", State.MEND, f"{tmp_path / 'none'}: none here", "kg build")
    ]


def flip(store: Path) -> None:
    file = next(store.glob("builds/1/quads/*.sst"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def cut(store: Path) -> None:
    (store / "builds" / "1" / "manifest.json").write_text("{")


def old(store: Path) -> None:
    file = store / "builds" / "1" / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "format": 1}))


@pytest.mark.parametrize(("breaks", "words"), [(flip, "damaged"), (cut, "damaged"), (old, "another version")])
def test_a_graph_that_cannot_be_trusted(store: Path, breaks: Callable[[Path], None], words: str) -> None:
    breaks(store)
    (symptom,) = to_mend(store=store)
    assert symptom.what == "graph" and words in symptom.found and symptom.mend == "kg build"


def test_a_graph_of_other_documents(store: Path, guide: Path, tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text("# HCPCS Code J0129\n", "utf-8")
    (tmp_path / "other.md").write_text("# HCPCS Code J0130\n", "utf-8")
    found = [symptom.found for symptom in to_mend(tmp_path / "guide.md", tmp_path / "other.md", store=store)]
    assert found == ["not in the graph: other.md", "changed since they were read: guide.md"]
    assert to_mend(tmp_path / "gone.md", store=store)[0].found == f"{tmp_path / 'gone.md'}: no such file or folder"


def test_a_graph_of_other_rules(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "made_by", lambda: "other rules")
    notes = {symptom.what for symptom in examine(str(store)) if symptom.state is State.NOTE}
    assert "graph: rules" in notes


def test_another_installation_of_the_same_has_the_same_releases(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data.index, "key_of", lambda *_, **__: "of files at other places and times")
    assert to_mend(store=store) == []
    (found,) = (symptom.found for symptom in examine(str(store)) if symptom.what == "graph: releases")
    assert found.startswith("the same, read by another installation")


def test_a_graph_of_other_releases_names_them(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = hcpcs(tmp_path, "HCPC2026_APR.txt", ("J0129", "Injection, abatacept, 10 mg"))
    ran = kg("reference", "add", table, "--since", "2026-04-01")
    assert ran.code == 0, ran.err
    (symptom,) = to_mend(store=store)
    assert symptom == Symptom(
        "graph: releases",
        State.MEND,
        "built without hcpcs-2026-04-excerpt, which is here",
        "kg build",
    )
    monkeypatch.setenv("KG_RELEASES", str(tmp_path / "none"))
    monkeypatch.setattr(data.index, "key_of", lambda *_, **__: "something else")
    bundled = [release for release in data.bundled_releases() if release.identifier != "bundled-nucc"]
    monkeypatch.setattr(data, "bundled_releases", lambda: iter(bundled))
    (symptom,) = to_mend(store=store)
    assert symptom.found == "built with bundled-nucc, which is not here"


def test_a_release_that_was_added_again_since_is_another(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kg("reference", "add", hcpcs(tmp_path, "HCPC2026_APR.txt", ("J0129", "Injection, abatacept, 10 mg")))
    of_the_user = list(StoredReleases(None).list())
    assert of_the_user
    read = data.index.read
    monkeypatch.setattr(data.index, "read", lambda file: SimpleNamespace(releases=[*read(file).releases, *of_the_user]))
    (symptom,) = to_mend(store=store)
    assert symptom.found.endswith(": added again since the graph was built")


def test_an_engine_is_not_asked() -> None:
    found = [symptom for symptom in examine("http://127.0.0.1:9/query") if symptom.what == "graph"]
    assert [(symptom.state, symptom.mend) for symptom in found] == [
        (State.NOTE, "kg push http://127.0.0.1:9/query --verify")
    ]


def test_damaged_releases(store: Path, tmp_path: Path) -> None:
    (tmp_path / "releases" / "hcpcs-2025-10").mkdir(parents=True)
    (tmp_path / "releases" / "hcpcs-2025-10" / "release.json").write_text("{")
    symptom = to_mend(store=store)[0]
    assert symptom.what == "releases" and "hcpcs-2025-10" in symptom.found
    assert symptom.mend.startswith("kg reference remove hcpcs-2025-10")


def test_a_damaged_cache(store: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache" / f"made-{'0' * 32}"
    kept.mkdir(parents=True)
    shelf.write(kept / "reference", [shelf.numbers("all", [1])])
    assert to_mend(store=store) == []
    (kept / "reference").write_bytes((kept / "reference").read_bytes()[:-1])
    assert to_mend(store=store) == [
        Symptom("cache", State.MEND, f"{kept / 'reference'}: damaged", f"rm {kept / 'reference'}")
    ]


def test_no_room_and_no_right_to_write(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data.shutil, "disk_usage", lambda _: Usage(0, 0, 1 << 29))
    assert {symptom.found.partition(": ")[2] for symptom in to_mend(store=store)} == {"0.5 GB free"}
    monkeypatch.setattr(data.os, "access", lambda *_: False)
    assert "cannot be written by this user" in to_mend(store=store)[0].found
    (tmp_path / "file").write_text("")
    assert to_mend(store=tmp_path / "file" / "graph")[0].found == f"{tmp_path / 'file'} is a file"


def test_a_mistyped_key_is_told_first_and_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "kg.toml"
    file.write_text('stroe = "graph"\n', "utf-8")
    monkeypatch.setenv("KG_CONFIG", str(file))
    (symptom,) = to_mend()
    assert symptom.found.startswith(f"{file}:1: no such key: 'stroe'; did you mean 'store'?")
    ran = kg("doctor", "--format", "json")
    assert ran.code == 1 and "did you mean 'store'?" in ran.out, "the command itself reads it as well"
    file.write_text('trust = "consistent"\n', "utf-8")
    found = [symptom.found for symptom in examine(str(tmp_path)) if symptom.what == "defaults"]
    assert found == [f"{file}: trust = consistent"]


def test_missing_and_unsuitable_libraries(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {"typer": "0.28.0", "pyoxigraph": "0.4.11"}

    def version(name: str) -> str:
        if name in ("pdfplumber", "lxml"):
            raise installation.PackageNotFoundError(name)
        return versions.get(name, "99.0" if name == "billing-kg" else real(name))

    real = installation.version
    monkeypatch.setattr(installation, "version", version)
    monkeypatch.setattr(
        installation, "requires",
        lambda _: ["lxml>=5.2", "pyoxigraph<0.6,>=0.5.2", "typer<0.28,>=0.26", "pdfplumber>=0.11.5; extra == 'pdf'"],
    )  # fmt: skip
    (symptom,) = to_mend(store=store)
    for words in ("lxml is missing", "pyoxigraph is 0.4.11, and >=0.5.2 is needed", "typer is 0.28.0, and <0.28 is"):
        assert words in symptom.found
    notes = {symptom.what: symptom for symptom in examine(str(store)) if symptom.state is State.NOTE}
    assert notes["extra pdf"].mend == "pip install 'billing-kg[pdf]'"


def test_every_extra_is_told_what_it_is_for() -> None:
    lines = installation.requires("billing-kg") or []
    extras = {match["extra"] for line in lines if (match := installation._REQUIREMENT.match(line))}
    assert extras - {None, "all"} == set(installation.EXTRAS)


def test_the_command_ends_with_1_where_something_is_to_be_mended(store: Path, tmp_path: Path) -> None:
    ran = kg("doctor", "--format", "json", "--store", store)
    assert (ran.code, ran.err) == (0, "all is well\n")
    assert {"what", "state", "found", "mend"} == set(json.loads(ran.out)[0])
    ran = kg("doctor", "--store", tmp_path / "none")
    assert (ran.code, ran.err) == (1, "1 thing to mend\n")
    assert "kg build" in ran.out
    assert [path.name for path in tmp_path.iterdir()] == ["graph"]


def test_a_list_of_fonts_that_does_not_come_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(command: list[str], **_: object) -> None:
        raise subprocess.TimeoutExpired(command, 10)

    monkeypatch.setattr(installation.shutil, "which", lambda name: name)
    monkeypatch.setattr(installation.subprocess, "run", hangs)
    assert [symptom.what for symptom in installation.shows()] == ["browser"]
