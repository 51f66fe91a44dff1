"""Planning with what may come: the roadmap to recommend, and its alternatives with their prices.

1. Plan at the likely values (`plan.solve`): the *fastest* roadmap.
2. Which firm demands a recommended roadmap meets (`firm`), and certified schedules to begin with (`pool`).
3. Search in plays (`search`): the *recommended* roadmap.
4. The *surest* of what was found, and of the recommended one mended until it hardly breaks; and the best *without giving way*.
5. Judge all of them on fresh plays and fresh draws.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.steps import step
from detente.case.instance import Instance
from detente.errors import InputError
from detente.plan.explain import explain
from detente.plan.result import Plan
from detente.plan.search.branch import Better
from detente.plan.solve import plan as at_likely_values
from detente.recommend.result import FASTEST, NAMES, RECOMMENDED, Recommendation
from detente.solver.linear import Progress

if TYPE_CHECKING:
    from detente.assess.profile import PlayProfile
    from detente.case.case import Case
    from detente.plan.roadmap import Phase

__all__ = ["plan"]


def plan(
    case: Case | str | Path | Instance,
    *,
    which: str = RECOMMENDED,
    likely: bool = False,
    objective: str = "nash",
    time_limit: float | None = None,
    gap: float = 0.0,
    trust: bool = True,
    red_lines: bool = True,
    reasons: bool = True,
    holds: float | None = None,
    draws: int | None = None,
    seed: int = 0,
    widen: float = 1.0,
    keep_demands: bool | Sequence[str] = False,
    ignore_demands: bool = False,
    require: Sequence[str] = (),
    forbid: Sequence[str] = (),
    pin: Mapping[str, Phase] | None = None,
    reach: float | None = None,
    slack: int = 0,
    profile: str | Path | Mapping[str, Any] | PlayProfile | None = None,
    cores: int | None = None,
    nodes: int | None = None,
    began: float | None = None,
    progress: Progress | None = None,
    better: Better | None = None,
) -> Plan:
    """Find the roadmap to recommend: of all certified ones that were found, the one by which everybody may expect most.

    Parameters
    ----------
    which : "recommended", "fastest", "surest" or "without-giving-way": whose steps, certificate and reasons the result has.
    likely : only the best roadmap at the likely values, as if these were certain and all went well.
    objective : "nash" (the Nash product of the gains), "sum" or "min" (the smallest gain); of expected gains, unless `likely`.
    time_limit, gap, nodes, began, progress, better : of the search at the likely values; all others count work, as this one
        does where there is no time limit, and do not depend on the machine.
    trust, red_lines : leave these rows out; only with `likely`, and so for an instance.
    reasons : also say why each measure does not come sooner.
    holds : a share in (0, 1]: the recommended roadmap holds in at least this share of draws of the uncertain values. Where none
        is found that does, it is the one with the largest share, and its `holds.met` is False.
    draws : on how many fresh draws shares are counted; None: as many as is usual, 1000, and with `holds` 10,000 for the share
        of the chosen roadmap. seed : of draws and plays, 0 or more. widen : by what every range is multiplied about its likely
        value, in draws and plays.
    keep_demands : the demands that are met: True: all; else those named. Without it: the firm ones (`firm: high`), as far as
        they do not contradict each other. ignore_demands : none.
    require, forbid : measures, slices or provisions that must be in force by the last phase; that must not enter.
    pin : by measure or slice, the phase, a number or a date, in which it has to enter.
    reach : a share in [0, 1]: so many of the agreements' provisions the schedule carries out.
    slack : phases, 0 or more: no party ends below no deal if any single step comes so many phases late, or fewer. Where no
        roadmap is found that has the reach or the slack, `missed` names what is lacking.
    profile : judgements of plays: a bundled profile by name, a file, plain data; None: `plain`.
    cores : threads; None: as many as there are cores. The result is the same.

    Returns
    -------
    Recommendation
        A `Plan`, with `which` and `alternatives`; with `likely`, the plan alone.

    Raises
    ------
    InputError
        As `plan.solve.plan`; on a name, a reach or a combination that means nothing.
    """
    asked: dict[str, Any] = {"objective": objective, "time_limit": time_limit, "gap": gap, "nodes": nodes}
    asked |= {"progress": progress, "better": better}
    conditions: dict[str, Any] = {"keep_demands": keep_demands, "require": require, "forbid": forbid, "pin": pin or {}}
    if which not in NAMES:
        raise InputError(f"which: got {which!r}, wanted one of {', '.join(NAMES)}")
    if likely or isinstance(case, Instance):
        if which != RECOMMENDED or reach is not None or slack:
            raise InputError("which, reach and slack are about the recommended roadmap and its alternatives; leave out likely")
        counted: dict[str, Any] = {"holds": holds, "draws": draws, "seed": seed, "widen": widen}
        rows: dict[str, Any] = {"trust": trust, "red_lines": red_lines}
        return at_likely_values(case, **asked, **conditions, **rows, **counted, reasons=reasons, began=began)
    _check(trust and red_lines, reach, slack, keep_demands, ignore_demands)
    from detente.assess.compiling import compiled_beside
    from detente.assess.profile import load_profile
    from detente.case.draws.draw import check_count, check_share, uncertainty
    from detente.case.load import as_case
    from detente.plan.once import found_once
    from detente.recommend.recommend import recommended

    case = as_case(case)
    judged = load_profile("plain" if profile is None else profile)
    check_count(draws or 1, seed)
    check_share(holds)
    uncertainty(case, widen)  # a contradiction in the comparisons is told before the search, not after it
    with compiled_beside() as wait:
        step("planning at the likely values")
        solve = partial(at_likely_values, case, **asked, **conditions, reasons=reasons and which == FASTEST, began=began)
        once = time_limit is None and better is None and not any(conditions.values()) and not (reasons and which == FASTEST)
        first = found_once(case, objective, gap, nodes, solve) if once else solve()
        if not first:
            return Recommendation.of(first, which=which, at_likely=first)
        wait()
    made = recommended(
        case,
        first,
        which=which,
        conditions=conditions,
        firm=not keep_demands and not ignore_demands,
        holds=holds,
        draws=draws,
        seed=seed,
        reach=reach or 0.0,
        profile=judged,
        cores=cores or os.cpu_count() or 1,
        widen=widen,
        slack=slack,
    )
    if reasons and which != FASTEST:
        step("saying why nothing comes sooner")
        made = replace(made, reasons=explain(made.instance, made.roadmap))
    return made


def _check(rows: bool, reach: float | None, slack: int, keep_demands: bool | Sequence[str], ignore_demands: bool) -> None:
    if not rows:
        raise InputError("a recommended roadmap keeps all rows; to leave out those of trust or red lines add likely=True")
    if reach is not None and not 0 <= reach <= 1:
        raise InputError(f"reach: got {reach!r}, wanted a share of the provisions from 0 to 1")
    if isinstance(slack, bool) or not isinstance(slack, int) or slack < 0:
        raise InputError(f"slack: got {slack!r}, wanted a whole number of phases, 0 or more")
    if keep_demands and ignore_demands:
        raise InputError("demands cannot be kept and ignored; take out one of the two")
