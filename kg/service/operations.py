"""The questions of the API: where each is asked, what with, and which function answers it.

One list serves the routes and their description, so that neither can know a question that the other does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kg.service import answers
from kg.service.options import AGREEMENT, AS_OF, DECISION, POLARITY, TRUST, Option, flag, number, text
from kg.service.results import Result

BASE = "/api/v1"
CHECK = "/check"


class Subject(NamedTuple):
    """What a question is about, which stands in its address."""

    name: str
    words: str
    example: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A question of the API.

    `answer` names the shape of its JSON, `row` that of its rows. `options` are its parameters; with `takes_values`, all
    other parameters are values of the query that it names. `is_fixed` is an answer that no graph is needed for.
    """

    name: str
    address: str
    summary: str
    ask: Callable[..., Result] = field(repr=False)
    answer: str
    subject: Subject | None = None
    options: tuple[Option, ...] = ()
    takes_values: bool = False
    is_fixed: bool = False

    @property
    def route(self) -> str:
        """The address as a pattern; a name in it may have a stroke in it, but for those of the catalogue."""
        whole = self.subject is not None and not self.takes_values
        return self.address.replace("}", ":path}") if whole else self.address


_CODE = Subject("code", "A code, a CURIE or a name.", "J3262")

OPERATIONS = (
    Operation(
        "codesFor",
        "/codes-for/{diagnosis}",
        "Which billing codes connect to a diagnosis, and who says so",
        answers.codes_for,
        "CodesAnswer",
        Subject("diagnosis", "A diagnosis code, or the name of a condition.", "M06.9"),
        (
            TRUST,
            AS_OF,
            flag("narrower", "Whether everything narrower in the ICD-10-CM tree counts.", True),
            POLARITY,
            text("code", "One billing code alone.", "J3262"),
            text("payer", "Leaves out what is of other payers; of medicare its articles are asked too.", "medicare"),
            text("state", "Asks the articles of Medicare that are in force in a state.", "FL"),
        ),
    ),
    Operation(
        "show",
        "/show/{code}",
        "What the graph holds on one code or other concept",
        answers.show,
        "ShowAnswer",
        _CODE,
        (TRUST, AS_OF),
    ),
    Operation(
        "paths",
        "/paths",
        "How two concepts are connected, every hop with the sentence that states it",
        answers.paths,
        "PathsAnswer",
        options=(
            text("from", "Where from: a code or a name.", "J3262", required=True, argument="start"),
            text("to", "Where to: a code or a name.", "J0129", required=True, argument="end"),
            number("k", "How many paths, the best first.", 1, most=50),
            TRUST,
            AS_OF,
        ),
    ),
    Operation(
        "compare",
        "/compare",
        "How far two sources agree: what both say, what only one says, where they contradict",
        answers.compare,
        "ComparisonAnswer",
        options=(
            text(
                "first",
                "A document, an article with or without its version, or a contractor.",
                "tocilizumab",
                required=True,
            ),
            text("second", "What to compare it with, named likewise.", "abatacept", required=True),
            text(
                "between",
                "Two days, with a comma between them: the first side on the first, the second on the other.",
                "",
            ),
            text("code", "One billing code alone.", ""),
            text("relation", "One relation alone.", ""),
            AGREEMENT,
            number("limit", "So many edges of each kind at most.", 50, most=1000),
            number("offset", "Leave out so many of each kind before them.", 0, most=10**9, least=0),
            TRUST,
            AS_OF,
        ),
    ),
    Operation(
        "search",
        "/search",
        "Concepts by their names",
        answers.search,
        "SearchAnswer",
        options=(
            text("q", "Words of a name, or the beginning of a code.", "tocil", required=True, argument="text"),
            text("kind", "Only this kind: hcpcs, icd10cm, drug …", "drug"),
            number("limit", "At most so many.", 20, most=1000),
        ),
    ),
    Operation(
        "findings",
        "/findings",
        "What a person should look at, worst first",
        answers.findings,
        "FindingsAnswer",
        options=(DECISION, AS_OF),
    ),
    Operation(
        "units",
        "/units/{code}",
        "How many billing units a dose is, and which packages waste least",
        answers.units,
        "Plan",
        _CODE,
        (
            text("dose", "How much is given.", "480mg", required=True),
            text("packages", "The packages at hand, with commas between them.", "80mg,400mg"),
            text("ndc", "The packages at hand by NDC, with commas between them.", ""),
            AS_OF,
        ),
    ),
    Operation(
        "queries",
        "/queries",
        "The catalogue of questions, each with its SPARQL",
        answers.questions,
        "CatalogueAnswer",
        is_fixed=True,
    ),
    Operation(
        "query",
        "/queries/{name}",
        "The answer to a question of the catalogue",
        answers.question,
        "QueryAnswer",
        Subject("name", "The name of the question.", "codes-for-diagnosis"),
        (TRUST, AS_OF),
        takes_values=True,
    ),
    Operation(
        "schema",
        "/schema",
        "What a query can name: classes, properties, values, graphs and prefixes",
        answers.terms,
        "SchemaAnswer",
        is_fixed=True,
    ),
)


def arguments(operation: Operation, parameters: Any) -> dict[str, Any]:
    """What the function that answers is given, of the parameters of a request; raises `UsageError` for others."""
    options = dict(option.take(parameters) for option in operation.options)
    if operation.takes_values:
        return {**options, "values": parameters.rest()}
    parameters.done()
    return options
