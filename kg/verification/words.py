"""The words of a name, made comparable: case, accents, plurals, spelling, abbreviations, and what is said not to be."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kg import lazy_re as re
from kg import resources

_TOKEN = re.compile(r"[a-z0-9]+|[,;:]")
_SHORT_FORMS = (
    ("w/o", " without "), ("w/", " with "), ("c/w", " with "), ("s/p", " status "), ("&", " and "),
    ("not otherwise specified", "unspecified"),
    ("other than", " except "), ("'s", ""), ("’s", ""), ("'", ""), ("’", ""),
)  # fmt: skip
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_NUMBERED = re.compile(r"\b(type|stage|grade|class|group|category) (i{1,3}|iv|vi?)\b")
# What is written apart in one name and together in another.
_APART = re.compile(r"\bnon[- ](?=[a-z])")
# British spelling; the same is done to official names, so that only what it makes alike matters.
_BRITISH = (
    (re.compile(r"[ao]e"), "e"),
    (re.compile(r"(?<=[a-z]{3})our(?=s?\b)"), "or"),
    (re.compile(r"is(?=ations?\b|ed\b|ing\b)"), "iz"),
    (re.compile(r"(?<=[bt])re(?=s?\b)"), "er"),
)
_ADVERB = re.compile(r"(?<=ous|.al|.ar)ly$")
_EMPTY = frozenset(
    "a an and any are as at be been by for from have in is it its of on or such that the this to".split()
)
# After these, what follows is said not to be, up to a comma or to a word that opens something else.
_DENYING = frozenset("no not without except excluding exclude never".split())
_OPENING = frozenset("after but due following for with".split())
# "not elsewhere classified" denies nothing.
_DENYING_NOTHING = frozenset("elsewhere otherwise specified stated applicable".split())

OPPOSITES: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "left right bilateral",
        "with without",
        "initial subsequent sequela",
        "acute chronic",
        "primary secondary",
        "upper lower",
        "male female",
        "malignant benign",
        "inpatient outpatient",
        "new established used",
        "pediatric adult",
        "hyper hypo",
        "individual group",
        "portable stationary",
        "first second third fourth fifth",
        "mild moderate severe",
        "open closed",
        "single recurrent",
        "anterior posterior",
        "proximal distal",
        "internal external",
        "intravenous subcutaneous intramuscular oral intrathecal",
    )
)
"""Words of which a name has one or another: names that differ in them mean different things."""
_OPPOSED = frozenset().union(*OPPOSITES)
NO_NAMES = _DENYING | _OPPOSED
"""Words that name nothing by themselves: "none", "oral"."""

SALTS = frozenset(
    "acetate acid alfa antibody beta besylate bitartrate bromide calcium chloride citrate decanoate disodium factor"
    " fumarate globulin hcl human hydrobromide hydrochloride immune injection iron lactate magnesium maleate mesylate"
    " phosphate potassium sodium succinate sulfate tartrate vaccine".split()
)
"""Words of names that many drugs share, so that sharing them means little."""


@dataclass(frozen=True, slots=True)
class NameWords:
    """The words of a name in their order, and those among them that it denies.

    >>> NameWords.of("Acute cystitis w/o haematuria")
    NameWords(words=('acute', 'cystitis', 'without', 'hematuria'), denied=frozenset({'hematuria'}))
    """

    words: tuple[str, ...]
    denied: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str) -> NameWords:
        """Read a name."""
        content_words: list[str] = []
        denied: set[str] = set()
        denying = begun = False
        tokens = [word for token in _TOKEN.findall(_plain(text)) for word in _spelt_out(token)]
        for position, word in enumerate(tokens):
            if word in ",;:":
                denying = False
                continue
            if word in _DENYING:
                denying, begun = tokens[position + 1 : position + 2] not in _NOTHING_DENIED, False
            elif denying and begun and word in _OPENING:
                denying = False
            elif denying and word not in _EMPTY:
                denied.add(word)
                begun = True
            if word not in _EMPTY:
                content_words.append(word)
        return cls(tuple(content_words), frozenset(denied) if denied else _NOTHING)


_NOTHING: frozenset[str] = frozenset()
_NOTHING_DENIED = [[word] for word in _DENYING_NOTHING]


def words(text: str) -> tuple[str, ...]:
    """The words that tell a name apart, in their order, in small letters and without their plural.

    >>> words("Fractures of the left knees, w/o complication")
    ('fracture', 'left', 'knee', 'without', 'complication')
    """
    return NameWords.of(text).words


def conflict(one: NameWords, other: NameWords) -> bool:
    """Whether two names have opposite words or different numbers, or one denies what the other says.

    >>> conflict(NameWords.of("Type 1 diabetes"), NameWords.of("Type II diabetes"))
    True
    >>> conflict(NameWords.of("Myeloma in remission"), NameWords.of("Myeloma not having achieved remission"))
    True
    """
    return opposed(frozenset(one.words), one.denied, frozenset(other.words), other.denied)


def opposed(some: frozenset[str], denied: frozenset[str], others: frozenset[str], denied_too: frozenset[str]) -> bool:
    """Whether two sets of words conflict, of each of which some are denied."""
    if (denied or denied_too) and not (denied.isdisjoint(others - denied_too) and denied_too.isdisjoint(some - denied)):
        return True
    if (
        (own_opposites := some & _OPPOSED)
        and (other_opposites := others & _OPPOSED)
        and own_opposites != other_opposites
    ):
        for group in OPPOSITES:
            if (
                (own_words := own_opposites & group)
                and (other_words := other_opposites & group)
                and not own_words & other_words
            ):
                return True
    if any(f"non{word}" in others and word not in others for word in some):
        return True
    if any(word[3:] in others and word not in others for word in some if word.startswith("non")):
        return True
    return any(word.isdigit() for word in some - others) and any(word.isdigit() for word in others - some)


def _plain(text: str) -> str:
    plain = text.lower()
    for short, spelt in (*_SHORT_FORMS, *_phrases()):
        if short in plain:
            plain = plain.replace(short, spelt)
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    plain = _NUMBERED.sub(lambda match: f"{match[1]} {_ROMAN[match[2]]}", plain)
    return _APART.sub("non", plain)


@cache
def _spelt_out(word: str) -> tuple[str, ...]:
    return _abbreviations().get(word) or (_stem(word),)


def _stem(word: str) -> str:
    """A word without its plural, in American spelling."""
    for pattern, american in _BRITISH:
        word = pattern.sub(american, word)
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return _ADVERB.sub("", word)


@cache
def _abbreviations() -> dict[str, tuple[str, ...]]:
    rows = resources.table("data", "names", "abbreviations.tsv")
    return {row["short"]: tuple(_words_of(row["words"])) for row in rows if " " not in row["short"]}


@cache
def _phrases() -> tuple[tuple[str, str], ...]:
    """What is said in several words, and the words that it stands for."""
    rows = resources.table("data", "names", "abbreviations.tsv")
    return tuple((row["short"], row["words"]) for row in rows if " " in row["short"])


def _words_of(text: str) -> Iterator[str]:
    return map(_stem, text.split())
