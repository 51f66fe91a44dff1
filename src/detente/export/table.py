"""A roadmap as CSV (RFC 4180), a line a step, for spreadsheets.

The file begins with a byte order mark, by which spreadsheets know UTF-8. A text that a spreadsheet would take for a formula (it
begins with =, +, -, @, a tab or a line end) stands behind an apostrophe, which is how a spreadsheet is told that it is text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from detente.export.steps import Dated

__all__ = ["COLUMNS", "cell", "table"]

COLUMNS = (
    "number", "phase", "enters", "work_phase", "work_starts", "step", "kind", "parties", "party_ids", "measures", "waits_for",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def table(steps: Sequence[Dated]) -> str:
    """The text of the file. Where several stand in a cell, semicolons are between them."""
    out = io.StringIO(newline="")
    write = csv.writer(out).writerow
    write(COLUMNS)
    for s in steps:
        when = [s.number, s.phase, s.day.isoformat(), s.started, s.start.isoformat()]
        lists = [s.names, s.parties, s.measures, map(str, s.needs)]
        write([*when, *map(cell, (s.title, s.kind, *map("; ".join, lists)))])
    return "\ufeff" + out.getvalue()


def cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
