"""The small tables of `data/` are well formed, and say what the releases say."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kg.extraction.text.gazetteer import gazetteer
from kg.model import Kind

from .official import REPOSITORY, asp_names, hcpcs, needs_reference, nucc

DATA = REPOSITORY / "data"
COLUMNS = {
    "reference/cpt.tsv": ["code", "name"],
    "reference/hcpcs.tsv": [
        "code",
        "label",
        "added",
        "ended",
        "drug",
        "brands",
        "kind",
        "unit",
        "forms",
        "makers",
        "earlier",
    ],
    "reference/hcpcs-modifiers.tsv": ["code", "label", "added", "ended"],
    "reference/icd10cm-days.tsv": ["code", "first", "last", "turned", "kind", "name"],
    "reference/nucc.tsv": ["code"],
    "reference/modifiers.tsv": ["code", "owner", "name", "added", "ended"],
    "reference/releases.tsv": [
        "identifier",
        "system",
        "title",
        "issued",
        "since",
        "complete",
        "licence",
        "file",
        "names",
        "outside",
    ],
    "reference/specialties.tsv": ["code", "name"],
    "reference/packages.tsv": ["code", "drug", "labeler", "unit", "packages"],
    "names/statuses.tsv": ["status", "label", "words"],
    "names/place-codes.tsv": ["code", "name", "place"],
    "names/drugs.tsv": ["name", "brands", "broader"],
    "names/substances.tsv": ["name", "brands"],
    "names/vaccines.tsv": ["name", "brands"],
}


def lines(name: str) -> list[list[str]]:
    text = (DATA / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def rows(name: str) -> list[dict[str, str]]:
    head, *body = lines(name)
    return [dict(zip(head, cells, strict=True)) for cells in body]


def drugs() -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in rows("names/drugs.tsv")}


def brands(row: dict[str, str]) -> list[str]:
    return [] if row["brands"] == "-" else row["brands"].split("; ")


@pytest.mark.parametrize("name", COLUMNS)
def test_tables_are_plain_sorted_and_unique(name: str) -> None:
    text = (DATA / name).read_text("utf-8")
    assert text.startswith("# ")
    assert "COMPLETE" in text or name.endswith("releases.tsv")
    head, *body = lines(name)
    assert head == COLUMNS[name]
    assert all(len(cells) == len(head) for cells in body)
    assert all(cell and cell == " ".join(cell.split()) for cells in body for cell in cells)
    keys = [cells[0] for cells in body]
    assert keys == sorted(keys)
    assert len({tuple(cells[:4]) for cells in body}) == len(body)
    assert len(set(keys)) == len(keys) or head[1:3] in (["label", "added"], ["first", "last"], ["drug", "labeler"])


def test_every_table_is_listed_as_a_release() -> None:
    listed = rows("reference/releases.tsv")
    # Where releases are fetched from is no release, and what extraction reads is made from one.
    files = {path.name for path in (DATA / "reference").iterdir()} - {
        "releases.tsv",
        "publishers.tsv",
        "icd10cm-codes.tsv",
        "icd10cm-days.tsv",
    }
    assert {row["file"] for row in listed} == files
    complete = {row["file"] for row in listed if row["complete"] == "true"}
    assert complete == {"hcpcs.tsv", "hcpcs-modifiers.tsv", "nucc.tsv"}
    for row in listed:
        assert (row["file"] in complete) == ("INCOMPLETE" not in (DATA / "reference" / row["file"]).read_text("utf-8"))
    assert all(date.fromisoformat(row["issued"]) and row["licence"] for row in listed)
    assert {row["identifier"] for row in listed if row["names"] == "own"} == {"bundled-cpt"}
    assert {row["names"] for row in listed} == {"own", "labels", "official"}


def test_modifiers_have_an_owner() -> None:
    for row in rows("reference/modifiers.tsv"):
        assert row["owner"] == ("ama" if row["code"].isdigit() else "cms"), row
        assert (row["added"] == "-") == (row["owner"] == "ama"), row


def test_a_brand_belongs_to_one_drug_and_a_suffix_to_a_name_without_it() -> None:
    table = drugs()
    assert len(table) >= 400
    named = [brand.lower() for row in table.values() for brand in brands(row)]
    assert len(named) == len(set(named))
    assert not set(named) & set(table)
    for name, row in table.items():
        assert name == name.lower()
        if row["broader"] != "-":
            assert row["broader"] in table
            assert table[row["broader"]]["broader"] == "-"
            assert re.fullmatch(r"(fam-)?" + re.escape(row["broader"]) + r"-[a-z]{4}", name), name


def test_substances_are_drugs_that_the_other_table_has_not() -> None:
    known = {name.lower() for row in drugs().values() for name in (row["name"], *brands(row))}
    more = [name for row in rows("names/substances.tsv") for name in (row["name"], *brands(row))]
    assert not known & set(more)
    assert len(more) == len(set(more))


# Of what codes for drugs bill, the names that no document has in these words, and those of devices and vaccines.
_NEVER_CALLED_SO = {
    "incobotulinumtoxin a", "calcium glycerophosphate and calcium lactate", "protein c concentrate human",
    "thyrotropin alpha", "prothrombin complex concentrate human-lans", "human fibrinogen concentrate",
    "von willebrand factor complex", "segesterone acetate and ethinyl estradiol",
    "bcg", "kyleena", "liletta", "mirena", "skyla", "supartz",
    "hepzato", "vivaglobin", "flebogamma", "andexxa",
}  # fmt: skip


def test_a_drug_that_a_code_bills_is_found_by_its_name_and_by_its_brands() -> None:
    named = {
        name.strip()
        for row in rows("reference/hcpcs.tsv")
        if row["code"].startswith(("J", "Q5")) and row["drug"] != "-"
        for name in (row["drug"], *row["brands"].split(";"))
        if re.fullmatch(r"[a-z -]*[a-z]", name.strip())
    }
    assert len(named) > 900
    assert {name for name in named if not _is_found(name)} == _NEVER_CALLED_SO


def _is_found(name: str) -> bool:
    return any(found.start == 0 and found.concept.kind is Kind.DRUG for found in gazetteer().find(name, name))


@needs_reference
def test_modifiers_equal_the_release() -> None:
    for row in rows("reference/modifiers.tsv"):
        if row["owner"] != "ama":
            assert (row["name"], row["added"], row["ended"]) == hcpcs()[row["code"]][:3], row["code"]


@needs_reference
def test_hcpcs_has_every_code_of_the_release_with_its_label_and_days() -> None:
    ours = {(row["code"], row["added"]): row for row in rows("reference/hcpcs.tsv")}
    ours |= {(row["code"], row["added"]): row for row in rows("reference/hcpcs-modifiers.tsv")}
    for code, official in hcpcs().items():
        if re.fullmatch(r"[0-9].|P[1-6]", code):
            assert (code, official.added) not in ours
            continue
        row = ours[code, official.added]
        assert row["ended"] == official.ended, code
        assert row["label"] == official.label or not official.label, code


def test_no_table_holds_what_is_not_ours_to_ship() -> None:
    """No D codes (ADA), no numeric modifiers of CMS's file (AMA), no descriptors longer than a label."""
    assert not [row for row in rows("reference/hcpcs.tsv") if row["code"].startswith("D")]
    assert not [row for row in rows("reference/hcpcs-modifiers.tsv") if row["code"][0].isdigit()]
    labels = (label for row in rows("reference/hcpcs.tsv") for label in (row["label"], *row["earlier"].split("; ")))
    assert max(map(len, labels)) <= 28


@needs_reference
def test_numeric_modifiers_and_cpt_codes_are_in_no_hcpcs_release() -> None:
    ours = {row["code"] for row in rows("reference/cpt.tsv")}
    ours |= {row["code"] for row in rows("reference/modifiers.tsv") if row["owner"] == "ama"}
    assert not ours & set(hcpcs())


@needs_reference
def test_specialties_equal_nucc() -> None:
    assert {row["code"]: row["name"] for row in rows("reference/specialties.tsv")}.items() <= nucc().items()


@needs_reference
def test_suffixed_drugs_with_a_code_of_their_own_stand_in_a_descriptor() -> None:
    """Where a descriptor names a product in brackets after a suffixed name, the table pairs the same two."""
    table = drugs()
    pair = re.compile(r"([a-z]+(?:-[a-z]+)*-[a-z]{4}),?(?: biosimilar,)? \(([a-z/ -]+)\)")
    checked = 0
    for code, official in hcpcs().items():
        match = pair.search(official.name)
        if match and match[1] in table and code.startswith("Q5"):
            ours = {brand.lower() for brand in brands(table[match[1]])}
            assert set(match[2].split("/")) <= ours, code
            checked += 1
    assert checked > 35


@needs_reference
def test_brands_of_the_asp_crosswalk_stand_with_their_generic_name() -> None:
    """A brand that has a crosswalk line stands there on a code whose descriptor names its drug."""
    seen = 0
    for name, row in drugs().items():
        stem = re.split(r"[ ,(/-]", name)[0][:8]
        for brand in map(str.lower, brands(row)):
            codes = [code for code, names in asp_names().items() if brand in names and code in hcpcs()]
            if len(stem) >= 7 and stem not in _OTHERWISE_NAMED and codes:
                assert any(stem in hcpcs()[code].name.lower() for code in codes), (name, brand, codes)
                seen += 1
    assert seen > 300


_OTHERWISE_NAMED = {
    "antihemo": "factor viii in HCPCS",
    "coagulat": "factor ix, factor viia, factor x in HCPCS",
    "bupivaca": "bupivicaine in HCPCS",
    "methoxy": "epoetin beta in HCPCS",
}
