"""From the words of a case to ranges: a table, bundled by its name, with the changes that the case makes to it.

A phase lasts 1 / n of a year, so 12 / n months. From an entry x of the table, each of low, likely and high:

    irreversible, signal, worth, trust     x
    lag                                    x n / 12 phases, rounded to whole ones (half up), at least 1
    takes                                  x n / 12 phases, rounded to whole ones (half up)
    foresight                              discount per phase d = x^(1/n); what a phase takes away, 1 - d, to three digits
    breakdown                              x n: so many phases' worth of a medium measure, to three digits

What a measure states itself stays. What it does not, and its class says, is filled in before the case is checked: it is drawn,
planned and played as if the case had stated it, and is told as assumed. A measure in force takes no more time, and its signal
is part of the trust that is stated. A grade that the case defines goes before a word of the table.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from detente.base.frozen import Frozen
from detente.base.wording import LENGTH
from detente.case.profile import Bounds, Judgement, Judgements, judgements
from detente.case.rough.block import Rough
from detente.case.rough.entries import CLASSES, ENTRIES, FOLLOWING, WORDS
from detente.case.value import Value, exact
from detente.case.when import phases_a_year
from detente.errors import CaseError

__all__ = ["Table", "table", "table_of"]

_DIGITS = 3


@dataclass(frozen=True)
class Table(Frozen):
    """A table for words, for one length of a phase.

    entries : in the units of the table, by name. changed : those that the case changes. a_year : phases in a year.
    """

    name: str
    entries: Mapping[str, Judgement]
    changed: tuple[str, ...]
    a_year: float

    def words(self, key: str) -> dict[str, Value]:
        """The words that may be said of something, with their values per phase. key : of `entries.WORDS`."""
        return {word: self._value(f"{key}_{word}", word) for word in WORDS[key]}

    def of_class(self, given: str, key: str) -> Value:
        """What follows from a class. key : of `entries.FOLLOWING`."""
        return self._value(f"{key}_{given}")

    def fill(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The data of a case file with what follows from the classes of its measures."""
        measures = data.get("measures")
        if not isinstance(measures, Mapping):
            return dict(data)
        return {**data, "measures": {m: self._filled(spec) for m, spec in measures.items()}}

    def _filled(self, spec: Any) -> Any:
        given = spec.get("class") if isinstance(spec, Mapping) else None
        if given not in CLASSES:
            return spec
        keys = FOLLOWING[:2] if spec.get("in_force") is True else FOLLOWING
        return {**spec, **{key: self.of_class(given, key) for key in keys if key not in spec}}

    def _value(self, entry: str, word: str = "") -> Value:
        judged, key = self.entries[entry], entry.partition("_")[0]
        low, likely, high = (self._in_phases(key, exact(Decimal(str(x)))) for x in (judged.low, judged.value, judged.high))
        return Value(low, likely, high, word) if word else Value.of(likely if low == high else [low, likely, high])

    def _in_phases(self, key: str, x: Fraction) -> Fraction:
        if key in ("lag", "takes"):
            return Fraction(max(floor(float(x) * self.a_year / 12 + 0.5), 1 if key == "lag" else 0))
        if key == "foresight":
            return 1 - _rounded(1 - float(x) ** (1 / self.a_year))
        if key == "breakdown":
            return _rounded(float(x) * self.a_year)
        return x


def table(name: str, length: str, changes: Mapping[str, Value] | None = None) -> Table:
    """A bundled table. length : of a phase, such as ``1 month``. changes : entries that are otherwise.

    Raises
    ------
    CaseError
        If there is no such table.
    """
    found = _bundled(name)
    own = {
        key: Judgement(float(x.likely), float(x.low), float(x.high), "As the case has it.")
        for key, x in (changes or {}).items()
    }
    return Table(found.name, {**found.values, **own}, tuple(own), phases_a_year(length))


def table_of(data: Any) -> Table | None:
    """The table that the data of a case file name; None where they name none, or what names it is at fault itself."""
    rough, phases = (data.get(key) if isinstance(data, Mapping) else None for key in ("rough", "phases"))
    length = phases.get("length") if isinstance(phases, Mapping) else None
    if rough is None:
        return None
    try:
        block = Rough.model_validate(rough)
    except ValueError:
        block = Rough.model_validate("plain")
    return table(block.table, length if isinstance(length, str) and re.match(LENGTH, length) else "1 month", block.changes)


@functools.cache
def _bundled(name: str) -> Judgements:
    wanted = {}
    for key, exact_bounds in ENTRIES.items():
        least, most = sorted(exact_bounds.bounds.values())
        wanted[key] = Bounds(least, most, ranged=True)
    return judgements(name, "detente.case.rough", wanted, CaseError)


def _rounded(x: float) -> Fraction:
    return Fraction(f"{x:.{_DIGITS}g}")
