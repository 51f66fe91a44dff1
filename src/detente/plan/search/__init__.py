"""The best roadmap as a mixed-integer linear programme: its columns, its rows, its objective, and the search by branching."""
