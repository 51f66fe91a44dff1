"""Planning: the best roadmap that helps and satisfies every row, with its certificate.

1. Write the rows of the case as a mixed-integer programme (`search/problem`), the objective as columns of it (`objective`).
2. Search (`search/branch`): the best schedule found and a bound on what any schedule could reach.
3. Certify the schedule in exact arithmetic (`certificate`). Where floating point let a row pass that does not hold, tighten
   that row and search again. A roadmap whose certificate fails is never returned.
4. Among roadmaps of the same value take the one with the lower peak exposure, then the earlier one.
5. Say for each measure why it does not come sooner, or at all (`explain`).

Where a share of draws is asked for (`holds`), the search goes on from there (`draws/robust`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.words import figure
from detente.case.instance import Instance
from detente.errors import InputError, SolverError
from detente.plan.certificate import Certificate, Row, certify
from detente.plan.explain import explain
from detente.plan.result import Plan
from detente.plan.roadmap import Phase, Roadmap
from detente.plan.search.branch import Better, Found, Search
from detente.plan.search.objective import OBJECTIVES, shortfall, welfare
from detente.plan.search.possible import gaining, helpful
from detente.plan.search.problem import Problem
from detente.plan.units import common
from detente.solver.effort import Effort, Meter
from detente.solver.linear import Progress, TimeOverError

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["CUT", "FIRST_NODES", "STRUCK", "method_of", "plan"]

FIRST_NODES = 2000
"""Of the search tree, for each search for a first roadmap where quicker ways found none; then any that helps is asked for."""
STRUCK = "time_limit_struck"
"""The key of `method` that says whether the time limit ended something,"""
CUT = "work_limit_struck"
"""and whether the limit of work did, which stands where there is no time limit: the same on every machine."""

_REPAIRS = 20  # searches with tightened rows before the failure is reported
_CERTIFICATES = 3  # for how many of them time is kept back in a case so large that they take some
_QUICK = 0.02  # seconds for one that is no matter
_EXPLAINING = 0.1  # of the time limit: what saying why may take beyond it
_REASONS = 5_000_000  # without one: certificates for saying why, times measures times phases
_PROVED = 1e-6  # a gap up to this counts as none: the solver's own tolerance


def plan(
    case: Case | str | Path | Instance,
    *,
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
    require: Sequence[str] = (),
    forbid: Sequence[str] = (),
    pin: Mapping[str, Phase] | None = None,
    nodes: int | None = None,
    began: float | None = None,
    work: Meter | None = None,
    progress: Progress | None = None,
    better: Better | None = None,
) -> Plan:
    """Find the roadmap that is best by the objective among those that satisfy every row.

    Parameters
    ----------
    objective : "nash" (the Nash product of the gains), "sum" or "min" (the smallest gain).
    time_limit : seconds for all of it, to within a fifth; when they are over the best certified roadmap is returned with its
        gap, and `method["time_limit_struck"]` says so. Reasons that could not be found in that time are left out. None: all
        limits count work, and the result does not depend on the machine; `method["work_limit_struck"]` says whether they ended
        something.
    gap : stop as soon as no roadmap can be better by more than this share.
    trust, red_lines : leave these rows out (diagnosis asks for that); the certificate then leaves them out too.
    reasons : also say why each measure does not come sooner.
    holds : a share in (0, 1]: the roadmap must hold in at least this share of draws of the uncertain values, and at the likely
        values; the search on draws takes up to `time_limit` more. Where none is found that does, the result is the one
        with the largest share, and its `holds.met` is False.
    draws : on how many fresh draws the share is counted; 0: not counted. By default 10,000 with `holds`, else 0.
    seed : of the draws, 0 or more. The same case, options and seed give the same roadmap, on one core or many.
    widen : by what every range is multiplied about its likely value before it is drawn from; 1: as the case gives it.
    keep_demands : the roadmap gives up no demand: what one holds back comes only when what it wants first has been seen, or not
        at all. True: of all demands of the case; else of those named.
    require, forbid : measures, slices or provisions that must be in force by the last phase; that must not enter.
    pin : by measure or slice, the phase, a number or a date, in which it has to enter.
    nodes : of the search tree, for each search for a first roadmap where quicker ways found none; None: `FIRST_NODES`.
    began : when the time began, on the clock of `time.monotonic`; None: now.
    work : what is left for several plans together, where there is no time limit; None: this one has `solver.effort.WORK`.
    progress : called now and then with seconds, best value and bound.
    better : called with each roadmap that is better than those before it, and its certificate, which holds.

    Returns
    -------
    Plan
        Its `status` is "none" where no roadmap that helps (module `process`) satisfies the rows.

    Raises
    ------
    InputError
        On a condition that names nothing of the case, or that is asked for with an instance or together with draws. On an
        unknown objective, a limit that is not positive, a share, a number of draws, a seed or a factor that means nothing.
    CaseError
        With `holds` or `draws`: if comparisons of the case contradict each other, or leave a value without bound.
    SolverError
        If the solver ends with neither a roadmap nor a proof.
    """
    began = time.monotonic() if began is None else began
    if not isinstance(case, Instance):
        from detente.case.load import as_case

        case = as_case(case)
    if objective not in OBJECTIVES:
        raise InputError(f"objective {objective!r} is not known; wanted one of {', '.join(OBJECTIVES)}")
    if not (time_limit is None or time_limit > 0):
        raise InputError(f"a limit of {time_limit} seconds: wanted a positive one, or none")
    if not gap >= 0:
        raise InputError(f"a gap of {gap}: wanted 0 or more")
    if widen != 1 and holds is None and not draws:
        raise InputError(f"widen: got {widen!r} where nothing is drawn; say on how many draws the share is to be counted, too")
    asked: dict[str, Any] = {"trust": trust, "red_lines": red_lines}
    meter = work if time_limit is None else None
    effort = Effort.lasting(time_limit, meter, began=began, nodes=FIRST_NODES if nodes is None else nodes)
    if keep_demands or require or forbid or pin:
        from detente.plan.conditions import as_asked, conditioned

        if isinstance(case, Instance) or holds is not None or draws:
            raise InputError("conditions on a plan need the case itself, and are met at the likely values: leave out the draws")
        conditions: dict[str, Any] = {"keep_demands": keep_demands, "require": require, "forbid": forbid, "pin": pin or {}}
        instance = conditioned(case, **conditions)
        made = _planned(instance, objective, time_limit, effort, gap, asked, reasons, progress, better)
        return replace(made, method={**(made.method or {}), "conditions": as_asked(case, **conditions)})
    if holds is None and not draws:
        return _planned(case, objective, time_limit, effort, gap, asked, reasons, progress, better)
    from detente.case.draws.draw import check_count, check_share, uncertainty
    from detente.plan.draws.robust import DRAWS, held, robust

    draws = DRAWS if draws is None else draws
    check_count(draws, seed)
    check_share(holds)
    if isinstance(case, Instance):
        raise InputError(f"{case.case}: got an instance, which knows likely values only; to draw values give the case itself")
    known = uncertainty(case, widen, risks=False)  # a contradiction in the comparisons is told before the search, not after it
    made = _planned(case, objective, time_limit, effort, gap, asked, reasons and holds is None, progress, better)
    if holds is None:
        return held(case, made, draws=draws, seed=seed, widen=widen, **asked)
    return robust(case, made, known, holds, draws=draws, seed=seed, seconds=time_limit, reasons=reasons, **asked)


def _planned(
    case: Case | Instance,
    objective: str,
    time_limit: float | None,
    effort: Effort,
    gap: float,
    asked: dict[str, Any],
    reasons: bool,
    progress: Progress | None,
    better: Better | None,
) -> Plan:
    """The plan at the likely values. asked : for which rows."""
    instance = case if isinstance(case, Instance) else case.instance
    empty, cost = _of_nothing(instance, asked)
    over, effort = effort.until, replace(effort, until=effort.until - _CERTIFICATES * cost)
    search = _Searched(instance, objective, gap, asked, progress, better)
    because: str | None = None
    try:
        search.go(effort)
    except TimeOverError:
        effort.meter.struck = True
        search.unfinished()
    if search.certificate is None:
        because = search.settle(empty, effort)
        effort.meter.struck |= because == "limit" and time.monotonic() > effort.until
    found, certificate = search.found, search.certificate
    if found is None or certificate is None:
        roadmap, certificate, short = Roadmap.empty(instance), empty, math.inf if because == "limit" else 0.0
    else:
        roadmap, short = found.roadmap, shortfall(objective, found.value, found.bound, len(found.parties))
    # what was not found has no reasons worth more time
    explained = over if because == "limit" else over + _EXPLAINING * (time_limit or 0.0) - cost
    most = _REASONS // max(1, len(instance.measures) * instance.phases) if time_limit is None else None
    why = explain(instance, roadmap, deadline=explained, most=most, **asked) if reasons else ()
    problem = None if search.last is None else search.last.problem
    left_out = reasons and len(why) < sum(not m.in_force for m in instance.measures)
    return Plan(
        instance=instance,
        objective=objective,
        status="none" if because is not None else "optimal" if short <= max(_PROVED, gap) else "feasible",
        gap=0.0 if short <= _PROVED else (short if math.isfinite(short) else None),
        roadmap=roadmap,
        certificate=certificate,
        reasons=why,
        nothing_because=because,
        method=method_of(
            None if problem is None else (problem.programme.size, problem.programme.rows),
            exact=problem is None or problem.exact,
            parties=[] if found is None else found.parties,
            tied=found is not None and found.ties_settled,
            time_limit=None if because is not None else time_limit,
            gap=gap,
            struck=effort.meter.struck or (left_out and time_limit is not None),
            cut=effort.meter.cut or (left_out and time_limit is None),
        ),
    )


class _Searched:
    """The search over sets of parties whose gains count, and what came of it.

    found, certificate : the best roadmap that holds and helps; None: none so far. last : the last search.
    """

    def __init__(
        self,
        instance: Instance,
        objective: str,
        gap: float,
        asked: dict[str, Any],
        progress: Progress | None,
        better: Better | None,
    ) -> None:
        self.instance, self.objective, self.gap, self.asked = instance, objective, gap, asked
        self.progress, self.better, self._told = progress, better, -math.inf
        self.found: Found | None = None
        self.certificate: Certificate | None = None
        self.last: Search | None = None
        self._open = False  # a set of parties may hide a roadmap that was not found

    def go(self, effort: Effort) -> None:
        """All touched parties first; where they cannot all gain, as many as possible (nash)."""
        self._for(self.instance.touched, effort)
        if self.certificate is None and self.objective == "nash" and self.instance.touched:
            problem = Problem(self.instance, helping=True, deadline=effort.until, **self.asked)
            chosen = gaining(problem, effort)
            if chosen != (self.instance.touched,):
                self._open = False
                for parties in chosen:
                    self._for(parties, effort, several=len(chosen) > 1)

    def unfinished(self) -> None:
        """Another set of parties was not searched."""
        self._open = True
        if self.found is not None:
            self.found = replace(self.found, bound=math.inf, cut_short=True)

    def settle(self, empty: Certificate, effort: Effort) -> str | None:
        """Why there is none to recommend; None where there is one after all: any that helps is better than none."""
        if any(m.due is not None for m in self.instance.measures):
            return "limit" if self._open else "required"
        if self.instance.under_way and not empty.holds:
            return "limit" if self._open else "today"
        some = helpful(self.instance, effort, **self.asked)
        if not isinstance(some, Roadmap):
            return "rows" if some is False else "limit"
        self.certificate = certify(self.instance, some, **self.asked)
        gaining_now = tuple(i for i in self.instance.touched if self.certificate.gain[i] > 0)
        self.found = Found(some, -math.inf, math.inf, gaining_now, cut_short=True)
        return None

    def _for(self, parties: tuple[str, ...], effort: Effort, *, several: bool = False) -> None:
        def better(found: Found, certificate: Certificate) -> None:
            if several:  # another set of parties may hide a better one
                found = replace(found, value=search.aim.told(found.value), bound=math.inf)
            if self.better is not None and found.value > self._told:
                self._told = found.value
                self.better(found, certificate)

        told: dict[str, Any] = {"progress": self.progress, "better": None if self.better is None else better}
        search = Search(self.instance, self.objective, effort, self.gap, parties, **told, **self.asked)
        self.last = search
        one, its = _certified(search)
        if one is None:
            return
        if its is None or (one.roadmap.is_empty and not (its.helps and its.holds)):  # nothing more may be best of one under way
            self._open |= one.cut_short
            return
        if several:  # products of gains of different parties, each in the party's size, say nothing
            one = replace(one, value=search.aim.told(one.value), bound=search.aim.told(one.bound))
        bound = max(one.bound, -math.inf if self.found is None else self.found.bound)  # no set may hide a better one
        if self.found is None or one.value > self.found.value:
            self.found, self.certificate = one, its
        self.found = replace(self.found, bound=bound)


def _of_nothing(instance: Instance, asked: dict[str, Any]) -> tuple[Certificate, float]:
    """The certificate of the empty roadmap, and the seconds that one takes, where that is worth a thought."""
    began = time.monotonic()
    certificate = certify(instance, Roadmap.empty(instance), **asked)
    took = time.monotonic() - began
    return certificate, took if took > _QUICK else 0.0


def _certified(search: Search) -> tuple[Found | None, Certificate | None]:
    """Search, certify, repair; ties settled by a second search that must pass the same certificate."""
    broken: Row | None = None
    for _ in range(_REPAIRS):
        found = search.best()
        if found is None:
            return None, None
        certificate = search.certificate(found.roadmap)
        if found.roadmap.is_empty:
            return found, certificate
        if certificate.holds:
            tied = search.settle_ties(found)
            second = certificate if tied.roadmap == found.roadmap else search.certificate(tied.roadmap)
            if second.holds and second.helps and _as_good(search, second, certificate):
                return tied, second
            return found, certificate
        broken = certificate.broken[0]
        if not search.tighten(certificate):
            break
    raise SolverError(
        f"{search.instance.case}: the solver's roadmap does not hold in exact arithmetic{_told(broken)}; "
        "tightening its rows did not mend it. Check for values that differ by many orders of magnitude"
    )


def _as_good(search: Search, one: Certificate, other: Certificate) -> bool:
    """Whether a roadmap is as good as another, up to what rounding can do."""
    objective, instance = search.objective, search.instance
    unit = 1.0 if objective == "nash" else float(common(objective, instance, instance.touched))
    pairs = zip(welfare(objective, one, instance), welfare(objective, other, instance), strict=True)
    return all(a >= b - 1e-9 * (unit if objective == "nash" else max(unit, abs(b))) for a, b in pairs)


def _told(row: Row | None) -> str:
    """A broken row, for a message."""
    if row is None:
        return ""
    whose = "".join([f" of {row.party}" if row.party else "", f" toward {row.toward}" if row.toward else ""])
    return f": the {row.row} row{whose} in phase {row.phase} is short by {figure(-row.slack, 2)}"


def method_of(
    size: tuple[int, int] | None,
    *,
    exact: bool,
    parties: Sequence[str],
    tied: bool,
    time_limit: float | None,
    gap: float,
    struck: bool = False,
    cut: bool = False,
) -> dict[str, object]:
    """`method` of a plan. size : columns and rows of the programme; None: none. tied : whether ties were settled."""
    from importlib.metadata import version

    return {
        "solver": f"HiGHS {version('highspy')}",
        "columns": None if size is None else size[0],
        "rows": None if size is None else size[1],
        "time_limit": time_limit,
        STRUCK: struck,
        CUT: cut,
        "gap_asked": gap,
        "odds": "exact" if exact else "rounded down to a grid",
        "parties_counted": list(parties),
        "ties": "the lower peak exposure, then the earlier" if tied else "not settled",
    }
