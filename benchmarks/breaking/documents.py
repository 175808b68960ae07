"""Documents of every format with bytes changed, gone or doubled: each is read, or refused in one line, and soon."""

from __future__ import annotations

import io
import random
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import docx
import openpyxl

import kg
from benchmarks.breaking.ground import Ground
from kg.errors import KgError

_SECONDS = 30.0
_ROWS = (("HCPCS", "Drug", "Diagnosis"), ("J3262", "tocilizumab", "M06.9"), ("J0129", "abatacept", "M05.79"))
_PDF_SHARE = 0.02
"""PDF is read in a process of its own, which takes as long as a hundred others."""


class _Hangs(Exception):
    pass


def campaign(ground: Ground, times: int, chance: random.Random) -> Counter[str]:
    """Mutate so many documents and read each."""
    counts: Counter[str] = Counter()
    seeds = list(_seeds(ground))
    other_formats = [seed for seed in seeds if not seed[0].endswith(".pdf")]
    for _ in range(times):
        name, data = chance.choice(seeds if chance.random() < _PDF_SHARE else other_formats)
        mutated = _mutated(data, chance)
        try:
            with _deadline():
                kg.extract(name, data=mutated)
        except KgError as exc:
            counts["traceback"] += len(str(exc).splitlines()) != 1
        except _Hangs:
            counts["hang"] += 1
        except Exception:  # noqa: BLE001 (whatever it is, it is counted)
            traceback.print_exc()
            counts["traceback"] += 1
        counts["done"] += 1
    return counts


@contextmanager
def _deadline() -> Iterator[None]:
    def over(*_: object) -> None:
        raise _Hangs

    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, _SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _seeds(ground: Ground) -> Iterator[tuple[str, bytes]]:
    """A document of each format."""
    guide = next(iter(sorted(ground.guides.glob("*.md")))).read_bytes()
    yield "guide.md", guide
    yield "guide.txt", guide.replace(b"|", b"\t")
    yield "rows.csv", "\n".join(",".join(row) for row in _ROWS).encode()
    yield "rows.tsv", "\n".join("\t".join(row) for row in _ROWS).encode()
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in _ROWS)
    yield "page.html", f"<html><body><h1>J3262</h1><table>{rows}</table><p>Append JW.</p></body></html>".encode()
    yield "book.xlsx", _saved(_workbook)
    yield "letter.docx", _saved(_letter)
    yield from _of_extras()


def _of_extras() -> Iterator[tuple[str, bytes]]:
    """Those whose writers are no part of every installation."""
    try:
        from fpdf import FPDF
    except ModuleNotFoundError:
        return
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica", size=12)
    page.multi_cell(0, 6, "HCPCS Code J3262\nAppend modifier JW to J3262.")
    yield "page.pdf", bytes(page.output())


def _saved(write: Callable[[io.BytesIO], None]) -> bytes:
    out = io.BytesIO()
    write(out)
    return out.getvalue()


def _workbook(out: io.BytesIO) -> None:
    book = openpyxl.Workbook()
    for row in _ROWS:
        book.active.append(row)
    book.save(out)


def _letter(out: io.BytesIO) -> None:
    document = docx.Document()
    document.add_heading("J3262", 1)
    table = document.add_table(rows=0, cols=len(_ROWS[0]))
    for row in _ROWS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(out)


def _mutated(data: bytes, chance: random.Random) -> bytes:
    """The same with a few stretches changed, gone, doubled or moved."""
    content = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        if not content:
            break
        start = chance.randrange(len(content))
        end = min(len(content), start + chance.choice((1, 2, 8, 64, 1024)))
        piece, way = content[start:end], chance.randrange(5)
        if way == 0:
            content[start:end] = chance.randbytes(end - start)
        elif way == 1:
            del content[start:end]
        elif way == 2:
            content[start:start] = piece * chance.choice((1, 2, 50))
        elif way == 3:
            content[start] ^= 1 << chance.randrange(8)
        else:
            at = chance.randrange(len(content))
            content[at:at] = piece
    return bytes(content)
