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
    RAW_CSV = "raw-csv"
    RAW_TSV = "raw-tsv"


SEPARATORS = {Format.CSV: ",", Format.TSV: "\t", Format.RAW_CSV: ",", Format.RAW_TSV: "\t"}
"""The formats of cells; what is not raw is safe to open in a spreadsheet."""
RAW = frozenset({Format.RAW_CSV, Format.RAW_TSV})


class AnswerFormat(StrEnum):
    """How an answer comes out: its rows, or all of it."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    RAW_CSV = "raw-csv"
    RAW_TSV = "raw-tsv"
    ANSWER = "answer"


class Trust(StrEnum):
    """The weakest verdict to include."""

    CORROBORATED = "corroborated"
    CONSISTENT = "consistent"
    UNCHECKED = "unchecked"
    DISPUTED = "disputed"
    REFUTED = "refuted"


class FindingsFormat(StrEnum):
    """How findings come out."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    RAW_CSV = "raw-csv"
    RAW_TSV = "raw-tsv"
    SARIF = "sarif"


StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="Folder of the graph, or address of its engine; else KG_STORE or kg.toml, else among your data.",
        show_default=False,
    ),
]
TrustOption = Annotated[
    Trust,
    typer.Option("--trust", help="Weakest verdict to include; the default leaves out only what is refuted."),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", show_default=False, help="Day on which codes have to hold; else that of the build."
    ),
]
AsOfTodayOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", show_default=False, help="Day on which codes have to hold; else today."),
]
ReleasesOption = Annotated[
    Path | None,
    typer.Option(
        "--releases",
        help="Folder of your releases; else KG_RELEASES or kg.toml, else among your data.",
        show_default=False,
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How rows come out.")]
AnswerFormatOption = Annotated[
    AnswerFormat,
    typer.Option("--format", help="How rows come out; answer is the whole answer in JSON, as the server gives it."),
]
FindingsFormatOption = Annotated[
    FindingsFormat, typer.Option("--format", help="How findings come out; sarif is what editors read.")
]
FromOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--from",
        help="Parquet that kg.extract_batches wrote, or folders of it, instead of documents.",
        show_default=False,
    ),
]
JobsOption = Annotated[int, typer.Option("--jobs", min=1, max=64, help="Documents read at the same time.")]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="File to write; - for standard output.", show_default=False),
]
