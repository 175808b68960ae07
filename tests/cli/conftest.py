from __future__ import annotations

from pathlib import Path

import pytest

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
