"""Documents made by the hundred from the kinds of parts that guides have, then spoiled; the law holds for each."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.documents import parse, read
from kg.errors import DocumentError

from .law import hold

TESTS = Path(__file__).parents[1]
CORPORA = [TESTS / "corpus", TESTS / "held", TESTS.parent / "data" / "guides"]
DOCUMENTS = sorted(file for folder in CORPORA for file in folder.glob("*.*") if file.suffix != ".tsv")

HCPCS = st.sampled_from(["J3262", "J0129", "Q5133", "J1745", "G0463", "A4222", "j9312"])
CPT = st.sampled_from(["96413", "96372", "99213", "85025", "20610", "0361T"])
DIAGNOSES = st.sampled_from(["M06.9", "M05.79", "M0579", "L40.50", "T80.90XA", "G35", "m31.6"])
MODIFIERS = st.sampled_from(["JW", "JZ", "59", "25", "LT", "XX"])
TAXONOMIES = st.sampled_from(["207RR0500X", "207R00000X", "163W00000X"])
CODES = st.one_of(HCPCS, CPT, DIAGNOSES, MODIFIERS, TAXONOMIES)
DRUGS = st.sampled_from(["tocilizumab (Actemra)", "abatacept", "Remicade", "infliximab-dyyb", "unheardofmab", "none"])
USES = st.sampled_from([
    "Use when waste is billed", "Never used with drug codes", "May be used off-label",
    "Required on all claims; see above", "When given intravenously, not subcutaneously",
    "For M06.9 only, with modifier 59", "", "-", "N/A", "Medicare: not covered",
])  # fmt: skip
HEADERS = st.sampled_from([
    "Code", "HCPCS", "Drug", "Modifier", "ICD-10-CM", "CPT", "Description", "When to use", "Unit", "Route",
    "Payer", "Prior auth", "Taxonomy", "Notes", "Price", "Indication", "",
])  # fmt: skip
HEADINGS = st.sampled_from([
    "# HCPCS Code J3262", "# Cheat Sheet", "## Common Modifiers", "## Diagnosis Codes", "## Related CPT Codes",
    "## Provider Taxonomy", "## Documentation", "## Common Denial Reasons", "## Similar Codes", "## Payers",
    "## Codes", "Coverage Requirements", "Group 1 Codes:", "Group 2 Paragraph: For J0129:",
    "ICD-10 Codes that DO NOT Support", "J3262 tocilizumab", "Overview\n--------", "**Modifiers**",
    "3. Billing",
])  # fmt: skip
FRAMES = st.sampled_from([
    "{} identifies {}, billed per 1 mg.", "Append modifier {} for {}.", "Never bill {} with {}.",
    "{} may be paired with {}", "{} replaced {} in 2019.",
    "All codes but {} are given by {}; the other codes are not.", "- {}: {}", "- {} ({})", "{} - {}; required",
    "Records must show {}, {} and the weight.", "Claims are denied when {} is missing or {} is wrong.",
    "It is indicated for asthma, {} and {} in adults.", "Route: {} {}", "Modifiers: {}, {}",
    "{}, {} and groups 1 to 3 apply.", "Medicare covers {}, prior authorization for {} is required.",
    "Call {} or 555-{}.", "{}/{}", "“{}” is similar to “{}”",
])  # fmt: skip
NOISE = st.sampled_from([
    "|", "||", "\t", "---", "===", "***", "```", "\u00a0", "\u200b", "\ufeff", "\u2028", "\x0b", "\x85", "İ",
    "ß", "💉", "­", "[", "](", "[x](J3262)", "_", "**", "(", ")", ")(", "“", ".", ";", ":", "…", "\n", "\n\n",
    "<br>", "Page 3 of 96413", "x" * 300,
])  # fmt: skip
WORDS = st.one_of(CODES, DRUGS, USES)


@st.composite
def tables(draw: st.DrawFn) -> list[str]:
    width = draw(st.integers(1, 5))
    columns = [draw(st.sampled_from([HCPCS, CPT, DIAGNOSES, MODIFIERS, TAXONOMIES, DRUGS, USES])) for _ in range(width)]
    lines = [draw(st.lists(HEADERS, min_size=width, max_size=width))] if draw(st.booleans()) else []
    body = [[draw(column) for column in columns] for _ in range(draw(st.integers(1, 4)))]
    separator = draw(st.sampled_from([" | ", "|", "\t"]))
    written = [separator.join(cells) for cells in (*lines, *body)]
    if lines and draw(st.booleans()):
        written.insert(1, "|".join(["---"] * width))
    return [f"| {line} |" if separator != "\t" and draw(st.booleans()) else line for line in written]


PROSE = st.builds(lambda frame, one, other: [frame.format(one, other)], FRAMES, WORDS, WORDS)
PARTS = st.one_of(HEADINGS.map(lambda heading: [heading]), PROSE, PROSE, tables(), NOISE.map(lambda noise: [noise]))


@st.composite
def guides(draw: st.DrawFn) -> str:
    """Parts in any order; then rows change places, pipes are dropped, case changes, and noise comes in."""
    parts = draw(st.lists(PARTS, min_size=1, max_size=8))
    lines = [line for part in parts for line in (*part, *([""] if draw(st.booleans()) else []))]
    if draw(st.booleans()):
        lines = draw(st.permutations(lines))
    text = "\n".join(lines)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        spoil = draw(st.sampled_from(["noise", "pipe", "case", "cut"]))
        if spoil == "noise":
            text = text[:at] + draw(NOISE) + text[at:]
        elif spoil == "pipe":
            text = text[:at] + text[at:].replace("|", "", 1)
        elif spoil == "case":
            text = text[:at] + text[at:].swapcase()
        else:
            text = text[:at]
    return text


@settings(max_examples=250)
@given(guides())
@example("J3262 | J3262\nJ3262 | J3262")
@example("# HCPCS Code J3262\n\nİ M06.9 is covered, İİ J3262 as well.")
def test_the_law_holds_for_every_guide(content: str) -> None:
    hold(parse(f"Guide.\n{content}".encode(), "guide.md"))


@settings(max_examples=100)
@given(st.lists(st.one_of(tables(), PROSE, NOISE.map(lambda noise: [noise])), min_size=1, max_size=6), st.booleans())
def test_the_law_holds_for_every_page(parts: list[list[str]], close: bool) -> None:
    end = "</td>" if close else ""
    written = [
        "<table>" + "".join("<tr><td>" + line.replace("|", end + "<td>") + end for line in part)
        if len(part) > 1
        else f"<p>{part[0]}"
        for part in parts
    ]
    hold(parse(f"<h1>HCPCS Code J3262</h1>{''.join(written)}".encode(), "guide.html"))


@settings(max_examples=100)
@given(st.text(max_size=300))
def test_the_law_holds_for_any_text_at_all(content: str) -> None:
    try:
        document = parse(f"# J3262\n\nGuide.\n\n{content}".encode("utf-8", "replace"), "guide.md")
    except DocumentError:
        return
    hold(document)


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_the_law_holds_for_the_documents_that_we_have(file: Path) -> None:
    assert hold(read(file)).assertions


def test_two_hundred_rows_of_many_codes_are_all_accounted_for() -> None:
    rows = "".join(f"| J{number:04} | drug {number} | JW, JZ | 96413 | M06.9, M05.79 |\n" for number in range(1, 201))
    header = "| HCPCS | Drug | Modifiers | CPT | ICD-10 |\n|---|---|---|---|---|\n"
    found = hold(parse((header + rows).encode(), "guide.md"))
    assert (found.rows.total, found.tokens.total) == (201, 800)


@pytest.mark.parametrize(
    "content",
    [
        "# HCPCS Code J3262\n\nNDC: 50242-136-01",
        "# HCPCS Code J3262\n\n- 50242-136-01: the vial",
        "# HCPCS Code J3262\n\nNDC | Size\n---|---\n50242-136-01 | 4 mL\n50242-137-01 | 10 mL\n",
        "---",
        "===",
        "```\n```",
    ],
)
def test_codes_that_no_relation_takes_and_documents_without_words(content: str) -> None:
    hold(parse(content.encode(), "guide.md"))
