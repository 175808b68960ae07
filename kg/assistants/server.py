"""The server: tells a client its tools, and passes each call on, until the client leaves."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Any

from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as ToolDescription

from kg import __version__
from kg.assistants.calls import Calls, Settings, named
from kg.assistants.schemas import input_schema, output_schema
from kg.assistants.tools import TOOLS, Tool, words
from kg.assistants.wire import Bounds, standard_wire
from kg.graph.engines.address import Address

_ESCAPED = 2
"""How many times as long as its text a message may be: a line break takes two signs there."""


def serve(store: Path | Address, settings: Settings) -> None:
    """Answer calls of tools that come over standard input, until it ends."""
    if hasattr(signal, "SIGPIPE"):
        # A worker that broke down, or a client that left, is to end nothing else.
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    asyncio.run(_serve(store, settings))


async def _serve(store: Path | Address, settings: Settings) -> None:
    limits = settings.limits
    longest = _ESCAPED * limits.document + limits.body
    # Those that wait in line are refused one by one; what is more than that is not even taken.
    bounds = Bounds(longest, 2 * (limits.waiting + limits.checks_waiting), 4 * longest)
    calls = Calls(store, settings)
    async with standard_wire(bounds) as (received, sent):
        calls.start()
        server = make_server(calls)
        try:
            await server.run(received, sent, server.create_initialization_options())
        finally:
            calls.close()


def make_server(calls: Calls) -> Server[Any]:
    """A server that speaks the protocol, and passes calls on."""

    async def list_tools(_context: Any, _parameters: Any) -> ListToolsResult:
        return ListToolsResult(tools=list(map(_described, TOOLS)))

    async def call_tool(_context: Any, parameters: CallToolRequestParams) -> CallToolResult:
        tool = named(parameters.name)
        if tool is None:
            known = ", ".join(tool.name for tool in TOOLS)
            raise MCPError(INVALID_PARAMS, f"no such tool: {parameters.name!r:.80} (one of {known})")
        outcome = await calls.call(tool, parameters.arguments or {})
        return CallToolResult(
            content=[TextContent(type="text", text=outcome.text)],
            structured_content=outcome.content,
            is_error=outcome.content is None,
        )

    return Server(
        "billing-kg",
        version=__version__,
        title="billing-kg: billing codes with their evidence",
        instructions=words()["instructions"].strip(),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _described(tool: Tool) -> ToolDescription:
    return ToolDescription(
        name=tool.name,
        title=tool.title,
        description=tool.words,
        input_schema=input_schema(tool),
        output_schema=output_schema(tool),
        annotations=ToolAnnotations(
            title=tool.title, read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
    )
