"""The pages for people: made by workers out of templates, with an address each, and without any script."""
