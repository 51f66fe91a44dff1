"""Preparing: what to do on the day on which a step of a roadmap is missed, or a risk strikes.

1. The roadmap is certified; one that does not hold as it stands is not prepared for: that is a negative answer. Where it is no
   process (module `plan.process`) nobody has agreed on anything, and nothing can go wrong.
2. What can go wrong, phase by phase and party by party, and each risk of the case (`events`).
3. How things stand when it is known, with the odds as they then are (`situation`).
4. The answers, each valued by the rows of what is left (`answers`), and the one to give: one by which missing a step on purpose
   does not pay, and which the others would rather give than not (`deter`).
5. The point of no return of each party (`no_return`).

A repair is worked out where going on as scheduled does not hold (`repairs="needed"`), or always (`"every"`); it is proposed
only where going on does not hold, so that both give the same answers.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.case.case import Case
from detente.errors import InputError
from detente.plan.certificate import Certificate, certify
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap
from detente.plan.search.objective import OBJECTIVES
from detente.prepare.answers import Answer, Desk
from detente.prepare.contingency import Contingency, Preparation
from detente.prepare.deter import decided
from detente.prepare.events import EVENTS, Event, events
from detente.prepare.no_return import points_of_no_return
from detente.prepare.situation import situation

if TYPE_CHECKING:
    from detente.plan.result import Plan
    from detente.solver.linear import Progress

__all__ = ["REPAIRS", "prepare"]

REPAIRS = ("needed", "every")
_PLANNING = 60.0  # seconds for a plan where no limit is given


def prepare(
    case: Case | str | Path,
    roadmap: Roadmap | Plan | Mapping[str, Any] | str | Path | None = None,
    *,
    objective: str = "nash",
    repairs: str = "needed",
    only: Collection[str] | None = None,
    party: str | None = None,
    phase: int | None = None,
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> Preparation:
    """A table of contingencies for a roadmap.

    Parameters
    ----------
    roadmap : a roadmap, a plan, the path of a file with `entry` ("-": standard input), or its keys as plain data. None: the one
        that `plan` finds.
    objective : what repairs are planned for, and by what answers are compared: "nash", "sum" or "min".
    repairs : "needed" or "every": work out a repair where going on does not hold, or always.
    only : kinds of event to look at (`events.EVENTS`); None: all.
    party, phase : only what this party does or what befalls it; only what is due, taken back or strikes in this phase.
    time_limit : seconds for all of it, to within a fifth: half of them for the plan where it has to be made; events that are
        not answered by then are left out and counted. None: 60 for the plan, and every event is answered, which counts its
        work and looks at no clock.
    progress : as for `plan`.

    Raises
    ------
    RoadmapError
        If the roadmap is none, or does not fit the case.
    InputError
        On an objective, a kind of event, a choice of repairs, a party or a phase that is not known.
    """
    from detente.case.load import as_case

    case = as_case(case)
    over = math.inf if time_limit is None else time.monotonic() + time_limit
    last = case.phases.count
    wrong = [
        *([f"objective {objective!r}: wanted one of {', '.join(OBJECTIVES)}"] if objective not in OBJECTIVES else []),
        *([f"repairs {repairs!r}: wanted one of {', '.join(REPAIRS)}"] if repairs not in REPAIRS else []),
        *([f"party {party!r}: wanted one of {', '.join(case.parties)}"] if party not in (None, *case.parties) else []),
        *([f"phase {phase}: wanted 0 to {last}"] if phase is not None and not 0 <= phase <= last else []),
        *([f"time limit {time_limit}: wanted more than 0"] if time_limit is not None and not time_limit > 0 else []),
        *(f"event {x!r}: wanted some of {', '.join(EVENTS)}" for x in only or () if x not in EVENTS),
    ]
    if wrong:
        raise InputError("; ".join(wrong))
    followed = _roadmap(case, roadmap, objective, _PLANNING if time_limit is None else time_limit / 2, progress)
    certificate = certify(case.instance, followed)
    found = [
        e
        for e in (events(case, followed) if certificate.holds and Process(case.instance, followed).exists else ())
        if (only is None or e.event in only) and (party is None or party in e.parties) and (phase is None or phase == e.phase)
    ]
    desk = Desk(objective)
    answered: list[Contingency] = []
    for event in found:
        if time.monotonic() > over:
            break
        answered.append(_answered(case, followed, certificate, event, desk, repairs))
    return Preparation(
        instance=case.instance,
        objective=objective,
        roadmap=followed,
        certificate=certificate,
        contingencies=tuple(answered),
        no_return=points_of_no_return(certificate) if certificate.holds else {},
        repairs=repairs,
        left_out=len(found) - len(answered),
    )


def _answered(case: Case, roadmap: Roadmap, keeping: Certificate, event: Event, desk: Desk, repairs: str) -> Contingency:
    at = situation(case, roadmap, event)
    going_on = desk.tolerate(at)
    wanted = repairs == "every" or not going_on.holds
    answers = {
        "tolerate": going_on,
        "repair": desk.repair(at) if wanted else Answer("repair", None),
        "suspend": desk.suspend(at),
        "take_back": Answer("take_back", None),
        "step_out": desk.step_out(at),
    }
    answers, answer, why, ruling = decided(desk, at, keeping, answers)
    latest = desk.latest(at) if event.event in ("late", "delayed") and event.comes is not None and going_on.holds else None
    return Contingency(event, answers, answer, why, at.factor, at.unknown, latest, ruling)


def _roadmap(case: Case, given: Any, objective: str, time_limit: float, progress: Progress | None) -> Roadmap:
    from detente.plan.solve import plan
    from detente.plan.verify import as_roadmap

    if given is None:
        return plan(case, objective=objective, time_limit=time_limit, reasons=False, progress=progress).roadmap
    return as_roadmap(given, case)
