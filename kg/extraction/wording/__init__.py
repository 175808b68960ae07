"""Wording: what documents say in words, by kept lists."""
