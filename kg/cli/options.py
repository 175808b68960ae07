"""The options that several commands share, each named once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """How rows come out."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"


class Trust(StrEnum):
    """The weakest verdict to be heard."""

    CORROBORATED = "corroborated"
    CONSISTENT = "consistent"
    UNCHECKED = "unchecked"
    DISPUTED = "disputed"
    REFUTED = "refuted"


StoreOption = Annotated[
    Path | None,
    typer.Option("--store", help="Folder of the graph; else KG_STORE, else among your data.", show_default=False),
]
TrustOption = Annotated[
    Trust,
    typer.Option("--trust", help="Weakest verdict to be heard; the default leaves out only what is refuted."),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How rows come out.")]
JobsOption = Annotated[int, typer.Option("--jobs", min=1, max=64, help="Documents read at the same time.")]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="File to write; - for standard output.", show_default=False),
]
