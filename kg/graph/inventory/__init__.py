"""All that a graph holds as rows of a few tables, for programs that know tables and no RDF."""
