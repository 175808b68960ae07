"""The NDC directory: the drug of each package, and brands that stand for one drug."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from kg.errors import ReleaseError
from kg.model import Relation, Statement
from kg.reference.formats import read_contents, recognise
from kg.reference.release import Edition, ReleaseFile
from kg.reference.stored import StoredReleases

PRODUCTS = (
    "PRODUCTID", "PRODUCTNDC", "PRODUCTTYPENAME", "PROPRIETARYNAME", "PROPRIETARYNAMESUFFIX", "NONPROPRIETARYNAME",
    "DOSAGEFORMNAME", "ROUTENAME", "STARTMARKETINGDATE", "ENDMARKETINGDATE", "MARKETINGCATEGORYNAME",
    "APPLICATIONNUMBER", "LABELERNAME", "SUBSTANCENAME", "NDC_EXCLUDE_FLAG",
)  # fmt: skip
PACKAGES = (
    "PRODUCTID", "PRODUCTNDC", "NDCPACKAGECODE", "PACKAGEDESCRIPTION", "STARTMARKETINGDATE", "ENDMARKETINGDATE",
    "NDC_EXCLUDE_FLAG", "SAMPLE_PACKAGE",
)  # fmt: skip


def product(
    name: str, brand: str, drug: str, category: str = "BLA", kind: str = "HUMAN PRESCRIPTION DRUG", flag: str = "N"
) -> tuple[str, ...]:
    return (
        name, "50242-135", kind, brand, "", drug, "INJECTION, SOLUTION", "INTRAVENOUS; SUBCUTANEOUS", "20100108", "",
        category, "BLA125276", "Genentech, Inc. – München", drug.upper(), flag,
    )  # fmt: skip


ACTEMRA = product("a", "Actemra", "Tocilizumab")
VIAL = ("a", "50242-135", "50242-135-01", "1 VIAL in 1 CARTON", "20100108", "", "N", "N")


def table(header: tuple[str, ...], *rows: tuple[str, ...]) -> bytes:
    return "".join("\t".join(row) + "\r\n" for row in (header, *rows)).encode("cp1252")


def directory(products: bytes, packages: bytes) -> ReleaseFile:
    beside = ReleaseFile("product.txt", products, "ndctext.zip/product.txt")
    return ReleaseFile(
        "package.txt", packages, "ndctext.zip/package.txt", ("package.txt", "ndctext.zip"), date(2026, 7, 1), (beside,)
    )


def read(file: ReleaseFile) -> Edition:
    found = recognise(file)
    assert found is not None
    (edition,) = found.read(file)
    return edition


def packages(*rows: tuple[str, ...], products: tuple[tuple[str, ...], ...] = (ACTEMRA,)) -> Edition:
    return read(directory(table(PRODUCTS, *products), table(PACKAGES, *rows)))


def brands(*rows: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    edition = read(ReleaseFile("product.txt", table(PRODUCTS, *rows), "product.txt", ("product.txt",)))
    assert edition.rows == len(rows)
    return {drug.concept.key: drug.brands for drug in edition.drugs}


def test_a_package_holds_the_drug_of_its_product_in_the_days_in_which_it_is_sold() -> None:
    edition = packages(VIAL)
    (statement,) = edition.statements
    assert (statement.subject.curie, statement.relation, statement.object.curie) == (
        "ndc:50242-0135-01", Relation.CONTAINS_DRUG, "drug:tocilizumab",
    )  # fmt: skip
    assert (statement.subject.name, statement.row) == ("Actemra", 2)
    assert (statement.valid_from, statement.valid_through) == (date(2010, 1, 8), None)
    assert statement.details == (
        ("brand", "Actemra"), ("routes", "intravenous; subcutaneous"), ("dosageForm", "injection, solution"),
        ("labeler", "Genentech, Inc. – München"), ("packageDescription", "1 VIAL in 1 CARTON"),
    )  # fmt: skip
    assert (edition.release.identifier, edition.release.complete, edition.rows) == ("ndc-2026-07", False, 1)
    assert edition.entries == (), "a directory adds no code"


def test_statements_are_read_anew_each_time() -> None:
    statements = packages(VIAL).statements
    assert list(statements) == list(statements)
    assert not isinstance(statements, tuple | list)


def test_a_salt_is_no_other_drug_and_utf_8_is_read_as_such() -> None:
    products = table(PRODUCTS, product("a", "Zofran", "Ondansetron Hydrochloride")).decode("cp1252").encode()
    (statement,) = read(directory(products, table(PACKAGES, VIAL))).statements
    assert statement.object.curie == "drug:ondansetron"
    assert dict(statement.details)["labeler"] == "Genentech, Inc. – München"


def test_days_of_the_package_count_before_those_of_the_product() -> None:
    ended = (*ACTEMRA[:9], "20251231", *ACTEMRA[10:])
    (statement,) = packages((*VIAL[:4], "", "", "N", "N"), products=(ended,)).statements
    assert (statement.valid_from, statement.valid_through) == (date(2010, 1, 8), date(2025, 12, 31))
    (statement,) = packages((*VIAL[:4], "20200101", "20240630", "N", "N"), products=(ended,)).statements
    assert (statement.valid_from, statement.valid_through) == (date(2020, 1, 1), date(2024, 6, 30))


@pytest.mark.parametrize(
    ("row", "products", "reason"),
    [
        (("z", *VIAL[1:]), (ACTEMRA,), "a product that is not in the directory"),
        ((*VIAL[:2], "5024-13", *VIAL[3:]), (ACTEMRA,), "not a NDC code: '5024-13'"),
        ((*VIAL[:6], "E", "N"), (ACTEMRA,), "kept out of the directory by its flag 'E'"),
        (VIAL, ((*ACTEMRA[:-1], "U"),), "kept out of the directory by its flag 'U'"),
        (VIAL, (product("a", "Actemra", ""),), "no nonproprietary name"),
        ((*VIAL[:4], "20101301", "", "N", "N"), (ACTEMRA,), "not a day: '20101301'"),
        ((*VIAL[:4], "20100108", "20100107", "N", "N"), (ACTEMRA,), "ends before it begins"),
        (("a",), (ACTEMRA,), "not a NDC code: ''"),
    ],
)
def test_packages_that_cannot_be_used_are_left_out_with_the_reason(
    row: tuple[str, ...], products: tuple[tuple[str, ...], ...], reason: str
) -> None:
    edition = packages(row, products=products)
    if row == ("a",):
        assert edition.rows == 1
    assert [(left.row, left.reason) for left in edition.left_out] == [(2, reason)]
    assert list(edition.statements) == []


def test_a_package_that_stands_twice_counts_once() -> None:
    edition = packages(VIAL, VIAL)
    assert [(left.row, left.reason) for left in edition.left_out] == [(3, "the package stands in row 2 already")]
    assert (edition.rows, len(list(edition.statements))) == (2, 1)


def test_a_brand_of_an_approved_prescription_drug_stands_for_it() -> None:
    assert brands(
        ACTEMRA, product("b", "Tyenne", "tocilizumab-aazg"), product("c", "Actemra ACTPen", "Tocilizumab")
    ) == {
        "tocilizumab": ("Actemra", "Actemra ACTPen"),
        "tocilizumab-aazg": ("Tyenne",),
    }


@pytest.mark.parametrize(
    "row",
    [
        product("b", "Relief", "Menthol", kind="HUMAN OTC DRUG"),
        product("b", "Sunny", "Menthol", category="ANDA"),
        product("b", "", "Menthol"),
        product("b", "Menthol Forte", "Menthol"),
        product("b", "Both", "Menthol and Camphor"),
        product("b", "Both", "Menthol, Camphor"),
        product("b", "None", ""),
    ],
)
def test_other_names_are_no_brands(row: tuple[str, ...]) -> None:
    assert brands(row) == {}


def test_a_name_that_is_sold_for_several_drugs_is_nobodys_brand() -> None:
    otc = product("b", "ACTEMRA", "Menthol", kind="HUMAN OTC DRUG")
    assert brands(ACTEMRA, otc) == {}


def test_of_an_archive_both_files_are_read_together(tmp_path: Path) -> None:
    path = tmp_path / "ndctext.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("product.txt", table(PRODUCTS, ACTEMRA))
        archive.writestr("package.txt", table(PACKAGES, VIAL))
    contents = read_contents(path, date(2026, 7, 1))
    assert [edition.release.identifier for edition in contents.editions] == ["ndc-2026-07", "ndc-products-2026-07"]
    assert [isinstance(one, Statement) for one in contents.editions[0].statements] == [True]
    assert contents.passed_over == ()


def test_packages_without_products_and_columns_that_are_missing_are_told() -> None:
    alone = ReleaseFile("package.txt", table(PACKAGES, VIAL), "package.txt", ("package.txt",))
    with pytest.raises(ReleaseError, match=r"^package.txt: packages without their products; add the archive"):
        read(alone)
    old = tuple(name for name in PRODUCTS if name != "LABELERNAME")
    with pytest.raises(ReleaseError, match=r"^product.txt:1: no column 'LABELERNAME' in the header"):
        read(ReleaseFile("product.txt", table(old, ACTEMRA), "product.txt", ("product.txt",)))


def test_a_directory_with_other_brands_is_another_one(tmp_path: Path) -> None:
    store = StoredReleases(tmp_path / "releases")
    for folder, brand in (("one", "Actemra"), ("two", "Novaxar")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "product.txt").write_bytes(table(PRODUCTS, product("a", brand, "Tocilizumab")))
    (first,) = store.add(tmp_path / "one" / "product.txt")
    assert first.brands == 1
    with pytest.raises(ReleaseError, match=r"ndc-products-undated is stored from product\.txt, which differs"):
        store.add(tmp_path / "two" / "product.txt")
    (other,) = store.add(tmp_path / "two" / "product.txt", replace=True)
    assert (other.brands, other.file.already_there) == (1, False)
