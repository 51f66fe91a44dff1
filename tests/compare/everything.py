"""Every roadmap of a small instance that all would keep, with its strain and speed, from the definitions alone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from bruteforce import BruteForce
from detente.case.instance import Instance
from detente.plan.roadmap import Roadmap

ZERO = Fraction(0)


def as_case(instance: Instance) -> Any:
    """An instance where a case is wanted."""
    return SimpleNamespace(case=instance.case, instance=instance, agreements={})


def kept(instance: Instance) -> Iterator[tuple[Roadmap, Fraction]]:
    """Each roadmap that helps, and the one without any step, whose rows hold but for trust and doubt; with the factor of all
    odds from which on these hold."""
    brute = BruteForce(instance)
    for roadmap in brute.roadmaps():
        if brute.faults(roadmap) or not (roadmap.is_empty or brute.helps(roadmap)):
            continue
        rows = list(brute.rows(roadmap))
        if any(s.slack < 0 for k, s in rows if k.row not in ("trust", "doubt")):
            continue
        risks = [(s.left, s.right) for k, s in rows if k.row in ("trust", "doubt") and s.left > 0]
        if all(allowed > 0 for _, allowed in risks):
            yield roadmap, max((risk / allowed for risk, allowed in risks), default=ZERO)


def speed(instance: Instance, roadmap: Roadmap) -> Fraction:
    """Measures in force, counted phase by phase."""
    total = ZERO
    for t in range(instance.phases):
        for ids in instance.slices.values():
            there = [m for m in ids if not instance.measure[m].in_force and (e := roadmap.entry[m]) is not None and e <= t]
            total += Fraction(len(there), len(ids))
    return total / instance.phases
