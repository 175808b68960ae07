"""The verdicts on all assertions of a build on this machine, in 17 bytes each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.manifest import AGAIN, damage
from kg.graph.rdf.iris import PREFIXES
from kg.graph.rdf.vocabulary import ASSERTIONS, VERDICTS
from kg.graph.store import GraphStore
from kg.model import Verdict

_EVERY = tuple(Verdict)
_JUDGED = "SELECT ?assertion {{ ?assertion bkg:verdict {} }}"
_DIGITS = 32
_LINE_ENDS = b"\r\n"


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
        """Those of a store."""
        import numpy as np

        found, ranks = [], []
        for rank, verdict in enumerate(_EVERY):
            identifiers = _Identifiers()
            with damage(store.place):
                answer: Any = store.quads.query(
                    _JUDGED.format(VERDICTS[verdict]), prefixes=PREFIXES, default_graph=ASSERTIONS
                )
                answer.serialize(identifiers, format=ox.QueryResultsFormat.CSV)
            found.append(np.frombuffer(bytes(identifiers.digests), ">u8").reshape(-1, 2))
            ranks.append(np.full(len(found[-1]), rank, "u1"))
        return cls(np.concatenate(found), np.concatenate(ranks), store.place)

    def __len__(self) -> int:
        """How many assertions have a verdict."""
        return len(self._ranks)

    def on(self, identifiers: Sequence[str]) -> list[Verdict]:
        """The verdicts on some assertions; raises `StoreError` where there is none."""
        import numpy as np

        wanted = np.frombuffer(bytes.fromhex("".join(identifiers)), ">u8").reshape(-1, 2)
        places = np.searchsorted(self._identifiers[:, 0], wanted[:, 0])
        verdicts = []
        for identifier, place, second in zip(identifiers, places.tolist(), wanted[:, 1].tolist(), strict=True):
            first = int(identifier[:16], 16)
            while place < len(self) and self._identifiers[place, 0] == first:
                if self._identifiers[place, 1] == second:
                    verdicts.append(_EVERY[self._ranks[place]])
                    break
                place += 1
            else:
                raise StoreError(f"{self._place}: the graph is damaged (no verdict on assertion {identifier}); {AGAIN}")
        return verdicts


class _Identifiers:
    """Takes the lines of an answer as they come, and keeps of each the identifier at its end, as bytes."""

    def __init__(self) -> None:
        self.digests = bytearray()
        self._begun = b""
        self._is_header = True

    def write(self, data: bytes, /) -> int:
        *lines, self._begun = (self._begun + data).split(b"\n")
        if lines and self._is_header:
            del lines[0]
            self._is_header = False
        digits = b"".join(line.rstrip(_LINE_ENDS)[-_DIGITS:] for line in lines)
        self.digests += bytes.fromhex(digits.decode())
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""
