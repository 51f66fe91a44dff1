"""Questions that will be resolved: their chance, a log of them, and the scores of whoever answered."""
