"""Plain edges as arrays in compressed sparse rows, for scipy, rustworkx, igraph and libraries on GPUs."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kg.graph.adjacency import HOP, VERDICT_STEP, relation_of
from kg.model import Relation, Verdict
from kg.network.slices import Slice
from kg.whole_files import opened

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

# Zip files carry a time, and the same arrays should give the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """Nodes and plain edges as NumPy arrays, each edge twice: in the row of its subject and in that of its object.

    So the matrix is that of the network walked both ways, as `kg path` walks it, and square over `curies`. Row `i`
    has the entries from `indptr[i]` to `indptr[i + 1]`, by neighbour and relation:

    - `indices`: the neighbour, as a position in `curies`
    - `relation`, `verdict`: positions in `relations` and `verdicts`
    - `forward`: whether the row is that of the subject
    - `cost`: what the hop costs in the middle of a path, in thousandths, fees for passing through both ends included
    - `leaving`, `entering`: what of the cost is the fee of the node of the row, and that of the neighbour

    A path pays no fee at its two ends, so that its cost is the sum over its hops without `leaving` of the first and
    `entering` of the last. Fees are those of the whole graph at the trust floor, in a slice as well.

    Two nodes may be joined by several edges; `cheapest()` leaves one. `where(forward)` has each edge once.

    >>> from kg.graph.adjacency import Adjacency
    >>> code, other, diagnosis = "hcpcs:J3262", "hcpcs:J1745", "icd10cm:M06.9"
    >>> edges = [(each, Relation.SUPPORTED_BY_DIAGNOSIS, diagnosis, Verdict.CONSISTENT) for each in (code, other)]
    >>> arrays = arrays_of(Slice(Adjacency.of(edges), Verdict.DISPUTED))
    >>> arrays.curies.tolist()
    ['hcpcs:J1745', 'hcpcs:J3262', 'icd10cm:M06.9']
    >>> arrays.indptr.tolist(), arrays.indices.tolist(), arrays.cost.tolist()
    ([0, 1, 2, 4], [2, 2, 0, 1], [2100, 2100, 2100, 2100])
    >>> arrays.relations[arrays.relation[0]].item(), arrays.forward.tolist()
    ('supportedByDiagnosis', [True, True, False, False])
    >>> arrays.where(arrays.forward).indptr.tolist()
    [0, 1, 2, 2]
    """

    indptr: Array
    indices: Array
    relation: Array
    verdict: Array
    forward: Array
    cost: Array
    leaving: Array
    entering: Array
    curies: Array
    relations: Array
    verdicts: Array

    @property
    def rows(self) -> Array:
        """The row of each entry, which makes a list of edges of it: `zip(rows, indices, cost)`."""
        import numpy as np

        return np.repeat(np.arange(len(self.curies), dtype=self.indices.dtype), np.diff(self.indptr))

    def where(self, mask: Array) -> Arrays:
        """The same nodes with some of the entries, chosen by a truth value for each."""
        import numpy as np

        before = np.concatenate([[0], np.cumsum(mask)])
        entries = {name: getattr(self, name)[mask] for name in _OF_ENTRIES}
        return replace(self, indptr=before[self.indptr].astype(self.indptr.dtype), **entries)

    def cheapest(self) -> Arrays:
        """The same with one entry where a row has several for one neighbour: the cheapest.

        A sparse matrix adds up what stands in one place, which no length of a way should be.
        """
        import numpy as np

        order = np.lexsort((self.cost, self.indices, rows := self.rows))
        first = np.ones(len(order), bool)
        first[1:] = (np.diff(rows[order]) != 0) | (np.diff(self.indices[order]) != 0)
        mask = np.zeros(len(order), bool)
        mask[order[first]] = True
        return self.where(mask)

    def save(self, file: str | Path | BinaryIO) -> Path | None:
        """Write a `.npz` with an array of each name, whole or not at all; `numpy.load` opens it without pickles."""
        import numpy as np

        with opened(file) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for field in fields(self):
                entry = zipfile.ZipInfo(f"{field.name}.npy", _NO_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(entry, "w", force_zip64=True) as stream:
                    np.lib.format.write_array(stream, getattr(self, field.name), allow_pickle=False)
        return Path(file) if isinstance(file, str | Path) else None


_OF_ENTRIES = ("indices", "relation", "verdict", "forward", "cost", "leaving", "entering")


def arrays_of(part: Slice) -> Arrays:
    """The arrays of a slice, of the adjacency alone: no evidence is read."""
    import numpy as np

    # Nodes that the adjacency does not have stand between the others, and their rows are empty.
    curies = list(part.curies())
    nodes = np.fromiter(part.nodes(), np.int64)
    entries = _entries(part, nodes)
    place = {curie: position for position, curie in enumerate(curies)}
    places = np.array([place[part.adjacency.curie(node)] for node in nodes.tolist()], np.int64)
    degrees = np.zeros(len(curies), np.int64)
    degrees[places] = np.bincount(entries.pop("row"), minlength=len(nodes))
    row_starts = np.concatenate([[0], np.cumsum(degrees)])
    number_type = np.int32 if row_starts[-1] < 2**31 else np.int64
    entries["indices"] = places[entries["indices"]].astype(number_type)
    return Arrays(
        indptr=row_starts.astype(number_type),
        curies=np.array(curies, np.str_),
        relations=np.array([relation.value for relation in Relation]),
        verdicts=np.array([verdict.value for verdict in Verdict]),
        **entries,
    )


def _entries(part: Slice, nodes: Array) -> dict[str, Array]:
    """The entries of all rows, with rows and neighbours as positions among the nodes."""
    import numpy as np

    rows = {name: np.asarray(getattr(part.rows, name)) for name in part.rows.__slots__}
    row, group = _spread(rows["first_group"], nodes)
    position, step = _spread(rows["first_step"], group)
    row, group = row[position], group[position]
    neighbour = rows["neighbour"][step]
    role = rows["role"][group]
    there = np.minimum(np.searchsorted(nodes, neighbour), max(len(nodes) - 1, 0))
    role_mask = np.array([part.takes(relation_of(number)[0]) for number in range(2 * len(Relation))])
    inside = role_mask[role] & (nodes[there] == neighbour)
    order = np.flatnonzero(inside)
    order = order[np.lexsort((role[order], there[order], row[order]))]
    step, group, role = step[order], group[order], role[order]
    rank, fee, toll = rows["rank"][step], rows["fee"][group].astype(np.int32), rows["toll"][step].astype(np.int32)
    return {
        "row": row[order],
        "indices": there[order],
        "relation": role // 2,
        "verdict": rank,
        "forward": role % 2 == 0,
        "cost": fee + toll,
        "leaving": fee,
        "entering": toll - HOP - VERDICT_STEP * rank.astype(np.int32),
    }


def _spread(first: Array, owners: Array) -> tuple[Array, Array]:
    """All that begins at the positions of some owners and ends where the next begins: whose each is, and where."""
    import numpy as np

    begins = first[owners].astype(np.int64)
    sizes = first[owners + 1].astype(np.int64) - begins
    owner = np.repeat(np.arange(len(owners)), sizes)
    return owner, np.arange(len(owner)) + np.repeat(begins - (np.cumsum(sizes) - sizes), sizes)
