"""Where publishers put their releases: `publishers.tsv`, and the newest link on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from kg import resources
from kg.errors import ReleaseError, UnknownName
from kg.reference.stored_files import file_name

_COLUMNS = ("name", "title", "page", "link", "hosts", "megabytes", "terms")
_OPTIONAL = "through"
_GROUPS = {"year", "quarter", "month", "version", "part"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Some publishers number quarters by letters.
_LETTERS = "abcd"
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Publisher:
    """One row of `publishers.tsv`: the page with the links to a release, and how to know its links.

    Where each edition has a page of its own, `through` knows the links to those pages.
    """

    name: str
    title: str
    page: str
    link: re.Pattern[str]
    hosts: tuple[str, ...]
    limit: int
    terms: str
    through: re.Pattern[str] | None = None

    def admits(self, address: str) -> bool:
        """Whether an address may be asked: of a host that is named, and encrypted where the page is.

        >>> cms = Publisher("x", "", "https://www.cms.gov/x", re.compile(""), ("cms.gov",), 1, "")
        >>> addresses = ("https://downloads.cms.gov/a", "http://cms.gov/a", "https://cms.gov.example/a")
        >>> [cms.admits(address) for address in addresses]
        [True, False, False]
        """
        try:
            parts = urlsplit(address)
            host = (parts.hostname or "").lower()
        except ValueError:
            return False
        schemes = ("https",) if self.page.startswith("https:") else ("http", "https")
        return parts.scheme in schemes and any(host == domain or host.endswith(f".{domain}") for domain in self.hosts)


@dataclass(frozen=True, slots=True)
class Link:
    """A file to be fetched."""

    address: str
    publisher: Publisher

    @property
    def file_name(self) -> str:
        """What the file is called, also where the link leads over a page of terms (`?file=/files/zip/x.zip`)."""
        return file_name(re.split(r"[/?=]", unquote(self.address))[-1])


def publishers(path: Path | None = None) -> list[Publisher]:
    """The rows of a table of publishers, by default the one that comes with billing-kg."""
    path = path or resources.path("data", "reference", "publishers.tsv")
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise ReleaseError(f"{path}: cannot be read: {exc}") from exc
    rows = [(number, line.split("\t")) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]
    header = rows[0][1] if rows else []
    if tuple(name for name in header if name != _OPTIONAL) != _COLUMNS:
        raise ReleaseError(f"{path}: no table with the columns {', '.join(_COLUMNS)}")
    return [_publisher(f"{path}:{number}", header, cells) for number, cells in rows[1:]]


def named(name: str, all_publishers: list[Publisher]) -> list[Publisher]:
    """The rows of one name; raises `UnknownName` where there is none."""
    rows = [publisher for publisher in all_publishers if publisher.name == name]
    if not rows:
        names = ", ".join(dict.fromkeys(publisher.name for publisher in all_publishers))
        raise UnknownName(f"not a release that can be fetched: {name!r}; it is one of {names}")
    return rows


def newest(publisher: Publisher, address: str, page: bytes, pattern: re.Pattern[str] | None = None) -> list[Link]:
    """The links on a page to the newest release: one, or one for each of its parts.

    `pattern` knows them, by default that of files. Raises `ReleaseError` where the page has none.
    """
    by_part: dict[str, tuple[tuple[int, int], tuple[bool, list[int]], Link]] = {}
    for target in _targets(address, page):
        match = (pattern or publisher.link).search(unquote(target))
        if match is None or not publisher.admits(target):
            continue
        groups = match.groupdict()
        since, version, part = _since(groups), _version(groups), (groups.get("part") or "").lower()
        # What is equally new is taken as the page gives it first.
        if part not in by_part or (since, version) > by_part[part][:2]:
            by_part[part] = (since, version, Link(target, publisher))
    if not by_part:
        raise ReleaseError(f"{address}: no link to {publisher.title} here; {by_hand(publisher)}")
    last = max(since for since, _, _ in by_part.values())
    return [link for _, (since, _, link) in sorted(by_part.items(), key=lambda item: item[0]) if since == last]


def by_hand(publisher: Publisher) -> str:
    """What a person can do where a file cannot be fetched."""
    return f"download it in a browser from {publisher.page}, then: kg reference add FILE"


def _publisher(place: str, header: list[str], cells: list[str]) -> Publisher:
    if len(cells) != len(header):
        raise ReleaseError(f"{place}: {len(cells)} cells where {len(header)} are named")
    row = {_OPTIONAL: "-"} | dict(zip(header, map(str.strip, cells), strict=True))
    try:
        link, through = (re.compile(row[column], re.IGNORECASE) for column in ("link", "through"))
        limit = int(row["megabytes"]) * 2**20
    except (re.error, ValueError, OverflowError) as exc:
        raise ReleaseError(f"{place}: {exc}") from exc
    if unknown := (link.groupindex.keys() | through.groupindex.keys()) - _GROUPS:
        raise ReleaseError(f"{place}: a link tells {', '.join(sorted(_GROUPS))}, not {', '.join(sorted(unknown))}")
    hosts = tuple(row["hosts"].lower().split())
    publisher = Publisher(row["name"], row["title"], row["page"], link, hosts, limit, row["terms"].strip("-"))
    if row["through"] != "-":
        publisher = replace(publisher, through=through)
    if not publisher.admits(publisher.page):
        raise ReleaseError(f"{place}: a page on none of the hosts {', '.join(hosts)}: {publisher.page!r}")
    return publisher


def _targets(address: str, page: bytes) -> Iterator[str]:
    """The addresses that a page links to, resolved, without fragments."""
    import lxml.etree
    import lxml.html

    try:
        root = lxml.html.document_fromstring(page, parser=lxml.html.HTMLParser(encoding=None, recover=True))
    except (lxml.etree.LxmlError, ValueError) as exc:
        raise ReleaseError(f"{address}: not a page with links: {exc}") from exc
    base = _resolved(address, next(iter(root.xpath("//base/@href")), "")) or address
    for reference in root.xpath("//a/@href"):
        target = _resolved(base, str(reference))
        if target:
            yield target


def _resolved(base: str, reference: str) -> str:
    """An address in full; nothing where it is none."""
    try:
        target = urldefrag(urljoin(base, reference.strip())).url
    except ValueError:
        return ""
    return target if len(target) <= _LONGEST and target.isprintable() else ""


def _since(groups: dict[str, str | None]) -> tuple[int, int]:
    """Year and month that a link tells; a fiscal year without a month comes before any month in it."""
    month = (groups.get("month") or "")[:3].lower()
    number = _MONTHS.index(month) + 1 if month in _MONTHS else 0
    letter = groups.get("quarter") or "0"
    quarter = int(letter) if letter.isdecimal() else _LETTERS.index(letter.lower()) + 1
    return int(groups.get("year") or 0), 3 * quarter - 2 if quarter else number


def _version(groups: dict[str, str | None]) -> tuple[bool, list[int]]:
    """What follows a name (`-updated`, `-01122026`, `v322r0`): with it a file is newer than without."""
    text = (groups.get("version") or "").strip("-_. ")
    return bool(text), [int(digits) for digits in re.findall(r"\d{1,12}", text)]
