"""A roadmap under way, seen from a phase: what is left of the problem, exactly.

State. At the beginning of phase t some measures are in force, some have been broken off, some can never enter any more. What is
left is a planning problem of its own, with T - t phases, in which phase s stands for phase t + s of the calendar:

in force     entered in phase e < t and not broken off: entry -1. Its one-off value is spent.
broken off   no longer in force. What remains of it, r v a phase for ever, is the same whatever anybody does from now on, so it
             cancels in every row (V, D, W alike; E and the gain over no deal are differences). It is left out of them and told
             apart (`remains`). Taken up again, the measure adds the rest, (1 - r) v, of which nothing more would remain after a
             second break: r' = 0. Its one-off value and its signal count again, since it enters again.
closed       can never enter any more: it has no window.
windows      shifted by t; a measure that is announced for a later phase cannot enter before it.
work         that the roadmap followed has started before t goes on: it may enter when it was to, and what it has cost so far is
             spent. Any other work has yet to start, in t or later. Without a roadmap that is followed none is under way.
prerequisite of which an alternative n is in force: met from phase e(n) + after on, for the first of these, which becomes part
             of the window (any other alternative would be ready later still). Otherwise it stays as it is.
odds         stated odds, times the signals of the steps seen carried out by t (entered by t - lag, those of phase -1 not
             counted), times what was learnt from what was not carried out (module `odds`). The signal of a step that is in
             force but not yet seen counts from the phase in which it will be (`Measure.unseen`).

alone        what each party would do alone is what it would have done from phase t on: acts taken alone keep their first and
             their last phase, shifted by t. A step that a party has taken only by the roadmap opens the way to none of them.
under way    who has had something to do so far goes on having rows, and a roadmap without a further step is no return to the
             world without a deal, where the roadmap was a process and something of it has been carried out, were it only that
             somebody kept up or left undone what it would not have alone.
had          how much better off than without a deal each party would be if all ended now and nothing were lost by that. It
             counts in every gain: with F what the phases before t have brought, discounted to phase 0, V[i,0] = F + d^t V[i,t],
             and the gain from t on is that of the whole, (V[i,0] - no deal) / d^t. So a roadmap that is looked at again is
             judged as it was before, though part of it is past. What was broken off is left out of F and of no deal. Where the
             drift of the stand-off is left aside (H, module `plan.process`), so is what has been suspended of it so far.

When all went to plan the rows of what is left are, number for number, the rows of the roadmap from t on, and the gains those of
the roadmap. At t >= T nothing can enter any more; the one phase that is left is the steady state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from detente.base.frozen import Frozen
from detente.case.alone import alone
from detente.case.instance import Instance, Measure, Party, Requirement
from detente.plan.certificate import Row
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap

__all__ = ["Odds", "State", "as_planned", "begun", "flows", "on_calendar", "remains", "rest_of", "seen_odds", "shifted"]

Odds = Mapping[tuple[str, str], Fraction]


@dataclass(frozen=True)
class State(Frozen):
    """How things stand at the beginning of a phase.

    phase : t, from 0.
    done : what is in force, with the phase in which it entered (-1: before phase 0).
    broken : what was in force once and is not any more.
    closed : what can never enter (again).
    earliest : the first phase, on the calendar, in which a measure that is put off can enter.
    followed : the roadmap that was followed until now, if it is known.
    """

    phase: int
    done: Mapping[str, int]
    broken: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    earliest: Mapping[str, int] = field(default_factory=dict)
    followed: Roadmap | None = None


def as_planned(roadmap: Roadmap, phase: int) -> State:
    """The state at the beginning of a phase if everything went to plan."""
    return State(phase, {m: e for m, e in roadmap.entry.items() if e is not None and e < phase}, followed=roadmap)


def seen_odds(instance: Instance, state: State) -> dict[tuple[str, str], Fraction]:
    """The odds of every ordered pair at the state's phase from the steps seen carried out, before any other news."""
    out = {}
    for party in instance.parties:
        for other in instance.acting:
            if other == party.id:
                continue
            trust = party.trust[other]
            odds = trust / (1 - trust)
            for m, entry in state.done.items():
                measure = instance.measure[m]
                if other in measure.actors and entry >= 0 and entry + measure.lag <= state.phase:
                    odds *= measure.signal
            out[party.id, other] = odds
    return out


def shifted(instance: Instance, state: State, odds: Odds) -> Instance:
    """What is left to plan at a state.

    Parameters
    ----------
    odds : of every ordered pair of which the second can act, > 0, at the state's phase.
    """
    parties = tuple(_party(p, odds) for p in instance.parties)
    phases = max(instance.phases - state.phase, 1)
    measures = tuple(_measure(m, instance, state, phases) for m in instance.measures)
    giving = _under_way(instance, state)
    left = Instance(instance.case, phases, parties, measures, giving or frozenset(), _begun_alone(instance, state))
    if giving is None:
        return left
    return replace(left, had=_had(instance, state, left), drifted=_drifted(instance, state.phase))


def _party(party: Party, odds: Odds) -> Party:
    trust = {j: o / (1 + o) for (i, j), o in odds.items() if i == party.id}
    return replace(party, trust={**party.trust, **trust})


def _under_way(instance: Instance, state: State) -> frozenset[str] | None:
    """The parties that have had something to do before the state's phase, as far as it was carried out; None: no process is
    under way.
    """
    t, world = state.phase, alone(instance)
    carried: dict[str, int | None] = {}
    for n, m in enumerate(instance.measures):
        ready = world.ready[n]
        if m.id in state.done:
            carried[m.id] = state.done[m.id]
        elif m.id in state.broken:
            carried[m.id] = -1 if m.in_force else 0
        else:  # an act that could not be begun alone before t has not been left undone by then
            carried[m.id] = ready if ready is not None and ready >= t else None
    so_far = Process(instance, Roadmap(instance.case, instance.phases, carried))
    followed = t > 0 and state.followed is not None and Process(instance, state.followed).exists
    return so_far.giving if followed or so_far.exists else None


def _begun_alone(instance: Instance, state: State) -> dict[str, tuple[int, float]]:
    world, out = alone(instance), {}
    for n, m in enumerate(instance.measures):
        ready = world.ready[n]
        if ready is not None and m.id not in state.done and m.id not in state.closed:
            out[m.id] = (max(ready, state.earliest.get(m.id, 0), state.phase) - state.phase, world.last[n] - state.phase)
    return out


def _had(instance: Instance, state: State, left: Instance) -> dict[str, Fraction]:
    """What going this far has brought each party, were all to end now without loss, over no deal; discounted to now."""
    t, world, now = state.phase, alone(instance), alone(left).no_deal
    broken = [n for n, m in enumerate(instance.measures) if m.in_force and m.id in state.broken]
    started = begun(instance, state)
    out = {}
    for i, party in instance.party.items():
        d = party.discount
        before = world.no_deal[i] - sum((world.left(i, n) for n in broken), Fraction(0)) / (1 - d)
        out[i] = (flows(instance, started, i, 0, t) - before) / d**t + now[i]
    return out


def begun(instance: Instance, state: State) -> dict[str, int]:
    """What is in force, and what is under work, with its phase of entry."""
    return {**state.done, **{m.id: e for m in instance.measures if (e := _under_work(m, state)) is not None}}


def flows(instance: Instance, entered: Mapping[str, int], party: str, first: int, end: int) -> Fraction:
    """What a party has in phases `first` .. `end` - 1 of what has entered, or is under work by then; discounted to phase 0."""
    d, total = instance.party[party].discount, Fraction(0)
    for m, e in entered.items():
        measure = instance.measure[m]
        value, once = measure.value.get(party, Fraction(0)), measure.once.get(party, Fraction(0))
        runs, paid = (e - measure.takes if measure.early(party, x) else e for x in (value, once))
        total += (d ** max(runs, first) - d**end) * value / (1 - d) if runs < end else 0
        total += d**paid * once if first <= paid < end else 0
    return total


def _drifted(instance: Instance, phase: int) -> dict[str, Fraction]:
    drift = alone(instance).drift
    return {i: drift(i) / p.discount**phase - drift(i) for i, p in instance.party.items()}


def _measure(m: Measure, instance: Instance, state: State, phases: int) -> Measure:
    t = state.phase
    if m.id in state.done:
        entry = state.done[m.id]
        unseen = max(0, entry + m.lag - t) if entry >= 0 else 0
        return replace(m, in_force=True, unseen=unseen, not_before=0, not_after=phases - 1, requires=())
    first = max(m.not_before - t, state.earliest.get(m.id, 0) - t, m.takes if _under_work(m, state) is None else 0)
    last = min(m.not_after, instance.phases - 1) - t
    requires: list[Requirement] = []
    for q in m.requires:
        ready = [state.done[n] + q.after - t for n in q.any if n in state.done]
        if ready:
            first = max(first, min(ready))
        else:
            requires.append(q)
    if m.id in state.closed or first > last:
        first, last = phases, phases - 1  # an empty window: it never enters
    left = replace(m, in_force=False, not_before=first, not_after=last, requires=tuple(requires))
    if m.id in state.broken:
        rest = {i: (1 - m.irreversible) * v for i, v in m.value.items()}
        left = replace(left, value={i: v for i, v in rest.items() if v}, irreversible=Fraction(0))
    return left


def _under_work(m: Measure, state: State) -> int | None:
    """The phase in which the roadmap followed has a measure enter whose work has started; None: it has not."""
    e = None if state.followed is None or m.id in state.broken or m.id in state.closed else state.followed.entry.get(m.id)
    return None if e is None or not e - m.takes < state.phase <= e else e


def remains(instance: Instance, state: State) -> dict[str, Fraction]:
    """By party, what is left for ever of what was broken off, per phase."""
    out = dict.fromkeys(instance.party, Fraction(0))
    for m in state.broken:
        measure = instance.measure[m]
        for i, v in measure.value.items():
            out[i] += measure.irreversible * v
    return {i: v for i, v in out.items() if v}


def rest_of(roadmap: Roadmap, left: Instance, phase: int) -> Roadmap:
    """What a roadmap has still to come at a phase, on the calendar of what is left; what was due and is not in force: never."""
    entry: dict[str, int | None] = {}
    for m in left.measures:
        e = roadmap.entry[m.id]
        entry[m.id] = -1 if m.in_force else e - phase if e is not None and phase <= e < phase + left.phases else None
    return Roadmap(roadmap.case, left.phases, entry)


def on_calendar(row: Row, phase: int) -> Row:
    """A row of what is left at a phase, told in phases of the original calendar."""
    if row.row in ("window", "prerequisite"):  # their sides are phases
        return replace(row, phase=row.phase + phase, left=row.left + phase, right=row.right + phase)
    return replace(row, phase=row.phase + phase)
