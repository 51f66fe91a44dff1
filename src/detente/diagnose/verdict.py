"""Diagnosis: four questions in order, each answered by an optimisation with a witness.

1. Is there anything to agree on?     `zone`: a package that helps (module `plan.process`)
2. Could it be kept?                  a roadmap that helps and satisfies the incentive rows
3. Would anyone dare to begin?        a roadmap that helps and satisfies the trust rows and red lines too
4. Is the order free?                 `demands`: no cycle of demands; and each stated order tried as it stands (`orders`)

Each question asks for more than the one before, and the third for what `plan` gives: so a plan answers all three, and where
there is none the first that cannot be answered says why.

The first question answered no gives the verdict; what would mend it comes from `repair`. A question that was not settled within
its limits ends the questions, too: its answer is not known, and so is the verdict.

The limits count work: nodes of the search tree for each programme. The time limit stands above them all; where it ended
something, `Diagnosis.method` says so, and where it did not, the answer does not depend on the machine.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from detente.base.words import count, figure
from detente.case.case import Case
from detente.case.instance import Instance
from detente.diagnose.demands import deadlocks, relaxations
from detente.diagnose.orders import try_orders
from detente.diagnose.repair import least_guarantee, openings, trust_threshold
from detente.diagnose.result import Diagnosis, Opening, Question
from detente.diagnose.zone import Zone, bargaining_zone, zone_of
from detente.errors import SolverError
from detente.plan.once import found_once
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap
from detente.plan.search.possible import helpful
from detente.plan.solve import CUT, STRUCK
from detente.plan.solve import plan as make_plan
from detente.solver.effort import Effort
from detente.solver.linear import Progress

__all__ = ["diagnose"]

ASKED = {
    "zone": "Is there anything to agree on?",
    "keep": "Could it be kept?",
    "dare": "Would anyone dare to begin?",
    "order": "Is the order of steps free of contradiction?",
}
_VERDICTS = {"zone": "no-zone", "keep": "commitment", "dare": "distrust", "order": "order"}
_LEAST = 1.0  # seconds for the first question, however little time is left: without it nothing is said


def diagnose(
    case: Case | str | Path,
    *,
    plan: Plan | None = None,
    objective: str = "nash",
    time_limit: float | None = None,
    began: float | None = None,
    progress: Progress | None = None,
) -> Diagnosis:
    """Say why the parties are stuck.

    Parameters
    ----------
    plan : a plan of this case made before, with all rows; it is made here if not given.
    objective, progress : for that plan.
    time_limit : seconds for all of it, to within a fifth; where it strikes, `method["time_limit_struck"]` says so. None: work
        is counted, the same on every machine, and `method["work_limit_struck"]` says whether it was over. What is not settled
        by then is told as not known: the verdict is "unsettled" where that keeps a question from its answer.
    began : when the time began, on the clock of `time.monotonic`; None: now.

    Raises
    ------
    InputError
        On an unknown objective, a limit that is not positive, more rows than can be checked.
    """
    from detente.case.load import as_case

    began = time.monotonic() if began is None else began
    case = as_case(case)
    instance = case.instance
    locked, all_deadlocks = deadlocks(case.demands, instance)
    ways, all_relaxations = relaxations(locked)
    made = plan
    if made is None:
        made = make_plan(case, objective=objective, time_limit=time_limit, began=began, progress=progress)
    signals: tuple[Opening, ...] = ()
    kept: Plan | None = None
    effort = Effort.lasting(time_limit, began=began)
    zone = bargaining_zone(instance, replace(effort, until=max(effort.until, time.monotonic() + _LEAST)))
    kept_by = _kept_by(instance, made, zone, effort)
    if isinstance(kept_by, Roadmap) and not zone.exists:
        zone = zone_of(instance, kept_by)
    questions = [_zone(instance, zone)]
    if questions[-1].answer:
        questions.append(_keep(instance, made, kept_by, effort))
    if questions[-1].answer and questions[-1].id == "keep":
        dare, signals = _dare(instance, made, effort)
        questions.append(dare)
    reached = questions[-1]
    if reached.answer and reached.id == "dare":
        questions.append(_order(locked, ways, all_deadlocks and all_relaxations))
        if locked:
            limits: dict[str, Any] = {"time_limit": time_limit, "began": began, "progress": progress}
            solve = partial(make_plan, case, objective=objective, reasons=False, keep_demands=True, **limits)
            kept = found_once(case, objective, 0.0, None, solve, keep_demands=True) if time_limit is None else solve()
    own = [p for p in (made if plan is None else None, kept) if p is not None]
    struck, cut = (any((p.method or {}).get(key) for p in own) for key in (STRUCK, CUT))
    asked = {q.id for q in questions}
    reached = questions[-1]
    why = "answered no" if reached.answer is False else "not settled"
    questions += [_question(k, None, f"Not reached: the question before was {why}.") for k in ASKED if k not in asked]
    verdict = "unsettled" if reached.answer is None else "open" if reached.answer else _VERDICTS[reached.id]
    return Diagnosis(
        case=case.case,
        verdict=verdict,
        questions=tuple(questions),
        deadlocks=locked,
        relaxations=ways,
        orders=try_orders(case),
        complete=all_deadlocks and all_relaxations,
        openings=signals,
        plan=made,
        kept=kept,
        method={STRUCK: struck or time.monotonic() > effort.until, CUT: cut or effort.meter.cut},
    )


def _zone(instance: Instance, zone: Zone) -> Question:
    if zone.exists is None:
        text = (
            "Within the limits no package that makes somebody better off and nobody worse off was found, and no proof of none."
        )
        return _unknown("zone", text)
    names = {p.id: p.name for p in instance.parties}
    gains = {i: float(g) for i, g in zone.gains.items()}
    figures: Mapping[str, object] = {"package": list(zone.package), "gains": gains}
    if zone.exists:
        told = "; ".join(f"{names[i]} {g:+.2g}" for i, g in gains.items())
        together = f"{count(len(zone.package), 'measure')} together"
        whom = "every party" if all(g > 0 for g in gains.values()) else "some party, and none below,"
        text = f"{together} would leave {whom} above no deal ({told}, each in its own units)."
        return _question("zone", True, text, figures)
    short = {i: -g for i, g in gains.items() if g < 0}
    told = "; ".join(f"{names[i]} is short by {figure(g, 2)}" for i, g in short.items())
    text = f"Even in the nearest package {told or 'nobody gains'}." if zone.package else "No measure is left that could enter."
    return _question("zone", False, text, {**figures, "short": short})


def _question(id_: str, answer: bool | None, finding: str, figures: Mapping[str, object] | None = None) -> Question:
    return Question(id_, ASKED[id_], answer, finding, figures or {})


def _unknown(question: str, text: str) -> Question:
    return _question(question, None, text, {"known": False})


def _kept_by(instance: Instance, made: Plan, zone: Zone, effort: Effort) -> Roadmap | bool | None:
    """A roadmap that helps and satisfies the incentive rows; False: there is none; None: not known."""
    if made:
        return made.roadmap
    if zone.exists is False:
        return False
    return helpful(instance, effort, trust=False, red_lines=False)


def _keep(instance: Instance, made: Plan, kept_by: Roadmap | bool | None, effort: Effort) -> Question:
    if made:
        text = f"{_count(made)} satisfy every incentive row; no party would gain by cheating or stepping out."
        return _question("keep", True, text, {"witness": "plan"})
    if kept_by is None:
        return _unknown("keep", "Whether a roadmap that helps satisfies every incentive row was not found out in time.")
    if kept_by:
        return _question("keep", True, "If trust were no matter, a roadmap that helps would satisfy every incentive row.")
    try:
        guarantee = least_guarantee(instance, effort)
    except SolverError:
        text = "Every roadmap that helps tempts someone to cheat. The least repair was not found within the limits."
        return _question("keep", False, text, {"known": False})
    if guarantee is None:
        text = "Every roadmap that helps tempts someone to cheat, and no guarantee, however large, would change that."
        return _question("keep", False, text, {"guarantee": None, "row": None})
    names = {p.id: p.name for p in instance.parties}
    told = "; ".join(f"{names[i]} {figure(x, 2)} more" for i, x in guarantee.extra.items())
    text = (
        f"Every roadmap that helps tempts someone to cheat. The least repair: a breakdown would have to cost {told} "
        "(in its own units)."
    )
    row = None if guarantee.row is None else guarantee.row.to_dict()
    return _question("keep", False, text, {"guarantee": dict(guarantee.extra), "row": row})


def _dare(instance: Instance, made: Plan, effort: Effort) -> tuple[Question, tuple[Opening, ...]]:
    if made:
        text = f"{_count(made)} ask no side to trust more than it does, or than the steps before have earned."
        return _question("dare", True, text, {"witness": "plan"}), ()
    if made.nothing_because == "limit":
        return _unknown("dare", "Whether a roadmap that helps satisfies every row was not found out within the limits."), ()
    try:
        threshold, known = trust_threshold(instance, effort), True
    except SolverError:
        threshold, known = None, False
    found, every = openings(instance, effort)
    red_lines = bool(helpful(instance, effort, red_lines=False))  # trust alone would let somebody begin
    parts = [
        "Every roadmap that would be kept, and that trust would allow, takes someone past its red line."
        if red_lines
        else "Every roadmap that would be kept asks someone to risk more than trust allows."
    ]
    if threshold is not None:
        parts.append(f"With a trust of {threshold:.2f} on all sides a first step would be possible.")
    if not known or not every:
        parts.append("Not all found out within the limits: from which trust on, or by which signals, a step would be possible.")
    opening = [o for o in found if o.needed is not None and o.signal >= o.needed]
    if opening:
        title = instance.measure[opening[0].measure].title
        parts.append(f"The first costly signal that would open the way: {title}.")
    elif found and found[0].needed is not None:
        title = instance.measure[found[0].measure].title
        parts.append(f"Nearest to opening the way: {title}, if it made sincerity {found[0].needed:g} times likelier.")
    figures = {"threshold": threshold, "red_lines": red_lines, **({} if known and every else {"known": False})}
    return _question("dare", False, " ".join(parts), figures), found


def _order(locked: tuple[tuple[str, ...], ...], ways: tuple[tuple[str, ...], ...], complete: bool) -> Question:
    figures = {"deadlocks": [list(d) for d in locked], "relaxations": [list(w) for w in ways]}
    if not locked:
        text = "The stated demands contradict neither each other nor the prerequisites."
        return _question("order", True, text, figures)
    if not complete:
        text = f"The demands contradict each other in {len(locked)} ways or more, too many to say which are the least to relax."
        return _question("order", False, text, figures)
    least = count(len(ways[0]) if ways else 0, "demand")
    text = (
        f"The demands contradict each other in {count(len(locked), 'way')}; "
        f"relaxing {least} is the least that would resolve it."
    )
    return _question("order", False, text, figures)


def _count(made: Plan) -> str:
    return f"{count(made.roadmap.length, 'step')} of a roadmap"
