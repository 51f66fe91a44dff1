"""Preparing: what to do on the day on which a step of a roadmap is missed, or a risk strikes.

1. The roadmap is certified. One that breaks prerequisites, windows or exclusions cannot be carried out, and is not prepared
   for: that is a negative answer. Where it is no process (module `plan.process`) nobody has agreed on anything, and nothing can
   go wrong. Of one in which somebody has reason to stop or to cheat, what can go wrong begins in the first phase with such a
   row, and each step is answered for by itself. Its kept[j] (module `deter`) is what j would have if all went on even so.
2. What can go wrong, phase by phase and party by party, and each risk of the case (`events`), elections and consents among them
   (`causes`).
3. How things stand when it is known, with the odds as they then are (`situation`).
4. The answers, each valued by the rows of what is left (`answers`), and the one to give: one by which missing a step on purpose
   does not pay, and which the others would rather give than not (`deter`).
   Where there is none, the supports of the case are tried one at a time, those of the lowest cost over all parties first; only
   those by which the measures stay what they are.
5. The point of no return of each party (`no_return`).

A repair is worked out where going on as scheduled does not hold (`repairs="needed"`), or always (`"every"`); it is proposed
only where going on does not hold, so that both give the same answers.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.case.case import Case
from detente.errors import InputError
from detente.plan.certificate import STRUCTURAL, Certificate, certify
from detente.plan.delayed import delayed
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap, roadmap_from_steps
from detente.plan.search.objective import OBJECTIVES
from detente.plan.unlock.supported import cost_of, is_paid, supported, with_payments
from detente.prepare.answers import Answer, Desk
from detente.prepare.causes import with_causes
from detente.prepare.contingency import Contingency, Preparation
from detente.prepare.deter import decided
from detente.prepare.events import EVENTS, Event, events
from detente.prepare.no_return import points_of_no_return
from detente.prepare.situation import situation

if TYPE_CHECKING:
    from detente.plan.result import Plan
    from detente.solver.linear import Progress

__all__ = ["REPAIRS", "answer_to", "checked", "prepare"]

REPAIRS = ("needed", "every")


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
    roadmap : a roadmap, a plan, the path of a file with `entry` ("-": standard input), its keys as plain data, or the id of a
        stated order, followed as prerequisites and windows allow. None: the best at the likely values.
    objective : what repairs are planned for, and by what answers are compared: "nash", "sum" or "min".
    repairs : "needed" or "every": work out a repair where going on does not hold, or always.
    only : kinds of event to look at (`events.EVENTS`); None: all.
    party, phase : only what this party does or what befalls it; only what is due, taken back or strikes in this phase.
    time_limit : seconds for all of it, to within a fifth: half of them for the plan where it has to be made; events that are
        not answered by then are left out and counted. None: every event is answered; plan and answers count their work and look
        at no clock.
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
    checked(case, objective=objective, repairs=repairs, only=only, party=party, phase=phase, time_limit=time_limit)
    followed = _roadmap(case, roadmap, objective, None if time_limit is None else time_limit / 2, progress)
    certificate = certify(case.instance, followed)
    begins = 0 if certificate.holds else certificate.broken[0].phase
    prepared = Process(case.instance, followed).exists and not any(r.row in STRUCTURAL for r in certificate.broken)
    struck = with_causes(case)
    found = [
        e
        for e in (events(struck, followed, apart=not certificate.holds) if prepared else ())
        if (only is None or e.event in only) and (party is None or party in e.parties) and (phase is None or phase == e.phase)
        if e.phase >= begins
    ]
    desk, supports = Desk(objective), _Supports(struck, followed, objective, apart=not certificate.holds)
    answered: list[Contingency] = []
    for event in found:
        if time.monotonic() > over:
            break
        answered.append(answer_to(struck, followed, certificate, event, desk, repairs, supports))
    return Preparation(
        instance=case.instance,
        objective=objective,
        roadmap=followed,
        certificate=certificate,
        contingencies=tuple(answered),
        no_return=points_of_no_return(certificate) if prepared or certificate.holds else {},
        repairs=repairs,
        left_out=len(found) - len(answered),
    )


def checked(
    case: Case,
    *,
    objective: str = "nash",
    repairs: str = "needed",
    only: Collection[str] | None = None,
    party: str | None = None,
    phase: int | None = None,
    time_limit: float | None = None,
) -> None:
    """Refuse what cannot be asked for.

    Raises
    ------
    InputError
        Naming all of it.
    """
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


def answer_to(
    case: Case,
    roadmap: Roadmap,
    keeping: Certificate,
    event: Event,
    desk: Desk,
    repairs: str,
    supports: _Supports | None = None,
) -> Contingency:
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
    if ruling.deters is False and supports is not None:
        ruling = replace(ruling, support=supports.enough(event, repairs))
    return Contingency(event, answers, answer, why, at.factor, at.unknown, latest, ruling)


class _Supports:
    """The case with one support in place: its planning problem, its events, a desk for them; each worked out once."""

    def __init__(self, case: Case, roadmap: Roadmap, objective: str, apart: bool) -> None:
        self._case, self._roadmap, self._objective, self._apart = case, roadmap, objective, apart
        self._tried: dict[str, tuple[Case, Roadmap, Certificate, Desk, list[Event]] | None] = {}

    def enough(self, event: Event, repairs: str) -> str | None:
        """The cheapest support with which it does not pay to bring the event about; None: no single one is known to do."""
        for support in sorted(self._case.supports, key=lambda s: sum(cost_of(s).values())):
            if support.id not in self._tried:
                self._tried[support.id] = self._with(support.id)
            tried = self._tried[support.id]
            if tried is None:
                continue
            case, roadmap, keeping, desk, its = tried
            same = next((e for e in its if _key(e) == _key(event)), None)
            if same is not None and answer_to(case, roadmap, keeping, same, desk, repairs).ruling.deters:
                return support.id
        return None

    def _with(self, support: str) -> tuple[Case, Roadmap, Certificate, Desk, list[Event]] | None:
        instance = supported(self._case, [support])
        if {m for m in instance.measure if not is_paid(m)} != set(self._case.instance.measure):
            return None
        case = self._case.model_copy(update={"instance": instance})
        entry = {**Roadmap.empty(instance).entry, **self._roadmap.entry}
        roadmap = with_payments(instance, Roadmap(instance.case, instance.phases, entry))
        return case, roadmap, certify(instance, roadmap), Desk(self._objective), list(events(case, roadmap, apart=self._apart))


def _key(event: Event) -> tuple[object, ...]:
    """What an event is about, whenever it is known."""
    return event.event, event.parties, event.since, event.measures, event.risk


def _roadmap(case: Case, given: Any, objective: str, time_limit: float | None, progress: Progress | None) -> Roadmap:
    from detente.plan.solve import plan
    from detente.plan.verify import as_roadmap

    if given is None:
        return plan(case, objective=objective, time_limit=time_limit, reasons=False, progress=progress).roadmap
    order = next((o for o in case.orders if o.id == given), None) if isinstance(given, str) else None
    if order is not None:
        instance = case.instance
        entry = delayed(instance, roadmap_from_steps(order.steps, instance).entry)
        return Roadmap(instance.case, instance.phases, entry)
    return as_roadmap(given, case)
