"""A page with hostile text in every field that a document, a lesson or a saved layout may bring."""

from __future__ import annotations

import re
from typing import Any

from kg.drawing import draw
from kg.drawing.writing import page
from kg.model import Assertion, Concept, Connection, Evidence, Kind, Relation, Verdict

from ..samples import PAYLOADS
from ..test_writing import data_of

ALL = " ".join(PAYLOADS)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


def shown(text: str) -> str:
    """What the page makes of a text: half of a pair of surrogates is no letter, and all else stays."""
    return text.replace("\ud800", "\ufffd")


def connections() -> list[Connection]:
    """From a code whose name is hostile to a reason and to a code for each of the payloads."""
    code = Concept(Kind.HCPCS, "J3262", PAYLOADS[0])
    found = []
    for relation, kind in ((Relation.DENIED_FOR, Kind.DENIAL), (Relation.SIMILAR_TO, Kind.HCPCS)):
        for line, text in enumerate(PAYLOADS, 1):
            other = Concept(kind, text, text)
            evidence = Evidence(text, 0, len(text), text, line, text)
            said = Assertion(code, relation, other, evidence, condition=text)
            found.append(Connection(code, relation, other, Verdict.REFUTED, (said,)))
    return found


def hostile_data() -> Any:
    """The data of their page, with a lesson, findings, notes of the presenter and a layout as hostile as the rest."""
    data = data_of(draw(connections(), title=ALL, notes=PAYLOADS).html())
    numbers = [list(range(len(data[what]))) for what in ("concepts", "connections")]
    step = {"title": ALL, "notes": ALL, "concepts": numbers[0], "connections": numbers[1]}
    data["lesson"] = {"title": ALL, "steps": [step, step]}
    data["layout"] = {plan: {text: [1, 2] for text in PAYLOADS} for plan in ("panels", "projector")}
    data["facts"] |= {"asOf": ALL, "releases": PAYLOADS}
    for concept in data["concepts"]:
        concept |= {"note": concept["name"], "validity": [concept["name"]]}
    for each in data["connections"]:
        text = data["concepts"][each["object"]]["name"]
        finding = dict.fromkeys(("reason", "stated", "official", "release", "suggestion"), text)
        each["findings"] = [len(data["findings"])]
        ends = {"concept": each["subject"], "suggested": each["object"], "evidence": [0], "hangs": 3}
        data["findings"].append({"verdict": "refuted", "row": 3, "opposed": 0, "code": text, **ends, **finding})
    return data


def hostile_page(*, guarded: bool) -> str:
    """That page, with its policy or without."""
    html = page(hostile_data())
    return html if guarded else without_policy(html)


def without_policy(html: str) -> str:
    bare, count = _POLICY.subn("", html)
    assert count == 1
    return bare
