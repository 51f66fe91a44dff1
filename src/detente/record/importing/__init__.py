"""Importing files of events into the record."""
