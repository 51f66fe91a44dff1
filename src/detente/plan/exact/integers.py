"""An instance as integers, for the certificate: all values brought to one common denominator, once for every roadmap of it.

Sums over measures are then sums of whole numbers (numpy int64 where they provably fit, Python integers where not), and nothing
is lost. How many rows a roadmap of the instance has is known here, too: more than can be checked in bearable time are refused.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.base.bounds import within
from detente.case.alone import alone
from detente.case.instance import Instance

__all__ = ["Tables", "Worth", "tables"]


@dataclass(frozen=True)
class Worth:
    """What each measure is worth to a party, as integers in units of 1 / scale, each of shape (M,).

    left : what remains per phase after a break-off. touched : it is worth anything. own : the party acts in it. begun : of
    these, what it takes alone. costly : of the rest of its own, what it withholds at the first chance, whenever it enters.
    mixed : of that rest, the measures whose flow and one-off have opposite signs.
    """

    value: NDArray[Any]
    once: NDArray[Any]
    left: NDArray[Any]
    touched: NDArray[np.bool_]
    own: NDArray[np.bool_]
    begun: NDArray[np.bool_]
    costly: NDArray[np.bool_]
    mixed: tuple[int, ...]


class Tables:
    """The integers of an instance.

    scale : the common denominator. lag : by measure. acts : by acting party, in which measures. lags : by the same, of these,
    rising, each once. begun : the measures that are taken alone. worth : by party.

    Raises
    ------
    InputError
        If a roadmap has more rows than `base.bounds` allows.
    """

    def __init__(self, instance: Instance) -> None:
        terms = [x for m in instance.measures for x in (*m.value.values(), *m.once.values())]
        shares = {m.irreversible for m in instance.measures}
        self.scale = math.lcm(*{x.denominator for x in terms}) * math.lcm(*{r.denominator for r in shares})
        self.lag = np.array([m.lag for m in instance.measures], dtype=np.int64)
        self.acts = {i: np.array([i in m.actors for m in instance.measures], dtype=bool) for i in instance.acting}
        self.lags = {i: tuple(np.unique(self.lag[its]).tolist()) for i, its in self.acts.items()}
        self.begun = tuple(n for n, ready in enumerate(alone(instance).ready) if ready is not None)
        nobody = np.zeros(len(instance.measures), dtype=bool)
        self.worth = {p.id: self._worth(instance, p.id, self.acts.get(p.id, nobody)) for p in instance.parties}
        within("roadmap-rows", self._rows() * (instance.phases + 1), instance.case)

    def _rows(self) -> int:
        """How many rows a phase has at most, coalitions apart."""
        longest = {i: int(lags[-1]) for i, lags in self.lags.items()}
        toward = sum(2 + most + lag - 1 for i, most in longest.items() for j in self.lags if j != i for lag in self.lags[j])
        return int(sum(1 + most for most in longest.values()) + toward)

    def _worth(self, instance: Instance, party: str, own: NDArray[np.bool_]) -> Worth:
        scale, count, kept = self.scale, len(instance.measures), alone(instance).kept
        columns: list[list[int]] = [[0] * count for _ in range(3)]
        value, once, left = columns
        begun, costly, mixed = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool), []
        begun[[n for n in self.begun if own[n]]] = True
        for n, m in enumerate(instance.measures):
            v, k, r = m.value.get(party), m.once.get(party), m.irreversible
            if v:
                value[n] = v.numerator * (scale // v.denominator)
                left[n] = value[n] if kept[n] else value[n] * r.numerator // r.denominator
            if k:
                once[n] = k.numerator * (scale // k.denominator)
            if own[n] and not begun[n]:
                costly[n] = value[n] < 0 or (value[n] == 0 and once[n] <= 0)
                if value[n] * once[n] < 0:
                    mixed.append(n)
        exact_in_64_bits = max(sum(map(abs, column)) for column in columns) < 2**61
        arrays = [np.array(column, dtype=np.int64 if exact_in_64_bits else object) for column in columns]
        touched = np.array((arrays[0] != 0) | (arrays[1] != 0), dtype=bool)
        return Worth(arrays[0], arrays[1], arrays[2], touched, own, begun, costly, tuple(mixed))


def tables(instance: Instance) -> Tables:
    """The tables of an instance, kept with it as its cached properties are."""
    known = vars(instance)
    if "_certified_by" not in known:
        known["_certified_by"] = Tables(instance)
    found: Tables = known["_certified_by"]
    return found
