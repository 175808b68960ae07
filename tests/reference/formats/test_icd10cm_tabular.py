from __future__ import annotations

import tracemalloc
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReleaseError
from kg.model import Relation
from kg.reference.formats import icd10cm_order, icd10cm_tabular
from kg.reference.formats.icd10cm_tabular import FORMAT
from kg.reference.release import Edition, Entry, ReleaseFile
from kg.reference.release_files import open_release
from tests.data.official import REFERENCE, needs_reference

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<ICD10CM.tabular>\n<version>2021</version>\n'
CHAPTER = """<chapter><name>13</name><desc>Musculoskeletal (M00-M99)</desc>
<excludes2><note>injury (S00-S09)</note></excludes2>
<sectionIndex><sectionRef first="M05" last="M14" id="M05-M14">Inflammatory</sectionRef></sectionIndex>
"""
ARTHRITIS = """<section id="M05-M14"><desc>Inflammatory polyarthropathies (M05-M14)</desc>
<diag><name>M05</name><desc>Rheumatoid arthritis</desc>
<inclusionTerm><note>Chronic  RA</note><note>Any condition in M06 with:</note></inclusionTerm>
<includes><note>seropositive arthritis</note></includes>
<excludes1>
<note>juvenile arthritis (M08.-)</note>
<note>gout (M99.9)</note>
</excludes1>
<diag><name>M05.0</name><desc>Felty's syndrome</desc></diag>
</diag>
<diag><name>M08</name><desc>Juvenile arthritis</desc></diag>
</section>
"""
INJURIES = """<chapter><name>19</name><desc>Injury (S00-S09)</desc>
<section id="S00"><desc>Injuries to the head (S00)</desc>
<codeFirst><note>the arthritis (M05.0)</note></codeFirst>
<diag><name>S00</name><desc>Head injury</desc>
<notes><note>7th characters D and S do not apply to codes in category S00 with 6th character 7 - x, or 8.</note></notes>
<sevenChrNote><note>The appropriate 7th character is to be added</note></sevenChrNote>
<sevenChrDef><extension char="A">initial</extension><note>first time</note><extension char="D">later</extension>
<extension char="S">sequela</extension></sevenChrDef>
<diag><name>S00.1</name><desc>Bruise</desc></diag>
<diag><name>S00.227</name><desc>Crush</desc></diag>
<diag><name>S00.3</name><desc>Burn</desc>
<sevenChrDef><extension char="X">only</extension></sevenChrDef>
<diag><name>S00.30</name><desc>Burn of nose</desc></diag></diag>
<diag><name>S00.4</name><desc>Cut</desc><diag><name>S00.411B</name><desc>Cut in full</desc></diag></diag>
</diag></section></chapter>
"""
XML = HEAD + CHAPTER + ARTHRITIS + "</chapter>\n" + INJURIES + "</ICD10CM.tabular>\n"


def file(xml: str | bytes = XML, name: str = "icd10cm_tabular_2021.xml", since: date | None = None) -> ReleaseFile:
    return ReleaseFile(name, xml.encode() if isinstance(xml, str) else xml, f"here/{name}", (name,), since)


def read(xml: str | bytes = XML, name: str = "icd10cm_tabular_2021.xml", since: date | None = None) -> Edition:
    (edition,) = FORMAT.read(file(xml, name, since))
    return edition


def entries(xml: str = XML) -> dict[str, Entry]:
    return {entry.code.value: entry for entry in read(xml).entries}


def test_codes_under_blocks_and_chapters() -> None:
    known = entries()
    code: Entry | None = known["M05.0"]
    above = []
    while code:
        above.append((code.code.value, code.name, code.billable))
        code = known[code.broader.value] if code.broader else None
    assert above == [
        ("M05.0", "Felty's syndrome", True),
        ("M05", "Rheumatoid arthritis", False),
        ("M05-M14", "Inflammatory polyarthropathies", False),
        ("M00-M99", "Musculoskeletal", False),
    ]
    assert known["M05.0"].row == 15


def test_names_and_notes() -> None:
    entry = entries()["M05"]
    assert entry.names == ("Chronic RA", "seropositive arthritis")
    assert entry.notes == (
        ("inclusionTerm", "Any condition in M06 with:"),
        ("includes", "seropositive arthritis"),
        ("excludes1", "juvenile arthritis (M08.-)"),
        ("excludes1", "gout (M99.9)"),
    )


def test_notes_that_name_codes_are_statements() -> None:
    edition = read()
    found = {(s.subject.key, s.relation, s.object.key, s.row, s.text) for s in edition.statements}
    assert found == {
        ("M00-M99", Relation.EXCLUDES2, "S00-S09", 5, "injury (S00-S09)"),
        ("M05", Relation.EXCLUDES1, "M08", 12, "juvenile arthritis (M08.-)"),
        ("S00", Relation.CODE_FIRST, "M05.0", 22, "the arthritis (M05.0)"),
    }
    assert [(left.row, left.reason) for left in edition.left_out] == [(13, "no such code in the release: M99.9")]
    assert {s.object.name for s in edition.statements} >= {"Juvenile arthritis", "Injury"}


def test_a_block_of_one_category_is_that_category() -> None:
    category = entries()["S00"]
    assert (category.name, category.broader and category.broader.value) == ("Head injury", "S00-S09")
    assert ("codeFirst", "the arthritis (M05.0)") in category.notes


def test_codes_of_seven_characters() -> None:
    known = entries()
    assert known["S00.1"].billable is False
    made = {key: entry.name for key, entry in known.items() if entry.broader == known["S00.1"].code}
    assert made == {"S00.1XXA": "Bruise, initial", "S00.1XXD": "Bruise, later", "S00.1XXS": "Bruise, sequela"}
    first = known["S00.1XXA"]
    assert (first.billable, first.row, first.names) == (True, known["S00.1"].row, ("Bruise, first time",))


def test_the_nearest_seventh_characters_win_and_full_codes_take_none() -> None:
    known = entries()
    assert [key for key in known if key.startswith("S00.30")] == ["S00.30", "S00.30XX"]
    assert known["S00.411B"].billable is True
    assert not [key for key in known if key.startswith("S00.411B") and key != "S00.411B"]


def test_a_note_may_say_which_seventh_characters_do_not_apply() -> None:
    assert [key for key in entries() if key.startswith("S00.227")] == ["S00.227", "S00.227A"]


@pytest.mark.parametrize(
    ("name", "since", "version", "identifier"),
    [
        ("tabular.xml", None, "2021", "icd10cm-tabular-2020-10"),
        ("icd10c-tabular-April-1-2026.xml", None, "2026", "icd10cm-tabular-2026-04"),
        ("tabular.xml", date(2021, 1, 1), "2021", "icd10cm-tabular-2021-01"),
        ("tabular.xml", None, "now", "icd10cm-tabular-undated"),
        ("icd10cm_tabular_2021.xml", None, "", "icd10cm-tabular-2020-10"),
        ("icd10cm_tabular_2015.xml", None, "2014", "icd10cm-tabular-2014-10"),
        ("FY15_Tabular.xml", None, "2014", "icd10cm-tabular-2014-10"),
        ("copy of 2019.xml", None, "2021", "icd10cm-tabular-2020-10"),
    ],
)
def test_the_date(name: str, since: date | None, version: str, identifier: str) -> None:
    release = read(XML.replace("2021", version), name, since).release
    assert release.identifier == identifier
    assert not release.complete


def test_rows_and_what_is_left_out() -> None:
    broken = (
        "<diag><name>nonsense</name><desc>No code</desc><diag><name>M08.1</name><desc>Child</desc></diag></diag>"
        "<diag><name>M05</name><desc>Again</desc></diag><diag><name>M09</name></diag><diag/><table><a/></table>"
    )
    edition = read(XML.replace("</section>", broken + "</section>", 1))
    assert edition.rows == 10 + 5
    assert [left.reason for left in edition.left_out if "release" not in left.reason] == [
        "an element that is not read: table",
        "a diag without a code",
        "M05 stands in row 8 already",
        "a diag without a name",
        "a diag without a code",
    ]
    child = next(entry for entry in edition.entries if entry.code.value == "M08.1")
    assert child.broader is not None
    assert child.broader.value == "M05-M14"


LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 50 + '"><!ENTITY c "' + "&b;" * 50 + '">]>',
    '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE l SYSTEM "http://127.0.0.1:9/x.dtd">',
    '<!DOCTYPE l [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
    "<!DOCTYPE ICD10CM.tabular>",
)


@pytest.mark.parametrize("declaration", LAUGHS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
def test_declarations_are_refused(declaration: str, encoding: str) -> None:
    xml = XML.replace('encoding="utf-8"?>', f'encoding="{encoding}"?>{declaration}').replace("Chronic", "&c;")
    hostile = xml.encode(encoding)
    assert FORMAT.recognises(file(hostile))
    with pytest.raises(ReleaseError, match=r"^here/icd10cm_tabular_2021\.xml: declares a document type or an entity"):
        read(hostile)


def test_a_declaration_in_an_encoding_that_hides_it() -> None:
    hostile = XML.replace('encoding="utf-8"?>', 'encoding="cp037"?><!DOCTYPE l [<!ENTITY c "ha">]>')
    with pytest.raises(ReleaseError, match=r"^here/.*(?:declares|not well-formed)"):
        read(hostile.encode("cp037"))


def test_utf_16_is_read() -> None:
    assert len(read(XML.replace('"utf-8"', '"utf-16"').encode("utf-16")).entries) == len(entries())


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        (XML[: len(XML) // 2], r"^here/icd10cm_tabular_2021\.xml:\d+: not well-formed XML"),
        (
            XML.replace("Chronic", "&undeclared;"),
            r"^here/icd10cm_tabular_2021\.xml:9: not well-formed XML: Entity .undeclared",
        ),
        (XML.replace("Chronic", "\x00"), r": not well-formed XML"),
        (HEAD + "<diag>" * 300, r": not well-formed XML"),
        (HEAD + "</ICD10CM.tabular>", r"^here/icd10cm_tabular_2021\.xml: a tabular list without a code$"),
    ],
)
def test_what_cannot_be_read(xml: str, message: str) -> None:
    with pytest.raises(ReleaseError, match=message) as error:
        read(xml)
    assert "\n" not in str(error.value)


@pytest.mark.slow
def test_memory_stays_small() -> None:
    code = "<diag><name>M06</name><desc>Twice</desc><excludes1><note>x</note></excludes1></diag>\n"
    big = XML.replace("</section>", code * 20_000 + "</section>", 1).encode()
    tracemalloc.start()
    read(big)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 * len(big)


def test_more_codes_than_any_list_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icd10cm_tabular, "_MOST", 15)
    with pytest.raises(ReleaseError, match=r"^here/.*xml:\d+: more codes than any tabular list has: 'S00"):
        read()


def test_a_whole_list_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icd10cm_tabular, "_MANY", 5)
    whole = XML.replace("M05", "A05").replace("S00", "Z00")
    assert read(whole).release.complete
    assert not read(whole.replace("<name>M08</name>", "")).release.complete


@pytest.mark.parametrize(
    "other", [b"", b"<html>", b"<?xml version='1.0'?><tabular/>", b"00001 A00     0 Cholera", b"PK"]
)
def test_other_formats_are_not_recognised(other: bytes) -> None:
    assert not FORMAT.recognises(file(other))


PIECES = XML.replace("<", "\n<").splitlines()


@given(
    st.binary()
    | st.integers(0, len(XML)).map(lambda n: XML.encode()[:n])
    | st.permutations(PIECES[4:-1]).map(lambda p: "".join([*PIECES[:4], *p, PIECES[-1]]).encode())
    | st.lists(st.sampled_from(PIECES), max_size=30).map(lambda p: (HEAD + "".join(p)).encode())
)
def test_any_bytes(data: bytes) -> None:
    if FORMAT.recognises(file(data)):
        try:
            read(data)
        except ReleaseError as error:
            assert str(error).startswith("here/")


@pytest.mark.slow
@needs_reference
def test_the_list_of_2021_has_the_codes_of_the_order_file() -> None:
    (found,) = open_release(REFERENCE / "icd10cm" / "icd10cm_tabular_2021.zip")
    assert FORMAT.recognises(found)
    assert not icd10cm_order.FORMAT.recognises(found)
    (edition,) = FORMAT.read(found)
    assert (edition.rows, edition.release.complete) == (45_017, True)
    (order,) = icd10cm_order.FORMAT.read(*open_release(REFERENCE / "icd10cm" / "icd10cm-order-Jan-2021.zip"))
    ours = {entry.code: entry.billable for entry in edition.entries if "-" not in entry.code.value}
    assert ours == {entry.code: entry.billable for entry in order.entries}
    assert sum(billable is True for billable in ours.values()) == 72_621
    assert len(list(edition.statements)) > 12_000
    # Lines beyond 65,535, where old parsers stopped counting.
    assert max(statement.row for statement in edition.statements) > 200_000
    assert max(entry.row for entry in edition.entries) > 200_000
    assert sum(not left.reason.startswith("more than 100 codes") for left in edition.left_out) < 15
