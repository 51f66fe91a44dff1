"""What to do in which order: rows, solver, roadmap, certificate."""
