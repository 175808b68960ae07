"""No query reaches the network: shown on a server that notes who calls."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, Store

from kg.errors import QueryRefused
from kg.queries import run
from kg.queries.guard import DEEPEST, LONGEST, check


class Server(ThreadingHTTPServer):
    """A SPARQL endpoint that knows nothing and counts its visitors."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hits = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.server.hits += 1
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        self.wfile.write(b'{"head":{"vars":["x"]},"results":{"bindings":[]}}')

    do_GET = do_POST

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def tiny() -> Store:
    store = Store()
    graph = NamedNode("http://e/g")
    store.add(Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), NamedNode("http://e/b"), graph))
    store.add(Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), Literal(True), graph))
    return store


BODY = "{ ?x ?y ?z }"
CALLS = [
    "SELECT * { SERVICE <URL> BODY }",
    "SELECT * { service silent <URL> BODY }",
    "SELECT * { SeRvIcE\n<URL> BODY }",
    "SELECT * { SERVICE # { 'a\n<URL> BODY }",
    "SELECT * { # nothing to see\rSERVICE <URL> BODY }",
    "SELECT * { SERVICESILENT<URL>BODY }",
    "PREFIX u: <URL> SELECT * { SERVICEu:xBODY }",
    "PREFIX u: <URL> SELECT * { SERVICE u:xBODY }",
    "PREFIX : <URL> SELECT * { SERVICE:xBODY }",
    "PREFIX u: <URL> SELECT * { servicesilentu:xBODY }",
    "SELECT * { ?a <http://e/p> trueSERVICE <URL> BODY }",
    "SELECT * { ?a <http://e/p> ?b.SERVICE <URL> BODY }",
    "SELECT * { ?a <http://e/p> []SERVICE <URL> BODY }",
    "SELECT * { FILTER(1<2)SERVICE#>\n<URL> BODY }",
    "SELECT * { FILTER('a'<'x>y')SERVICE <URL> BODY #'\n}",
    "SELECT * { VALUES ?v {'''a'}SERVICE <URL> BODY #\\q'''\n}",
    "SELECT * { { SELECT * { SERVICE <URL> BODY } } }",
    "SELECT * { OPTIONAL { SERVICE <URL> BODY } }",
    "SELECT * { { } UNION { SERVICE <URL> BODY } }",
    "SELECT * { ?a ?p ?b MINUS { SERVICE <URL> BODY } }",
    "SELECT * { ?a ?p ?b FILTER NOT EXISTS { SERVICE <URL> BODY } }",
    "ASK { FILTER EXISTS { SERVICE <URL> BODY } }",
    "CONSTRUCT { ?x ?y ?z } WHERE { SERVICE <URL> BODY }",
    "DESCRIBE ?x { SERVICE <URL> BODY }",
]
GRAPHS = ["http://e/g"]


def _written(query: str, server: Server) -> str:
    return query.replace("BODY", BODY).replace("URL", server.url)


@pytest.mark.parametrize("query", CALLS)
def test_a_call_would_go_out_and_is_refused(query: str, server: Server, tiny: Store) -> None:
    text = _written(query, server)
    before = server.hits
    _run_unguarded(tiny, text)
    assert server.hits > before, "this test would prove nothing: the query makes no call"
    before = server.hits
    with pytest.raises(QueryRefused, match="SERVICE is refused, because a query must not leave this machine"):
        run(tiny, text, graphs=GRAPHS)
    assert server.hits == before


def _run_unguarded(store: Store, text: str) -> None:
    graph = [NamedNode("http://e/g")]
    try:
        answer = store.query(text, default_graph=graph)
        _ = isinstance(answer, QueryBoolean) or list(answer)
    except RuntimeError:
        pass  # The server answers no XML; that it was asked is all that counts.


@pytest.mark.parametrize(
    "query",
    [
        r"SELECT * { \u0053ERVICE <URL> BODY }",
        r"SELECT * { \U00000053ervice <URL> BODY }",
        r"SELECT * { \u005Cu0053ERVICE <URL> BODY }",
        r"SELECT * { ?a ?p '\u0027 SERVICE <URL> BODY #' }",
    ],
)
def test_escapes_are_read_first_as_the_standard_has_it(query: str, server: Server, tiny: Store) -> None:
    """This pyoxigraph does not read them; another version may."""
    before = server.hits
    with pytest.raises(QueryRefused):
        run(tiny, _written(query, server), graphs=GRAPHS)
    assert server.hits == before


@pytest.mark.parametrize(
    "update", ["LOAD <URL>", "LOAD SILENT <URL> INTO GRAPH <http://e/g>", "PREFIX e: <http://e/> LOAD <URL>"]
)
def test_loading_is_no_query(update: str, server: Server, tiny: Store) -> None:
    before = server.hits
    with pytest.raises(QueryRefused, match="an update is not a query"):
        run(tiny, _written(update, server), graphs=GRAPHS)
    assert server.hits == before


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <u:a> <u:b> <u:c> }",
        "delete where { ?a ?b ?c }",
        "CLEAR ALL",
        "DROP GRAPH <u:g>",
        "WITH <u:g> DELETE {} WHERE {}",
    ],
)
def test_updates_are_no_queries(update: str, tiny: Store) -> None:
    with pytest.raises(QueryRefused, match="an update is not a query, and a graph is changed by building it"):
        run(tiny, update, graphs=GRAPHS)
    assert len(tiny) == 2


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service <http://e/p> 'SERVICE' }",
        'SELECT * { ?a ?p "a SERVICE <u:x> { }" }',
        'SELECT * { ?a ?p \'\'\'it\'s a SERVICE\'\'\', """"SERVICE" """ }',
        "SELECT * { ?a ?p 'it\\'s a SERVICE' }",
        "PREFIX ex: <http://e/> SELECT * { ?a ex:service ex:SERVICE . ?b ex:p/ex:service ?c }",
        "PREFIX service: <http://e/service#> SELECT * { ?a service:p service:x }",
        "PREFIX service: <http://e/> SELECT * { GRAPH service:g { ?a ?p ?b } }",
        "SELECT * { ?a <http://e/service> <http://e/p#SERVICE> }",
        "SELECT * { ?a <http://e/it's#service> ?b }",
        "SELECT * { # SERVICE <u:x> { }\n ?a ?p ?b }",
        "SELECT * { _:service ?p ?b . ?b ?q 'x'@service }",
        "SELECT * { ?a ?p $SERVICE FILTER(?a<?SERVICE && 2>1) }",
        "# FROM here LOAD on\nSELECT * { ?from ?load 'FROM' , 'INSERT' }",
    ],
)
def test_a_name_or_a_text_is_not_refused(query: str, tiny: Store) -> None:
    run(tiny, query, graphs=GRAPHS)


FRAGMENTS = [
    "SERVICE", "service ", "SERVICE SILENT ", "<u:x>", BODY, "#", "'", '"', "'''", '"""', "\\", "\\q", "\\'",
    "\n", "\r", "<", ">", "e:a", "e:", " ", "?a", "$b", "FILTER(", ")", "(", " . ", "{", "}", "<u:b#>", "<'",
    "'>", "<?b)", "#>", "@en", "^^e:t", "true", "1", "5.", "VALUES ?x {", "_:b", "\\u0027", "[]", "GRAPH ",
    "OPTIONAL", "<u:it", "?a e:p ", "=", "/", "e:a\\'", "%27", "<<", ">>", "-", "FILTER(?a<?b", "a", ";", ",",
]  # fmt: skip
ENDS = [" }", "}\n}", "#\n}", "'}", '"}\n}', "'''}\n}", " #'\n}", " #'''\n}", ' #"\n}']
EMPTY = Store()
PREFIXES = dict.fromkeys(("e", "", "SERVICEe", "SERVICXe"), "http://e/")


def _parses(text: str) -> bool:
    try:
        EMPTY.query(text, prefixes=PREFIXES)
    except SyntaxError:
        return False
    except (ValueError, RuntimeError):
        pass
    return True


def _has_keyword(text: str) -> bool:
    """Whether some SERVICE in a query is a keyword: with another word in its place, it does not parse."""
    starts = [match.start() for match in re.finditer("service", text, re.IGNORECASE)]
    return any(not _parses(f"{text[:start]}SERVICX{text[start + 7 :]}") for start in starts)


def test_whatever_the_parser_takes_for_a_service_is_refused() -> None:
    """Parser and scanner are held against each other on heaps of fragments; the seed is fixed."""
    dice = random.Random(20260401)
    tried = 0
    while tried < 60:
        parts = dice.choices(FRAGMENTS, k=dice.randint(1, 6))
        parts.insert(dice.randint(0, len(parts)), dice.choice([f"SERVICE <u:x> {BODY}", f"SERVICEe:a{BODY}"]))
        text = "SELECT * { " + "".join(parts) + dice.choice(ENDS)
        if not _parses(text) or not _has_keyword(text):
            continue
        tried += 1
        with pytest.raises(QueryRefused, match="SERVICE is refused"):
            check(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * " + "{" * 20000 + "}" * 20000, f"nested deeper than {DEEPEST} levels"),
        (
            "SELECT * { FILTER(" + "(" * 20000 + "1" + ")" * 20000 + ") }",
            f"nested deeper than {DEEPEST} levels",
        ),
        ("SELECT * { FILTER(" + "!" * 20000 + "1) }", f"more than {LONGEST} words and signs"),
        ("SELECT * {" + " { } UNION" * 20000 + " { } }", f"more than {LONGEST} words and signs"),
    ],
)
def test_what_would_overflow_the_stack_is_refused(text: str, message: str) -> None:
    with pytest.raises(QueryRefused, match=message):
        check(text)


def test_a_list_of_values_may_be_long(store: Store, graphs: list[str]) -> None:
    codes = " ".join(f"hcpcs:J{number:04}" for number in range(10000))
    query = f"SELECT ?code {{ VALUES ?code {{ {codes} }} ?code bkg:hasPayer payer:medicare }} ORDER BY ?code"
    assert [row["code"] for row in run(store, query, graphs=graphs)] == ["hcpcs:J0129", "hcpcs:J3262"]
