"""Where things are unless a command says it: what the environment names, else a file `kg.toml`.

    store = "graph"
    releases = "/srv/releases"
    decisions = "decisions.json"
    trust = "consistent"
    format = "csv"

It is the file that `KG_CONFIG` names, and no other. Else it is the one in the working directory or above it, up to the
root of a repository; what that leaves open, the file of the user says, `~/.config/kg/kg.toml`. Folders are seen from
where the file is. It holds no secrets, and nothing of this machine alone: those belong to the environment.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kg.errors import UsageError

FILE = "kg.toml"
VARIABLES = {
    "store": "KG_STORE",
    "releases": "KG_RELEASES",
    "decisions": "KG_DECISIONS",
    "trust": "KG_TRUST",
    "format": "KG_FORMAT",
}
"""The keys of the file, each with the variable of the environment that wins over it."""
CHOICES = {
    "trust": ("corroborated", "consistent", "unchecked", "disputed", "refuted"),
    "format": ("table", "json", "jsonl", "csv", "tsv", "raw-csv", "raw-tsv"),
}
"""The keys that say one of a few words."""
_WORDS = {"store": "a folder or an address", "releases": "a folder", "decisions": "a file"}
_LARGEST = 64 << 10


class Default(NamedTuple):
    """A value that no command gave; `stands` is the file and line where it was found, if nobody named that file."""

    value: str = ""
    stands: str = ""


class ConfigFile(NamedTuple):
    """A file in force with what it says, each key with its value and line; `is_found` where nobody named it."""

    path: Path
    values: dict[str, tuple[str, int]]
    is_found: bool

    def told(self) -> Iterator[tuple[str, str]]:
        """The keys with their values alone."""
        return ((key, value) for key, (value, _) in self.values.items())


def default(key: str) -> Default:
    """The default for a key of the file: of the environment, else of `kg.toml`, else empty.

    Raises `UsageError` for a file that is not as it should be, with the line and the key.
    """
    if value := os.environ.get(VARIABLES[key]):
        if key in CHOICES and value not in CHOICES[key]:
            raise UsageError(f"{VARIABLES[key]}: {_no_choice(key, value)}")
        return Default(value)
    for file in in_force():
        if key in file.values:
            value, line = file.values[key]
            return Default(value, f"{file.path}:{line}" if file.is_found else "")
    return Default()


def in_force() -> Iterator[ConfigFile]:
    """The files that say something here, the one that wins first; raises `UsageError` likewise."""
    if named := os.environ.get("KG_CONFIG"):
        yield _read(at_home(named), is_found=False)
        return
    of_user = user_file()
    found = next(filter(_is_file, _candidates()), None)
    if found is not None and found != of_user:
        if not _is_ours(found):
            raise UsageError(f"{found}: belongs to somebody else; to use it, set KG_CONFIG={found}")
        yield _read(found, is_found=True)
    if of_user is not None and _is_file(of_user):
        if not _is_ours(of_user):
            raise UsageError(f"{of_user}: belongs to somebody else")
        yield _read(of_user, is_found=False)


def user_file() -> Path | None:
    """The file of this user for all projects, whether it is there or not; None where nobody has a home."""
    folder = os.environ.get("XDG_CONFIG_HOME") or (os.environ.get("APPDATA") if os.name == "nt" else "")
    if folder:
        return Path(folder) / "kg" / FILE
    home = os.environ.get("HOME")
    return Path(home) / ".config" / "kg" / FILE if home else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # A folder above it lets nobody look: as the home of another user, which `sudo` leaves as `HOME`.
        return False


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def at_home(path: str | os.PathLike[str]) -> Path:
    """A path with `~` as the folder that it stands for; raises `UsageError` where there is no such user.

    >>> at_home("graph").as_posix()
    'graph'
    """
    try:
        return Path(path).expanduser()
    except RuntimeError as exc:
        raise UsageError(f"{path}: no home is known for the ~ in it") from exc


def _candidates() -> Iterator[Path]:
    """The files in the working directory and above it, which stops at the root of a repository."""
    try:
        here = Path.cwd()
    except OSError:  # It was removed under this process.
        return
    folders = (here, *here.parents)
    root = next((at for at, folder in enumerate(folders) if _is_there(folder / ".git")), 0)
    yield from (folder / FILE for folder in folders[: root + 1])


def _is_ours(file: Path) -> bool:
    """Whether a file is of this user or of the system: anybody can leave one where everybody may write."""
    return not hasattr(os, "geteuid") or file.stat().st_uid in (0, os.geteuid())


def _read(file: Path, *, is_found: bool) -> ConfigFile:
    text = _text(file)
    return ConfigFile(file, {key: (value, _line(text, key)) for key, value in _values(file, text).items()}, is_found)


def _text(file: Path) -> str:
    try:
        # It is read more than once, and a pipe that nobody writes to would be waited for.
        if stat.S_ISFIFO(file.stat().st_mode):
            raise UsageError(f"{file}: a pipe, not a file")
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
        if wrong := _wrong(key, value):
            raise UsageError(f"{file}:{_line(text, key)}: {wrong}")
    return {
        key: value if key in CHOICES or "://" in value else str(file.parent / at_home(value))
        for key, value in table.items()
    }


def _wrong(key: str, value: object) -> str:
    """What is wrong with a line, in words; empty where nothing is."""
    if key not in VARIABLES:
        return f"no such key: {key!r:.80}{_near(key, VARIABLES)} (one of {', '.join(sorted(VARIABLES))})"
    if key in CHOICES:
        return "" if value in CHOICES[key] else _no_choice(key, value)
    is_name = isinstance(value, str) and value.isprintable() and value.strip()
    if not is_name or ("://" in str(value) and key != "store"):
        return f"{key} is the name of {_WORDS[key]}, not {value!r:.80}"
    return "" if "://" in str(value) else _without_home(str(value))


def _without_home(path: str) -> str:
    try:
        at_home(path)
    except UsageError as exc:
        return str(exc)
    return ""


def _no_choice(key: str, value: object) -> str:
    return f"no such {key}: {value!r:.80}{_near(value, CHOICES[key])} (one of {', '.join(CHOICES[key])})"


def _near(text: object, names: Iterable[str]) -> str:
    """What was most likely meant, where something comes close."""
    import difflib  # Only a mistake needs it.

    near = difflib.get_close_matches(str(text)[:80].lower(), list(names), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _line(text: str, key: str) -> int:
    """The line on which a key of a table stands."""
    place = re.search(rf"^[ \t]*\[*[ \t]*[\"']?{re.escape(key)}\b", text, re.MULTILINE)
    return text.count("\n", 0, place.start()) + 1 if place else 1
