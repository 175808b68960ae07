"""Tables, lists and labelled lines: what rows and entries state."""
