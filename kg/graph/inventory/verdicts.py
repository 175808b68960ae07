"""The verdicts on all assertions of a build on this machine, in 17 bytes each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kg.errors import StoreError
from kg.graph.manifest import AGAIN
from kg.graph.rdf.vocabulary import ASSERTIONS
from kg.graph.rdf.vocabulary import VERDICTS as NODES
from kg.graph.store import GraphStore
from kg.model import Verdict

VERDICTS = "verdicts.bin"
"""What a build keeps: all identifiers in order, then a byte for the verdict on each."""

_EVERY = tuple(Verdict)
_VALUES = [verdict.value for verdict in _EVERY]
_JUDGED = "SELECT ?assertion {{ ?assertion bkg:verdict {} }}"
_DIGITS = 32
_BYTES = _DIGITS // 2


def packed_verdicts(verdicts: Mapping[str, Verdict]) -> bytes:
    """Verdicts by the identifiers of assertions, as a build keeps them."""
    ranks = {verdict: rank for rank, verdict in enumerate(_EVERY)}
    identifiers = sorted(verdicts)
    return bytes.fromhex("".join(identifiers)) + bytes(ranks[verdicts[identifier]] for identifier in identifiers)


class Verdicts:
    """Verdicts by the identifiers of assertions, which are 32 digits to the base of 16.

    To look each up among the quads takes longer than all else that is told of it, and a dictionary of a million takes
    150 MB; these are sorted by the first half of the identifier.
    """

    def __init__(self, identifiers: Any, ranks: Any, place: object) -> None:
        order = identifiers[:, 0].argsort(kind="stable")
        self._identifiers, self._ranks = identifiers[order], ranks[order]
        self._place = place

    @classmethod
    def of(cls, store: GraphStore) -> Verdicts:
        """Those of a store, as its build kept them, else those of its quads."""
        import numpy as np

        if VERDICTS in store.manifest.files:
            store.verify(VERDICTS)
            content = (store.build / VERDICTS).read_bytes()
            count = len(content) // (_BYTES + 1)
            return cls(_numbers(content[: _BYTES * count]), np.frombuffer(content[_BYTES * count :], "u1"), store.place)
        found, ranks = [], []
        for rank, verdict in enumerate(_EVERY):
            rows = store.select_texts(_JUDGED.format(NODES[verdict]), ASSERTIONS)
            digests = bytearray()
            for (name,) in rows:
                digests += bytes.fromhex(name[-_DIGITS:])
            found.append(_numbers(digests))
            ranks.append(np.full(len(found[-1]), rank, "u1"))
        return cls(np.concatenate(found), np.concatenate(ranks), store.place)

    def __len__(self) -> int:
        """How many assertions have a verdict."""
        return len(self._ranks)

    def on(self, identifiers: Sequence[str]) -> list[str]:
        """The verdicts on some assertions; raises `StoreError` where there is none."""
        import numpy as np

        wanted = _numbers(bytes.fromhex("".join(identifiers)))
        places = np.searchsorted(self._identifiers[:, 0], wanted[:, 0])
        for number in np.flatnonzero((self._identifiers[places % len(self)] != wanted).any(axis=1)).tolist():
            places[number] = self._place_of(identifiers[number], int(places[number]), wanted[number])
        return [_VALUES[rank] for rank in self._ranks[places].tolist()]

    def _place_of(self, identifier: str, place: int, wanted: Any) -> int:
        """The place of an identifier that is not the first of those with the same first half."""
        while place < len(self) and self._identifiers[place, 0] == wanted[0]:
            if self._identifiers[place, 1] == wanted[1]:
                return place
            place += 1
        raise StoreError(f"{self._place}: the graph is damaged (no verdict on assertion {identifier}); {AGAIN}")


def _numbers(digests: bytes | bytearray) -> Any:
    """Identifiers as two whole numbers each."""
    import numpy as np

    return np.frombuffer(digests, ">u8").reshape(-1, 2).astype(np.uint64)
