"""What the questions of the API can be asked with: read from a request, and described in OpenAPI, by the same words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kg.answers import Polarities
from kg.model import DECISIONS, DEFAULT_TRUST, OPEN, Agreement, Verdict
from kg.service.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Option:
    """One parameter: its name, what it means, how it is read, and what OpenAPI calls its values.

    `argument` is what the function that answers calls it, where that is another name.
    """

    name: str
    words: str
    read: Callable[[Parameters, str], Any] = field(repr=False)
    schema: dict[str, Any]
    example: str = ""
    required: bool = False
    argument: str = ""

    def take(self, parameters: Parameters) -> tuple[str, Any]:
        """What the function that answers is given: the name of the argument, and its value."""
        return self.argument or self.name, self.read(parameters, self.name)

    def described(self) -> dict[str, Any]:
        """The parameter in OpenAPI."""
        return described(self.name, self.words, self.schema, self.example, required=self.required)


def described(
    name: str, words: str, schema: dict[str, Any], example: str = "", *, required: bool, place: str = "query"
) -> dict[str, Any]:
    """A parameter in OpenAPI."""
    entry = {"name": name, "in": place, "description": words, "required": required, "schema": schema}
    return {**entry, "example": example} if example else entry


def text(name: str, words: str, example: str, *, required: bool = False, argument: str = "") -> Option:
    """A parameter that is any text; one that is not required is empty without it."""

    def read(parameters: Parameters, name: str) -> str:
        return parameters.text(name) if required else parameters.text(name, "")

    return Option(name, words, read, {"type": "string"}, example, required, argument)


def number(name: str, words: str, default: int, most: int, *, least: int = 1) -> Option:
    """A parameter that is a number, from 1 on unless told otherwise."""
    schema = {"type": "integer", "minimum": least, "maximum": most, "default": default}
    return Option(name, words, lambda parameters, name: parameters.number(name, default, most, least=least), schema)


def flag(name: str, words: str, default: bool) -> Option:
    """A parameter that is true or false."""
    schema = {"type": "boolean", "default": default}
    return Option(name, words, lambda parameters, name: parameters.flag(name, default), schema)


TRUST = Option(
    "trust",
    "The weakest verdict that the answer is made of.",
    lambda parameters, name: parameters.text(name, DEFAULT_TRUST),
    {"type": "string", "enum": [verdict.value for verdict in Verdict], "default": str(DEFAULT_TRUST.value)},
)
AS_OF = Option(
    "as_of",
    "The day whose verdicts they are; without it, that of the build.",
    lambda parameters, name: parameters.day(name),
    {"type": "string", "format": "date"},
    "2026-01-01",
)
DECISION = Option(
    "decision",
    "Only findings about which this was decided; without it, all but those that are set aside.",
    lambda parameters, name: parameters.text(name, ""),
    {"type": "string", "enum": list(DECISIONS)},
    OPEN,
)
POLARITY = Option(
    "polarity",
    "What documents affirm, what they say no to, or both.",
    lambda parameters, name: parameters.polarity(name),
    {"type": "string", "enum": [polarity.value for polarity in Polarities], "default": Polarities.AFFIRMED.value},
)
AGREEMENT = Option(
    "only",
    "Only where they contradict, what the first or the second alone says, or both; without it, all.",
    lambda parameters, name: parameters.text(name, ""),
    {"type": "string", "enum": [agreement.value for agreement in Agreement]},
)
