"""`kg reference`: the official releases that graphs are checked against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.options import Format, FormatOption, ReleasesOption
from kg.cli.output import counted, emit, progress, safe, say, table, write
from kg.cli.watching import watched

if TYPE_CHECKING:
    from kg.reference.records import StoredRelease
    from kg.reference.release import Edition
    from kg.reference.stored import Outcome, StoredReleases

COLUMNS = ("release", "title", "since", "complete", "codes", "statements", "rows", "left_out", "licence", "from")
_SHOWN = 20

FilesArgument = Annotated[list[Path], typer.Argument(help="Files as their publishers give them, packed or not.")]
NamesArgument = Annotated[list[str], typer.Argument(help="Any of asp, hcpcs, icd10cm, mpfs, ncci, ndc, nucc …")]
ReleaseArgument = Annotated[str, typer.Argument(help="A release, as 'kg reference list' names it.")]
SinceOption = Annotated[
    datetime | None,
    typer.Option(
        "--since", formats=["%Y-%m-%d"], show_default=False, metavar="DATE",
        help="First day on which the releases hold, where the files do not tell it.",
    ),
]  # fmt: skip
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Take the place of another file of the same release.")]
PublishersOption = Annotated[
    Path | None,
    typer.Option("--publishers", help="Another table of addresses than the bundled one.", show_default=False),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic, as a group of their own."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=__doc__.partition(": ")[2].capitalize())
    for command in (add, list_releases, show, fetch, remove):
        group.command("list" if command is list_releases else None)(watched(command))
    app.add_typer(group, name="reference")


def add(
    files: FilesArgument, since: SinceOption = None, replace: ReplaceOption = False, releases: ReleasesOption = None
) -> None:
    """Read files of releases, and keep copies of them for the next builds."""
    from kg.reference.stored import StoredReleases, add_each

    _report_outcomes(add_each(StoredReleases(releases), files, since.date() if since else None, replace))


def list_releases(format: FormatOption = Format.TABLE, releases: ReleasesOption = None) -> None:
    """The releases that are known: those that you added, and those that come with billing-kg."""
    from kg.reference.stored import StoredReleases

    store = StoredReleases(releases)
    emit([*map(_stored, store.list()), *_bundled()], format, COLUMNS)
    damaged = store.damaged()
    for name, reason in damaged:
        say(f"kg: {store.folder / name}: {reason}; remove it with 'kg reference remove {name}' and add it again")
    if damaged:
        raise typer.Exit(3)


def show(release: ReleaseArgument, format: FormatOption = Format.TABLE, releases: ReleasesOption = None) -> None:
    """What is known of a release, and the rows that were left out of it, with the reasons."""
    from kg.reference.stored import StoredReleases

    edition, about = _edition(StoredReleases(releases), release)
    rows = [{"row": left_out.row, "reason": left_out.reason, "text": left_out.text} for left_out in edition.left_out]
    if format is not Format.TABLE:
        emit(rows, format, ("row", "reason", "text"))
        return
    few = list(_few(rows))
    write(_facts(about, edition))
    if few:
        write(table(few, ("row", "reason", "text")))
    if len(few) < len(rows):
        say(f"{counted(len(rows) - len(few), 'row')} more; --format csv gives all")


def fetch(names: NamesArgument, releases: ReleasesOption = None, publishers: PublishersOption = None) -> None:
    """Download the newest releases from their publishers, and add them."""
    from kg.reference.publishers.fetching import fetch_each
    from kg.reference.stored import StoredReleases

    with progress() as tell:
        outcomes = list(fetch_each(StoredReleases(releases), names, publishers, tell))
    _report_outcomes(outcomes)


def remove(release: ReleaseArgument, releases: ReleasesOption = None) -> None:
    """Remove a release that you added, with all that came in the same file."""
    from kg.reference.stored import StoredReleases

    removed = StoredReleases(releases).remove(release)
    for stored in removed:
        say(f"removed {stored.identifier} ({stored.file.name})")
    if not removed:
        say(f"removed {release}")
    say("the graph still holds what it was built with; 'kg build' makes it anew")


def _report_outcomes(outcomes: Iterable[Outcome]) -> None:
    """Say what became of each file; those that failed come last, and make the command fail."""
    failed = []
    for outcome in outcomes:
        if outcome.error:
            failed.append(outcome.error)
        passed_over = outcome.releases[0].file.passed_over if outcome.releases else ()
        if passed_over:
            say(f"{outcome.what}: passed over, since billing-kg can read no release in it: {'; '.join(passed_over)}")
        for release in outcome.releases:
            status = "already there:" if release.file.already_there else "added"
            say(f"{status} {release.identifier}: {_counts(release)}")
    for error in failed:
        say(f"kg: {' '.join(str(error).split())}")
    if failed:
        raise typer.Exit(3)


def _counts(release: StoredRelease) -> str:
    left_out = sum(release.left_out.values())
    counts = {"code": release.entries, "statement": release.statements, "brand": release.brands}
    contents = ", ".join(counted(number, noun) for noun, number in counts.items() if number)
    return f"{contents or 'nothing'} from {counted(release.rows, 'row')}, {left_out:,} left out"


def _stored(release: StoredRelease) -> dict[str, Any]:
    file = release.file
    return {
        "release": release.identifier,
        "title": release.title,
        "since": release.issued,
        "complete": release.complete,
        "codes": release.entries,
        "statements": release.statements,
        "rows": release.rows,
        "left_out": sum(release.left_out.values()),
        "licence": release.licence if release.quotable else f"{release.licence}; names are not shown",
        "from": file.origin.address if file.origin else file.name,
        "added": file.added,
        "sha256": file.sha256,
        "size": file.size,
        "reasons": release.left_out,
    }


def _bundled() -> Iterator[dict[str, Any]]:
    """Rows for what comes with billing-kg; ICD-10-CM takes seconds to read, so its codes are not counted here."""
    from kg.reference import bundled, icd10cm
    from kg.reference.release import Edition

    for edition in (Edition(icd10cm.RELEASE), *bundled.read()):
        yield _built_in(edition, read=edition.release != icd10cm.RELEASE)


def _built_in(edition: Edition, read: bool = True) -> dict[str, Any]:
    release = edition.release
    return {
        "release": release.identifier,
        "title": release.title,
        "since": release.issued,
        "complete": release.complete,
        "codes": len(edition.entries) if read else None,
        "statements": 0 if read else None,
        "rows": (edition.rows or len(edition.entries)) if read else None,
        "left_out": sum(left_out.count for left_out in edition.left_out) if read else None,
        "licence": release.licence,
        "from": "comes with billing-kg",
    }


def _edition(store: StoredReleases, identifier: str) -> tuple[Edition, dict[str, Any]]:
    """A release, read anew, with its row of the list."""
    from kg.errors import NotFound
    from kg.reference import bundled, icd10cm

    stored = next((release for release in store.list() if release.identifier == identifier), None)
    if stored:
        editions: Iterable[Edition] = store.read(stored.file)
    else:
        editions = bundled.diagnoses() if identifier == icd10cm.RELEASE.identifier else bundled.read()
    edition = next((edition for edition in editions if edition.release.identifier == identifier), None)
    if edition is None:
        raise NotFound(
            f"{store.folder}: no such release: {identifier!r}; 'kg reference list' names those that are known"
        )
    return edition, _stored(stored) if stored else _built_in(edition)


def _facts(about: dict[str, Any], edition: Edition) -> str:
    """What is known of a release, a line each; then why rows were left out."""
    from kg.reference.records import reasons

    lines = [
        f"{name.replace('_', ' ')}: {str(value).lower() if isinstance(value, bool) else value}"
        for name, value in about.items()
        if name != "reasons" and value is not None
    ]
    lines += [f"  {counted(number, 'row')}: {reason}" for reason, number in reasons(edition).items()]
    return "".join(f"{safe(line)}\n" for line in lines)


def _few(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Some rows of each reason, for people."""
    from kg.reference.records import general

    count_of: Counter[str] = Counter()
    for row in rows:
        count_of[general(row["reason"])] += 1
        if count_of[general(row["reason"])] <= _SHOWN:
            yield row
