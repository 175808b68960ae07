"""The small tables that come with billing-kg: `data/reference` and the names of drugs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from kg import resources
from kg.errors import KgError, ResourceError
from kg.model import Code, CodeSystem, Concept, Kind
from kg.reference.release import Drug, Edition, Entry, Release

_FOLDER = ("data", "reference")
_OWNERS = ("cms", "ama")


def read() -> Iterator[Edition]:
    """Every table that `releases.tsv` lists, each as one release."""
    for row in resources.table(*_FOLDER, "releases.tsv"):
        system = CodeSystem(_one_of(row["system"], tuple(CodeSystem), "releases.tsv"))
        release = Release(
            identifier=row["identifier"],
            system=system,
            title=row["title"],
            issued=_date(row["issued"], "releases.tsv"),
            complete=_one_of(row["complete"], ("true", "false"), "releases.tsv") == "true",
            licence=row["licence"],
            source=row["file"],
            official=_one_of(row.get("names", "official"), ("official", "own"), "releases.tsv") == "official",
        )
        entry = partial(_entry, system=system, file=row["file"])
        yield Edition(release, tuple(map(entry, resources.table(*_FOLDER, row["file"]))))


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
            broader=Concept.named(Kind.DRUG, row["broader"]) if _given(row["broader"]) else None,
        )
        for row in resources.table("data", "names", "drugs.tsv")
    )


def _entry(row: dict[str, str], system: CodeSystem, file: str) -> Entry:
    try:
        code = Code.parse(row["code"], system)
    except KgError as exc:
        raise ResourceError(f"data/reference/{file}: {exc}") from exc
    return Entry(
        code=code,
        name=row["name"],
        valid_from=_date(row.get("added", "-"), file),
        valid_through=_date(row.get("ended", "-"), file),
        owner=_one_of(row["owner"], _OWNERS, file) if "owner" in row else "",
    )


def _brands(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(brand for part in row["brands"].split(";") if (brand := _given(part.strip())))


def _given(text: str) -> str:
    return "" if text == "-" else text


def _date(text: str, file: str) -> date | None:
    try:
        return date.fromisoformat(text) if _given(text) else None
    except ValueError as exc:
        raise ResourceError(f"data/reference/{file}: not a date: {text!r}") from exc


def _one_of(text: str, allowed: tuple[str, ...], file: str) -> str:
    if text not in allowed:
        raise ResourceError(f"data/reference/{file}: {text!r} is none of {', '.join(allowed)}")
    return text
