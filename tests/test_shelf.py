"""What is kept on disk is what was made, or it is made anew: never something else, and never an error."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import shelf

KEY = shelf.key_of(["one"])


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("KG_CACHE", str(folder))
    return folder


class Maker:
    """Makes a small shelf, and counts how often it had to."""

    def __init__(self, *names: str) -> None:
        self.made, self._names = 0, names or ("fever", "stroke")

    def __call__(self) -> shelf.Columns:
        self.made += 1
        yield from shelf.table("codes", ((name, [number]) for number, name in enumerate(self._names)))
        yield shelf.numbers("numbers", (1, 2, 2**32 - 1))
        yield shelf.weights("weights", (0.5, 1.25))


def held(key: str = KEY, make: Maker | None = None) -> dict[str, list[int]]:
    return dict(shelf.kept(key, "one", make or Maker()).table("codes"))


def test_what_was_made_is_kept() -> None:
    make = Maker()
    for _ in range(2):
        found = shelf.kept(KEY, "one", make)
        assert dict(found.table("codes")) == {"fever": [0], "stroke": [1]}
        assert found.numbers("numbers").tolist() == [1, 2, 2**32 - 1]
        assert found.weights("weights").tolist() == [0.5, 1.25]
        assert found.table("codes").get("ache") is None
    assert make.made == 1


def test_another_key_is_another_shelf() -> None:
    make = Maker()
    held(make=make)
    held(shelf.key_of(["other"]), make)
    assert make.made == 2


def test_without_a_key_nothing_is_kept(cache: Path) -> None:
    make = Maker()
    assert held("", make) == held("", make) == {"fever": [0], "stroke": [1]}
    assert make.made == 2
    assert not cache.exists()


DAMAGES: list[Callable[[bytes], bytes]] = [
    lambda _: b"",
    lambda data: data[:10],
    lambda data: data[:-1],
    lambda data: data + b"x",
    lambda data: b"billing-kg shelf 00\n" + data[20:],
    lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
    lambda data: data[:-3] + bytes([data[-3] ^ 64]) + data[-2:],
    lambda _: b"SQLite format 3\x00" * 100,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_made_anew(cache: Path, damage: Callable[[bytes], bytes]) -> None:
    right, make = held(), Maker()
    file = cache / KEY / "one"
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert held(make=make) == right
    assert make.made == 1
    assert file.read_bytes() == whole


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.data())
def test_any_bit_that_flips_is_noticed(cache: Path, data: st.DataObject) -> None:
    held()
    file = cache / KEY / "one"
    whole = file.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    file.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << data.draw(st.integers(0, 7))]) + whole[at + 1 :])
    make = Maker()
    assert held(make=make) == {"fever": [0], "stroke": [1]}
    assert make.made == 1


@pytest.mark.parametrize("place", ["/dev/null", "/proc/nowhere"])
def test_where_nothing_can_be_written_it_is_made_each_time(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_CACHE", place)
    make = Maker()
    assert held(make=make) == held(make=make) == {"fever": [0], "stroke": [1]}
    assert make.made == 2


def test_a_full_disk_leaves_nothing_behind(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert held() == {"fever": [0], "stroke": [1]}
    assert list((cache / KEY).iterdir()) == []


def test_old_ones_go_and_what_is_not_ours_stays(cache: Path) -> None:
    (cache / "my thesis").mkdir(parents=True)
    (cache / "my thesis" / "one").write_text("mine")
    keys = [shelf.key_of([str(number)]) for number in range(12)]
    for number, key in enumerate(keys):
        held(key)
        os.utime(cache / key, ns=(number * 10**9, number * 10**9))
    left = {folder.name for folder in cache.iterdir()}
    assert "my thesis" in left
    assert keys[-1] in left
    assert keys[0] not in left
    assert (cache / "my thesis" / "one").read_text() == "mine"


def test_of_many_the_newest_stay(cache: Path) -> None:
    key = shelf.key_of(["rules"])
    for number in range(5):
        shelf.kept(key, f"page-{number}", lambda: [shelf.numbers("all", [1])])
        os.utime(cache / key / f"page-{number}", (number, number))
    shelf.kept(key, "other", lambda: [shelf.numbers("all", [1])])
    shelf.thin_out(key, "page-", 2)
    assert sorted(file.name for file in (cache / key).iterdir()) == ["other", "page-3", "page-4"]


def test_two_processes_at_once_both_get_what_is_right(cache: Path) -> None:
    program = (
        "from kg import shelf\n"
        f"found = shelf.kept({KEY!r}, 'one', lambda: shelf.table('codes', ((str(n), n) for n in range(20000))))\n"
        "print(sum(found.table('codes').values()))"
    )
    running = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[0].strip() for process in running] == [str(sum(range(20000)))] * 3
    assert [file.name for file in (cache / KEY).iterdir()] == ["one"]


VALUES = st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=5), max_size=2)


@settings(max_examples=50)
@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=8).map(lambda found: list(found.items())))
def test_a_table_is_a_mapping_in_its_order(items: list[tuple[str, object]]) -> None:
    found = shelf.Shelf(dict(shelf.table("all", items))).table("all")
    assert list(found.items()) == items
    assert len(found) == len(items)
    assert all(found[key] == value for key, value in items)
    assert "no such key" in found or found.get("no such key") is None


NUMBERS = st.lists(st.integers(0, 2**32 - 1), max_size=4)


@settings(max_examples=50)
@given(st.dictionaries(st.text(max_size=5), NUMBERS, max_size=8).map(lambda found: list(found.items())))
def test_lists_of_numbers_are_a_mapping_in_its_order(items: list[tuple[str, list[int]]]) -> None:
    found = shelf.Shelf(dict(shelf.lists("all", items))).lists("all")
    assert [(key, list(value)) for key, value in found.items()] == items
    assert list(map(list, found.in_order())) == [value for _, value in items]
    assert all(list(found[key]) == value for key, value in items)
    assert [key in found for key in ("no such key", *dict(items))] == [False, *(True for _ in items)]
