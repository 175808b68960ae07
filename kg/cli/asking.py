"""`kg show`, `kg path` and `kg search`: the everyday questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.grouped import write_groups
from kg.cli.options import AnswerFormat, AnswerFormatOption, AsOfOption, StoreOption, Trust, TrustOption
from kg.cli.output import emit_answer, read_aloud, safe, say, table, write
from kg.cli.watching import limited
from kg.errors import UnknownName

if TYPE_CHECKING:
    from kg.answers import View
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
    format: AnswerFormatOption = AnswerFormat.TABLE,
    store: StoreOption = None,
) -> None:
    """What the graph holds on one code or other concept."""
    import kg

    with kg.open(store).at(trust=trust, as_of=as_of) as graph:
        view = graph.show(code)
        if format is AnswerFormat.TABLE:
            _write_description(view)
            write_groups(view.connections)
        else:
            emit_answer(view, format)
    if not view:
        say(f"kg: {view.nothing}")


def path(
    start: Annotated[str, typer.Argument(help="Where from: a code or a name.")],
    end: Annotated[str, typer.Argument(help="Where to: a code or a name.")],
    k: Annotated[int, typer.Option("-k", "--count", min=1, max=50, help="How many paths, the best first.")] = 1,
    trust: TrustOption = Trust.DISPUTED,
    as_of: AsOfOption = None,
    format: AnswerFormatOption = AnswerFormat.TABLE,
    store: StoreOption = None,
) -> None:
    """How two concepts are connected, every hop with the sentence that states it."""
    import kg

    with kg.open(store).at(trust=trust, as_of=as_of) as graph:
        paths = graph.paths(start, end, k)
        if format is AnswerFormat.TABLE:
            for number, way in enumerate(paths, 1):
                _write_path(way, number)
        else:
            emit_answer(paths, format)
    paths.require()


def search(
    words: Annotated[list[str], typer.Argument(help="Words of a name, or the beginning of a code.")],
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only this kind: hcpcs, icd10cm, drug …")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")] = 20,
    format: AnswerFormatOption = AnswerFormat.TABLE,
    store: StoreOption = None,
) -> None:
    """Find codes, drugs, payers and other concepts by their names."""
    import kg

    with kg.open(store) as graph:
        matches = graph.search(" ".join(words), kinds=_kinds(kind or ()) or None, limit=limit)
        if format is not AnswerFormat.TABLE:
            emit_answer(matches, format)
        elif matches:
            write(table(matches.rows(), matches.columns))
    if matches.near:
        say(f"kg: {matches.near}")
    matches.require()


def _kinds(names: Sequence[str]) -> list[Any]:
    from kg.model import Kind

    kinds_by_name = {kind.value: kind for kind in Kind}
    for name in names:
        if name not in kinds_by_name:
            raise UnknownName(f"no such kind: {name!r} (one of {', '.join(kinds_by_name)})")
    return [kinds_by_name[name] for name in names]


def _write_description(view: View) -> None:
    description = view.description
    lines = [description.concept.in_words]
    if description.system:
        lines.append(f"  system      {description.system}")
    if description.descriptor:
        lines.append(f"  descriptor  {description.descriptor}")
    if description.alternatives:
        lines.append(f"  also        {', '.join(description.alternatives)}")
    if description.broader:
        lines.append(f"  broader     {description.broader.label}")
    if description.narrower:
        lines.append(f"  narrower    {description.narrower} directly below")
    if description.billable is not None:
        lines.append(f"  billable    {'yes' if description.billable else 'no, it is a heading'}")
    if description.valid_from or description.valid_through:
        lines.append(f"  valid       {description.valid_from or '…'} to {description.valid_through or 'now'}")
    lines += [f"  earlier     {meaning}" for meaning in description.earlier]
    if description.exists is False:
        near = f"; close to it: {', '.join(code.key for code in description.near)}" if description.near else ""
        lines.append(f"  release     not in {description.release}{near}")
    elif description.exists is None and description.concept.kind.is_code:
        lines.append("  release     no complete release has been read; whether it exists is not known")
    elif description.release:
        lines.append(f"  release     {description.release}")
    write(safe("\n".join(lines)) + "\n")


def _write_path(way: Path, number: int) -> None:
    write(f"{number}. {' → '.join(concept.label for concept in way.concepts)}   (cost {way.cost:.2f})\n")
    for hop in way.hops:
        evidence = hop.connection.evidence[0]
        quote = " ".join(evidence.quote.split())
        write(f"   {'→' if hop.forward else '←'} {read_aloud(hop)} [{hop.connection.verdict.value}]\n")
        write(safe(f"     {evidence}  “{quote}”") + "\n")
