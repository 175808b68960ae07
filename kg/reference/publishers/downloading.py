"""Downloading over HTTP from a few hosts: resumed where it was cut, tried again, never larger than allowed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urljoin, urlsplit

from kg.errors import ReleaseError
from kg.reference.publishers.landing import Link, Publisher, by_hand
from kg.reference.records import Origin
from kg.whole_files import flush, write_durably

if TYPE_CHECKING:
    import urllib3

Progress = Callable[[str, int, int], None]
"""Told what is done, how much of it, and how much there is, 0 where that is not known."""
T = TypeVar("T")

_PIECE = 2**16
_PAGE_LIMIT = 20 * 2**20
_REDIRECTS = 5
_REDIRECTED = (301, 302, 303, 307, 308)
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_AGENT = "billing-kg (https://w3id.org/billing-kg/)"


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is tried, how long is waited before the next try, and how long one may take."""

    attempts: int = 5
    backoff: float = 1.0
    longest_wait: float = 120.0
    connect: float = 15.0
    read: float = 60.0
    whole: float = 3600.0


class _TryAgain(Exception):
    """Something that may pass; `wait` is how many seconds the server asks for."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass
class Web:
    """Requests to the hosts of one publisher, and to no other."""

    publisher: Publisher
    patience: Patience = field(default_factory=Patience)

    def page(self, address: str) -> tuple[str, bytes]:
        """A page with links, and the address that it has after redirects."""
        return self._patiently(address, lambda deadline: self._page(address, deadline))

    def download(
        self, link: Link, part: Path, previous: Origin | None = None, progress: Progress | None = None
    ) -> Origin:
        """Download a file to `part`, from where an earlier try was cut; raises `ReleaseError`.

        Where the server says that nothing changed since `previous`, that is returned and nothing written.
        """
        tell = progress or (lambda *_: None)
        return self._patiently(link.address, lambda deadline: self._download(link, part, previous, tell, deadline))

    def _page(self, address: str, deadline: float) -> tuple[str, bytes]:
        with self._get(address, {}) as (final, response):
            _check_status(final, response, self.publisher)
            content = bytearray()
            for piece in _pieces(response, deadline):
                content += piece
                if len(content) > _PAGE_LIMIT:
                    raise ReleaseError(f"{final}: a page larger than {_PAGE_LIMIT // 2**20} MB")
            return final, bytes(content)

    def _download(self, link: Link, part: Path, previous: Origin | None, tell: Progress, deadline: float) -> Origin:
        have = _Partial.read(part, link.address)
        with self._get(link.address, have.headers or _unless_unchanged(previous)) as (final, response):
            if response.status == 304 and previous:
                return previous
            if response.status == 416 or (response.status == 206 and not have.goes_on(response)):
                _Partial.forget(part)
                raise _TryAgain("the file changed while it was fetched", wait=0)
            _check_status(final, response, self.publisher)
            _check_type(final, response, self.publisher)
            if response.status == 200:
                have = _Partial.begin(part, link.address, response)
            total = _total(response, have.size)
            _check_size(final, total, self.publisher)
            done = self._write(final, response, part, have.size, total, tell, deadline)
        if total and done != total:
            raise _TryAgain(f"{done:,} bytes came where {total:,} were announced")
        _check_content(final, part, self.publisher)
        return Origin(link.address, datetime.now(UTC).date(), have.etag, have.modified)

    def _write(
        self, address: str, response: urllib3.BaseHTTPResponse, part: Path, done: int, total: int, tell: Progress,
        deadline: float,
    ) -> int:  # fmt: skip
        with part.open("ab") as out:
            for piece in _pieces(response, deadline):
                done += len(piece)
                _check_size(address, done, self.publisher)
                out.write(piece)
                tell(f"fetching {part.stem}", done, total)
            flush(out)
        return done

    def _patiently(self, address: str, attempt: Callable[[float], T]) -> T:
        deadline = time.monotonic() + self.patience.whole
        for number in range(1, self.patience.attempts + 1):
            try:
                return attempt(deadline)
            except _TryAgain as exc:
                wait = self.patience.backoff * 2 ** (number - 1) if exc.wait is None else exc.wait
                if number == self.patience.attempts or wait > self.patience.longest_wait:
                    later = f"; it asks to come back in {wait:.0f} seconds" if exc.wait else ""
                    raise ReleaseError(f"{address}: {exc} (tried {number} times){later}") from exc
                time.sleep(wait)
            except OSError as exc:
                reason = (exc.strerror or str(exc)).lower()
                raise ReleaseError(f"{address}: cannot be kept here ({reason})") from exc
        raise ReleaseError(f"{address}: not tried at all")

    @contextmanager
    def _get(self, address: str, headers: dict[str, str]) -> Iterator[tuple[str, urllib3.BaseHTTPResponse]]:
        """The answer to a request after its redirects, none of which may leave the hosts."""
        from urllib3 import exceptions

        try:
            for _ in range(_REDIRECTS + 1):
                response = self._request(address, headers)
                try:
                    if response.status not in _REDIRECTED:
                        yield address, response
                        return
                    address = self._redirected(address, response.headers.get("Location", ""))
                finally:
                    response.close()
                    response.release_conn()
        except exceptions.SSLError as exc:
            raise ReleaseError(f"{address}: no safe connection ({exc})") from exc
        except exceptions.LocationValueError as exc:
            raise ReleaseError(f"{address}: not an address ({exc})") from exc
        except exceptions.HTTPError as exc:
            raise _TryAgain(f"the connection failed ({' '.join(str(exc).split())})") from exc
        raise ReleaseError(f"{self.publisher.page}: more than {_REDIRECTS} redirects, the last to {address}")

    def _request(self, address: str, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        import urllib3

        timeout = urllib3.Timeout(connect=self.patience.connect, read=self.patience.read)
        plain = {"User-Agent": _AGENT, "Accept-Encoding": "identity", **headers}
        # The answer holds on to its pool.
        return _pool(address).request(
            "GET", address, headers=plain, timeout=timeout, retries=False, redirect=False, preload_content=False
        )

    def _redirected(self, address: str, location: str) -> str:
        try:
            target = urljoin(address, location)
        except ValueError:
            target = location
        if not location:
            raise ReleaseError(f"{address}: sends on without saying where to")
        if not self.publisher.admits(target):
            raise ReleaseError(f"{address}: sends on to another host, which is not followed: {target!r}")
        return target


@dataclass(frozen=True, slots=True)
class _Partial:
    """What an earlier try left of a file, and what the server called that state of it."""

    size: int = 0
    etag: str = ""
    modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What asks for the rest, if the file is still the same; nothing where that cannot be told."""
        # A weak tag says that two states mean the same, not that their bytes are.
        same = self.etag if self.etag and not self.etag.startswith("W/") else self.modified
        return {"Range": f"bytes={self.size}-", "If-Range": same} if self.size and same else {}

    def goes_on(self, response: urllib3.BaseHTTPResponse) -> bool:
        """Whether an answer is the rest of this very file."""
        match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
        same = response.headers.get("ETag", self.etag) == self.etag
        return bool(self.size) and match is not None and int(match[1]) == self.size and same

    @classmethod
    def read(cls, part: Path, address: str) -> _Partial:
        """What there is of the file at an address."""
        try:
            content = json.loads(_record(part).read_text("utf-8"))
            if content["address"] == address:
                return cls(part.stat().st_size, str(content["etag"]), str(content["modified"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            pass  # Nothing to go on from, so it begins anew.
        return cls()

    @classmethod
    def begin(cls, part: Path, address: str, response: urllib3.BaseHTTPResponse) -> _Partial:
        """Begin a file, with a record of what it is a part of."""
        cls.forget(part)
        etag, modified = (response.headers.get(name, "")[:200] for name in ("ETag", "Last-Modified"))
        write_durably(_record(part), json.dumps({"address": address, "etag": etag, "modified": modified}))
        return cls(0, etag, modified)

    @staticmethod
    def forget(part: Path) -> None:
        """Remove what there is."""
        part.unlink(missing_ok=True)
        _record(part).unlink(missing_ok=True)


forget = _Partial.forget


def _record(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _unless_unchanged(previous: Origin | None) -> dict[str, str]:
    if previous is None:
        return {}
    headers = {"If-None-Match": previous.etag} if previous.etag else {"If-Modified-Since": previous.modified}
    return {name: value for name, value in headers.items() if value}


def _pieces(response: urllib3.BaseHTTPResponse, deadline: float) -> Iterator[bytes]:
    for piece in response.stream(_PIECE, decode_content=False):
        if time.monotonic() > deadline:
            raise ReleaseError(f"{response.geturl() or 'the server'}: takes too long")
        yield piece


def _check_status(address: str, response: urllib3.BaseHTTPResponse, publisher: Publisher) -> None:
    status = response.status
    if status == 429 or status >= 500:
        raise _TryAgain(f"the server answers {status}", _seconds(response.headers.get("Retry-After", "")))
    if status not in (200, 206):
        raise ReleaseError(f"{address}: the server answers {status}; {by_hand(publisher)}")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise ReleaseError(f"{address}: comes packed in a way that was not asked for; {by_hand(publisher)}")


def _seconds(text: str) -> float | None:
    """The seconds that a server asks to wait; it may give a date as well."""
    if text.strip().isdecimal():
        return float(text[:9])
    from email.utils import parsedate_to_datetime

    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (when.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _total(response: urllib3.BaseHTTPResponse, have: int) -> int:
    """How many bytes the whole file has, 0 where the server does not say."""
    length = response.headers.get("Content-Length", "")
    return have + int(length[:18]) if length.isdecimal() else 0


def _check_size(address: str, size: int, publisher: Publisher) -> None:
    if size > publisher.limit:
        raise ReleaseError(f"{address}: larger than the {publisher.limit // 2**20} MB that {publisher.title} may have")


def _check_type(address: str, response: urllib3.BaseHTTPResponse, publisher: Publisher) -> None:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in _PAGE_TYPES:
        raise _page_instead(address, publisher)


def _check_content(address: str, part: Path, publisher: Publisher) -> None:
    """Refuse what is not of the kind that its name says, and take nothing of it as the start of another try."""
    with part.open("rb") as file:
        start = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        _Partial.forget(part)
        raise _page_instead(address, publisher)
    if part.stem.lower().endswith(".zip") and not start.startswith(b"PK"):
        _Partial.forget(part)
        raise ReleaseError(f"{address}: not a zip archive; {by_hand(publisher)}")


def _page_instead(address: str, publisher: Publisher) -> ReleaseError:
    """The error for a page that comes instead of a file, as it does where terms have to be accepted before."""
    if not publisher.terms:
        return ReleaseError(f"{address}: answers with a page instead of the file; {by_hand(publisher)}")
    accept = f"accept the terms of the {publisher.terms} there in a browser and download it"
    return ReleaseError(f"{address}: answers with a page instead of the file; {accept}, then: kg reference add FILE")


def _pool(address: str) -> urllib3.PoolManager:
    """A pool that goes through the proxy of the machine, if it has one; certificates are always checked."""
    from urllib.request import getproxies, proxy_bypass

    import urllib3

    parts = urlsplit(address)
    proxy = getproxies().get(parts.scheme)
    if proxy and not proxy_bypass(parts.hostname or ""):
        return urllib3.ProxyManager(proxy)
    return urllib3.PoolManager()
