"""Data → one HTML file that holds all it needs and asks nobody for more.

Text from documents is in the JSON block only, where no parser takes it for markup, and `page.js` shows it as
text nodes. The Content-Security-Policy allows the two scripts and the style sheet by their hashes and nothing
else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from kg.drawing import pyvis_adapter
from kg.errors import ResourceError

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Inside a script element, these could end it, open a comment, or (the last two) end a line of script.
_ESCAPES = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}


def page(data: dict[str, Any]) -> str:
    """The whole page, as text that is fit for strict UTF-8."""
    scripts = {"library": pyvis_adapter.script(), "script": _file("page.js")}
    style = _file("page.css")
    title = _LONE_SURROGATE.sub("\ufffd", data["title"]).replace("\x00", "\ufffd")
    # One pass over the template, so that nothing that was put in is looked at again.
    return Template(_file("page.html")).substitute(
        policy=policy(list(scripts.values()), style),
        title=escape(title),
        style=style,
        data=json_block(data),
        **scripts,
    )


def policy(scripts: list[str], style: str) -> str:
    """The Content-Security-Policy: these scripts, this style sheet, and no request at all."""
    allowed = " ".join(f"'{_digest(each)}'" for each in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src '{_digest(style)}'; base-uri 'none'; form-action 'none'"
    )


def json_block(data: Any) -> str:
    r"""JSON that may stand inside a script element.

    >>> json_block({"quote": "</script>"})
    '{"quote":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _LONE_SURROGATE.sub("\ufffd", text).translate(_ESCAPES)


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _file(name: str) -> str:
    path = Path(__file__).with_name(name)
    try:
        # Text mode gives line feeds, as HTML parsers do before they hash a script.
        return path.read_text("utf-8")
    except OSError as error:
        raise ResourceError(f"billing-kg is installed without its file {name}; install it again") from error
