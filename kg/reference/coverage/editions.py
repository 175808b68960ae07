"""Exports of the Medicare Coverage Database as editions of releases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.model import CodeSystem, PolicyKind
from kg.reference.coverage.export import Export, kind_of, read_export
from kg.reference.coverage.tables import exports_in
from kg.reference.release import Edition, Release

_LICENCE = "published by CMS; CPT is copyright of the American Medical Association"
_SOURCE = "https://www.cms.gov/medicare-coverage-database/downloads/downloads.aspx"
_TITLES = {
    PolicyKind.ARTICLE: "articles",
    PolicyKind.LCD: "local determinations",
    PolicyKind.NCD: "national determinations",
}


def editions_in(path: Path) -> Iterator[Edition]:
    """The exports in an archive or in archives in it, none in other files; raises `ReleaseError` for a broken one."""
    for _, tables in exports_in(path):
        if kind_of(tables):
            yield _edition(read_export(tables))


def _edition(export: Export) -> Edition:
    issued = export.updated
    versions = {policy.identifier for policy in export.policies}
    every = "all" if len(versions) < len(export.policies) else "current"
    words = f"{every} {_TITLES[export.kind]}"
    release = Release(
        identifier=f"mcd-{words.replace(' ', '-')}-{issued or 'undated'}",
        system=CodeSystem.HCPCS,
        title=f"Medicare Coverage Database, {words}, {f'{issued:%d %B %Y}' if issued else 'of unknown date'}",
        issued=issued,
        complete=False,
        licence=_LICENCE,
        source=_SOURCE,
        quotable=False,
        dated=True,
    )
    return Edition(release, rows=export.rows, left_out=export.left_out, export=export)
