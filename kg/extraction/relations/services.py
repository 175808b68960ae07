"""What a procedure or supply code is for: by the section of its code system, else by the words beside it.

The sections are those that the AMA and CMS publish: 96360–96379 and 96401–96549 are administration, 99202–99499
visits, 80047–89398 pathology and laboratory, HCPCS J is drugs, and so on.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from kg import lazy_re as re
from kg.model import Code, CodeSystem, Concept, Kind, Relation

_ADMINISTRATION = (
    (11900, 11983), (20526, 20553), (20600, 20611), (51700, 51720), (52287, 52287), (62320, 62327), (64400, 64530), (64600, 64650), (67028, 67028), (67500, 67515), (68841, 68841),
    (79005, 79445), (90460, 90474), (90480, 90480), (95115, 95170), (95990, 95991), (96360, 96381), (96401, 96549), (96900, 96999), (99601, 99602),
)  # fmt: skip
_VISITS = ((99091, 99091), (99202, 99499), (92002, 92014))
_SUPPLIES = ((99070, 99071),)
_TESTS = ((80047, 89398), (36415, 36416), (99000, 99001), (95782, 95811))
_LABORATORY_U = re.compile(r"\d{4}U")
# The doses of vaccines against COVID-19 until 2023.
_DOSES = re.compile(r"0\d{3}A")
_IMMUNISATION = re.compile(
    r"G0008|G0009|G0010|M02\d\d|C8957|Q008[1-5]|G0498|G0068|G0069|G0070|S93[2-7]\d|S94[9]\d|S95\d\d"
)
_CLINIC_VISIT = re.compile(r"G0463|G0466|G0467|G0438|G0439|G2211|G2212|G0402|G0101|T1015")

_WORDS = (
    (Relation.TESTED_WITH, r"\blab(?:s|oratory)?\b|\bpanel\b|\bassay\b|\bblood (?:count|test|draw)|\bserum\b|\bscreen(?:ing)?\b|\bmonitoring test|\btiter\b|\bculture\b|\bvenipuncture|\btest(?:ing|s)?\b"),
    (Relation.EVALUATED_WITH, r"\bvisits?\b|\bevaluation\b|\bE/?M\b|\bconsult(?:ation)?s?\b|\bassessment\b|\bexam(?:ination)?\b|\bfollow-?up\b"),
    (Relation.SUPPLIED_WITH, r"\bsuppl(?:y|ies|ied)\b|\bkits?\b|\btubing\b|\bneedles\b|\bsyringes?\b|\bdressings?\b|\bpump\b|\binfusion set\b|\bmask\b|\bfilter|\bcatheter"),
    (Relation.ADMINISTERED_WITH, r"\badminist(?:ration|ered|ering|er)\b|\badm(?:in)?\b|\binfusions?\b|\binfused?\b|\binjections?\b|\binjected?\b|\bpush\b|\bimplant|\binsertion|\bchemodenervation|\binstillation|\bhydration|\bimmuni[sz]ation|\bvaccin"),
)  # fmt: skip
_CUES = tuple((relation, re.compile(pattern, re.IGNORECASE)) for relation, pattern in _WORDS)


def is_drug(code: Code) -> bool:
    """Whether a HCPCS code names a drug or biological, by the letter and range of its section.

    >>> is_drug(Code.parse("J3262")), is_drug(Code.parse("G0463")), is_drug(Code.parse("Q5133"))
    (True, False, True)
    """
    return (code.system is CodeSystem.HCPCS or code.system is CodeSystem.CPT) and _is_drug(code.value)


def is_of_drug(concept: Concept) -> bool:
    """Whether a concept is a code that names a drug or biological.

    >>> is_of_drug(Concept.parse("hcpcs:J3262"))
    True
    """
    return (concept.kind is Kind.HCPCS or concept.kind is Kind.CPT) and _is_drug(concept.key)


def is_visit(concept: Concept) -> bool:
    """Whether a concept is a code of CPT for a visit, by its section.

    >>> is_visit(Concept.parse("cpt:99213")), is_visit(Concept.parse("cpt:96413"))
    (True, False)
    """
    return concept.kind is Kind.CPT and _by_section(CodeSystem.CPT, concept.key) is Relation.EVALUATED_WITH


def is_administration(concept: Concept) -> bool:
    """Whether a concept is a code for the giving of a drug, by its section.

    >>> is_administration(Concept.parse("cpt:96413")), is_administration(Concept.parse("cpt:99213"))
    (True, False)
    """
    system = CodeSystem.CPT if concept.kind is Kind.CPT else CodeSystem.HCPCS
    return _by_section(system, concept.key) is Relation.ADMINISTERED_WITH


def is_counseling(concept: Concept) -> bool:
    """Whether a concept is a code of CPT for counseling, which is billed beside the code of a visit.

    >>> is_counseling(Concept.parse("cpt:99401")), is_counseling(Concept.parse("cpt:99213"))
    (True, False)
    """
    return concept.kind is Kind.CPT and concept.key.isdigit() and 99401 <= int(concept.key) <= 99429


def is_another_visit(concept: Concept, subjects: Iterable[Concept]) -> bool:
    """Whether a code is that of a visit and a subject is another: one takes the place of the other."""
    return is_visit(concept) and any(map(is_visit, subjects))


def may_bill_drug(concept: Concept) -> bool:
    """Whether a code may stand for a drug at all: no procedure does, and no equipment.

    >>> may_bill_drug(Concept.parse("cpt:78104")), may_bill_drug(Concept.parse("hcpcs:G9033"))
    (False, True)
    """
    return is_of_drug(concept) or (concept.kind is Kind.HCPCS and concept.key[0] not in "BDEKLRTV")


_GOODS = "ABEKL"
"""The letters of HCPCS that supplies and equipment have."""


# Asked several times of each code in a guide; the values of HCPCS and of CPT differ in their first character.
@lru_cache(maxsize=2**15)
def _is_drug(value: str) -> bool:
    if value.isdigit():
        number = int(value)  # Immune globulins and vaccines; 90480 is the giving of one.
        return 90281 <= number <= 90399 or (90476 <= number <= 90759 and number != 90480) or 91300 <= number <= 91329
    if not value[0].isalpha():
        return False
    letter, number = value[0], int(value[1:])
    return (
        letter == "J"
        or (letter == "Q" and (138 <= number <= 249 or 510 <= number <= 515 or 2000 <= number <= 3031 or 4074 <= number <= 4082 or 5000 <= number <= 9999))
        or (letter == "C" and 9000 <= number <= 9499)
        or (letter == "S" and 12 <= number <= 197)
        or (letter == "A" and 9500 <= number <= 9800)
        or (letter == "P" and 9010 <= number <= 9073)
    )  # fmt: skip


def is_told(code: Code, *texts: str) -> bool:
    """Whether the section of a code or the words say what a service is for, and not its first letter alone.

    >>> is_told(Code.parse("96413")), is_told(Code.parse("E0601")), is_told(Code.parse("A4222"), "infusion supplies")
    (True, False, True)
    """
    return _by_section(code.system, code.value) is not None or any(map(service_in, texts))


def service_of(code: Code, *texts: str) -> Relation:
    """The relation of a drug's code to the code of a service; `texts` stand beside it, the plainest first.

    >>> service_of(Code.parse("99213")).value, service_of(Code.parse("A4222"), "infusion supplies").value
    ('evaluatedWith', 'suppliedWith')
    """
    if relation := _by_section(code.system, code.value):
        return relation
    for text in texts:
        relation_in_words = service_in(text)
        if relation_in_words is Relation.SUPPLIED_WITH and code.system is CodeSystem.CPT:
            continue  # Procedures are no supplies.
        if relation_in_words is Relation.TESTED_WITH and code.system is CodeSystem.HCPCS and code.value[0] in _GOODS:
            continue  # "Glucose test strips" are supplies, and no test.
        if relation_in_words:
            return relation_in_words
    return _by_letter(code)


@lru_cache(maxsize=4096)
def service_in(text: str) -> Relation | None:
    """What words say that a service is for: a header, a name, what stands beside a code.

    >>> service_in("Injection code"), service_in("Notes")
    (<Relation.ADMINISTERED_WITH: 'administeredWith'>, None)
    """
    return next((relation for relation, pattern in _CUES if pattern.search(text)), None)


@lru_cache(maxsize=2**15)
def _by_section(system: CodeSystem, value: str) -> Relation | None:
    if system is CodeSystem.HCPCS:
        if _IMMUNISATION.fullmatch(value):
            return Relation.ADMINISTERED_WITH
        return Relation.EVALUATED_WITH if _CLINIC_VISIT.fullmatch(value) else None
    if _LABORATORY_U.fullmatch(value):
        return Relation.TESTED_WITH
    if not value.isdigit():
        return Relation.ADMINISTERED_WITH if _DOSES.fullmatch(value) else None
    number = int(value)
    for relation, sections in (
        (Relation.ADMINISTERED_WITH, _ADMINISTRATION),
        (Relation.EVALUATED_WITH, _VISITS),
        (Relation.SUPPLIED_WITH, _SUPPLIES),
        (Relation.TESTED_WITH, _TESTS),
    ):
        if any(low <= number <= high for low, high in sections):
            return relation
    return None


def _by_letter(code: Code) -> Relation:
    """What remains: HCPCS A, B, E, K, L are supplies and equipment, P laboratory; the rest only goes with it."""
    if code.system is CodeSystem.HCPCS:
        if code.value[0] in _GOODS:
            return Relation.SUPPLIED_WITH
        if code.value[0] == "P":
            return Relation.TESTED_WITH
    return Relation.RELATED_PROCEDURE
