"""What is seen of the requests: counts for Prometheus, and a line for each, without what was asked.

Of an address, only what stands before the question mark is written down, and nothing of headers and bodies, so that no
token and no query is kept.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Protocol

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_log = logging.getLogger("kg.requests")


class Working(Protocol):
    """What there is to count of workers."""

    @property
    def waiting(self) -> Mapping[str, int]:
        """How many questions wait for one, by lane."""

    @property
    def busy(self) -> Mapping[str, int]:
        """How many are at a question, by lane."""

    @property
    def endings(self) -> Mapping[tuple[str, str], int]:
        """How many were ended, by lane and reason."""


class Metrics:
    """The counts of one server."""

    def __init__(self, pools: Collection[Working]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "kg_requests", "Requests answered.", ("page", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "kg_request_seconds",
            "Seconds from a request to the end of its answer.",
            ("page",),
            registry=self._registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
        )
        self._registry.register(_Workers(pools))
        ProcessCollector(registry=self._registry)

    def count(self, page: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(page, method, str(status)).inc()
        self._seconds.labels(page).observe(seconds)

    def text(self) -> bytes:
        """All counts, in the text format of Prometheus."""
        return generate_latest(self._registry)


class _Workers:
    """The state of the workers, read when it is asked for."""

    def __init__(self, pools: Collection[Working]) -> None:
        self._pools = pools

    def collect(self) -> Iterator[Metric]:
        waiting = GaugeMetricFamily("kg_questions_waiting", "Questions that wait for a worker.", labels=["lane"])
        busy = GaugeMetricFamily("kg_workers_busy", "Workers that are at a question.", labels=["lane"])
        ended = CounterMetricFamily(
            "kg_workers_ended", "Workers that were ended, by reason.", labels=["lane", "reason"]
        )
        for pool in self._pools:
            for lane, number in pool.waiting.items():
                waiting.add_metric([lane], number)
            for lane, number in pool.busy.items():
                busy.add_metric([lane], number)
            for reason, number in pool.endings.items():
                ended.add_metric(reason, number)
        yield from (waiting, busy, ended)


_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class Observed:
    """Counts what passes through it, and writes a line for it if `log_requests` is on.

    `pages` are the names under which the handlers are counted: addresses hold what was asked, and are without number.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, pages: Mapping[Any, str], log_requests: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._pages = pages
        self._log_requests = log_requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status, size = time.perf_counter(), 500, 0

        async def noting(message: Message) -> None:
            nonlocal status, size
            status = message.get("status", status)
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            seconds = time.perf_counter() - begun
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.count(self._pages.get(scope.get("endpoint"), "none"), method, status, seconds)
            if self._log_requests:
                # As it was sent: what would begin another line is still escaped in it.
                path = scope["raw_path"].decode("latin-1")[:_LONGEST]
                client = (scope.get("client") or ("-",))[0]
                _log.info("%s %s %s %s %s bytes %.0f ms", client, method, path, status, size, seconds * 1000)


_LONGEST = 200


def write_requests_to_standard_error() -> None:
    """Let the lines of requests go to standard error, each with its time."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    _log.propagate = False
