"""Planning: the best roadmap that satisfies every row, with its certificate.

1. Write the rows of the case as a mixed-integer programme (`rows`) with the objective as columns of it (`objective`).
2. Search (`search`): the best schedule found and a bound on what any schedule could reach.
3. Certify the schedule in exact arithmetic (`certificate`). Where floating point let a row pass that does not hold, tighten
   that row and search again. A roadmap whose certificate fails is never returned.
4. Among roadmaps of the same value take the one with the lower peak exposure, then the earlier one.
5. Say for each measure why it does not come sooner, or at all (`explain`).

Where a share of draws is asked for (`holds`), the search goes on from there (`holds/robust`).
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from detente.case.instance import Instance
from detente.errors import InputError, SolverError
from detente.plan.certificate import Certificate, Row, certify
from detente.plan.explain import explain
from detente.plan.linear import Progress
from detente.plan.objective import OBJECTIVES, shortfall, welfare
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap
from detente.plan.rows import Rows
from detente.plan.search import Found, Search, any_step, gaining, is_large

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["plan"]

_REPAIRS = 20  # searches with tightened rows before the failure is reported
_PROVED = 1e-6  # a gap up to this counts as none: the solver's own tolerance


def plan(
    case: Case | Instance,
    *,
    objective: str = "nash",
    time_limit: float = 60.0,
    gap: float = 0.0,
    trust: bool = True,
    red_lines: bool = True,
    reasons: bool = True,
    holds: float | None = None,
    draws: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Plan:
    """Find the roadmap that is best by the objective among those that satisfy every row.

    Parameters
    ----------
    objective : "nash" (the Nash product of the gains), "sum" or "min" (the smallest gain).
    time_limit : seconds for the search; when they are over the best certified roadmap is returned with its gap.
    gap : stop as soon as no roadmap can be better by more than this share.
    trust, red_lines : leave these rows out (diagnosis asks for that); the certificate then leaves them out too.
    reasons : also say why each measure does not come sooner.
    holds : a share in (0, 1]: the roadmap must hold in at least this share of draws of the uncertain values, and at the likely
        values; the search on draws takes up to `time_limit` seconds more. Where none is found that does, the result is the one
        with the largest share, and its `holds.met` is False.
    draws : on how many fresh draws the share is counted; 0: not counted. By default 10,000 with `holds`, else 0.
    seed : of the draws, 0 or more. The same case, options and seed give the same roadmap, on one core or many.
    progress : called now and then with seconds, best value and bound.

    Returns
    -------
    Plan
        Its `status` is "none" where nothing but the empty roadmap satisfies the rows.

    Raises
    ------
    InputError
        On an unknown objective, a limit that is not positive, a share, a number of draws or a seed that means nothing.
    CaseError
        With `holds` or `draws`: if comparisons of the case contradict each other, or leave a value without bound.
    SolverError
        If the solver ends with neither a roadmap nor a proof.
    """
    if objective not in OBJECTIVES:
        raise InputError(f"objective {objective!r} is not known; wanted one of {', '.join(OBJECTIVES)}")
    if not time_limit > 0 or not gap >= 0:
        raise InputError(f"time limit {time_limit} and gap {gap}: wanted a positive limit and a gap of 0 or more")
    if holds is None and not draws:
        return _planned(case, objective, time_limit, gap, trust, red_lines, reasons, progress)
    from detente.case.draws.draw import check_count, uncertainty
    from detente.plan.holds.robust import DRAWS, held, robust

    draws = DRAWS if draws is None else draws
    check_count(draws, seed)
    if holds is not None and not 0 < holds <= 1:
        hint = f"; did you mean {holds / 100:g}?" if 1 < holds <= 100 else ""
        raise InputError(f"holds: got {holds!r}, wanted a share of draws above 0 and at most 1{hint}")
    if isinstance(case, Instance):
        raise InputError(f"{case.case}: got an instance, which knows likely values only; to draw values give the case itself")
    known = uncertainty(case)  # a contradiction in the comparisons is told before the search, not after it
    asked = {"trust": trust, "red_lines": red_lines}
    made = _planned(case, objective, time_limit, gap, trust, red_lines, reasons and holds is None, progress)
    if holds is None:
        return held(case, made, draws=draws, seed=seed, **asked)
    return robust(case, made, known, holds, draws=draws, seed=seed, seconds=time_limit, reasons=reasons, **asked)


def _planned(
    case: Case | Instance,
    objective: str,
    time_limit: float,
    gap: float,
    trust: bool,
    red_lines: bool,
    reasons: bool,
    progress: Progress | None,
) -> Plan:
    """The plan at the likely values."""
    instance = case if isinstance(case, Instance) else case.instance
    deadline = time.monotonic() + time_limit
    found: Found | None = None
    certificate: Certificate | None = None
    chosen: tuple[tuple[str, ...], ...] = (instance.touched,)
    if objective == "nash":
        chosen = gaining(Rows(instance, trust=trust, red_lines=red_lines, entries=is_large(instance)), deadline)
    for parties in chosen or ((),):
        search = Search(instance, objective, deadline, gap, parties, trust=trust, red_lines=red_lines, progress=progress)
        one, its = _certified(search)
        if one is not None and its is not None:
            bound = max(one.bound, -math.inf if found is None else found.bound)  # no set of parties may hide a better one
            if found is None or one.value > found.value:
                found, certificate = one, its
            found = replace(found, bound=bound)
    if found is None or certificate is None or found.roadmap.is_empty:
        return _nothing(search, found, reasons)
    short = shortfall(objective, found.value, found.bound, len(found.parties))
    return Plan(
        instance=instance,
        objective=objective,
        status="optimal" if short <= max(_PROVED, gap) else "feasible",
        gap=0.0 if short <= _PROVED else (short if math.isfinite(short) else None),
        roadmap=found.roadmap,
        certificate=certificate,
        reasons=explain(instance, found.roadmap, trust=trust, red_lines=red_lines) if reasons else (),
        method=_method(search, found, time_limit),
    )


def _certified(search: Search) -> tuple[Found | None, Certificate | None]:
    """Search, certify, repair; ties settled by a second search that must pass the same certificate."""
    broken: Row | None = None
    for _ in range(_REPAIRS):
        found = search.best()
        if found is None:
            return None, None
        certificate = _certificate(search, found.roadmap)
        if certificate.holds or found.roadmap.is_empty:
            tied = search.settle_ties(found)
            second = _certificate(search, tied.roadmap)
            if second.holds and _as_good(search.objective, second, certificate, search.instance):
                return tied, second
            return found, certificate
        broken = certificate.broken[0]
        if not search.tighten(certificate.broken):
            break
    raise SolverError(
        f"{search.instance.case}: the solver's roadmap does not hold in exact arithmetic{_told(broken)}; "
        "tightening its rows did not mend it. Check for values that differ by many orders of magnitude"
    )


def _told(row: Row | None) -> str:
    """A broken row, for a message."""
    if row is None:
        return ""
    whose = "".join([f" of {row.party}" if row.party else "", f" toward {row.toward}" if row.toward else ""])
    return f": the {row.row} row{whose} in phase {row.phase} is short by {-float(row.slack):.2g}"


def _certificate(search: Search, roadmap: Roadmap) -> Certificate:
    return certify(search.instance, roadmap, trust=search.trust, red_lines=search.red_lines)


def _as_good(objective: str, one: Certificate, other: Certificate, instance: Instance) -> bool:
    pairs = zip(welfare(objective, one, instance), welfare(objective, other, instance), strict=True)
    return all(a >= b - 1e-9 * max(1.0, abs(b)) for a, b in pairs)


def _nothing(search: Search, found: Found | None, reasons: bool) -> Plan:
    """The empty roadmap, with the reason why there is none to recommend."""
    instance = search.instance
    empty = Roadmap.empty(instance)
    certificate = _certificate(search, empty)
    gap: float | None = 0.0
    if found is not None and found.cut_short:
        because, gap = "limit", None
    else:
        try:
            possible = any_step(Rows(instance, trust=search.trust, red_lines=search.red_lines))
            because = "objective" if possible else "rows" if certificate.holds else "today"
        except SolverError:
            because, gap = "limit", None
    return Plan(
        instance=instance,
        objective=search.objective,
        status="none",
        gap=gap,
        roadmap=empty,
        certificate=certificate,
        reasons=explain(instance, empty, trust=search.trust, red_lines=search.red_lines) if reasons else (),
        nothing_because=because,
        method=_method(search, found, None),
    )


def _method(search: Search, found: Found | None, time_limit: float | None) -> dict[str, object]:
    from importlib.metadata import version

    rows = search.rows
    return {
        "solver": f"HiGHS {version('highspy')}",
        "columns": rows.programme.size,
        "rows": rows.programme.rows,
        "time_limit": time_limit,
        "gap_asked": search.gap,
        "odds": "exact" if all(t.exact for t in rows.trust.values()) else "rounded down to a grid",
        "parties_counted": [] if found is None else list(found.parties),
        "ties": "the lower peak exposure, then the earlier" if found is not None and found.ties_settled else "not settled",
    }
