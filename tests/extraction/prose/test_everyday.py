"""Everyday ways to say yes and no: what is not sure is left over, and never turned around."""

from __future__ import annotations

import pytest

from kg.extraction.lexicon import Effect, lexicon

from ..lexicon.expanding import texts_of
from ..stating import about, left, objects, read, stated

DOUBTS = sorted({text for cue in lexicon().cues if cue.effect is Effect.DOUBT for text in texts_of(cue.phrase)})
OF_WHAT_FOLLOWS = ("unless", "without")
DIAGNOSIS = "supportedByDiagnosis icd10cm:M06.9"
AUTHORIZATION = "coverageRequires requirement:prior-authorization"


@pytest.mark.parametrize("words", DOUBTS)
def test_a_word_of_doubt_never_leaves_a_yes(words: str) -> None:
    assert stated(about(f"{words.capitalize()} bill M06.9.")).get(DIAGNOSIS, "excluded") != ""
    if words not in OF_WHAT_FOLLOWS:
        assert stated(about(f"M06.9 is billed {words}.")).get(DIAGNOSIS, "excluded") != ""


def test_what_is_in_doubt_is_left_over_with_that_reason() -> None:
    assert left(about("The claim goes out against M06.9."))["M06.9"] == "yes or no is not clear"


NOES = """There is no benefit for {}.|Payment cannot be made for {}.|{} is outside the policy.
{} falls outside coverage.
Claims with {} will be returned.|Expect a denial with {}.|{} does not count.|{} fails medical necessity.
{} was removed from the policy.|{} is insufficient.|Use of {} leads to a denial.|{} triggers a denial.|{} lacks support.
Bill without {}.|No plan covers {}.|None of the plans covers {}.|{} is the wrong diagnosis.|It is a mistake to bill {}.
It is improper to report {}.|{} is off the list.|Refrain from billing {}.|Remove {} from the claim.
Steer clear of {}."""


@pytest.mark.parametrize("sentence", NOES.replace("\n", "|").split("|"))
def test_a_no_in_everyday_words(sentence: str) -> None:
    assert stated(about(sentence.format("M06.9"))) == {DIAGNOSIS: "excluded"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Never leave off M06.9.",
        "Do not bill it without M06.9.",
        "The claim denies without M06.9.",
        "If M06.9 is missing, the claim denies.",
        "To avoid a denial, report M06.9.",
    ],
)
def test_a_no_that_is_taken_back_is_none(sentence: str) -> None:
    assert stated(about(sentence)).get(DIAGNOSIS, "") != "excluded"


def test_each_half_of_a_sentence_has_its_own_verb() -> None:
    assert stated(about("Supported by M06.9 and not covered for M79.7.")) == {
        DIAGNOSIS: "",
        "supportedByDiagnosis icd10cm:M79.7": "excluded",
    }


@pytest.mark.parametrize(
    ("heading", "says"),
    [("When we do not pay", "excluded"), ("When we pay", ""), ("If not covered", "excluded"), ("When covered", "")],
)
def test_a_heading_may_be_one_when(heading: str, says: str) -> None:
    assert stated(about(f"## {heading}\n\n- M06.9 Rheumatoid arthritis")) == {DIAGNOSIS: says}


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("PA required.", "required"),
        ("No prior authorization is required.", "excluded"),
        ("It needs no prior authorization.", "excluded"),
        ("It is exempt from prior authorization.", "excluded"),
        ("Prior authorization is waived.", "excluded"),
        ("Prior authorization does not apply.", "excluded"),
        ("It is covered without prior authorization.", "excluded"),
        ("It is not covered without prior authorization.", "required"),
        ("Never give it without prior authorization.", "required"),
        ("Nothing is paid without prior authorization.", "required"),
        ("Get prior authorization first.", ""),
    ],
)
def test_a_requirement_in_everyday_words(sentence: str, says: str) -> None:
    assert stated(about(sentence)) == {AUTHORIZATION: says}


def test_a_condition_asks_for_nothing() -> None:
    found = about("Call the plan even if prior authorization is not required.")
    assert stated(found) == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "All payers but Medicare require prior authorization.",
        "Every plan except Medicare asks for prior authorization.",
    ],
)
def test_all_but_one_payer(sentence: str) -> None:
    found = [
        (a.polarity.value, [payer.key for _, payer in a.qualifiers])
        for a in about(sentence).assertions
        if a.relation == "coverageRequires"
    ]
    assert sorted(found) == [("affirmed", []), ("excluded", ["medicare"])]


@pytest.mark.parametrize(
    "sentence",
    [
        "Studies included adults who failed methotrexate.",
        "Guidelines recommend a trial of methotrexate.",
        "In one trial patients were randomized after failure of methotrexate.",
        "Several studies reported that plans require prior authorization.",
    ],
)
def test_what_studies_found_is_no_requirement(sentence: str) -> None:
    assert objects(about(sentence), "coverageRequires") == []


@pytest.mark.parametrize(
    "item", ["CO-50: not medically necessary", "CO 50 not medically necessary", "CARC CO-50 - not medically necessary"]
)
def test_the_number_of_a_denial_is_no_part_of_it(item: str) -> None:
    assert stated(about(f"## Denials\n\n- {item}")) == {"deniedFor denial:lack-of-medical-necessity": ""}


def test_what_the_document_itself_is_has_not_to_be_documented() -> None:
    assert objects(about("Document #: CC-0029 Publish Date\n\nDocument history"), "requiresDocumentation") == []


@pytest.mark.parametrize("text", ["prurigo nodularis (PN) may be billed", "Bill HA for asthma"])
def test_two_capitals_without_the_word_are_seldom_a_modifier(text: str) -> None:
    assert objects(about(text), "acceptsModifier") == []


def test_two_capitals_that_mean_nothing_else_are_a_modifier() -> None:
    assert objects(about("Every claim must have JZ or JW."), "acceptsModifier") == ["modifier:JW", "modifier:JZ"]


def test_a_modifier_in_brackets_is_that_of_the_code_before_them() -> None:
    found = read("# A4355\n\nRelated: A4355, A4217 (sterile water with modifier AU).")
    assert {a.subject.key for a in found.assertions if a.relation == "acceptsModifier"} == {"A4217"}


def test_a_modifier_of_the_visit_is_not_that_of_the_procedure() -> None:
    assert (
        objects(read("# CPT 11721\n\nAppend modifier 25 to the E/M code."), "acceptsModifier", subject="cpt:11721")
        == []
    )


def test_a_code_that_another_is_the_same_as_is_not_spoken_of() -> None:
    found = read(
        "# Catheters\n\n## A4351\n\nM06.9 is covered.\n\n## A4352\n\nSame diagnoses as A4351, and N35.12 is covered."
    )
    assert {a.subject.key for a in found.assertions if a.object.key == "N35.12"} == {"A4352"}


def test_the_unit_ends_with_its_sentence() -> None:
    found = read("J3241 is teprotumumab-trbw, 10 mg. Every claim goes to the desk.")
    assert objects(found, "billingUnit", subject="hcpcs:J3241") == ["quantity:10-mg"]


def test_one_visit_does_not_go_with_another() -> None:
    assert objects(read("# CPT 99212\n\nReport 99213 if time allows."), "evaluatedWith", subject="cpt:99212") == []


def test_the_word_before_a_procedure_says_what_it_is_for() -> None:
    assert objects(about("M06.9 goes with the visits (injection code 54200)."), "administeredWith") == ["cpt:54200"]


# --- labels ------------------------------------------------------------------------------------------------------


def test_a_label_with_codes_may_stand_among_sentences() -> None:
    found = read("J2469 is palonosetron, 25 mcg. Dx R11.2. Administration: 96413. Modifiers: JW, JZ.")
    said = stated(found, subject="hcpcs:J2469")
    assert {"supportedByDiagnosis icd10cm:R11.2", "administeredWith cpt:96413"} <= said.keys()
    assert {"acceptsModifier modifier:JW", "acceptsModifier modifier:JZ"} <= said.keys()


def test_in_a_paragraph_about_several_drugs_a_label_is_that_of_none() -> None:
    found = read("Ask for J9355 (trastuzumab) or for J1745 (infliximab). Dx C50.911.")
    assert [a for a in found.assertions if a.object.key == "C50.911"] == []


def test_the_line_that_a_label_among_sentences_stands_on_is_its_own() -> None:
    found = read("J2469 is palonosetron,\n25 mcg.\nDx R11.2.")
    assert [a.evidence.line for a in found.assertions if a.object.key == "R11.2"] == [3]


def test_small_labels_below_a_code_are_lines_of_their_own() -> None:
    found = read(
        "J3358 ustekinumab\n    ICD-10: K50.80\n    admin: 96365\n"
        "J2327 risankizumab\n    ICD-10: K50.10\n    admin: 96366"
    )
    assert objects(found, "administeredWith", subject="hcpcs:J3358") == ["cpt:96365"]
    assert objects(found, "administeredWith", subject="hcpcs:J2327") == ["cpt:96366"]


def test_a_name_with_its_code_opens_a_scope_as_the_code_does() -> None:
    found = read(
        "Reminders\n\n1) Xiaflex, J0775: M72.0 goes with the hand. N48.6 goes with the urology visits.\n"
        "2) Xeomin, J0588: K11.7."
    )
    assert objects(found, "supportedByDiagnosis", subject="hcpcs:J0775") == ["icd10cm:M72.0", "icd10cm:N48.6"]
    assert objects(found, "supportedByDiagnosis", subject="hcpcs:J0588") == ["icd10cm:K11.7"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Site of care review: yes", {"coverageRequires requirement:site-of-care-review": ""}),
        ("Step therapy: no", {"coverageRequires requirement:step-therapy": "excluded"}),
        (
            "Step therapy: methotrexate must have failed first.",
            {"coverageRequires requirement:step-therapy": "required"},
        ),
    ],
)
def test_a_label_may_name_what_is_asked_for(line: str, expected: dict[str, str]) -> None:
    assert stated(about(line)) == expected


def test_what_a_range_leaves_out_is_not_stated_with_it() -> None:
    said = stated(about("Covered for D80.0 through D80.3 except D80.2."))
    assert said == {
        "supportedByDiagnosis icd10cm:D80.0": "",
        "supportedByDiagnosis icd10cm:D80.1": "",
        "supportedByDiagnosis icd10cm:D80.2": "excluded",
        "supportedByDiagnosis icd10cm:D80.3": "",
    }


def test_each_code_of_a_note_has_the_words_behind_it() -> None:
    found = read("Kisunla J0175 -- G30.9 ok. G31.84: no!")
    said = stated(found, subject="hcpcs:J0175")
    assert said["supportedByDiagnosis icd10cm:G30.9"] == ""
    assert said["supportedByDiagnosis icd10cm:G31.84"] == "excluded"


def test_a_payer_that_does_not_needs_no_verb_of_its_own() -> None:
    found = about("UnitedHealthcare requires prior authorization; Medicaid does not.")
    said = {(a.polarity.value, a.qualifiers[0][1].key) for a in found.assertions if a.relation == "coverageRequires"}
    assert said == {("affirmed", "unitedhealthcare"), ("excluded", "medicaid")}


@pytest.mark.parametrize("remark", ["a hard no", "turned down", "bounces every time", "don't even try", "no go"])
def test_a_no_in_a_remark(remark: str) -> None:
    assert stated(about(f"## Diagnoses\n\n- M06.9 - {remark}")) == {DIAGNOSIS: "excluded"}


def test_the_product_with_another_code_tells_no_way_of_giving() -> None:
    assert objects(about("The intramuscular product has another code."), "routeOfAdministration") == []
