"""Every cue is found wherever it stands, and does what its line says; `cues.tsv` here names each once more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from kg import resources
from kg.documents import parse
from kg.errors import ResourceError
from kg.extraction.lexicon import Cue, Effect, Hit, Stance, Where, lexicon, stance_at, stance_of
from kg.extraction.lexicon import cues as cues_module
from kg.extraction.lexicon.cues import _by_place, _longest, _read_cues
from kg.extraction.lexicon.finder import _pattern
from kg.extraction.outline.about import drug_codes
from kg.extraction.text.text import Text
from kg.model import Polarity, Strength

from ..stating import about, objects, stated
from . import entries
from .expanding import texts_of

MARKS = (".", ",", ";", ":", ")", "?", "-", " -")
STRENGTHS = {
    Effect.REQUIRED: Strength.REQUIRED,
    Effect.PERMITTED: Strength.PERMITTED,
    Effect.OFF_LABEL: Strength.OFF_LABEL,
    Effect.ATYPICAL: Strength.ATYPICAL,
}
POLARITIES = {
    Effect.NO: Polarity.EXCLUDED,
    Effect.FLAT_NO: Polarity.EXCLUDED,
    Effect.YES: Polarity.AFFIRMED,
    Effect.ATYPICAL: Polarity.AFFIRMED,
}
THING = "zzz"
"""A word that no cue has."""


def named_here() -> list[tuple[Cue, str]]:
    found = []
    for row in entries.named_here("cues.tsv"):
        where = frozenset(Where) if row["where"] == "any" else frozenset(map(Where, row["where"].split(", ")))
        before, after = {"before": (True, False), "after": (False, True), "both": (True, True)}[row["acts"]]
        found.append((Cue(row["cue"], Effect(row["effect"]), before, after, where), row["text"]))
    return found


EXAMPLES = named_here()
CUES = [cue for cue, _ in EXAMPLES]


# Cues of a yes that a no of the same length outweighs.
OVERRULED = ("not administered", "not applicable")


def of_effect(*effects: Effect) -> list[object]:
    """The cues of some effects as parameters, named by their phrases."""
    return [
        pytest.param(cue, id=f"{cue.effect}:{cue.phrase}", marks=overruled if cue.phrase in OVERRULED else ())
        for cue in CUES
        if cue.effect in effects
    ]


overruled = pytest.mark.xfail(strict=True, reason="`{not} .. {use}` and `{not} .. {pay}` say no of the same words")


def test_every_cue_is_named_in_the_table_of_this_test_and_no_other() -> None:
    assert set(lexicon().cues) ^ set(CUES) == set()


def test_every_cue_stands_in_the_lexicon_once() -> None:
    lines = [(cue.effect, cue.phrase) for cue in lexicon().cues]
    assert sorted(line for line in lines if lines.count(line) > 1) == []


def test_every_text_is_one_that_its_cue_stands_for() -> None:
    assert [text for cue, text in EXAMPLES if text not in texts_of(cue.phrase)] == []


# Where cues are found.


def naive(small: str) -> list[Hit]:
    """The cues of a text without automaton and gates: each pattern alone, at each place."""
    hits = []
    for cue in lexicon().cues:
        at = 0
        while match := _pattern(cue.phrase).search(small, at):
            hits.append(Hit(*match.span(), cue))
            at = match.start() + 1
    return list(_longest(sorted(hits, key=_by_place)))


def in_order(hits: list[Hit]) -> list[tuple[int, int, str, str]]:
    return sorted((hit.start, hit.end, hit.cue.phrase, hit.cue.effect) for hit in hits)


def test_each_text_of_a_cue_is_found_whole() -> None:
    for cue in CUES:
        for text in texts_of(cue.phrase):
            assert (0, len(text), cue) in lexicon().find(text), text


@pytest.mark.parametrize("frame", ["zzz {}. Zzz", "({})", "zzz/{}-zzz"])
def test_no_gate_keeps_a_cue_out(frame: str) -> None:
    texts = [frame.replace("{}", text) for cue in CUES for text in texts_of(cue.phrase)[:6]]
    together = [" | ".join(texts[at : at + 12]) for at in range(0, len(texts), 12)]
    for text in together + texts[::8]:
        assert in_order(lexicon().find(text.lower())) == in_order(naive(text.lower())), text


@pytest.mark.parametrize("cue", [pytest.param(cue, id=f"{cue.effect}:{cue.phrase}") for cue in CUES])
def test_a_cue_is_found_in_the_middle_and_at_the_end_before_any_mark(cue: Cue) -> None:
    for text in texts_of(cue.phrase)[:2]:
        for framed in framings(cue, text):
            at = framed.index(text)
            covering = [hit for hit in lexicon().find(framed) if hit.start <= at and hit.end >= at + len(text)]
            assert cue.effect in {hit.cue.effect for hit in covering}, framed


def framings(cue: Cue, text: str) -> Iterator[str]:
    """A text within others, where its cue may stand there."""
    before = [""] if cue.phrase.startswith("^") else ["", f"{THING} "]
    after = [""] if cue.phrase.endswith("$") else ["", f" {THING}"]
    last = cue.phrase[-1:]
    marks = MARKS if last.isalnum() or last in "}*$" else ("",)
    yield from (f"{first}{text}{mark}{rest}" for first, mark, rest in product(before, marks, after))


def test_a_cue_is_no_part_of_a_word() -> None:
    found = lexicon().find("recovered, knot covers nothingness, mayor, scan, canyon, notary, avoidance, required-ness")
    assert {hit.cue.phrase for hit in found} == {"{pay}", "cover*", "required"}


# What they do, by the places in which they stand.


def outranked(text: str, *, by: frozenset[Effect]) -> bool:
    """Whether a cue of some effects, which weighs more, is as long as the text: "not usually covered"."""
    return any(hit.cue.effect in by and hit.end - hit.start >= len(text) for hit in lexicon().find(text))


RARELY = frozenset({Effect.ATYPICAL})
SAYING = frozenset({Effect.NO, Effect.FLAT_NO, Effect.YES, *STRENGTHS})
AS_A_WHOLE = (Where.HEADING, Where.HEADER, Where.CELL)


@pytest.mark.parametrize("cue", of_effect(Effect.NO, Effect.FLAT_NO))
def test_a_no_excludes_in_every_place_where_it_may_stand(cue: Cue) -> None:
    tried = cue.where.isdisjoint(AS_A_WHOLE)
    for where in cue.where.intersection(AS_A_WHOLE):
        for text in texts_of(cue.phrase):
            if not outranked(text, by=RARELY):
                tried = True
                assert stance_of(text, where).excludes, (text, where)
                assert stance_of(text.upper(), where).excludes, (text, where)
    assert tried


@pytest.mark.parametrize("cue", of_effect(Effect.YES))
def test_a_yes_affirms_in_every_place_where_it_may_stand(cue: Cue) -> None:
    for where in cue.where.intersection(AS_A_WHOLE):
        for text in texts_of(cue.phrase):
            assert stance_of(text, where).polarity is Polarity.AFFIRMED, (text, where)


@pytest.mark.parametrize("cue", of_effect(*STRENGTHS))
def test_a_cue_of_strength_gives_it_in_every_place_where_it_may_stand(cue: Cue) -> None:
    for where in cue.where.intersection(AS_A_WHOLE):
        for text in texts_of(cue.phrase):
            assert stance_of(text, where).strength is STRENGTHS[cue.effect], (text, where)


@pytest.mark.parametrize("cue", of_effect(*SAYING))
def test_the_effect_is_the_same_before_any_mark_and_among_other_words(cue: Cue) -> None:
    for where in cue.where.intersection(AS_A_WHOLE):
        for text in texts_of(cue.phrase)[:1]:
            for framed in framings(cue, text):
                stance = stance_of(framed, where)
                if cue.effect is Effect.ATYPICAL or not outranked(text, by=RARELY):
                    assert POLARITIES.get(cue.effect) in (None, stance.polarity), (framed, where)
                assert STRENGTHS.get(cue.effect) in (None, stance.strength), (framed, where)


@pytest.mark.parametrize("where", list(Where))
def test_a_cue_says_nothing_where_it_may_not_stand(where: Where) -> None:
    elsewhere = [text for cue, text in EXAMPLES if where not in cue.where and len(lexicon().find(text)) == 1]
    assert len(elsewhere) >= 5
    for text in elsewhere:
        if where is Where.PROSE:
            assert in_prose(f"{text} {THING}", THING) == Stance()
        else:
            assert stance_of(text, where) == Stance(), text


def in_prose(small: str, thing: str) -> Stance:
    """What a clause says of a thing in it."""
    hits = [hit for hit in lexicon().find(small) if Where.PROSE in hit.cue.where]
    at = small.index(thing)
    return stance_at(small, hits, at, at + len(thing))


@pytest.mark.parametrize("cue", of_effect(Effect.NO, Effect.FLAT_NO, Effect.YES))
def test_a_yes_or_no_in_prose_acts_on_its_own_side_and_on_no_other(cue: Cue) -> None:
    if Where.PROSE not in cue.where:
        return
    text = next(text for text in texts_of(cue.phrase) if not outranked(text, by=RARELY))
    alike = [hit.cue for hit in lexicon().find(text) if hit.cue.effect in POLARITIES and Where.PROSE in hit.cue.where]
    before = any(other.before for other in alike)
    after = any(other.after for other in alike)
    assert in_prose(f"{THING} {text}", THING).polarity is (POLARITIES[cue.effect] if before else None)
    assert in_prose(f"{text} {THING}", THING).polarity is (POLARITIES[cue.effect] if after else None)


@pytest.mark.parametrize("cue", of_effect(*STRENGTHS))
def test_a_cue_of_strength_acts_in_prose(cue: Cue) -> None:
    for text in texts_of(cue.phrase):
        assert in_prose(f"{THING} {text}", THING).strength is STRENGTHS[cue.effect]
        assert in_prose(f"{text} {THING}", THING).strength is STRENGTHS[cue.effect]


@pytest.mark.parametrize("cue", of_effect(Effect.EXCEPTION))
def test_an_exception_turns_what_stands_before_it_around(cue: Cue) -> None:
    for text in texts_of(cue.phrase):
        taken_out = f"{text} {THING}" if cue.after else f"{THING} {text}"
        assert in_prose(f"all are covered, {taken_out}", THING).excludes
        assert cue.before or in_prose(f"none is not covered {taken_out}", THING).polarity is Polarity.AFFIRMED
        assert not in_prose(f"{THING} is covered {text} others", THING).excludes or cue.before


@pytest.mark.parametrize("cue", of_effect(Effect.ENDED))
def test_a_code_that_has_ended_is_no_code_of_a_drug(cue: Cue) -> None:
    for text in texts_of(cue.phrase)[:8]:
        used = in_use(f"Bill J3262 {text} Q5133.")
        assert ("J3262" in used, "Q5133" in used) == (not cue.before, not cue.after), text


def in_use(sentence: str) -> list[str]:
    return [span.code.value for span in drug_codes(Text(parse(sentence.encode(), "a.md"))).values()]


@pytest.mark.parametrize("cue", of_effect(Effect.BESIDE))
def test_a_code_that_is_set_beside_another_is_similar(cue: Cue) -> None:
    for text in texts_of(cue.phrase)[:4]:
        found = about(f"## Overview\nDo note this {text} J0129 here.\n\n## Modifiers\nAppend modifier JW for waste.\n")
        assert objects(found, "similarTo") == ["hcpcs:J0129"], text
        assert objects(found, "acceptsModifier") == ["modifier:JW"]


@pytest.mark.parametrize("cue", of_effect(Effect.TOGETHER))
def test_what_is_not_given_together_says_nothing_of_what_each_is_for(cue: Cue) -> None:
    sentence = "J3262 is not to be given{} for the treatment of psoriasis."
    assert stated(about(sentence.format(""))) == {"indicatedFor condition:psoriasis": "excluded"}
    for text in texts_of(cue.phrase):
        assert stated(about(sentence.format(f" {text} another agent"))) == {}, text


@pytest.mark.parametrize("cue", of_effect(Effect.EXAMPLE))
def test_an_example_states_nothing(cue: Cue) -> None:
    for text in texts_of(cue.phrase):
        assert stated(about(f"## Overview\n{text.capitalize()}, a clinic appends modifier JW here.\n")) == {}


def test_a_flat_no_excludes_behind_a_condition_and_another_no_does_not() -> None:
    for cue, text in EXAMPLES:
        if cue.effect is Effect.FLAT_NO and Where.CELL in cue.where:
            assert stance_of(f"zzz when {text}", Where.CELL).excludes, text
    assert not stance_of("zzz when it is denied", Where.CELL).excludes


# Lines that cannot be read.


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("no\tboth\tany", "nope\tboth\tany", "nope"),
        ("no\tboth\tany", "no\tbeside\tany", "beside"),
        ("no\tboth\tany", "no\tboth\tfooter", "footer"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, old: str, new: str, says: str) -> None:
    def table(*_: str) -> Iterator[dict[str, str]]:
        yield dict(zip(("effect", "acts", "where", "cue"), [*old.replace(old, new).split("\t"), "never"], strict=True))

    monkeypatch.setattr(cues_module.resources, "table", table)
    with pytest.raises(ResourceError, match=f"cues.tsv.*{says}.*never"):
        list(_read_cues())


def test_a_cue_with_a_class_that_nobody_has_is_an_error() -> None:
    with pytest.raises(ResourceError, match=r"words\.tsv: no class 'nobody'"):
        cues_module.Lexicon((Cue("not {nobody}", Effect.NO, True, True, frozenset(Where)),))


def test_the_table_of_cues_is_the_one_of_the_package() -> None:
    assert len(list(resources.table("data", "cues", "cues.tsv"))) == len(CUES)
