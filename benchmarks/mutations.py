"""Small faults in the reading of documents, and which of them no test notices: `python -m benchmarks.mutations`.

Each fault is made in a copy of the checkout. The tests of extraction run there without those that read whole corpora,
whose figures hide a single fault. With words behind the command only the faults run whose file or text has one of them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
COPIED = ("kg", "data", "ontology", "tests", "pyproject.toml")
# The first failure ends a run: the tests that are likeliest to fail come first.
LEXICON_TESTS = tuple(f"tests/extraction/lexicon/test_{name}.py" for name in ("headings", "phrases", "stances", "cues"))
OTHER_TESTS = (
    "tests/extraction/test_golden.py", "tests/extraction/prose", "tests/extraction/tables", "tests/extraction/outline",
    "tests/extraction/test_lists.py", "tests/extraction/test_prose.py", "tests/extraction/test_tables.py",
    "tests/extraction/test_account.py", "tests/extraction/relations",
    "tests/extraction/text", "tests/extraction/wording",
)  # fmt: skip


class Fault(NamedTuple):
    """A stretch of a file that stands there once, and what to put in its place."""

    file: str
    old: str
    new: str


LEXICON, TEXT, OUTLINE = "kg/extraction/lexicon/", "kg/extraction/text/", "kg/extraction/outline/"
TABLES, PROSE, RELATIONS = "kg/extraction/tables/", "kg/extraction/prose/", "kg/extraction/relations/"
FAULTS = (
    # Doubt, and labels, lists and services.
    Fault("data/cues/cues.tsv", "doubt\tboth\tprose\toutside\n", ""),
    Fault(LEXICON + "stances.py", "AFFIRMED, strength, bool(doubts))\n\n", "AFFIRMED, strength)\n\n"),
    Fault(LEXICON + "stances.py", "if where is Where.HEADING and not spans:", "if False:"),
    Fault(LEXICON + "stances.py", "if _JOINS.search(between):", "if False:"),
    Fault(OUTLINE + "scopes.py", "if frame.foreign and topic in _LISTED and frame is not walk.frames[0]:", "if False:"),
    Fault(OUTLINE + "lists.py", "if len(walk.parents) > 1 or apart:", "if len(walk.parents) > 1:"),
    Fault(TABLES + "table.py", "if turned := row_of_codes(text, rows):", "if turned := None:"),
    Fault(TABLES + "rows.py", "            column is Column.PROCEDURE\n", "            False\n"),
    Fault(TABLES + "labels.py", "    elif not codes <= set(scope.subjects):\n        return\n", ""),
    Fault(PROSE + "worded.py", "if excepted and stance.excludes and not", "if False and not"),
    Fault(PROSE + "sentence.py", "self.is_free and (self.is_of_evidence", "False and (self.is_of_evidence"),
    Fault(TEXT + "modifiers.py", "and (named or value in _UNMISTAKABLE)", ""),
    Fault(TEXT + "tokens.py", 'if shape != "bare" and text.startswith("-", end)', "if False"),
    # Cues: dropped, turned around, given another effect or place.
    Fault("data/cues/cues.tsv", "no\tboth\tany\t{not} support*\n", ""),
    Fault("data/cues/cues.tsv", "yes\tboth\tany\tno wastage\n", ""),
    Fault("data/cues/cues.tsv", "atypical\tboth\tany\tuncommon\n", ""),
    Fault("data/cues/cues.tsv", "beside\tboth\tany\tlookalike\n", ""),
    Fault("data/cues/cues.tsv", "no\tafter\tprose\tnot\n", "no\tboth\tprose\tnot\n"),
    Fault("data/cues/cues.tsv", "ended\tbefore\tany\treplaced by\n", "ended\tafter\tany\treplaced by\n"),
    Fault("data/cues/cues.tsv", "required\tboth\tany\talways\n", "permitted\tboth\tany\talways\n"),
    Fault("data/cues/cues.tsv", "no\tboth\tcell\t✗\n", "yes\tboth\tcell\t✗\n"),
    Fault("data/cues/cues.tsv", "no\tboth\tcell\tfalse\n", "no\tboth\theading\tfalse\n"),
    Fault("data/cues/cues.tsv", "exception\tafter\tany\tother than\n", "yes\tafter\tany\tother than\n"),
    Fault("data/cues/words.tsv", "shall; mandatory", "mandatory"),
    Fault("data/cues/columns.tsv", "QUANTITY\tpkg\n", ""),
    Fault("data/cues/columns.tsv", "UNIT\tbilled by\n", "QUANTITY\tbilled by\n"),
    Fault("data/cues/topics.tsv", "DENIALS\tcommon errors\n", ""),
    # How the lexicon is read.
    Fault(LEXICON + "phrases.py", "{0,4}?", "{0,3}?"),
    Fault(LEXICON + "phrases.py", r'_GAP = r"[\s/-]+"', r'_GAP = r"\s+"'),
    Fault(LEXICON + "finder.py", r"(\w{1,3})", r"(\w{1,2})"),
    Fault(LEXICON + "finder.py", "if \"\" in seconds:", "if False:"),
    Fault(LEXICON + "cues.py", "if hit.end <= reach:", "if hit.end < reach:"),
    Fault(LEXICON + "finder.py", '0 if phrase.startswith("^") else start', "start"),
    Fault(LEXICON + "headings.py", "_OF_BEGINNING = 10", "_OF_BEGINNING = 0"),
    Fault(LEXICON + "headings.py", "(Column.PREFERRED, Column.PRICE)", "(Column.PREFERRED,)"),
    Fault(LEXICON + "stances.py", "if Effect.ATYPICAL in effects:", "if False:"),
    Fault(LEXICON + "stances.py", "FLAT_NO for hit in hits) and where is", "FLAT_NO for hit in hits) and where is not"),
    Fault(LEXICON + "stances.py", "AFFIRMED if no else Polarity.EXCLUDED, strength,", "EXCLUDED, strength,"),
    Fault(LEXICON + "stances.py", "<= 3 and not _BREAK", "<= 9 and not _BREAK"),
    # Text.
    Fault(TEXT + "ranges.py", r"(?!\s*\n\s*[-–—])", ""),
    Fault(TEXT + "ranges.py", "low.value < high.value", "low.value <= high.value"),
    Fault(TEXT + "diagnoses.py", "(code.value <= last or code.value.startswith(last))", "code.value <= last"),
    Fault(TEXT + "diagnoses.py", "if code.billable and first", "if first"),
    Fault(TEXT + "tokens.py", "(70010, 79999), ", ""),
    Fault(TEXT + "tokens.py", '"article", "articles"', '"articles"'),
    Fault(TEXT + "sentences.py", "approx|incl|inc", "incl|inc"),
    Fault(TEXT + "modifiers.py", "if _OF_PLACE.search(", "if False and _OF_PLACE.search("),
    # Outline.
    Fault(OUTLINE + "sections.py", "< block.level]\n    if not", "<= block.level]\n    if not"),
    Fault(OUTLINE + "lists.py", "if len(walk.parents) > 1 or", "if False or"),
    Fault(OUTLINE + "scopes.py", "strange = walk.aside or any(", "strange = False and any("),
    Fault(OUTLINE + "about.py", "if len(s.codes) == 1 and s.codes[0]", "if s.codes and s.codes[0]"),
    Fault(OUTLINE + "sections.py", "diagnoses = () if stance.says_something else", "diagnoses = () if True else"),
    Fault(OUTLINE + "about.py", "and not is_policy(text):", "and False:"),
    Fault(OUTLINE + "about.py", "or len(text.plain) > _STRETCH * (told + mine)", ""),
    Fault(OUTLINE + "about.py", "named.total() - mine > told + mine or", ""),
    Fault(PROSE + "clauses.py", "min(end, asked)", "end"),
    Fault(PROSE + "names.py", "or _is_form_tried(sentence, mention)", ""),
    Fault(PROSE + "prose.py", "many and not VERB", "False and not VERB"),
    Fault("kg/documents/text.py", "return last if _PROGRAM.search(inside) else 0", "return 0"),
    Fault("kg/extraction/extract.py", "elif _is_data(text, block):", "elif False:"),
    Fault(TABLES + "columns.py", "return Column.DATE\n", "pass\n"),
    Fault(TABLES + "table.py", "captioned = _below_caption(text, table, row.filled[0], scope, captioned)", "pass"),
    Fault(TEXT + "ranges.py", "yield Range(first.start, last.end, ())", "pass"),
    Fault(TEXT + "gazetteer.py", 'if text[end : end + 1] == "-" and', "if False and"),
    Fault(OUTLINE + "scopes.py", "walk.opened_bare = False  #", "pass  #"),
    Fault(OUTLINE + "scopes.py", "lead.stance if lead.stance.excludes else", "stance if lead.stance.excludes else"),
    Fault(OUTLINE + "about.py", "if siblings:", "if False:"),
    Fault(OUTLINE + "about.py", "and not _negated(text, hit.start)", ""),
    # Tables, lists and labels.
    Fault(TABLES + "table.py", "if table.worded and len(row.cells) > 1 and _repeats(words):", "if False:"),
    Fault(TABLES + "codes.py", "return stance if stance and stance.polarity else None", "return None"),
    Fault(TABLES + "table.py", "caption = _caption_subjects(text, about, row)", "caption = ()"),
    Fault(TABLES + "structure.py", "* 10 >= len(systems) * 9", "* 10 >= len(systems) * 1"),
    Fault(TABLES + "rows.py", "if words.usage and _is_of_past(words.usage):", "if False:"),
    Fault(TABLES + "cells.py", "    if header.excludes:\n", "    if False:\n"),
    Fault(TABLES + "cells.py", "and not is_drug(code) and column", "and column"),
    Fault(TABLES + "columns.py", '"nucc": Column.SPECIALTY,', '"nucc": Column.PROCEDURE,'),
    Fault(TABLES + "lines.py", "_read_modifiers(text, block, scope)) is not", "None) is not"),
    Fault(TABLES + "labels.py", "if topic is Topic.SIMILAR or column is Column.PREFERRED:", "if False:"),
    # Prose.
    Fault(PROSE + "clauses.py", "elif _NONE_OF_IT", "if _NONE_OF_IT"),
    Fault(PROSE + "clauses.py", "(?:unless|until)", "(?:unless)"),
    Fault(PROSE + "clauses.py", "return service_of(other.code)", "return None"),
    Fault(PROSE + "prose.py", "Polarity.AFFIRMED if yes else Polarity.EXCLUDED", "Polarity.AFFIRMED"),
    Fault(PROSE + "prose.py", "if len(drugs) != len(sentence.drugs):", "if False:"),
    Fault(PROSE + "names.py", "_OTHER_DRUG.match(small, mention.start, clause[1])", "False"),
    Fault(PROSE + "sentence.py", "concept not in spared", "concept in spared"),
    Fault(PROSE + "worded.py", "target = later\n", "target = sentence.drugs[0][1]\n"),
    Fault(PROSE + "worded.py", "EXCLUDED if excluded else Polarity.AFFIRMED, _strength", "AFFIRMED, _strength"),
    Fault(PROSE + "worded.py", "not sentence.about.implied or _is_led_by_own(sentence)", "True"),
    Fault(PROSE + "worded.py", "        or sentence.is_of_evidence\n", ""),
    Fault(OUTLINE + "scopes.py", "walk.lead = walk.lead if within else", "walk.lead ="),
    Fault(TABLES + "codes.py", "if drugs and scope.topic in _OF_USE:", "if False:"),
    Fault("kg/extraction/wording/criteria.py", "if _NO_CRITERION.search(small) or", "if"),
    Fault(TABLES + "table.py", "    if many or (header", "    if (header"),
    # Relations and the account.
    Fault(RELATIONS + "services.py", "_SUPPLIES = ((99070, 99071),)", "_SUPPLIES = ()"),
    Fault(RELATIONS + "services.py", "(99202, 99499)", "(99212, 99499)"),
    Fault(RELATIONS + "relating.py", r"T8[0-58](?:\..*)?", r"T8[1-58](?:\..*)?"),
    Fault(RELATIONS + "drugs.py", "min(end, match.end() + 12)", "match.end() + 12"),
    Fault(RELATIONS + "relating.py", " or relation not in _OF_PAYERS", ""),
    Fault("kg/extraction/account.py", "_rank(draft) < _rank(other[1])", "_rank(draft) > _rank(other[1])"),
    Fault("kg/extraction/account.py", '"list": 1,', '"list": 3,'),
)  # fmt: skip


def main(words: list[str]) -> int:
    """Try each fault; the answer is how many no test noticed."""
    if stale := [fault for fault in FAULTS if (ROOT / fault.file).read_text("utf-8").count(fault.old) != 1]:
        sys.exit("\n".join(f"{fault.file} has {fault.old!r} not once" for fault in stale))
    chosen = [fault for fault in FAULTS if not words or any(word in " ".join(fault) for word in words)]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        _copy_to(copy)
        if _notices(copy, OTHER_TESTS + LEXICON_TESTS):
            sys.exit("the tests fail without any fault")
        missed = [fault for fault in chosen if not _try(copy, fault)]
    print(f"{len(chosen) - len(missed)} of {len(chosen)} faults noticed")
    return len(missed)


def _copy_to(folder: Path) -> None:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)


def _try(copy: Path, fault: Fault) -> bool:
    file = copy / fault.file
    written = file.read_text("utf-8")
    start = time.perf_counter()
    file.write_text(written.replace(fault.old, fault.new), "utf-8")
    try:
        of_lexicon = fault.file.startswith(("data/cues", LEXICON))
        noticed = _notices(copy, LEXICON_TESTS + OTHER_TESTS if of_lexicon else OTHER_TESTS + LEXICON_TESTS)
    finally:
        file.write_text(written, "utf-8")
    says = "noticed" if noticed else "MISSED "
    print(f"{says} {time.perf_counter() - start:5.1f} s  {fault.file}: {fault.old!r} -> {fault.new!r}", flush=True)
    return noticed


def _notices(copy: Path, tests: tuple[str, ...]) -> bool:
    """Whether a test fails."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, cwd=copy, capture_output=True, check=False).returncode != 0


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
