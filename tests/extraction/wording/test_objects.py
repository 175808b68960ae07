"""Documentation items, denial reasons and requirements: concepts of kept lists, or clean words of the document."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extraction.wording.kept_lists import aliases_of, content, entry_for
from kg.extraction.wording.objects import Worded, denials_in, documentation_in, requirements_in
from kg.model import Kind
from kg.resources import table
from tests.steps import steps

from ..stating import about, objects

KINDS = (Kind.DOCUMENTATION, Kind.DENIAL, Kind.REQUIREMENT)
READERS: tuple[Callable[..., tuple[Worded, ...]], ...] = (documentation_in, denials_in, requirements_in)


def keys(found: tuple[Worded, ...]) -> list[str]:
    return [worded.concept.key for worded in found]


def names(found: tuple[Worded, ...]) -> list[str | None]:
    return [worded.concept.name for worded in found]


# The kept lists.


@pytest.mark.parametrize("kind", KINDS)
def test_every_alias_finds_its_entry(kind: Kind) -> None:
    wrong = [(alias, key, entry_for(kind, alias)) for alias, key in aliases_of(kind) if entry_for(kind, alias) != key]
    assert wrong == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_entries_have_an_alias_of_the_same_words(kind: Kind) -> None:
    owners: dict[frozenset[str], set[str]] = {}
    for alias, key in aliases_of(kind):
        assert content(kind, alias), alias
        owners.setdefault(content(kind, alias), set()).add(key)
    assert [shared for shared in owners.values() if len(shared) > 1] == []


@pytest.mark.parametrize(("name", "least"), [("documentation", 60), ("denials", 68), ("requirements", 40)])
def test_tables_are_sorted_and_say_what_they_are(name: str, least: int) -> None:
    rows = [row["name"] for row in table("data", "names", f"{name}.tsv")]
    assert len(rows) >= least
    assert rows == sorted(set(rows))


def test_adjustment_codes_look_like_adjustment_codes() -> None:
    codes = {row["name"]: row["carc"] for row in table("data", "names", "denials.tsv")}
    assert all(code == "-" or code.isdigit() or code == "B7" for code in codes.values())
    assert (codes["lack of medical necessity"], codes["missing prior authorization"]) == ("50", "197")
    assert (codes["missing modifier"], codes["duplicate claim"], codes["timely filing"]) == ("4", "18", "29")


def test_groups_of_words_are_sorted_and_hold_each_word_once() -> None:
    rows = list(table("data", "wording", "vocabulary.tsv"))
    assert [row["group"] for row in rows] == sorted({row["group"] for row in rows})
    for row in rows:
        words = row["words"].split("; ")
        assert len(words) == len(set(words)), row["group"]


@pytest.mark.parametrize(
    "phrase",
    [
        "missing NDC", "no NDC", "NDC not on the claim", "failure to include the NDC", "absence of the NDC",
        "omission of the NDC", "NDC is missing", "lack of an NDC", "the NDC was not reported", "NDC wasn't submitted",
        "missing or incomplete National Drug Code",
    ],
)  # fmt: skip
def test_words_for_the_same_lack_are_one_reason(phrase: str) -> None:
    assert entry_for(Kind.DENIAL, phrase) == "missing-ndc"


def test_a_lack_of_what_another_list_has_is_an_entry_too() -> None:
    assert entry_for(Kind.DENIAL, "absence of the lot number") == "missing-lot-number"
    assert entry_for(Kind.DENIAL, "no infusion log") != entry_for(Kind.DENIAL, "no consent")


# What is never an object.


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("about", [True, False])
@pytest.mark.parametrize("item", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "and", "more", "JZ", "asthma", "because the dose goes by weight ranges", "office keeps it in the fridge",
        "women after menopause with osteoporosis", "The office keeps it in the fridge.", "M05.79", "Humana",
        "tocilizumab", "Actemra", "Store in the refrigerator at 2 to 8 degrees.", "Is prior authorization needed?",
        "", "12", "the", "N/A", "Severe eosinophilic asthma", "Call the payer before you bill.", "`ndc_code` → column",
        "www.example.com",
    ],
)  # fmt: skip
def test_what_is_no_object(reader: Callable[..., tuple[Worded, ...]], about: bool, item: bool, text: str) -> None:
    assert reader(text, about=about, item=item) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Claims for J3262 are paid within 30 days.",
        "Medicare denied the appeal last year.",
        "The drug requires dilution in 100 mL of saline.",
        "The infusion needs a 60 minute observation.",
        "Step therapy is a common practice.",
    ],
)
def test_elsewhere_only_the_unmistakable_counts(text: str) -> None:
    assert [reader(text, about=False, item=False) for reader in READERS] == [(), (), ()]


# Documentation.


def test_lists_are_split_and_pairs_kept() -> None:
    found = documentation_in(
        "The chart must contain weight, the start and stop times, the dose and lot number, and more.",
        about=False,
        item=False,
    )
    assert keys(found) == ["body-weight", "start-and-stop-times", "dose-administered", "lot-number"]


def test_purposes_and_conditions_are_cut_off() -> None:
    found = documentation_in(
        "Document the toxicity grade, the amount wasted when applicable, and prior therapies to justify the dose.",
        about=True,
        item=False,
    )
    assert names(found) == ["toxicity grade", "amount wasted", "prior therapies"]


def test_what_must_be_documented_may_stand_before_the_verb() -> None:
    found = documentation_in("Radiographs and the response to treatment must be documented.", about=False, item=False)
    assert keys(found) == ["imaging", "proof-of-response"]


def test_a_clause_before_the_list_is_not_of_it() -> None:
    text = "As auditors ask for times, charts should list the stop time and the route, and neat writing helps in gout."
    assert keys(documentation_in(text, about=True, item=False)) == ["start-and-stop-times", "route-of-administration"]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("Body weight in kg", ["body-weight"]),
        ("Lot number — from the vial label", ["lot-number"]),
        ("Required documentation: weight, hemoglobin", ["body-weight", "hemoglobin"]),
        ("Description of the wound", ["description-of-the-wound"]),
        ("Insufficient time documentation", []),
        ("Key columns used", []),
    ],
)
def test_items_below_a_heading_about_documentation(item: str, expected: list[str]) -> None:
    assert keys(documentation_in(item, about=True, item=True)) == expected


# Denials.


def test_brackets_and_quotes_are_kept_whole() -> None:
    found = denials_in(
        'Claims fail for two reasons: the lack of a needed modifier "RT" or "LT," and the omission of the NDC.',
        about=True,
        item=False,
    )
    assert names(found) == [
        'lack of a needed modifier "RT" or "LT,"',
        "omission of the NDC",
    ]
    assert keys(found) == ["missing-laterality-modifier", "missing-ndc"]


def test_each_clause_is_a_reason() -> None:
    found = denials_in(
        "Claims are denied if a dose comes earlier than every 14 days, or if the tumor stage is not in the record.",
        about=False,
        item=False,
    )
    assert names(found) == ["dose comes earlier than every 14 days", "tumor stage is not in the record"]


def test_a_fault_may_be_shared() -> None:
    found = denials_in("Missing or incorrect modifiers, units or NDC", about=True, item=True)
    assert {"missing-modifier", "missing-ndc"} <= set(keys(found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Units above the MUE are denied.", ["quantity-limit-exceeded"]),
        ("An expired authorization leads to denial.", ["expired-authorization"]),
        ("Poor documentation is the leading cause of claim denials.", ["insufficient-documentation"]),
        ("Small errors — wrong units, missing NDC — can result in denials.", ["wrong-number-of-units", "missing-ndc"]),
        ("Claims without modifier JZ are rejected.", ["missing-modifier"]),
        ("Claims are denied unless prior authorization is on file.", []),
        ("Claims are denied for J3262.", []),
    ],
)
def test_sentences_about_denials(text: str, expected: list[str]) -> None:
    assert keys(denials_in(text, about=False, item=False)) == expected


# Requirements.


@pytest.mark.parametrize(
    ("text", "about", "item", "expected"),
    [
        ("Aetna and Cigna require prior authorization first.", False, False, ["prior-authorization"]),
        ("Prior authorization is not required by Medicare.", False, False, ["prior-authorization"]),
        ("Step therapy through bevacizumab is mandatory.", False, False, ["step-therapy"]),
        ("PA", True, True, ["prior-authorization"]),
        ("Humana: step therapy", True, True, ["step-therapy"]),
        ("Trial of methotrexate", True, True, ["trial-of-methotrexate"]),
        ("Negative tuberculosis test", True, True, ["tuberculosis-screening"]),
        ("Age 18 or older", True, True, ["age-limit"]),
        ("Patient is 18 years of age or older", True, True, ["age-limit"]),
        ("Prescribed by a rheumatologist", True, True, ["specialist-prescriber"]),
        ("Site of care review", True, True, ["site-of-care-review"]),
        ("Quantity limit of 300 units", True, True, ["quantity-limit"]),
        ("Clinical trials of the drug in adults", True, True, []),
        ("A trial and failure of the following", True, True, []),
        ("Trial of the required drug", True, True, []),
    ],
)  # fmt: skip
def test_requirements(text: str, about: bool, item: bool, expected: list[str]) -> None:
    assert keys(requirements_in(text, about=about, item=item)) == expected


# Laws.

WORDS = st.sampled_from(
    'the records must show document weight , and or "JW" ( dose ) missing NDC denied for when claims require prior '
    "authorization — ; : start stop times is are not hemoglobin ’s “ ” • \n lot number units exceed step therapy".split(
        " "
    )
)
TEXTS = st.one_of(st.lists(WORDS, max_size=40).map(" ".join), st.text(max_size=120))


@settings(max_examples=150)
@given(text=TEXTS, about=st.booleans(), item=st.booleans())
def test_offsets_are_exact(text: str, about: bool, item: bool) -> None:
    for reader in READERS:
        for worded in reader(text, about=about, item=item):
            assert 0 <= worded.start < worded.end <= len(text)
            assert " ".join(text[worded.start : worded.end].split()) == worded.concept.name
            assert worded.concept.key


JUNK = ("a ", ",", "records must ", "(", "denied for ")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("junk", JUNK)
def test_four_times_the_junk_takes_about_four_times_the_steps(
    reader: Callable[..., tuple[Worded, ...]], junk: str
) -> None:
    short, long = ((junk * 4000)[:length] for length in (950, 3800))
    assert steps_of(reader, long) < 5 * steps_of(reader, short)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("junk", JUNK)
def test_what_is_longer_than_any_sentence_is_not_read(reader: Callable[..., tuple[Worded, ...]], junk: str) -> None:
    assert reader(junk * 100_000, about=True, item=True) == ()
    assert steps_of(reader, junk * 10_000) == steps_of(reader, junk * 20_000)


def steps_of(reader: Callable[..., tuple[Worded, ...]], text: str) -> int:
    """How many calls it takes to read a text, once the lists are there that its words need."""
    reader(text[:120], about=True, item=True)
    return steps(lambda: reader(text, about=True, item=True))


@pytest.mark.parametrize(
    ("item", "keys"),
    [
        ("Office notes from the clinic documenting a disease activity score", ["medical-records"]),
        ("PD-L1 testing report with assay name and antibody clone", ["pd-l1-result"]),
        ("Proof of delivery required", ["delivery-ticket"]),
        ("Weight, IgE level and brand", ["body-weight", "ige-level", "drug-name"]),
    ],
)
def test_an_item_about_the_record_asks_for_what_it_names_first(item: str, keys: list[str]) -> None:
    found = [worded.concept.key for worded in documentation_in(item, about=True, item=True)]
    assert sorted(found) == sorted(keys)


def test_an_item_of_requirements_that_asks_for_records_is_documentation() -> None:
    found = about(
        "## Prior authorization\n\n- Documentation of two failed preventive medications\n- Trial of a triptan\n"
    )
    assert objects(found, "requiresDocumentation") == ["documentation:two-failed-preventive-medications"]


def test_what_must_be_there_first_is_no_part_of_the_requirement() -> None:
    found = about("Tocilizumab always requires prior authorization before your insurer will pay.")
    assert objects(found, "coverageRequires") == ["requirement:prior-authorization"]
