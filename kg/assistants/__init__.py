"""Tools for assistants: a server that speaks the Model Context Protocol over standard input and output.

Its questions are those of `kg.service`, answered by the same workers within the same limits.
"""
