"""A certificate that either side can check for itself: the file, and the program that stands alone."""
