"""Triggers: plain words whose presence tells which rules are worth trying on a stretch of text.

Most sentences hold nothing for most rules, and a regular expression takes long to find that out. One pass of an
Aho-Corasick automaton over the document tells for every stretch which rules can match at all. A trigger only ever
saves work: a rule whose trigger stands in a text still has to match it.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from operator import itemgetter

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind


class Trigger:
    """What a word may set off, as bits; plain integers, since the flags of `enum` cost more than they save here."""

    DISEASE = 1
    RECORD = 2
    DENIAL = 4
    UNIT = 8
    MODIFIER = 16
    ALL = 32
    STEM = 64
    OFFICE = 128
    BESIDE = 256


_WORDS = {
    Trigger.DISEASE: (
        "itis osis oma emia pathy pathies algia sclerosis penia uria trophy plegia paresis phrenia cytosis philia dystonia edema rrhea asthma disease "
        "syndrome disorder deficien cancer tumo leuk lymphoma migraine urticaria lupus failure infection fracture polyp tension gout rejection pain obesity "
        "diabetes crohn spasm spasticity hidrosis degeneration myasthenia pemphigus psoriasis bone metasta malignan eczema allerg rhinitis apnea ulcer "
        "incontinence bladder insomnia depression seizure epilepsy headache hemorrhage thromb embolism stroke shock bleeding wound retinopathy glaucoma "
        "blindness vision dementia alzheimer parkinson overload acromegaly puberty fertility reaction flare strabismus contracture paget infarction inflammation occlusion"
    ),
    Trigger.RECORD: "document record chart note",
    Trigger.DENIAL: "denied denial denies deny reject nonpayment non-payment refus return recoup unpaid not~paid",
    Trigger.UNIT: "mg mcg µg μg ~ug gram ~gm ~g~ ~g, ~g. unit ~iu i.u ml milliliter mci meq ~cc ~sq vial dose genomes",
    Trigger.MODIFIER: 'modifier append takes carr report bill claim line required must may take add use applies present need "',
    Trigger.ALL: "all every each both these any other group drug~line drug~code procedure",
    Trigger.STEM: (
        "mab cept tinib stim poetin parin taxel rubicin platin mycin floxacin glutide dronate dronic setron gepant ciclib parib leucel nersen siran plasmin "
        "limus citabine trexate trexed zomib xaban cillin penem vec sone olone pressin relin relix toxina toxinb azole fungin"
    ),
    Trigger.BESIDE: (
        "similar confus disti mistaken differ unlike mix lookalike look-alike other interchang versus vs taken~for compare "
        "neither"
    ),
    Trigger.OFFICE: "office clinic practice suite center",
}  # fmt: skip


class Triggers:
    """Where the triggers of a text stand."""

    def __init__(self, text: str) -> None:
        """`text` in small letters, of the same length as the text itself."""
        automaton, flags = _automaton()
        self.matches = automaton.find_matches_as_indexes(text, overlapping=True)
        self.matches.sort(key=itemgetter(1))
        self._starts = [start for _, start, _ in self.matches]
        self._flags = [flags[pattern] for pattern, _, _ in self.matches]

    def within(self, start: int, end: int) -> int:
        """The triggers that stand between two offsets."""
        found = 0
        for flag in self._flags[bisect_left(self._starts, start) : bisect_left(self._starts, end)]:
            found |= flag
        return found

    def ends_of(self, trigger: int) -> list[tuple[int, int]]:
        """Where each word of a trigger stands."""
        return [(s, e) for (_, s, e), flag in zip(self.matches, self._flags, strict=True) if flag & trigger]


@cache
def _automaton() -> tuple[AhoCorasick, list[int]]:
    flags: dict[str, int] = {}
    for trigger, words in _WORDS.items():
        for word in words.split():
            word = word.replace("~", " ")
            flags[word] = flags.get(word, 0) | trigger
    found = AhoCorasick(list(flags), matchkind=MatchKind.Standard, implementation=Implementation.DFA)
    return found, list(flags.values())
