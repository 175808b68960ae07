"""The tools: what each is for, in words for a language model, what it can be given, and which function answers it.

What the API can be asked as well is taken from its list of questions, so that neither knows an option the other lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from kg.assistants import pages
from kg.errors import ResourceError, UsageError
from kg.service.operations import OPERATIONS
from kg.service.options import AS_OF, TRUST, Option, number, text
from kg.service.parameters import Parameters, scalar
from kg.service.results import Result

_ROWS, MOST_ROWS = 30, 200
"""So many rows are on a page unless a call says otherwise, and at most."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool, and the function that answers its calls.

    `answer` names the shape of its JSON, and `parts` are the lists in it that come in pages. `defaults` are values of
    options that a call leaves out, where they are others than those of the API. With `takes_values` the
    option `values` has the values of the question that it asks. With `is_check` it is answered beside all others, and
    its text may be as long as a document.
    """

    name: str
    ask: Callable[..., Result] = field(repr=False)
    answer: str
    options: tuple[Option, ...] = ()
    parts: tuple[str, ...] = ("rows",)
    defaults: Mapping[str, object] = field(default_factory=dict)
    takes_values: bool = False
    needs_graph: bool = True
    is_check: bool = False

    @property
    def title(self) -> str:
        """What people read of it."""
        return str(words()["tools"][self.name]["title"])

    @property
    def words(self) -> str:
        """What a language model reads of it: when to use it, and what its answer means."""
        return str(words()["tools"][self.name]["words"]).strip()

    @property
    def paging(self) -> tuple[Option, Option]:
        """What says which page of the answer is wanted."""
        return (
            number("limit", "So many rows at most.", _ROWS, most=MOST_ROWS),
            number(
                "offset", "Leave out so many rows before them: `next_offset` of the page before.", 0, 10**6, least=0
            ),
        )

    def arguments(self, given: Mapping[str, object]) -> tuple[int, int, dict[str, Any]]:
        """The limit, the offset and the options that a call gives; raises `UsageError` for what is wrong with them."""
        others = {**self.defaults, **{name: value for name, value in given.items() if value is not None}}
        values = {"values": _values(others.pop("values", None))} if self.takes_values else {}
        parameters = Parameters.of(others)
        options = dict(option.take(parameters) for option in self.options)
        limit, offset = (option.take(parameters)[1] for option in self.paging)
        parameters.done()
        return limit, offset, {**options, **values}


def _values(given: object) -> dict[str, str]:
    """The values of a question, by name."""
    if not isinstance(given, Mapping | None):
        raise UsageError("values: not an object with a value for each parameter of the question")
    return {str(name): scalar(f"values.{name}", value) for name, value in (given or {}).items()}


@cache
def words() -> dict[str, Any]:
    """What a language model reads, which nobody may change; raises `ResourceError` where it is not installed."""
    import tomllib  # Only a server for assistants needs it.

    try:
        return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
    except OSError as exc:
        raise ResourceError("billing-kg is installed without its file words.toml; install it again") from exc


_OPERATIONS = {operation.name: operation for operation in OPERATIONS}


def _of_the_api(name: str, operation_name: str, **others: Any) -> Tool:
    """A tool that answers what the API can be asked, with the same options."""
    operation = _OPERATIONS[operation_name]
    subject = operation.subject
    first = (text(*subject, required=True),) if subject else ()
    # Pages have a limit of their own.
    options = tuple(option for option in operation.options if option.name != "limit")
    ask = partial(pages.graph, of=operation.ask, **others.pop("fixed", {}))
    return Tool(name, ask, operation.answer, (*first, *options), **others)


_WORDS = text("words", "Only what has all of these words in it.", "modifier")
_EXAMPLE = "SELECT ?code { ?code bkg:identifiesDrug drug:tocilizumab } LIMIT 10"

TOOLS = (
    Tool(
        "check_text",
        pages.check,
        "CheckAnswer",
        (
            text("text", "The text: plain, Markdown, HTML, CSV or JSON.", "J3032 is Tezspire.", required=True),
            replace(AS_OF, words="The day on which codes have to hold; without it, today."),
        ),
        parts=("findings", "assertions", "named", "not_checked"),
        needs_graph=False,
        is_check=True,
    ),
    _of_the_api("search", "search", fixed={"limit": MOST_ROWS}),
    _of_the_api("show", "show"),
    # What documents say no to is the source of a no.
    _of_the_api("codes_for", "codesFor", defaults={"polarity": "both"}),
    _of_the_api("path", "paths"),
    _of_the_api("findings", "findings"),
    _of_the_api("units", "units", parts=("lines",)),
    Tool("list_questions", pages.questions, "Questions", (_WORDS,), needs_graph=False),
    Tool(
        "ask_question",
        partial(pages.graph, of=pages.question),
        "QueryAnswer",
        (text("name", "The name of the question.", "codes-for-diagnosis", required=True), TRUST, AS_OF),
        takes_values=True,
    ),
    Tool("schema", pages.terms, "SchemaAnswer", (_WORDS,), needs_graph=False),
    Tool(
        "sparql",
        partial(pages.graph, of=pages.sparql),
        "QueryAnswer",
        (text("query", "The query.", _EXAMPLE, required=True), TRUST, AS_OF),
    ),
)
