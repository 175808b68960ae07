"""Python, the libraries, the files of billing-kg itself, the defaults in force, and what shows a page."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import webbrowser
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from kg import config, resources
from kg.doctor.symptom import Symptom, mend, note, well
from kg.errors import ResourceError, UsageError

PACKAGE = "billing-kg"
EXTRAS = {
    "viz": "pages of kg draw and kg tour",
    "validate": "kg validate",
    "pandas": "tables and answers as pandas DataFrames",
    "polars": "tables and answers as polars DataFrames",
    "arrow": "tables for Arrow, Parquet files, and documents that were read in columns: kg build --from",
    "xlsx": "workbooks of kg export",
    "rdflib": "the graph for rdflib",
    "web": "kg serve",
    "mcp": "tools for assistants: kg mcp",
    "pdf": "documents in PDF",
    "engines": "graphs on SPARQL engines: kg push, and --store with an address",
}
"""What each extra is for."""
_TRIED = ((3, 11), (3, 13))
"""The oldest Python that will do, and the newest on which all of this was run."""
_REQUIREMENT = re.compile(
    r"(?P<name>[\w.-]+)(?:\[[^]]*\])?\s*(?P<bounds>[^;]*)(?:;.*extra\s*==\s*['\"](?P<extra>[\w-]+)['\"])?"
)
_FONTS = ("Liberation Sans", "Arial", "Helvetica", "DejaVu Sans")


def installed() -> Iterator[Symptom]:
    """Python, the libraries that are needed and those that are optional, and our own files."""
    ours, (oldest, newest) = sys.version_info[:2], _TRIED
    found = f"{platform.python_implementation()} {platform.python_version()} at {sys.executable}"
    if ours < oldest:
        yield mend("Python", found, f"install Python {oldest[0]}.{oldest[1]} or newer")
    elif ours > newest:
        yield note("Python", f"{found}; tried up to {newest[0]}.{newest[1]}")
    else:
        yield well("Python", found)
    yield from _libraries()
    yield _files()


def _libraries() -> Iterator[Symptom]:
    try:
        own = version(PACKAGE)
        wanted = requires(PACKAGE) or []
    except PackageNotFoundError:
        yield mend(PACKAGE, "not installed as a package", "pip install a wheel of billing-kg, or uv sync in a checkout")
        return
    problems: defaultdict[str, list[str]] = defaultdict(list)
    for requirement in wanted:
        match = _REQUIREMENT.match(requirement)
        if match and match["name"] != PACKAGE and (problem := _problem(match["name"], match["bounds"])):
            problems[match["extra"] or ""].append(problem)
    if needed := problems.pop("", []):
        yield mend(PACKAGE, f"{own}; {', '.join(needed)}", f"pip install --force-reinstall {PACKAGE}=={own}")
    else:
        yield well(PACKAGE, own)
    for extra, purpose in EXTRAS.items():
        if extra in problems:
            yield note(
                f"extra {extra}", f"{', '.join(problems[extra])}; for {purpose}", f"pip install '{PACKAGE}[{extra}]'"
            )
        else:
            yield well(f"extra {extra}", f"for {purpose}")


def _problem(name: str, bounds: str) -> str:
    """What is wrong with a library, in words; empty where it is there in a version that will do."""
    try:
        there = version(name)
    except PackageNotFoundError:
        return f"{name} is missing"
    numbers = _numbers(there)
    for sign, bound in re.findall(r"(>=|<)\s*([\d.]+)", bounds):
        if (numbers < _numbers(bound)) is (sign == ">="):
            return f"{name} is {there}, and {sign}{bound} is needed"
    return ""


def _numbers(text: str) -> tuple[int, ...]:
    """
    >>> _numbers("0.27.3rc1") < _numbers("0.28")
    True
    """
    return tuple(int(part) for part in re.findall(r"\d+", text.partition("+")[0])[:4])


def _files() -> Symptom:
    """Whether the files are there that ship with the package."""
    try:
        resources.path("ontology", "billing.ttl")
        tables = sum(1 for _ in resources.table("data", "reference", "releases.tsv"))
        for row in resources.table("data", "reference", "releases.tsv"):
            resources.path("data", "reference", row["file"])
    except ResourceError as exc:
        return mend("own files", str(exc), f"pip install --force-reinstall {PACKAGE}")
    return well("own files", f"{tables} tables of releases, in {resources.folder('data')}")


def defaults() -> Iterator[Symptom]:
    """The files and variables in force that say something, and what."""
    try:
        files = list(config.in_force())
        for key in config.VARIABLES:
            config.default(key)
    except UsageError as exc:
        yield mend("defaults", str(exc), "correct that line, or name another file with KG_CONFIG")
        return
    for file in files:
        if file.values:
            yield well("defaults", f"{file.path}: {', '.join(f'{key} = {value}' for key, value in file.told())}")
    if set_here := [f"{name}={value}" for name in config.VARIABLES.values() if (value := os.environ.get(name))]:
        yield well("environment", ", ".join(set_here))
    if not set_here and not any(file.values for file in files):
        yield well("defaults", "none: no kg.toml and no variable says anything")


def shows() -> Iterator[Symptom]:
    """What opens a page, and the letters in which its labels are measured."""
    try:
        webbrowser.get()
        yield well("browser", "there is one for --open")
    except webbrowser.Error:
        yield note("browser", "none here; pages are files, and open on any machine that has one")
    if not shutil.which("fc-match"):
        return
    for font in _FONTS:
        asked = ["fc-match", "--format=%{family}", font]
        try:
            found = subprocess.run(asked, capture_output=True, timeout=10, check=False).stdout
        except (OSError, subprocess.TimeoutExpired):  # What cannot be asked says nothing of the fonts.
            return
        if font.encode() in found:
            yield well("fonts", font)
            return
    yield note(
        "fonts", f"none of {', '.join(_FONTS)}; pages have wider letters here", "apt-get install fonts-liberation"
    )
