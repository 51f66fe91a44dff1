"""A first way to a target, quickly: some set of supports that does, though it may be neither the cheapest nor minimal.

1. Could it do without support, or not even with the whole catalogue at no cost? A relaxation may prove the latter.
2. From the whole catalogue at no cost support after support is taken away, the dearest first, as long as a roadmap is still
   found at once.
3. What is left is asked at its cost, and then without each of its parts.

How much is searched is counted in nodes, never in seconds, so that the same case gives the same answer on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from detente.base.frozen import Frozen
from detente.case.case import Case
from detente.plan.certificate import Certificate
from detente.plan.roadmap import Roadmap
from detente.plan.unlock.minimal import GLANCE, first_set
from detente.plan.unlock.reach import Reach, good_enough
from detente.plan.unlock.supported import total_cost
from detente.plan.unlock.target import Target, with_target
from detente.solver.effort import Effort

__all__ = ["FirstWay", "first_way"]


@dataclass(frozen=True)
class FirstWay(Frozen):
    """A set of supports that does, with its cost per phase by party, a roadmap and its certificate.

    hopeless : proved that not even the whole catalogue at no cost reaches the target; the rest is then empty.
    """

    target: Target
    supports: tuple[str, ...]
    cost: Mapping[str, Fraction]
    roadmap: Roadmap | None
    certificate: Certificate | None
    hopeless: bool


def first_way(case: Case, target: Target, known: Sequence[Roadmap] = ()) -> FirstWay | None:
    """The way, or that there is none; None where it is not quickly seen, or no support is needed.

    known : roadmaps of the case made before, to try first.
    """
    if not case.supports or not target.is_there(case.instance) or target.comes_alone(case):
        return None
    reach = Reach(list(known), quick=True)
    effort = Effort(nodes=GLANCE, whole=True)
    found = first_set(case, lambda i: with_target(i, target.measures(case, i), target.by), reach, effort)
    if found is False:
        return FirstWay(target, (), {}, None, None, True)
    if found is None or isinstance(found, bool) or not found.supports:
        return None
    certificate = good_enough(found.instance, found.roadmap)
    cost = total_cost(s for s in case.supports if s.id in found.supports)
    return FirstWay(target, found.supports, cost, found.roadmap, certificate, False)
