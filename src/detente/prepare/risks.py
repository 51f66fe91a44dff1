"""A change of government in the planning problem: other values per phase, by measure, of one party.

The values of the case's risk take the place of the party's values from then on, shared out over the slices of a divisible
measure as the case's own are. One-off values stay. Its trust is for the odds to take over (`replan`, `contingency`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from detente.case.case import Case
from detente.case.instance import Instance, Measure

__all__ = ["after_government"]


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
