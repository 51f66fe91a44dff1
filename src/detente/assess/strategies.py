"""The strategies that are played: the roadmap, the stated orders of the case, the rules.

ids: `recommended`, where a recommendation is made; `plan`, the best at the likely values, or the one that is given; each
order's own; `tit-for-tat`, `wait-and-see`; `graduated-reciprocation-ID` and `maximal-pressure-ID` for every party that could
lead. The name of a rule alone means all of its strategies. A stated order is followed as `delayed` makes it possible.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.assess.layout import Script
from detente.assess.process import NEVER
from detente.assess.profile import PlayProfile
from detente.assess.rules import RULES, Picked, graduated, leaders, maximal_pressure, tit_for_tat
from detente.base.frozen import Frozen
from detente.case.alone import alone
from detente.case.case import Case
from detente.case.instance import Instance
from detente.errors import InputError
from detente.plan.delayed import delayed
from detente.plan.roadmap import Roadmap, roadmap_from_steps

__all__ = ["PLAN", "RECOMMENDED", "Strategy", "chosen", "names", "wanted"]

PLAN, RECOMMENDED = "plan", "recommended"
GRIT, PRESSURE = "graduated-reciprocation", "maximal-pressure"


@dataclass(frozen=True)
class Strategy(Frozen):
    """What is played.

    kind : "roadmap", "order" or "rule". by : who leads, of a rule; whose order it is. entry : the schedule that is announced;
    a rule that picks its steps announces none (`picked`). spare : misses tolerated, more or fewer than the profile's; None:
    none at all. by_condition : its pace (`layout.Script`).
    """

    id: str
    kind: str
    title: str
    by: tuple[str, ...]
    entry: Mapping[str, int | None]
    picked: Picked | None = None
    spare: int | None = 0
    by_condition: bool = False

    def script(self, instance: Instance, profile: PlayProfile) -> Script:
        """For the kernel."""
        place = {m.id: n for n, m in enumerate(instance.measures)}
        announced = self.entry if self.kind != "rule" or self.id.startswith(f"{PRESSURE}-") else _without_deal(instance)
        entry = [NEVER if (e := announced[m.id]) is None else e for m in instance.measures]
        tolerate = 0 if self.spare is None else int(profile["tolerate"]) + self.spare
        picked = self.picked
        if self.id.startswith(f"{GRIT}-"):
            picked = graduated(instance, self.by[0], int(profile["initiatives"]))
        elif picked is not None:
            picked = tit_for_tat(instance)
        return Script(
            rule=picked is not None,
            entry=np.array(entry, dtype=np.int64),
            ladder=np.array([place[m] for m in (picked.ladder if picked else ())], dtype=np.int64),
            credit=np.array([picked.credit[p.id] if picked else 0.0 for p in instance.parties]),
            tolerate=tolerate,
            ahead=self.kind == "roadmap",
            by_condition=self.by_condition,
        )

    def to_dict(self) -> dict[str, object]:
        return {"kind": self.kind, "title": self.title, "by": list(self.by)}


def names(case: Case, *, recommended: bool = False) -> tuple[str, ...]:
    """The ids of all strategies of a case. recommended : a recommended roadmap is among them."""
    led = leaders(case.instance)
    rules = []
    for rule in RULES:
        rules += [f"{rule}-{i}" for i in led] if rule in (GRIT, PRESSURE) else [rule]
    return (*([RECOMMENDED] if recommended else []), PLAN, *(o.id for o in case.orders), *rules)


def wanted(case: Case, given: Sequence[str], *, recommended: bool = False) -> tuple[str, ...]:
    """The ids that are asked for, in the order of `names`; all, if none is.

    Raises
    ------
    InputError
        Naming every one that is not known.
    """
    known = names(case, recommended=recommended)
    if len(set(known)) < len(known):
        twice = sorted({x for x in known if known.count(x) > 1})
        raise InputError(f"an order has the id of a strategy: {', '.join(twice)}; rename the order")
    if not given:
        return known
    found: set[str] = set()
    wrong = []
    for name in given:
        fit = [x for x in known if x == name or (name in (GRIT, PRESSURE) and x.startswith(f"{name}-"))]
        if not fit:
            close = difflib.get_close_matches(name, [*known, *RULES], n=1)
            wrong.append(f"{name!r}" + (f" (did you mean {close[0]}?)" if close else ""))
        found |= set(fit)
    if wrong:
        raise InputError(f"no such strategy: {', '.join(wrong)}; wanted some of {', '.join(known)}")
    return tuple(x for x in known if x in found)


def _without_deal(instance: Instance) -> dict[str, int | None]:
    """The schedule of what is in force and of what is taken alone."""
    ready = alone(instance).ready
    return {m.id: -1 if m.in_force else ready[n] for n, m in enumerate(instance.measures)}


def chosen(
    case: Case,
    ids: Sequence[str],
    roadmap: Roadmap | None,
    profile: PlayProfile,
    recommended: tuple[Roadmap, bool] | None = None,
) -> tuple[Strategy, ...]:
    """The strategies of these ids. roadmap : for `plan`. recommended : the recommended roadmap, and whether it is followed by
    condition."""
    instance = case.instance
    nothing = _without_deal(instance)
    orders = {o.id: o for o in case.orders}
    name = {p.id: p.name for p in instance.parties}
    out = []
    for x in ids:
        if x == PLAN:
            assert roadmap is not None
            title = "The roadmap" if recommended is None else "The fastest roadmap"
            out.append(Strategy(x, "roadmap", title, (), roadmap.entry))
        elif x == RECOMMENDED:
            assert recommended is not None
            own, by_condition = recommended
            out.append(Strategy(x, "roadmap", "The recommended roadmap", (), own.entry, by_condition=by_condition))
        elif x in orders:
            order = orders[x]
            by = (order.by,) if isinstance(order.by, str) else tuple(order.by)
            entry = delayed(instance, roadmap_from_steps(order.steps, instance).entry)
            out.append(Strategy(x, "order", order.title, by, entry))
        elif x == "tit-for-tat":
            out.append(Strategy(x, "rule", "Tit for tat", (), nothing, tit_for_tat(instance), spare=None))
        elif x == "wait-and-see":
            out.append(Strategy(x, "rule", "Wait and see", (), nothing))
        elif x.startswith(GRIT):
            led = x.removeprefix(f"{GRIT}-")
            picked = graduated(instance, led, int(profile["initiatives"]))
            out.append(Strategy(x, "rule", f"Graduated reciprocation led by {name[led]}", (led,), nothing, picked, spare=1))
        else:
            by_whom = x.removeprefix(f"{PRESSURE}-")
            entry = maximal_pressure(instance, by_whom)
            out.append(Strategy(x, "rule", f"Maximal pressure by {name[by_whom]}", (by_whom,), entry, spare=None))
    return tuple(out)
