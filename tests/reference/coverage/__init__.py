"""Exports of the Medicare Coverage Database, made in place: a few articles of two contractors in three states."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

Tables = Mapping[str, Sequence[Mapping[str, object]]]

HEADERS: Mapping[str, Sequence[str]] = {
    "article": (
        "article_id", "article_version", "article_type", "title", "article_pub_date", "article_eff_date",
        "article_end_date", "description", "other_comments", "status", "last_updated", "article_rev_end_date",
        "date_retired", "display_id", "reference_article",
    ),
    "article_future_retire": ("article_id", "retire_dt"),
    "article_related_documents": (
        "article_id", "article_version", "related_num", "r_article_id", "r_article_version", "r_lcd_id",
        "r_lcd_version", "r_contractor_id", "last_updated",
    ),
    "article_related_ncd_documents": (
        "article_id", "article_version", "related_num", "r_ncd_id", "r_ncd_version", "last_updated",
    ),
    "article_x_bill_code": (
        "article_id", "article_version", "bill_code_id", "bill_code_version", "last_updated", "description",
    ),
    "article_x_code_table": (
        "article_id", "article_version", "article_type", "code_table_row", "brand_name", "eff_date", "end_date",
        "comments", "hcpc_code_id", "hcpc_code_version", "last_updated", "short_description", "long_description",
    ),
    "article_x_contractor": (
        "article_id", "article_version", "article_type", "contractor_id", "contractor_type_id", "contractor_version",
        "last_updated",
    ),
    "article_x_hcpc_code": (
        "article_id", "article_version", "hcpc_code_id", "hcpc_code_version", "hcpc_code_group", "range",
        "last_updated", "long_description", "short_description",
    ),
    "article_x_hcpc_code_group": ("article_id", "article_version", "hcpc_code_group", "paragraph", "last_updated"),
    "article_x_hcpc_modifier": (
        "article_id", "article_version", "hcpc_modifier_code_id", "hcpc_modifier_code_version", "hcpc_modifier_group",
        "last_updated", "description",
    ),
    "article_x_hcpc_modifier_group": (
        "article_id", "article_version", "hcpc_modifier_group", "paragraph", "last_updated",
    ),
    "article_x_icd10_covered": (
        "article_id", "article_version", "icd10_code_id", "icd10_code_version", "icd10_covered_group", "range",
        "last_updated", "sort_order", "description", "asterisk",
    ),
    "article_x_icd10_covered_group": (
        "article_id", "article_version", "icd10_covered_group", "paragraph", "last_updated", "icd10_covered_ast",
    ),
    "article_x_icd10_noncovered": (
        "article_id", "article_version", "icd10_code_id", "icd10_code_version", "icd10_noncovered_group", "range",
        "last_updated", "sort_order", "description",
    ),
    "article_x_icd10_noncovered_group": (
        "article_id", "article_version", "icd10_noncovered_group", "paragraph", "last_updated",
    ),
    "article_x_primary_jurisdiction": ("article_id", "article_version", "state_id", "last_updated"),
    "article_x_revenue_code": (
        "article_id", "article_version", "revenue_code_id", "revenue_code_version", "range", "last_updated",
        "description",
    ),
    "article_x_revision_history": (
        "article_id", "article_version", "rev_hist_num", "rev_hist_date", "rev_hist_exp", "last_updated",
    ),
    "article_x_urls": ("article_id", "article_version", "url_type_id", "url_id", "url"),
    "contractor": (
        "contractor_id", "contractor_type_id", "contractor_version", "contractor_bus_name", "contractor_number",
        "state_id", "status",
    ),
    "contractor_jurisdiction": (
        "contractor_id", "contractor_type_id", "contractor_version", "state_id", "last_updated", "active_date",
        "term_date",
    ),
    "state_lookup": ("state_id", "state_abbrev", "description"),
    "lcd": (
        "lcd_id", "lcd_version", "title", "orig_det_eff_date", "ent_det_end_date", "rev_eff_date", "rev_end_date",
        "status", "last_updated", "display_id", "date_retired",
    ),
    "lcd_x_contractor": (
        "lcd_id", "lcd_version", "contractor_id", "contractor_type_id", "contractor_version", "last_updated",
    ),
    "lcd_x_hcpc_code": (
        "lcd_id", "lcd_version", "hcpc_code_id", "hcpc_code_version", "hcpc_code_group", "range", "last_updated",
        "long_description", "short_description",
    ),
    "ncd_trkg": (
        "NCD_id", "NCD_vrsn_num", "natl_cvrg_type", "NCD_mnl_sect", "NCD_mnl_sect_title", "NCD_efctv_dt",
        "NCD_trmntn_dt", "last_updt_tmstmp",
    ),
}  # fmt: skip
"""The columns of the tables, as the publisher names and orders them; long texts that nobody reads are left out."""

LOOKUPS: Tables = {
    "state_lookup": [
        {"state_id": 10, "state_abbrev": "FL", "description": "Florida"},
        {"state_id": 44, "state_abbrev": "TX", "description": "Texas"},
        {"state_id": 33, "state_abbrev": "NY", "description": "New York - Entire State"},
        {"state_id": 65, "state_abbrev": "UN", "description": "New York - Upstate"},
    ],
    "contractor": [
        {"contractor_id": 1, "contractor_type_id": 9, "contractor_version": 1, "contractor_bus_name": "First Coast"},
        {"contractor_id": 2, "contractor_type_id": 9, "contractor_version": 1, "contractor_bus_name": "Novitas"},
        {"contractor_id": 3, "contractor_type_id": 9, "contractor_version": 1, "contractor_bus_name": "NGS"},
    ],
    "contractor_jurisdiction": [
        {"contractor_id": 1, "contractor_type_id": 9, "contractor_version": 1, "state_id": 10},
        {"contractor_id": 2, "contractor_type_id": 9, "contractor_version": 1, "state_id": 44},
        {"contractor_id": 3, "contractor_type_id": 9, "contractor_version": 1, "state_id": 65},
        {
            "contractor_id": 2, "contractor_type_id": 9, "contractor_version": 1, "state_id": 10,
            "active_date": "2001-01-01 00:00:00", "term_date": "2009-01-01 00:00:00",
        },
    ],
}  # fmt: skip


def article(number: int, version: int = 1, contractor: int = 1, **more: object) -> Tables:
    """An article in force since 2024, of the contractor of Florida unless told otherwise."""
    row = {
        "article_id": number, "article_version": version, "title": f"Billing and Coding: {number}",
        "article_eff_date": "2024-01-01 00:00:00", "status": "A", "last_updated": "2025-10-02 12:00:00", **more,
    }  # fmt: skip
    key = of(number, version)
    by = {**key, "contractor_id": contractor, "contractor_type_id": 9, "contractor_version": 1}
    return {"article": [row], "article_x_contractor": [by]}


def of(number: int, version: int = 1) -> dict[str, object]:
    """The cells that say of which article a row is."""
    return {"article_id": number, "article_version": version}


def services(number: int, *codes: str, group: int = 1, version: int = 1) -> Tables:
    """Billing codes of an article."""
    cells = {**of(number, version), "hcpc_code_group": group, "range": "N"}
    return {
        "article_x_hcpc_code": [{**cells, "hcpc_code_id": code, "long_description": "OF THE AMA"} for code in codes]
    }


def covered(number: int, *codes: str, group: int = 1, words: str = "", star: str = "", version: int = 1) -> Tables:
    """Diagnoses that support; one with a star behind it has an asterisk."""
    cells = {**of(number, version), "icd10_covered_group": group}
    rows = [{**cells, "icd10_code_id": code.rstrip("*"), "asterisk": "Y" if "*" in code else "N"} for code in codes]
    paragraph = {**cells, "paragraph": words, "icd10_covered_ast": star}
    return {"article_x_icd10_covered": rows, "article_x_icd10_covered_group": [paragraph]}


def noncovered(number: int, *codes: str, group: int = 1, words: str = "", version: int = 1) -> Tables:
    """Diagnoses that do not support."""
    cells = {**of(number, version), "icd10_noncovered_group": group}
    rows = [{**cells, "icd10_code_id": code} for code in codes]
    return {"article_x_icd10_noncovered": rows, "article_x_icd10_noncovered_group": [{**cells, "paragraph": words}]}


def joined(*parts: Tables) -> dict[str, list[Mapping[str, object]]]:
    """The tables of several parts, with all others of an export of articles empty."""
    names = (name for name in HEADERS if not name.startswith(("lcd", "ncd")))
    tables: dict[str, list[Mapping[str, object]]] = {name: [] for name in names}
    for part in parts:
        for name, rows in part.items():
            tables.setdefault(name, []).extend(rows)
    return tables


def csv_of(name: str, rows: Iterable[Mapping[str, object]], columns: Sequence[str] = ()) -> bytes:
    """A table as the publisher writes it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns or HEADERS[name], restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("cp1252")


def archive(tables: Tables, **replaced: bytes) -> bytes:
    """The archive of tables in an archive, some of them replaced by other bytes."""
    files = {name: csv_of(name, rows) for name, rows in tables.items()} | replaced
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(f"{name}.csv", data)
    with zipfile.ZipFile(outer, "w") as packed:
        packed.writestr("current_article_csv.zip", inner.getvalue())
        packed.writestr("readme.txt", "Please read me.")
    return outer.getvalue()


def written(folder: Path, tables: Tables, **replaced: bytes) -> Path:
    """The same as a file."""
    file = folder / "current_article.zip"
    file.write_bytes(archive(tables, **replaced))
    return file


DENOSUMAB = joined(
    LOOKUPS,
    article(57001, title="Billing and Coding: Denosumab"),
    services(57001, "J0897", "96372"),
    covered(57001, "M81.0", "M80.08XA", "C79.51*", words="<p>Use with care.</p>", star="Only with metastases."),
    noncovered(57001, "M85.80", words="All those not listed under the codes that support medical necessity."),
    article(57002, contractor=2, title="Billing and Coding: Bone drugs"),
    services(57002, "J0897", "J3489"),
    covered(57002, "M81.0", words="The following support J3489."),
    covered(57002, "C79.51", group=2, words="The following support HCPCS code J0897."),
    {"article_related_documents": [{**of(57001), "r_lcd_id": 33394}, {**of(57001), "r_lcd_id": 0}]},
    {"article_x_hcpc_modifier": [{**of(57001), "hcpc_modifier_code_id": "JZ", "hcpc_modifier_group": 1}]},
    {"article_x_revenue_code": [{**of(57001), "revenue_code_id": "0636"}, {**of(57001), "revenue_code_id": "99999"}]},
    {"article_x_bill_code": [{**of(57001), "bill_code_id": "013x"}]},
    {"article_x_urls": [{**of(57001), "url_id": 1, "url": "https://example.org"}]},
)
"""Two articles on one drug, in Florida and in Texas, that do not list the same."""
