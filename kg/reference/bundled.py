"""The small tables that come with billing-kg: `data/reference` and the names of drugs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from kg import resources
from kg.errors import KgError, MalformedCode, ResourceError
from kg.model import Code, CodeSystem, Concept, Kind
from kg.reference import facts, icd10cm
from kg.reference.formats import asp
from kg.reference.release import Drug, Edition, Entry, Release

_FOLDER = ("data", "reference")
_OWNERS = ("cms", "ama")
_NAMES = ("official", "labels", "own")


def read() -> Iterator[Edition]:
    """Every table that `releases.tsv` lists, each as one release."""
    for row in resources.table(*_FOLDER, "releases.tsv"):
        release = _release(row)
        rows = resources.table(*_FOLDER, row["file"])
        if row["file"] == facts.PACKAGES:
            yield _crosswalk(release, rows)
            continue
        entries = (_entry(cells, number, release) for number, cells in enumerate(rows, 1))
        yield Edition(release, tuple(entries))


def releases() -> Iterator[Release]:
    """What each table is an edition of, without reading it; ICD-10-CM, which comes in a package, is among them."""
    yield icd10cm.RELEASE
    for row in resources.table(*_FOLDER, "releases.tsv"):
        yield _release(row)


def _crosswalk(release: Release, rows: Iterable[dict[str, str]]) -> Edition:
    cells = ((number, package) for number, row in enumerate(rows, 1) for package in facts.package_cells(row))
    edition = asp.crosswalk(release, cells)
    for omission in edition.left_out:
        raise ResourceError(f"data/reference/{facts.PACKAGES}: {omission.reason}")
    return edition


def diagnoses() -> Iterator[Edition]:
    """ICD-10-CM as the package carries it, with the days of its codes; takes seconds, so call it once."""
    for edition in icd10cm.read():
        try:
            yield facts.with_days(edition, resources.table(*_FOLDER, facts.DAYS), facts.SINCE)
        except (MalformedCode, ValueError) as exc:
            raise ResourceError(f"data/reference/{facts.DAYS}: {exc}") from exc


def _release(row: dict[str, str]) -> Release:
    names = _one_of(row["names"], _NAMES, "releases.tsv")
    complete = _one_of(row["complete"], ("true", "false"), "releases.tsv") == "true"
    since = _date(row["since"], "releases.tsv")
    return Release(
        identifier=row["identifier"],
        system=CodeSystem(_one_of(row["system"], tuple(CodeSystem), "releases.tsv")),
        title=row["title"],
        issued=_date(row["issued"], "releases.tsv"),
        complete=complete,
        licence=row["licence"],
        source=row["file"],
        outside=facts.given(row["outside"]),
        official=names != "own",
        labels=names == "labels",
        since=since,
        dated=since is not None,
    )


def drugs() -> tuple[Drug, ...]:
    """The drugs that are known by name: those of `drugs.tsv`, and those that HCPCS Level II has besides."""
    more = (
        Drug(Concept.named(Kind.DRUG, row["name"]), brands=_brands(row))
        for row in resources.table("data", "names", "substances.tsv")
    )
    return (*curated_drugs(), *more)


def curated_drugs() -> tuple[Drug, ...]:
    """The drugs of `data/names/drugs.tsv`."""
    return tuple(
        Drug(
            concept=Concept.named(Kind.DRUG, row["name"]),
            brands=_brands(row),
            broader=Concept.named(Kind.DRUG, row["broader"]) if facts.given(row["broader"]) else None,
        )
        for row in resources.table("data", "names", "drugs.tsv")
    )


def _entry(row: dict[str, str], number: int, release: Release) -> Entry:
    file = release.source
    try:
        code = Code.parse(row["code"], release.system)
        if file == facts.HCPCS:
            return facts.hcpcs_entry(row, code, number)
    except (KgError, ValueError) as exc:
        raise ResourceError(f"data/reference/{file}: {exc}") from exc
    return Entry(
        code=code,
        name=row.get("name") or row.get("label", ""),
        valid_from=_date(row.get("added", "-"), file),
        valid_through=_date(row.get("ended", "-"), file),
        owner=_one_of(row["owner"], _OWNERS, file) if "owner" in row else _owner(release),
    )


def _owner(release: Release) -> str:
    """Who maintains the modifiers of a table that has no column for it: CMS has one of its own."""
    return "cms" if release.system is CodeSystem.MODIFIER else ""


def _brands(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(brand for part in row["brands"].split(";") if (brand := facts.given(part.strip())))


def _date(text: str, file: str) -> date | None:
    try:
        return date.fromisoformat(text) if facts.given(text) else None
    except ValueError as exc:
        raise ResourceError(f"data/reference/{file}: not a date: {text!r}") from exc


def _one_of(text: str, allowed: tuple[str, ...], file: str) -> str:
    if text not in allowed:
        raise ResourceError(f"data/reference/{file}: {text!r} is none of {', '.join(allowed)}")
    return text
