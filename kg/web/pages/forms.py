"""The form that sends a document: a file or a pasted text, read in memory and put nowhere."""

from __future__ import annotations

import logging
from collections import defaultdict

from starlette.exceptions import HTTPException

from kg.errors import MissingExtra, UsageError

MORE = 64 << 10
"""So many bytes a form has at most besides the document."""
_FIELDS = frozenset({"document", "text", "as_of"})


def fields_of(content_type: str, body: bytes) -> dict[str, bytes]:
    """The fields of a form with parts (`multipart/form-data`), of which a file is one; empty ones are left out.

    Raises `HTTPException` 415 for another form, 400 for one that is not whole, and `UsageError` for another field.
    """
    try:
        from python_multipart.exceptions import FormParserError
        from python_multipart.multipart import MultipartParser, parse_options_header
    except ModuleNotFoundError as exc:
        raise MissingExtra("the form for documents", "web") from exc
    # What a client does wrong is told to the client, and is nothing for the log.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise HTTPException(415, "not a form with parts (multipart/form-data)")
    parts = _Parts()
    try:
        parser = MultipartParser(options[b"boundary"], parts.callbacks)  # type: ignore[arg-type]
        parser.write(body)
        parser.finalize()
    except FormParserError as exc:
        raise HTTPException(400, f"the form is not whole ({exc})") from exc
    for name in parts.fields.keys() - _FIELDS:
        raise UsageError(f"no such field: {name!r}")
    return {name: bytes(content) for name, content in parts.fields.items() if content}


class _Parts:
    """Takes the parts of a form as the parser tells them."""

    def __init__(self) -> None:
        self.fields: defaultdict[str, bytearray] = defaultdict(bytearray)
        self._header, self._value, self._name = bytearray(), bytearray(), ""

    @property
    def callbacks(self) -> dict[str, object]:
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_part_data": lambda data, start, end: self.fields[self._name].extend(data[start:end]),
        }

    def _begin(self) -> None:
        self._name = ""
        self._header.clear()
        self._value.clear()

    def _end_header(self) -> None:
        from python_multipart.multipart import parse_options_header

        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            self._name = options.get(b"name", b"").decode("utf-8", "replace")
        self._header.clear()
        self._value.clear()
