"""What the values of options and arguments may be, for completion: from the index of the graph, and from our lists."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from kg.graph.names import Names
    from kg.model import Concept

_MOST = 200
"""With more values than that, what comes next in them is given, letter by letter: nobody reads so many."""
_READ = 5_000


class How(Enum):
    """How values are used: as whole words, as their beginnings, or names of files that the shell completes itself."""

    WORDS = "words"
    PART = "part"
    FILES = "files"


class Follows(NamedTuple):
    """Values with what they mean, and how they are used."""

    values: tuple[tuple[str, str], ...]
    how: How = How.WORDS


Complete = Callable[[str, Mapping[str, Any]], Follows]
"""From what is typed and the words of the command to what may follow."""


def concepts(*kinds: str) -> Complete:
    """Codes and names of these kinds, or of all."""

    def complete(typed: str, words: Mapping[str, Any]) -> Follows:
        return _concepts(typed, kinds, words.get("store"))

    return complete


def _concepts(typed: str, wanted: Collection[str], store: str | None) -> Follows:
    from kg.graph.names import fold
    from kg.model import Kind

    kinds = {kind for kind in Kind if kind.value in wanted} if wanted else {*Kind}
    prefix, colon, rest = typed.partition(":")
    if colon:
        kinds &= {kind for kind in Kind if kind.value == prefix.lower()}
    # Of one kind there are few enough to list them all.
    if not kinds or (not (rest if colon else typed).strip() and len(wanted) != 1):
        return Follows(())
    before = prefix + colon if colon else ""
    with closing(_names(store)) as names:
        found = names.beginning(rest if colon else typed, kinds, _READ)
    values: dict[str, str] = {}
    for concept, called in found:
        if value := _value(concept, called, curie=bool(colon)):
            meaning = concept.name if concept.name and fold(concept.name) != fold(value) else concept.kind.noun
            values.setdefault(before + value, meaning)
    if len(found) == _READ or len(values) > _MOST:
        return _beginnings(typed, values if len(found) < _READ else [before + called for _, called in found])
    return Follows(tuple(sorted(values.items())))


def _value(concept: Concept, called: str, *, curie: bool) -> str:
    """What is typed for a concept that is called so: a code, or a name; empty for the name of a code."""
    from kg.graph.names import fold

    if concept.kind.is_code or curie:
        return concept.key if called == concept.key.lower() else ""
    if concept.name and fold(concept.name) == called:
        return concept.name
    return "" if concept.name and called == concept.key.lower() else called


def _beginnings(typed: str, values: Iterable[str]) -> Follows:
    """What is typed with one letter more, of each value; with several more where all values go on alike."""
    length, every = len(typed) + 1, {value.lower() for value in values}
    while every and len({value[:length] for value in every}) == 1 and length < min(map(len, every)):
        length += 1
    # Letters as they are typed: codes have capitals, and both are understood.
    rest = {value[len(typed) : length] for value in every}
    upper = typed[typed.find(":") + 1 :].isupper()
    return Follows(tuple(sorted((typed + (more.upper() if upper else more), "") for more in rest if more)), How.PART)


def _names(store: str | None) -> Names:
    """The index of names of the graph in a folder; raises `StoreError` where there is none. No engine is asked."""
    from kg.graph.manifest import NAMES
    from kg.graph.names import Names
    from kg.graph.store import current_build, location

    return Names.open(current_build(location(store)) / NAMES)


def documents(typed: str, words: Mapping[str, Any]) -> Follows:
    """The documents of the graph, by identifier."""
    from kg.graph.lookup import documents
    from kg.graph.store import GraphStore

    with closing(GraphStore.open(words.get("store"))) as store:
        return _beginning_so(typed, documents(store))


def questions(typed: str, _: Mapping[str, Any]) -> Follows:
    """The questions of the catalogue; a file where something else is typed."""
    from kg.queries import catalogue

    found = _beginning_so(typed, {question.name: question.summary for question in catalogue()})
    return found if found.values else Follows((), How.FILES)


def question_values(typed: str, words: Mapping[str, Any]) -> Follows:
    """The values of a question: NAME= for each that is still free, and the value of the first of these."""
    from kg.model import Kind
    from kg.queries.catalogue import parameters_of

    question = str(words.get("question") or words.get("name") or "")
    given = [str(value) for value in words.get("values") or ()]
    named = {value.partition("=")[0] for value in given if "=" in value}
    free = [parameter for parameter in parameters_of(question) if parameter.name not in named]
    name, equals, rest = typed.partition("=")
    asked = [parameter for parameter in free if parameter.name == name] if equals else free[len(given) - len(named) :]
    values: Follows = Follows(())
    if asked and asked[0].kind in ("concept", *Kind):
        wanted = () if asked[0].kind == "concept" else (asked[0].kind,)
        values = _concepts(rest if equals else typed, wanted, words.get("store"))
    if equals:
        return values._replace(values=tuple((f"{name}={value}", meaning) for value, meaning in values.values))
    names = _beginning_so(typed, {f"{parameter.name}=": parameter.words for parameter in asked})
    return Follows(names.values + values.values, How.PART) if names.values else values


def releases(typed: str, words: Mapping[str, Any]) -> Follows:
    """The releases that are known."""
    from kg import resources
    from kg.reference import icd10cm
    from kg.reference.stored import StoredReleases

    bundled = {row["identifier"]: row["title"] for row in resources.table("data", "reference", "releases.tsv")}
    stored = {release.identifier: release.title for release in StoredReleases(words.get("releases")).list()}
    return _beginning_so(typed, {icd10cm.RELEASE.identifier: icd10cm.RELEASE.title, **bundled, **stored})


def publishers(typed: str, _: Mapping[str, Any]) -> Follows:
    """What can be fetched."""
    from kg import resources

    rows = resources.table("data", "reference", "publishers.tsv")
    return _beginning_so(typed, {row["name"]: row["title"] for row in rows})


def kinds(typed: str, _: Mapping[str, Any]) -> Follows:
    """The kinds of concept."""
    from kg.model import Kind

    return _beginning_so(typed, {kind.value: kind.noun for kind in Kind})


def relations(typed: str, _: Mapping[str, Any]) -> Follows:
    """The relations."""
    from kg.model import Relation

    return _beginning_so(typed, {relation.value: relation.label for relation in Relation})


def files(_: str, __: Mapping[str, Any]) -> Follows:
    """Files and folders, which the shell knows."""
    return Follows((), How.FILES)


def _beginning_so(typed: str, values: Mapping[str, str]) -> Follows:
    return Follows(tuple((value, words) for value, words in values.items() if value.lower().startswith(typed.lower())))


_ANY = concepts()
_DIAGNOSIS = concepts("icd10cm", "condition")
_BILLING = concepts("hcpcs", "cpt")
VALUES: Mapping[tuple[str, str], Complete] = {
    ("show", "code"): _ANY,
    ("path", "start"): _ANY,
    ("path", "end"): _ANY,
    ("draw", "concepts"): _ANY,
    ("draw", "path"): _ANY,
    ("draw", "for_diagnosis"): _DIAGNOSIS,
    ("export", "around"): _ANY,
    ("export", "relations"): relations,
    ("codes-for", "diagnosis"): _DIAGNOSIS,
    ("codes-for", "code"): _BILLING,
    ("codes-for", "payer"): concepts("payer"),
    ("compare", "first"): documents,
    ("compare", "second"): documents,
    ("compare", "code"): _BILLING,
    ("compare", "relation"): relations,
    ("units", "code"): concepts("hcpcs", "cpt", "drug", "ndc"),
    ("search", "kind"): kinds,
    ("findings", "documents"): documents,
    ("remove", "documents"): documents,
    ("query", "question"): questions,
    ("query", "values"): question_values,
    ("queries", "name"): questions,
    ("queries", "values"): question_values,
    ("diff", "before"): releases,
    ("diff", "after"): releases,
    ("reference fetch", "names"): publishers,
    ("reference show", "release"): releases,
    ("reference remove", "release"): releases,
    ("", "store"): files,
}
"""By command and parameter; of all commands under an empty name."""
