"""Codes of services in tables that hold HCPCS Level II and CPT side by side."""

from __future__ import annotations

import re

from kg.errors import MalformedCode
from kg.model import Code, CodeSystem

_AROUND = re.compile(r"^[^\x21-\x7e]+|[^\x21-\x7e]+$")


def service_code(text: str) -> Code:
    """The HCPCS Level II or CPT code that a cell holds; raises `MalformedCode` with the value.

    What stands around it and is no character of ASCII, as a stray byte, is none of it.

    >>> [service_code(text).curie for text in ("J3262", "96413", "0001U", "J3262\xff")]
    ['hcpcs:J3262', 'cpt:96413', 'cpt:0001U', 'hcpcs:J3262']
    """
    value = _AROUND.sub("", text)
    for system in (CodeSystem.HCPCS, CodeSystem.CPT):
        try:
            return Code.parse(value, system)
        except MalformedCode:
            continue
    raise MalformedCode(f"neither a HCPCS Level II nor a CPT code: {text!r}")
