"""Frames: rows as data frames, as Arrow tables, and as tables of a notebook."""
