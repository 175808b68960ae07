"""What a request asks: its parameters, each of which is taken once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Self
from urllib.parse import parse_qsl

from kg.answers import Polarities
from kg.errors import UsageError
from kg.model import Polarity
from kg.model.days import read_day

_MOST = 100


class Parameters:
    """The parameters of one request, each to be taken once; `done` makes what nobody took an error."""

    def __init__(self, *encoded: bytes) -> None:
        self._values: dict[str, list[str]] = {}
        for part in encoded:
            for name, value in _pairs(part):
                self._values.setdefault(name, []).append(value)

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Self:
        """The parameters that a JSON object has; null is none. Raises `UsageError` for what is no text, number or flag.

        >>> Parameters.of({"k": 3, "as_of": None}).number("k", 1, most=50)
        3
        """
        parameters = cls()
        for name, value in values.items():
            if value is not None:
                parameters._values[name] = [scalar(name, value)]
        return parameters

    def is_given(self, name: str) -> bool:
        """Whether a parameter is there that was not taken."""
        return name in self._values

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a parameter that may be given several times."""
        return tuple(filter(None, self._values.pop(name, ())))

    def text(self, name: str, default: str | None = None) -> str:
        """The value of a parameter; one without a default must be there and not be empty."""
        values = self._values.pop(name, [""])
        if len(values) > 1:
            raise UsageError(f"given more than once: {name!r}")
        value = values[0] or default
        if value is None:
            raise UsageError(f"missing: {name!r}")
        return value

    def number(self, name: str, default: int, most: int, *, least: int = 1) -> int:
        """The value of a parameter that is a number from `least` to `most`."""
        value = self.text(name, str(default))
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise UsageError(f"{name}: not a number from {least} to {most}: {value!r}")
        return int(value)

    def flag(self, name: str, default: bool) -> bool:
        """The value of a parameter that is `true` or `false`."""
        value = self.text(name, "true" if default else "false")
        if value not in ("true", "false"):
            raise UsageError(f"{name}: neither true nor false: {value!r}")
        return value == "true"

    def day(self, name: str) -> date | None:
        """The value of a parameter that is a date in ISO form, or None where it is not there."""
        value = self.text(name, "")
        return read_day(value) if value else None

    def polarity(self, name: str) -> Polarity | None:
        """The value of a parameter that is `affirmed`, which it is without one, `excluded`, or `both`: None."""
        value = self.text(name, Polarities.AFFIRMED)
        if value not in list(Polarities):
            raise UsageError(f"{name}: none of {', '.join(Polarities)}: {value!r}")
        return Polarities(value).polarity

    def beginning_with(self, mark: str) -> dict[str, str]:
        """The values of all parameters whose names begin with a mark, by their names without it."""
        return {name.removeprefix(mark): self.text(name, "") for name in list(self._values) if name.startswith(mark)}

    def rest(self) -> dict[str, str]:
        """All that was not taken yet."""
        return {name: self.text(name, "") for name in list(self._values)}

    def done(self) -> None:
        """Raise `UsageError` where something is left."""
        for name in self._values:
            raise UsageError(f"no such parameter: {name!r}")


def scalar(name: str, value: object) -> str:
    """The text of a value in JSON that is no list and no object; raises `UsageError` for others."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise UsageError(f"{name}: neither a text nor a number: {str(value)!r:.80}")


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST)
    except UnicodeDecodeError as exc:
        raise UsageError("a parameter is not UTF-8") from exc
    except ValueError as exc:
        raise UsageError(f"more than {_MOST} parameters") from exc
