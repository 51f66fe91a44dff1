"""A problem in units of its own: what each party's values are divided by before anything is computed in floating point.

The size of a party is the largest value, per phase or once, that any measure has to it. Divided by it, exactly, its values,
breakdown loss, value of no deal and red line are what they are whatever the analyst counted in: the same problem in dollars, in
billions or in shares of a budget gives the same floats to the last bit, and so the same steps. Every tolerance of the search is
then a share of a size. The certificate knows nothing of this; it works on the values of the case.

A value per phase adds up to v / (1 - d). Where that is more than `FAR` values, its size is v / (1 - d) / `FAR`, so that what a
party has ahead of it stays within what floating point can weigh, however near to 1 its discount is.

The sum and the smallest gain compare parties, so they keep the ratios of the sizes: gains are counted there in a unit common to
all, the largest size for the sum, the smallest for the smallest gain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from detente.base.frozen import derived
from detente.case.instance import Instance, Measure, Party

__all__ = ["FAR", "common", "in_own_units", "party_in", "sizes", "weights"]


_NOTHING = Fraction(0)

FAR = 1000
"""Phases' worth of a value that are counted in units of the value itself."""


def sizes(instance: Instance) -> Mapping[str, Fraction]:
    """The size of each party, kept with the instance; where no measure touches it the largest of its other figures, or 1."""
    return derived(instance, _sizes)


def _sizes(instance: Instance) -> Mapping[str, Fraction]:
    return {p.id: _size(instance, p) for p in instance.parties}


def _size(instance: Instance, party: Party) -> Fraction:
    value = _largest(m.value.get(party.id, _NOTHING) for m in instance.measures)
    once = _largest(m.once.get(party.id, _NOTHING) for m in instance.measures)
    rest = _largest((party.breakdown, party.stalemate, party.red_line or _NOTHING))
    return max(value * max(Fraction(1), 1 / (1 - party.discount) / FAR), once) or rest or Fraction(1)


def _largest(numbers: Iterable[Fraction]) -> Fraction:
    return max(map(abs, numbers), default=_NOTHING)


def common(objective: str, instance: Instance, parties: Iterable[str]) -> Fraction:
    """The unit in which the gains of several parties are counted by the sum and by the smallest gain."""
    size = sizes(instance)
    chosen = [size[i] for i in parties]
    return (min if objective == "min" else max)(chosen, default=Fraction(1))


def weights(objective: str, instance: Instance, parties: Iterable[str]) -> Mapping[str, float]:
    """What a gain in a party's own size is in the unit common to all, by party."""
    chosen = tuple(parties)
    size, unit = sizes(instance), common(objective, instance, chosen)
    return {i: float(size[i] / unit) for i in chosen}


def in_own_units(instance: Instance) -> Instance:
    """The instance with the figures of each party divided by its size; kept with it."""
    return derived(instance, _divided)


def party_in(unit: Fraction, p: Party) -> Party:
    """The party with its figures divided by a unit."""
    red_line = None if p.red_line is None else p.red_line / unit
    return replace(p, stalemate=p.stalemate / unit, breakdown=p.breakdown / unit, red_line=red_line)


def _divided(instance: Instance) -> Instance:
    size = sizes(instance)

    def measure(m: Measure) -> Measure:
        value, once = ({i: x / size[i] for i, x in of.items()} for of in (m.value, m.once))
        return replace(m, value=value, once=once)

    return replace(
        instance,
        parties=tuple(party_in(size[p.id], p) for p in instance.parties),
        measures=tuple(map(measure, instance.measures)),
        had={i: x / size[i] for i, x in instance.had.items()},
        drifted={i: x / size[i] for i, x in instance.drifted.items()},
    )
