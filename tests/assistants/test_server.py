"""A client of the package asks a server over standard input and output, as assistants do, and as nobody should."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import ClientSession
from mcp.shared.exceptions import MCPError

from kg.assistants.calls import NO_GRAPH
from kg.assistants.tools import TOOLS
from tests.web.conftest import HOSTILE
from tests.web.test_server import ENDLESS

from .conftest import KG, NOWHERE, WRONG, answer, build, environment, refused, talk, text_of

pytestmark = pytest.mark.slow

CALLS: dict[str, dict[str, Any]] = {
    "check_text": {"text": WRONG},
    "search": {"q": "tocil"},
    "show": {"code": "J3262"},
    "codes_for": {"diagnosis": "M06.9"},
    "path": {"from": "J3262", "to": "J0129"},
    "findings": {},
    "units": {"code": "J3262", "dose": "480mg"},
    "list_questions": {"words": "modifier"},
    "ask_question": {"name": "codes-for-diagnosis", "values": {"diagnosis": "M06.9"}},
    "schema": {"words": "modifier"},
    "sparql": {"query": "SELECT ?code { ?code bkg:hasPayer payer:medicare }"},
}


@pytest.fixture(scope="module")
def answers(store: Path) -> dict[str, dict[str, Any]]:
    """The answer of each tool to a call; the client itself holds each against the schema that the tool has."""
    given: dict[str, dict[str, Any]] = {}

    async def play(session: ClientSession) -> None:
        listed = await session.list_tools()
        assert [tool.name for tool in listed.tools] == list(CALLS)
        for name, arguments in CALLS.items():
            given[name] = answer(await session.call_tool(name, arguments))

    talk(store, play)
    return given


def test_every_tool_is_called() -> None:
    assert [tool.name for tool in TOOLS] == list(CALLS)


def test_a_text_is_checked_with_both_sentences_and_the_code_that_was_meant(answers: dict[str, Any]) -> None:
    checked = answers["check_text"]
    (finding,) = checked["findings"]
    assert (finding["verdict"], finding["concept"], finding["suggestion"]) == ("refuted", "hcpcs:J3032", "hcpcs:J2356")
    assert finding["quote"] == "J3032 identifies tezepelumab (Tezspire), billed per 1 mg."
    assert "eptinezumab" in finding["official"]
    assert (finding["release"], finding["row"] > 0) == ("bundled-hcpcs", True)
    verdicts = {(each["subject"], each["relation"]): each for each in checked["assertions"]}
    wrong = verdicts["hcpcs:J3032", "identifiesDrug"]
    assert (wrong["verdict"], wrong["findings"], wrong["evidence"]["line"]) == ("refuted", [finding["finding"]], 1)
    assert verdicts["hcpcs:J3262", "acceptsModifier"]["verdict"] == "consistent"
    assert verdicts["hcpcs:J3262", "acceptsModifier"]["findings"] == []
    assert {named["concept"]: named["verdict"] for named in checked["named"]}["modifier:JW"] == "consistent"
    assert "bundled-hcpcs" in checked["releases"]


@pytest.mark.parametrize("name", ["show", "codes_for", "path"])
def test_every_row_has_its_source(answers: dict[str, Any], name: str) -> None:
    assert answers[name]["rows"]
    for row in answers[name]["rows"]:
        assert row["document"]
        assert row["line"] > 0
        assert row["quote"]


@pytest.mark.parametrize("name", [tool.name for tool in TOOLS if tool.needs_graph])
def test_an_answer_of_the_graph_names_its_releases(answers: dict[str, Any], name: str) -> None:
    assert "bundled-hcpcs" in answers[name]["releases"]


def test_answers_are_those_of_the_graph(answers: dict[str, Any]) -> None:
    assert {row["subject"] for row in answers["codes_for"]["rows"]} == {"hcpcs:J3262", "hcpcs:J0129"}
    assert answers["search"]["rows"][0]["concept"] == "drug:tocilizumab"
    assert answers["sparql"]["rows"] == [{"code": "hcpcs:J0129"}]
    assert {row["code"] for row in answers["ask_question"]["rows"]} == {"hcpcs:J3262", "hcpcs:J0129"}
    assert answers["units"]["units_billed"] == 480
    assert answers["findings"]["rows"][0]["suggestion"] == "hcpcs:J2356"
    # What a document says stays what it is: a text in a row.
    assert any(HOSTILE in row["quote"] for row in answers["codes_for"]["rows"])


def test_what_is_not_known_is_said_to_be_so(store: Path) -> None:
    async def play(session: ClientSession) -> None:
        for name, arguments in (("codes_for", {"diagnosis": "unicorn pox"}), ("search", {"q": "zzzzzzzz"})):
            given = answer(await session.call_tool(name, arguments))
            assert (given["known"], given["rows"]) == ("not known", [])
            assert given["reason"]

    talk(store, play)


def test_nonsense_gets_an_error_each_and_the_next_call_its_answer(store: Path) -> None:
    async def play(session: ClientSession) -> None:
        with pytest.raises(MCPError, match="no such tool: 'x' "):
            await session.call_tool("x", {})
        assert refused(await session.call_tool("search", {})) == "missing: 'q'"
        assert "not SPARQL" in refused(await session.call_tool("sparql", {"query": "SELECT"}))
        updated = await session.call_tool("sparql", {"query": "DELETE WHERE { ?a ?b ?c }"})
        assert "an update is not a query" in refused(updated)
        service = "SELECT * { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }"
        assert "SERVICE is refused" in refused(await session.call_tool("sparql", {"query": service}))
        long = "J3262 " * (1 << 18)
        assert refused(await session.call_tool("check_text", {"text": long})) == "text: longer than 1,048,576 bytes"
        assert refused(await session.call_tool("search", {"q": long[:70_000]})) == "q: longer than 65,536 bytes"
        assert answer(await session.call_tool("search", {"q": "tocil"}))["rows"]

    talk(store, play)


def test_a_question_that_takes_too_long_is_stopped_and_the_next_is_answered(store: Path) -> None:
    async def play(session: ClientSession) -> None:
        assert "no answer within 1 s" in refused(await session.call_tool("sparql", {"query": ENDLESS}))
        assert answer(await session.call_tool("search", {"q": "tocil"}))["rows"]

    talk(store, play, "--timeout", "1", "--limit", "slow=0")


def test_a_call_that_is_cancelled_frees_its_worker(store: Path) -> None:
    """Without places for what takes long, the next question has to wait until the one before is stopped."""

    async def play(session: ClientSession) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(session.call_tool("sparql", {"query": ENDLESS}), 2)
        begun = time.monotonic()
        assert answer(await session.call_tool("search", {"q": "tocil"}))["rows"]
        assert time.monotonic() - begun < 60

    talk(store, play, "--timeout", "100", "--limit", "slow=0")


def test_a_flood_is_answered_or_refused_and_the_server_stays(store: Path) -> None:
    async def play(session: ClientSession) -> None:
        calls = [session.call_tool("search", {"q": "tocil", "limit": 1}) for _ in range(200)]
        results = await asyncio.gather(*calls, return_exceptions=True)
        answered = [each for each in results if not isinstance(each, BaseException) and not each.is_error]
        others = [each for each in results if isinstance(each, BaseException) or each.is_error]
        assert len(answered) >= 30
        assert others
        for each in others:
            assert "busy" in (str(each) if isinstance(each, BaseException) else text_of(each))
        assert answer(await session.call_tool("search", {"q": "tocil"}))["rows"]

    talk(store, play)


def test_a_graph_that_is_built_anew_is_asked_from_then_on(tmp_path: Path) -> None:
    store = tmp_path / "graph"
    build(store, "tocilizumab.txt")

    async def play(session: ClientSession) -> None:
        before = answer(await session.call_tool("codes_for", {"diagnosis": "M06.9"}))
        await asyncio.to_thread(build, store, "tocilizumab.txt", "abatacept.txt")
        after = answer(await session.call_tool("codes_for", {"diagnosis": "M06.9"}))
        assert {row["subject"] for row in before["rows"]} == {"hcpcs:J3262"}
        assert {row["subject"] for row in after["rows"]} == {"hcpcs:J3262", "hcpcs:J0129"}

    talk(store, play)


def test_without_a_graph_texts_are_checked_and_nothing_else(tmp_path: Path) -> None:
    async def play(session: ClientSession) -> None:
        assert answer(await session.call_tool("check_text", {"text": WRONG}))["findings"]
        assert answer(await session.call_tool("list_questions", {}))["rows"]
        for tool in TOOLS:
            if tool.needs_graph:
                assert refused(await session.call_tool(tool.name, CALLS[tool.name])) == NO_GRAPH

    talk(NOWHERE, play)
    assert list(tmp_path.iterdir()) == []


@contextmanager
def piped(store: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server whose client writes what it likes."""
    with subprocess.Popen(
        [KG, "mcp", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(store),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ping(identifier: int) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": identifier, "method": "ping"}).encode() + b"\n"


START = json.dumps(
    {
        "jsonrpc": "2.0",
        "id": 0,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
).encode()


def test_a_line_without_end_takes_no_memory_and_no_other_call(store: Path) -> None:
    with piped(store) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(START + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["result"]["serverInfo"]["name"] == "billing-kg"
        before = _memory(process.pid)
        process.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"text": "')
        for _ in range(64):
            process.stdin.write(b"x" * (1 << 20))
        process.stdin.write(b'"}}\n\x00\xff\n' + ping(2))
        process.stdin.flush()
        errors = [json.loads(process.stdout.readline()) for _ in range(2)]
        assert [(each["id"], each["error"]["message"]) for each in errors] == [
            (1, "the message is longer than 2,162,688 bytes"),
            (None, "not JSON"),
        ]
        assert json.loads(process.stdout.readline()) == {"jsonrpc": "2.0", "id": 2, "result": {}}
        assert _memory(process.pid) - before < 32 << 20


def test_it_ends_in_good_order_with_its_client(store: Path) -> None:
    with piped(store) as process:
        out, err = process.communicate(START + b"\n", timeout=60)
        assert (process.returncode, err) == (0, b"")
        assert json.loads(out)["id"] == 0


def test_a_client_that_reads_nothing_takes_no_memory(store: Path) -> None:
    """What it sends is not even taken any more, so that its own writing stops."""
    with piped(store) as process:
        assert process.stdin
        process.stdin.write(START + b"\n")
        process.stdin.flush()
        os.set_blocking(process.stdin.fileno(), False)
        sent = 0
        until = time.monotonic() + 6
        pings = b"".join(map(ping, range(1000)))
        while time.monotonic() < until:
            try:
                sent += os.write(process.stdin.fileno(), pings)
            except BlockingIOError:
                time.sleep(0.05)
        assert _memory(process.pid) < 400 << 20
        assert sent < 100 << 20
        assert process.poll() is None


def _memory(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_without_its_library_it_says_which_extra_is_missing() -> None:
    script = "import sys; sys.modules['mcp'] = None; sys.argv = ['kg', 'mcp']; from kg.cli import main; main()"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr == "kg: a server for assistants needs an optional library: pip install 'billing-kg[mcp]'\n"


def test_limits_and_folders_that_are_wrong_are_told_at_once() -> None:
    for words, code, message in (
        (["--limit", "documents=1"], 2, "kg: --limit: no such limit: 'documents' "),
        (["--limit", "document=x"], 2, "kg: --limit document: not a whole number "),
        (["--timeout", "0"], 2, ""),
    ):
        ran = subprocess.run([KG, "mcp", *words], capture_output=True, text=True, timeout=60, check=False, input="")
        assert (ran.returncode, ran.stdout) == (code, "")
        assert message in ran.stderr
