"""Questions with a yes or a no, asked of the rows: is any step possible, and whose gains can be had together."""

from __future__ import annotations

import itertools
import time

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.errors import SolverError
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.rows import Rows
from detente.solver.linear import Expression

__all__ = ["add_broken", "any_step", "gaining", "is_large"]

_MANY = 20_000  # measures times phases from which on schedules are written by entries
_MENDS = 50  # times that rows are tightened before a search for any step gives up
_STEP_NODES = 20_000  # of the search tree, for any step
_SOME = 1e-6  # of a party's size: a smaller gain is none
_FIRST_NODES = 20  # for one set of parties, before walks are asked
_GAIN_NODES = {False: 20_000, True: 20}  # for one set of parties: in a case that is not large, and in one that is


def is_large(instance: Instance) -> bool:
    """Whether the case is written by entries and searched by trials alone."""
    return len(instance.measures) * instance.phases >= _MANY


def any_step(rows: Rows, seconds: float = 20.0) -> bool:
    """Whether some roadmap with at least one new step satisfies the rows, in exact arithmetic.

    Raises
    ------
    SolverError
        If the time is over before that is known.
    """
    deadline = time.monotonic() + seconds
    rows.programme.row(rows.schedule.entered(), 1.0)
    mended = 0
    while mended < _MENDS and time.monotonic() < deadline:
        solution = rows.programme.solve(Expression(), seconds=deadline - time.monotonic(), nodes=_STEP_NODES)
        if solution.status == "infeasible":
            return False
        if solution.point is None:
            break
        if add_broken(rows, solution.point):
            continue
        certificate = certify(rows.instance, rows.roadmap(solution.point), **rows.asks)
        if certificate.holds:
            return True
        tightened = [rows.tighten(row) for row in certificate.broken]
        if not all(tightened):
            break
        mended += 1
    limits = f"{seconds:g} s, {_STEP_NODES} nodes and {_MENDS} repairs"
    raise SolverError(f"{rows.instance.case}: whether any step is possible was not found out within {limits}")


def gaining(rows: Rows, deadline: float) -> tuple[tuple[str, ...], ...]:
    """The largest sets of touched parties that can all gain together while the other touched parties do not lose.

    Mostly one set, all of them; several of one size where gains exclude each other; none where nobody can gain. Where the first
    nodes do not tell, walks may (module `plan.walk.ladder`). Where the nodes or the time end before it is known, all touched
    parties.
    """
    parties, programme = rows.instance.touched, rows.programme
    if parties and _all_gain(rows, Roadmap.empty(rows.instance)):
        return (parties,)
    gains = {i: rows.gain(i) for i in parties}
    for size in range(len(parties), 0, -1):
        together = []
        for chosen in itertools.combinations(parties, size):
            if time.monotonic() > deadline:
                return (parties,)
            least = Expression(programme.columns(1, 0.0, 1e9), np.ones(1))
            held = [programme.row(gains[i] - least if i in chosen else gains[i]) for i in parties]
            gain = _some_gain(rows, least, deadline, _FIRST_NODES)
            if gain is None:
                if size == len(parties) and not is_large(rows.instance):
                    from detente.plan.walk.ladder import descended

                    if _all_gain(rows, descended(rows.instance, "nash", **rows.asks)):
                        return (parties,)
                gain = _some_gain(rows, least, deadline, _GAIN_NODES[is_large(rows.instance)])
            programme.drop(held)
            if gain is None:
                return (parties,)
            if gain:
                together.append(chosen)
        if together:
            return tuple(together)
    return ()


def _all_gain(rows: Rows, roadmap: Roadmap | None) -> bool:
    """Whether a roadmap holds and lets all touched parties gain."""
    if roadmap is None:
        return False
    certificate = certify(rows.instance, roadmap, **rows.asks)
    gains = {i: certificate.value[i] - certificate.no_deal[i] for i in rows.instance.touched}
    return certificate.holds and all(gain > _SOME * rows.size[i] for i, gain in gains.items())


def _some_gain(rows: Rows, least: Expression, deadline: float, nodes: int) -> bool | None:
    """Whether the smallest gain can be positive; None: not known when the nodes or the time were over."""
    empty = rows.point(Roadmap.empty(rows.instance))
    while True:
        start = np.append(empty, np.zeros(rows.programme.size - len(empty)))
        solution = rows.programme.solve(least, seconds=deadline - time.monotonic(), nodes=nodes, stop_at=_SOME, start=start)
        if solution.value < _SOME:  # nothing found: a proof only where the search came to its end
            return False if solution.status in ("optimal", "infeasible") else None
        assert solution.point is not None
        if not add_broken(rows, solution.point):
            return True


def add_broken(rows: Rows, point: NDArray[np.float64]) -> bool:
    """Add the trust rows that a point breaks; whether there were any."""
    added = False
    for trust in rows.trust.values():
        for t in trust.broken_at(point):
            trust.add(t)
            added = True
    return added
