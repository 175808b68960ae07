"""Calls of tools: each is read, put to a worker, and answered; what is wrong with one is told to who called."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kg.assistants import pages
from kg.assistants.tools import TOOLS, Tool
from kg.errors import KgError, StoreError, UsageError
from kg.graph.engines.address import Address
from kg.graph.opening import current_name
from kg.service.limits import MIB, Limits
from kg.service.pool import Pool
from kg.service.replies import Reply
from kg.service.rooms import room_for_checks, room_for_questions

NO_GRAPH = "there is no graph that can be asked: 'kg build' makes one. check_text needs none"
_CLIENT = "assistant"
_LONGEST_ERROR = 2000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of whoever runs the server: seconds that a question may take, a folder of releases, all limits."""

    timeout: float = 30.0
    releases: Path | None = None
    limits: Limits = field(default_factory=lambda: limits_given(()))


def limits_given(words: Any) -> Limits:
    """The limits of a server that only one client asks, on a machine where others work; some are given as NAME=VALUE.

    One question is answered at a time, besides one that takes long, and one text is checked.
    """
    return Limits.given(
        words, workers=1, slow=4, memory=1024, slow_memory=2048, pause_seconds=30.0, waiting=32, waiting_each=32,
        check_seconds=60.0, check_memory=1536, checks_waiting=8, checks_waiting_each=8, body=64 << 10, document=MIB,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call gives: a text, and the same as an object, unless the text says what is wrong."""

    text: str
    content: dict[str, Any] | None = None


class Calls:
    """Answers calls of tools over the graph in a store, of which nothing is changed and nothing is kept."""

    def __init__(self, store: Path | Address, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        limits = settings.limits
        self._questions = Pool(store, replace(room_for_questions(settings.timeout, limits, is_warm=False), going=1))
        self._checks = Pool(store, room_for_checks(limits), "checks")

    def start(self) -> None:
        """Be ready; workers are started when they are needed."""
        self._questions.start()
        self._checks.start()

    def close(self) -> None:
        """End the workers, whatever they are at."""
        self._questions.close()
        self._checks.close()

    async def call(self, tool: Tool, given: Mapping[str, object]) -> Outcome:
        """The outcome of a call; where it is cancelled, its worker is stopped."""
        try:
            self._refuse_long(tool, given)
            limit, offset, options = tool.arguments(given)
            if tool.needs_graph:
                await asyncio.to_thread(current_name, self._store)
        except StoreError as exc:
            # It names folders, which are nobody's business elsewhere.
            _log.error("kg: %s", exc)
            return Outcome(NO_GRAPH)
        except KgError as exc:
            return Outcome(_in_one_line(str(exc)))
        if tool.is_check:
            options["releases"] = self._settings.releases
        return _outcome(await self._reply(tool, limit, offset, options))

    async def _reply(self, tool: Tool, limit: int, offset: int, options: Mapping[str, Any]) -> Reply:
        pool = self._checks if tool.is_check else self._questions
        # Who calls does not leave: a call that is cancelled is a task that is cancelled.
        never = asyncio.Event()
        words = (pages.page, tool.ask, tool.parts, limit, offset, options)
        delivery = await pool.ask(_CLIENT, _until(never), *words)
        delivery.close()
        return delivery.reply

    def _refuse_long(self, tool: Tool, given: Mapping[str, object]) -> None:
        """Raise `UsageError` for what is longer than it may be."""
        limits = self._settings.limits
        for name, value in given.items():
            most = limits.document if tool.is_check and name == "text" else limits.body
            size = len(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else len(str(value))
            if size > most:
                raise UsageError(f"{name}: longer than {most:,} bytes")


async def _until(event: asyncio.Event) -> None:
    await event.wait()


def _outcome(reply: Reply) -> Outcome:
    text = reply.body.decode().strip()
    content: dict[str, Any] = json.loads(text)
    if reply.status == 200:
        return Outcome(text, content)
    excerpt = f"\n{content['excerpt']}" if content.get("excerpt") else ""
    return Outcome(f"{_in_one_line(content['error'])}{excerpt}"[:_LONGEST_ERROR])


def _in_one_line(message: str) -> str:
    return " ".join(message.split())[:_LONGEST_ERROR]


def named(name: str) -> Tool | None:
    """The tool of this name."""
    return next((tool for tool in TOOLS if tool.name == name), None)
