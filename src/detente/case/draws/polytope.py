"""The polytope that comparisons leave of the ranges, and what in it is tied to what.

    P = { x :  low <= x <= high,   more * x[upper] - less * x[lower] >= 0  for every comparison }

A comparison that the ranges imply (the lowest of the one is at least the highest of the other) ties nothing and is left out.
The rest join quantities into sets that have to be drawn together; every other quantity is drawn by itself.

The comparisons are refused where P has no interior: then they contradict the ranges or each other, or are true only on an edge,
such as a circle of preferences (a over b over a) that would make all its values equal. Whether there is an interior is one
linear programme a set: the largest t <= 1 such that every inequality, in units of the widths of the ranges, holds with room t.
Its solution is a point from which to start. Room below 1e-9 counts as none.

The minimal contradictory set is found by leaving out one entry (a comparison, or a value with its range) after the other: what
can be left out without the contradiction going away is left out (deletion filter: Chinneck and Dravnieks 1991). What remains is
contradictory, and no part of it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.base.text import Path, dotted
from detente.case.draws.quantities import Preference, Quantity, preferences
from detente.case.draws.widen import Spans
from detente.errors import CaseError, Fault
from detente.solver.linear import Expression, Programme, UnboundedError, column

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["Tied", "contradiction", "tied"]

ROOM = 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tied:
    """Quantities that have to be drawn together, D of them.

    low, high : bounds, of shape (D,), finite. rows : of shape (R, D), constants : of shape (R,); rows @ x + constants >= 0.
    start : a point in the interior, of shape (D,). comparisons : their places in the case file.
    """

    quantities: tuple[Quantity, ...]
    low: Floats
    high: Floats
    rows: Floats
    constants: Floats
    start: Floats
    comparisons: tuple[int, ...]


def tied(case: Case, spans: Spans) -> tuple[Tied, ...]:
    """The sets of quantities that the comparisons tie together.

    Raises
    ------
    CaseError
        If comparisons contradict each other or the ranges, with a minimal contradictory set for each contradiction; or if a
        value is compared and not given and nothing bounds it. Every fault at once, each with its line.
    """
    faults: list[Fault] = []
    sets = []
    for group in _groups(preferences(case, spans)):
        against = _contradictions(case, group)
        faults += against
        if not against:
            made, unbounded = _polytope(case, group)
            faults += unbounded
            sets += made
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        title = f"{case.source or case.case}: {count} in the comparisons of this case"
        raise CaseError(title, source=case.source or case.case, faults=sorted(set(faults)))
    return tuple(sets)


def contradiction(given: Sequence[Preference]) -> tuple[tuple[Preference, ...], tuple[Quantity, ...]] | None:
    """A minimal contradictory set: comparisons, and values with their ranges; None where there is room for all."""
    values = {q.path: q for p in given for q in (p.upper, p.lower) if q.is_given}
    if _room(given, values) > 0:
        return None
    kept, ranges = list(given), dict(values)
    for p in given:
        rest = [x for x in kept if x is not p]
        if _room(rest, ranges) <= 0:
            kept = rest
    for path in list(ranges):
        fewer = {k: q for k, q in ranges.items() if k != path}
        if _room(kept, fewer) <= 0:
            ranges = fewer
    return tuple(kept), tuple(ranges.values())


def _groups(given: Iterable[Preference], *, fixed: bool = True) -> list[list[Preference]]:
    """Comparisons joined by the values that they name; without `fixed` a value that cannot move joins nothing."""
    groups: list[tuple[set[Path], list[Preference]]] = []
    for p in given:
        paths, members = {q.path for q in (p.upper, p.lower) if fixed or not q.is_fixed}, [p]
        apart = []
        for other in groups:
            if other[0] & paths:
                paths, members = paths | other[0], [*other[1], *members]
            else:
                apart.append(other)
        groups = [*apart, (paths, members)]
    return [sorted(members, key=lambda p: p.index) for paths, members in groups if paths]


def _is_implied(p: Preference) -> bool:
    if p.upper.path == p.lower.path:
        return p.more == p.less
    low, high = p.upper.low, p.lower.high
    return low is not None and high is not None and p.more * low >= p.less * high


def _contradictions(case: Case, group: Sequence[Preference]) -> list[Fault]:
    """A fault for each contradiction; once one is found, its last comparison is set aside and the rest is looked at again."""
    faults = []
    rest = list(group)
    while (found := contradiction(rest)) is not None:
        comparisons, values = found
        named: list[tuple[Path, str]] = [(("comparisons", p.index), _said(p)) for p in comparisons]
        named += [(q.path, f"{q.name} {_range(q)}") for q in values]
        lines = "; ".join(f"line {case.where(path)[0]}: {text}" for path, text in named)
        message = f"this comparison cannot be true together with the others and the ranges: {lines}"
        hint = "these cannot all stand and leave room for any values; take out or change one of them"
        last = comparisons[-1]
        faults.append(Fault(*case.where(("comparisons", last.index)), dotted(("comparisons", last.index)), message, hint))
        rest.remove(last)
    return faults


def _said(p: Preference) -> str:
    return f"{p.upper.party} prefers {_part(p.upper, p.more)} to {_part(p.lower, p.less)}"


def _part(q: Quantity, share: object) -> str:
    return str(q.measure) if share == 1 else f"a slice of {q.measure}"


def _range(q: Quantity) -> str:
    low, high = float(q.low or 0), float(q.high or 0)
    if q.by_spread:
        return f"is {float(q.likely):g} (from {low:g} to {high:g} by the spread)"
    return f"is {low:g}" if q.is_fixed else f"lies from {low:g} to {high:g}"


def _polytope(case: Case, group: Sequence[Preference]) -> tuple[list[Tied], list[Fault]]:
    """The polytopes of comparisons that agree, and the quantities that nothing bounds."""
    real = [p for p in group if not _is_implied(p)]
    free = {q.path: q for p in real for q in (p.upper, p.lower) if not q.is_given}
    bounds, faults = {}, []
    for path, q in free.items():
        low, high = (_extreme(group, q, side) for side in (1.0, -1.0))
        if low is None or high is None:
            where = next(p for p in real if path in (p.upper.path, p.lower.path))
            side = "below nor above" if low is None and high is None else "below" if low is None else "above"
            message = f"the value of {q.measure} to {q.party} is compared and not given, and nothing bounds it from {side}"
            if side == "below nor above":
                message = message.replace("from below nor above", "from below or above")
            hint = f"give {dotted(path)} a range [low, likely, high], or compare it with values that have one"
            place = ("comparisons", where.index)
            faults.append(Fault(*case.where(place), dotted(place), message, hint))
        else:
            bounds[path] = (low, high)
    if faults:
        return [], faults
    return [_tied(part, bounds) for part in _groups(real, fixed=False)], []


def _tied(part: Sequence[Preference], bounds: dict[Path, tuple[float, float]]) -> Tied:
    unfixed = {q.path: q for p in part for q in (p.upper, p.lower) if not q.is_fixed}
    place = {path: n for n, path in enumerate(unfixed)}
    rows, constants = np.zeros((len(part), len(place))), np.zeros(len(part))
    for n, p in enumerate(part):
        for q, factor in ((p.upper, float(p.more)), (p.lower, -float(p.less))):
            if q.is_fixed:
                constants[n] += factor * float(q.likely)
            else:
                rows[n, place[q.path]] += factor
    low = np.array([bounds[path][0] if q.low is None else float(q.low) for path, q in unfixed.items()])
    high = np.array([bounds[path][1] if q.high is None else float(q.high) for path, q in unfixed.items()])
    start = _inside(part, unfixed, place)
    return Tied(tuple(unfixed.values()), low, high, rows, constants, start, tuple(p.index for p in part))


def _inside(part: Sequence[Preference], unfixed: dict[Path, Quantity], place: dict[Path, int]) -> Floats:
    values = {q.path: q for p in part for q in (p.upper, p.lower) if q.is_given}
    _, point = _roomiest(part, values)
    out = np.empty(len(place))
    for path in unfixed:
        out[place[path]] = point[path]
    return out


# ---- linear programmes ---------------------------------------------------------------------------------------------------


def _room(given: Sequence[Preference], ranges: dict[Path, Quantity]) -> float:
    """The largest room t; at most 0 where there is none. `ranges`: the values whose ranges count."""
    room = _roomiest(given, ranges)[0]
    return room if room > ROOM else 0.0


def _roomiest(given: Sequence[Preference], ranges: dict[Path, Quantity]) -> tuple[float, dict[Path, float]]:
    values = _Values(given)
    room = values.programme.variable(-1e6, 1.0)
    for path, q in ranges.items():
        if path not in values.column or q.low is None or q.high is None:
            continue
        low, high = float(q.low) / values.unit, float(q.high) / values.unit
        if q.is_fixed:
            values.programme.row(values.of(q), low, low)
            continue
        values.programme.row(values.of(q) - room * (high - low), low)
        values.programme.row(values.of(q) + room * (high - low), -np.inf, high)
    for p in given:
        if p.upper.path == p.lower.path and p.more == p.less:
            continue
        moves = not (p.upper.is_fixed and p.lower.is_fixed)  # room is asked for where something can move
        values.programme.row(values.surplus(p) - room if moves else values.surplus(p))
    point = values.best(room)
    if point is None:
        return 0.0, {}
    return room.at(point), {path: float(point[n]) * values.unit for path, n in values.column.items()}


def _extreme(given: Sequence[Preference], q: Quantity, sign: float) -> float | None:
    """The least (sign 1) or largest (sign -1) value that a quantity can have; None: without bound."""
    values = _Values(given)
    for x in {q.path: q for p in given for q in (p.upper, p.lower) if q.is_given}.values():
        values.programme.row(values.of(x), float(x.low or 0) / values.unit, float(x.high or 0) / values.unit)
    for p in given:
        values.programme.row(values.surplus(p))
    point = values.best(values.of(q) * -sign)
    return None if point is None else values.of(q).at(point) * values.unit


def _unit(given: Collection[Preference]) -> float:
    """The largest size of a number in the comparisons, so that the programme's numbers are near 1."""
    sizes = [abs(float(x)) for p in given for q in (p.upper, p.lower) for x in (q.low, q.high) if x is not None]
    return max(sizes, default=1.0) or 1.0


class _Values:
    """The compared values as columns of a programme, in multiples of `unit`."""

    def __init__(self, given: Sequence[Preference]) -> None:
        self.unit = _unit(given)
        self.programme = Programme()
        paths = dict.fromkeys(q.path for p in given for q in (p.upper, p.lower))
        self.column = dict(zip(paths, map(int, self.programme.columns(len(paths), -np.inf, np.inf)), strict=True))

    def of(self, q: Quantity) -> Expression:
        return column(self.column[q.path])

    def surplus(self, p: Preference) -> Expression:
        """By how much a comparison holds."""
        return self.of(p.upper) * float(p.more) - self.of(p.lower) * float(p.less)

    def best(self, goal: Expression) -> Floats | None:
        """A point at which the goal is largest; None where there is none (infeasible or without bound)."""
        try:
            return self.programme.solve(goal, tolerance=1e-10).point
        except UnboundedError:
            return None
