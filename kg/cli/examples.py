"""What help shows besides the options: each command in a few words, and examples of how it is used."""

from __future__ import annotations

from typing import NamedTuple


class Example(NamedTuple):
    """What a line does, and the line as it is typed."""

    what: str
    line: str


SHORT = {
    "build": "Read billing guides and make the graph of them.",
    "add": "Add guides to the graph, or read changed ones again.",
    "remove": "Remove documents from the graph.",
    "changes": "What the last build changed.",
    "tour": "All of it in a minute: check, build, ask, explain, draw.",
    "extract": "Print what documents state, with the sentences.",
    "codes-for": "Which billing codes connect to a diagnosis.",
    "show": "What the graph holds on one code or other concept.",
    "path": "How two concepts are connected, hop by hop.",
    "search": "Find codes, drugs and other concepts by their names.",
    "query": "Ask the graph in SPARQL, or a question ready made.",
    "queries": "The questions that are ready to be asked.",
    "schema": "What a query can name: classes, properties, graphs.",
    "draw": "Write a page that shows a part of the graph.",
    "export": "Write the graph, or its network, to a file.",
    "findings": "What a person should look at in the graph.",
    "check": "Hold documents against the releases: a linter.",
    "compare": "How far two documents or contractors agree.",
    "push": "Bring the graph to a SPARQL engine.",
    "diff": "What changed between two releases.",
    "mcp": "Give assistants tools: check a text, ask the graph.",
    "serve": "Serve the graph to browsers and programs.",
    "units": "How many units to bill for a dose, and what is wasted.",
    "validate": "Hold the graph against its shapes and invariants.",
    "reference": "The official releases that graphs are checked against.",
    "reference add": "Read files of releases, and keep copies of them.",
    "reference list": "The releases that are known.",
    "reference show": "What is known of a release, and what was left out.",
    "reference fetch": "Download the newest releases, and add them.",
    "reference remove": "Remove a release that you added.",
    "completion": "Completion for bash, zsh or fish.",
    "man": "The manual page of kg.",
    "doctor": "What is missing or wrong here, and how to mend it.",
}
"""Each command in a line that a terminal of 80 letters has room for."""

EXAMPLES = {
    name: tuple(Example(*pair) for pair in pairs)
    for name, pairs in {
        "": [
            ("Make the graph of the bundled guides, then ask it", "kg build"),
            ("Which codes go with rheumatoid arthritis", "kg codes-for M06.9"),
            ("What is wrong in a guide of your own", "kg check guide.pdf"),
        ],
        "build": [
            ("Of the bundled guides", "kg build"),
            ("Of a folder of your own and the bundled ones", "kg build guides/ --with-bundled"),
            ("With the verdicts of another day", "kg build guides/ --as-of 2024-06-30"),
        ],
        "add": [("Read one more guide, or one that has changed", "kg add guide.pdf")],
        "remove": [("By file name or identifier", "kg remove guide.pdf tocilizumab")],
        "changes": [("For a spreadsheet", "kg changes --format csv")],
        "tour": [("With the page somewhere else", "kg tour --output /tmp/tour.html")],
        "extract": [
            ("One assertion a line, for programs", "kg extract guide.md --format jsonl"),
            ("What was left over, and why", "kg extract guide.md --report"),
            ("What another program prints", "pdftotext guide.pdf - | kg extract -"),
        ],
        "codes-for": [
            ("Of a diagnosis and all below it", "kg codes-for M06.9"),
            ("Only what documents say no to", "kg codes-for M06.9 --polarity excluded"),
            ("Of many diagnoses, one a line", "kg codes-for - --format csv < diagnoses.txt"),
            ("Yes, no or not known of one code", "kg codes-for M06.9 --code J3262"),
            ("What Medicare's articles say in Florida", "kg codes-for M06.9 --state FL"),
        ],
        "show": [
            ("A code, a drug or a brand", "kg show J3262"),
            ("On a day, without what is disputed", "kg show Actemra --as-of 2024-06-30 --trust consistent"),
        ],
        "path": [
            ("The best way between a drug and a modifier", "kg path tocilizumab modifier:JW"),
            ("Three ways between two codes", "kg path J3262 J2182 -k 3"),
        ],
        "search": [
            ("By the words of a name", "kg search giant cell arteritis"),
            ("Drugs alone", "kg search --kind drug tocil"),
        ],
        "query": [
            ("A question from the catalogue", "kg query modifiers-for-code J3262"),
            ("SPARQL of your own", "kg query 'SELECT ?code { ?code bkg:identifiesDrug drug:tocilizumab }'"),
            ("SPARQL from a file, for a spreadsheet", "kg query question.rq --format csv"),
        ],
        "queries": [
            ("All of them", "kg queries"),
            ("One of them as SPARQL for any engine", "kg queries modifiers-for-code J3262"),
        ],
        "schema": [("Only what speaks of evidence", "kg schema evidence")],
        "draw": [
            ("What surrounds a code", "kg draw J3262 --output page.html"),
            ("Two drugs with the ways between them", "kg draw --path J3262 J2182 --open"),
            ("The codes for a diagnosis", "kg draw --for-diagnosis M06.9"),
        ],
        "export": [
            ("All of it as N-Quads", "kg export --output graph.nq"),
            (
                "The network two steps around a code",
                "kg export --format graphml --around J3262 --depth 2 -o near.graphml",
            ),
        ],
        "findings": [
            ("The worst first", "kg findings"),
            ("Of one document, for an editor", "kg findings guide.pdf --format sarif"),
            ("Nothing is to be done about one", "kg findings --set-aside 3f2a91c0 --note 'a drug of 2019'"),
        ],
        "check": [
            ("A guide before it is published", "kg check guide.md"),
            ("Every code with its name and verdict", "kg check guide.md --codes --format csv"),
            ("What another program wrote", "cat answer.txt | kg check -"),
        ],
        "compare": [
            ("Two guides", "kg compare tocilizumab abatacept"),
            ("Only where they contradict", "kg compare tocilizumab abatacept --only contradict"),
        ],
        "push": [
            ("To an engine on this machine", "kg push http://127.0.0.1:7878"),
            ("Whether all of it is there", "kg push http://127.0.0.1:7878 --verify"),
        ],
        "diff": [
            ("Two editions of HCPCS", "kg diff hcpcs-2025-07 hcpcs-2025-10"),
            ("Only what the graph speaks of", "kg diff hcpcs-2025-07 hcpcs-2025-10 --touched"),
        ],
        "mcp": [
            ("For an assistant's settings: it starts this, and talks to it", "kg mcp"),
            ("Over another graph", "kg mcp --store /srv/graph"),
        ],
        "serve": [
            ("For the browser on this machine", "kg serve"),
            ("On a free port, with a log of requests", "kg serve --port 0 --log-requests"),
        ],
        "units": [
            ("A dose from the packages on the market", "kg units J3262 --dose 480mg"),
            ("By brand, from the vials at hand", "kg units Remicade --dose 350mg --package 100mg"),
        ],
        "validate": [("The graph that all commands ask", "kg validate")],
        "reference": [
            ("The releases that are known", "kg reference list"),
            ("The newest of HCPCS and the NUCC codes", "kg reference fetch hcpcs nucc"),
        ],
        "reference add": [
            ("Files as their publishers give them", "kg reference add october-2025-hcpcs.zip"),
            ("One that does not tell its day", "kg reference add codes.csv --since 2025-10-01"),
        ],
        "reference list": [("For a program", "kg reference list --format json")],
        "reference show": [("With every row that was left out", "kg reference show bundled-hcpcs --format csv")],
        "reference fetch": [("Two of them", "kg reference fetch hcpcs nucc")],
        "reference remove": [("One that you added", "kg reference remove hcpcs-2025-07")],
        "completion": [
            ("bash, for every new shell", "echo 'source <(kg completion bash)' >> ~/.bashrc"),
            ("zsh, in a folder of $fpath", "kg completion zsh > ~/.zfunc/_kg"),
            ("fish", "kg completion fish > ~/.config/fish/completions/kg.fish"),
        ],
        "man": [("Where man finds it", "kg man > ~/.local/share/man/man1/kg.1")],
        "doctor": [
            ("What to mend", "kg doctor"),
            ("For a program", "kg doctor --format json"),
        ],
    }.items()
}
"""Examples by command; those of `kg` itself under an empty name."""
