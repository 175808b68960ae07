"""Measurements. `python -m benchmarks` compares with other engines; the other modules measure one part each."""
