"""What a text says that tells the codes of one drug apart."""

from __future__ import annotations

import pytest

from kg.model import Code
from kg.reference.descriptors import Descriptor, read_descriptor
from kg.verification.hints import Hints, brands_in, has_all, plain, with_short
from kg.verification.words import words


def descriptor(text: str) -> Descriptor:
    found = read_descriptor(text)
    assert found is not None
    return found


PLAIN = "Injection, micafungin, 1 mg"
BRANDS = {"mycamine", "par"}


def nearer(text: str, one: str, other: str, *, given: str = PLAIN, lettered: bool = False) -> bool:
    """Whether a text fits the first of two descriptors better."""
    said = Hints.of(text, BRANDS, descriptor(given), lettered=lettered)
    first, second = (
        said.misfit(found, {plain(brand) for brand in found.brands}) for found in map(descriptor, (one, other))
    )
    return first < second


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        # The brand says more than all else.
        ("Mycamine", "Injection, micafungin, biosimilar, (mycamine), 10 mg", PLAIN),
        ("Mycamine, per 1 mg", "Injection, micafungin, (mycamine), 10 mg", "Injection, micafungin, (other), 1 mg"),
        # Without one, a code without brands is likelier.
        ("micafungin", PLAIN, "Injection, micafungin, (mycamine), 1 mg"),
        # A code for a maker is for no other.
        ("Baxter's micafungin", "Injection, micafungin (baxter), not therapeutically equivalent to j2248, 1 mg", PLAIN),
        (
            "micafungin (Dr. Reddy's)",
            "Injection, micafungin (dr. reddy's), not therapeutically equivalent to j2248, 1 mg",
            "Injection, micafungin (baxter), not therapeutically equivalent to j2248, 1 mg",
        ),
        ("micafungin", PLAIN, "Injection, micafungin (baxter), not therapeutically equivalent to j2248, 1 mg"),
        # Biosimilars are for those who ask for one.
        ("biosimilar", "Injection, micafungin, biosimilar, 1 mg", PLAIN),
        ("not a biosimilar", PLAIN, "Injection, micafungin, biosimilar, 1 mg"),
        # The amount tells codes apart where nothing else does.
        ("micafungin, per 10 mg", "Injection, micafungin, 10 mg", PLAIN),
        ("micafungin, 1 mg", PLAIN, "Injection, micafungin, 10 mg"),
    ],
)
def test_what_is_said_fits_one_code_better(text: str, one: str, other: str) -> None:
    assert nearer(text, one, other)
    assert not nearer(text, other, one)


@pytest.mark.parametrize(
    ("text", "labeler"),
    [("midazolam (wg crit care)", "WG CRITICAL CARE, LLC"), ("MIDAZOLAM HOS 5ML", "HOSPIRA INC.")],
)
def test_a_code_as_which_the_labeler_sells_goes_first(text: str, labeler: str) -> None:
    hints = Hints.of(text, set(), descriptor(PLAIN), lettered=False)
    with_it, without = (hints.misfit(descriptor(PLAIN), set(), labelers) for labelers in ([labeler], ["CIPLA USA"]))
    assert with_it < without


@pytest.mark.parametrize(
    ("text", "name", "has"),
    [("piperacillin/tazo", "tazobactam", True), ("liposomal", "liposome", True), ("lipid", "liposome", False)],
)
def test_words_stand_in_a_text_cut_off_or_with_another_ending(text: str, name: str, has: bool) -> None:
    assert has_all(words(text), [name]) is has


def test_four_letters_ask_for_a_biosimilar() -> None:
    assert nearer("", "Injection, micafungin, biosimilar, 1 mg", PLAIN, lettered=True)


def test_a_longer_brand_hides_the_shorter_one_in_it() -> None:
    assert brands_in("Aristada Initio and Gammagard", {"aristada", "aristada initio", "gammagard"}) == {
        "aristada initio",
        "gammagard",
    }
    assert brands_in("Aristada Initio, then Aristada", {"aristada", "aristada initio"}) == {
        "aristada",
        "aristada initio",
    }


def test_the_first_word_of_a_brand_stands_for_it_where_no_other_has_it() -> None:
    one, other = Code.parse("J1569"), Code.parse("J1561")
    assert with_short({one: ["gammagard liquid"], other: ["gamunex"]})[one] == {"gammagard liquid", "gammagard"}
    assert with_short({one: ["gammagard liquid"], other: ["gammagard erc"]})[one] == {"gammagard liquid"}
    assert with_short({one: ["gammagard liquid"], other: ["gammagard"]})[one] == {"gammagard liquid"}
    assert with_short({one: ["depo liquid"]})[one] == {"depo liquid"}  # Too short to be a brand of its own.
