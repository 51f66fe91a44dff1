"""Assessing what is ahead: strategies played out against parties whose types are drawn from the trust.

1. The profile, the strategies, the roadmap (planned, unless one is given).
2. What each strategy brings if all are sincere and nothing goes wrong; the largest of these is what scores are shares of
   (`tally`).
3. All strategies on the same luck (`process`, `run`), summed up with standard errors.
4. The two best of different kinds: at which value of each assumption they change places (`breakeven`), and, if asked for, how
   much each assumption has to do with their difference (`sensitivity`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.assess.breakeven import GRID
from detente.assess.profile import PlayProfile, load_profile
from detente.case.case import Case
from detente.errors import InputError
from detente.plan.roadmap import Roadmap

if TYPE_CHECKING:
    from detente.assess.result import Assessment
    from detente.case.draws.draw import Uncertainty
    from detente.plan.result import Plan
    from detente.solver.linear import Progress

__all__ = ["MOST_RUNS", "assess", "checked"]

MOST_RUNS = 10**9
_MOST_SEED = 2**63 - 1


def assess(
    case: Case | str | Path,
    *,
    strategies: Sequence[str] = (),
    runs: int = 20_000,
    seed: int = 0,
    profile: str | Path | Mapping[str, Any] | PlayProfile | None = None,
    roadmap: Roadmap | Plan | Mapping[str, Any] | str | Path | None = None,
    recommended: tuple[Roadmap, bool] | None = None,
    between: tuple[str, str] | None = None,
    crossings: int = 1024,
    grid: int = GRID,
    sensitivity: int = 0,
    objective: str = "nash",
    time_limit: float | None = None,
    likely: bool = False,
    widen: float = 1.0,
    cores: int | None = None,
    client: Any = None,
    progress: Progress | None = None,
) -> Assessment:
    """Play strategies out and say what came of it.

    Parameters
    ----------
    strategies : ids (module `strategies`); none: all.
    runs : plays of each strategy. seed : 0 or more.
    profile : a bundled profile by name, a file, plain data; None: `plain`.
    roadmap : for the strategy `plan`: a roadmap, a plan, a file with `entry` ("-": standard input) or its keys; None: it is
    planned.
    recommended : the recommended roadmap, and whether it is followed by condition; None: none is played (module
    `recommend.assess` makes one).
    between : two strategies to be compared assumption by assumption; None: the two best of different kinds.
    crossings : plays in which the value of each assumption is sought at which these two change places; 0: not at all. grid :
    at how many points of each it is tried.
    sensitivity : base samples of the Sobol indices; 0: leave them out.
    objective, time_limit, progress : for a roadmap that is still to be planned.
    likely : every play at the likely values; else each draws all that is uncertain, the same for every strategy. widen : by
    what every range is multiplied about its likely value.
    cores : threads; None: as many as there are cores. client : a dask client, in their place. Neither changes the result.

    Raises
    ------
    InputError
        On runs, a seed, a strategy or a core count that means nothing.
    ProfileError, RoadmapError
        If the profile or the roadmap cannot be used.
    """
    from detente.case.load import as_case

    case = as_case(case)
    from detente.assess.compared import compared
    from detente.assess.strategies import PLAN

    began = time.perf_counter()
    also = recommended is not None
    asked = checked(case, strategies, between, recommended=also, runs=runs, seed=seed, cores=cores, crossings=crossings,
                    sensitivity=sensitivity)  # fmt: skip
    judged = load_profile("plain" if profile is None else profile)
    followed = _roadmap(case, roadmap, objective, time_limit, progress) if PLAN in asked else None
    return compared(
        case,
        asked,
        followed,
        judged,
        runs=runs,
        seed=seed,
        between=between,
        crossings=crossings,
        grid=grid,
        sensitivity=sensitivity,
        cores=cores or os.cpu_count() or 1,
        client=client,
        began=began,
        recommended=recommended,
        uncertain=None if likely else _uncertain(case, widen),
    )


def checked(
    case: Case,
    strategies: Sequence[str],
    between: tuple[str, str] | None,
    *,
    recommended: bool,
    runs: int = 2,
    seed: int = 0,
    cores: int | None = None,
    crossings: int = 0,
    sensitivity: int = 0,
) -> tuple[str, ...]:
    """The ids of the strategies that are played.

    Raises
    ------
    InputError
        As `assess`.
    """
    from detente.assess.strategies import wanted

    _check(runs, seed, 1 if cores is None else cores, crossings, sensitivity)
    asked = wanted(case, strategies, recommended=recommended)
    if between is not None and len(set(wanted(case, between, recommended=recommended)) & set(asked)) != 2:
        raise InputError(f"between {', '.join(between)}: wanted two different strategies that are played")
    return asked


def _uncertain(case: Case, widen: float) -> Uncertainty | None:
    from detente.case.draws.draw import uncertainty

    found = uncertainty(case, widen)
    return found if found.quantities else None


def _check(runs: object, seed: object, cores: object, crossings: object, sensitivity: object) -> None:
    wrong = []
    for name, x, least, most in (
        ("runs", runs, 2, MOST_RUNS),
        ("seed", seed, 0, _MOST_SEED),
        ("cores", cores, 1, 1024),
        ("crossings", crossings, 0, MOST_RUNS),
        ("sensitivity", sensitivity, 0, 2**20),
    ):
        if isinstance(x, bool) or not isinstance(x, int) or not least <= x <= most:
            wrong.append(f"{name}: got {x!r}, wanted a whole number from {least} to {most}")
    if crossings == 1:
        wrong.append("crossings: got 1, wanted 0 (none) or at least 2: one play has no error")
    if wrong:
        raise InputError("; ".join(wrong))


def _roadmap(case: Case, given: Any, objective: str, time_limit: float | None, progress: Progress | None) -> Roadmap:
    from detente.plan.solve import plan
    from detente.plan.verify import as_roadmap

    if given is None:
        return plan(case, objective=objective, time_limit=time_limit, reasons=False, progress=progress).roadmap
    return as_roadmap(given, case)
