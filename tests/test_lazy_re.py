"""Patterns that are compiled when they are first used are those of `re` in everything else."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import kg
from kg import lazy_re
from kg.lazy_re import LazyPattern

MODULES = [
    module.name
    for module in pkgutil.walk_packages(kg.__path__, "kg.")
    if module.name.split(".")[1] in ("documents", "extraction", "reference", "verification")
]


def patterns() -> Iterator[tuple[str, LazyPattern]]:
    """The patterns of all modules, each with where it stands."""
    for name in MODULES:
        for called, value in vars(importlib.import_module(name)).items():
            if isinstance(value, LazyPattern):
                yield f"{name}.{called}", value


def test_every_pattern_can_be_compiled() -> None:
    every = dict(patterns())
    assert len(every) > 300
    wrong = [name for name, pattern in every.items() if not isinstance(pattern.flags, int)]
    assert wrong == []


def test_nothing_is_compiled_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    monkeypatch.setattr(re, "compile", lambda pattern, flags: compiled.append(pattern) or real(pattern, flags))
    real = re._compile  # type: ignore[attr-defined]
    pattern = lazy_re.compile("(?P<word>[a-z]+)", re.IGNORECASE)
    assert (pattern.pattern, compiled) == ("(?P<word>[a-z]+)", [])
    assert [match["word"] for match in pattern.finditer("One two")] == ["One", "two"]
    assert pattern.fullmatch("x y") is None
    assert (pattern.groups, pattern.flags & re.IGNORECASE, compiled) == (1, re.IGNORECASE, ["(?P<word>[a-z]+)"])


def test_what_a_pattern_does_not_have_is_told() -> None:
    with pytest.raises(AttributeError, match="a pattern has no 'fullmatches'"):
        lazy_re.compile("a").fullmatches  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(re.error):
        lazy_re.compile("(").search("a")
