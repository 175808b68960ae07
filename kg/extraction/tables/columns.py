"""What each column of a table holds, by its header and by what stands in its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from kg import lazy_re as re
from kg.documents import Span
from kg.extraction.lexicon import Column, Where, column_of, stance_of
from kg.extraction.text.modifiers import UNMISTAKABLE, known_modifiers
from kg.extraction.text.text import CodeSpan, Text
from kg.extraction.wording.objects import outright_requirement
from kg.model import Concept, Kind, Polarity

_BY_SHAPE = {
    "hcpcs": Column.CODE,
    "cpt": Column.PROCEDURE,
    "icd10cm": Column.DIAGNOSIS,
    "bare": Column.DIAGNOSIS,
    "nucc": Column.SPECIALTY,
    "ndc": Column.NDC,
}
# Times and dates, whatever a header such as "modified" says.
_TIME = re.compile(r"\W*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\b.*|\W*\d{1,2}:\d\d.*")
# What a header of these kinds says holds whatever stands below.
_WHATEVER = frozenset({Column.PREFERRED, Column.PRICE, Column.DATE, Column.SIMILAR, Column.NDC})
_OF_CODES = frozenset({Column.CODE, Column.MODIFIER, Column.DIAGNOSIS, Column.SPECIALTY, Column.PROCEDURE})
_OF_REMARKS = frozenset(
    {Column.USAGE, Column.VERDICT, Column.QUANTITY, Column.UNIT, Column.DENIAL, Column.DOCUMENTATION}
)
_MODIFIERS = re.compile(r"\s*-?[A-Z0-9]{2}\b(?:\s*(?:,|/|;|and|or|&|\+)\s*-?[A-Z0-9]{2}\b)*(?=\s*$|\s*[(,;]|\s+[a-z-])")
_WORD = re.compile(r"\w")
_TWO = re.compile(r"[A-Z0-9]{2}")
_BLANK = re.compile(r"[\W_]+|\b(?:and|or|with|to|plus|through)\b")
_NOTHING = re.compile(r"\W*(?:n/?a|none|not applicable|no|tbd)?\W*")
_LABEL_OF_CELL = re.compile(r"\W*(?P<label>[A-Za-z][A-Za-z-]{1,12})\b\.?:?\s+(?=\S)")
_QUANTITY = re.compile(r"(?:per |up to )?\d[\d.,]*\s*(?:mg|mcg|g|gm|units?|iu|ml|meq|million units)")
_OF_OTHERS = frozenset({Column.MODIFIER, Column.DIAGNOSIS, Column.SPECIALTY, Column.PROCEDURE, Column.SIMILAR})
_RULE = re.compile(r"\W*(?:not|never|only|use|when|if|append|do not|required|allowed|denied)\b")
_NAMES = frozenset({Column.DRUG, Column.BRAND, Column.NAME})
_SHORT = 40
_ENOUGH = 50
# Of so many cells one may be other than the rest.
_MOST_OF = 8
_Codes = Sequence[CodeSpan]


def columns_of(
    text: Text,
    headers: Sequence[str],
    cells: Sequence[Sequence[Span]],
    codes: Sequence[Sequence[_Codes]],
    *,
    modifiers: bool,
) -> tuple[Column, ...]:
    """The kind of each column by its cells and their codes.

    `modifiers` tells that two characters in the first column may stand for modifiers.
    """
    columns = [
        _column(text, headers[n] if n < len(headers) else "", cells[n], codes[n], modifiers and n == 0)
        for n in range(len(cells))
    ]
    if not any(headers) and columns[:1] == [Column.MODIFIER]:
        for n in range(1, len(columns)):
            if columns[n] is Column.OTHER and any(_RULE.match(text.small, *cell) for cell in cells[n]):
                columns[n] = Column.USAGE  # "GY | not used with J3420": no name of the modifier.
    if columns.count(Column.CODE) == 1 and _NAMES.isdisjoint(columns) and not _OF_OTHERS.intersection(columns):
        before = columns.index(Column.CODE) - 1
        if before >= 0 and columns[before] is Column.PREFERRED:
            columns[before] = Column.DRUG  # "Biosimilar | Its code": nothing else has the code.
    others = [n for n, column in enumerate(columns) if column is Column.OTHER and n < len(headers) and headers[n]]
    if len(others) == 1 and Column.CODE in columns and _NAMES.isdisjoint(columns):
        filled = [cell for cell in cells[others[0]] if cell.end > cell.start]
        if filled and all(_is_name(text, cell, Kind.DRUG) for cell in filled):
            columns[others[0]] = Column.DRUG  # "Implant | HCPCS": nothing else says whose the codes are.
    return tuple(columns)


def column_of_value(text: Text, label: str, value: Span) -> Column:
    """What stands behind a label: a column of one cell."""
    return _column(text, label, [value], [text.codes_in(value.start, value.end)], modifiers=False)


def _column(text: Text, header: str, cells: Sequence[Span], codes: Sequence[_Codes], modifiers: bool) -> Column:
    promised = column_of(header)
    filled = [
        cell
        for cell, inside in zip(cells, codes, strict=True)
        if inside or not _NOTHING.fullmatch(text.small, cell.start, cell.end)
    ]
    if promised in _WHATEVER and not (promised is Column.PRICE and _holds_codes_of_drugs(cells, codes)):
        return promised
    if header and requirement_in_header(header) and filled and is_verdict_column(text, filled):
        return Column.REQUIREMENT  # "Site of care review: yes" asks for it, and names no place.
    if filled and all(_TIME.fullmatch(text.plain, cell.start, cell.end) for cell in filled[:_ENOUGH]):
        return Column.DATE
    if promised is Column.MODIFIER or (modifiers and _may_be_modifiers(promised) and _all_modifiers(text, filled)):
        return Column.MODIFIER
    shapes = [
        inside[0].shape
        for cell, inside in zip(cells, codes, strict=True)
        if inside and (inside[0].start == cell.start or _is_of_codes(text, cell, inside))
    ]
    shape = _shape(shapes, len(filled), 4 if promised in _OF_CODES else 2)
    if shape == "cpt" and (promised is Column.NUMBER or (promised not in _OF_CODES and _ends_as_number(header))):
        return Column.NUMBER
    if shape is None:
        return _without_codes(text, promised, header, filled)
    if promised in _OF_REMARKS and 2 * len(shapes) < len(filled):
        return promised
    if promised is Column.UNIT and shape == "cpt":
        return Column.UNIT
    if promised in (Column.DIAGNOSIS, Column.SPECIALTY) or (promised is Column.PROCEDURE and shape == "hcpcs"):
        return promised
    return _BY_SHAPE[shape]


def _holds_codes_of_drugs(cells: Sequence[Span], codes: Sequence[_Codes]) -> bool:
    """Whether every cell of a column is a code with a letter and no amount: "Charge code"."""
    return bool(cells) and all(
        len(inside) == 1 and inside[0].shape == "hcpcs" and (inside[0].start, inside[0].end) == tuple(cell)
        for cell, inside in zip(cells, codes, strict=True)
    )


def requirement_in_header(header: str) -> Concept | None:
    """The requirement of the kept list that a header or a label names, outright.

    >>> requirement_in_header("Step therapy needed?").curie
    'requirement:step-therapy'
    """
    requirement = outright_requirement(header.rstrip("?: "))
    return requirement.concept if requirement else None


def _ends_as_number(header: str) -> bool:
    """Whether a header such as "Charge type ID" says that numbers of five digits are no codes."""
    words = header.replace("_", " ").split()
    return bool(words) and column_of(words[-1]) is Column.NUMBER


def _may_be_modifiers(promised: Column) -> bool:
    return promised in (Column.CODE, Column.OTHER, Column.NAME)


def _without_codes(text: Text, promised: Column, header: str, filled: Sequence[Span]) -> Column:
    """A column that promises codes but holds none holds names, except that G35 and the like have no dot."""
    if promised in (Column.OTHER, Column.NUMBER):
        if header:
            is_sure = _all_modifiers(text, filled) and {text.words(cell) for cell in filled} <= UNMISTAKABLE
            return Column.MODIFIER if is_sure else Column.OTHER
        kind = _kind_by_cells(text, filled)  # "SC" alone is a route before it is a modifier.
        return Column.MODIFIER if kind is Column.OTHER and _all_modifiers(text, filled) else kind
    if promised is Column.DIAGNOSIS or not filled:
        return promised
    if promised is Column.NAME and _are_quantities(text, filled):
        return Column.UNIT  # "Description: 20 MG" beside the name of the drug.
    return Column.NAME if promised in (Column.CODE, Column.SPECIALTY, Column.PROCEDURE) else promised


def _are_quantities(text: Text, filled: Sequence[Span]) -> bool:
    """Whether nearly all cells are quantities: some drugs are billed by what no number says."""
    quantities = sum(_QUANTITY.fullmatch(text.small, cell.start, cell.end) is not None for cell in filled)
    return quantities > 0 and _MOST_OF * quantities >= (_MOST_OF - 1) * len(filled)


def _kind_by_cells(text: Text, filled: Sequence[Span]) -> Column:
    """The kind of a column without a header: one of routes, payers, places, drugs or units if all of its cells are such."""
    if not filled or any(cell.end - cell.start > _SHORT for cell in filled):
        return Column.OTHER
    for kind, column in ((Kind.ROUTE, Column.ROUTE), (Kind.PAYER, Column.PAYER), (Kind.PLACE, Column.PLACE)):
        if all(_is_name(text, cell, kind) for cell in filled):
            return column
    if len(filled) > 1 and all(_is_name(text, cell, Kind.DRUG) for cell in filled):
        return Column.DRUG
    if all(_QUANTITY.fullmatch(text.small, cell.start, cell.end) for cell in filled):
        return Column.UNIT  # Beside codes a quantity in each row is what the code bills.
    return Column.OTHER


def _is_name(text: Text, cell: Span, kind: Kind) -> bool:
    mentions = text.mentions_in(cell.start, cell.end, kind)
    return bool(mentions) and 2 * sum(m.end - m.start for m in mentions) >= cell.end - cell.start


def label_of_cell(text: Text, cell: Span) -> tuple[Column, Span]:
    """What a cell says itself that it holds, as "dx E75.22" does, and the span behind its label."""
    match = _LABEL_OF_CELL.match(text.plain, cell.start, cell.end)
    if match is None:
        return Column.OTHER, cell
    column = column_of(match["label"])
    codes = text.codes_in(match.end(), cell.end)
    if column is Column.OTHER or not (column is Column.MODIFIER or (codes and codes[0].start == match.end())):
        return Column.OTHER, cell
    return column, Span(match.end(), cell.end)


def is_verdict_column(text: Text, cells: Sequence[Span], *, mostly: bool = False) -> bool:
    """Whether all cells of a column say yes or no, and little else; `mostly` if half of them are enough, a no among them."""
    filled = [cell for cell in cells if cell.end > cell.start]
    if not filled or any(cell.end - cell.start > _SHORT for cell in filled):
        return False
    if mostly and all(text.words(cell) in BITS for cell in filled):
        return True
    polarities = [stance_of(text.words(cell), Where.CELL).polarity for cell in filled]
    judged = len(polarities) - polarities.count(None)
    return judged == len(filled) or (mostly and Polarity.EXCLUDED in polarities and 2 * judged >= len(filled))


# A yes and a no below a head that asks: "Covered (1 = yes, 0 = no)".
BITS = {"1": Polarity.AFFIRMED, "0": Polarity.EXCLUDED}

# A system that one of so many codes is of is there on purpose.
_FEWEST_OF_EACH = 5


def _shape(cell_shapes: Sequence[str], cells: int, share: int) -> str | None:
    """The shape of code that one in so many cells begins with or consists of."""
    if not cell_shapes or share * len(cell_shapes) < cells:
        return None
    shapes = Counter(cell_shapes)
    if shapes["bare"] and shapes["icd10cm"]:
        shapes["icd10cm"] += shapes.pop("bare")
    is_mixed = _FEWEST_OF_EACH * min(shapes["icd10cm"], shapes["cpt"]) >= len(cell_shapes)
    if is_mixed or (len(shapes) > 1 and "hcpcs" in shapes):
        return "hcpcs"  # A column of codes of several systems, each read as what it is.
    return shapes.most_common(1)[0][0]


def _is_of_codes(text: Text, cell: Span, codes: _Codes) -> bool:
    """Whether a cell with codes begins with one, or holds little else."""
    if not _WORD.search(text.plain, cell.start, codes[0].start):
        return True
    words = len(_BLANK.sub("", text.plain[cell.start : cell.end]))
    return 2 * sum(code.end - code.start for code in codes) >= words


def _all_modifiers(text: Text, cells: Sequence[Span]) -> bool:
    """Whether all cells begin with modifiers that are known, and hold no other code."""
    matches = [_MODIFIERS.match(text.plain, cell.start, cell.end) for cell in cells]
    return bool(cells) and all(match and set(_TWO.findall(match[0])) <= known_modifiers() for match in matches)


@lru_cache(maxsize=64)
def holds_codes(column: Column) -> bool:
    """Whether a column of this kind holds codes."""
    return column in _OF_CODES
