"""The documentation site: made by Sphinx from the pages, the ontology, `--help` and the docstrings."""
