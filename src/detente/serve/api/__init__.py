"""JSON for programs and for the pages: the same names as ``--json`` of the commands."""
