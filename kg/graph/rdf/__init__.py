"""The border to RDF: for each kind of thing a file that says how it is written and how it is read back."""
