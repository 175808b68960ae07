"""Data → one HTML file that holds all it needs and asks nobody for more.

Text from documents is in the JSON block only, where no parser takes it for markup, and the scripts show it as
text nodes. vis-network and our modules are one program, which stands in the page packed, since it is 80 % of most
pages; a loader unpacks and runs it. The Content-Security-Policy allows loader, program and style sheet by their hashes
and nothing else.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from functools import cache
from typing import Any

from kg.drawing import pyvis_adapter
from kg.drawing.bundling import bundle
from kg.drawing.still import still
from kg.drawing.texts import PAGE, page_file, texts
from kg.errors import MissingExtra

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Inside a script element, these could end it, open a comment, or (the last two) end a line of script.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def page(data: dict[str, Any]) -> str:
    """The whole page, as text that is fit for strict UTF-8."""
    return str(
        _template("page.html").render(
            policy=own_policy(is_live=bool(data.get("live"))),
            links=[concept for concept in data["concepts"] if data.get("live")],
            title=_fit(data["title"]),
            texts=texts()["page"],
            style=page_file("page.css"),
            data=json_block(data),
            program=packed(),
            loader=loader(),
            still=still_part(data),
        )
    )


def still_part(data: dict[str, Any]) -> str:
    """What a page shows where no script runs: a piece of HTML without scripts and styles, fit for strict UTF-8."""
    shown = _template("still.html").render(still=still(data), texts=texts()["page"], title=data["title"])
    return _fit(str(shown))


def policy(scripts: list[str], style: str) -> str:
    """The Content-Security-Policy: these scripts, this style sheet, and no request at all."""
    allowed = " ".join(f"'{_digest(part)}'" for part in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src '{_digest(style)}'; base-uri 'none'; form-action 'none'"
    )


def own_policy(*, is_live: bool = False) -> str:
    """The policy that each page has; that of a server, which sends it as a header as well, may ask this server."""
    own = policy([loader(), program()], page_file("page.css"))
    return f"{own}; connect-src 'self'" if is_live else own


def loader() -> str:
    """The script that unpacks and runs the program."""
    return page_file("loader.js")


@cache
def program() -> str:
    """All that a page runs: vis-network, then our script."""
    return f"{pyvis_adapter.script()}\n{script()}"


@cache
def packed() -> str:
    """The program as a page holds it; the same program gives the same letters."""
    return base64.b64encode(gzip.compress(program().encode(), mtime=0)).decode()


@cache
def script() -> str:
    """Our script, made of the modules that stand in `page/scripts`."""
    return bundle({name: page_file(f"scripts/{name}.js") for name in script_names()}, "start")


def script_names() -> list[str]:
    """The names of all modules, as they call each other."""
    folder = PAGE / "scripts"
    return sorted(file.relative_to(folder).with_suffix("").as_posix() for file in folder.rglob("*.js"))


def json_block(data: Any) -> str:
    r"""JSON that may stand inside a script element.

    >>> json_block({"quote": "</script>"})
    '{"quote":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _LONE_SURROGATE.sub("\ufffd", text).translate(_ESCAPES)


def _fit(text: str) -> str:
    """The same text without what HTML cannot hold."""
    return _LONE_SURROGATE.sub("\ufffd", text).replace("\x00", "\ufffd")


def _template(name: str) -> Any:
    try:
        import jinja2
    except ModuleNotFoundError as error:
        raise MissingExtra("drawing", "viz") from error
    # What is put in is never looked at again, and is escaped unless the template marks it as ours.
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(page_file(name))


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
