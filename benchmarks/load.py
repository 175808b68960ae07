"""Puts `kg serve` under load: many clients, questions of the catalogue, and a few that never end.

    python -m benchmarks.load [--store FOLDER] [--clients 50] [--seconds 60] [--pause 0] [--runaways 0.05]
                              [--rebuilds 12] [--limit NAME=VALUE ...]

Each client has an address of its own, asks one question after another and, with `--pause`, thinks for so many seconds
in between. It waits as long as a refusal says. Some of the questions are runaways: a count without end, rows without
end, and one that needs all the memory. The others are called cheap or long by what they take when nobody else asks.
Meanwhile the graph, of which a copy is served, is changed again and again. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.streaming import children, memory, serving
from kg.graph.store import location
from kg.queries import catalogue

_KG = Path(sys.executable).with_name("kg")
_LONG = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")
_PLAIN = {"Accept-Encoding": "identity"}
_DIGITS = " ".join(map(str, range(10)))
_ROWS = " ".join(f"VALUES ?{name} {{ {_DIGITS} }}" for name in "abcdefghijkl")
RUNAWAYS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    f"SELECT * {{ {_ROWS} }}",
    f"SELECT * {{ {_ROWS} }} ORDER BY DESC(?a)",
)


@dataclass(frozen=True)
class Question:
    """What is asked, and of which kind it is."""

    kind: str
    path: str
    parameters: dict[str, str]


@dataclass
class Seen:
    """What was seen of one kind of question."""

    seconds: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)

    def line(self, kind: str) -> str:
        """It as a line of the table."""
        times = sorted(self.seconds)
        told = [f"{1000 * place:,.0f} ms" for place in (at(times, 0.5), at(times, 0.95), at(times, 1))]
        failures = ", ".join(f"{number} × {what}" for what, number in self.failures.most_common()) or "none"
        return f"| {kind} | {len(times):,} | {' | '.join(told)} | {failures} |"


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--store", type=Path, help="a graph; else the one that commands use")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=0, help="seconds that a client thinks, on average")
    parser.add_argument("--runaways", type=float, default=0.05, help="the part of questions that never ends")
    parser.add_argument("--rebuilds", type=int, default=12)
    parser.add_argument("--limit", action="append", default=[], help="as for kg serve")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "graph"
        shutil.copytree(location(options.store), store, copy_function=linked)
        words = [word for limit in options.limit for word in ("--limit", limit)]
        with serving(store, *words) as (process, address):
            asyncio.run(measure(Path(folder), process, address, options))


async def measure(folder: Path, process: int, address: str, options: argparse.Namespace) -> None:
    """Run all clients until the time is over, and print what they saw."""
    questions = await sorted_by_kind(address)
    load = Load(address, questions, options)
    largest: Counter[str] = Counter()
    others = asyncio.ensure_future(used_by_others(load.end))
    watching = asyncio.ensure_future(watch(process, largest))
    rebuilding = asyncio.ensure_future(asyncio.to_thread(rebuild, folder, options.rebuilds, options.seconds))
    lags = asyncio.ensure_future(lag(load.end))
    await asyncio.gather(*(load.client(number) for number in range(options.clients)))
    watching.cancel()
    print(f"{options.clients} clients, {options.seconds:g} s, {options.pause:g} s between questions,", end=" ")
    print(f"{100 * options.runaways:g} % runaways; {await rebuilding} rebuilds done; {os.cpu_count()} cores,", end=" ")
    print(f"of which other programs used {await others:.1f}; load average {os.getloadavg()[0]:.1f}\n")
    print("| questions | answered | median | p95 | slowest | failed |\n|---|---|---|---|---|---|")
    for kind in ("cheap", "long", "runaway"):
        print(load.seen[kind].line(kind))
    busy = at(sorted(await lags), 0.95)
    print(f"\nClients noticed answers up to {1000 * busy:.0f} ms late (p95), which is within the times above.")
    print(
        f"Server {largest['server']} MB; at most {largest['workers']} workers with {largest['together']} MB together."
    )


class Load:
    """The clients of one run, and what they see."""

    def __init__(self, address: str, questions: list[Question], options: argparse.Namespace) -> None:
        self._address = address
        self._questions = questions
        self._options = options
        self.end = time.monotonic() + options.seconds
        self.seen: defaultdict[str, Seen] = defaultdict(Seen)

    async def client(self, number: int) -> None:
        """Ask one question after another, from an address of its own."""
        chance = random.Random(self._options.seed * 1000 + number)
        transport = httpx.AsyncHTTPTransport(local_address=f"127.0.{1 + number // 250}.{2 + number % 250}")
        async with httpx.AsyncClient(
            transport=transport, base_url=self._address, timeout=120, headers=_PLAIN
        ) as client:
            await asyncio.sleep(chance.random() * self._options.pause)
            while (left := self.end - time.monotonic()) > 0:
                question = self._question(chance)
                seconds = None if question.kind != "runaway" else left
                with suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await asyncio.sleep(await self._ask(client, question))
                if self._options.pause:
                    await asyncio.sleep(chance.expovariate(1 / self._options.pause))

    def _question(self, chance: random.Random) -> Question:
        if chance.random() < self._options.runaways:
            return Question("runaway", "sparql", {"query": chance.choice(RUNAWAYS)})
        return chance.choice(self._questions)

    async def _ask(self, client: httpx.AsyncClient, question: Question) -> float:
        """Ask, and read the answer to its end; gives how long to wait before the next question."""
        begun, seen = time.perf_counter(), self.seen[question.kind]
        try:
            async with client.stream("GET", question.path, params=question.parameters) as response:
                beginning = b""
                async for piece in response.aiter_raw():
                    beginning = beginning or piece
        except httpx.TransportError as exc:
            seen.failures[type(exc).__name__] += 1
            return 0
        if response.status_code == 200:
            seen.seconds.append(time.perf_counter() - begun)
        else:
            words = beginning.decode(errors="replace").removeprefix('{"error": "').split()
            seen.failures[f"{response.status_code} “{' '.join(words[:5])} …”"] += 1
        return float(response.headers.get("retry-after", 0))


async def sorted_by_kind(address: str) -> list[Question]:
    """All questions of the catalogue with their examples, and of which kind each is."""
    questions = []
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        for query in catalogue():
            path, values = f"api/v1/queries/{query.name}", {p.name: p.example for p in query.parameters}
            times = []
            for _ in range(3):
                begun = time.perf_counter()
                (await client.get(path, params=values)).raise_for_status()
                times.append(time.perf_counter() - begun)
            questions.append(Question("long" if statistics.median(times) > _LONG else "cheap", path, values))
    return questions


def rebuild(folder: Path, number: int, seconds: float) -> str:
    """Change the graph so often in that time, a document each; gives how often that was done, of how often begun."""
    done, tried, begun = 0, 0, time.monotonic()
    for place in range(number):
        if time.monotonic() > begun + seconds:
            break
        document = folder / f"document-{place}.txt"
        document.write_text(
            f"HCPCS Code J1745\n\nJ1745 identifies infliximab, billed per 10 mg. It is number {place}.\n"
        )
        command: list[str | Path] = [_KG, "add", document, "--store", folder / "graph"]
        ran = subprocess.run(command, capture_output=True, check=False, start_new_session=True)
        done, tried = done + (ran.returncode == 0), tried + 1
        time.sleep(max(0, begun + (place + 1) * seconds / number - time.monotonic()))
    return f"{done} of {tried}"


async def watch(process: int, largest: Counter[str]) -> None:
    """Note the memory that the server and its workers have had at most."""
    while True:
        with suppress(OSError):
            workers = [shared(child) for server in children(process) for child in children(server)]
            largest["server"] = memory(process)
            largest["workers"] = max(largest["workers"], len(workers))
            largest["together"] = max(largest["together"], sum(workers))
        await asyncio.sleep(1)


async def used_by_others(end: float) -> float:
    """How many cores were used until then by what is neither this process nor a descendant of it."""
    begun, before = time.monotonic(), used_by_all()
    own = {process: seconds(process) for process in family(os.getpid())}
    used = dict(own)
    while time.monotonic() < end:
        await asyncio.sleep(1)
        used |= {process: seconds(process) for process in family(os.getpid())}
    mine = sum(used.values()) - sum(own.values())
    return max(used_by_all() - before - mine, 0) / (time.monotonic() - begun)


def used_by_all() -> float:
    """How many seconds of the processors all programs have used since the system was started."""
    user, nice, system = Path("/proc/stat").read_text().split()[1:4]
    return (int(user) + int(nice) + int(system)) / _TICKS


def seconds(process: int) -> float:
    """How many seconds of the processors a process has used."""
    with suppress(OSError):
        user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / _TICKS
    return 0.0


def family(process: int) -> list[int]:
    """A process and all its descendants."""
    with suppress(OSError):
        return [process, *(one for child in children(process) for one in family(child))]
    return [process]


def shared(process: int) -> int:
    """The memory of a process in MB, its part of what it shares included."""
    with suppress(OSError):
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
        return int(text.partition("\nPss:")[2].split()[0]) // 1000
    return 0


async def lag(end: float) -> list[float]:
    """By how much this process is late whenever it wants to be called."""
    lags, loop = [], asyncio.get_running_loop()
    while time.monotonic() < end:
        wanted = loop.time() + 0.02
        await asyncio.sleep(0.02)
        lags.append(loop.time() - wanted)
    return lags


def at(times: list[float], place: float) -> float:
    """The time below which this part of them lies."""
    return times[min(int(place * len(times)), len(times) - 1)] if times else 0.0


linked: Callable[[str, str], object] = os.link if hasattr(os, "link") else shutil.copy2

if __name__ == "__main__":
    main()
