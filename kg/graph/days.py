"""One open graph on several days."""

from __future__ import annotations

from datetime import date

from kg.graph.store import GraphStore

_OPEN = 4
"""So many days besides that of the build stay open; those asked for longest ago are closed first."""


class Days:
    """An open store, and the same as it stood on other days."""

    def __init__(self, store: GraphStore) -> None:
        self.built = store
        self._others: dict[date, GraphStore] = {}

    def at(self, day: date | None) -> GraphStore:
        """The store with the verdicts of a day, without one with those of its build; raises `StoreError`."""
        if day is None or day.isoformat() == self.built.manifest.as_of:
            return self.built
        store = self._others.pop(day, None) or self._opened(day)
        self._others[day] = store
        for other in list(self._others)[:-_OPEN]:
            self._others.pop(other).close()
        return store

    def _opened(self, day: date) -> GraphStore:
        from kg.graph.as_of import at  # It judges, for which much has to be imported.

        return at(self.built, day)

    def close(self) -> None:
        """Let go of the files."""
        for store in (self.built, *self._others.values()):
            store.close()
