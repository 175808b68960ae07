"""What Sphinx makes for the pages: `kg-commands`, `kg-classes`, `kg-properties`, `kg-values` and `kg-model`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx

from docs.site import commands, model, ontology


def _of_lines(blocks: Callable[[], Iterator[str]]) -> type[Directive]:
    """A directive in whose place lines of Markdown stand."""

    class Lines(Directive):
        def run(self) -> list[nodes.Node]:
            text = StringList([line for block in blocks() for line in block.split("\n")], "made")
            found = nodes.section()
            found.document = self.state.document
            self.state.nested_parse(text, self.lineno, found, match_titles=True)
            return list(found.children)

    return Lines


class Model(Directive):
    """The picture of the model: of its concepts, or of all else."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        return [nodes.raw("", model.picture(self.arguments[0] == "concepts"), format="html")]


def _folders(app: Sphinx, page: nodes.document) -> None:
    """A folder of the repository is no page: its name stands there without a link."""
    folder = Path(app.env.doc2path(app.env.docname)).parent
    for link in list(page.findall(addnodes.pending_xref)):
        if link.get("reftype") == "myst" and (folder / link["reftarget"]).is_dir():
            link.replace_self(link.children)


def _first_page(app: Sphinx, failure: Exception | None) -> None:
    """The address of the site itself leads to its first page."""
    if failure is None and app.builder.format == "html":
        first = f"{app.config.root_doc}.html"
        Path(app.outdir, "index.html").write_text(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>billing-kg</title>'
            f'<meta http-equiv="refresh" content="0; url={first}"><a href="{first}">billing-kg</a></html>\n',
            encoding="utf-8",
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """What Sphinx calls."""
    app.add_directive("kg-commands", _of_lines(commands.lines))
    app.add_directive("kg-classes", _of_lines(ontology.classes))
    app.add_directive("kg-properties", _of_lines(ontology.properties))
    app.add_directive("kg-values", _of_lines(ontology.values))
    app.add_directive("kg-model", Model)
    app.connect("doctree-read", _folders)
    app.connect("build-finished", _first_page)
    return {"parallel_read_safe": True}
