"""Local search: a roadmap made better, or made to hold, by moving one measure at a time."""
