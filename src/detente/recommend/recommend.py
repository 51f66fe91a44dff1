"""From the plan at the likely values to the recommended roadmap, its alternatives, and what each costs whom."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.assess.profile import PlayProfile
from detente.base.steps import step
from detente.case.case import Case
from detente.case.draws import USUAL_DRAWS
from detente.case.draws.draw import uncertainty
from detente.case.instance import Instance
from detente.plan.certificate import certify
from detente.plan.conditions import conditioned, given_up
from detente.plan.draws.result import DrawsResult
from detente.plan.draws.robust import DRAWS, robust
from detente.plan.draws.shares import shares
from detente.plan.draws.trial import Trial
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap
from detente.plan.search.objective import welfare
from detente.plan.solve import STRUCK
from detente.plan.solve import plan as at_likely_values
from detente.plan.tables.layout import entries
from detente.plan.tables.tables import roadmap_of
from detente.recommend.aim import Aim, error, mean
from detente.recommend.firm import choices
from detente.recommend.kept import Kept, keep, kept_before, question
from detente.recommend.late import Slack
from detente.recommend.plays import Plays, scheduled
from detente.recommend.pool import Rows, mended, pool, surer
from detente.recommend.result import FASTEST, FRESH, KEEPING, NAMES, RECOMMENDED, SUREST, Alternative, Recommendation, Terms
from detente.recommend.search import RUNGS, Search, plays_for

__all__ = ["fresh", "fresh_seed", "recommended"]

_CHECK = 1000  # draws on which a share that is asked for is checked during the search
_CHECK_STREAM, _SURE_STREAM = 301, 302
_FIRST = 2048  # plays on which the ways out of a circle of firm demands are compared
_KEEPING_PART = 4  # of the budget for the roadmap without giving way
_SEARCHING, _FRESH = 1, 2  # seeds of plays

Ints = NDArray[np.int64]


def recommended(
    case: Case,
    fastest: Plan,
    *,
    which: str,
    conditions: Mapping[str, Any],
    firm: bool,
    holds: float | None,
    draws: int | None,
    seed: int,
    reach: float,
    profile: PlayProfile,
    cores: int,
    widen: float = 1.0,
    slack: int = 0,
) -> Recommendation:
    """Search, judge, choose.

    fastest : the plan at the likely values under these conditions. firm : firm demands are met. widen : by what every range is
    multiplied. slack : phases by which any single step may come late.
    """
    terms = Terms(profile, seed, widen, draws or USUAL_DRAWS)
    it = _Recommender(case, fastest, dict(conditions), firm, holds, terms, reach, cores, slack)
    found = it.found(which)
    every = it.judged(found, terms.draws)
    shown = {n: a for n, a in every.items() if n in (which, RECOMMENDED) or not any(b.beats(a) for b in every.values())}
    same = (a for a in every.values() if which in found and a.roadmap.entry == found[which].entry)  # under another name
    chosen = shown.get(which) or replace(next(same, every[RECOMMENDED]), name=which)
    unmet = given_up(case, every[RECOMMENDED].roadmap, it.wanted)
    told: dict[str, Any] = {"alternatives": shown, "unmet": unmet, "missed": it.missed(every[RECOMMENDED])}
    if which == KEEPING and it.nothing is not None:
        return Recommendation.of(it.nothing, which=which, at_likely=fastest, **told)
    held = it.held(chosen, draws) if draws or holds is not None else None
    own: dict[str, Any] = {}
    if chosen.roadmap.entry != fastest.roadmap.entry:
        own |= {"status": "feasible", "gap": None, "roadmap": chosen.roadmap, "certificate": chosen.certificate, "reasons": ()}
    own |= {"instance": it.instances.get(chosen.name, it.instance), "holds": held}
    shown = {**shown, which: chosen}
    own["method"] = {**(fastest.method or {}), "recommend": it.method(found)}
    told["alternatives"] = shown
    return Recommendation.of(fastest, **own, which=which, at_likely=fastest, terms=terms, **told)


def fresh_seed(terms: Terms) -> int:
    """The seed of the plays on which roadmaps are judged."""
    return _seed(terms.seed, _FRESH)


def fresh(case: Case, terms: Terms, cores: int) -> Plays:
    """The plays on which roadmaps are judged."""
    known = uncertainty(case, terms.widen)
    return Plays(case, terms.profile, fresh_seed(terms), known if known.quantities else None, cores=cores)


class _Recommender:
    """One recommendation on its way."""

    def __init__(
        self,
        case: Case,
        fastest: Plan,
        conditions: dict[str, Any],
        firm: bool,
        holds: float | None,
        terms: Terms,
        reach: float,
        cores: int,
        slack: int,
    ) -> None:
        self.terms, profile, seed, widen = terms, terms.profile, terms.seed, terms.widen
        self.case, self.fastest, self.conditions, self.holds, self.seed = case, fastest, conditions, holds, seed
        self.reach, self.profile, self.cores, self.widen, self.slack = reach, profile, cores, widen, slack
        known = uncertainty(case, widen)
        self.uncertain = known if known.quantities else None
        self.by_condition = False  # the pace of the recommended roadmap
        self.objective, self.aim = fastest.objective, Aim.of(fastest.objective, case.instance)
        self.wanted = tuple(d.id for d in case.demands if d.firm == "high") if firm else ()
        self.plays = Plays(case, profile, _seed(seed, _SEARCHING), self.uncertain, cores=cores)
        self.fresh = fresh(case, terms, cores)
        self.instance = self._with(())  # of the recommended roadmap,
        self.met: tuple[str, ...] = ()  # and the firm demands that it meets
        self.instances = {FASTEST: fastest.instance}
        self.nothing: Plan | None = None  # what a search for a roadmap without giving way ended with, where it found none
        self.tried = self.taken = 0
        self.struck = False  # the clock cut a search short: another day it may find more

    def _begin(self) -> tuple[Instance, Ints, tuple[str, ...]]:
        """The planning problem with the firm demands that can be met, a certified schedule of it, and these demands."""
        step("meeting the firm demands")
        ways = [*(choices(self.case) if self.wanted else ()), ()]
        options = list[tuple[Instance, Ints, tuple[str, ...]]]()
        for kept in dict.fromkeys(ways):
            if kept or not options:
                instance = self._with(kept)
                start = mended(instance, Rows(instance), self.fastest.roadmap, self.objective)
                if start is None and len(ways) == 2:  # no circle: it is worth a search to the end
                    start = self._entries(self._planned(kept))
                options += [] if start is None else [(instance, start, kept)]
        gains = self.plays.gains([start for _, start, _ in options], 0, _FIRST)
        return max(zip(options, gains, strict=True), key=lambda o: self.aim.rank(o[1]))[0]

    def _with(self, kept: Sequence[str]) -> Instance:
        return conditioned(self.case, **(self.conditions | ({"keep_demands": list(kept)} if kept else {})))

    def _planned(self, kept: Sequence[str]) -> Plan:
        """The best plan at the likely values that meets these demands."""
        conditions = self.conditions | {"keep_demands": list(kept)}
        made = at_likely_values(self.case, objective=self.objective, reasons=False, **conditions)
        self.struck |= bool((made.method or {}).get(STRUCK))
        return made

    @staticmethod
    def _entries(made: Plan) -> Ints | None:
        return entries(made.instance, made.roadmap) if made else None

    def found(self, which: str) -> dict[str, Roadmap]:
        """The named roadmaps: searched for, or as they were found on this machine before. which : the one that is asked for."""
        asked = (self.conditions, self.wanted, self.holds, self.reach, self.slack)
        key = question(self.case, self.fastest, self.terms, *asked)
        known = self._again(kept_before(key, self.case.instance))
        if known is not None and (which != KEEPING or which in known or not given_up(self.case, known[RECOMMENDED])):
            return known
        found = self._searched_for()
        demands = [n for n, d in enumerate(self.wanted) if d in self.met]
        schedules = {n: entries(self.instance, r).tolist() for n, r in found.items() if n != FASTEST}
        if not self.struck:
            counts = {"tried": self.tried, "taken": self.taken, "plays": self.plays.spent}
            keep(key, Kept(schedules=schedules, demands=demands, by_condition=self.by_condition, **counts))
        return found

    def _again(self, known: Kept | None) -> dict[str, Roadmap] | None:
        """What is known, with the certificate of each roadmap asked for again; None: it is not to be used."""
        if known is None or not {RECOMMENDED, SUREST} <= set(known.schedules) <= set(NAMES) - {FASTEST}:
            return None
        if any(n >= len(self.wanted) for n in known.demands):
            return None
        met = [self.wanted[n] for n in known.demands]
        of = {name: self._with(met) for name in known.schedules}
        if KEEPING in of:
            of[KEEPING] = self._with([d.id for d in self.case.demands])
        schedules = {name: np.array(e, dtype=np.int64) for name, e in known.schedules.items()}
        if not all(Rows(of[name]).certain(e) for name, e in schedules.items()):
            return None
        self.instance = of[RECOMMENDED]
        self.instances |= {KEEPING: of[KEEPING]} if KEEPING in of else {}
        self.by_condition, self.tried, self.taken, self.plays.spent = known.by_condition, known.tried, known.taken, known.plays
        out = {FASTEST: self.fastest.roadmap, **{name: roadmap_of(of[name], e) for name, e in schedules.items()}}
        return {name: out[name] for name in NAMES if name in out}

    def _searched_for(self) -> dict[str, Roadmap]:
        """The named roadmaps, by searching."""
        self.instance, self.start, self.met = self._begin()
        case, instance = self.case, self.instance
        rows = Rows(instance)
        step("looking for roadmaps to begin with")
        begun = pool(case, instance, rows, self.start, self.objective, self.seed)
        if self.holds is not None:
            begun = self._sure_enough(begun)
        step("searching for the roadmap to recommend")
        ends = self._searched(instance, rows, begun, plays_for(instance)) if begun else []
        best = ends[0] if ends else entries(instance, self._robust.roadmap)
        if self.holds is not None and ends and not self._holds(best):
            best = entries(instance, self._robust.roadmap)
        self.by_condition = self._waits(best)
        out = {RECOMMENDED: roadmap_of(instance, best), FASTEST: self.fastest.roadmap}
        keeping = self._keeping(best)
        out |= {} if keeping is None else {KEEPING: keeping}
        step("looking for the surest roadmap")
        every = [best, *(entries(instance, r) for r in out.values()), *ends, *begun, *self._surer(rows, best)]
        out[SUREST] = roadmap_of(instance, self._surest([e for e in every if rows.certain(e)] or [best]))
        return {name: out[name] for name in NAMES if name in out}

    def _searched(self, instance: Instance, rows: Rows, begun: Sequence[Ints], budget: int) -> list[Ints]:
        late = Slack(instance, self.slack)
        search = Search(
            instance,
            self.plays,
            self.aim,
            _seed(self.seed, _SEARCHING),
            keeps=rows.keeps,
            certain=lambda e: rows.certain(e) and self._is_sure(e) and (late.short(e) > 0 or late.kept(e)),
            short=lambda e: max(0.0, self.reach - scheduled(self.case, e)) + late.short(e),
        )
        found = search.best(begun, budget)
        self.tried, self.taken = self.tried + search.tried, self.taken + search.taken
        return [f.entry for f in found]

    def _waits(self, best: Ints) -> bool:
        """Whether the roadmap does better by condition than by date, on the plays of the search."""
        by_date, waiting = (self.plays.gains([best], 0, RUNGS[-1], by_condition=c)[0] for c in (False, True))
        return self.aim.rank(waiting) > self.aim.rank(by_date)

    # -- shares of draws ---------------------------------------------------------------------------------------------------

    def _is_sure(self, entry: Ints) -> bool:
        """Whether the share that is asked for is reached in a sample, with two standard errors to spare."""
        if self.holds is None or self._check is None:
            return True
        wanted = min(1.0, self.holds + 2 * math.sqrt(self.holds * (1 - self.holds) / _CHECK))
        return self._check.share(entry) >= wanted

    @cached_property
    def _check(self) -> Trial | None:
        return self._trial(_CHECK, _CHECK_STREAM)

    def _trial(self, count: int, stream: int) -> Trial | None:
        known = uncertainty(self.case, self.widen, risks=False)
        if not known.quantities:
            return None
        drawn = known.draw(count, self.seed, stream=stream, cores=self.cores)
        return Trial(self.case.instance, drawn, cores=self.cores)

    def _sure_enough(self, begun: Sequence[Ints]) -> list[Ints]:
        sure = [e for e in begun if self._is_sure(e)]
        return sure or [e for e in [entries(self.instance, self._robust.roadmap)] if self._is_sure(e)]

    @cached_property
    def _robust(self) -> Plan:
        """The roadmap that is found for the share that is asked for without plays; its `holds.met` may be False."""
        assert self.holds is not None
        start = roadmap_of(self.instance, self.start)
        plan = replace(
            self.fastest, instance=self.instance, roadmap=start, certificate=certify(self.instance, start), reasons=()
        )
        known = uncertainty(self.case, self.widen, risks=False)
        return robust(self.case, plan, known, self.holds, draws=DRAWS, seed=self.seed, seconds=None, reasons=False)

    def _holds(self, entry: Ints) -> bool:
        assert self.holds is not None
        counted = shares(
            self.case, roadmap_of(self.instance, entry), draws=DRAWS, seed=self.seed, indices=False, widen=self.widen
        )
        return counted.share >= self.holds

    def held(self, chosen: Alternative, draws: int | None) -> DrawsResult:
        """In how many fresh draws the chosen roadmap holds, beside the fastest."""
        step("counting the draws in which it holds")
        options: dict[str, Any] = {"draws": draws or DRAWS, "seed": self.seed, "widen": self.widen}
        counted = shares(self.case, chosen.roadmap, **options)
        if self.holds is None:
            return DrawsResult(None, counted)
        likely = shares(self.case, self.fastest.roadmap, **options, indices=False)
        return DrawsResult(self.holds, counted, self.fastest.likely(likely))

    def _surer(self, rows: Rows, best: Ints) -> list[Ints]:
        every = surer(self.case, self.instance, rows, best, self.objective, self.seed)
        return [e for e in every if rows.certain(e)]

    def _surest(self, every: Sequence[Ints]) -> Ints:
        """Of schedules with the reach that is asked for, the one that holds in most draws; the first of equals."""
        trial = self._trial(_CHECK, _SURE_STREAM)
        late = Slack(self.instance, self.slack)
        own = list({e.tobytes(): e for e in every if scheduled(self.case, e) >= self.reach and late.kept(e)}.values())
        if trial is None or not own:
            return every[0]
        return max(own, key=trial.share)

    # -- without giving way ------------------------------------------------------------------------------------------------

    def _keeping(self, best: Ints) -> Roadmap | None:
        """The best roadmap found in which no demand is given up; None: none was found."""
        case, roadmap = self.case, roadmap_of(self.instance, best)
        if not case.demands or not given_up(case, roadmap):
            return None
        step("searching for a roadmap without giving way")
        kept = [d.id for d in case.demands]
        instance = self.instances[KEEPING] = self._with(kept)
        rows = Rows(instance)
        starts = [mended(instance, rows, r, self.objective) for r in (roadmap, self.fastest.roadmap)]
        if all(e is None for e in starts):
            made = self._planned(kept)
            starts = [self._entries(made)]
            self.nothing = None if made else made
        begun = [e for e in starts if e is not None and self._is_sure(e)]
        if not begun:
            return None
        return roadmap_of(instance, self._searched(instance, rows, begun, plays_for(instance) // _KEEPING_PART)[0])

    # -- judging -----------------------------------------------------------------------------------------------------------

    def judged(self, found: Mapping[str, Roadmap], draws: int) -> dict[str, Alternative]:
        """Each roadmap on the same fresh plays and draws; one that is another one again is left out."""
        case, parties = self.case, [p.id for p in self.case.instance.parties]
        step("judging what was found on fresh plays")
        own = dict[str, Roadmap]()
        for name, roadmap in found.items():
            if roadmap.entry not in [r.entry for r in own.values()]:
                own[name] = roadmap
        paced = [name == RECOMMENDED and self.by_condition for name in own]
        told = self.fresh.told(list(own.values()), paced, self.fastest.roadmap, FRESH)
        first, out, late = told[0], dict[str, Alternative](), Slack(case.instance, max(1, self.slack))
        for n, (name, roadmap) in enumerate(own.items()):
            x, z, score, entry = told[n].gain, self.aim.z(told[n].gain), told[n].score, entries(case.instance, roadmap)
            counted = shares(case, roadmap, draws=draws, seed=self.seed, indices=False, cores=self.cores, widen=self.widen)
            certificate = certify(case.instance, roadmap)
            worth = self.aim.rank(x)[1]
            out[name] = Alternative(
                name=name,
                by_condition=paced[n],
                roadmap=roadmap,
                certificate=certificate,
                objective=(worth, error(z)),
                gain={i: mean(x[:, k]) for k, i in enumerate(parties)},
                score=mean(score),
                collapse=mean(told[n].collapsed),
                reach=told[n].reach,
                scheduled=scheduled(case, entry),
                holds=counted.share,
                interval=counted.interval,
                widened=counted.widened,
                likely=welfare(self.objective, certificate, case.instance),
                late=late.worst(entry),
                given_up=given_up(case, roadmap),
                objective_behind=(worth - self.aim.rank(first.gain)[1], error(z - self.aim.z(first.gain))),
                score_behind=mean(score - first.score),
                gain_behind={i: mean((x - first.gain)[:, k]) for k, i in enumerate(parties)},
            )
        return out

    def missed(self, best: Alternative) -> tuple[str, ...]:
        """What was asked for and the recommended roadmap does not have: "reach", "slack"."""
        reached = best.scheduled >= self.reach
        late = Slack(self.instance, self.slack).kept(entries(self.case.instance, best.roadmap))
        return (*(() if reached else ("reach",)), *(() if late else ("slack",)))

    def method(self, found: Mapping[str, Roadmap]) -> dict[str, object]:
        """How it came about: counted work."""
        return {
            "plays": self.plays.spent,
            "tried": self.tried,
            "taken": self.taken,
            "fresh_plays": FRESH,
            "profile": self.profile.name,
            "found": list(found),
        }


def _seed(seed: int, purpose: int) -> int:
    """A seed for each purpose, none of them that of another."""
    return int(np.random.SeedSequence(seed, spawn_key=(400, purpose)).generate_state(1, np.uint64)[0] >> 1)
