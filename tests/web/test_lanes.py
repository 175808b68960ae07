"""Many questions at once: what is slow holds up nobody, clients take turns, and refusals say when to ask again."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from kg.errors import UsageError
from kg.service import answers
from kg.service.countdown import Countdown
from kg.service.limits import LIMITS, Limits
from kg.service.line import Full, Line
from kg.service.pool import Pool, Room
from kg.service.replies import Reply
from kg.service.slow_lane import Run, SlowLane
from kg.service.work import Question
from kg.service.workers import Stop, Worker

from .conftest import SELECT, codes, refused, run, started
from .test_connections import LONG, few, running, wait_until
from .test_server import ENDLESS

SERVICE = (Path(__file__).parents[2] / "docs" / "service.md").read_text("utf-8")
ROOM = Room(timeout=60, memory=2 << 30, quick=1, slow=2, overrun=0.05)


def in_pool(store: Path, room: Room, play: Callable[[Pool], Coroutine[Any, Any, None]]) -> None:
    """Play something with a pool, in a thread of its own, as the browser of other tests keeps a loop in this one."""

    async def played() -> None:
        pool = Pool(store, room)
        pool.start()
        try:
            await asyncio.wait_for(play(pool), 60)
        finally:
            pool.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(played())).result()


async def ask(pool: Pool, client: str, query: str, stay: float = 60) -> Reply:
    delivery = await pool.ask(client, asyncio.sleep(stay), answers.sparql, query, trust="disputed", accept="*/*")
    delivery.close()
    return delivery.reply


async def until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        await asyncio.sleep(0.02)


def test_clients_take_turns_however_much_each_asks() -> None:
    line: Line[str] = Line(100, 100)
    for one in ("a1", "a2", "a3", "b1", "c1", "b2"):
        line.join(one[0], one)
    line.leave("a", "a2")
    assert len(line) == 5
    assert [line.take() for _ in range(5)] == ["a1", "b1", "c1", "a3", "b2"]
    with pytest.raises(LookupError):
        line.take()


def test_a_line_is_full_for_one_client_or_for_all() -> None:
    line: Line[int] = Line(3, 2)
    line.join("a", 1)
    line.join("a", 2)
    with pytest.raises(Full) as own:
        line.join("a", 3)
    line.join("b", 4)
    with pytest.raises(Full) as all_of_them:
        line.join("c", 5)
    assert (own.value.is_own, all_of_them.value.is_own) == (True, False)
    line.take()
    line.join("c", 5)


@pytest.mark.slow
def test_a_slow_question_holds_up_nobody(store: Path) -> None:
    limits = Limits(workers=1, slow=2)
    with running(store, limits, timeout=4) as made, ThreadPoolExecutor() as executor:
        slow = [
            executor.submit(httpx.get, f"{made.address}sparql", params={"query": ENDLESS}, timeout=60) for _ in range(2)
        ]
        wait_until(lambda: '\nkg_workers_busy{lane="slow"} 2.0\n' in made.metrics())
        assert codes(httpx.get(f"{made.address}sparql", params={"query": SELECT}, timeout=60))
        assert not [asking for asking in slow if asking.done()]
        for asking in slow:
            assert "no answer within 4 s" in refused(asking.result(), 503)
            assert "retry-after" not in asking.result().headers
        assert 'kg_workers_ended_total{lane="slow",reason="time"} 2.0' in made.metrics()


def test_slow_questions_are_answered_whole_though_they_pause(store: Path) -> None:
    with running(store, Limits(workers=2, slow=6, quick=0.01)) as made, ThreadPoolExecutor() as executor:

        def asked(number: int) -> int:
            query = LONG.replace("SELECT *", f"SELECT (CONCAT('x{number}', STR(?e)) AS ?y)")
            response = httpx.get(f"{made.address}sparql", params={"query": query}, timeout=120, trust_env=False)
            return response.text.count(f'"x{number}')

        assert list(executor.map(asked, range(6))) == [100_000] * 6
        wait_until(lambda: '\nkg_workers_busy{lane="slow"} 0.0\n' in made.metrics())


def test_of_slow_questions_the_one_of_the_client_with_most_gives_way(store: Path) -> None:
    async def play(pool: Pool) -> None:
        first = asyncio.ensure_future(ask(pool, "b", ENDLESS))
        await until(lambda: pool.busy["slow"] == 1)
        greedy = [asyncio.ensure_future(ask(pool, "a", ENDLESS)) for _ in range(2)]
        await until(lambda: pool.busy["slow"] == 3)
        last = asyncio.ensure_future(ask(pool, "c", ENDLESS))
        stopped, _ = await asyncio.wait([first, *greedy, last], return_when=asyncio.FIRST_COMPLETED)
        (one,) = stopped
        assert one in greedy
        reply = one.result()
        assert reply.status == 503
        assert b"so do too many others" in reply.body
        assert 1 <= reply.retry_after <= 60
        assert pool.busy == {"quick": 0, "slow": 3}
        assert pool.endings == {("slow", "crowded"): 1}

    in_pool(store, replace(ROOM, slow=3), play)


def test_slow_questions_have_so_much_memory_together(store: Path) -> None:
    async def play(pool: Pool) -> None:
        asking = [asyncio.ensure_future(ask(pool, client, ENDLESS)) for client in "ab"]
        stopped, _ = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        assert [asked.result().status for asked in stopped] == [503]
        assert pool.endings == {("slow", "crowded"): 1}

    in_pool(store, replace(ROOM, slow_memory=1 << 20), play)


class StubWorker:
    """A worker that takes so many seconds in each moment in which it is not paused."""

    def __init__(self, seconds: float, each: float, held: int = 0) -> None:
        self._seconds, self._each, self._held, self.is_paused = seconds, each, held, False

    def seconds(self) -> float:
        self._seconds += 0 if self.is_paused else self._each
        return self._seconds

    def memory(self) -> int:
        return self._held

    def pause(self, is_paused: bool) -> None:
        self.is_paused = is_paused

    def renice(self, _niceness: int) -> bool:
        return True


def test_who_is_blocked_keeps_nobody_back() -> None:
    """One that waits for a lock takes nothing; the one that holds the lock has to go on meanwhile."""
    holder, blocked = StubWorker(5, 0.01), StubWorker(0, 0)

    async def played() -> None:
        lane = SlowLane(places=5, going=1, memory=1, timeout=60)
        for worker in (holder, blocked):
            lane.enter(Run("a", None, worker, "quick", 0.0))  # type: ignore[arg-type]
        assert (holder.is_paused, blocked.is_paused) == (True, False)
        await asyncio.wait_for(until(lambda: not holder.is_paused), 30)
        assert not blocked.is_paused

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(played())).result()


class StubDelivery:
    """A delivery that notes why it was stopped."""

    stop: Stop | None = None

    def __init__(self) -> None:
        self.stops: list[Stop] = []
        self.stop = self.stops.append  # type: ignore[assignment]


def in_lane(*workers: tuple[str, StubWorker], places: int = 5, memory: int = 1 << 30) -> list[list[str]]:
    """Let a lane in which one goes on have these workers of clients; gives for what reasons each was stopped."""

    async def played() -> list[list[str]]:
        lane = SlowLane(places=places, going=1, memory=memory, timeout=60)
        runs = [Run(client, StubDelivery(), worker, "quick", 0.0) for client, worker in workers]  # type: ignore[arg-type]
        for one in runs:
            lane.enter(one)
        lane._look()
        for one in runs:
            lane.leave(one)
        return [[stop.reason for stop in one.delivery.stops] for one in runs]  # type: ignore[attr-defined]

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(played())).result()


def test_the_one_that_has_taken_least_goes_on() -> None:
    long, short, between = workers = [StubWorker(seconds, 0) for seconds in (9, 0.5, 4)]

    async def played() -> None:
        lane = SlowLane(places=5, going=1, memory=1 << 30, timeout=60)
        runs = [Run("a", None, worker, "quick", 0.0) for worker in workers]  # type: ignore[arg-type]
        for one in runs:
            lane.enter(one)
        assert (long.is_paused, short.is_paused, between.is_paused) == (True, False, True)
        lane.leave(runs[1])
        assert (long.is_paused, between.is_paused) == (True, False)
        lane.leave(runs[2])
        assert not long.is_paused
        lane.leave(runs[0])

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(played())).result()


def test_memory_is_given_back_by_the_client_that_holds_most() -> None:
    """Not by one that asks more questions, all of them small."""
    small = [("a", StubWorker(1, 0.01, held=10)) for _ in range(3)]
    assert in_lane(*small, ("b", StubWorker(1, 0.01, held=1000)), memory=100) == [[], [], [], ["crowded"]]


def test_of_one_question_each_the_one_that_has_been_there_longest_gives_way() -> None:
    four = [(client, StubWorker(1, 0.01)) for client in "abcd"]
    assert in_lane(*four, places=3) == [["crowded"], [], [], []]


def test_the_time_of_a_question_stands_still_while_it_pauses(store: Path) -> None:
    class Stub(Countdown):
        """Time that is over when a pause is over, and not before."""

        is_over = False

        def left(self) -> float:
            return 0 if self.is_over else 0.01

        def pause(self, is_paused: bool) -> None:
            self.is_over = not is_paused

    worker = Worker(store, timeout=60, memory=2 << 30)
    worker._countdown = Stub(60, 0)
    with ThreadPoolExecutor(1) as thread:
        asking = thread.submit(worker.ask, Question(answers.sparql, (ENDLESS,), {"trust": "disputed", "accept": "*/*"}))
        wait_until(lambda: worker.seconds() > 0)
        worker.pause(True)
        with pytest.raises(TimeoutError):
            asking.result(0.2)
        worker.pause(False)
        assert b"no answer within 60 s" in asking.result().body
    worker.close()


@pytest.mark.skipif(
    not Path("/proc/self/autogroup").exists(), reason="the system does not share processors by sessions"
)
def test_the_session_of_a_slow_question_is_nicer_than_others(store: Path) -> None:
    worker = Worker(store, timeout=60, memory=2 << 30)
    try:
        worker.start()
        wait_until(lambda: worker.renice(5))
        assert worker._process is not None
        assert Path(f"/proc/{worker._process.pid}/autogroup").read_text().endswith("nice 5\n")
    finally:
        worker.close()


def test_who_waits_for_too_many_of_its_own_is_told_when_to_come_again(store: Path) -> None:
    async def play(pool: Pool) -> None:
        running_one = asyncio.ensure_future(ask(pool, "a", ENDLESS))
        await until(lambda: pool.busy["quick"] == 1)
        waiting = asyncio.ensure_future(ask(pool, "a", ENDLESS, stay=1))
        await until(lambda: pool.waiting["quick"] == 1)
        own = await ask(pool, "a", SELECT)
        assert (own.status, own.retry_after) == (429, 1)
        other = asyncio.ensure_future(ask(pool, "b", SELECT))
        await until(lambda: pool.waiting["quick"] == 2)
        third = await ask(pool, "c", SELECT)
        assert (third.status, third.retry_after) == (503, 1)
        # Who leaves the line makes room in it.
        assert (await waiting).status == 503
        assert pool.waiting["quick"] == 1
        running_one.cancel()
        assert (await other).status == 200

    in_pool(store, Room(timeout=60, memory=2 << 30, waiting=2, waiting_each=1), play)


def test_a_refusal_says_in_its_header_when_to_ask_again(store: Path) -> None:
    with running(store, few(workers=1, waiting=0), timeout=3) as made, ThreadPoolExecutor() as executor:
        asking = executor.submit(httpx.get, f"{made.address}sparql", params={"query": ENDLESS}, timeout=60)
        wait_until(made.is_busy)
        busy = httpx.get(f"{made.address}sparql", params={"query": SELECT})
        assert "too many questions at once" in refused(busy, 503)
        assert busy.headers["retry-after"] == "1"
        asking.result()


@pytest.mark.slow
def test_a_client_is_what_a_trusted_proxy_says(store: Path) -> None:
    forwarded = {"X-Forwarded-For": "198.51.100.7"}
    for words, client in (((), "127.0.0.1"), (("--proxy", "127.0.0.0/8"), "198.51.100.7")):
        with started(store, "--log-requests", *words) as (process, address):
            assert httpx.get(f"{address}show/J3262", headers=forwarded, trust_env=False).status_code == 200
            assert process.stderr
            assert f" {client} GET /show/J3262 200 " in process.stderr.readline()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--limit", "patience=5"], "--limit: no such limit: 'patience' (one of workers, slow,"),
        (["--limit", "waiting"], "--limit waiting: not a whole number from 0 to 100,000: ''"),
        (["--limit", "waiting=1.5"], "--limit waiting: not a whole number from 0 to 100,000: '1.5'"),
        (["--proxy", "evil.example"], "--proxy: not an address such as 10.0.0.1"),
    ],
)
def test_what_is_no_limit_and_no_proxy_is_one_line(words: list[str], said: str, store: Path) -> None:
    ran = run("serve", "--port", "0", "--store", store, *words)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert said in ran.stderr


@pytest.mark.parametrize("given", ["nan", "inf", "-1", "1e99", "", "x"])
def test_a_limit_is_a_number_in_its_bounds(given: str) -> None:
    with pytest.raises(UsageError):
        Limits.given([f"quick={given}"])


@pytest.mark.parametrize("name", LIMITS)
def test_the_limits_are_documented_as_they_are(name: str) -> None:
    limit = LIMITS[name]
    default = limit.default
    told = {
        "workers": "3 for each core",
        "slow": "24 for each core, at most 192",
        "slow-memory": "half of what the machine has",
    }.get(name, f"{default:,}" if isinstance(default, int) else f"{default:g}")
    assert f"| `{name}` | {told} | {limit.metadata['words']} |\n" in SERVICE
    assert limit.metadata["least"] <= default <= limit.metadata["most"] < math.inf
