"""The plan at the likely values, found once on a machine: proving it the best takes most of what a plan takes, and the proof of
the same case by the same program is the same. So is the best plan in which no demand is given up.

What is kept (`base.cache`) is numbers alone: an entry phase for each measure, the gap, the size of the programme, and by their
number the parties that counted. When it is read back, its certificate is made anew in exact arithmetic. Nothing is kept where a
limit ended the search, where other conditions or a time limit were asked for, or of a case from standard input or a pipe.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, ValidationError

from detente.base.cache import recall, remember
from detente.case.case import Case
from detente.plan.certificate import certify
from detente.plan.conditions import as_asked, conditioned
from detente.plan.result import Plan
from detente.plan.solve import CUT, STRUCK, method_of
from detente.plan.tables.layout import entries
from detente.plan.tables.tables import is_schedule, roadmap_of

__all__ = ["found_once"]

_KIND = "plans"


class _Kept(BaseModel):
    """entry : by measure, in the order of the case. gap : up to the one asked for, it is proved the best. counted : parties."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    entry: list[int]
    gap: Annotated[float, Field(ge=0)] | None
    columns: NonNegativeInt
    rows: NonNegativeInt
    exact: bool
    counted: list[NonNegativeInt]
    tied: bool


def found_once(
    case: Case, objective: str, gap: float, nodes: int | None, solve: Callable[[], Plan], *, keep_demands: bool = False
) -> Plan:
    """The plan of a case without reasons, by `solve` or as it came out of that before. keep_demands : all of them, which is the
    one condition that there may be."""
    key = case.key(objective, gap, nodes, keep_demands)
    if key is None:
        return solve()
    known = _before(case, objective, gap, keep_demands, key)
    if known is not None:
        return known
    made = solve()
    method: Mapping[str, Any] = made.method or {}
    if made and not method[STRUCK] and not method[CUT]:
        place = {p.id: n for n, p in enumerate(case.instance.parties)}
        kept = _Kept(
            entry=entries(case.instance, made.roadmap).tolist(),
            gap=made.gap,
            columns=method["columns"],
            rows=method["rows"],
            exact=method["odds"] == "exact",
            counted=[place[i] for i in method["parties_counted"]],
            tied=method["ties"] != "not settled",
        )
        if _plan(case, objective, gap, keep_demands, kept) == made:  # nothing of it was lost
            remember(_KIND, key, kept.model_dump())
    return made


def _before(case: Case, objective: str, gap: float, keep_demands: bool, key: str) -> Plan | None:
    """What was found the last time; None: nothing that has the right form and a certificate."""
    try:
        kept = _Kept.model_validate(recall(_KIND, key))
    except ValidationError:
        return None
    it = case.instance
    if not is_schedule(it, kept.entry) or any(n >= len(it.parties) for n in kept.counted):
        return None
    made = _plan(case, objective, gap, keep_demands, kept)
    return made if made.certificate.holds and made.certificate.helps else None


def _plan(case: Case, objective: str, gap: float, keep_demands: bool, kept: _Kept) -> Plan:
    it = conditioned(case, keep_demands=True) if keep_demands else case.instance
    roadmap = roadmap_of(it, np.array(kept.entry, dtype=np.int64))
    size, counted = (kept.columns, kept.rows), [it.parties[n].id for n in kept.counted]
    method = method_of(size, exact=kept.exact, parties=counted, tied=kept.tied, time_limit=None, gap=gap)
    if keep_demands:
        method["conditions"] = as_asked(case, keep_demands=True)
    status = "optimal" if kept.gap is not None and kept.gap <= gap else "feasible"
    return Plan(it, objective, status, kept.gap, roadmap, certify(it, roadmap), method=method)
