"""Which code a drug, a brand or a package is billed as."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from kg.errors import NotFound, UsageError
from kg.graph.billing_codes import billing_code
from kg.graph.describing import resolve
from kg.graph.store import GraphStore
from kg.model import Code, CodeSystem, Concept, Kind, Relation, Statement
from kg.reference import Edition, Entry, Reference, Release

DAY = date(2026, 2, 1)
HCPCS = Release("hcpcs", CodeSystem.HCPCS, "HCPCS", date(2025, 10, 1), False, "", "")
CROSSWALK = Release("crosswalk", CodeSystem.NDC, "Crosswalk", date(2026, 1, 1), False, "", "")

Asking = Callable[..., str]


def described(code: str, name: str, through: date | None = None) -> Entry:
    return Entry(Code.parse(code, CodeSystem.HCPCS), name, valid_through=through)


def sold(ndc: str, brand: str, code: str) -> tuple[Entry, Statement]:
    package = Code.parse(ndc, CodeSystem.NDC)
    statement = Statement(Concept.of(package, brand), Relation.BILLED_AS, Concept.parse(f"hcpcs:{code}"), 1, brand)
    return Entry(package, brand), statement


PRODUCTS = [
    sold("00004-0001-01", "Onebrand", "J1001"),
    sold("00004-0002-01", "Otherbrand", "J1002"),
    sold("00004-0003-01", "Bothbrand", "J1001"),
    sold("00004-0004-01", "Bothbrand", "J1002"),
]


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    """Asks a store of some codes for the code of a name."""
    from .making import write

    codes = (
        described("J1001", "Injection, infliximab, 10 mg"),
        described("J1002", "Injection, infliximab, not biosimilar, 10 mg"),
        described("J1003", "Injection, tocilizumab, 1 mg"),
        described("J1004", "Injection, tocilizumab, 5 mg", through=date(2020, 12, 31)),
        described("J1005", "Injection, immune globulin (firstglobin), 500 mg"),
        described("J1006", "Injection, immune globulin (secondglobin), 500 mg"),
    )
    entries, statements = zip(*PRODUCTS, strict=True)
    reference = Reference.of([Edition(HCPCS, codes), Edition(CROSSWALK, entries, statements)], ())
    with GraphStore.open(write(tmp_path / "store", (), reference)) as store:

        def ask(name: str | Concept, text: str = "", day: date = DAY) -> str:
            concept = resolve(store, name) if isinstance(name, str) else name
            return billing_code(store, concept, text or (name if isinstance(name, str) else ""), day).key

        yield ask


def test_a_billing_code_stands_for_itself(asking: Asking) -> None:
    assert asking("J1002") == "J1002"


def test_a_brand_has_the_code_of_its_products(asking: Asking) -> None:
    assert asking("Onebrand") == "J1001"
    assert asking("otherbrand") == "J1002"
    assert asking("00004-0002-01") == "J1002"


def test_a_drug_has_the_code_in_force(asking: Asking) -> None:
    assert asking("tocilizumab") == "J1003"


def test_of_several_codes_the_one_that_is_named_after_the_brand(asking: Asking) -> None:
    assert asking(Concept.named(Kind.DRUG, "immune globulin"), "secondglobin") == "J1006"


@pytest.mark.parametrize("name", ["infliximab", "drug:infliximab", "drug:immune-globulin"])
def test_several_codes_are_named_and_none_is_taken(asking: Asking, name: str) -> None:
    with pytest.raises(UsageError, match=r"is billed as several codes, give one of them: J100\d .*; J100\d "):
        asking(name)


def test_on_an_earlier_day_a_code_that_has_ended_since_counts(asking: Asking) -> None:
    with pytest.raises(UsageError, match=r"J1003 .*; J1004 "):
        asking("tocilizumab", day=date(2019, 1, 1))


def test_what_no_release_bills_is_not_known(asking: Asking) -> None:
    with pytest.raises(NotFound, match="the code that mepolizumab is billed as"):
        asking(Concept.named(Kind.DRUG, "mepolizumab"))
