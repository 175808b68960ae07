"""`kg units`: how many billing units a dose is, from which vials, and what goes on the claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.answer_rows import PLAN_COLUMNS, plan_lines, plan_row
from kg.cli.options import SEPARATORS, AsOfOption, Format, FormatOption, StoreOption
from kg.cli.output import counted, emit, safe, say, table, write
from kg.cli.watching import limited

if TYPE_CHECKING:
    from kg.units.products import CodePlan


def add_to(app: typer.Typer) -> None:
    """Add the command of this topic."""
    app.command()(limited(units))


def units(
    code: Annotated[str, typer.Argument(help="A billing code, or a drug, brand or NDC that is billed as one.")],
    dose: Annotated[str, typer.Option("--dose", help="The dose, with its unit: 480mg.")],
    package: Annotated[
        str | None,
        typer.Option("--package", help="What the vials at hand hold: 80mg,200mg,400mg.", show_default=False),
    ] = None,
    ndc: Annotated[
        str | None, typer.Option("--ndc", help="Packages to take it from, by NDC, with commas.", show_default=False)
    ] = None,
    as_of: AsOfOption = None,
    format: FormatOption = Format.TABLE,
    store: StoreOption = None,
) -> None:
    """How many units to bill for a dose, which vials waste least, and whether the claim has JW or JZ."""
    import kg

    with kg.open(store).at(as_of=as_of) as graph:
        plan = graph.units(code, dose, packages=package, ndc=ndc)
    if format is Format.TABLE:
        _write_plan(plan)
    elif format in SEPARATORS:
        emit(plan_lines(plan), format, PLAN_COLUMNS)
        for note in plan.notes:
            say(f"kg: {note}")
    else:
        emit([plan_row(plan)], format, ())


def _write_plan(plan: CodePlan) -> None:
    amount = plan.amount_discarded
    discarded = f"{amount.text}: {counted(plan.units_discarded, 'unit')}" if amount else "not known"
    write(f"{safe(plan.code.in_words)}\n")
    write(f"  dose        {safe(plan.dose.text)}, billed per {safe(plan.unit.text)}\n")
    write(f"  bill        {counted(plan.units_billed, 'unit')}\n")
    write(f"  discarded   {safe(discarded)}\n")
    write("\nclaim lines\n")
    write(table(plan.to_json()["lines"], ("code", "modifier", "units", "words"), indent=2))
    if plan.packages:
        write("\nvials\n")
        rows = plan.to_json()["packages"]
        columns = ("count", "amount", "name", "labeler", "ndc")
        write(table(rows, [name for name in columns if any(row.get(name) for row in rows)], indent=2))
    write("\nsources\n")
    rows = [{"source": str(source), "text": source.text} for source in plan.sources]
    write(table(rows, ("source", "text"), indent=2))
    write("\nnotes\n")
    for note in plan.notes:
        write(f"  {safe(note)}\n")
