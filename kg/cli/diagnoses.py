"""`kg codes-for`: which billing codes connect to a diagnosis, or to each of many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.answers import Codes, Polarities
from kg.cli.grouped import write_groups
from kg.cli.options import AnswerFormat, AnswerFormatOption, AsOfOption, Format, StoreOption, Trust, TrustOption
from kg.cli.output import emit, emit_answer, in_json, say, table, write
from kg.cli.streams import text_of
from kg.cli.watching import limited
from kg.errors import NotFound, OnlyNo, UsageError
from kg.model.coverage import shares

if TYPE_CHECKING:
    from kg.model import Polarity

_FEW = 100
"""So many connections are shown in a table where a diagnosis may stand in thousands of lists."""


def add_to(app: typer.Typer) -> None:
    """Add the command of this topic."""
    app.command("codes-for")(limited(codes_for))


def codes_for(
    diagnosis: Annotated[
        str, typer.Argument(help="A diagnosis code, or the name of a condition; - for many, one a line.")
    ],
    narrower: Annotated[bool, typer.Option(help="Ask for everything narrower in the ICD-10-CM tree as well.")] = True,
    polarity: Annotated[
        Polarities | None,
        typer.Option(
            help="What documents affirm, what they say no to, or both; else both in a table, and yes in rows."
        ),
    ] = None,
    code: Annotated[
        str | None, typer.Option(help="One billing code alone: yes, no or not known.", show_default=False)
    ] = None,
    payer: Annotated[
        str | None,
        typer.Option(help="Leave out what is of other payers; of medicare ask its articles too.", show_default=False),
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(help="Ask the articles of Medicare that are in force in a state: FL.", show_default=False),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="So many connections at most, 0 for all; else all, of a table with articles the first 100.",
            show_default=False,
        ),
    ] = None,
    offset: Annotated[int, typer.Option(min=0, help="Leave out so many before them.")] = 0,
    trust: TrustOption = Trust.DISPUTED,
    as_of: AsOfOption = None,
    format: AnswerFormatOption = AnswerFormat.TABLE,
    store: StoreOption = None,
) -> None:
    """Which billing codes connect to a diagnosis, and who says so."""
    import kg

    diagnoses = None if diagnosis != "-" else _diagnoses_in(text_of(diagnosis))
    with kg.open(store).at(trust=trust, as_of=as_of) as graph:
        polarities = _polarity(polarity, format)
        ask = partial(graph.codes_for, narrower=narrower, polarity=polarities, code=code, payer=payer, state=state)
        if diagnoses is None:
            codes = ask(diagnosis)
            if limit is None:
                limit = _FEW if format is AnswerFormat.TABLE and codes.rulings else 0
            _answer_one(_page(codes, limit, offset), format)
        else:
            _answer_many(diagnoses, ask, format)


def _polarity(choice: Polarities | None, format: AnswerFormat) -> Polarity | None:
    """The polarity asked for, None for both: people see both unless they ask otherwise, scripts what is affirmed."""
    choice = choice or (Polarities.BOTH if format is AnswerFormat.TABLE else Polarities.AFFIRMED)
    return choice.polarity


def _page(codes: Codes, limit: int, offset: int) -> Codes:
    """A page of an answer, and a word on what is not on it."""
    until = offset + limit if limit else len(codes)
    if offset or until < len(codes):
        say(f"kg: connections {offset + 1:,} to {min(until, len(codes)):,} of {len(codes):,} (--limit 0 for all)")
    return replace(codes, found=codes.found[offset:until])


def _summed_up(codes: Codes) -> None:
    """What each contractor rules, where not all of it is shown."""
    columns = ("contractor", "articles", "supported", "refused")
    rows = [dict(zip(columns, share, strict=True)) for share in shares(codes.rulings)]
    write("\nby contractor\n" + table(rows, columns, indent=2))


def _answer_one(codes: Codes, format: AnswerFormat) -> None:
    if format is AnswerFormat.TABLE:
        _write_tables([codes])
    else:
        emit_answer(codes, format)
    if codes.listed:
        say(f"kg: articles of Medicare list {codes.diagnosis.key} {codes.listed:,} times: ask with --payer medicare")
    try:
        codes.require()
    except OnlyNo as exc:
        raise exc if codes else OnlyNo(f"{exc} ('--polarity excluded' lists where)") from None


def _answer_many(diagnoses: Sequence[str], ask: partial[Codes], format: AnswerFormat) -> None:
    """Answer each of many; ends as one does whose answer is not known where not all are affirmed."""
    answers = {text: codes for text in diagnoses if (codes := _answer_or_none(ask, text)) is not None}
    if format is AnswerFormat.TABLE:
        _write_tables(list(answers.values()))
    elif format is AnswerFormat.ANSWER:
        write(in_json([{"asked": text, **codes.to_json()} for text, codes in answers.items()]))
    else:
        emit(_rows(answers.items()), Format(format.value), ("asked", *Codes.columns))
    missing = len(diagnoses) - sum(bool(codes.affirmed) for codes in answers.values())
    if missing:
        raise NotFound(f"not known, or only no: {missing} of {len(diagnoses)} diagnoses")


def _diagnoses_in(text: str) -> list[str]:
    """The diagnoses, one a line, each once; raises `UsageError` where there is none."""
    lines = (line.strip() for line in text.splitlines())
    if diagnoses := list(dict.fromkeys(filter(None, lines))):
        return diagnoses
    raise UsageError("standard input: no diagnosis, of which one is to stand on each line")


def _answer_or_none(ask: partial[Codes], text: str) -> Codes | None:
    """The answer for one of many; what is no diagnosis is told, and the others are answered."""
    try:
        return ask(text)
    except (NotFound, UsageError) as exc:
        say(f"kg: {' '.join(str(exc).split())}")
        return None


def _rows(answers: Iterable[tuple[str, Codes]]) -> Iterator[dict[str, Any]]:
    for text, codes in answers:
        for row in codes.rows():
            yield {"asked": text, **row}


def _write_tables(answers: Iterable[Codes]) -> None:
    for number, codes in enumerate(answers):
        if codes:
            write(("\n" if number else "") + f"{codes.searched_in_words}{codes.asked}\n")
            if len(codes) < len(codes.affirmed) + len(codes.excluded) and codes.rulings:
                _summed_up(codes)
            write_groups(codes)
