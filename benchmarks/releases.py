"""Measures official releases: rows read, time and memory of reading and of building with all of them, a check.

    python -m benchmarks.releases [FOLDER]

FOLDER holds the publishers' files, else `shared/reference` beside the repository. Row counts stand next to those
that its README.md states. Each run is a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import KG, run

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT.parent / "shared" / "reference"
BUILT_WITH = (
    "hcpcs/HCPC2025_OCT_ANWEB.xlsx",
    "nucc/nucc_taxonomy_251.csv",
    "asp/section 508 version of January 2026 ASP NDC-HCPCS Crosswalk 121725.csv",
)
EXPECTED = {
    "hcpcs-2025-10": 8463,
    "hcpcs-modifiers-2025-10": 383,
    "nucc-25.1": 883,
    "nucc-25.0": 879,
    "asp-crosswalk-2026-01": 7125,
    "asp-crosswalk-2025-10": 8245,
    "asp-limits-2026-01": 877,
    "icd10cm-2021-01": 95358,
    "icd10cm-tabular-2020-10": 45017,
    "ncci-ptp-practitioner-2026-07-f1": 16,
    "ncci-mue-practitioner-2026-07": 7,
}


def main() -> None:
    """Measure, and print the tables."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    if not folder.is_dir():
        raise SystemExit(f"not measured: no folder {folder}")
    with tempfile.TemporaryDirectory() as private:
        print("\n".join(counts(folder, Path(private, "all"))), end="\n\n")
        print("\n".join(times(folder, Path(private))))


def counts(folder: Path, releases: Path) -> Iterator[str]:
    """Rows of every file that is a release, beside those expected."""
    files = [path for path in sorted(folder.glob("*/*")) if path.suffix.lower() in {".xlsx", ".zip", ".csv", ".txt"}]
    command = [KG, "reference", "add", *files, "--releases", releases]
    subprocess.run(command, capture_output=True, check=False)  # Notes and layouts among them are no releases.
    listed = subprocess.run(
        [KG, "reference", "list", "--releases", releases, "--format", "json"], capture_output=True, check=True
    )
    yield "| release | codes | statements | rows | rows expected | left out |\n|---|---|---|---|---|---|"
    for row in json.loads(listed.stdout):
        if row["release"] in EXPECTED:
            cells = (row["codes"], row["statements"], row["rows"], EXPECTED[row["release"]], row["left_out"])
            yield f"| {row['release']} | {' | '.join(f'{cell:,}' for cell in cells)} |"


def times(folder: Path, private: Path) -> Iterator[str]:
    """What a person waits for with a year's releases at hand."""
    os.environ["KG_RELEASES"], os.environ["KG_STORE"] = str(private / "releases"), str(private / "graph")
    guide = ROOT / "data" / "guides" / "tocilizumab.md"
    yield "| what | seconds | memory |\n|---|---|---|"
    for what, arguments in (
        ("`kg reference add`: HCPCS, NUCC, ASP", ("reference", "add", *(str(folder / name) for name in BUILT_WITH))),
        ("`kg build`: bundled guides with these and all of ICD-10-CM", ("build",)),
        ("`kg check` of one guide", ("check", str(guide))),
        ("`kg codes-for M06.9`", ("codes-for", "M06.9")),
        ("`kg codes-for M06.9 --as-of 2024-06-30`, first time", ("codes-for", "M06.9", "--as-of", "2024-06-30")),
        ("`kg codes-for M06.9 --as-of 2024-06-30`, again", ("codes-for", "M06.9", "--as-of", "2024-06-30")),
        ("`kg units J3262 --dose 480mg`", ("units", "J3262", "--dose", "480mg")),
    ):
        seconds, memory = run(arguments)
        yield f"| {what} | {seconds:.2f} | {memory:.0f} MB |"


if __name__ == "__main__":
    main()
