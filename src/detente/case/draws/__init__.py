"""What is uncertain in a case, and how it is drawn."""
