"""The four rules of conduct: ladders and credits for those that pick their steps, schedules for those that announce them.

Cost of a step to party i: -(v + (1 - d) k), what it gives up per phase; a step without cost to any of its actors is free.
Ladder: the steps that are not in force and that nobody takes alone (`case.alone`), free ones first, then by cost, dearest last
(a joint step by its cost relative to what all measures together are worth to its actors). How steps are picked from a ladder
within a credit: `process`.

Tit for tat (Axelrod 1984). Every party opens with its cheapest costly step and afterwards gives only against what it has seen:
credit of each = the cost of its own cheapest costly step. No miss is tolerated; the counterpart is suspended at once, and all
is forgiven when the missing step is made up for.

Graduated reciprocation in tension reduction, GRIT (Osgood 1962, An Alternative to War or Surrender; his ten rules as Lindskold
1978, Psychological Bulletin 85, reviews them), led by one party. Each rule, and what becomes of it here:

    1  It says beforehand that it means to reduce tension.  Its steps are public as soon as they are picked.
    2  It announces each initiative.                        The same.
    3  It invites an answer and demands none.               The others may answer with the next step of their own ladder.
    4  It carries out what it announced, on schedule.       One step in each phase, whatever the others do.
    5  It goes on for a while without an answer.            Credit = the cost of its first steps (`initiatives`: how many).
    6  Its initiatives can be seen.                         Steps with a detection lag of 1 come first on its ladder.
    7  It keeps what it needs to strike back.               What is out without an answer never costs more than the credit.
    8  It answers a breach exactly, no more.                Only what those who missed were given since is paused.
    9  It draws from different fields.                      No two steps of one kind in a row where another kind is left.
    10 It matches an answer and raises the stake by it.     Its balance decides how far up the ladder it goes.

The others have no credit: they answer, and never begin. One more miss than the profile's is tolerated.

Maximal pressure, by one party: everything that the others can do comes first, as early as prerequisites allow, and of its own
what costs it nothing; what costs it something comes when all that has come and has been seen. No miss is tolerated. Harder
means than withholding are not in a case, and are not played.

Wait and see: no deal. Nothing enters but what is taken alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from detente.base.frozen import Frozen
from detente.case.alone import alone
from detente.case.instance import Instance, Measure
from detente.plan.delayed import delayed

__all__ = ["RULES", "Picked", "graduated", "leaders", "maximal_pressure", "tit_for_tat"]

RULES = ("tit-for-tat", "graduated-reciprocation", "maximal-pressure", "wait-and-see")


@dataclass(frozen=True)
class Picked(Frozen):
    """How steps are picked: the ladder, and the credit of each party in its units per phase."""

    ladder: tuple[str, ...]
    credit: Mapping[str, float]


def _cost(instance: Instance, m: Measure, party: str) -> float:
    d = instance.party[party].discount
    return max(0.0, -float(m.value.get(party, 0) + (1 - d) * m.once.get(party, 0)))


def _relative(instance: Instance) -> Callable[[Measure], float]:
    """The largest cost to an actor, as a share of what all measures together are worth to it, good or bad."""
    whole = {i: sum(abs(float(n.value.get(i, 0))) for n in instance.measures) for i in instance.acting}

    def largest(m: Measure) -> float:
        return max((_cost(instance, m, i) / whole[i] if whole[i] else 0.0 for i in m.actors), default=0.0)

    return largest


def _new(instance: Instance) -> list[Measure]:
    ready = alone(instance).ready
    return [m for n, m in enumerate(instance.measures) if not m.in_force and ready[n] is None]


def leaders(instance: Instance) -> tuple[str, ...]:
    """Parties that could lead: they have a step of their own that costs them something and is worth something to another."""
    out = []
    for i in instance.acting:
        for m in _new(instance):
            others = any(float(x) > 0 for j, x in m.value.items() if j != i)
            if m.actors == (i,) and others and _cost(instance, m, i) > 0:
                out.append(i)
                break
    return tuple(out)


def tit_for_tat(instance: Instance) -> Picked:
    ladder = sorted(_new(instance), key=_relative(instance))
    credit = {}
    for p in instance.parties:
        costs = [c for m in ladder if p.id in m.actors and (c := _flow_cost(m, p.id)) > 0]
        credit[p.id] = min(costs, default=0.0)
    return Picked(tuple(m.id for m in ladder), credit)


def _flow_cost(m: Measure, party: str) -> float:
    """What a balance counts: the cost per phase, one-off costs apart."""
    return max(0.0, -float(m.value.get(party, 0)))


def graduated(instance: Instance, leader: str, initiatives: int) -> Picked:
    cost = _relative(instance)
    own = [m for m in _new(instance) if m.actors == (leader,)]
    first = _diverse(sorted(own, key=lambda m: (m.lag > 1, cost(m))))
    rest = sorted((m for m in _new(instance) if m.actors != (leader,)), key=cost)
    costly = [c for m in first if (c := _flow_cost(m, leader)) > 0]
    credit = {p.id: 0.0 for p in instance.parties} | {leader: sum(costly[:initiatives])}
    return Picked(tuple(m.id for m in (*first, *rest)), credit)


def _diverse(ladder: list[Measure]) -> list[Measure]:
    """The same steps, no two of one kind in a row where another kind is left; slices keep their order."""
    out: list[Measure] = []
    left = list(ladder)
    while left:
        fit = next((m for m in left if not out or m.kind != out[-1].kind), left[0])
        out.append(fit)
        left.remove(fit)
    return out


def maximal_pressure(instance: Instance, by: str) -> dict[str, int | None]:
    """The schedule in which a party gives nothing that costs it before all that the others can do has been seen."""
    held = {m.id for m in _new(instance) if by in m.actors and _cost(instance, m, by) > 0}
    at_once = {m.id: -1 if m.in_force else None if m.id in held else 0 for m in instance.measures}
    entry = _without_clashes(instance, delayed(instance, at_once))
    seen = [e + m.lag for m in instance.measures if (e := entry[m.id]) is not None and e >= 0 and by not in m.actors]
    after = max(seen, default=0)
    late = {m: min(after, instance.phases) for m in held}
    whole = {m: (late[m] if late[m] < instance.phases else None) if m in held else e for m, e in entry.items()}
    # what the others can do only after a held step (and was cut above) follows it
    whole |= {m: after for m, e in whole.items() if e is None and m not in held and after < instance.phases}
    return _without_clashes(instance, delayed(instance, whole))


def _without_clashes(instance: Instance, entry: Mapping[str, int | None]) -> dict[str, int | None]:
    """Of measures that exclude each other the earlier one of the case stays."""
    out = dict(entry)
    for m in instance.measures:
        if out[m.id] is not None and _clash(m.excludes, out):
            out[m.id] = None
    return delayed(instance, out)


def _clash(excluded: Iterable[str], entry: Mapping[str, int | None]) -> bool:
    return any(entry[n] is not None for n in excluded)
