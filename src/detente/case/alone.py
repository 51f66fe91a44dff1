"""Alone: what each party does, and has, without any deal.

Everything that compares a roadmap with the world without it takes that world from here: no deal, stepping out, the tail after a
break-off (certificate, rows, tables, plays, contingencies, zone).

Definitions
-----------
kept(m)     m has a single actor a, and v[a,m] >= 0: once in force, a keeps it up for its own sake.
lasting(m)  in force, it has to be kept up: it is not kept for its own sake, can be undone (r < 1), and is worth something to
            somebody per phase.
left[i,m]   what a measure that was in force is worth to party i per phase after a break-off: v if it is kept, else r v.
wanted(m)   kept, not in force, and a would begin it for its own sake: what it is worth to a, k[a,m] + v[a,m] / (1-d[a]), with
            a k[a,m] < 0 paid at the start of the work, is > 0. Where k = v = 0, a does not care: it begins if that harms
            nobody. Otherwise a measure worth nothing to anybody would be a threat.
ready[m]    the first phase in which a wanted act can stand if there never is a deal, by its window and its prerequisites, which
            are met by what is kept of what is in force today (since phase -1), and by wanted acts. Of two that exclude each
            other the one is taken that their common actor likes better; where that says nothing, or they have different actors,
            neither: who comes first is not for the order of a file to say. What can so never stand is not taken alone.
last[m]     the last phase in which it can begin: a window that is open in the last phase of the roadmap stays open.
S[i,m](t)   worth of beginning m alone in phase t or as soon as it can be: d^(u-t) (k + v / (1-d)), u = max(t + takes, ready),
            if u <= last; else 0. In units of party i, discounted to t. To the actor itself k < 0 counts in u - takes, when the
            work starts. Work that is under way in t goes on, as scheduled, where the act is taken alone.

Alone from phase t on, party i has
    sum over m in force before t of left[i,m] / (1-d[i])
    + sum over acts taken alone, not in force before t, of S[i,m](t)  +  s / (1-d[i]),
s being what an unstable stand-off costs it per phase (`stalemate`): the drift that a deal suspends. **No deal** is alone from
phase 0 on, with what is in force today.

In the midst of a roadmap (`Instance.begun_alone`) ready and last are those of the whole, on the calendar of what is left: what
can be begun alone does not come to depend on what stands only by the roadmap. And no deal is told less what the roadmap has
brought so far (`Instance.had`), so that the gain of going on is the gain of the whole, bygones included, in the worth of today.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from detente.base.frozen import FrozenDict, derived
from detente.case.instance import Instance, Measure

__all__ = ["Alone", "alone", "begun_alone"]

_NOTHING = Fraction(0)


class Alone:
    """The world without a deal; every sequence is by measure, in the order of the instance.

    kept : whether its actor keeps it up for its own sake. lasting : whether it has to be kept up, once in force. ready : the
    first phase of an act that is taken alone; None for every other measure. last : the last phase in which it can begin
    (`math.inf`: any). no_deal : by party, in its units of value.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.kept = tuple(_kept(m) for m in instance.measures)
        self.lasting = tuple(
            not kept and m.irreversible < 1 and any(m.value.values())
            for kept, m in zip(self.kept, instance.measures, strict=True)
        )
        known = instance.begun_alone
        if known is None:
            self.ready = _ready(instance, self.kept)
            self.last = tuple(math.inf if m.not_after >= instance.phases - 1 else m.not_after for m in instance.measures)
        else:
            self.ready = tuple(known[m.id][0] if m.id in known else None for m in instance.measures)
            self.last = tuple(known[m.id][1] if m.id in known else math.inf for m in instance.measures)
        self.no_deal: Mapping[str, Fraction] = FrozenDict({p.id: self._no_deal(p.id) for p in instance.parties})

    def left(self, party: str, n: int) -> Fraction:
        """What measure n, once in force, is worth to the party per phase after a break-off."""
        m = self.instance.measures[n]
        value = m.value.get(party, _NOTHING)
        return value if self.kept[n] else m.irreversible * value

    def begun(self, n: int, phase: int) -> int | None:
        """The phase in which act n begins if there is no deal from a phase on; None: never, or it is not taken alone."""
        ready = self.ready[n]
        if ready is None:
            return None
        begins = max(phase + self.instance.measures[n].takes, ready)
        return begins if begins <= self.last[n] else None

    def start(self, party: str, n: int, phase: int) -> Fraction:
        """S: what the party has of act n begun alone from a phase on, discounted to it."""
        begins = self.begun(n, phase)
        if begins is None:
            return _NOTHING
        return _worth(self.instance.measures[n], self.instance, party, begins - phase)

    def drift(self, party: str) -> Fraction:
        """What the stand-off, left to itself for ever, adds to or takes from the party."""
        p = self.instance.party[party]
        return p.stalemate / (1 - p.discount)

    def suspended(self, party: str) -> Fraction:
        """The drift that a roadmap suspends, in the midst of one that which it has suspended so far, too."""
        return self.drift(party) + self.instance.drifted.get(party, _NOTHING)

    def _no_deal(self, party: str) -> Fraction:
        total, d = self.drift(party) - self.instance.had.get(party, _NOTHING), self.instance.party[party].discount
        for n, m in enumerate(self.instance.measures):
            total += self.left(party, n) / (1 - d) if m.in_force else self.start(party, n, 0)
        return total


def alone(instance: Instance) -> Alone:
    """The world without a deal, kept with the instance."""
    return derived(instance, Alone)


def begun_alone(instance: Instance, made: Instance | None = None) -> Mapping[str, tuple[int, float]]:
    """What is begun alone, for a problem made of an instance, in which it is to stay so: its measures may be cut finer."""
    world = alone(instance)
    begins = {m.id: (ready, last) for m, ready, last in zip(instance.measures, world.ready, world.last, strict=True)}
    out: dict[str, tuple[int, float]] = {}
    for whole, ids in instance.slices.items():
        parts = ids if made is None else made.slices[whole]
        for n, part in enumerate(parts):
            ready, last = begins[ids[n * len(ids) // len(parts)]]
            if ready is not None:
                out[part] = ready, last
    return FrozenDict(out)


def _kept(m: Measure) -> bool:
    return len(m.actors) == 1 and m.value.get(m.actors[0], _NOTHING) >= 0


def _wanted(m: Measure, instance: Instance) -> bool:
    actor = m.actors[0]
    worth = _worth(m, instance, actor, m.takes)
    if worth or m.value.get(actor):
        return worth > 0
    return all(x >= 0 for x in (*m.value.values(), *m.once.values()))


def _ready(instance: Instance, kept: tuple[bool, ...]) -> tuple[int | None, ...]:
    """The phases from which wanted acts can stand: never, until something that they wait for is shown to stand."""
    measures = instance.measures
    place = {m.id: n for n, m in enumerate(measures)}
    standing = {n for n, m in enumerate(measures) if m.in_force and kept[n]}
    wanted = [n for n, m in enumerate(measures) if kept[n] and not m.in_force and _wanted(m, instance)]
    while True:
        out = _earliest(measures, place, standing, wanted, instance.phases)
        taken = [n for n in wanted if out[n] is not None]
        worth = {n: _worth(measures[n], instance, measures[n].actors[0], out[n] or 0) for n in taken}
        rivals = {n: {place[k] for k in measures[n].excludes if k in place} & {*taken, *standing} for n in taken}

        def yields(n: int, rival: int, worth: Mapping[int, Fraction] = worth) -> bool:
            """Whether an act is not begun because of a rival: one that stands, or that its actor likes better."""
            same = measures[n].actors == measures[rival].actors
            return rival in standing or (same and worth[rival] > worth[n])

        settled = {n for n in taken if all(m not in standing and yields(m, n) for m in rivals[n])} | standing
        shut = {n for n in taken if any(m in settled and yields(n, m) for m in rivals[n])}
        shut = shut or {n for n in taken if rivals[n]}
        if not shut:
            return tuple(out)
        wanted = [n for n in wanted if n not in shut]


def _worth(m: Measure, instance: Instance, party: str, wait: int) -> Fraction:
    """What a party has of an act of one actor, who gains by it, that enters after so many phases and then lasts."""
    d, once = instance.party[party].discount, m.once.get(party, _NOTHING)
    start = wait - m.takes if m.early(party, once) else wait
    return d**start * once + d**wait * m.value.get(party, _NOTHING) / (1 - d)


def _earliest(
    measures: Sequence[Measure], place: Mapping[str, int], standing: set[int], wanted: Sequence[int], phases: int
) -> list[int | None]:
    """As `case.reach.earliest`, but raised from never: acts that wait for each other in a circle have nobody to begin them."""
    out: list[int | None] = [None] * len(measures)

    def ready(m: Measure) -> int | None:
        phase = m.not_before
        for q in m.requires:
            alternatives = (-1 if n in standing else out[n] for n in (place[k] for k in q.any if k in place))
            met = [entered + q.after for entered in alternatives if entered is not None]
            if not met:
                return None
            phase = max(phase, min(met))
        return None if phase > m.not_after and m.not_after < phases - 1 else phase

    for _ in wanted:  # each round settles at least one act more
        before = list(out)
        for n in wanted:
            out[n] = ready(measures[n])
        if out == before:
            break
    return out
