"""Prints the page of questions: `python -m kg.queries > docs/queries.md`."""

import sys

from kg.queries.documentation import page

sys.stdout.write(page())
