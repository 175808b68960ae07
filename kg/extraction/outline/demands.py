"""What a heading or a label says of the codes that it lists: what coverage asks for, or why they are denied."""

from __future__ import annotations

from functools import lru_cache

from kg import lazy_re as re
from kg.extraction.draft import Demand
from kg.extraction.lexicon import Where, is_denied, stance_of
from kg.extraction.text.folding import fold
from kg.extraction.wording.kept_lists import entry_for
from kg.extraction.wording.objects import outright_requirement
from kg.model import Concept, Kind, Polarity

THINGS = r"(?:codes?|drugs?|medications?|medicines?|products?|services?|procedures?|injectables?|injections?|biologics?|agents?|items?|list)"
_OF_LIST = re.compile(rf"\b{THINGS}\b.{{0,40}}\b(?:requir\w+|needs?|needing|subject to|without|exempt from|under)\b")
# "Self-Administered Drug Exclusion List": the reason why the drugs in it are denied.
_LIST = re.compile(r"\blist\b\W*(?:\([^()]*\))?\W*$")
_BRACKETS = re.compile(r"\([^()]*\)")
# What may stand around the name of a requirement in a label that says nothing but that: "No prior authorization needed".
_AROUND = re.compile(
    rf"(?:\W|\b(?:no|not|is|are|always|required|requires?|requiring|needed|needs?|needing|mandatory|applies|the|following|for|of|hcpcs|cpt|{THINGS})\b)*"
)
_ASKED = re.compile(r"\b(?:requir\w+|need\w*|mandatory|applies)\b")
_CODES = re.compile(r"\b(?:hcpcs|cpt|codes?|the|following|list)\b")


@lru_cache(maxsize=256)
def demand_of_list(heading: str) -> Demand | None:
    """What a heading says that coverage asks for of the codes listed below it.

    >>> demand_of_list("Codes that need no prior authorization").polarity.value
    'excluded'
    """
    small = fold(heading)
    if _LIST.search(small) and (reason := entry_for(Kind.DENIAL, _BRACKETS.sub("", heading))):
        return _denied(reason)
    if small.rstrip().endswith("?") or not (_OF_LIST.search(small) or _says_only_that(small)):
        return None
    return _required(heading)


@lru_cache(maxsize=1024)
def demand_of_label(label: str, *, outright: bool) -> Demand | None:
    """The same of a label with codes behind it; `outright` where its words have to say so, and no name is enough.

    >>> demand_of_label("Not covered", outright=False).requirement.curie
    'denial:noncovered-service'
    >>> demand_of_label("Step therapy", outright=False).requirement.curie
    'requirement:step-therapy'
    >>> demand_of_label("Step therapy", outright=True)
    """
    if demand := demand_of_list(label):
        return demand
    small = fold(label)
    if outright or small.rstrip().endswith("?"):
        return None
    bare = _BRACKETS.sub("", label)
    # "Unlisted codes: J3490" tells of what kind codes are, and denies nothing.
    reason = entry_for(Kind.DENIAL, bare) or entry_for(Kind.DENIAL, _CODES.sub("", fold(bare)).strip())
    if reason and stance_of(label, Where.HEADING).excludes:
        return _denied(reason)
    requirement = outright_requirement(bare)
    if requirement and _AROUND.fullmatch(fold(bare[: requirement.start] + bare[requirement.end :])):
        return _required(label)
    return None


def _says_only_that(small: str) -> bool:
    """Whether words say that something is asked for, and nothing else: "Prior authorization required"."""
    if not _ASKED.search(small):
        return False
    requirement = outright_requirement(small)
    return requirement is not None and bool(_AROUND.fullmatch(small[: requirement.start] + small[requirement.end :]))


def _required(heading: str) -> Demand | None:
    requirement = outright_requirement(heading.rstrip(" :"))
    if requirement is None:
        return None
    small = fold(heading)
    stance = stance_of(heading, Where.HEADING)
    if is_denied(small[: requirement.start]) or stance.excludes:
        return Demand(requirement.concept, Polarity.EXCLUDED)
    return Demand(requirement.concept, Polarity.AFFIRMED, stance.strength)


def _denied(reason: str) -> Demand:
    return Demand(Concept(Kind.DENIAL, reason, reason.replace("-", " ")), Polarity.AFFIRMED)
