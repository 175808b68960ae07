"""The number of the version, the limits that SECURITY.md tells, and the forms for issues are what they should be."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import kg
from kg.documents import archive, markup, pdf, pdf_pages, readers
from kg.queries import guard, serving
from kg.reference import release_files
from kg.service.limits import Limits

ROOT = Path(__file__).parents[2]
SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
MIB, GIB = 2**20, 2**30
LIMITS = Limits()


def test_the_number_is_the_same_wherever_it_stands() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == kg.__version__
    assert f"rev: v{kg.__version__}\n" in (ROOT / "docs" / "cli.md").read_text("utf-8")
    newest = re.search(
        r"^## (\S+) \((?:unreleased|\d{4}-\d\d-\d\d)\)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M
    )
    assert newest and newest[1] == kg.__version__


_UNPACKED = release_files.MAX_UNPACKED // GIB


@pytest.mark.parametrize(
    "told",
    [
        f"A text may have {readers.MAXIMUM_BYTES // MIB} MiB",
        f"a PDF or an office file {readers.MAXIMUM_PACKED_BYTES // MIB} MiB",
        f"{archive.MAXIMUM_UNPACKED // MIB} MiB and {archive.MAXIMUM_PARTS:,} parts at most",
        f"no more than {archive._MOST_TIMES_LARGER} times the packed size",
        f"nested deeper than {markup.DEEPEST} levels",
        f"with {pdf._SECONDS_A_PAGE} seconds a page, {pdf_pages.MAXIMUM_PAGES:,} pages and",
        f"pages and {pdf_pages._MAXIMUM_MEMORY // GIB} GiB of memory",
        f"{release_files.MAX_MEMBERS:,} members, one archive in another, and {_UNPACKED} GiB once unpacked",
        f"a file or a member {release_files.MAX_FILE // MIB} MiB",
        f"deeper than {guard.DEEPEST} levels or longer than {guard.LONGEST:,} words and signs",
        f"A body may have {LIMITS.body // MIB} MiB,",
        f"to be checked {LIMITS.document // MIB} MiB and {LIMITS.check_seconds:g} seconds, an answer",
        f"an answer {serving.MOST_ROWS:,} triples",
        f"with 30 seconds and {LIMITS.memory // 1024} GiB",
    ],
)
def test_the_limits_are_those_of_the_code(told: str) -> None:
    assert told in SECURITY


def test_there_are_three_forms() -> None:
    assert [form.stem for form in FORMS] == ["bug", "idea", "wrong-reading"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_a_form_can_be_filled_in(form: Path) -> None:
    content = yaml.safe_load(form.read_text("utf-8"))
    assert content.keys() == {"name", "description", "body"}
    asked = [field for field in content["body"] if field["type"] != "markdown"]
    names = [field["id"] for field in asked]
    assert len(names) == len(set(names))
    assert all(field["attributes"]["label"] for field in asked)
    assert any(field.get("validations", {}).get("required") for field in asked)
