"""Requests to an engine over HTTP: what is sent, how long and how large an answer may be, and what errors mean.

An engine is not trusted to answer: it may be down or slow, send a page instead of rows, or stop in the middle. An
answer is read to its end before any of it is used, and one that is not whole is an error.
"""

from __future__ import annotations

import io
import mmap
import tempfile
import time
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import IO, Any, cast

import httpx

from kg.errors import EngineError, UsageError
from kg.graph.engines.address import Address
from kg.graph.engines.credentials import HOW, credentials
from kg.graph.rdf.iris import BASE

SECONDS = 300.0
"""How long an answer may take, from the question to its last byte."""

MOST_BYTES = 1 << 30
"""How many bytes an answer may have."""

_CONNECT = 10.0
_IN_MEMORY = 8 << 20
_WORDS = 200
_NO_GRAPH = f"{BASE}graph/none"
_ANY = "*/*"
_OXIGRAPH = "/store"
_STATUSES = {
    401: f"it lets in only who says who it is: {HOW}",
    403: f"it does not allow this: {HOW}",
    404: "nothing is there",
    405: "nothing that can be asked so is there",
    408: "it took too long",
    413: "what was sent is too large for it",
    429: "it has too much to do; try again later",
    502: "nobody answers behind it",
    503: "it has too much to do, or is starting; try again later",
    504: "it took too long",
}


class Engine:
    """An engine at an address, over connections that are kept; each process has its own."""

    def __init__(self, address: Address, seconds: float = SECONDS) -> None:
        self.address = address
        self._seconds = seconds
        self._client = httpx.Client(
            auth=credentials(address),
            follow_redirects=False,  # It may lead to anybody, who would be sent the token.
            timeout=httpx.Timeout(seconds, connect=_CONNECT),
            trust_env=not address.is_loopback,  # What is for this machine goes through no proxy.
            headers={"User-Agent": "billing-kg"},
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(self, query: str, accept: str, default: Sequence[str], named: Sequence[str]) -> IO[bytes]:
        """The answer to a query over these graphs, whole, as a file; raises `EngineError`."""
        # Virtuoso takes none for all that it has.
        form = {
            "query": query,
            "default-graph-uri": list(default) or [_NO_GRAPH],
            "named-graph-uri": list(named) or [_NO_GRAPH],
        }
        return self._sent("POST", self.address.query, accept, data=form)

    def put(self, graph: str, triples: bytes) -> None:
        """Make N-Triples the content of a graph, by the Graph Store Protocol; raises `EngineError`."""
        self._change("PUT", graph, content=triples)

    def add(self, graph: str, triples: bytes) -> None:
        """Add N-Triples to a graph likewise; those that it has already change nothing."""
        self._change("POST", graph, content=triples)

    def delete(self, graph: str) -> None:
        """Delete a graph likewise, if there is one."""
        self._change("DELETE", graph, allowed={404})

    def _change(self, method: str, graph: str, content: bytes | None = None, allowed: Collection[int] = ()) -> None:
        if not self.address.graph_store:
            raise UsageError(f"{self.address}: say where it takes graphs, with --graph-store")
        headers = {"Content-Type": "application/n-triples"} if content is not None else {}
        url, params = self.address.graph_store, {"graph": graph}
        if method == "POST" and url.endswith(_OXIGRAPH):
            # What is added twice is there once, so that it need not be able to take it back: five times as fast.
            params["no_transaction"] = ""
        self._sent(method, url, _ANY, allowed, headers=headers, params=params, content=content)

    def _sent(self, method: str, url: str, accept: str, allowed: Collection[int] = (), **request: Any) -> IO[bytes]:
        headers = {"Accept": accept, **request.pop("headers", {})}
        with self._translated(), self._client.stream(method, url, headers=headers, **request) as response:
            content = self._read(response)
            if not response.is_success and response.status_code not in allowed:
                raise self._refusal(response, content)
            if accept != _ANY:
                self._check_answer(response, accept)
            return content

    def _read(self, response: httpx.Response) -> IO[bytes]:
        """All of an answer, on disk where it is long."""
        end, size = time.monotonic() + self._seconds, 0
        with (
            tempfile.SpooledTemporaryFile(_IN_MEMORY) as content,
            closing(cast("Generator[bytes]", response.iter_bytes())) as pieces,
        ):
            for piece in pieces:
                size += len(piece)
                if size > MOST_BYTES:
                    raise self.error(f"its answer has more than {MOST_BYTES >> 20:,} MiB; ask for less")
                if time.monotonic() > end:
                    raise self.error(f"no answer within {self._seconds:g} s; ask for less")
                content.write(piece)
            return _kept(content, size)

    def _check_answer(self, response: httpx.Response, accept: str) -> None:
        """Refuse what is no answer, and what is only a part of one, which some engines send as if it were whole."""
        headers = response.headers
        # Virtuoso stops at a number of rows, or when its time is over, and says so in these alone.
        if response.status_code == 206 or "x-sql-state" in headers:
            raise self.error("it sent only a part of the answer, because its own time was over; ask for less")
        if "x-sparql-maxrows" in headers:
            most = _plain(headers["x-sparql-maxrows"])
            raise self.error(f"it sent only the first {most} rows; ask for fewer, or raise its ResultSetMaxRows")
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != accept:
            raise self.error(
                f"it answers with {_plain(media_type) or 'no media type'} and not with {accept}: "
                "is this where it takes queries?"
            )

    def _refusal(self, response: httpx.Response, content: IO[bytes]) -> EngineError:
        status = response.status_code
        if response.is_redirect:
            return self.error(f"it moved to {_plain(response.headers.get('location', ''))}; give that address")
        words = _STATUSES.get(status)
        if words is None:
            text = content.read(4 * _WORDS).decode("utf-8", "replace")
            is_page = "html" in response.headers.get("content-type", "")
            words = "it cannot answer" + ("" if is_page or not text.strip() else f": {_plain(text)}")
        return self.error(f"{words} (status {status})")

    def error(self, words: str) -> EngineError:
        """What is wrong with the engine, as an error that names it."""
        return EngineError(f"{self.address}: {words}")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The errors of HTTP as ours, in one line."""
        try:
            yield
        except httpx.ConnectTimeout as exc:
            raise self.error(f"no connection within {_CONNECT:g} s") from exc
        except httpx.TimeoutException as exc:
            raise self.error(f"no answer within {self._seconds:g} s; ask for less") from exc
        except httpx.ConnectError as exc:
            raise self.error(f"no connection ({_plain(str(exc))})") from exc
        except httpx.HTTPError as exc:
            raise self.error(f"its answer broke off, or is no HTTP ({_plain(str(exc))})") from exc
        except (httpx.InvalidURL, UnicodeError) as exc:
            raise self.error(f"not an address ({_plain(str(exc))})") from exc


def _kept(content: tempfile.SpooledTemporaryFile[bytes], size: int) -> IO[bytes]:
    """What was read, to be read again; what is on disk is gone when nobody has it any more."""
    content.seek(0)
    if size <= _IN_MEMORY:
        return io.BytesIO(content.read())
    return cast("IO[bytes]", mmap.mmap(content.fileno(), size, access=mmap.ACCESS_READ))


def _plain(text: str) -> str:
    """What somebody else wrote as part of one line: short, and without what a terminal would obey."""
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return words if len(words) <= _WORDS else words[: _WORDS - 1] + "…"
