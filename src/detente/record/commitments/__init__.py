"""Who owes what by when, how far it is done, and who reads it how."""
