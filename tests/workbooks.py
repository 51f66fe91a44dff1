"""A case as somebody fills it in on a spreadsheet."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from typing import Any

from detente.case.rough.template import workbook

PARTIES = (("North", "fair", "slight cost", "heavy"), ("South", "short", "nothing", "light"))
MEASURES = (
    ("Open the weir", "North", None, None, "transfer", "small cost", "large gain", None, "Water board"),
    ("Mend the road", "South", None, None, "works", "medium gain", "small cost"),
    ("Water board", "North", "South", None, "contact", "slight gain", "slight gain", "yes"),
)
DEMANDS = (("North", "Mend the road", "Open the weir", "high"), ("South", "Open the weir", "Mend the road", None))


def filled(*changes: Callable[[Any], object]) -> io.BytesIO:
    """The template as somebody filled it in, with changes, saved."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(workbook(("North", "South"))))
    for n, value in enumerate(("Two towns", datetime.date(2024, 3, 1), "1 month", 24), 1):
        book["Case"].cell(n, 2, value)
    for sheet, rows in (("Parties", PARTIES), ("Measures", MEASURES), ("Demands", DEMANDS)):
        for n, row in enumerate(rows, 2):
            for k, value in enumerate(row, 1):
                book[sheet].cell(n, k, value)
    book["Trust"]["C2"], book["Trust"]["C3"] = "little", "some"
    for change in changes:
        change(book)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out
