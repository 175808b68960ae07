"""`kg reference`: what is added, fetched, listed, shown and removed."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from .running import installed, kg, rows

ORDER = [
    ("00001", "A00    ", "0", "Cholera"),
    ("00002", "A000   ", "1", "Cholera due to Vibrio cholerae"),
]
COLUMNS = ["release", "title", "since", "complete", "codes", "statements", "rows", "left_out", "licence", "from"]
BUILT_IN = [
    "icd10cm-2026-04", "bundled-asp-crosswalk", "bundled-cpt", "bundled-hcpcs", "bundled-hcpcs-modifiers",
    "bundled-modifiers", "bundled-nucc", "bundled-specialties",
]  # fmt: skip


@pytest.fixture(autouse=True)
def releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "releases"
    monkeypatch.setenv("KG_RELEASES", str(folder))
    return folder


def order(folder: Path, name: str = "icd10cm-order-Jan-2021.txt", extra: str = "", short: str = "Cholera") -> Path:
    """A small order file of ICD-10-CM."""
    path = folder / name
    path.write_text("".join(f"{n} {code} {flag} {short:60} {long}\n" for n, code, flag, long in ORDER) + extra)
    return path


def test_the_group_alone_shows_its_commands() -> None:
    ran = kg("reference")
    assert "Traceback" not in ran.err
    for name in ("add", "fetch", "list", "remove", "show"):
        assert f"\n  {name} " in ran.out + ran.err
        assert kg("reference", name, "--help").out.startswith(f"Usage: kg reference {name} ")


def test_adding_and_listing(tmp_path: Path) -> None:
    ran = kg("reference", "add", order(tmp_path, extra="00003 not a line\n"))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "added icd10cm-2021-01: 2 codes from 3 rows, 1 left out\n"
    ran = kg("reference", "list", "--format", "jsonl")
    assert (ran.code, ran.err) == (0, "")
    first, *others = rows(ran.out, "jsonl")
    assert [other["release"] for other in others] == BUILT_IN
    assert {other["from"] for other in others} == {"comes with billing-kg"}
    assert [first[name] for name in ("title", "since", "codes", "statements", "rows", "left_out", "from")] == [
        "ICD-10-CM January 2021", "2021-01-01", 2, 0, 3, 1, "icd10cm-order-Jan-2021.txt",
    ]  # fmt: skip
    assert first["complete"] is False
    assert first["sha256"]


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "table"])
def test_a_list_in_every_format(tmp_path: Path, format: str) -> None:
    kg("reference", "add", order(tmp_path))
    ran = kg("reference", "list", "--format", format)
    assert (ran.code, ran.err) == (0, "")
    assert all(name in ran.out for name in (*BUILT_IN, "icd10cm-2021-01"))
    if format == "csv":
        assert list(rows(ran.out, "csv")[0]) == COLUMNS


def test_a_list_reads_no_large_release() -> None:
    ran = installed("reference", "list", "--format", "csv")
    assert (ran.code, ran.err) == (0, "")
    assert "icd10cm-2026-04,ICD-10-CM April 2026,2026-04-01,true,,,,," in ran.out


def test_the_same_again_and_a_contradiction(tmp_path: Path) -> None:
    kg("reference", "add", order(tmp_path))
    again = kg("reference", "add", order(tmp_path, "copy-Jan-2021.txt"))
    assert (again.code, again.err) == (0, "already there: icd10cm-2021-01: 2 codes from 2 rows, 0 left out\n")
    other = order(tmp_path, "other-Jan-2021.txt")
    other.write_text(other.read_text().replace("due to", "by"))
    ran = kg("reference", "add", other)
    assert ran.code == 3
    assert ran.error.startswith(f"kg: {other}: icd10cm-2021-01 is stored from icd10cm-order-Jan-2021.txt, and differs")
    assert "on A00.0: name 'Cholera due to Vibrio cholerae' (row 2) in that, name 'Cholera by" in ran.error
    assert kg("reference", "add", other, "--replace").code == 0


def test_several_files_each_on_its_own(tmp_path: Path) -> None:
    good, bad = order(tmp_path), tmp_path / "letter.txt"
    bad.write_text("Dear reader,\n")
    ran = kg("reference", "add", bad, tmp_path / "none", good)
    assert ran.code == 3
    added, first, second = ran.err.splitlines()
    assert added.startswith("added icd10cm-2021-01")
    assert first.startswith(f"kg: {bad}: no release that billing-kg knows (looked for HCPCS")
    assert second == f"kg: {tmp_path / 'none'}: cannot be read (no such file or directory)"
    assert len(rows(kg("reference", "list", "--format", "csv").out, "csv")) == 1 + len(BUILT_IN)


def test_a_date_of_the_user(tmp_path: Path) -> None:
    path = order(tmp_path, "order.txt")
    assert "added icd10cm-2022-10" in kg("reference", "add", path, "--since", "2022-10-01").err
    ran = kg("reference", "add", path, "--since", "October")
    assert ran.code == 2
    assert "October" in ran.err


def test_showing_what_was_left_out(tmp_path: Path) -> None:
    kg("reference", "add", order(tmp_path, extra="00003 not a line\n"))
    ran = kg("reference", "show", "icd10cm-2021-01")
    assert (ran.code, ran.err) == (0, "")
    assert "title: ICD-10-CM January 2021\n" in ran.out
    assert "complete: false\n" in ran.out
    assert "  1 row: " in ran.out
    assert "00003 not a line" in ran.out
    (left,) = rows(kg("reference", "show", "icd10cm-2021-01", "--format", "csv").out, "csv")
    assert (left["row"], left["text"]) == ("3", "00003 not a line")


def test_many_rows_left_out_are_cut_for_people_only(tmp_path: Path) -> None:
    kg("reference", "add", order(tmp_path, extra=ORDER[0][0] + " A00     0 Cholera" + " " * 54 + "Cholera\n"))
    path = order(tmp_path, "order-Jan-2022.txt")
    path.write_text(path.read_text() * 20)
    kg("reference", "add", path)
    ran = kg("reference", "show", "icd10cm-2022-01")
    assert ran.err == "18 rows more; --format csv gives all\n"
    assert len(rows(kg("reference", "show", "icd10cm-2022-01", "--format", "json").out, "json")) == 38


def test_showing_what_comes_with_billing_kg() -> None:
    ran = kg("reference", "show", "bundled-cpt")
    assert (ran.code, ran.err) == (0, "")
    assert "from: comes with billing-kg\n" in ran.out
    assert kg("reference", "show", "none").code == 1


def test_removing(tmp_path: Path) -> None:
    kg("reference", "add", order(tmp_path))
    ran = kg("reference", "remove", "icd10cm-2021-01")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("removed icd10cm-2021-01 (icd10cm-order-Jan-2021.txt)\n")
    ran = kg("reference", "remove", "icd10cm-2021-01")
    assert ran.code == 1
    assert "no such release: 'icd10cm-2021-01'" in ran.error


def test_a_damaged_release_hides_no_other(tmp_path: Path, releases: Path) -> None:
    kg("reference", "add", order(tmp_path))
    (releases / "icd10cm-2021-01" / "release.json").write_text("{")
    ran = kg("reference", "list", "--format", "csv")
    assert ran.code == 3
    assert "bundled-cpt" in ran.out
    assert ran.err == (
        f"kg: {releases / 'icd10cm-2021-01'}: no readable record; "
        "remove it with 'kg reference remove icd10cm-2021-01' and add it again\n"
    )
    assert kg("reference", "remove", "icd10cm-2021-01").err.startswith("removed icd10cm-2021-01\n")
    assert kg("reference", "list", "--format", "csv").code == 0


def test_another_folder(tmp_path: Path, releases: Path) -> None:
    kg("reference", "add", order(tmp_path), "--releases", tmp_path / "there")
    assert (tmp_path / "there" / "icd10cm-2021-01" / "release.json").exists()
    assert not releases.exists()
    assert "icd10cm-2021-01" in kg("reference", "list", "--releases", tmp_path / "there").out


def test_fetching_what_is_not_there(tmp_path: Path) -> None:
    ran = kg("reference", "fetch", "cpt")
    assert ran.code == 2
    assert (
        ran.error == "kg: not a release that can be fetched: 'cpt'; it is one of asp, hcpcs, icd10cm, mcd, ncci, nucc"
    )
    ran = kg("reference", "fetch", "hcpcs", "--publishers", tmp_path / "none")
    assert ran.code == 3
    assert ran.error.startswith(f"kg: {tmp_path / 'none'}: cannot be read")


def test_fetching_from_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(SimpleHTTPRequestHandler, "log_message", lambda *_: None)
    site = tmp_path / "site"
    site.mkdir()
    order(site, "icd10cm-order-Jan-2021.txt")
    (site / "page.html").write_text('<a href="icd10cm-order-Jan-2021.txt">January</a> <a href="gone-2020.txt">old</a>')
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            page = f"http://127.0.0.1:{server.server_port}/page.html"
            table = tmp_path / "publishers.tsv"
            table.write_text(
                "name\ttitle\tpage\tlink\thosts\tmegabytes\tterms\n"
                f"icd\tICD\t{page}\t(?P<year>20\\d\\d)\\.txt$\t127.0.0.1\t1\t-\n"
            )
            ran = kg("reference", "fetch", "icd", "--publishers", table)
            again = kg("reference", "fetch", "icd", "--publishers", table)
        finally:
            server.shutdown()
            thread.join()
    assert (ran.code, ran.out, ran.err) == (0, "", "added icd10cm-2021-01: 2 codes from 2 rows, 0 left out\n")
    assert (again.code, again.err) == (0, "already there: icd10cm-2021-01: 2 codes from 2 rows, 0 left out\n")
    row = json.loads(kg("reference", "list", "--format", "jsonl").out.splitlines()[0])
    assert row["from"] == f"http://127.0.0.1:{server.server_port}/icd10cm-order-Jan-2021.txt"


def test_no_server_at_all(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        page = f"https://127.0.0.1:{free.getsockname()[1]}/"
    table = tmp_path / "publishers.tsv"
    table.write_text(f"name\ttitle\tpage\tlink\thosts\tmegabytes\tterms\nx\tX\t{page}\tx\texample.org\t1\t-\n")
    ran = kg("reference", "fetch", "x", "--publishers", table)
    assert ran.code == 3
    assert ran.error == f"kg: {table}:2: a page on none of the hosts example.org: {page!r}"
