"""`kg codes-for`: which billing codes connect to a diagnosis, or to each of many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.grouped import write_groups
from kg.cli.options import AsOfOption, Format, FormatOption, StoreOption, Trust, TrustOption
from kg.cli.output import CONNECTION_COLUMNS, called, emit, say, write
from kg.cli.streams import read_standard_input
from kg.cli.watching import limited
from kg.errors import Failure, NotFound, OnlyNo, UsageError
from kg.rows import connection_rows

if TYPE_CHECKING:
    from kg.billing_graph import BillingGraph
    from kg.model import Concept, Connection


class Answered(StrEnum):
    """Which answers are given: what documents affirm, what they say no to, or both."""

    AFFIRMED = "affirmed"
    EXCLUDED = "excluded"
    BOTH = "both"


def add_to(app: typer.Typer) -> None:
    """Add the command of this topic."""
    app.command("codes-for")(limited(codes_for))


def codes_for(
    diagnosis: Annotated[
        str, typer.Argument(help="A diagnosis code, or the name of a condition; - for many, one a line.")
    ],
    narrower: Annotated[bool, typer.Option(help="Ask for everything narrower in the ICD-10-CM tree as well.")] = True,
    polarity: Annotated[
        Answered | None,
        typer.Option(
            help="What documents affirm, what they say no to, or both; else both in a table, and yes in rows."
        ),
    ] = None,
    trust: TrustOption = Trust.DISPUTED,
    as_of: AsOfOption = None,
    format: FormatOption = Format.TABLE,
    store: StoreOption = None,
) -> None:
    """Which billing codes connect to a diagnosis, and who says so."""
    import kg

    wanted = polarity or (Answered.BOTH if format is Format.TABLE else Answered.AFFIRMED)
    several = diagnosis == "-"
    asked = _lines(read_standard_input()) if several else [diagnosis]
    with kg.open(store) as graph:
        question = _Question(graph, trust, as_of, narrower, wanted)
        answers = (_noted(question, text) if several else question.answer(text) for text in asked)
        given = [answer for answer in answers if answer]
        if format is Format.TABLE:
            _write_tables(given)
        else:
            emit(_rows(given, graph.titles(), several=several), format, ("asked",) * several + CONNECTION_COLUMNS)
        if not several:
            given[0].require()
    if len(given) < len(asked) or not all(answer.affirmed for answer in given):
        missing = len(asked) - sum(bool(answer.affirmed) for answer in given)
        raise NotFound(f"not known, or only no: {missing} of {len(asked)} diagnoses")


@dataclass(frozen=True)
class _Answer:
    """What was asked, and what is affirmed and excluded; `shown` is what was wanted of both."""

    question: _Question
    asked: str
    concept: Concept
    affirmed: Sequence[Connection]
    excluded: Sequence[Connection]
    shown: Sequence[Connection]

    @property
    def searched(self) -> str:
        """What was looked at, in words; rows for scripts need none."""
        below = len(self.question.graph.searched_for(self.concept, narrower=self.question.narrower)) - 1
        return called(self.concept) + (f" and {below} narrower codes" if below else "")

    def require(self) -> None:
        """Raise `NotFound` where nothing is known, and `OnlyNo` where documents say no and nothing else."""
        trust = self.question.trust.value
        if not self.affirmed and self.excluded:
            hidden = "" if self.shown else " ('--polarity excluded' lists where)"
            raise OnlyNo(f"documents say no, and nothing else, of {self.searched} at trust {trust}{hidden}")
        if not self.affirmed:
            self.question.graph.require((), f"no document connects a code to {self.searched} at trust {trust}")


@dataclass(frozen=True)
class _Question:
    """What is asked of each diagnosis."""

    graph: BillingGraph
    trust: Trust
    as_of: str | None
    narrower: bool
    wanted: Answered

    def answer(self, diagnosis: str) -> _Answer:
        """The answer for a diagnosis; raises `UsageError` for a code that is none."""
        from kg.model import Kind, Polarity

        concept = self.graph.resolve(diagnosis)
        if concept.kind.is_code and concept.kind is not Kind.ICD10CM:
            raise UsageError(f"no diagnosis: {called(concept)}; 'kg show {concept.key}' says what goes with it")
        found = self.graph.codes_for(concept, trust=self.trust, as_of=self.as_of, narrower=self.narrower, polarity=None)
        yes = [one for one in found if one.polarity is Polarity.AFFIRMED]
        no = [one for one in found if one.polarity is not Polarity.AFFIRMED]
        shown = {Answered.AFFIRMED: yes, Answered.EXCLUDED: no, Answered.BOTH: found}[self.wanted]
        return _Answer(self, diagnosis, concept, yes, no, shown)


def _noted(question: _Question, text: str) -> _Answer | None:
    """The answer for one of many; what is no diagnosis is told, and the others are answered."""
    try:
        return question.answer(text)
    except (NotFound, UsageError) as exc:
        say(f"kg: {' '.join(str(exc).split())}")
        return None


def _lines(data: bytes) -> list[str]:
    """The diagnoses in standard input; raises `Failure` for what is no text, `UsageError` where there is none."""
    try:
        found = [line.strip() for line in data.decode("utf-8-sig").splitlines()]
    except UnicodeDecodeError as exc:
        raise Failure(f"standard input: not UTF-8 (byte {exc.start})") from exc
    if not any(found):
        raise UsageError("standard input: no diagnosis, of which one is to stand on each line")
    return list(dict.fromkeys(filter(None, found)))


def _rows(answers: Iterable[_Answer], titles: dict[str, str], *, several: bool) -> Iterator[dict[str, Any]]:
    for answer in answers:
        for row in connection_rows(answer.shown, titles):
            yield {"asked": answer.asked, **row} if several else row


def _write_tables(answers: Sequence[_Answer]) -> None:
    for number, answer in enumerate(answers):
        if answer.shown:
            write(("\n" if number else "") + f"{answer.searched}\n")
            write_groups(answer.shown)
