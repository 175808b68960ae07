"""Graph: the RDF side: vocabulary, quads, the store, the build, and reading it back."""
