"""Templates, and the replies that are made of them.

What templates are given comes from documents and from whoever asks, so that all of it is escaped: a text never becomes
markup. The Content-Security-Policy allows style sheets of this server and no script at all; only the page of queries
has scripts, from files of this server, and may ask it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

from kg.errors import KgError, MissingExtra
from kg.model import Kind, Verdict
from kg.service.replies import Reply, refusal
from kg.web.pages import addresses
from kg.web.pages.assets import versioned

if TYPE_CHECKING:
    from jinja2 import Environment

HTML = "text/html"
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
POLICY_WITH_SCRIPTS = f"{POLICY}; script-src 'self'; connect-src 'self'"

_SIGNS = {
    Verdict.CORROBORATED: "✓✓",
    Verdict.CONSISTENT: "✓",
    Verdict.UNCHECKED: "?",
    Verdict.DISPUTED: "!",
    Verdict.REFUTED: "✗",
}
_HEADINGS = {400: "That cannot be asked", 404: "Nothing is known", 422: "The document cannot be read"}
_Words = ParamSpec("_Words")


def page(template: str, status: int = 200, *, policy: str = "", **values: Any) -> Reply:
    """The page that a template makes of values, with the policy of all pages or one of its own."""
    # The day that was asked for is in all links of a page.
    text = _environment().get_template(template).render({"as_of": None, **values})
    # Half of a pair of surrogates is no letter, and no UTF-8 either.
    return Reply(status, HTML, text.encode("utf-8", "replace"), policy=policy)


def error_page(reply: Reply) -> Reply:
    """The page for a reply that says in one line, as JSON, what is wrong."""
    import json

    message = json.loads(reply.body)["error"]
    heading = _HEADINGS.get(reply.status, "That did not work")
    return replace(page("error.html", reply.status, heading=heading, message=message), retry_after=reply.retry_after)


def rendered(make: Callable[_Words, Reply]) -> Callable[_Words, Reply]:
    """The same function, whose errors of ours become pages as well."""

    @wraps(make)
    def make_page(*words: _Words.args, **options: _Words.kwargs) -> Reply:
        try:
            return make(*words, **options)
        except KgError as exc:
            return error_page(refusal(exc))

    return make_page


@cache
def _environment() -> Environment:
    """Jinja, imported with the first page; its templates are read when they are first needed."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ModuleNotFoundError as exc:
        raise MissingExtra("a page", "web") from exc
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["number"] = "{:,}".format
    environment.globals.update(
        addresses=addresses,
        kinds=list(Kind),
        verdicts=list(Verdict),
        signs=_SIGNS,
        versioned=versioned,
    )
    return environment
