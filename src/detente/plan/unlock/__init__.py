"""What would make more possible: the cheapest supports with which a target is reached, and the smallest change of values."""
