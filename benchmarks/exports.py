"""Makes whole exports of the Medicare Coverage Database in the layout in which CMS publishes them, at full size.

    python -m benchmarks.exports FOLDER [--scale 1] [--versions 1] [EXPORT ...]

`exports.tsv` says how many rows the tables of each export have as published, and their columns. Cells hold what those
of real exports hold: HTML that is quoted twice, line breaks, quotes, letters of Windows-1252, codes that stand for
none, rows that point nowhere. What the policies list is made up (`benchmarks.policies`); the same numbers give the same
files.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property, partial
from pathlib import Path

from benchmarks.policies import MadeUpPolicy, Sizes, policies

EXPORTS = ("current_article", "current_lcd", "ncd")
_TABLES = Path(__file__).with_name("exports.tsv")
_WITHOUT_HEADER = ("lcd_x_requestor_letters",)
"""The publisher forgets it."""
_FIRST = {"article": 52_000, "lcd": 33_000, "ncd": 1}
_SCALED = ("article", "lcd", "ncd", "update_period")
"""What the names of tables begin with that a smaller export has less of."""
_TYPE, _CONTRACTORS, _ASTRAY = 9, 120, 0.01
_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NC ND OH OK OR PA "
    "PR RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP VI FM"
).split()
_PARTS = (
    ("CA", "California - Entire State"), ("CN", "California - Northern"), ("CS", "California - Southern"),
    ("NY", "New York - Entire State"), ("QN", "New York - Queens"), ("NN", "New York - Downstate"),
    ("UN", "New York - Upstate"), ("MO", "Missouri - Entire State"), ("MW", "Missouri - Northwestern"),
)  # fmt: skip
_SENTENCES = (
    "Refer to the &quot;Limitations&quot; section of the <strong>LCD</strong> for details.",
    "It is the provider\u2019s responsibility to select codes carried out to the highest level of specificity.",
    "Documentation must be legible, relevant and sufficient \u2013 including the patient\u2019s na\u00efve status.",
    'See <a href="https://www.cms.gov/manuals">CMS IOM Publication 100-02, Chapter 15 &sect;50</a>.',
    "Billing for Neulasta\u00ae or M\u00e9ni\u00e8re\u2019s disease, 5% &lt; 10 mg&sol;kg, is described below.",
    'Under "reasonable and necessary", services must meet, but not exceed, the patient&rsquo;s need;',
    "The use of an ICD-10-CM code listed below does not assure coverage of a service.",
    "&lt;p&gt;Revision Effective: N&#x2F;A &amp;ndash; Explanation: Annual review, no changes.&lt;/p&gt;",
)

_NAMES = ("Other", "Unspecified", "Acute", "M\u00e9ni\u00e8re\u2019s", 'So-called "secondary"')
_LONG = ("description", "other_comments", "itm_srvc_desc", "indctn_lmtn", "indication", "bibliography")
_TIMES = [f"2025-{month:02}-{day:02} 07:{day:02}:13.527000000" for month in range(1, 13) for day in range(1, 29)]

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table as it is published: its name, how many rows it has, and its columns."""

    name: str
    rows: int
    columns: tuple[str, ...]


@cache
def tables_of(export: str) -> tuple[TableFacts, ...]:
    """The tables of an export; all versions of articles have those of the current ones."""
    with _TABLES.open(encoding="utf-8", newline="") as source:
        rows = csv.DictReader((line for line in source if not line.startswith("#")), delimiter="\t")
        return tuple(
            TableFacts(row["table"], int(row["rows"]), tuple(row["columns"].split()))
            for row in rows
            if row["export"] == export.replace("all_", "current_")
        )


@dataclass(frozen=True)
class MadeUpExport:
    """An export of policies that are made up; of a larger `scale` it has that much less of each."""

    name: str
    scale: int = 1
    versions: int = 1

    @property
    def kind(self) -> str:
        """What the names of its own tables begin with."""
        return self.name.rpartition("_")[2]

    @cached_property
    def policies(self) -> tuple[MadeUpPolicy, ...]:
        """The policies, as far as tables say something of codes."""
        kind, count = self.kind, self._count
        sizes = Sizes(
            count("ncd_trkg" if kind == "ncd" else kind),
            *map(count, (f"{kind}_x_hcpc_code_group", f"{kind}_x_hcpc_code")),
            *map(count, ("article_x_icd10_covered_group", "article_x_icd10_covered")),
            *map(count, ("article_x_icd10_noncovered_group", "article_x_icd10_noncovered")),
        )
        return policies(sizes, _FIRST[kind], self.versions)

    def _count(self, table: str) -> int:
        """How many rows a table has for one version of each policy."""
        rows = next((facts.rows for facts in tables_of(self.name) if facts.name == table), 0)
        return max(1, rows // self.scale) if table.startswith(_SCALED) and rows else rows

    def rows(self, table: TableFacts) -> Iterator[Row]:
        """The rows of a table, each by its columns."""
        make = _OWN.get(table.name) or _OF_POLICIES.get(table.name.removeprefix(self.kind))
        if make:
            yield from make(self)
            return
        versions = self.versions if table.name.startswith(self.kind) else 1
        yield from _any(self, table.name, self._count(table.name) * versions)

    def dealt(self, table: str) -> Iterator[tuple[MadeUpPolicy, range]]:
        """The rows of a table dealt out to the policies, each version of one as many."""
        rows, policies = self._count(table), len(self.policies) // self.versions
        for at, policy in enumerate(self.policies):
            place = at // self.versions
            yield policy, range(place * rows // policies, (place + 1) * rows // policies)

    def cells(self, table: TableFacts) -> Iterator[list[object]]:
        """The rows of a table with all their cells, in the order of its columns."""
        dice = random.Random(table.name)
        fillers = [_filler(column.lower(), dice, "_x_" in table.name) for column in table.columns]
        pairs = [(column.lower(), fill) for column, fill in zip(table.columns, fillers, strict=True)]
        for row in self.rows(table):
            yield [row[column] if column in row else fill() for column, fill in pairs]

    def write(self, file: Path) -> int:
        """Write the archive in an archive; gives how many rows its tables have."""
        count = 0
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed:
            for table in tables_of(self.name):
                with packed.open(_member(f"{table.name}.csv"), "w") as out:
                    count += self._write(table, io.TextIOWrapper(out, "cp1252", "xmlcharrefreplace", newline=""))
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr(_member(f"{self.name}_csv.zip"), inner.getbuffer())
            packed.writestr(_member("readme.txt"), "Please read me first.")
        return count

    def _write(self, table: TableFacts, out: io.TextIOWrapper) -> int:
        writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
        if table.name not in _WITHOUT_HEADER:
            writer.writerow(table.columns)
        count = 0
        for count, cells in enumerate(self.cells(table), 1):  # noqa: B007  How many there were.
            writer.writerow(cells)
        out.close()
        return count


def _member(name: str) -> zipfile.ZipInfo:
    """A member of an archive that bears no date of today."""
    member = zipfile.ZipInfo(name, (2026, 7, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED if name.endswith(".csv") else zipfile.ZIP_STORED
    return member


# Cells.


def _filler(name: str, dice: random.Random, is_list: bool) -> Callable[[], object]:
    """What gives the cells of a column that no row says anything of; in lists descriptions are short."""
    if name.endswith(("updated", "date", "_dt", "tmstmp", "_on")):
        return partial(dice.choice, _TIMES)
    if name in _LONG and not is_list:
        return lambda: _text(dice, 12)
    if name in ("comment", "response", "rev_hist_exp", "paragraph", "associated_info", "rev_hstry", "history_exp"):
        return lambda: _text(dice, 4)
    if name.endswith(("description", "title", "_name", "keywords", "comments")):
        return partial(dice.choice, [f"{word} disease, {name} {number}" for word in _NAMES for number in range(40)])
    if name.endswith(("id", "version", "num", "order", "group", "row", "size")):
        return partial(dice.choice, range(1, 400))
    return lambda: "N" if name == "range" else "A" if name.endswith(("_cd", "_desc")) else ""


def _text(dice: random.Random, most: int) -> str:
    sentences = dice.choices(_SENTENCES, k=dice.randint(1, most))
    return "<p>" + dice.choice(("</p>\r\n<p>", " ", "<br />\n")).join(sentences) + f"</p> {dice.randint(1, 10**9):x}"


# Rows.


def _key(export: MadeUpExport, policy: MadeUpPolicy) -> dict[str, object]:
    version = "ncd_vrsn_num" if export.kind == "ncd" else f"{export.kind}_version"
    return {f"{export.kind}_id": policy.number, version: policy.version}


def _astray(export: MadeUpExport, dice: random.Random) -> dict[str, object]:
    """The key of a policy, now and then of one that is not there."""
    policy = dice.choice(export.policies)
    return _key(export, policy) | ({f"{export.kind}_version": 99} if dice.random() < _ASTRAY else {})


def _any(export: MadeUpExport, table: str, count: int) -> Iterator[Row]:
    """Rows of which only the key matters, each of some policy where the table is of policies."""
    dice = random.Random(table)
    cells = _CELLS.get(table.removeprefix(export.kind))
    for number in range(1, count + 1):
        key = _astray(export, dice) if table.startswith(export.kind) and export.kind != "ncd" else {}
        yield key | (cells(dice, number) if cells else {})


def _heads(export: MadeUpExport) -> Iterator[Row]:
    dice = random.Random(export.name)
    for policy in export.policies:
        begins = f"{policy.begins - timedelta(days=400)} 00:00:00.000000000"
        no_end = {
            "article_end_date": "N/A" if dice.random() < 0.5 else "",
            "article_rev_end_date": "",
            "date_retired": "",
        }
        yield {
            **_key(export, policy), **no_end, "status": "A", "display_id": f"{export.kind[0].upper()}{policy.number}",
            "title": f"Billing and Coding: \u201cService\u201d {policy.number} &ndash; Use\u00ae",
            "article_eff_date": begins, "orig_det_eff_date": begins, "rev_eff_date": "", "ncd_efctv_dt": begins,
            "ent_det_end_date": "", "rev_end_date": "", "ncd_trmntn_dt": "", "ncd_mnl_sect": f"110.{policy.number}",
        }  # fmt: skip


def _revisions(export: MadeUpExport) -> Iterator[Row]:
    """The revisions of each version, of which the last one tells since when it holds."""
    for policy, numbers in export.dealt(f"{export.kind}_x_revision_history"):
        for number in range(len(numbers)):
            day = policy.begins - timedelta(days=60 * number)
            yield {**_key(export, policy), "rev_hist_num": number + 1, "rev_hist_date": f"{day} 00:00:00"}


def _contractors(export: MadeUpExport) -> Iterator[Row]:
    """Who each policy is of: neighbours, as a contractor has a number for each of its states."""
    for policy, numbers in export.dealt(f"{export.kind}_x_contractor"):
        for number in range(len(numbers)):
            contractor = (policy.number * 7 + number) % _CONTRACTORS + 1
            yield {**_key(export, policy), **_contractor(contractor)}


def _contractor(number: int) -> dict[str, object]:
    return {"contractor_id": number, "contractor_type_id": _TYPE, "contractor_version": 1}


def _services(export: MadeUpExport) -> Iterator[Row]:
    for policy in export.policies:
        for group, codes in policy.services.items():
            key = _key(export, policy) | {"hcpc_code_group": group}
            yield from ({**key, "hcpc_code_id": code} for code in codes)


def _service_groups(export: MadeUpExport) -> Iterator[Row]:
    for policy in export.policies:
        yield from (_key(export, policy) | {"hcpc_code_group": group} for group in policy.services)


def _diagnoses(export: MadeUpExport, word: str) -> Iterator[Row]:
    for policy in export.policies:
        for one in policy.lists:
            if one.supports is (word == "covered"):
                key = _key(export, policy) | {f"icd10_{word}_group": one.number}
                for at, code in enumerate(one.diagnoses, 1):
                    star = "Y" if one.star and at % 3 == 0 else "N"
                    place = {0: "B", 1: "M", 2: "E"}.get(at % 97, "N")
                    yield {**key, "icd10_code_id": code, "range": place, "sort_order": at, "asterisk": star}


def _diagnosis_groups(export: MadeUpExport, word: str) -> Iterator[Row]:
    for policy in export.policies:
        for one in policy.lists:
            if one.supports is (word == "covered"):
                key = _key(export, policy) | {f"icd10_{word}_group": one.number}
                yield {**key, "paragraph": one.paragraph, "icd10_covered_ast": one.star}


def _states(_: MadeUpExport) -> Iterator[Row]:
    whole = [(letters, f"State of {letters}") for letters in _STATES]
    described = (*_PARTS, *(pair for pair in whole if pair[0] not in {letters for letters, _ in _PARTS}))
    for number, (letters, name) in enumerate(described, 1):
        yield {"state_id": number, "state_abbrev": letters, "description": name}


def _all_contractors(_: MadeUpExport) -> Iterator[Row]:
    for number in range(1, _CONTRACTORS + 1):
        name = f"Contractor {number // 8 + 1} Government Benefits, \u201cJ{number // 8 + 1}\u201d"
        yield {**_contractor(number), "contractor_bus_name": name, "contractor_number": 1000 + number}


def _jurisdictions(export: MadeUpExport) -> Iterator[Row]:
    states = len(list(_states(export)))
    for number in range(291):
        ended = "2012-06-30 00:00:00" if number % 9 == 0 else ""
        own = {"state_id": number % states + 1, "active_date": "2005-01-01 00:00:00", "term_date": ended}
        yield {**_contractor(number % _CONTRACTORS + 1), **own}


_OWN: Mapping[str, Callable[[MadeUpExport], Iterator[Row]]] = {
    "ncd_trkg": _heads,
    "state_lookup": _states,
    "contractor": _all_contractors,
    "contractor_jurisdiction": _jurisdictions,
}
_OF_POLICIES: Mapping[str, Callable[[MadeUpExport], Iterator[Row]]] = {
    "": _heads,
    "_x_revision_history": _revisions,
    "_x_contractor": _contractors,
    "_x_hcpc_code": _services,
    "_x_hcpc_code_group": _service_groups,
    "_x_icd10_covered": partial(_diagnoses, word="covered"),
    "_x_icd10_covered_group": partial(_diagnosis_groups, word="covered"),
    "_x_icd10_noncovered": partial(_diagnoses, word="noncovered"),
    "_x_icd10_noncovered_group": partial(_diagnosis_groups, word="noncovered"),
}
_CELLS: Mapping[str, Callable[[random.Random, int], Row]] = {
    "_future_retire": lambda dice, _: {"retire_dt": f"2026-{dice.randint(8, 12):02}-01 00:00:00"},
    "_related_documents": lambda dice, _: {"r_lcd_id": dice.choice((0, 33_000 + dice.randrange(940)))},
    "_related_ncd_documents": lambda dice, _: {"r_ncd_id": dice.choice((0, dice.randint(1, 357)))},
    "_x_hcpc_modifier": lambda dice, _: {"hcpc_modifier_code_id": dice.choice(("JW", "JZ", "59", "KX", "XX000"))},
    "_x_hcpc_modifier_group": lambda _, number: {"hcpc_modifier_group": number},
    "_x_revenue_code": lambda dice, _: {"revenue_code_id": dice.choice(("0636", "250", "0335", "99999"))},
    "_x_bill_code": lambda dice, _: {"bill_code_id": dice.choice(("013x", "085x", "12x", "999x"))},
    "_x_code_table": lambda dice, _: {
        "hcpc_code_id": dice.choice(("J0135", "J3030", "J3490", "C9399", "NOC")),
        "eff_date": f"{dice.randint(2008, 2025)}-04-01 00:00:00",
        "end_date": dice.choice(("", "", "2025-09-30 00:00:00")),
    },
    "_x_primary_jurisdiction": lambda dice, _: {"state_id": dice.randint(1, 60)},
}  # fmt: skip
"""Cells of tables that list one thing a row, besides the key of the policy."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Write exports into a folder, and say how large they are."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("exports", nargs="*", default=EXPORTS, help=f"of {', '.join((*EXPORTS, 'all_article'))}")
    parser.add_argument("--scale", type=int, default=1, help="how many times less there is of each than published")
    parser.add_argument("--versions", type=int, default=1, help="how many versions each policy has")
    given = parser.parse_intermixed_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    for name in given.exports:
        file = given.folder / f"{name}.zip"
        rows = MadeUpExport(name, given.scale, given.versions).write(file)
        print(f"{file}: {rows:,} rows, {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
