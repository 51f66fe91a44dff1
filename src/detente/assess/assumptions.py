"""The uncertain assumptions behind a comparison of strategies, each as a number that moves between a low and a high end.

trust     p[i,j] of every ordered pair, between its odds divided and multiplied by `odds` of the profile
profile   each entry that has a range and acts on the case (`profile.acting`); whole numbers move in whole steps
values    of one party: all its ranges at once, at the same quantile q of each, 0.5 being the likely values. Worth to a party
          by what others do and cost of its own acts both rise with q: q = 0 is the party that gains least by any deal, q = 1
          the one that gains most.
risk      the chance of each risk of the case, between half and twice its chance (at most 1)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from detente.assess.layout import World, world_of
from detente.assess.profile import ENTRIES, PlayProfile, acting
from detente.assess.strategies import Strategy
from detente.case.case import Case
from detente.case.draws.quantities import Quantity
from detente.case.instance import Instance
from detente.case.value import Value

__all__ = ["Assumption", "assumptions", "setting"]


@dataclass(frozen=True)
class Assumption:
    """A number that somebody judged. kind : "trust" (of : party, toward), "profile", "values" (party) or "risk" (id).

    likely : what is assumed. whole : whether it moves in whole steps.
    """

    kind: str
    of: str
    toward: str | None
    low: float
    likely: float
    high: float
    whole: bool = False

    @property
    def name(self) -> str:
        return f"{self.kind}.{self.of}" + (f".{self.toward}" if self.toward else "")

    def to_dict(self) -> dict[str, object]:
        """As JSON has it."""
        return {"name": self.name, "low": self.low, "likely": self.likely, "high": self.high}


def assumptions(
    case: Case, profile: PlayProfile, strategies: Sequence[Strategy], *, drawn: bool = False
) -> tuple[Assumption, ...]:
    """Every assumption that has a range, in the order: trust, values, risks, profile. drawn : whether plays draw values."""
    it = case.instance
    out = []
    by = profile["odds"]
    for p in it.parties:
        for j, x in p.trust.items():
            odds = float(x / (1 - x))
            low, high = odds / by, odds * by
            if by > 1 and j in it.acting:
                out.append(Assumption("trust", p.id, j, low / (1 + low), float(x), high / (1 + high)))
    for i, spec in case.parties.items():
        given = [v for m in it.slices for v in (case.measures[m].value.get(i), case.measures[m].once.get(i)) if v is not None]
        if any(v.low < v.high for v in (*given, spec.breakdown)):
            out.append(Assumption("values", i, None, 0.0, 0.5, 1.0))
    for r in case.risks:
        said = r.fails if r.kind == "performance" else r.chance
        low, chance, high = map(float, (said.low, said.likely, said.high))
        if not said.is_range and 0 < chance < 1:
            low, high = chance / 2, min(1.0, 2 * chance)
        if low < high:
            out.append(Assumption("risk", r.id, None, low, chance, high))
    rules = any(s.id.startswith("graduated") for s in strategies)
    for key, e in acting(profile, case, drawn=drawn).values.items():
        if e.low < e.high and (key != "initiatives" or rules):
            out.append(Assumption("profile", key, None, e.low, e.value, e.high, ENTRIES[key].whole))
    return tuple(out)


def setting(
    case: Case, profile: PlayProfile, given: Mapping[Assumption, float], quantities: Sequence[Quantity] = ()
) -> tuple[World, PlayProfile, Instance]:
    """The world in which these assumptions have these values and all else is as assumed, or drawn: quantities."""
    changed = {a.of: (round(x) if a.whole else x) for a, x in given.items() if a.kind == "profile"}
    other = profile.changed(**changed) if changed else profile
    quantiles = {a.of: x for a, x in given.items() if a.kind == "values"}
    it = _moved(case, quantiles) if quantiles else case.instance
    trust = {(a.of, a.toward or ""): x for a, x in given.items() if a.kind == "trust"}
    fixed = {q.path for q in quantities if _is_given(case, q, given)}
    world = world_of(case, other, instance=it, trust=trust, quantities=quantities, fixed=fixed)
    return _risked(case, world, {a.of: x for a, x in given.items() if a.kind == "risk"}), other, it


def _is_given(case: Case, q: Quantity, given: Iterable[Assumption]) -> bool:
    """Whether a quantity is settled by one of these assumptions."""
    for a in given:
        if a.kind == "trust" and (q.kind, q.party, q.toward) == ("trust", a.of, a.toward):
            return True
        if a.kind == "values" and q.party == a.of and q.kind in ("value", "once", "breakdown"):
            return True
        if a.kind == "risk" and q.path[0] == "risks" and case.risks[int(q.path[1])].id == a.of:
            return True
    return False


def at_quantile(v: Value, q: float) -> Fraction:
    """Straight lines from low (0) by likely (0.5) to high (1)."""
    x = Fraction(q).limit_denominator(10**6)
    if x <= Fraction(1, 2):
        return v.low + 2 * x * (v.likely - v.low)
    return v.likely + (2 * x - 1) * (v.high - v.likely)


def _moved(case: Case, quantiles: Mapping[str, float]) -> Instance:
    it = case.instance
    measures = []
    for m in it.measures:
        spec, parts = case.measures[m.whole], len(it.slices[m.whole])
        value, once = dict(m.value), dict(m.once)
        for i, q in quantiles.items():
            if i in spec.value:
                value[i] = at_quantile(spec.value[i], q) / parts
            if i in spec.once:
                once[i] = at_quantile(spec.once[i], q) / parts
        measures.append(replace(m, value=value, once=once))
    parties = [
        replace(p, breakdown=at_quantile(case.parties[p.id].breakdown, quantiles[p.id])) if p.id in quantiles else p
        for p in it.parties
    ]
    return replace(it, parties=tuple(parties), measures=tuple(measures))


def _risked(case: Case, world: World, chances: Mapping[str, float]) -> World:
    if not chances:
        return world
    gov, shock, fails = world.gov_chance.copy(), world.shock_chance.copy(), world.fails.copy()
    place = {"government": 0, "shock": 0, "performance": 0}
    table = {"government": gov, "shock": shock, "performance": fails}
    for r in case.risks:
        if r.id in chances:
            table[r.kind][place[r.kind]] = chances[r.id]
        place[r.kind] += 1
    return world._replace(gov_chance=gov, shock_chance=shock, fails=fails)
