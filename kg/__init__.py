"""billing-kg: a knowledge graph of US healthcare billing relationships, every edge with its evidence."""
