"""Where things are unless a command says it: what the environment names, else a file `kg.toml`.

    store = "graph"
    releases = "/srv/releases"
    decisions = "decisions.json"

It is the file that `KG_CONFIG` names, else the one in the working directory or above it, up to the root of a
repository. Folders are seen from where the file is. It holds no secrets, and nothing of this machine alone: those
belong to the environment.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kg.errors import UsageError

FILE = "kg.toml"
_VARIABLES = {"store": "KG_STORE", "releases": "KG_RELEASES", "decisions": "KG_DECISIONS"}
_WORDS = {"store": "a folder or an address", "releases": "a folder", "decisions": "a file"}
_LARGEST = 64 << 10


class Default(NamedTuple):
    """A value that no command gave; `stands` is the file and line where it was found, if nobody named that file."""

    value: str = ""
    stands: str = ""


def default(key: str) -> Default:
    """The default for `store`, `releases` or `decisions`: of the environment, else of `kg.toml`, else empty.

    Raises `UsageError` for a file that is not as it should be, with the line and the key.
    """
    if value := os.environ.get(_VARIABLES[key]):
        return Default(value)
    if named := os.environ.get("KG_CONFIG"):
        file = Path(named).expanduser()
        return Default(_values(file, _read(file)).get(key, ""))
    found = next((file for file in _candidates() if file.is_file()), None)
    if found is None:
        return Default()
    if not _is_ours(found):
        raise UsageError(f"{found}: belongs to somebody else; to use it, set KG_CONFIG={found}")
    text = _read(found)
    value = _values(found, text).get(key)
    return Default(value, f"{found}:{_line(text, key)}") if value else Default()


def _candidates() -> Iterator[Path]:
    """The files in the working directory and above it, which stops at the root of a repository."""
    try:
        here = Path.cwd()
    except OSError:  # It was removed under this process.
        return
    folders = (here, *here.parents)
    root = next((at for at, folder in enumerate(folders) if (folder / ".git").exists()), 0)
    yield from (folder / FILE for folder in folders[: root + 1])


def _is_ours(file: Path) -> bool:
    """Whether a file is of this user or of the system: anybody can leave one where everybody may write."""
    return not hasattr(os, "geteuid") or file.stat().st_uid in (0, os.geteuid())


def _read(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise UsageError(f"{file}: larger than {_LARGEST:,} bytes")
        return content.decode()
    except OSError as exc:
        raise UsageError(f"{file}: cannot be read ({(exc.strerror or str(exc)).lower()})") from exc
    except UnicodeDecodeError as exc:
        raise UsageError(f"{file}: not UTF-8") from exc


def _values(file: Path, text: str) -> dict[str, str]:
    """What a file says, held against what may stand in it."""
    import tomllib  # Few need it.

    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as exc:
        raise UsageError(f"{file}: not TOML ({exc})") from exc
    for key, value in table.items():
        place = f"{file}:{_line(text, key)}"
        if key not in _VARIABLES:
            raise UsageError(f"{place}: no such key: {key!r} (one of {', '.join(sorted(_VARIABLES))})")
        is_name = isinstance(value, str) and value.isprintable() and value.strip()
        if not is_name or ("://" in value and key != "store"):
            raise UsageError(f"{place}: {key} is the name of {_WORDS[key]}, not {value!r:.80}")
    return {
        key: value if "://" in value else str(file.parent / Path(value).expanduser()) for key, value in table.items()
    }


def _line(text: str, key: str) -> int:
    """The line on which a key of a table stands."""
    place = re.search(rf"^[ \t]*\[*[ \t]*[\"']?{re.escape(key)}\b", text, re.MULTILINE)
    return text.count("\n", 0, place.start()) + 1 if place else 1
