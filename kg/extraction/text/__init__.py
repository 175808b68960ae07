"""Text: what stands in a document, found once: tokens, codes, ranges, names and sentences."""
