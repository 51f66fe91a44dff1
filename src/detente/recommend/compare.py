"""Comparing with the roadmap that is recommended: planned first, then put side by side with its alternatives and the others.

What a roadmap costs a party is what it brings in plays less what the recommended one does, play by play on the same luck: the
fresh plays on which the recommended roadmap was judged (module `recommend.recommend`). A stated order is played as
`assess` plays it, each step as soon as its prerequisites allow.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.assess.strategies import Strategy
from detente.base.steps import step
from detente.compare.compare import Asked, Given
from detente.compare.compare import compare as side_by_side
from detente.compare.result import Compared, Comparison, Expected
from detente.errors import InputError
from detente.plan.conditions import given_up
from detente.plan.delayed import delayed
from detente.recommend.aim import mean
from detente.recommend.plays import strategy
from detente.recommend.recommend import fresh
from detente.recommend.result import FRESH, NAMES, Alternative, Recommendation

if TYPE_CHECKING:
    from detente.assess.profile import PlayProfile
    from detente.case.case import Case
    from detente.plan.result import Plan

__all__ = ["compare"]

_PLANNING = 0.5  # of a limit, for the plan at the likely values


def compare(
    case: Case | str | Path,
    roadmaps: Sequence[Asked] | Mapping[str, Asked] = (),
    *,
    plan: Plan | None = None,
    likely: bool = False,
    profile: str | Path | Mapping[str, Any] | PlayProfile | None = None,
    cores: int | None = None,
    **options: Any,
) -> Comparison:
    """Put roadmaps of a case side by side.

    Parameters
    ----------
    roadmaps : as for `compare.compare`, or the name of a named roadmap (module `recommend.result`). None given: the recommended
        roadmap, its alternatives and every stated order.
    plan : made before with `recommend.plan`, or any other plan, which is then compared as it is.
    likely : without roadmaps, the best one at the likely values and every stated order; nothing is played.
    profile, cores : of plays, as for `recommend.plan`.
    options : as for `compare.compare`. A limit of time bounds the plan at the likely values and the pictures; the search in
        plays counts work.

    Raises
    ------
    RoadmapError, InputError
        As `compare.compare` and `recommend.plan`.
    """
    from detente.case.load import as_case

    case = as_case(case)
    asked = _asked(case, roadmaps)
    if likely and asked:
        raise InputError(
            f"{', '.join(asked)}: named roadmaps are not made at the likely values; leave out likely, or the names"
        )
    recommends = plan is None or (isinstance(plan, Recommendation) and plan.recommended is not None)
    if likely or not recommends or (roadmaps and not asked):
        return side_by_side(case, roadmaps, plan=plan, **options)
    if plan is not None and plan.instance.case != case.case:
        raise InputError(f"the plan is about case {plan.instance.case!r}, not {case.case!r}; give one for the same case")
    made = plan if isinstance(plan, Recommendation) else _planned(case, options, profile, cores)
    if made.recommended is None:
        return side_by_side(case, roadmaps, plan=made, **options)
    limit = options.get("time_limit")
    if plan is None and limit is not None:
        options["time_limit"] = limit * (1 - _PLANNING)
    step("setting roadmaps side by side")
    found = side_by_side(case, _given(case, made, roadmaps, asked), plan=made.at_likely, **options)
    step("playing them on the same luck")
    return replace(found, roadmaps=_expected(case, made, found.roadmaps, cores))


def _asked(case: Case, roadmaps: Sequence[Asked] | Mapping[str, Asked]) -> tuple[str, ...]:
    """The names among what is to be compared; an order of the case comes before a name."""
    each = roadmaps.values() if isinstance(roadmaps, Mapping) else roadmaps
    own = {o.id for o in case.orders}
    return tuple(x for x in each if isinstance(x, str) and x in NAMES and x not in own)


def _planned(case: Case, options: Mapping[str, Any], profile: Any, cores: int | None) -> Recommendation:
    from detente.recommend.plan import plan

    told = {k: options[k] for k in ("objective", "seed", "widen", "progress") if k in options}
    limit = options.get("time_limit")
    if limit is not None:
        told["time_limit"] = limit * _PLANNING
    draws = options.get("draws") or None
    made = plan(case, reasons=False, profile=profile, cores=cores, draws=draws, **told)
    assert isinstance(made, Recommendation)
    return made


def _given(
    case: Case, made: Recommendation, roadmaps: Sequence[Asked] | Mapping[str, Asked], asked: Sequence[str]
) -> Sequence[Asked] | Mapping[str, Asked]:
    """What is to be compared, names replaced by the roadmaps that bear them."""
    named = {n: Given(n, a.title, "plan", (), a.roadmap, a.certificate) for n, a in made.alternatives.items()}
    if not roadmaps:
        return [*named.values(), *(o.id for o in case.orders)]
    missing = [n for n in asked if n not in named]
    if missing:
        shown = ", ".join(named)
        raise InputError(
            f"{', '.join(missing)}: there is none, or another one is nowhere worse and somewhere better; take one of {shown}"
        )
    if isinstance(roadmaps, Mapping):
        return {k: replace(named[x], name=k) if x in asked else x for k, x in roadmaps.items()}  # type: ignore[index]
    return [named[x] if x in asked else x for x in roadmaps]  # type: ignore[index]


def _expected(case: Case, made: Recommendation, compared: Sequence[Compared], cores: int | None) -> tuple[Compared, ...]:
    """The same roadmaps with what may be expected of each; of named ones, as they were judged when they were made."""
    assert made.terms is not None
    assert made.fastest is not None
    named = list(made.alternatives.values())
    known = {r.name: a for r in compared for a in named if r.source == "plan" and r.roadmap is a.roadmap}
    others = [r for r in compared if r.name not in known]
    plays, paces = fresh(case, made.terms, cores or os.cpu_count() or 1), [a.by_condition for a in named]
    own = [_strategy(case, r) for r in others]
    first, *rest = plays.told([a.roadmap for a in named], paces, made.fastest, FRESH, own, known=len(named) - 1)
    found = {name: _of(a) for name, a in known.items()}
    for r, t in zip(others, rest, strict=True):
        gain, behind = ({i: mean(x[:, n]) for n, i in enumerate(r.gain)} for x in (t.gain, t.gain - first.gain))
        found[r.name] = Expected(FRESH, mean(t.score), mean(t.collapsed), gain, behind, False, given_up(case, r.roadmap))
    return tuple(replace(r, expected=found[r.name]) for r in compared)


def _of(a: Alternative) -> Expected:
    return Expected(FRESH, a.score, a.collapse, a.gain, a.gain_behind, a.by_condition, a.given_up)


def _strategy(case: Case, one: Compared) -> Strategy:
    """A stated order as prerequisites delay it, which is how `assess` plays it; any other roadmap by date."""
    if one.source == "order":
        return Strategy(one.name, "order", one.title, one.by, delayed(case.instance, one.roadmap.entry))
    return strategy(one.name, one.title, one.roadmap)
