"""Every error that billing-kg raises on purpose.

What each is a kind of, and how a command ends with it::

    KgError                     base; the command line prints it as one line
    ├── UsageError              exit 2: the question itself is malformed
    │   ├── MalformedCode       a string that no code system would accept
    │   ├── UnknownName         a relation, verdict, query or format that does not exist
    │   ├── QueryRefused        SPARQL that does not parse, or that would leave the machine
    │   └── DocumentsLeftOut    a build that would drop documents that are in the graph
    ├── NotFound                exit 1: well-formed, but there is no such thing
    ├── OnlyNo                  exit 4: the documents say no, and nothing else
    └── Failure                 exit 3: something outside the question went wrong
        ├── DocumentError       a document cannot be read
        ├── ResourceError       a file of billing-kg itself is missing or wrong
        ├── ReleaseError        an official release cannot be read
        ├── StoreError          the store is missing, damaged or from another version
        │   ├── StoreLocked     another build is writing it
        │   └── EngineError     the engine that holds it does not answer as it should
        └── MissingExtra        an optional library is not installed

The message is one line and holds the bad value; where it stands in a file, the file and the line as well.
"""

from __future__ import annotations


class KgError(Exception):
    """Base of all errors raised on purpose; `exit_code` is what the command line ends with."""

    exit_code = 3


class UsageError(KgError):
    """The question itself is malformed."""

    exit_code = 2


class MalformedCode(UsageError):
    """A string that no code system would accept."""


class UnknownName(UsageError):
    """A relation, verdict, query or format that does not exist."""


class QueryRefused(UsageError):
    """SPARQL that does not parse, or that would reach beyond the store.

    `place` is where in the query it is wrong, from an offset up to another, and `excerpt` the line of it with a mark
    under the place; both where there is one.
    """

    def __init__(self, message: str, excerpt: str = "", place: tuple[int, int] | None = None) -> None:
        super().__init__(message)
        self.excerpt = excerpt
        self.place = place


class DocumentsLeftOut(UsageError):
    """A build that would drop documents that are in the graph."""


class NotFound(KgError):
    """The question is well-formed, but there is no such thing."""

    exit_code = 1


class OnlyNo(KgError):
    """The documents say no to what was asked for, and nothing else."""

    exit_code = 4


class Failure(KgError):
    """Something outside the question went wrong."""


class DocumentError(Failure):
    """A document cannot be read."""


class ResourceError(Failure):
    """A file of billing-kg itself is missing or wrong."""


class ReleaseError(Failure):
    """An official release cannot be read."""


class StoreError(Failure):
    """The store is missing, damaged or from another version."""


class StoreLocked(StoreError):
    """Another build is writing the store."""


class EngineError(StoreError):
    """The SPARQL engine that holds the graph does not answer, or not whole."""


class MissingExtra(Failure):
    """An optional library is not installed; the message says how to get it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional library: pip install 'billing-kg[{extra}]'")
