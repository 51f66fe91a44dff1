"""How two sides act on each other: reciprocity, change points, steps without an answer, contacts."""
