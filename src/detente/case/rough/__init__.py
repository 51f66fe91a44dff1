"""A case in words: the table of what follows from them, what of a case is assumed, and forms in which a case is taken down."""
