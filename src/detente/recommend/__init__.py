"""Which roadmap to recommend: the one that does best in plays, and the others that somebody may want in its place."""
