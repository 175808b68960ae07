"""Prose: what sentences state, clause by clause."""
