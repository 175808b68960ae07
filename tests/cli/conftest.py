from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.reference import icd10cm

from .releases import few_diagnoses, hcpcs
from .running import kg

GUIDES = {
    "tocilizumab.md": """# HCPCS Code J3262: tocilizumab

J3262 identifies tocilizumab (Actemra), billed per 1 mg. It is indicated for rheumatoid arthritis.

## Common Modifiers
Modifier | Name | When to use
---|---|---
JW | Drug discarded | Use when part of a vial is discarded
LT | Left side | Never used with drug codes

## Diagnoses
- M06.9: Rheumatoid arthritis
- M31.6: Giant cell arteritis (off-label)

## Related CPT Codes
- 96413: Infusion; used when it is given intravenously

Call 90210.
""",
    "abatacept.txt": """HCPCS Code J0129

J0129 identifies abatacept (Orencia), billed per 10 mg. Medicare covers it.

Diagnoses
M06.9 - Rheumatoid arthritis
""",
    "sheet.html": """<h1>Infusions</h1>
<table><tr><th>HCPCS</th><th>Drug</th><th>ICD-10</th></tr>
<tr><td>J1745</td><td>infliximab</td><td>M06.9</td></tr></table>
""",
}


# Made to be wrong: the drug, a heading, a code that is not there, a name; and one code that has ended.
WRONG = {
    "tezspire.md": """# HCPCS Code J3032: tezepelumab

J3032 identifies tezepelumab (Tezspire), billed per 1 mg.

## Diagnoses
- J45.50: Severe persistent asthma, uncomplicated
- J45.5: Severe persistent asthma
- J45.98: Severe persistent asthma with (acute) exacerbation
- D59.5: Rheumatoid arthritis, unspecified
""",
    "eculizumab.md": """# HCPCS Code J1300

J1300 identifies eculizumab (Soliris), billed per 10 mg.

## Diagnoses
- D59.5: Paroxysmal nocturnal hemoglobinuria
""",
}


@pytest.fixture(scope="session", autouse=True)
def no_releases_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the user of this machine added must not change what tests see."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_RELEASES", str(tmp_path_factory.mktemp("releases") / "none"))
        yield


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of releases with one of HCPCS, in which a code has ended."""
    folder = tmp_path_factory.mktemp("added")
    file = hcpcs(
        folder,
        "HCPC2025_OCT_ANWEB.txt",
        ("J1299", "Injection, eculizumab, 2 mg", "20250401"),
        ("J1300", "Injection, eculizumab, 10 mg", "20080101", "20250331"),
    )
    added = kg("reference", "add", file, "--releases", folder / "kept")
    assert added.code == 0, added.err
    return folder / "kept"


@pytest.fixture
def few_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A complete ICD-10-CM of a few codes, in place of all of it, which takes seconds to read."""
    monkeypatch.setattr(icd10cm, "read", few_diagnoses)


@pytest.fixture(scope="session")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of guides that are wrong."""
    folder = tmp_path_factory.mktemp("wrong")
    for name, content in WRONG.items():
        (folder / name).write_text(content, "utf-8")
    return folder


@pytest.fixture(scope="session")
def wrong_store(wrong: Path, releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their graph, as of a day after the code ended; built once, only read."""
    path = tmp_path_factory.mktemp("wrong-store") / "graph"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(icd10cm, "read", few_diagnoses)
        built = kg("build", wrong, "--store", path, "--releases", releases, "--as-of", "2025-10-01")
    assert built.code == 0, built.err
    return path


@pytest.fixture(scope="session")
def guides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three small guides."""
    folder = tmp_path_factory.mktemp("guides")
    for name, content in GUIDES.items():
        (folder / name).write_text(content, "utf-8")
    return folder


@pytest.fixture(scope="session")
def store(guides: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of the three guides, without ICD-10-CM; built once, only read."""
    path = tmp_path_factory.mktemp("store") / "graph"
    built = kg("build", guides, "--no-icd10cm", "--store", path)
    assert built.code == 0, built.err
    assert built.out == ""
    assert f"built {path} in " in built.err
    assert "3 documents" in built.err
    return path
