"""The series of all units side by side.

y[u, t] is the value of unit u in period t = 0..T-1, counted from the table's first period; NaN: not known. What the table does
not mention is read in one of two ways, and the result says which:

zero : a unit without a row in a period had nothing in it (tables of events and sums leave zeros out)
gap  : it is not known

Two holes are no zeros. A last period that is not complete is left out. A period in which no unit has a row is not known where
so many units would hardly all be silent: let q[u] = (periods without a row + 1/2) / (periods + 1), from the first row of u on.
If all were silent independently, a table of T periods would have T prod_u q[u] such periods; below 1/20 they count as holes.

A unit exists from its first row on: at an origin before that it is unknown, and it is not forecast. (With `zero` its value
before the first row is 0 all the same: the table was looking.)

Where every value lies within a billionth of a whole number, whole numbers are meant: sums of shares leave such dust behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.case.profile import Judgements
from detente.errors import InputError
from detente.forecast.periods import YEAR, label, period_of
from detente.forecast.profile import plain_profile
from detente.forecast.table import Long

__all__ = ["MISSING", "Panel", "panel_of"]

MISSING = ("zero", "gap")
_MOST_CELLS = 20_000_000
_DUST = 1e-9
_SURELY = 0.05

Series = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Panel:
    """U units over T periods.

    units : tuples of names. first : the number of period 0. y : of shape (U, T). born : the period of the first row of each
    unit, of shape (U,). judged : what is taken for granted.
    """

    source: str
    by: str
    columns: tuple[str, ...]
    units: tuple[tuple[str, ...], ...]
    first: int
    y: Series = field(repr=False)
    born: NDArray[np.int64] = field(repr=False)
    missing: str = "zero"
    notes: tuple[str, ...] = ()
    judged: Judgements = field(default_factory=plain_profile, repr=False)

    @property
    def periods(self) -> int:
        """T."""
        return int(self.y.shape[1])

    @property
    def year(self) -> int:
        """How many periods make a season's round."""
        return YEAR[self.by]

    def label(self, t: int) -> str:
        """Period t as it is written."""
        return label(self.first + t, self.by)

    def name(self, u: int) -> str:
        """A unit in words."""
        return ", ".join(self.units[u])

    def place(self, unit: Sequence[str]) -> int:
        """The place of a unit; a name with commas in it may come in pieces, as long as only one unit has these.

        Raises
        ------
        InputError
            If the table has no such unit.
        """
        wanted = tuple(x.strip() for x in unit)
        if wanted in self._places:
            return self._places[wanted]
        pieces = [n for n, u in enumerate(self.units) if _pieces(u) == _pieces(wanted)]
        if len(pieces) == 1:
            return pieces[0]
        from detente.base.wording import suggestion

        names = [", ".join(u) for u in self.units]
        hint = suggestion(", ".join(wanted), names[:10_000]) or f"the first units are {'; '.join(names[:5])}"
        raise InputError(f"{self.source}: got the unit {', '.join(wanted)!r}, wanted one of its {len(names):,} units ({hint})")

    @cached_property
    def _places(self) -> dict[tuple[str, ...], int]:
        return {u: n for n, u in enumerate(self.units)}

    @cached_property
    def partners(self) -> NDArray[np.int64]:
        """For units of two names, the unit with the names the other way round; -1 where there is none. Of shape (U,)."""
        found = [self._places.get((u[1], u[0]), -1) if len(u) == 2 and u[0] != u[1] else -1 for u in self.units]
        return np.array(found, dtype=np.int64)

    def time(self, text: str) -> int:
        """The place of a period from its label or a date.

        Raises
        ------
        InputError
            If it cannot be read or lies outside the table.
        """
        number = period_of(text, self.by)
        last = self.periods - 1
        if number is None:
            example = self.label(last)
            raise InputError(f"got the {self.by} {text!r}, wanted one such as {example}")
        if not 0 <= number - self.first <= last:
            raise InputError(
                f"got the {self.by} {text!r}, wanted one from {self.label(0)} to {self.label(last)}, as in {self.source}"
            )
        return number - self.first


def panel_of(long: Long, *, missing: str = "zero") -> Panel:
    """Lay the cells of a table out by unit and period.

    Raises
    ------
    InputError
        If the table is one value only, or too large to be laid out.
    """
    if missing not in MISSING:
        raise InputError(f"missing: got {missing!r}, wanted {' or '.join(MISSING)}")
    first, last = min(c.period for c in long.cells), max(c.period for c in long.cells)
    if long.unfinished is not None and last > first:
        long = _finished(long, last)
        last = max(c.period for c in long.cells)
    periods = last - first + 1
    units = tuple(dict.fromkeys(c.unit for c in long.cells))
    if len(units) * periods > _MOST_CELLS:
        raise InputError(
            f"{long.source}: got {len(units):,} units in {periods:,} periods, wanted at most {_MOST_CELLS:,} values "
            "(take longer periods, or fewer units)"
        )
    y = np.full((len(units), periods), 0.0 if missing == "zero" else np.nan)
    born = np.full(len(units), periods, dtype=np.int64)
    places = {u: n for n, u in enumerate(units)}
    for c in long.cells:
        u, t = places[c.unit], c.period - first
        y[u, t] = np.nan if c.value is None else c.value
        born[u] = min(born[u], t)
    empty, hole = _empty(long, born, first, periods)
    if hole and missing == "zero":
        y[:, empty] = np.nan
    y = _whole(y)
    seen = np.unique(y[np.isfinite(y)])
    if len(seen) < 2:
        raise InputError(
            f"{long.source}: got {'no value' if not len(seen) else f'the one value {seen[0]:g}'} throughout, wanted a "
            "series that "
            "changes (is it the right column?)"
        )
    return Panel(
        long.source,
        long.by,
        long.columns,
        units,
        first,
        y,
        born,
        missing,
        (*long.notes, *_notes(long, y, missing, len(empty), hole)),
    )


def _whole(y: Series) -> Series:
    nearest = np.rint(y)
    return nearest if bool((np.isnan(y) | (np.abs(y - nearest) <= _DUST * np.maximum(np.abs(y), 1.0))).all()) else y


def _finished(long: Long, last: int) -> Long:
    note = (
        f"The last {long.by}, {label(last, long.by)}, is left out: it is not complete, since the last row is of "
        f"{long.unfinished} and no silence before was as long as the one to its end (a row on its last day, of value 0 where "
        "nothing happened, says that it is complete)."
    )
    return replace(long, cells=tuple(c for c in long.cells if c.period < last), notes=(*long.notes, note), unfinished=None)


def _empty(long: Long, born: NDArray[np.int64], first: int, periods: int) -> tuple[list[int], bool]:
    """The periods in which no unit has a row, and whether they are holes."""
    filled = {c.period - first for c in long.cells}
    empty = [t for t in range(periods) if t not in filled]
    rows = Counter(c.unit for c in long.cells)
    silent = [(periods - b - n + 0.5) / (periods - b + 1) for n, b in zip(rows.values(), born.tolist(), strict=True)]
    return empty, periods * float(np.prod(silent)) < _SURELY


def _notes(long: Long, y: Series, missing: str, empty: int, hole: bool) -> list[str]:
    absent = y.size - len(long.cells)
    notes = []
    if absent:
        read = "zero" if missing == "zero" else "not known"
        other = "gap" if missing == "zero" else "zero"
        notes.append(
            f"{absent / y.size:.0%} of unit-{long.by}s have no row: read as {read} (--missing {other} reads them otherwise)."
        )
    if empty and missing == "zero":
        read = (
            "so many units would hardly all be silent, so they are read as not known" if hole else "they are read as zero, too"
        )
        notes.append(f"In {empty:,} of {y.shape[1]:,} periods no unit has a row; {read}.")
    constant = int((np.nanmax(np.nan_to_num(y), axis=1) == np.nanmin(np.nan_to_num(y), axis=1)).sum())
    if constant:
        notes.append(f"{constant:,} of {len(y):,} units never change.")
    return notes


def _pieces(unit: Sequence[str]) -> list[str]:
    """What stands between the commas in the name of a unit."""
    return [piece.strip() for name in unit for piece in name.split(",")]
