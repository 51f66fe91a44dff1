"""From sums to results: the strategies of a case played on the same luck, and how they differ."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from detente.assess.breakeven import Crossing
from detente.assess.first import First, first_of
from detente.assess.kept import PLAYS, question
from detente.assess.layout import World, world_of
from detente.assess.process import CAUSES
from detente.assess.profile import PlayProfile, acting
from detente.assess.records import played
from detente.assess.result import Assessment, Estimate, Fared
from detente.assess.run import run
from detente.assess.strategies import PLAN, RECOMMENDED, Strategy, chosen
from detente.assess.tally import Frame, Sums, spread_of, tally
from detente.assess.warning import signs
from detente.base.cache import arrays_once
from detente.base.steps import step
from detente.case.case import Case
from detente.case.draws.draw import Uncertainty
from detente.plan.roadmap import Roadmap

__all__ = ["compared", "family", "frame_of", "provisions"]


def compared(
    case: Case,
    ids: Sequence[str],
    roadmap: Roadmap | None,
    profile: PlayProfile,
    *,
    runs: int,
    seed: int,
    between: tuple[str, str] | None,
    crossings: int,
    grid: int,
    sensitivity: int,
    cores: int,
    client: Any,
    began: float,
    uncertain: Uncertainty | None = None,
    recommended: tuple[Roadmap, bool] | None = None,
) -> Assessment:
    """Play the strategies of these ids, which are checked. uncertain : what is drawn once a play."""
    it = case.instance
    strategies = chosen(case, ids, roadmap, profile, recommended)
    world = world_of(case, profile, quantities=() if uncertain is None else uncertain.quantities)
    kept, frame = frame_of(case, strategies, profile)
    scripts = [s.script(it, profile) for s in strategies]
    given = (frame.promise.tolist(), frame.provisions, seed)
    sums = arrays_once(
        PLAYS,
        question(case, profile, scripts, uncertain, runs, "sums", *given),
        lambda: tally(world, scripts, frame, seed, uncertain, 0, 1),
        lambda: run(world, scripts, frame, runs, seed, uncertain=uncertain, cores=cores, client=client),
    )
    best = int(np.argmax(sums["score"]))
    fared = {s.id: _fared(case, s, n, best, kept[n], sums, world) for n, s in enumerate(strategies)}
    pair = between or _two_best(fared)
    found: tuple[Crossing, ...] = ()
    indices = None
    if pair is not None and (crossings or sensitivity):
        from detente.assess.assumptions import assumptions

        step("seeking what decides between the two best")
        two = [s for x in pair for s in strategies if s.id == x]
        inputs = assumptions(case, profile, two, drawn=uncertain is not None)
        if crossings:
            from detente.assess.breakeven import crossed

            found = crossed(
                case, profile, inputs, two, frame, seed, plays=crossings, grid=grid, cores=cores, uncertain=uncertain
            )
        if sensitivity:
            from detente.assess.sensitivity import MOST, indices_of

            moving = [c.assumption for c in found][:MOST] if found else list(inputs)[:MOST]
            indices = indices_of(case, profile, moving, two, frame, seed, sensitivity, cores=cores, uncertain=uncertain)
    return Assessment(
        instance=it,
        profile=acting(profile, case, drawn=uncertain is not None),
        roadmap=roadmap,
        runs=runs,
        seed=seed,
        sincere={p.id: float(q) for p, q in zip(it.parties, world.sincere, strict=True) if p.id in it.acting},
        promise={p.id: float(x) for p, x in zip(it.parties, frame.promise, strict=True)},
        fared=fared,
        best=strategies[best].id,
        recommended=next((x for x in (RECOMMENDED, PLAN) if x in fared), None),
        between=pair,
        crossings=found,
        sensitivity=indices,
        seconds=time.perf_counter() - began,
    )


def frame_of(case: Case, strategies: Sequence[Strategy], profile: PlayProfile) -> tuple[list[np.ndarray[Any, Any]], Frame]:
    """The value of each strategy if all are sincere and nothing goes wrong, at the likely values, and what scores are measured
    by."""
    it, world = case.instance, world_of(case, profile)
    calm = world._replace(
        sincere=np.ones_like(world.sincere),
        gov_chance=np.zeros_like(world.gov_chance),
        shock_chance=np.zeros_like(world.shock_chance),
        fails=np.zeros_like(world.fails),
        late=np.full_like(world.late, -1.0),
    )
    kept = [played(calm, s.script(it, profile), 0, 0, 1).value[0] for s in strategies]
    promise = np.max([k - world.no_deal for k in kept], axis=0)
    promise[promise < 1e-9] = 0.0
    return kept, Frame(promise, tuple(members for _, members in provisions(case)))


def provisions(case: Case) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Every provision with the places of its measures; `agreement/provision` where two agreements have one of the same id."""
    it = case.instance
    place = {m.id: n for n, m in enumerate(it.measures)}
    every = [(a, p) for a, spec in case.agreements.items() for p in spec.provisions]
    ids = [p.id for _, p in every]
    out = []
    for a, p in every:
        wholes = [it.slices.get(m, (m,)) for m in p.measures]
        members = tuple(place[m] for parts in wholes for m in parts if m in place)
        out.append((p.id if ids.count(p.id) == 1 else f"{a}/{p.id}", members))
    return tuple(out)


def family(strategy: str, fared: Fared) -> str:
    """Strategies of one rule that differ in who leads are one family."""
    by = fared.strategy.by
    return strategy.removesuffix(f"-{by[0]}") if fared.strategy.kind == "rule" and by else strategy


def _two_best(fared: dict[str, Fared]) -> tuple[str, str] | None:
    ranked = sorted(fared, key=lambda x: -fared[x].score[0])
    for other in ranked[1:]:
        if family(other, fared[other]) != family(ranked[0], fared[ranked[0]]):
            return ranked[0], other
    return None


def _fared(case: Case, s: Strategy, n: int, best: int, kept: Any, sums: Sums, world: World) -> Fared:
    it, count = case.instance, float(sums["count"][0])
    no_deal = sums["no_deal"] / count if world.drawn else world.no_deal
    parties, measures = [p.id for p in it.parties], [m.id for m in it.measures]

    def chance(hits: float) -> Estimate:
        p = float(hits) / count
        return p, math.sqrt(p * (1 - p) / count)

    def mean(total: float, squares: float, shift: float = 0.0) -> Estimate:
        return float(total) / count + shift, float(spread_of(np.asarray(total), np.asarray(squares), count))

    def behind(total: Any, cross: Any) -> Estimate:
        return mean(total[n] - total[best], cross[n, n] + cross[best, best] - 2 * cross[n, best])

    def phase_of(total: float, hits: float) -> float | None:
        return float(total / hits) if hits else None

    def first(kind: str) -> First:
        of = {key.removeprefix(f"{kind}_"): x[n] for key, x in sums.items() if key.startswith(f"{kind}_")}
        return first_of(case, world, of, count, late=kind == "late")

    value, cross = sums["value"], sums["value_cross"]
    T = it.phases
    by_phase = sums["collapse"][n] / count
    return Fared(
        strategy=s,
        value={i: mean(value[n, k], cross[k, n, n], float(no_deal[k])) for k, i in enumerate(parties)},
        gain={i: mean(value[n, k], cross[k, n, n]) for k, i in enumerate(parties)},
        kept={i: float(x) for i, x in zip(parties, kept, strict=True)},
        collapse=chance(sums["collapse"][n].sum()),
        collapse_by_phase=(*(float(x) for x in by_phase[:T]), float(by_phase[T:].sum())),
        causes={c: chance(sums["cause"][n, k]) for k, c in enumerate(CAUSES) if k},
        stopped=chance(sums["stop"][n].sum()),
        under_way=chance(count - sums["collapse"][n].sum() - sums["stop"][n].sum()),
        stop_causes={c: chance(sums["stop_cause"][n, k]) for k, c in enumerate(CAUSES) if sums["stop_cause"][n, k]},
        phase=tuple(chance(x) for x in sums["phase"][n]),
        reach={p: chance(sums["reach"][n, k]) for k, (p, _) in enumerate(provisions(case))},
        when={p: phase_of(sums["reach_when"][n, k], sums["reach"][n, k]) for k, (p, _) in enumerate(provisions(case))},
        entered={
            m: (*chance(sums["entered"][n, k]), phase_of(sums["entered_when"][n, k], sums["entered"][n, k]))
            for k, m in enumerate(measures)
        },
        first_failure={
            m: mean(sums["refused_measures"][n, k], sums["refused_measures_sq"][n, k]) for k, m in enumerate(measures)
        },
        first_refused=first("refused"),
        first_late=first("late"),
        score=mean(sums["score"][n], sums["score_cross"][n, n]),
        regret=mean(sums["regret"][n], sums["regret_sq"][n]),
        behind=behind(sums["score"], sums["score_cross"]),
        value_behind={i: behind(value[:, k], cross[k]) for k, i in enumerate(parties)},
        signs=signs(case, sums, n),
    )
