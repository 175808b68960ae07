"""The line of those who wait for a worker: fair to each client, however many questions the others ask."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Full(Exception):
    """Nobody else may wait; with `is_own`, because this client has too many who do."""

    def __init__(self, *, is_own: bool) -> None:
        super().__init__("the client has too many who wait" if is_own else "too many wait")
        self.is_own = is_own


class Line(Generic[T]):
    """Those who wait, by client: clients take turns, and those of one client come in their order.

    >>> line = Line(most=10, most_each=2)
    >>> for client, one in [("a", 1), ("a", 2), ("b", 3)]:
    ...     line.join(client, one)
    >>> line.take(), line.take(), line.take()
    (1, 3, 2)
    """

    def __init__(self, most: int, most_each: int) -> None:
        self._most = most
        self._most_each = most_each
        self._waiting: dict[str, deque[T]] = {}
        self._number = 0

    def __len__(self) -> int:
        return self._number

    def join(self, client: str, one: T) -> None:
        """Let one of a client wait; raises `Full`."""
        own = self._waiting.get(client, ())
        if len(own) >= self._most_each:
            raise Full(is_own=True)
        if self._number >= self._most:
            raise Full(is_own=False)
        self._waiting.setdefault(client, deque()).append(one)
        self._number += 1

    def take(self) -> T:
        """Whose turn it is, who waits no more; raises `LookupError` where nobody waits."""
        if not self._waiting:
            raise LookupError("nobody waits")
        client = next(iter(self._waiting))
        one = self._waiting[client].popleft()
        self._taken(client)
        return one

    def leave(self, client: str, one: T) -> None:
        """Let one who waits wait no more; the turn of its client stays where it is."""
        self._waiting[client].remove(one)
        self._number -= 1
        if not self._waiting[client]:
            del self._waiting[client]

    def _taken(self, client: str) -> None:
        """The client is at the end of all who take turns."""
        self._number -= 1
        others = self._waiting.pop(client)
        if others:
            self._waiting[client] = others
