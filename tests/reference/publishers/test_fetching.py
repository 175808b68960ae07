from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from kg.errors import ReleaseError, UnknownName
from kg.reference import formats
from kg.reference.publishers.downloading import Patience
from kg.reference.publishers.fetching import Outcome, fetch, fetch_each, links
from kg.reference.publishers.landing import publishers
from kg.reference.records import RECORD
from kg.reference.stored import StoredReleases

from ..tiny import TINY, zipped
from .publisher import Site, serving

LINK = r"/(?P<month>[a-z]+)-(?P<year>20\d\d)-tiny(?P<version>[^/]*)\.(?:txt|zip)$"
OCTOBER, JANUARY = (f"#tiny {month}\nJ3262,Tocilizumab\n".encode() for month in ("2025-10", "2026-01"))
QUICK = Patience(backoff=0.01, connect=5, read=5, whole=20)
NEWEST = "/files/january-2026-tiny.txt"


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "FORMATS", (TINY,))
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        site.files = {"/files/october-2025-tiny.txt": OCTOBER, NEWEST: JANUARY}
        site.page("/files/october-2025-tiny.txt", "files/january-2026-tiny.txt#top", "/files/other.txt")
        yield site


@pytest.fixture
def store(tmp_path: Path) -> StoredReleases:
    return StoredReleases(tmp_path / "releases")


def fetched(store: StoredReleases, table: Path, patience: Patience = QUICK) -> list[Outcome]:
    return list(fetch_each(store, ["tiny"], table, patience=patience))


def refused(store: StoredReleases, table: Path, patience: Patience = QUICK) -> str:
    """Why the one file was not fetched."""
    (outcome,) = fetched(store, table, patience)
    assert isinstance(outcome.error, ReleaseError)
    assert store.list() == []
    return str(outcome.error)


def left(store: StoredReleases) -> list[str]:
    return sorted(path.name for path in (store.folder / "downloads").iterdir() if path.name != ".lock")


def test_the_newest_is_fetched_and_added(site: Site, store: StoredReleases, tmp_path: Path) -> None:
    (outcome,) = fetched(store, site.table(tmp_path, LINK))
    assert outcome.error is None
    assert [release.identifier for release in outcome.releases] == ["tiny-2026-01"]
    assert site.paths() == ["/page", NEWEST]
    assert left(store) == []
    record = json.loads((store.folder / "tiny-2026-01" / RECORD).read_text())
    assert record["file"]["sha256"] == hashlib.sha256(JANUARY).hexdigest()
    assert record["file"]["size"] == len(JANUARY)
    origin = record["file"]["origin"]
    assert origin["address"] == f"{site.address}{NEWEST}"
    assert origin["etag"] == f'"{hash(JANUARY)}"'
    assert origin["fetched"] == record["file"]["added"]


THROUGH = r"/editions/(?P<month>[a-z]+)-(?P<year>20\d\d)-tiny$"


def test_the_page_of_the_newest_edition_is_gone_through(site: Site, store: StoredReleases, tmp_path: Path) -> None:
    site.page("/editions/october-2025-tiny", "editions/january-2026-tiny", "//evil.test/editions/may-2026-tiny")
    site.page("/files/october-2025-tiny.txt", "../files/january-2026-tiny.txt", path="/editions/january-2026-tiny")
    (outcome,) = fetched(store, site.table(tmp_path, LINK, through=THROUGH))
    assert [release.identifier for release in outcome.releases] == ["tiny-2026-01"]
    assert site.paths() == ["/page", "/editions/january-2026-tiny", NEWEST]


def test_a_table_need_not_say_where_editions_have_pages(site: Site, store: StoredReleases, tmp_path: Path) -> None:
    table = site.table(tmp_path, LINK)
    table.write_text(table.read_text().replace("\tthrough", "").replace("/page\t-", "/page"))
    (outcome,) = fetched(store, table)
    assert [release.identifier for release in outcome.releases] == ["tiny-2026-01"]


def test_a_page_without_an_edition_or_an_edition_without_a_file(
    site: Site, store: StoredReleases, tmp_path: Path
) -> None:
    table = site.table(tmp_path, LINK, through=THROUGH)
    assert refused(store, table).startswith(f"{site.address}/page: no link to Tiny tables here; download it")
    site.page("/editions/january-2026-tiny")
    site.page("/files/other.txt", path="/editions/january-2026-tiny")
    assert refused(store, table).startswith(f"{site.address}/editions/january-2026-tiny: no link to Tiny tables here;")


@pytest.mark.parametrize("etags", [True, False])
def test_fetching_again_says_so(site: Site, store: StoredReleases, tmp_path: Path, etags: bool) -> None:
    site.etags = etags
    table = site.table(tmp_path, LINK)
    fetched(store, table)
    before = (store.folder / "tiny-2026-01" / RECORD).read_bytes()
    (outcome,) = fetched(store, table)
    assert [release.file.already_there for release in outcome.releases] == [True]
    assert (store.folder / "tiny-2026-01" / RECORD).read_bytes() == before
    assert ("If-None-Match" in site.asked[-1][1]) == etags
    assert left(store) == []


def test_what_is_damaged_here_is_fetched_again(site: Site, store: StoredReleases, tmp_path: Path) -> None:
    table = site.table(tmp_path, LINK)
    fetched(store, table)
    (store.folder / "tiny-2026-01" / "january-2026-tiny.txt").write_text("damaged")
    (outcome,) = fetched(store, table)
    assert [release.file.already_there for release in outcome.releases] == [False]
    assert len(list(store.editions())) == 1


@pytest.mark.parametrize(
    ("hrefs", "expected"),
    [
        (["december-2025-tiny.txt", "january-2026-tiny.txt"], "january-2026-tiny.txt"),
        (["april-2026-tiny.txt", "october-2026-tiny.txt", "july-2026-tiny.txt"], "october-2026-tiny.txt"),
        (["april-2026-tiny.txt", "april-2026-tiny-updated.txt"], "april-2026-tiny-updated.txt"),
        (["april-2026-tiny-04152026.txt", "april-2026-tiny.txt"], "april-2026-tiny-04152026.txt"),
        (["/a/april-2026-tiny.txt", "/b/april-2026-tiny.txt"], "april-2026-tiny.txt"),
        (["/terms?file=/files/April-2026-Tiny.txt"], "April-2026-Tiny.txt"),
        (["/april%2D2026%2Dtiny.txt"], "april-2026-tiny.txt"),
        (["april-2026-tiny.txt", "https://example.org/may-2026-tiny.txt", "//evil.test/june-2026-tiny.txt"],
         "april-2026-tiny.txt"),
        (["april-2026-tiny.txt", "file:///etc/may-2026-tiny.txt", "javascript:/june-2026-tiny.txt"],
         "april-2026-tiny.txt"),
        (["april-2026-tiny.txt", "http://[::1/june-2026-tiny.txt", "x" * 3000 + "/may-2026-tiny.txt"],
         "april-2026-tiny.txt"),
    ],
)  # fmt: skip
def test_which_link_is_the_newest(site: Site, tmp_path: Path, hrefs: list[str], expected: str) -> None:
    site.page(*hrefs)
    (publisher,) = publishers(site.table(tmp_path, LINK))
    (link,) = links(publisher, QUICK)
    assert link.file_name == expected


def test_all_parts_of_the_newest(site: Site, store: StoredReleases, tmp_path: Path) -> None:
    names = [f"ncci-{quarter}-v{version}r0-f{part}.txt" for quarter, version, part in
             (("2026q2", 321, 1), ("2026-q3", 322, 2), ("2026-q3", 322, 1), ("2026-q3", 321, 1))]  # fmt: skip
    site.page(*names)
    table = site.table(tmp_path, r"/ncci-(?P<year>20\d\d)-?q(?P<quarter>\d)-(?P<version>v\d+r\d+)-(?P<part>f\d)\.txt$")
    (publisher,) = publishers(table)
    assert [link.file_name for link in links(publisher, QUICK)] == [names[2], names[1]]
    site.files = {f"/{names[1]}": OCTOBER, f"/{names[2]}": b"Dear reader"} | {"/page": site.files["/page"]}
    first, second = fetched(store, table)
    assert "no release that billing-kg knows" in str(first.error)
    assert [release.identifier for release in second.releases] == ["tiny-2025-10"]
    assert left(store) == [names[2]]


def test_a_page_without_the_link_says_what_to_do(site: Site, store: StoredReleases, tmp_path: Path) -> None:
    site.page("/elsewhere")
    assert refused(store, site.table(tmp_path, LINK)) == (
        f"{site.address}/page: no link to Tiny tables here; download it in a browser from {site.address}/page, "
        "then: kg reference add FILE"
    )
    site.files["/page"] = b""
    assert "not a page with links" in refused(store, site.table(tmp_path, LINK))


def test_a_cut_connection_is_gone_on_from(site: Site, store: StoredReleases, tmp_path: Path) -> None:
    content = JANUARY + b"J0129,Abatacept\n" * 20_000
    site.files[NEWEST] = content
    site.instead[NEWEST] = [100_000]
    seen: list[tuple[str, int, int]] = []
    tell = lambda *told: seen.append(told)  # noqa: E731
    (outcome,) = fetch_each(store, ["tiny"], site.table(tmp_path, LINK), tell, QUICK)
    assert outcome.error is None
    assert outcome.releases[0].file.sha256 == hashlib.sha256(content).hexdigest()
    ranges = [headers.get("Range") for path, headers in site.asked if path == NEWEST]
    assert ranges == [None, "bytes=100000-"]
    assert seen[-1] == ("fetching january-2026-tiny.txt", len(content), len(content))


def test_what_another_command_left_is_gone_on_from(site: Site, tmp_path: Path) -> None:
    site.instead[NEWEST] = [10]
    (publisher,) = publishers(site.table(tmp_path, LINK))
    (link,) = links(publisher, QUICK)
    with pytest.raises(ReleaseError, match=r"the connection failed .*tried 1 times"):
        fetch(link, tmp_path / "here", patience=Patience(attempts=1))
    assert (tmp_path / "here" / "january-2026-tiny.txt.part").read_bytes() == JANUARY[:10]
    found = fetch(link, tmp_path / "here", patience=QUICK)
    assert found is not None
    assert found.path.read_bytes() == JANUARY
    assert site.asked[-1][1]["Range"] == "bytes=10-"
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["january-2026-tiny.txt"]


def test_a_file_that_changed_meanwhile_begins_anew(site: Site, tmp_path: Path) -> None:
    site.instead[NEWEST] = [10]
    (publisher,) = publishers(site.table(tmp_path, LINK))
    (link,) = links(publisher, QUICK)
    with pytest.raises(ReleaseError):
        fetch(link, tmp_path / "here", patience=Patience(attempts=1))
    site.files[NEWEST] = OCTOBER
    found = fetch(link, tmp_path / "here", patience=QUICK)
    assert found is not None
    assert found.path.read_bytes() == OCTOBER


@pytest.mark.parametrize("answer", [(416, {}, b""), (206, {"Content-Range": "bytes 3-9/10"}, b"xxxxxxx")])
def test_a_server_that_goes_on_wrongly(site: Site, tmp_path: Path, answer: tuple[int, dict[str, str], bytes]) -> None:
    site.instead[NEWEST] = [10, answer]
    (publisher,) = publishers(site.table(tmp_path, LINK))
    (link,) = links(publisher, QUICK)
    found = fetch(link, tmp_path / "here", patience=QUICK)
    assert found is not None
    assert found.path.read_bytes() == JANUARY


@pytest.mark.parametrize("busy", [(503, {"Retry-After": "0"}, b"busy"), (429, {}, b""), (500, {}, b"")])
def test_a_busy_server_is_asked_again(
    site: Site, store: StoredReleases, tmp_path: Path, busy: tuple[int, dict[str, str], bytes]
) -> None:
    site.instead = {"/page": [busy], NEWEST: [busy, busy]}
    (outcome,) = fetched(store, site.table(tmp_path, LINK))
    assert outcome.error is None
    assert site.paths() == ["/page"] * 2 + [NEWEST] * 3


def test_a_server_that_stays_busy(site: Site, store: StoredReleases, tmp_path: Path) -> None:
    table = site.table(tmp_path, LINK)
    site.instead["/page"] = [(503, {"Retry-After": "0"}, b"")] * 9
    assert refused(store, table) == f"{site.address}/page: the server answers 503 (tried 5 times)"
    site.instead["/page"] = [(503, {"Retry-After": "86400"}, b"")]
    assert "(tried 1 times); it asks to come back in 86400 seconds" in refused(store, table)
    site.instead["/page"] = [(503, {"Retry-After": "Wed, 01 Jan 2025 00:00:00 GMT"}, b""), (403, {}, b"")]
    assert "the server answers 403; download it in a browser" in refused(store, table)


def test_no_server_at_all(store: StoredReleases, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        site = Site(f"http://127.0.0.1:{free.getsockname()[1]}")
    assert "the connection failed" in refused(store, site.table(tmp_path, LINK))


def test_redirects_are_followed_on_the_same_host_only(site: Site, store: StoredReleases, tmp_path: Path) -> None:
    table = site.table(tmp_path, LINK)
    foreign = (302, {"Location": "http://localhost.example/january-2026-tiny.txt"}, b"")
    site.instead[NEWEST] = [foreign]
    assert "sends on to another host, which is not followed: 'http://localhost.example/" in refused(store, table)
    site.instead[NEWEST] = [(302, {}, b"")]
    assert "sends on without saying where to" in refused(store, table)
    site.instead[NEWEST] = [(301, {"Location": NEWEST}, b"")] * 9
    assert "more than 5 redirects" in refused(store, table)
    site.instead[NEWEST] = [(307, {"Location": NEWEST}, b"")] * 2
    assert fetched(store, table)[0].error is None


@pytest.mark.parametrize("announced", [True, False])
def test_what_is_too_large_is_refused(site: Site, store: StoredReleases, tmp_path: Path, announced: bool) -> None:
    site.files[NEWEST] = JANUARY + b"J0129,Abatacept\n" * 100_000
    if not announced:
        site.headers[NEWEST] = {"Content-Length": "", "Transfer-Encoding": "chunked"}
        pieces = [site.files[NEWEST][start : start + 50_000] for start in range(0, 1_600_000, 50_000)]
        chunked = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
        site.instead[NEWEST] = [(200, {"Content-Length": "", "Transfer-Encoding": "chunked"}, chunked)]
    assert "larger than the 1 MB that Tiny tables may have" in refused(store, site.table(tmp_path, LINK))


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/zip", ""])
def test_a_page_of_terms_instead_of_the_file(site: Site, store: StoredReleases, tmp_path: Path, kind: str) -> None:
    site.page("/terms?file=/files/january-2026-tiny.zip")
    path = "/terms?file=/files/january-2026-tiny.zip"
    site.files[path] = b"\n<!DOCTYPE html><title>Terms</title>"
    site.headers[path] = {"Content-Type": kind} if kind else {}
    assert refused(store, site.table(tmp_path, LINK, terms="Guild of Tables")) == (
        f"{site.address}{path}: answers with a page instead of the file; accept the terms of the Guild of Tables there "
        "in a browser and download it, then: kg reference add FILE"
    )
    assert "download it in a browser from" in refused(store, site.table(tmp_path, LINK))
    assert left(store) == []


def test_what_calls_itself_a_zip_archive(site: Site, store: StoredReleases, tmp_path: Path) -> None:
    site.page("/january-2026-tiny.zip")
    site.files["/january-2026-tiny.zip"] = b"Not found"
    assert "not a zip archive" in refused(store, site.table(tmp_path, LINK))
    site.files["/january-2026-tiny.zip"] = zipped(a__txt=JANUARY.decode())
    assert fetched(store, site.table(tmp_path, LINK))[0].error is None


def test_a_connection_that_is_not_safe(site: Site, store: StoredReleases, tmp_path: Path) -> None:
    site.address = site.address.replace("http:", "https:")
    said = refused(store, site.table(tmp_path, LINK))
    assert said.startswith(f"{site.address}/page: no safe connection (")


def test_packed_on_the_way(site: Site, store: StoredReleases, tmp_path: Path) -> None:
    site.headers[NEWEST] = {"Content-Encoding": "gzip"}
    assert "comes packed in a way that was not asked for" in refused(store, site.table(tmp_path, LINK))


def test_a_server_that_says_nothing(store: StoredReleases, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        site = Site(f"http://127.0.0.1:{silent.getsockname()[1]}")
        said = refused(store, site.table(tmp_path, LINK), Patience(attempts=2, backoff=0.01, read=0.1))
    assert "the connection failed" in said


def test_a_correction_that_contradicts_is_kept_to_be_looked_at(
    site: Site, store: StoredReleases, tmp_path: Path
) -> None:
    table = site.table(tmp_path, LINK)
    fetched(store, table)
    site.files[NEWEST] = JANUARY.replace(b"Toci", b"Sari")
    (outcome,) = fetched(store, table)
    kept = store.folder / "downloads" / "january-2026-tiny.txt"
    assert str(outcome.error).startswith(f"{kept}: tiny-2026-01 is stored from january-2026-tiny.txt, and differs on")
    assert store.add(kept, replace=True)[0].identifier == "tiny-2026-01"


def test_names_that_cannot_be_fetched(site: Site, store: StoredReleases, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="not a release that can be fetched: 'cpt'; it is one of tiny"):
        list(fetch_each(store, ["tiny", "cpt"], site.table(tmp_path, LINK)))
    assert site.asked == []


def test_two_commands_do_not_fetch_at_once(site: Site, store: StoredReleases, tmp_path: Path) -> None:
    (store.folder / "downloads").mkdir(parents=True)
    with FileLock(store.folder / "downloads" / ".lock"), pytest.raises(ReleaseError, match="another command is fetch"):
        fetched(store, site.table(tmp_path, LINK))


# What the pages of the publishers were seen to link to; the newest first.
SEEN = {
    "ASP NDC-HCPCS crosswalk": [
        "/files/zip/january-2026-asp-ndc-hcpcs-crosswalk.zip",
        "/files/zip/october-2025-asp-ndc-hcpcs-crosswalk-final-file.zip",
    ],
    "Medicare Part B payment limits": [
        "/files/zip/january-2026-medicare-part-b-payment-limit-files.zip",
        "/files/zip/october-2025-asp-pricing-final-file.zip",
        "/files/zip/january-2025-asp-pricing-file.zip",
    ],
    "HCPCS Level II": [
        "/files/zip/october-2026-alpha-numeric-hcpcs-file.zip",
        "/files/zip/july-2026-alpha-numeric-hcpcs-file.zip",
        "/files/zip/2026-alpha-numeric-hcpcs-file.zip",
    ],
    "ICD-10-CM codes in tabular order": [
        "/files/zip/2027-code-descriptions-tabular-order.zip",
        "/files/zip/april-1-2026-code-descriptions-tabular-order.zip",
        "/files/zip/2026-code-descriptions-tabular-order-updated.zip",
        "/files/zip/2026-code-descriptions-tabular-order.zip",
    ],
    "ICD-10-CM tabular list": [
        "/files/zip/2025-code-tables-tabular-and-index.zip",
        "/files/zip/2021-code-tables-and-index.zip",
    ],
    "Medicare Coverage Database: articles": [
        "https://downloads.cms.gov/medicare-coverage-database/downloads/exports/current_article.zip",
    ],
    "Medicare Coverage Database: local determinations": [
        "https://downloads.cms.gov/medicare-coverage-database/downloads/exports/current_lcd.zip",
    ],
    "Medicare Coverage Database: national determinations": [
        "https://downloads.cms.gov/medicare-coverage-database/downloads/exports/ncd.zip",
    ],
    "NCCI edits for practitioners": [
        "/license/ama?file=/files/zip/medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip",
        "/license/ama?file=/files/zip/medicare-ncci-2026q2-practitioner-ptp-edits-ccipra-v321r0-f1.zip",
    ],
    "NCCI unit limits (MUE) for practitioners": [
        "/files/zip/medicare-ncci-2026-q3-practitioner-services-mue-table.zip",
        "/files/zip/medicare-ncci-2026-q2-practitioner-services-mue-table.zip",
    ],
    "NCCI add-on codes": [
        "/files/zip/add-code-edits-medicare-effective-07012026.zip",
        "/files/zip/add-code-edits-medicare-effective-04012026.zip",
        "/files/zip/add-code-edits-medicare-effective-10012025.zip",
    ],
    "physician fee schedule, relative value file": [
        "/files/zip/rvu26d.zip",
        "/files/zip/rvu26b-updated-03-10-2026.zip",
        "/files/zip/rvu26a.zip",
        "/files/zip/rvu25d-0.zip",
    ],
    "OPPS Addendum B": [
        "/license/ama?file=/files/zip/October-2026-OPPS-Addendum-B.zip",
        "/license/ama?file=/files/zip/july-2026-opps-addendum-b.zip",
        "/license/ama?file=/files/zip/cy-2026-april-opps-addendum-b.zip",
        "/license/ama?file=/files/zip/january-2026-opps-addendum-b.zip",
        "/license/ama?file=/files/zip/cy2026-opps-final-addendum-b.zip",
    ],
    "NDC directory": ["https://www.accessdata.fda.gov/cder/ndctext.zip"],
    "RxNorm prescribable content": [
        "https://download.nlm.nih.gov/rxnorm/RxNorm_full_prescribe_07062026.zip",
        "https://download.nlm.nih.gov/rxnorm/RxNorm_full_prescribe_06012026.zip",
    ],
    "NUCC taxonomy": ["/images/stories/CSV/nucc_taxonomy_261.csv", "/images/stories/CSV/nucc_taxonomy_251.csv"],
}
# These publish pages and no files: what may come is told by its name.
UNSEEN = {
    "CMS place-of-service codes": ["/files/document/place-service-codes.xlsx"],
    "claim adjustment reason codes (CARC)": ["/files/claim-adjustment-reason-codes.csv"],
    "remittance advice remark codes (RARC)": ["/files/remittance-advice-remark-codes.csv"],
}
STRANGERS = [
    "/files/zip/october-2026-asp-noc-pricing-file.zip",
    "/files/zip/medicaid-ncci-2026q4-practitioner-services-ptp-edits.zip",
    "/files/zip/2027-icd-10-pcs-codes-file.zip",
    "/files/zip/medicare-ncci-2026q4-hospital-ptp-edits-ccioph-v322r0-f1.zip",
    "/files/zip/2027-conversion-table.zip",
    "/images/stories/PDF/taxonomy_26_1.pdf",
]


def test_the_bundled_table_knows_the_links_that_were_seen() -> None:
    from kg.reference.publishers.landing import newest

    known = publishers()
    assert {publisher.name for publisher in known} == {
        "asp", "carc", "hcpcs", "icd10cm", "mcd", "mpfs", "ncci", "ndc", "nucc", "opps", "pos", "rarc", "rxnorm",
    }  # fmt: skip
    links = SEEN | UNSEEN
    assert {publisher.title for publisher in known} == links.keys()
    for publisher in known:
        seen = links[publisher.title]
        for start in range(len(seen)):
            page = "".join(f'<a href="{href}">x</a>' for href in (*STRANGERS, *reversed(seen[start:])))
            (link,) = newest(publisher, publisher.page, page.encode())
            assert link.address.endswith(seen[start])
            assert link.address.startswith("https://")


def test_the_bundled_table_knows_the_pages_of_editions() -> None:
    from kg.reference.publishers.landing import newest

    (opps,) = (publisher for publisher in publishers() if publisher.through)
    hrefs = ("april-2026-addendum-b", "july-2026-addendum-b", "july-2026-addendum", "october-2026-addendum-q")
    page = "".join(f'<a href="{opps.page}/{href}">x</a>' for href in hrefs)
    (link,) = newest(opps, opps.page, page.encode(), opps.through)
    assert link.address == f"{opps.page}/july-2026-addendum-b"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("terms\n", "licence\n", ": no table with the columns name, title, page, link"),
        ("\t-\n", "\n", ":3: 7 cells where 8 are named"),
        ("(?P<month>", "(?P<month", ":3: bad character in group name"),
        ("(?P<month>", "(?P<day>", ":3: a link tells month, part, quarter, version, year, not day"),
        ("\t1\t", "\tone\t", ":3: invalid literal"),
        ("\t127.0.0.1\t", "\texample.org\t", ":3: a page on none of the hosts example.org: 'http://127.0.0.1"),
    ],
)
def test_a_broken_table(site: Site, tmp_path: Path, old: str, new: str, message: str) -> None:
    table = site.table(tmp_path, LINK)
    table.write_text(table.read_text().replace(old, new))
    with pytest.raises(ReleaseError) as error:
        publishers(table)
    assert str(error.value).startswith(f"{table}{message}")
