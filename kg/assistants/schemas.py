"""What a tool takes and gives, as JSON Schema."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kg.assistants.tools import Tool
from kg.errors import ResourceError
from kg.service.options import Option
from kg.service.shapes import shapes

_VALUES = {
    "type": "object",
    "additionalProperties": {"type": ["string", "number", "boolean"]},
    "description": "A value for each parameter of the question, as list_questions has them.",
}
_BESIDE = {"check_text": ("CheckedText",)}
"""Shapes of what a tool gives besides what the API does."""
_REFERENCE = re.compile(r'"#/components/schemas/(\w+)"')


def input_schema(tool: Tool) -> dict[str, Any]:
    """What a tool can be given.

    >>> from kg.assistants.tools import TOOLS
    >>> input_schema(TOOLS[0])["required"]
    ['text']
    """
    options = (*tool.options, *tool.paging)
    properties = {option.name: _property(option, tool.defaults) for option in options}
    if tool.takes_values:
        properties["values"] = _VALUES
    required = [option.name for option in options if option.required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def output_schema(tool: Tool) -> dict[str, Any]:
    """What a tool gives: a page of its answer, or that it is not known; and the shapes that these are made of."""
    page = [_named(shape) for shape in (tool.answer, *_BESIDE.get(tool.name, ()), "Page")]
    either = [{"allOf": page}, *([_named("NotKnown")] if tool.needs_graph else [])]
    whole = {"type": "object", "anyOf": either, "$defs": _reached(either)}
    content: dict[str, Any] = json.loads(_REFERENCE.sub(r'"#/$defs/\1"', json.dumps(whole)))
    return content


def _property(option: Option, defaults: Mapping[str, object]) -> dict[str, Any]:
    examples = {"examples": [option.example]} if option.example else {}
    default = {"default": defaults[option.name]} if option.name in defaults else {}
    return {**option.schema, "description": option.words, **examples, **default}


def _named(shape: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape}"}


def _reached(schema: Any) -> dict[str, Any]:
    """The shapes that a schema names, and those that these name."""
    every = {**shapes(), **_own_shapes()}
    reached: dict[str, Any] = {}
    left = set(_REFERENCE.findall(json.dumps(schema)))
    while left:
        shape = left.pop()
        reached[shape] = every[shape]
        left |= set(_REFERENCE.findall(json.dumps(every[shape]))) - reached.keys()
    return dict(sorted(reached.items()))


@cache
def _own_shapes() -> dict[str, Any]:
    """The shapes that only tools have, which nobody may change."""
    try:
        content: dict[str, Any] = json.loads(Path(__file__).with_name("shapes.json").read_text("utf-8"))
    except OSError as exc:
        raise ResourceError("billing-kg is installed without its file shapes.json; install it again") from exc
    return content
