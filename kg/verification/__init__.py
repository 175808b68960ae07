"""Verification: assertions and releases in, verdicts and findings out."""

from kg.verification.judging import CHECKS, Check, Judgement, judge

__all__ = ["CHECKS", "Check", "Judgement", "judge"]
