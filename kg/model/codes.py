"""Codes: identifiers within a code system, normalised once, at the border."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from kg.errors import MalformedCode
from kg.model.members import plain_members


@plain_members
class CodeSystem(StrEnum):
    """The code systems of US billing; the value is the CURIE prefix."""

    HCPCS = "hcpcs"
    CPT = "cpt"
    ICD10CM = "icd10cm"
    NUCC = "nucc"
    MODIFIER = "modifier"
    NDC = "ndc"
    POS = "pos"
    CARC = "carc"
    RARC = "rarc"

    @property
    def noun(self) -> str:
        """The name people use.

        >>> CodeSystem.ICD10CM.noun
        'ICD-10-CM'
        """
        return _NOUNS[self]


_NOUNS = {
    CodeSystem.HCPCS: "HCPCS Level II",
    CodeSystem.CPT: "CPT",
    CodeSystem.ICD10CM: "ICD-10-CM",
    CodeSystem.NUCC: "NUCC taxonomy",
    CodeSystem.MODIFIER: "modifier",
    CodeSystem.NDC: "NDC",
    CodeSystem.POS: "CMS place-of-service",
    CodeSystem.CARC: "CARC",
    CodeSystem.RARC: "RARC",
}

# What each system accepts once the text is upper case, without spaces and with plain hyphens.
_PATTERNS = {
    CodeSystem.HCPCS: re.compile(r"[A-V][0-9]{4}"),
    # Immunization administration of 2020 to 2023 ends in A, performance measures in F, and so on.
    CodeSystem.CPT: re.compile(r"[0-9]{4}[0-9AFTUM]"),
    # QA0 came in 2025: the first category with a letter in second place.
    CodeSystem.ICD10CM: re.compile(r"((?:[A-Z][0-9]|QA)[0-9AB])\.?([0-9A-Z]{1,4})?"),
    CodeSystem.NUCC: re.compile(r"[0-9]{3}[0-9A-Z]{6}X"),
    CodeSystem.MODIFIER: re.compile(r"[0-9A-Z]{2}"),
    CodeSystem.NDC: re.compile(r"([0-9]{4,5})-([0-9]{3,4})-([0-9]{1,2})|([0-9]{5})([0-9]{4})([0-9]{2})"),
    CodeSystem.POS: re.compile(r"[0-9]{2}"),
    CodeSystem.CARC: re.compile(r"[1-9][0-9]{0,2}|[ABDPWY][1-9][0-9]?"),
    CodeSystem.RARC: re.compile(r"(?:M|MA|N)[1-9][0-9]{0,3}"),
}

# An NDC has ten digits in one of three shapes, or eleven in one.
_NDC_SHAPES = {(4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2)}

# A bare string is tried against these in turn. Two characters are never a code by themselves: a bare
# "59" is a modifier only where the context says so, and what numbers places and reasons needs its system beside it.
_BARE = (CodeSystem.HCPCS, CodeSystem.CPT, CodeSystem.ICD10CM, CodeSystem.NUCC, CodeSystem.NDC)

_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"))
_INVISIBLE = re.compile(r"[\s\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")


@dataclass(frozen=True, slots=True, order=True)
class Code:
    """An identifier within a code system, in the form in which its publisher prints it.

    >>> Code.parse("j3262")
    Code(system=<CodeSystem.HCPCS: 'hcpcs'>, value='J3262')
    >>> Code.parse("m0579").curie
    'icd10cm:M05.79'
    """

    system: CodeSystem
    value: str

    @property
    def curie(self) -> str:
        """The code with its system as prefix: `hcpcs:J3262`."""
        return ":".join((self.system, self.value))

    @classmethod
    def parse(cls, text: str, system: CodeSystem | None = None) -> Code:
        """Read what people type and what documents print; a CURIE is read as well.

        Without `system`, the likeliest reading is taken (see `readings`). Raises `MalformedCode` with the
        value where no code system would accept it.

        >>> Code.parse("59", CodeSystem.MODIFIER).curie
        'modifier:59'
        >>> Code.parse("50242\u2013136-01").curie
        'ndc:50242-0136-01'
        >>> Code.parse("J3")
        Traceback (most recent call last):
        kg.errors.MalformedCode: not a code of any system: 'J3'
        """
        if system is None:
            prefix, colon, rest = text.strip().partition(":")
            if colon and prefix.strip().lower() in _NOUNS:
                system, text = CodeSystem(prefix.strip().lower()), rest
        if system is not None:
            value = _normal_form(text, system)
            if value is None:
                raise MalformedCode(f"not a {system.noun} code: {text!r}")
            return cls(system, value)
        readings = cls.readings(text)
        if not readings:
            raise MalformedCode(f"not a code of any system: {text!r}")
        return readings[0]

    @classmethod
    def readings(cls, text: str) -> list[Code]:
        """All codes that a bare string may be, the likeliest first.

        A letter and four digits may be HCPCS or ICD-10-CM without its dot. HCPCS is likelier, except under M:
        the letter of the largest chapter of diagnoses in drug billing, and of a few quality measures in HCPCS.

        >>> [code.curie for code in Code.readings("J3262")]
        ['hcpcs:J3262', 'icd10cm:J32.62']
        """
        codes = [cls(system, value) for system in _BARE if (value := _normal_form(text, system))]
        if codes and codes[0].system is CodeSystem.HCPCS and codes[0].value.startswith("M"):
            codes.sort(key=lambda code: code.system is not CodeSystem.ICD10CM)
        return codes


def _normal_form(text: str, system: CodeSystem) -> str | None:
    plain = _INVISIBLE.sub("", text).translate(_HYPHENS).upper()
    match = _PATTERNS[system].fullmatch(plain)
    if match is None:
        return None
    if system is CodeSystem.ICD10CM:
        stem, rest = match.groups()
        if rest is None and plain.endswith("."):
            return None
        return f"{stem}.{rest}" if rest else stem
    if system is CodeSystem.NDC:
        parts = [part for part in match.groups() if part is not None]
        if tuple(map(len, parts)) not in _NDC_SHAPES:
            return None
        labeler, product, package = parts
        return f"{labeler:0>5}-{product:0>4}-{package:0>2}"
    return plain
