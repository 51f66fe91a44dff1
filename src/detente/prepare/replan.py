"""Re-planning: the best roadmap from where things stand.

1. The status becomes a state (`state`): what is in force, broken off, closed, put off.
2. Odds at phase t: what the steps seen have earned, times what was learnt from misses and shocks (`odds`). Where the case gives
   no rate of failure for a missed measure its factor is not applied, and that is said; a trust that the status states takes the
   place of all of this.
3. Plan what is left, with every row certified exactly (`plan`). Gains count what the roadmap has brought so far (`state`), so
   that what is best from here on is best for the whole. Where the status gives the old roadmap and everything is on schedule,
   its rest stays as it is, if it holds: others have acted on it, and what would be better only now that they have is no reason
   to reopen it. Elsewhere the rest stays if it holds, helps, and is as good as any.
4. Break-even: the smallest factor, on the odds in a party as they were before its misses, at which this answer still stands. It
   stands on its own, whatever the case says about rates.
5. What changed against the old roadmap, each with the row that the new roadmap would break if the measure kept its old phase.

The result speaks in phases of the original calendar. Values are from phase t on, discounted to t; what is left for ever of
measures that were broken off is the same in every answer and told apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.frozen import Frozen
from detente.case.case import Case
from detente.case.instance import Instance
from detente.plan.certificate import STRUCTURAL, Certificate, Row, certify
from detente.plan.explain import explain
from detente.plan.result import Plan, Reason
from detente.plan.risks import after_government
from detente.plan.roadmap import Roadmap
from detente.plan.search.objective import welfare
from detente.plan.solve import plan
from detente.prepare.odds import break_even, miss_of
from detente.prepare.state import Odds, State, as_planned, on_calendar, remains, rest_of, seen_odds, shifted
from detente.prepare.status import Status, read_status, status_of

if TYPE_CHECKING:
    from detente.solver.linear import Progress

__all__ = ["Change", "News", "Replan", "calendar", "kept", "replan"]

_ROUNDING = 1e-6  # of the objective: the solver's own tolerance


@dataclass(frozen=True)
class Change:
    """A measure whose phase differs between the old roadmap and the new one.

    change : "later", "earlier", "added", "dropped" or "resumed" (it was broken off and is taken up again).
    old, new : phases on the calendar; None: never.
    because : "missed" (its old phase is past), "row" and the structural kinds (they forbid the old phase) or "objective" (no
        row forbids the old phase, the objective does not gain by it).
    """

    measure: str
    change: str
    old: int | None
    new: int | None
    because: str
    row: Row | None = None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        old : its phase then; `null`: never
        new : its phase now
        row : the row that the old phase would break now
        """
        return {
            "measure": self.measure,
            "change": self.change,
            "old": self.old,
            "new": self.new,
            "because": self.because,
            "row": None if self.row is None else self.row.to_dict(),
        }


@dataclass(frozen=True)
class News:
    """What was learnt of a party, and how it counts.

    missed : its measures that were late or broken. factor : by which the others' odds in it were multiplied, shocks included,
    as far as it is known. unknown : missed measures without a rate of failure, for which none was applied.
    break_even : the smallest factor on the earlier odds at which the new roadmap stands; None: at none.
    """

    party: str
    missed: tuple[str, ...]
    factor: Fraction
    unknown: tuple[str, ...]
    break_even: Fraction | None

    def to_dict(self) -> dict[str, object]:
        return {
            "party": self.party,
            "missed": list(self.missed),
            "factor": None if self.unknown and self.factor == 1 else float(self.factor),
            "unknown": list(self.unknown),
            "break_even": None if self.break_even is None else float(self.break_even),
        }


@dataclass(frozen=True)
class Replan(Frozen):
    """A new roadmap from a phase on.

    plan : on the original calendar; `entry` holds what is in force with the phase in which it entered. Rows and courses of its
        certificate are those of what is left (`left`), from `phase` on.
    left : the planning problem that is left, phase 0 of which is `phase`. odds : of each ordered pair at `phase`.
    kept : what is in force, with its entry. remains : left for ever of broken measures, by party and phase.
    """

    phase: int
    plan: Plan
    left: Instance
    kept: Mapping[str, int]
    odds: Odds
    news: tuple[News, ...]
    changes: tuple[Change, ...]
    remains: Mapping[str, Fraction]
    notes: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether there is a roadmap to show."""
        return bool(self.plan)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        trust : the probability that was reckoned with, at `from`
        remains : by party, what is left per phase of what was broken off
        """
        trust: dict[str, dict[str, float]] = {}
        for (i, j), o in self.odds.items():
            trust.setdefault(i, {})[j] = float(o / (1 + o))
        return {
            **self.plan.to_dict(),
            "from": self.phase,
            "kept": dict(self.kept),
            "trust": trust,
            "news": [n.to_dict() for n in self.news],
            "changes": [c.to_dict() for c in self.changes],
            "remains": {i: float(x) for i, x in self.remains.items()},
            "notes": list(self.notes),
        }

    def _repr_html_(self) -> str:
        from detente.base.parts import notebook

        return notebook(f"From phase {self.phase} on.") + self.plan._repr_html_()


def replan(
    case: Case | str | Path,
    status: Mapping[str, Any] | str | Path,
    *,
    objective: str = "nash",
    time_limit: float | None = None,
    gap: float = 0.0,
    reasons: bool = True,
    keep_demands: bool | Sequence[str] = False,
    require: Sequence[str] = (),
    forbid: Sequence[str] = (),
    progress: Progress | None = None,
) -> Replan:
    """The best roadmap from where a status says that things stand.

    Parameters
    ----------
    status : the path of a status file, or its keys as plain data (module `status`).
    objective, time_limit, gap, reasons, keep_demands, require, forbid, progress : as for `plan`. What is done by now, and what
        was broken off, is no fault under these conditions (module `plan.conditions`).

    Raises
    ------
    StatusError
        With every fault of the status at once.
    InputError
        On a condition that names nothing of the case.
    """
    from detente.case.load import as_case
    from detente.plan.conditions import conditioned

    case = as_case(case)
    read = status_of(status, case) if isinstance(status, Mapping) else read_status(status, case)
    instance = after_government(case, case.instance, read.struck)
    state = State(read.phase, read.done, frozenset(read.broken), read.closed, read.late, read.roadmap)
    odds, told = _odds(case, instance, state, read)
    left = shifted(instance, state, odds)
    demands = [d.id for d in case.demands] if keep_demands is True else list(keep_demands or ())
    asked = {"demands": demands, "require": list(require), "forbid": list(forbid)}
    if any(asked.values()):
        left = conditioned(case, left, keep_demands=demands, require=require, forbid=forbid)
    found = plan(left, objective=objective, time_limit=time_limit, gap=gap, reasons=reasons, progress=progress)
    if any(asked.values()):
        found = replace(found, method={**(found.method or {}), "conditions": asked})
    if read.roadmap is not None:
        found = kept(found, rest_of(read.roadmap, left, state.phase), _on_schedule(read), reasons)
    certificate = found.certificate
    news = tuple(_news(party, missed, factor, unknown, certificate) for party, missed, factor, unknown in told)
    return Replan(
        phase=state.phase,
        plan=calendar(found, case.instance, state),
        left=left,
        kept=read.done,
        odds=odds,
        news=news,
        changes=tuple(_changes(read, left, found.roadmap)),
        remains=remains(instance, state),
        notes=read.notes,
    )


def _on_schedule(status: Status) -> bool:
    """Whether nothing has happened but what the old roadmap had due."""
    if status.roadmap is None or any((status.late, status.broken, status.closed, status.struck, status.trust)):
        return False
    return dict(status.done) == dict(as_planned(status.roadmap, status.phase).done)


def kept(found: Plan, old: Roadmap, on_schedule: bool, reasons: bool) -> Plan:
    """The plan, with the rest of the old roadmap in its place where that holds, and is on schedule or as good and helps."""
    left, certificate = found.instance, certify(found.instance, old)
    if old in (found.roadmap, Roadmap.empty(left)) or not certificate.holds:
        return found
    as_good = certificate.helps and (not found or _as_good(found.objective, certificate, found.certificate, left))
    if not as_good and not on_schedule:
        return found
    proved = as_good and found.status == "optimal"
    changed = replace(found, roadmap=old, certificate=certificate, reasons=explain(left, old) if reasons else ())
    return replace(changed, status="optimal" if proved else "feasible", gap=found.gap if proved else None, nothing_because=None)


def _as_good(objective: str, one: Certificate, other: Certificate, left: Instance) -> bool:
    """Whether no party's gain is worth the change: up to what the solver's rounding can make of two that are equally good."""
    (*some, mine), (*more, best) = (welfare(objective, c, left) for c in (one, other))
    return some >= more and mine >= best - _ROUNDING * max(1.0, abs(best))


Told = tuple[str, tuple[str, ...], Fraction, tuple[str, ...]]


def _odds(case: Case, instance: Instance, state: State, status: Status) -> tuple[Odds, list[Told]]:
    """The odds at the state's phase, and what was learnt of each party."""
    odds = seen_odds(instance, state)
    told: list[Told] = []
    shocks = [r for name in status.struck for r in case.risks if r.id == name and r.kind == "shock"]
    for j in instance.acting:
        missed = tuple(
            m for m in instance.measure if (m in status.late or m in status.broken) and j in instance.measure[m].actors
        )
        factor, unknown = miss_of(case, instance, missed, j)
        for shock in shocks:
            factor *= shock.ratio if shock.by == j else 1
        if missed or factor != 1:
            told.append((j, missed, factor, unknown))
        for i in instance.party:
            if i != j:
                odds[i, j] *= factor
    new = [r for name in status.struck for r in case.risks if r.id == name and r.kind == "government"]
    stated = {(r.party, j): p for r in new for j, p in r.trust.items()} | dict(status.trust)
    return odds | {pair: p / (1 - p) for pair, p in stated.items() if pair in odds}, told


def _news(party: str, missed: tuple[str, ...], factor: Fraction, unknown: tuple[str, ...], certificate: Certificate) -> News:
    least = break_even(certificate, party)
    return News(party, missed, factor, unknown, None if least is None else least * factor)


def _changes(status: Status, left: Instance, new: Roadmap) -> Iterator[Change]:
    if status.roadmap is None:
        return
    t = status.phase
    for m in left.measures:
        old, at = status.roadmap.entry[m.id], new.entry[m.id]
        now = status.done[m.id] if m.in_force else None if at is None else at + t
        if m.id in status.broken:
            kind = "dropped" if now is None else "resumed"
        elif old == now or m.in_force:
            continue
        else:
            kind = "dropped" if now is None else "added" if old is None else "later" if now > old else "earlier"
        if old is not None and old < t:
            yield Change(m.id, kind, old, now, "missed")
            continue
        broken = certify(left, new.moved(m.id, None if old is None else old - t)).broken
        row = next((r for r in broken if r.row in STRUCTURAL), None) or (broken[0] if broken else None)
        because = "objective" if row is None else row.row if row.row in STRUCTURAL else "row"
        yield Change(m.id, kind, old, now, because, None if row is None else on_calendar(row, t))


# -- from the calendar of what is left to the original one --------------------------------------------------------------------


def calendar(found: Plan, instance: Instance, state: State) -> Plan:
    """A plan of what is left, told in phases of the original calendar."""
    t = state.phase
    entry: dict[str, int | None] = {}
    for m in instance.measure:
        at = found.roadmap.entry[m]
        entry[m] = state.done.get(m) if m in state.done else None if at is None else at + t
    return replace(
        found,
        instance=instance,
        roadmap=Roadmap(instance.case, instance.phases, entry),
        certificate=_certificate(found.certificate, t),
        reasons=tuple(_reason(r, t) for r in found.reasons),
    )


def _certificate(certificate: Certificate, t: int) -> Certificate:
    return replace(
        certificate,
        broken=tuple(on_calendar(r, t) for r in certificate.broken),
        narrowest={i: on_calendar(r, t) for i, r in certificate.narrowest.items()},
        binding=tuple(on_calendar(r, t) for r in certificate.binding),
    )


def _reason(reason: Reason, t: int) -> Reason:
    return replace(
        reason,
        phase=None if reason.phase is None else reason.phase + t,
        tried=None if reason.tried is None else reason.tried + t,
        row=None if reason.row is None else on_calendar(reason.row, t),
    )
