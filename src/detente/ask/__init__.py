"""Asking: which question is worth its minutes, and what its answer changes."""
