"""Reads one export of the Medicare Coverage Database: articles, local or national determinations, with their lists."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from kg.errors import MalformedCode, ReleaseError
from kg.model import Code, Group, Listed, ListedAs, Polarity, Policy, PolicyKind
from kg.reference.coverage.cells import (
    bill_type,
    day_of,
    determination,
    diagnosis,
    group_number,
    is_listed,
    modifier,
    national_determination,
    revenue_code,
    service,
)
from kg.reference.coverage.jurisdictions import Jurisdictions
from kg.reference.coverage.lists import Lists, Version
from kg.reference.coverage.tables import Row, Table, Tables
from kg.reference.coverage.words import lists_beside, plain, refuses
from kg.reference.left_out import LeftOutRows
from kg.reference.release import LeftOut

_Key = tuple[Version, int]
"""A group by its article and its number."""

_HEADS = {"article": PolicyKind.ARTICLE, "lcd": PolicyKind.LCD, "ncd_trkg": PolicyKind.NCD}
"""The table that names what an export is of."""
_LETTER = {PolicyKind.ARTICLE: "A", PolicyKind.LCD: "L", PolicyKind.NCD: "NCD-"}

# The columns that may state the first and the last day of a version: exports of other years have other columns.
_FIRST_DAYS = {
    PolicyKind.ARTICLE: ("article_rev_eff_date", "article_eff_date"),
    PolicyKind.LCD: ("rev_eff_date", "orig_det_eff_date"),
    PolicyKind.NCD: ("ncd_efctv_dt",),
}
_LAST_DAYS = {
    PolicyKind.ARTICLE: ("article_end_date", "article_rev_end_date", "date_retired"),
    PolicyKind.LCD: ("ent_det_end_date", "rev_end_date", "date_retired"),
    PolicyKind.NCD: ("ncd_trmntn_dt",),
}
_KNOWN_STATUS = {"a": "active", "f": "future", "r": "retired"}
_DRAFTS = {"d": "draft", "p": "proposed"}

# Of the rows of a table that fit no policy some are to be expected; where most do, it is a table of another export.
_STRAY = 0.5
_FEW = 20


@dataclass(frozen=True, slots=True)
class Export:
    """What an export says: policies, lists of diagnoses, and what else is listed.

    `listings` has for each diagnosis where it is listed: the number of the group, and twice the row, one more where an
    asterisk stands at it. `updated` is the newest day on which a policy of it was changed.
    """

    kind: PolicyKind
    policies: tuple[Policy, ...]
    groups: tuple[Group, ...]
    listed: tuple[Listed, ...]
    listings: dict[Code, array[int]]
    updated: date | None
    rows: int
    left_out: tuple[LeftOut, ...] = field(repr=False)

    def __len__(self) -> int:
        """How many codes it lists."""
        return len(self.listed) + sum(len(places) // 2 for places in self.listings.values())


def kind_of(tables: Tables) -> PolicyKind | None:
    """What an export is of, by its tables; None where they are of something else."""
    return next((kind for head, kind in _HEADS.items() if head in tables), None)


def read_export(tables: Tables) -> Export:
    """Read an export; each row of each table is used, or left out with a reason.

    Raises `ReleaseError` where it names no policy, and where its tables do not belong together.
    """
    return _Reading(tables).export()


class _Reading:
    """One export while it is read: what its tables have said so far."""

    def __init__(self, tables: Tables) -> None:
        kind = kind_of(tables)
        assert kind is not None
        self._tables, self._kind = tables, kind
        self._head = next(head for head in _HEADS if head in tables)
        self._name = "ncd" if kind is PolicyKind.NCD else self._head
        self._left_out, self._rows = LeftOutRows(), 0
        self._updated: date | None = None
        self._policies: dict[Version, Policy] = {}
        self._numbers: dict[Version, int] = {}
        self._lists = Lists()
        self._listed: list[Listed] = []
        self._read: set[str] = set()

    def export(self) -> Export:
        self._read_policies()
        if not self._policies:
            raise ReleaseError(f"{self._tables[self._head].member.path}: no {self._kind.noun} that is in force or was")
        self._read_relations()
        self._numbers = {version: number for number, version in enumerate(self._policies)}
        self._read_services()
        if self._kind is PolicyKind.ARTICLE:
            self._read_diagnoses(Polarity.AFFIRMED, "covered")
            self._read_diagnoses(Polarity.EXCLUDED, "noncovered")
            self._lists.finish()
        self._read_lists()
        self._pass_over()
        return Export(
            self._kind, tuple(self._policies.values()), tuple(self._lists.groups), tuple(self._listed),
            self._lists.listings, self._updated, self._rows, self._left_out.all(),
        )  # fmt: skip

    # Rows.

    def _table(self, name: str, *needed: str) -> Iterator[Row]:
        """The rows of a table that can be used; those that cannot are left out, and so is a table that is not there."""
        table = self._tables.get(name)
        if table is None:
            self._left_out.add(0, f"no table {name}.csv", "")
            return
        self._read.add(name)
        for row in table.rows(needed):
            self._rows += 1
            if row.problem:
                self._leave(table, row, row.problem)
            else:
                yield row

    def _leave(self, table: Table, row: Row, reason: str) -> None:
        self._left_out.add(row.number, f"{table.file}: {reason}", row.text)

    def _of_policies(self, name: str, *needed: str) -> Iterator[tuple[Version, Row]]:
        """The rows of a table with the policy that each is of; raises `ReleaseError` where most are of none."""
        stray = total = 0
        number, of_number = self._key_columns
        for row in self._table(name, number, of_number, *needed):
            version = row.get(number), row.get(of_number)
            total += 1
            if version in self._policies:
                yield version, row
            else:
                stray += 1
                self._leave(self._tables[name], row, f"of no {self._kind.noun} in this export")
        if stray > _FEW and stray > _STRAY * total:
            where = self._tables[name].member.path
            raise ReleaseError(
                f"{where}: {stray:,} of {total:,} rows are of no {self._kind.noun} in {self._head}.csv: "
                "the tables do not belong together"
            )

    @property
    def _key_columns(self) -> tuple[str, str]:
        return (f"{self._name}_id", "ncd_vrsn_num" if self._kind is PolicyKind.NCD else f"{self._name}_version")

    def _version(self, row: Row) -> Version:
        number, version = self._key_columns
        return row.get(number), row.get(version)

    # Policies.

    def _read_policies(self) -> None:
        first_days = self._revisions()
        retiring = self._retiring()
        table = self._tables[self._head]
        for row in self._table(self._head, *self._key_columns):
            try:
                policy = self._policy(row, first_days, retiring)
            except ValueError as exc:
                self._leave(table, row, str(exc))
                continue
            if self._version(row) in self._policies:
                self._leave(table, row, "the same version stands in a row before")
                continue
            self._policies[self._version(row)] = policy

    def _policy(self, row: Row, first_days: dict[Version, date], retiring: dict[str, date]) -> Policy:
        """The policy of a row; raises `ValueError` with the reason why it is none that holds."""
        number, version = self._version(row)
        if not number.isdigit() or not version.isdigit():
            raise ValueError(f"not a number and a version: {f'{number} {version}'!r}")
        status = row.get("status").lower()
        if status[:1] in _DRAFTS or row.get("display_id").upper().startswith("D"):
            raise ValueError("a draft")
        if status and status not in _KNOWN_STATUS and status not in _KNOWN_STATUS.values():
            raise ValueError(f"not a status: {status!r}")
        first = first_days.get((number, version)) or self._first(row, _FIRST_DAYS[self._kind])
        last_days = [day_of(row.get(column)) for column in _LAST_DAYS[self._kind]]
        last = min(filter(None, (*last_days, retiring.get(number))), default=None)
        if first and last and last < first:
            raise ValueError(f"ends on {last}, before it begins on {first}")
        updated = day_of(row.get("last_updated") or row.get("last_updt_tmstmp"))
        self._updated = max(filter(None, (self._updated, updated)), default=None)
        title = " ".join(
            filter(None, (row.get("ncd_mnl_sect"), plain(row.get("title") or row.get("ncd_mnl_sect_title"))))
        )
        return Policy(
            self._kind, f"{_LETTER[self._kind]}{int(number)}", int(version), title, first, last, row=row.number
        )

    def _first(self, row: Row, columns: tuple[str, ...]) -> date | None:
        return next(filter(None, (day_of(row.get(column)) for column in columns)), None)

    def _revisions(self) -> dict[Version, date]:
        """The day since which each version holds, where a list of revisions tells it: that of its last one."""
        newest: dict[Version, date] = {}
        for row, day in self._days("x_revision_history", "rev_hist_date"):
            version = self._version(row)
            newest[version] = max(day, newest.get(version, day))
        return newest

    def _retiring(self) -> dict[str, date]:
        """The day on which a policy is to be retired, by its number."""
        return {row.get(f"{self._name}_id"): day for row, day in self._days("future_retire", "retire_dt")}

    def _days(self, table: str, column: str) -> Iterator[tuple[Row, date]]:
        """The rows of a table of policies that hold a day, with it; there are none of national determinations."""
        name = f"{self._name}_{table}"
        for row in self._table(name) if self._kind is not PolicyKind.NCD else ():
            try:
                day = day_of(row.get(column))
            except ValueError as exc:
                self._leave(self._tables[name], row, str(exc))
                continue
            if day:
                yield row, day

    def _read_relations(self) -> None:
        """For whom each policy is, and which determinations it belongs to."""
        if self._kind is PolicyKind.NCD:
            return
        jurisdictions = Jurisdictions.of(self._table)
        contractors = self._gathered(f"{self._name}_x_contractor", jurisdictions.contractor_of)
        states = self._gathered(f"{self._name}_x_primary_jurisdiction", jurisdictions.state_of)
        related = self._gathered(f"{self._name}_related_documents", determination)
        national = self._gathered(f"{self._name}_related_ncd_documents", national_determination)
        for version, policy in self._policies.items():
            own = contractors.get(version, [])
            named = [state for state in states.get(version, []) if state]
            self._policies[version] = replace(
                policy,
                contractors=tuple(dict.fromkeys(jurisdictions.name_of(one) for one in own)),
                states=tuple(sorted(set(named) or jurisdictions.states_of(own, policy))),
                belongs_to=tuple(dict.fromkeys((*related.get(version, ()), *national.get(version, ())))),
            )

    def _gathered(self, name: str, read: Callable[[Row], str]) -> dict[Version, list[str]]:
        """What a table says of each policy; a row that says nothing is left out."""
        gathered: defaultdict[Version, list[str]] = defaultdict(list)
        for version, row in self._of_policies(name):
            try:
                gathered[version].append(read(row))
            except ValueError as exc:
                self._leave(self._tables[name], row, str(exc))
        return dict(gathered)

    # Lists.

    def _read_services(self) -> None:
        """The billing codes of each policy, by their groups."""
        name = f"{self._name}_x_hcpc_code"
        if self._kind is PolicyKind.NCD:
            return
        for (version, number), (words, *_) in self._paragraphs(f"{name}_group", "hcpc_code_group").items():
            if refuses(words):
                self._lists.refuse(version, number)
        for version, row in self._of_policies(name, "hcpc_code_id"):
            try:
                code = service(row.get("hcpc_code_id"))
            except MalformedCode:
                self._leave(self._tables[name], row, "neither a HCPCS nor a CPT code")
                continue
            group = group_number(row.get("hcpc_code_group"))
            self._lists.add_service(version, group, code, row.number)
            self._list(version, ListedAs.SERVICE, code.curie, row, group)

    def _list(self, version: Version, kind: ListedAs, value: str, row: Row, group: int = 0, words: str = "") -> None:
        self._listed.append(Listed(self._numbers[version], kind, value, row.number, group, words))

    def _paragraphs(self, name: str, column: str) -> dict[_Key, tuple[str, str, int]]:
        """The paragraph of each group, what an asterisk in it means, and the row."""
        paragraphs: dict[_Key, tuple[str, str, int]] = {}
        for version, row in self._of_policies(name):
            key = version, group_number(row.get(column))
            if key in paragraphs:
                self._leave(self._tables[name], row, "the same group stands in a row before")
                continue
            paragraphs[key] = plain(row.get("paragraph")), plain(row.get("icd10_covered_ast")), row.number
        return paragraphs

    def _read_diagnoses(self, polarity: Polarity, word: str) -> None:
        """The lists of diagnoses of one side, each with the billing codes that it is for."""
        table, column = f"article_x_icd10_{word}", f"icd10_{word}_group"
        paragraphs = self._paragraphs(f"{table}_group", column)
        affirmed = polarity is Polarity.AFFIRMED
        beside = lists_beside({key: words for key, (words, *_) in paragraphs.items()}) if affirmed else {}
        numbers: dict[_Key, int] = {}
        for key in paragraphs:
            numbers[key] = self._list_of(key, polarity, beside, paragraphs)
        for version, row in self._of_policies(table, "icd10_code_id"):
            key = version, group_number(row.get(column))
            if key not in numbers:
                numbers[key] = self._list_of(key, polarity, beside, paragraphs)
            self._list_diagnosis(numbers[key], row, self._tables[table])

    def _list_of(
        self, key: _Key, polarity: Polarity, beside: Mapping[_Key, str], paragraphs: Mapping[_Key, tuple[str, str, int]]
    ) -> int:
        """Begin a list of diagnoses; gives its number."""
        (version, number), (words, star, row) = key, paragraphs.get(key, ("", "", 0))
        return self._lists.add(
            self._numbers[version], version, polarity, number, beside=beside.get(key, ""), words=words, star=star,
            row=row,
        )  # fmt: skip

    def _list_diagnosis(self, group: int, row: Row, table: Table) -> None:
        try:
            code = diagnosis(row.get("icd10_code_id"))
        except MalformedCode:
            self._leave(table, row, "not an ICD-10-CM code")
            return
        if not is_listed(row.get("range")):
            self._leave(table, row, "not known for which codes of a range it stands")
            return
        starred = row.get("asterisk").lower() in ("y", "1", "*", "true")
        self._lists.list_diagnosis(group, code, row.number, starred=starred)

    def _read_lists(self) -> None:
        """What articles list besides: modifiers, revenue codes, bill types, self-administered drugs."""
        if self._kind is not PolicyKind.ARTICLE:
            return
        self._paragraphs("article_x_hcpc_modifier_group", "hcpc_modifier_group")
        for name, kind, column, read in _LISTS:
            for version, row in self._of_policies(f"article_x_{name}", column):
                try:
                    value = read(row.get(column))
                except ValueError as exc:
                    self._leave(self._tables[f"article_x_{name}"], row, str(exc))
                    continue
                self._list(version, kind, value, row, group_number(row.get("hcpc_modifier_group")))
        self._read_self_administered()

    def _read_self_administered(self) -> None:
        """The drugs that contractors take for self-administered, each with its days."""
        name = "article_x_code_table"
        for version, row in self._of_policies(name, "hcpc_code_id"):
            try:
                code = service(row.get("hcpc_code_id"))
                first, last = day_of(row.get("eff_date")), day_of(row.get("end_date"))
            except MalformedCode:
                self._leave(self._tables[name], row, "neither a HCPCS nor a CPT code")
                continue
            except ValueError as exc:
                self._leave(self._tables[name], row, str(exc))
                continue
            if first and last and last < first:
                self._leave(self._tables[name], row, f"ends on {last}, before it begins on {first}")
                continue
            words = plain(row.get("brand_name"))
            self._listed.append(
                Listed(
                    self._numbers[version], ListedAs.SELF_ADMINISTERED, code.curie, row.number, 0, words, first, last
                )
            )

    def _pass_over(self) -> None:
        """Count the rows of the tables that say nothing of codes, or that nobody needs."""
        for name, table in self._tables.items():
            if name not in self._read:
                count = sum(1 for _ in table.rows())
                self._rows += count
                self._left_out.add_many(f"{table.file}: the table says nothing that is asked of", count)


_LISTS: tuple[tuple[str, ListedAs, str, Callable[[str], str]], ...] = (
    ("hcpc_modifier", ListedAs.MODIFIER, "hcpc_modifier_code_id", modifier),
    ("revenue_code", ListedAs.REVENUE_CODE, "revenue_code_id", revenue_code),
    ("bill_code", ListedAs.BILL_TYPE, "bill_code_id", bill_type),
)
"""What an article lists besides: the table, as what, the column of the code, and how that is read."""
