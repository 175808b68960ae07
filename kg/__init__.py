"""billing-kg: a knowledge graph of US healthcare billing relationships, every edge with its evidence.

>>> import kg
>>> graph = kg.open()                                        # doctest: +SKIP
>>> graph.codes_for("M06.9")[0].evidence[0].quote            # doctest: +SKIP
"""

from __future__ import annotations

import datetime
import importlib
import os
import typing
from pathlib import Path as _FilePath

from kg.answers import Answer, Codes, Known, Matches, Paths, Scope, View
from kg.billing_graph import BillingGraph
from kg.comparison import Comparison
from kg.errors import KgError
from kg.frames.findings import Findings
from kg.model import (
    Agreement,
    Assertion,
    Choice,
    Code,
    CodeSystem,
    Compared,
    Concept,
    Connection,
    Decision,
    Evidence,
    Finding,
    Hop,
    Kind,
    Match,
    Path,
    Polarity,
    Qualifier,
    Quantity,
    Relation,
    Side,
    SideKind,
    Strength,
    Verdict,
)

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow

    from kg.documents import Skipped
    from kg.drawing import Drawing
    from kg.errors import DocumentError
    from kg.extraction import Extraction
    from kg.graph.build import BuildReport
    from kg.graph.writing import Progress
    from kg.network.arrays import Arrays
    from kg.queries.table import Table
    from kg.reference.stored import StoredReleases
    from kg.units.products import CodePlan
    from kg.verification import Checked

__version__ = "0.1.0"

FilePath = str | os.PathLike[str]
"""A file or folder."""

# What few programs need, and what takes long to import.
_LATER = {
    "Arrays": "kg.network.arrays",
    "BuildReport": "kg.graph.build",
    "Checked": "kg.verification",
    "CodePlan": "kg.units.products",
    "Drawing": "kg.drawing",
    "Extraction": "kg.extraction",
    "StoredReleases": "kg.reference.stored",
    "Table": "kg.queries.table",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    return getattr(importlib.import_module(_LATER[name]), name)


def open(path: FilePath | None = None) -> BillingGraph:
    """Open the graph at a path, else at `KG_STORE` or that of `kg.toml`, else among the user's data.

    Raises `kg.errors.StoreError`.
    """
    return BillingGraph.open(path)


def build(
    documents: FilePath | Iterable[FilePath] = (),
    store: FilePath | None = None,
    *,
    bundled: bool = False,
    jobs: int = 1,
    releases: FilePath | None = None,
    as_of: datetime.date | str | None = None,
    replace: bool = False,
    readings: FilePath | Iterable[FilePath] = (),
    progress: Progress | None = None,
) -> BuildReport:
    """Make a new graph of documents, files or folders of them, in a store; without any, of the bundled guides.

    `readings` are Parquet files, or folders of them, with what `extract_batches` read elsewhere, instead of documents.
    `bundled` reads the bundled guides as well. `releases` is the folder of the user's releases, `as_of` the day of the
    verdicts, else today. The old graph serves until the new one is whole. Raises `kg.errors.DocumentsLeftOut` where
    documents of the old graph are not among these and `replace` does not say so, `kg.errors.DocumentError` where none
    can be read. With more than one job, call it under `if __name__ == "__main__"`.

    >>> report = kg.build("guides", "/tmp/mine")                 # doctest: +SKIP
    >>> report.counts["documents"]                               # doctest: +SKIP
    31
    """
    from kg import resources
    from kg.graph import build as building

    files = _files(documents)
    read_elsewhere = _files(readings)
    if bundled or not (files or read_elsewhere):
        files.append(resources.path("data", "guides"))
    return building.build(
        files, store, jobs=jobs, releases=releases, as_of=_day(as_of), replace=replace, readings=read_elsewhere,
        progress=progress,
    )  # fmt: skip


def add(
    documents: FilePath | Iterable[FilePath] = (),
    store: FilePath | None = None,
    *,
    jobs: int = 1,
    releases: FilePath | None = None,
    as_of: datetime.date | str | None = None,
    readings: FilePath | Iterable[FilePath] = (),
) -> BuildReport:
    """Add documents to the graph of a store, or read those again that are in it under the same file name.

    `readings` are those of `build`, instead of documents.

    >>> kg.add("new-guide.md", "/tmp/mine").problems             # doctest: +SKIP
    ()
    """
    from kg.graph import build as building

    return building.add(
        _files(documents), store, jobs=jobs, releases=releases, as_of=_day(as_of), readings=_files(readings)
    )


def remove(
    documents: str | Iterable[str],
    store: FilePath | None = None,
    *,
    releases: FilePath | None = None,
    as_of: datetime.date | str | None = None,
) -> BuildReport:
    """Remove documents from the graph of a store, by identifier or file name; raises `kg.errors.NotFound` for others.

    >>> kg.remove("old-guide.md", "/tmp/mine").problems          # doctest: +SKIP
    ()
    """
    from kg.graph import build as building

    names = [documents] if isinstance(documents, str) else documents
    return building.remove(names, store, releases=releases, as_of=_day(as_of))


def extract(document: FilePath, *, data: bytes | None = None) -> Extraction:
    """What a document states, and what was left over of it and why; `data` are its bytes, if they are at hand.

    Raises `kg.errors.DocumentError` for what is no document.

    >>> import kg
    >>> extraction = kg.extract("guide.md", data=b"Append modifier JW to J3262.")
    >>> [(edge.subject.curie, edge.relation.value, edge.object.curie) for edge in extraction.assertions]
    [('hcpcs:J3262', 'acceptsModifier', 'modifier:JW')]
    """
    from kg.documents import parse, read
    from kg.extraction import extract as read_statements

    parsed = read(_FilePath(document)) if data is None else parse(data, os.fspath(document))
    return read_statements(parsed)


def extract_batches(
    batches: Iterable[pyarrow.RecordBatch], *, name: str = "name", data: str = "data"
) -> Iterator[pyarrow.RecordBatch]:
    """What documents in columns of bytes state: Arrow batches in, batches of `readings_schema()` out, a row a document.

    `name` and `data` are the columns with the names of files and with their bytes. A document that cannot be read is a
    row with an `error`. It is a pure function, so that any engine runs it anywhere, and `build` makes a graph of what
    was written to Parquet. Needs the extra `arrow`. Raises `kg.errors.UsageError` for batches without these columns.

    >>> import kg, pyarrow
    >>> batch = pyarrow.record_batch({"name": ["a.md"], "data": [b"Append modifier JW to J3262."]})
    >>> [row["assertions"][0]["object"] for one in kg.extract_batches([batch]) for row in one.to_pylist()]
    ['modifier:JW']
    """
    from kg.graph.arrow_readings import extract_batches as read_batches

    return read_batches(batches, name=name, data=data)


def readings_schema() -> pyarrow.Schema:
    """The columns of the batches that `extract_batches` gives, for engines that ask for them beforehand.

    >>> import kg
    >>> kg.readings_schema().names[:3]
    ['name', 'document', 'error']
    """
    from kg.graph.arrow_readings import schema

    return schema()


def check(
    documents: FilePath | Iterable[FilePath],
    *,
    data: bytes | None = None,
    releases: FilePath | None = None,
    as_of: datetime.date | str | None = None,
    problems: list[DocumentError] | None = None,
    skipped: list[Skipped] | None = None,
) -> Iterator[Checked]:
    """Hold documents against the releases without a graph, one by one; `data` are the bytes of one instead.

    `releases` is the folder of the user's releases, `as_of` the day on which codes have to hold, else today. A
    document that cannot be read raises `kg.errors.DocumentError`; with a list for `problems` it is put there, and
    the others are checked. What is passed over (no reader, the same bytes again) is added to `skipped`.

    >>> for checked in kg.check("guide.md"):                     # doctest: +SKIP
    ...     print(checked.findings)
    """
    from kg.documents import intake
    from kg.reference.index import indexed
    from kg.verification import check_all

    day = _day(as_of) or datetime.date.today()
    # What is not there is told before the releases are read, which takes seconds.
    intake_result = intake(_files(documents), data)
    if skipped is not None:
        skipped += intake_result.skipped
    return check_all(intake_result.sources, indexed(releases), day, problems)


def check_text(text: str, *, releases: FilePath | None = None, as_of: datetime.date | str | None = None) -> Checked:
    """Hold one text against the releases: what it says of each code, what is wrong, and what was meant.

    A notebook shows it as tables. `releases` and `as_of` are those of `check`, which is for documents. Raises
    `kg.errors.DocumentError` for a text without a letter.

    >>> checked = kg.check_text("J3032 identifies tezepelumab (Tezspire).")   # doctest: +SKIP
    >>> [(finding.concept.key, finding.suggestion.key) for finding in checked.findings]   # doctest: +SKIP
    [('J3032', 'J2356')]
    """
    # Half of a pair of surrogates is no letter, and no UTF-8 either.
    (checked,) = check((), data=text.encode("utf-8", "replace"), releases=releases, as_of=as_of)
    return checked


def _files(documents: FilePath | Iterable[FilePath]) -> list[_FilePath]:
    paths = [documents] if isinstance(documents, str | os.PathLike) else documents
    return [_FilePath(path) for path in paths]


def _day(day: datetime.date | str | None) -> datetime.date | None:
    from kg.model.days import read_day

    return None if day is None else read_day(day)


__all__ = [
    "Agreement",
    "Answer",
    "Arrays",
    "Assertion",
    "BillingGraph",
    "BuildReport",
    "Checked",
    "Choice",
    "Code",
    "CodePlan",
    "CodeSystem",
    "Codes",
    "Compared",
    "Comparison",
    "Concept",
    "Connection",
    "Decision",
    "Drawing",
    "Evidence",
    "Extraction",
    "FilePath",
    "Finding",
    "Findings",
    "Hop",
    "KgError",
    "Kind",
    "Known",
    "Match",
    "Matches",
    "Path",
    "Paths",
    "Polarity",
    "Qualifier",
    "Quantity",
    "Relation",
    "Scope",
    "Side",
    "SideKind",
    "StoredReleases",
    "Strength",
    "Table",
    "Verdict",
    "View",
    "add",
    "build",
    "check",
    "check_text",
    "extract",
    "extract_batches",
    "open",
    "readings_schema",
    "remove",
]
