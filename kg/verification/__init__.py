"""Verification: assertions and releases in, verdicts and findings out."""

from kg.verification.checking import Checked, NamedCode, check, check_all
from kg.verification.checks import Bench, Check, codes_of
from kg.verification.disagreements import Disagreement, Stand, Stands
from kg.verification.judging import Judge, Judgement, judge

__all__ = [
    "Bench",
    "Check",
    "Checked",
    "Disagreement",
    "Judge",
    "Judgement",
    "NamedCode",
    "Stand",
    "Stands",
    "check",
    "check_all",
    "codes_of",
    "judge",
]
