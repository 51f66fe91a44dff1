"""Figures in a text as a reader takes them: which are numbers, which are dates, and whether one is what a result says."""

from __future__ import annotations

import calendar
import math
import re

__all__ = ["DATE", "NUMBER", "shows"]

MONTHS = "|".join(f"{m}|{m[:3]}" for m in calendar.month_name[1:])
DATE = re.compile(rf"(\d{{1,2}} )?({MONTHS}) \d{{4}}")
NUMBER = re.compile(r"[+\u2212-]?\d[\d,]*(?:\.\d+)?%?")


def shows(text: str, value: float) -> bool:
    """Whether a figure is a number as a reader takes it: right to its last digit, or to two digits that count."""
    share = text.endswith("%")
    if text in ("under 1%", "over 99%"):
        return 0 < value < 0.01 if text.startswith("under") else 0.99 < value < 1
    if text == "about 0":
        return abs(value) < 0.001
    digits = text.replace("\u2212", "-").replace(",", "").rstrip("%")
    shown, value = float(digits), value * 100 if share else value
    if not share and "." not in digits and isinstance(value, int):
        return shown == value
    last = 10.0 ** -len(digits.partition(".")[2])
    two = 10.0 ** (math.floor(math.log10(abs(shown))) - 1) if shown else last
    return abs(shown - value) <= max(last, two if not share else last) / 2 + 1e-9
