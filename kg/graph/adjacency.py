"""Who is connected with whom, as arrays in a file that is mapped into memory: what paths are searched in.

Ten million Python objects take a minute to make; this opens in a millisecond, whatever its size. It is made of the
plain edges of a build, and of nothing else. For each trust floor it holds the edges down to there, seen from both of
their ends, in compressed sparse rows:

- a node is the position of its CURIE among all CURIEs in order, so that to compare nodes is to compare CURIEs
- a node has groups, one for each role that it plays (subject or object of a relation), with a fee: what a path pays
  there for passing through the node
- a group has steps, the cheapest first: the neighbour, the toll (what the step costs with the fee that the neighbour
  takes, in thousandths), and the rank of the verdict

`kg.network.paths` says what fees and tolls are for.
"""

from __future__ import annotations

import json
import mmap
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import compress, pairwise
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import StoreError
from kg.model import Concept, Kind, Relation, Verdict

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

Edge = tuple[str, Relation, str, Verdict]
"""A plain edge: the CURIEs of its ends, its relation, and its verdict."""

HOP = 1000
VERDICT_STEP = 100
_ACCIDENT = 10_000

_RELATIONS = tuple(Relation)
_ALIGNED = 64
# Connections that nobody built may bear half a character; in this encoding bytes are in the order of characters, too.
_TEXT = ("utf-8", "surrogatepass")
_TYPES = {"B": "<u1", "I": "<u4", "Q": "<u8"}


def concept_called(curie: str) -> Concept:
    """The concept of a CURIE of the adjacency, without its name; headings of ICD-10-CM are concepts, though no codes.

    >>> concept_called("icd10cm:M05-M14").key
    'M05-M14'
    """
    prefix, _, key = curie.partition(":")
    return Concept(Kind(prefix), key)


def role(relation: Relation, as_subject: bool) -> int:
    """The number of a role: what one end of a relation is to it."""
    return 2 * _NUMBERS[relation] + (not as_subject)


def relation_of(role: int) -> tuple[Relation, bool]:
    """The relation of a role, and whether it is that of its subject."""
    return _RELATIONS[role // 2], role % 2 == 0


@dataclass(frozen=True, slots=True)
class Rows:
    """The steps down to one trust floor; what begins at one position ends where the next begins."""

    first_group: memoryview
    role: memoryview
    fee: memoryview
    first_step: memoryview
    neighbour: memoryview
    toll: memoryview
    rank: memoryview

    def groups(self, node: int) -> range:
        """The groups of a node."""
        return range(self.first_group[node], self.first_group[node + 1])

    def steps(self, group: int) -> range:
        """The steps of a group."""
        return range(self.first_step[group], self.first_step[group + 1])

    def degree(self, node: int) -> int:
        """How many steps lead away from a node."""
        return int(self.first_step[self.first_group[node + 1]] - self.first_step[self.first_group[node]])


class Adjacency:
    """The arrays of one build, opened."""

    def __init__(self, content: bytes | mmap.mmap) -> None:
        view = memoryview(content)
        body = 8 + int.from_bytes(view[:8], "little")
        header = json.loads(bytes(view[8:body]))
        self._view = view[body:]
        if header["relations"] != [relation.value for relation in Relation]:
            raise ValueError("written for other relations")
        self._arrays: dict[str, list[Any]] = header["arrays"]
        self._floors: dict[str, str] = header["floors"]
        self._ends = self._array("names.ends")
        self._names = self._array("names.text")

    @classmethod
    def open(cls, file: Path) -> Adjacency:
        """Map a file into memory; raises `StoreError` where it is damaged."""
        try:
            with file.open("rb") as stream:
                return cls(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise StoreError(f"{file}: the adjacency is damaged ({exc}); build it again with 'kg build'") from exc

    @classmethod
    def of(cls, edges: Iterable[Edge]) -> Adjacency:
        """The same in memory, without a file."""
        return cls(packed(edges))

    def __len__(self) -> int:
        """How many nodes there are."""
        return len(self._ends) - 1

    def curie(self, node: int) -> str:
        """The CURIE of a node."""
        return str(self._names[self._ends[node] : self._ends[node + 1]], *_TEXT)

    def node(self, curie: str) -> int | None:
        """The node of a CURIE; None where no edge touches it."""
        target, low, high = curie.encode(*_TEXT), 0, len(self)
        while low < high:
            middle = (low + high) // 2
            name = bytes(self._names[self._ends[middle] : self._ends[middle + 1]])
            if name == target:
                return middle
            low, high = (middle + 1, high) if name < target else (low, middle)
        return None

    def degree(self, curie: str) -> int:
        """How many edges touch a concept, whatever their verdict."""
        node = self.node(curie)
        return 0 if node is None else self.down_to(Verdict.REFUTED).degree(node)

    def edges(self) -> Iterator[Edge]:
        """Every edge, once."""
        rows, verdicts = self.down_to(Verdict.REFUTED), {verdict.rank: verdict for verdict in Verdict}
        curies = [self.curie(node) for node in range(len(self))]
        for node, subject in enumerate(curies):
            for group in rows.groups(node):
                relation, as_subject = relation_of(rows.role[group])
                for step in rows.steps(group) if as_subject else ():
                    yield subject, relation, curies[rows.neighbour[step]], verdicts[rows.rank[step]]

    def table(self) -> tuple[list[bytes], Array]:
        """All names in order, and the edges as a table: subject, relation, object, rank."""
        import numpy as np

        ends = self._ends.tolist()
        names = [bytes(self._names[start:end]) for start, end in pairwise(ends)]
        rows = self.down_to(Verdict.REFUTED)
        roles, neighbours, ranks = (np.asarray(values) for values in (rows.role, rows.neighbour, rows.rank))
        group = np.repeat(np.arange(len(roles)), np.diff(np.asarray(rows.first_step)))
        node = np.repeat(np.arange(len(names)), np.diff(np.asarray(rows.first_group)))
        as_subject = roles[group] % 2 == 0
        columns = node[group], roles[group] // 2, neighbours, ranks
        return names, np.stack([column[as_subject].astype(np.int64) for column in columns], axis=1)

    def down_to(self, floor: Verdict) -> Rows:
        """The steps down to a trust floor."""
        prefix = self._floors[floor.value]
        return Rows(**{name: self._array(f"{prefix}.{name}") for name in Rows.__slots__})

    def _array(self, name: str) -> memoryview:
        kind, start, size = self._arrays[name]
        return self._view[start : start + size].cast(kind)


def packed(edges: Iterable[Edge]) -> bytes:
    """The content of a file: of edges that are given several times, the strongest verdict holds."""
    names, table = _numbered(edges)
    return _packed([name.encode(*_TEXT) for name in names], table)


def changed(before: Adjacency, gone: Iterable[Edge], come: Iterable[Edge]) -> bytes:
    """The content of a file as it is after edges of another one went and others came.

    What stays is moved as arrays: to make objects of all edges takes a hundred times as long as of those that change.
    """
    import numpy as np

    old, table = before.table()
    table = table[~np.isin(_keys(table, len(old)), _keys(_numbered_by(before.node, gone), len(old)))]
    new = [edge for edge in come if edge[0] != edge[2]]
    added = sorted({end.encode(*_TEXT) for edge in new for end in (edge[0], edge[2]) if before.node(end) is None})
    moved_by = np.searchsorted([bisect_left(old, name) for name in added], np.arange(len(old)), side="right")
    table[:, [0, 2]] += moved_by[table[:, [0, 2]]]
    names = sorted((*old, *added))
    table = np.concatenate([table, _numbered_by(lambda curie: bisect_left(names, curie.encode(*_TEXT)), new)])
    used = np.zeros(len(names), bool)
    used[table[:, [0, 2]]] = True
    table[:, [0, 2]] = (np.cumsum(used) - 1)[table[:, [0, 2]]]
    return _packed(list(compress(names, used.tolist())), table)


def _numbered_by(node: Callable[[str], int | None], edges: Iterable[Edge]) -> Array:
    """Edges as a table; those that end where there is no node are left out."""
    import numpy as np

    rows = [
        (node(subject), _NUMBERS[relation], node(object), verdict.rank) for subject, relation, object, verdict in edges
    ]
    return np.array([row for row in rows if None not in row], np.int64).reshape(-1, 4)


def _keys(table: Array, nodes: int) -> Array:
    """A number for each edge of a table, whatever its verdict."""
    return (table[:, 0] * len(_NUMBERS) + table[:, 1]) * nodes + table[:, 2]


def _packed(text: list[bytes], table: Array) -> bytes:
    """The content of a file, of names in order and the edges as a table."""
    import numpy as np

    arrays: dict[str, Array] = {
        "names.ends": np.cumsum([0, *map(len, text)]).astype("<u8"),
        "names.text": np.frombuffer(b"".join(text), "<u1"),
    }
    floors: dict[str, str] = {}
    for verdict, above in zip(Verdict, (None, *Verdict), strict=False):
        if above is not None and not (table[:, 3] == verdict.rank).any():
            floors[verdict.value] = floors[above.value]
            continue
        floors[verdict.value] = verdict.value
        rows = _rows(table[table[:, 3] <= verdict.rank], len(text))
        arrays |= {f"{verdict}.{name}": values for name, values in rows.items()}
    return _file(arrays, floors)


def _numbered(edges: Iterable[Edge]) -> tuple[list[str], Array]:
    """All names in order, and the edges as a table: subject, relation, object, rank."""
    import numpy as np

    strongest: dict[tuple[str, int, str], int] = {}
    for subject, relation, object, verdict in edges:
        if subject != object:
            key = subject, _NUMBERS[relation], object
            strongest[key] = min(verdict.rank, strongest.get(key, len(Verdict)))
    names = sorted({name for subject, _, object in strongest for name in (subject, object)})
    number = {name: position for position, name in enumerate(names)}
    flat = (part for (s, relation, o), rank in strongest.items() for part in (number[s], relation, number[o], rank))
    return names, np.fromiter(flat, np.int64, 4 * len(strongest)).reshape(-1, 4)


def _rows(table: Array, nodes: int) -> dict[str, Array]:
    """The arrays of one floor."""
    import numpy as np

    subject, relation, object, rank = table.T
    here, there = np.concatenate([subject, object]), np.concatenate([object, subject])
    roles, ranks = np.concatenate([2 * relation, 2 * relation + 1]), np.concatenate([rank, rank])
    groups, group, size = np.unique(here * _ROLES + roles, return_inverse=True, return_counts=True)
    fees = _fees(groups % _ROLES, size)
    toll = HOP + VERDICT_STEP * ranks + fees[np.searchsorted(groups, there * _ROLES + (roles ^ 1))]
    order = np.lexsort((there, toll, group))
    return {
        "first_group": np.searchsorted(groups, np.arange(nodes + 1) * _ROLES),
        "role": groups % _ROLES,
        "fee": fees,
        "first_step": np.cumsum(np.concatenate([[0], size])),
        "neighbour": there[order],
        "toll": toll[order],
        "rank": ranks[order],
    }


def _fees(roles: Array, fans: Array) -> Array:
    """What passing through costs, of groups by role and by fan: ½·(log₂ fan + log₂ crowd), in thousandths."""
    import numpy as np

    fees = np.zeros(len(roles), np.int64)
    for role in np.unique(roles).tolist():
        own = roles == role
        sizes, place = np.unique(fans[own], return_inverse=True)
        counts = np.bincount(place, minlength=len(sizes)).tolist()
        crowd = sum(n * n * c for n, c in zip(sizes.tolist(), counts, strict=True)) / int(fans[own].sum())
        by_size = [round(500 * (log2(n) + log2(crowd))) + _ACCIDENT * (role == _UNIT) for n in sizes.tolist()]
        fees[own] = np.array(by_size, np.int64)[place]
    return fees


def _file(arrays: dict[str, Array], floors: dict[str, str]) -> bytes:
    """One after another, each where the processor likes it, behind a header that says where."""
    places: dict[str, list[Any]] = {}
    pieces, end = list[bytes](), 0
    for name, values in arrays.items():
        kind = _KINDS.get(name.rpartition(".")[2], "I")
        data = values.astype(_TYPES[kind]).tobytes()
        places[name] = [kind, end, len(data)]
        pieces.append(data + bytes(-len(data) % _ALIGNED))
        end += len(pieces[-1])
    header = json.dumps({"relations": [r.value for r in Relation], "floors": floors, "arrays": places}).encode()
    header += b" " * (-(len(header) + 8) % _ALIGNED)
    return b"".join([len(header).to_bytes(8, "little"), header, *pieces])


_NUMBERS = {relation: number for number, relation in enumerate(Relation)}
_ROLES = 2 * len(_NUMBERS)
_UNIT = role(Relation.BILLING_UNIT, as_subject=False)
_KINDS = {"ends": "Q", "text": "B", "role": "B", "rank": "B"}
