"""Fetching files that others publish: the only part of Détente that opens a connection, and only when it is asked to."""
