"""Queries: competency questions kept as `.rq` files, and what runs them and any other SPARQL on a store."""

from kg.queries.catalogue import CatalogueQuery, Column, Parameter, catalogue, find
from kg.queries.running import run
from kg.queries.table import Cell, Table

__all__ = ["CatalogueQuery", "Cell", "Column", "Parameter", "Table", "catalogue", "find", "run"]
