"""Official descriptors, fed back as a document, are found fault with nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from benchmarks.descriptors import FILES, FOLDER, described, feed
from kg.reference import Reference, bundled
from kg.reference.formats import read_release
from tests.data.official import needs_reference

# Every so many-th code: all of them are the benchmark's.
_STEP = 12


@pytest.mark.slow
@needs_reference
@pytest.mark.parametrize(("name", "day"), list(FILES.items())[-2:])
def test_what_a_release_says_of_its_codes_is_right(name: str, day: date) -> None:
    known = Reference.of(read_release(FOLDER / name), bundled.drugs())
    entries = described(known, day)
    for fed in feed(known, entries[::_STEP], day):
        assert [(one.concept.key, one.reason) for one in fed.findings] == []
        assert fed.drugs > 0.7 * fed.descriptors


@pytest.mark.slow
@needs_reference
def test_another_drugs_descriptor_is_refuted() -> None:
    name, day = list(FILES.items())[-1]
    known = Reference.of(read_release(FOLDER / name), bundled.drugs())
    entries = [entry for entry in described(known, day) if entry.code.value.startswith("J9")][::_STEP]
    swapped = [replace(entry, name=other.name) for entry, other in pairwise([*entries, entries[0]])]
    for fed in feed(known, swapped, day):
        refuted = {one.concept.key for one in fed.findings if one.check == "other_drug"}
        assert fed.drugs - len(refuted) <= 1, "but for what is not read"
