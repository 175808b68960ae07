"""The page of the workbench: forms that work without script, and a script that shows the answers below them.

The page holds words of ours only. What documents say comes later, as JSON, and `page.js` shows it as text nodes.
The Content-Security-Policy allows the one script and the one style sheet by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from kg.errors import ResourceError
from kg.model import DEFAULT_TRUST, Verdict
from kg.queries import CatalogueQuery, Parameter, catalogue
from kg.web.pages.addresses import HOME, PAGES


@cache
def page() -> str:
    """The whole page."""
    return Template(_file("page.html")).substitute(
        style=_file("page.css"),
        script=_file("page.js"),
        pages="".join(f'<a href="{address}">{escape(name)}</a> ' for address, name in PAGES if address != HOME),
        trust="".join(map(_option, Verdict)),
        questions="\n".join(map(_question, catalogue())),
    )


@cache
def policy() -> str:
    """The Content-Security-Policy of the page: its script, its style sheet, and questions to this server."""
    return (
        f"default-src 'none'; script-src '{_digest('page.js')}'; style-src '{_digest('page.css')}'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _option(verdict: Verdict) -> str:
    selected = " selected" if verdict == DEFAULT_TRUST else ""
    return f'<option value="{escape(verdict.value)}"{selected}>{escape(verdict.value)}</option>'


def _question(question: CatalogueQuery) -> str:
    fields = "".join(map(_field, question.parameters))
    return (
        f"<details><summary>{escape(question.summary)}</summary>\n"
        f"<p>{escape(question.description)}</p>\n"
        f'<form action="/queries/{escape(question.name)}" method="get">{fields}<button>Ask</button></form></details>'
    )


def _field(parameter: Parameter) -> str:
    name, words, example = map(escape, (parameter.name, parameter.words, parameter.example))
    return f'<label>{words} <input name="{name}" value="{example}" required></label>'


def _digest(name: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(_file(name).encode()).digest()).decode()


@cache
def _file(name: str) -> str:
    try:
        return Path(__file__).with_name(name).read_text("utf-8")
    except OSError as exc:
        raise ResourceError(f"billing-kg is installed without its file {name}; install it again") from exc
