"""Makes files of the National Correct Coding Initiative in the layout in which CMS publishes them, at full size.

The codes are numbers drawn evenly and the edits mean nothing; the same count gives the same files.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

EDITS = 2_500_000
LIMITS = 15_000
_PARTS = 4
_NOTICE = (
    '"Current Procedural Terminology (CPT) codes, descriptions and other data only are copyright 2025 American '
    'Medical Association. All rights reserved."'
)
_HEADER = (
    "Column1/Column2 Edits\t\t\t\t\t\t",
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale",
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t",
    "\t\t\t\t*=no data\t1=allowed\t",
    "\t\t\t\t\t9=not applicable\t",
)
_RATIONALES = (
    "Misuse of column two code with column one code",
    "Standards of medical / surgical practice",
    "CPT Manual or CMS manual coding instructions",
    "More extensive procedure",
)


def write(folder: Path, edits: int = EDITS) -> list[Path]:
    """Write the edits in as many files as CMS does, and the limits in one; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = list[Path]()
    for part in range(1, _PARTS + 1):
        files.append(folder / f"ccipra-v322r0-f{part}.TXT")
        with files[-1].open("w", encoding="utf-8", newline="") as out:
            out.writelines(f"{line}\r\n" for line in (_NOTICE, "", *_HEADER, *_edits(part, edits // _PARTS)))
    files.append(folder / "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv")
    with files[-1].open("w", encoding="utf-8", newline="") as out:
        out.writelines(f"{line}\n" for line in (_NOTICE, *_limits(min(LIMITS, edits))))
    return files


def _codes() -> list[str]:
    """As many codes as are valid at one time, numbers and those of drugs, in order."""
    numbers = [f"{number:05}" for number in range(10_000, 99_990, 9)]
    return [*numbers, *(f"J{number:04}" for number in range(120, 9_999, 10))]


def _edits(part: int, count: int) -> Iterator[str]:
    """The edits of one file; a file goes on where the one before it ends."""
    codes, dice = _codes(), random.Random(part)
    own = codes[(part - 1) * len(codes) // _PARTS : part * len(codes) // _PARTS]
    per_code = count // len(own) + 1
    edits_left = count
    for first in own:
        for second in dice.sample(codes, min(per_code, edits_left)):
            ended = "20201231" if dice.random() < 0.1 else "*"
            began = f"{dice.randint(1996, 2019)}0101"
            yield f"{first}\t{second}\t\t{began}\t{ended}\t{dice.choice('019')}\t{dice.choice(_RATIONALES)}"
            edits_left -= 1


def _limits(count: int) -> Iterator[str]:
    yield '"HCPCS/'
    yield 'CPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale'
    dice = random.Random(count)
    codes = _codes()
    for code in sorted(dice.sample(codes, min(count, len(codes)))):
        yield f"{code},{dice.randint(0, 400)},3 Date of Service Edit: Clinical,Nature of Service/Procedure"
