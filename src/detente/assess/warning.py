"""Early warning: which sign, known at the beginning of phase `warning`, best tells which way it goes.

A sign x is seen or not: a measure seen to be in force, a shock that has struck, a party that has missed or put off a step.
Let b be "it collapses", among plays that have not collapsed by then.

bits       the mutual information I(x; b) = sum over x, b of P(x,b) log2(P(x,b) / (P(x) P(b))): by how many bits the sign
           shortens the uncertainty about the end; 0 if it tells nothing.
worth[i]   the value of the information to party i for the one decision it always has, to go on or to step out:
               sum over x of P(x) max(E[G_i | x], E[O_i | x]) - max(E[G_i], E[O_i])
           with G_i what is ahead if it goes on and O_i what stepping out brings (W), both from that phase on, in its units. A
           sign that would never change the decision is worth 0, however much it tells.

Howard 1966, Information value theory; Shannon 1948. Signs seen in fewer than 30 plays, or missing in fewer than 30, are left
out: they tell too rarely to be measured.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.assess.tally import Sums
from detente.base.frozen import Frozen
from detente.case.case import Case

__all__ = ["Sign", "signs"]

_LEAST = 30


@dataclass(frozen=True)
class Sign(Frozen):
    """A sign. kind : "seen" (a measure), "shock" (a risk) or "trouble" (a party); of : its id.

    seen : the share of plays in which it is seen. ends_if, ends_if_not : the chance of a collapse with and without it.
    """

    kind: str
    of: str
    seen: float
    ends_if: tuple[float, float]
    ends_if_not: tuple[float, float]
    bits: float
    worth: Mapping[str, float]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        ends_if : the chance of a collapse if it is seen
        ends_if_not : the same if it is not
        bits : what it tells of a collapse
        worth : what knowing it is worth to a party
        """
        return {
            "kind": self.kind,
            "of": self.of,
            "seen": self.seen,
            "ends_if": list(self.ends_if),
            "ends_if_not": list(self.ends_if_not),
            "bits": self.bits,
            "worth": dict(self.worth),
        }


def signs(case: Case, sums: Sums, strategy: int, most: int = 5) -> tuple[Sign, ...]:
    """The signs of a strategy that tell most, by bits."""
    it = case.instance
    names = [("seen", m.id) for m in it.measures]
    names += [("shock", r.id) for r in case.risks if r.kind == "shock"]
    names += [("trouble", p.id) for p in it.parties]
    parties = [p.id for p in it.parties]
    found = []
    for (kind, of), table in zip(names, sums["signs"][strategy], strict=True):
        if table[0, 0] >= _LEAST and table[1, 0] >= _LEAST:
            found.append(_sign(kind, of, table, parties))
    found.sort(key=lambda s: -s.bits)
    return tuple(found[:most])


def _sign(kind: str, of: str, table: Any, parties: list[str]) -> Sign:
    n = float(table[:, 0].sum())
    bits, badly = 0.0, float(table[:, 1].sum()) / n
    for x in range(2):
        here = float(table[x, 0]) / n
        for joint, end in ((float(table[x, 1]) / n, badly), (float(table[x, 0] - table[x, 1]) / n, 1 - badly)):
            if joint > 0:
                bits += joint * math.log2(joint / (here * end))
    worth = {}
    for k, i in enumerate(parties):
        on, out = table[:, 2 + k], table[:, 2 + len(parties) + k]
        informed = sum(max(float(on[x]), float(out[x])) for x in range(2)) / n
        worth[i] = max(0.0, informed - max(float(on.sum()), float(out.sum())) / n)
    chance = [float(table[x, 1] / table[x, 0]) for x in range(2)]
    error = [math.sqrt(p * (1 - p) / float(table[x, 0])) for x, p in enumerate(chance)]
    return Sign(kind, of, float(table[1, 0]) / n, (chance[1], error[1]), (chance[0], error[0]), max(0.0, bits), worth)
