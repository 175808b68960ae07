"""The outline: whom a document speaks of, and the scope of each of its blocks."""
