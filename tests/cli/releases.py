"""Small releases for tests: files as publishers give them, and ICD-10-CM as the package would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.model import Code, CodeSystem
from kg.reference import Edition, Entry, icd10cm

Line = tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, str]


def hcpcs(folder: Path, name: str, *lines: Line) -> Path:
    """HCPCS Level II of fixed width: of each code its name, and when it was added and ended, as eight digits."""
    path = folder / name
    path.write_text("".join(f"{_record(*line)}\n" for line in lines), "ascii")
    return path


def _record(code: str, name: str, added: str = "20200101", ended: str = "") -> str:
    text = f"{code:>5}00100{'7' if len(code) == 2 else '3'}{name:<80}{name[:28]:<28}"
    return f"{f'{text:<268}{added:<8}{added:<8}{ended:<8}':<320}"


def order(folder: Path, name: str, *lines: tuple[str, int, str]) -> Path:
    """An order file of ICD-10-CM: codes without the dot, 1 where they can be billed, and names."""
    path = folder / name
    numbered = enumerate(lines, 1)
    path.write_text("".join(f"{n:05} {code:7} {flag} {words[:60]:60} {words}\n" for n, (code, flag, words) in numbered))
    return path


DIAGNOSES = (
    ("D59", False, "Acquired hemolytic anemia"),
    ("D59.5", True, "Paroxysmal nocturnal hemoglobinuria [Marchiafava-Micheli]"),
    ("J45", False, "Asthma"),
    ("J45.5", False, "Severe persistent asthma"),
    ("J45.50", True, "Severe persistent asthma, uncomplicated"),
    ("J45.51", True, "Severe persistent asthma with (acute) exacerbation"),
    ("M06", False, "Other rheumatoid arthritis"),
    ("M06.9", True, "Rheumatoid arthritis, unspecified"),
)


def few_diagnoses() -> Iterator[Edition]:
    """In place of the 98,505 codes of the package: a complete release that has only these."""
    entries: dict[str, Entry] = {}
    for name, billable, words in DIAGNOSES:
        above = next((entries[name[:n]].code for n in range(len(name) - 1, 2, -1) if name[:n] in entries), None)
        entries[name] = Entry(Code.parse(name, CodeSystem.ICD10CM), words, above, billable)
    yield Edition(icd10cm.RELEASE, tuple(entries.values()))
