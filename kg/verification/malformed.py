"""Codes that are written as none is, and those that they are nearly."""

from __future__ import annotations

from string import digits

from kg import lazy_re as re
from kg.model import Code, CodeSystem
from kg.reference import Reference

_OF_HCPCS = re.compile(r"[A-Z]\d{4}")
_FEW = 3


def written_as_none(code: Code) -> bool:
    """Whether what a document calls a code has not the form of codes by which services are billed.

    >>> written_as_none(Code(CodeSystem.HCPCS, "J99999")), written_as_none(Code(CodeSystem.HCPCS, "J9999"))
    (True, False)
    """
    return code.system is CodeSystem.HCPCS and _OF_HCPCS.fullmatch(code.value) is None


def why_none(code: Code, reference: Reference) -> str:
    """Why it is none, with the codes that have a digit more or less, where these are few."""
    near = _near(code.value, reference)
    beside = f"; near: {', '.join(near)}" if 0 < len(near) <= _FEW else ""
    diagnosis = Code.parse(code.value, CodeSystem.ICD10CM)
    return f"is no code: HCPCS Level II has a letter and four digits, and ICD-10-CM no {diagnosis.value}{beside}"


def _near(value: str, reference: Reference) -> list[str]:
    places = range(1, len(value) + 1)
    if len(value) > len("J9999"):
        spellings = {value[:at] + value[at + 1 :] for at in places}
    else:
        spellings = {value[:at] + digit + value[at:] for at in places for digit in digits}
    codes = (Code(CodeSystem.HCPCS, spelling) for spelling in sorted(spellings) if _OF_HCPCS.fullmatch(spelling))
    return [code.value for code in codes if reference.in_force(code)]
