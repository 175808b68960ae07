"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import kg

MODULES = sorted(found.name for found in pkgutil.walk_packages(kg.__path__, "kg.") if "__main__" not in found.name)


@pytest.mark.parametrize("name", ["kg", *MODULES])
def test_the_examples_of_a_module_run(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, "a module says what it is for"
    results = doctest.testmod(module)
    assert results.failed == 0
