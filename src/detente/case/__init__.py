"""The stand-off as data."""
