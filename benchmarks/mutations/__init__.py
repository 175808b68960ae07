"""Small faults made in a copy of the checkout, and which of them no test notices: `python -m benchmarks.mutations`.

Faults are made by walking the code of a layer and its tables; a seed chooses a sample. A line is tried with the tests
that reach it, as coverage.py tells, those of its own module first.

Why not a library: mutmut 3 changes only what stands inside functions, where many of our rules are patterns and tables
of a module, and it takes no seed. cosmic-ray changes the checkout itself, runs one command for all faults, and brings
a database and a web client. mutatest still needs coverage 5. What remains is small: the
walk is that of `ast`, the choice of tests is that of coverage.py, and the runs are those of pytest.
"""
