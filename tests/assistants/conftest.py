"""A small graph, and a client of the package over a server that is a process of its own, as assistants start it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp")

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp_types import CallToolResult, TextContent

from tests.web.conftest import GUIDES, run

KG = str(Path(sys.executable).with_name("kg"))
NOWHERE = Path("/nonexistent/store")
WRONG = "J3032 identifies tezepelumab (Tezspire), billed per 1 mg.\n\nAppend modifier JW to J3262.\n"

Play = Callable[[ClientSession], Awaitable[None]]


def environment(store: Path | str) -> dict[str, str]:
    """What a server is started with: this store, and no releases but those that come along."""
    kept = {name: os.environ[name] for name in ("KG_CACHE", "KG_CONFIG", "HOME", "PATH") if name in os.environ}
    return {**kept, "KG_STORE": str(store), "KG_RELEASES": "/nonexistent/releases", "PYTHONWARNINGS": "error"}


def talk(store: Path | str, play: Play, *words: str) -> None:
    """Let a client of the package talk to a server over this store."""

    async def whole() -> None:
        parameters = StdioServerParameters(command=KG, args=["mcp", *words], env=environment(store))
        async with stdio_client(parameters) as (received, sent), ClientSession(received, sent) as session:
            await session.initialize()
            await play(session)

    asyncio.run(asyncio.wait_for(whole(), 120))


def text_of(result: CallToolResult) -> str:
    """The text of a result."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def answer(result: CallToolResult) -> dict[str, Any]:
    """What a call gave, which is the same as text and as an object."""
    assert not result.is_error, text_of(result)
    content: dict[str, Any] = result.structured_content
    assert json.loads(text_of(result)) == content
    return content


def refused(result: CallToolResult) -> str:
    """What is wrong with a call, in words."""
    assert result.is_error
    assert result.structured_content is None
    assert "Traceback" not in text_of(result)
    return text_of(result)


def build(store: Path, *guides: str) -> None:
    """Build the graph of some of the guides, or of all."""
    folder = store.with_name(f"{store.name}-guides")
    folder.mkdir(exist_ok=True)
    for name in guides or GUIDES:
        (folder / name).write_text(GUIDES[name], "utf-8")
    built = run("build", folder, "--no-icd10cm", "--store", store)
    assert built.returncode == 0, built.stderr


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of small guides, without ICD-10-CM; built once, only read."""
    place = tmp_path_factory.mktemp("assistants") / "graph"
    build(place)
    return place
