"""What the risks of a case do to the planning problem and to the odds; for those who prepare and those who play it out.

Change of government. The values of the case's risk take the place of the party's values from then on, shared out over the
slices of a divisible measure as the case's own are. One-off values stay. Its trust is for the odds to take over.

A step that fails though meant. f, its rate, and by what a miss multiplies the odds (Bayes; worked out in `prepare.odds`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from detente.case.case import Case
from detente.case.instance import Instance, Measure

__all__ = ["after_government", "miss_factor", "rate"]

ONE = Fraction(1)


def after_government(case: Case, instance: Instance, struck: Iterable[str]) -> Instance:
    """The instance with the values of the changes of government among the risks that have struck."""
    new: dict[str, dict[str, Fraction]] = {}
    for name in struck:
        for risk in case.risks:
            if risk.id == name and risk.kind == "government":
                new.setdefault(risk.party, {}).update({m: v.likely for m, v in risk.value.items()})
    if not new:
        return instance
    return replace(instance, measures=tuple(_revalued(m, instance, new) for m in instance.measures))


def _revalued(m: Measure, instance: Instance, new: Mapping[str, Mapping[str, Fraction]]) -> Measure:
    value = dict(m.value)
    for party, values in new.items():
        if m.id in values:
            value[party] = values[m.id]
        elif m.whole in values:
            value[party] = values[m.whole] / len(instance.slices[m.whole])
    return replace(m, value={i: v for i, v in value.items() if v})


def rate(case: Case, whole: str) -> Fraction | None:
    """f, the chance that a measure fails although it is meant; None where the case states no such risk on it."""
    stated = [r.fails.likely for r in case.risks if r.kind == "performance" and _befalls(r.of, whole)]
    if not any(stated):
        return None
    held = ONE
    for f in stated:
        held *= 1 - f
    return 1 - held


def _befalls(on: Iterable[str], whole: str) -> bool:
    return any(m == whole or m.partition("/")[0] == whole for m in on)


def miss_factor(signal: Fraction, f: Fraction | None) -> Fraction | None:
    """By what a miss multiplies the odds; None where f is not known and matters."""
    if signal == 1:
        return ONE
    if f is None:
        return None
    return f / (1 - (1 - f) / signal)
