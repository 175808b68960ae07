"""`kg show`, `kg path` and `kg search`: the everyday questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.grouped import write_groups
from kg.cli.options import AsOfOption, Format, FormatOption, StoreOption, Trust, TrustOption
from kg.cli.output import CONNECTION_COLUMNS, called, emit, read_aloud, safe, say, write
from kg.cli.watching import limited
from kg.errors import UnknownName
from kg.rows import connection_rows, path_rows

if TYPE_CHECKING:
    from kg.billing_graph import View
    from kg.model import Path


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(limited(show))
    app.command()(limited(path))
    app.command()(limited(search))


def show(
    code: Annotated[str, typer.Argument(help="A code, a CURIE, or a name.")],
    trust: TrustOption = Trust.DISPUTED,
    as_of: AsOfOption = None,
    format: FormatOption = Format.TABLE,
    store: StoreOption = None,
) -> None:
    """What the graph holds on one code or other concept."""
    import kg

    with kg.open(store) as graph:
        view = graph.show(code, trust=trust, as_of=as_of)
        if format is Format.TABLE:
            _write_description(view)
            write_groups(view.connections)
        else:
            emit(connection_rows(view.connections, graph.titles()), format, CONNECTION_COLUMNS)
        if not view.connections:
            say(f"kg: no document connects {called(view.concept)} to anything at trust {trust.value}")


def path(
    start: Annotated[str, typer.Argument(help="Where from: a code or a name.")],
    end: Annotated[str, typer.Argument(help="Where to: a code or a name.")],
    k: Annotated[int, typer.Option("-k", "--count", min=1, max=50, help="How many paths, the best first.")] = 1,
    trust: TrustOption = Trust.DISPUTED,
    as_of: AsOfOption = None,
    format: FormatOption = Format.TABLE,
    store: StoreOption = None,
) -> None:
    """How two concepts are connected, every hop with the sentence that states it."""
    import kg

    with kg.open(store) as graph:
        found = graph.paths(start, end, k, trust=trust, as_of=as_of)
        if format is Format.TABLE:
            for number, way in enumerate(found, 1):
                _write_path(way, number)
        else:
            emit(path_rows(found), format, _PATH_COLUMNS)
        graph.require(found, f"no path from {start} to {end} at trust {trust.value}")


def search(
    words: Annotated[list[str], typer.Argument(help="Words of a name, or the beginning of a code.")],
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only this kind: hcpcs, icd10cm, drug …")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")] = 20,
    format: FormatOption = Format.TABLE,
    store: StoreOption = None,
) -> None:
    """Find codes, drugs, payers and other concepts by their names."""
    import kg

    with kg.open(store) as graph:
        text = " ".join(words)
        found = graph.search(text, kinds=_kinds(kind or ()) or None, limit=limit)
        rows = [
            {
                "concept": m.concept.curie,
                "name": m.concept.name or "",
                "kind": m.concept.kind.noun,
                "connections": m.connections,
            }
            for m in found
        ]
        if rows or format is not Format.TABLE:
            emit(rows, format, ("concept", "name", "kind", "connections"))
        graph.require(found, f"nothing is called {text!r}")


def _kinds(names: Sequence[str]) -> list[Any]:
    from kg.model import Kind

    known = {kind.value: kind for kind in Kind}
    for name in names:
        if name not in known:
            raise UnknownName(f"no such kind: {name!r} (one of {', '.join(known)})")
    return [known[name] for name in names]


def _write_description(view: View) -> None:
    found = view.description
    lines = [called(found.concept)]
    if found.system:
        lines.append(f"  system      {found.system}")
    if found.descriptor:
        lines.append(f"  descriptor  {found.descriptor}")
    if found.alternatives:
        lines.append(f"  also        {', '.join(found.alternatives)}")
    if found.broader:
        lines.append(f"  broader     {found.broader.label}")
    if found.narrower:
        lines.append(f"  narrower    {found.narrower} directly below")
    if found.billable is not None:
        lines.append(f"  billable    {'yes' if found.billable else 'no, it is a heading'}")
    if found.valid_from or found.valid_through:
        lines.append(f"  valid       {found.valid_from or '…'} to {found.valid_through or 'now'}")
    lines += [f"  earlier     {meaning}" for meaning in found.earlier]
    if found.exists is False:
        near = f"; close to it: {', '.join(code.key for code in found.near)}" if found.near else ""
        lines.append(f"  release     not in {found.release}{near}")
    elif found.exists is None and found.concept.kind.is_code:
        lines.append("  release     no complete release has been read; whether it exists is not known")
    elif found.release:
        lines.append(f"  release     {found.release}")
    write(safe("\n".join(lines)) + "\n")


_PATH_COLUMNS = (
    "path",
    "hop",
    "cost",
    "subject",
    "relation",
    "object",
    "forward",
    "verdict",
    "document",
    "line",
    "quote",
)


def _write_path(way: Path, number: int) -> None:
    write(f"{number}. {' → '.join(concept.label for concept in way.concepts)}   (cost {way.cost:.2f})\n")
    for hop in way.hops:
        evidence = hop.connection.evidence[0]
        quote = " ".join(evidence.quote.split())
        write(f"   {'→' if hop.forward else '←'} {read_aloud(hop)} [{hop.connection.verdict.value}]\n")
        write(safe(f"     {evidence}  “{quote}”") + "\n")
