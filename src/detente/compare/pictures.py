"""Both pictures of a case at once: the frontier of speed against safety, and what each level of trust makes possible.

They share what was found: a roadmap that was looked for because it is fast may be the best one where trust is scarce, and the
other way round.

The same question is searched once on a machine. What is kept (`base.cache`) is numbers alone: an entry phase a measure of every
roadmap that is a record of its pool (`Pool.records`: each other one needs no less trust and is worth no more, so it is in no
answer), and the bounds. When it is read back, each certificate is made anew in exact arithmetic. Nothing is kept where the
clock decides, where a search failed, or of a case from standard input or a pipe.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from detente.base.cache import recall, remember
from detente.case.case import Case
from detente.compare import frontier as speed
from detente.compare import levels as trust
from detente.compare.frontier import Cap, Frontier
from detente.compare.levels import TrustLevels
from detente.compare.pool import Pool
from detente.compare.trust import reference
from detente.plan.roadmap import Roadmap
from detente.plan.tables.layout import entries
from detente.plan.tables.tables import is_schedule, roadmap_of

__all__ = ["Pictures", "pictures"]

_KIND = "pictures"


@dataclass(frozen=True)
class Pictures:
    """Both are None where nobody depends on another party's word; cut_short: the time was over before all was searched."""

    frontier: Frontier | None
    levels: TrustLevels | None
    cut_short: bool = False


class _Form(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class _Cap(_Form):
    """As `frontier.Cap`; needs : a fraction."""

    needs: Annotated[str, Field(pattern=r"^[0-9]{1,2000}(/[1-9][0-9]{0,1999})?$")]
    at_most: Annotated[float, Field(ge=0)]


class _Kept(_Form):
    """best, fast : records of both pools, entry phases in the order of the case. gaps : by level of the grid."""

    best: list[list[int]]
    fast: list[list[int]]
    gaps: list[float | None]
    caps: list[_Cap]


@dataclass(frozen=True)
class _Searched:
    """What the answer is read from."""

    best: Pool
    gaps: Sequence[float | None]
    fast: Pool
    caps: tuple[Cap, ...]


def pictures(
    case: Case,
    known: Sequence[Roadmap] = (),
    *,
    objective: str = "nash",
    thorough: bool = False,
    until: float = math.inf,
) -> Pictures:
    """Work both out.

    Parameters
    ----------
    known : roadmaps to begin with; the plan above all.
    objective : what the best roadmap of a level of trust is chosen for.
    thorough : finer grids, more search and more bounds; small cases to the end.
    until : on the clock of `time.monotonic`: what was found by then is the answer. inf: work is counted, not seconds.
    """
    if reference(case.instance) is None:
        return Pictures(None, None)
    begun = [entries(case.instance, roadmap).tolist() for roadmap in known]
    key = case.key(objective, thorough, begun) if math.isinf(until) else None
    searched = None if key is None else _before(case, objective, thorough, key)
    if searched is None:
        searched = _search(case, known, objective, thorough, until)
        if key is not None and not (searched.best.failed or searched.fast.failed):
            remember(_KIND, key, _kept(searched).model_dump())
    return _read(case, searched, thorough)


def _search(case: Case, known: Sequence[Roadmap], objective: str, thorough: bool, until: float) -> _Searched:
    best = trust.filled(case, objective, known, thorough, until)
    fast, caps = speed.filled(case, [*known, *(m.roadmap for m in best.members(1))], thorough, like=best)
    for member in fast.members():
        best.add(member.roadmap)
    return _Searched(best, trust.gaps(best, thorough), fast, caps)


def _read(case: Case, found: _Searched, thorough: bool) -> Pictures:
    frontier = speed.read(case, found.fast, found.caps, thorough)
    levels = trust.read(case, found.best, found.gaps, thorough)
    return Pictures(frontier, levels, found.best.cut_short or found.fast.cut_short)


def _kept(found: _Searched) -> _Kept:
    best, fast = ([entries(p.instance, m.roadmap).tolist() for m in p.records()] for p in (found.best, found.fast))
    return _Kept(
        best=best, fast=fast, gaps=list(found.gaps), caps=[_Cap(needs=str(c.needs), at_most=c.at_most) for c in found.caps]
    )


def _before(case: Case, objective: str, thorough: bool, key: str) -> _Searched | None:
    """What was found the last time; None: nothing that has the right form, and rows that hold."""
    it = case.instance
    try:
        kept = _Kept.model_validate(recall(_KIND, key))
    except ValidationError:
        return None
    right = all(is_schedule(it, e) for e in (*kept.best, *kept.fast))
    if not right or len(kept.gaps) != len(trust.grid(it, thorough)):
        return None
    best = Pool(it, objective)
    fast = Pool(it, "speed", best)
    for pool, found in ((best, kept.best), (fast, kept.fast)):
        if any(pool.add(roadmap_of(it, np.array(e, dtype=np.int64))) is None for e in found):
            return None
    return _Searched(best, kept.gaps, fast, tuple(Cap(Fraction(c.needs), c.at_most) for c in kept.caps))
