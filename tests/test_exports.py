from __future__ import annotations

from types import ModuleType

import kg
from kg.errors import KgError


def test_what_is_public_is_sorted_and_all_that_can_be_imported() -> None:
    public = {
        name for name, value in vars(kg).items() if not name.startswith("_") and not isinstance(value, ModuleType)
    } - {"annotations"}
    assert kg.__all__ == sorted(kg.__all__)
    assert set(kg.__all__) == public | kg._LATER.keys()


def test_everything_public_is_explained() -> None:
    assert [name for name in kg.__all__ if not getattr(kg, name).__doc__] == []


def test_every_error_is_drawn_in_the_tree_with_its_exit_code() -> None:
    from kg import errors

    drawn = errors.__doc__ or ""
    classes = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, KgError)]
    assert [one.__name__ for one in classes if one.__name__ not in drawn] == []
    assert {one.exit_code for one in classes} == {1, 2, 3, 4}
    assert (errors.NotFound.exit_code, errors.UsageError.exit_code, errors.Failure.exit_code) == (1, 2, 3)
    assert errors.OnlyNo.exit_code == 4


def test_the_version_is_that_of_the_distribution() -> None:
    from importlib.metadata import version

    assert kg.__version__ == version("billing-kg")
