"""Codes of services in tables that hold HCPCS Level II and CPT side by side."""

from __future__ import annotations

from kg.errors import MalformedCode
from kg.model import Code, CodeSystem


def service_code(text: str) -> Code:
    """The HCPCS Level II or CPT code that a cell holds; raises `MalformedCode` with the value.

    >>> [service_code(text).curie for text in ("J3262", "96413", "0001U")]
    ['hcpcs:J3262', 'cpt:96413', 'cpt:0001U']
    """
    for system in (CodeSystem.HCPCS, CodeSystem.CPT):
        try:
            return Code.parse(text, system)
        except MalformedCode:
            continue
    raise MalformedCode(f"neither a HCPCS Level II nor a CPT code: {text!r}")
