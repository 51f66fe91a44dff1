"""The roadmap problem as a mixed-integer linear programme: columns, rows, trust rows, objective; the loop and the searches."""
