"""How Sphinx makes the site: from the pages that are read on their own as well, so that there is one text of each.

The root of the repository is the source, so that links between pages hold here as they do in the repository.
"""

from __future__ import annotations

import sys
from pathlib import Path

import kg

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

project = "billing-kg"
author = "The billing-kg authors"
copyright = author
version = release = kg.__version__

root_doc = "docs/index"
include_patterns = [
    "*.md", "docs/*.md", "docs/extending/*.md", "docs/start/*.md",
    "decisions/*.md", "data/README.md", "benchmarks/RESULTS.md",
]  # fmt: skip
extensions = ["myst_parser", "sphinx.ext.autodoc", "docs.site.extension"]
source_suffix = {".md": "markdown"}

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
# Pages begin with any level of heading, and examples are cut short with "…", which no language knows.
suppress_warnings = ["myst.header", "misc.highlighting_failure"]

# Docstrings are Markdown as far as `code` goes, and begin with a sentence.
default_role = "code"
autodoc_default_options = {"members": True, "member-order": "groupwise"}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 100
# Types are shown and not linked: most are of modules that have no page.
nitpicky = False

html_theme = "furo"
html_title = "billing-kg"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
highlight_language = "text"
