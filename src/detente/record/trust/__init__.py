"""How far trust has come: Bayes on what was promised and what was done."""
