"""A small graph, and a server over it that is a process of its own, as users start it."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

KG = str(Path(sys.executable).with_name("kg"))
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
GUIDES = {
    "tocilizumab.txt": f"""HCPCS Code J3262 {HOSTILE}

J3262 identifies tocilizumab (Actemra), billed per 1 mg.

Diagnoses
M06.9 - Rheumatoid arthritis {HOSTILE}

Modifiers
LT - Left side. Never used with drug codes
""",
    "abatacept.txt": """HCPCS Code J0129

J0129 identifies abatacept (Orencia), billed per 10 mg. Medicare covers it.

Diagnoses
M06.9 - Rheumatoid arthritis
""",
    "tezepelumab.txt": """HCPCS Code J3032

J3032 identifies tezepelumab-ekko (Tezspire), billed per 1 mg. Append modifier JW.

Never append modifier RT to J3032.
""",
}

SELECT = "SELECT ?code WHERE { ?code bkg:hasPayer payer:medicare }"
J0129 = "https://w3id.org/billing-kg/code/hcpcs/J0129"
JSON = "application/sparql-results+json"


def codes(response: httpx.Response) -> list[str]:
    """The codes that were answered."""
    assert (response.status_code, response.headers["content-type"]) == (200, JSON), response.text
    return [row["code"]["value"] for row in response.json()["results"]["bindings"]]


def refused(response: httpx.Response, status: int) -> str:
    """What the one line of an error says; of a query, an excerpt may stand beside it."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/json"), response.text
    assert response.text.count("\n") == 1
    assert "Traceback" not in response.text
    said = response.json()
    assert set(said) <= {"error", "excerpt", "place"}
    return str(said["error"])


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `kg` until it ends, without the releases of whoever runs the tests."""
    environment = {**os.environ, "KG_RELEASES": "/nonexistent/releases"}
    command = [KG, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=environment)


@contextmanager
def started(store: Path | str, *words: str, files: int = 0) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server on a free port: its process and its address; ended by Ctrl-C.

    With a number of `files`, it may have so many open.
    """
    command = [KG, "serve", "--port", "0", "--store", str(store), *words]
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    limit = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (files, files)) if files else None
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, preexec_fn=limit) as process:
        try:
            assert process.stderr
            line = process.stderr.readline()
            found = re.fullmatch(rf"serving {re.escape(str(store))} at (http://\S+) \(Ctrl-C ends it\)\n", line)
            assert found, line + process.stderr.read()
            yield process, found[1]
        finally:
            process.send_signal(signal.SIGINT)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of two small guides, without ICD-10-CM; built once, only read."""
    folder = tmp_path_factory.mktemp("web")
    (folder / "guides").mkdir()
    for name, content in GUIDES.items():
        (folder / "guides" / name).write_text(content, "utf-8")
    built = run("build", folder / "guides", "--no-icd10cm", "--store", folder / "graph")
    assert built.returncode == 0, built.stderr
    return folder / "graph"


@pytest.fixture(scope="session")
def address(store: Path) -> Iterator[str]:
    """The address of a server with the default settings."""
    with started(store) as (process, address):
        yield address
        process.send_signal(signal.SIGINT)
        assert process.stderr
        assert (process.wait(20), process.stderr.read()) == (0, "")


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    """A client of that server."""
    with httpx.Client(base_url=address, timeout=40, trust_env=False) as client:
        yield client
