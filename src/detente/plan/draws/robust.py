"""A roadmap that holds in at least a share q of the draws: `plan(case, holds=0.9)`.

1. Plan at the likely values. No roadmap that holds there does better, so its bound bounds this one, too.
2. Draw a sample, and search it (`climb`): from that plan, mended until it breaks in few enough draws, and from what everybody
   does alone. The better of the two is varied at random and polished. It must also hold at the likely values.
3. A roadmap chosen on a sample looks better there than it is. So it is counted on other draws (`check`), and where it falls
   short of q + 2 standard errors, fewer breaks are allowed in the sample and it is mended again. Where none are allowed any
   more (q near 1), the draws in which it broke join the sample, and the check is drawn anew.
4. The figure that is reported is counted once more, on draws that neither search nor check has seen. Only where it is below q
   the search goes on, with fewer breaks still, and the next roadmap is counted on fresh draws of its own.
5. Where no roadmap reaches q: the one with the largest share, of all that were met on the way and of the smallest ones there
   are (one step, or one from each of two parties), and its share on fresh draws.

The search is no proof: a better roadmap that holds in the share asked for may exist. `gap` says how much better at most, and
where q was not reached, that none was found.

Charnes and Cooper 1959 (chance constraints); Luedtke and Ahmed 2008 (solving them on a sample); Smith and Winkler 2006 (why the
figure of the sample must not be reported).
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from detente.case.draws.draw import Uncertainty
from detente.case.instance import Instance
from detente.plan.certificate import Certificate, certify
from detente.plan.draws.climb import Climb
from detente.plan.draws.result import DrawsResult
from detente.plan.draws.shares import shares
from detente.plan.draws.trial import Trial
from detente.plan.explain import explain
from detente.plan.result import Plan, Reason
from detente.plan.roadmap import Roadmap
from detente.plan.search.objective import shortfall, welfare
from detente.plan.tables.party_rows import Ints, entries
from detente.plan.tables.sums import Sums, sample_that_fits
from detente.plan.tables.tables import roadmap_of
from detente.plan.units import common
from detente.plan.walk.shortfall import MIN_GAIN

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["DRAWS", "held", "robust"]

DRAWS = 10_000  # fresh ones, where nothing else is said: a standard error of 0.3% at q = 0.9

_SAMPLE, _CHECK = 1000, 5000
_WISHES = 10_000
_ROUNDS = 6
_CHECK_STREAM_AGAIN = 200  # and those that follow
_FEW = 20  # roadmaps that are counted on the check to find the surest
_SAMPLE_STREAM, _CHECK_STREAM, _WISH_STREAM, _MORE_STREAMS = 100, 101, 102, 110  # 0: the first fresh draws


def held(
    case: Case, plan: Plan, *, draws: int, seed: int, widen: float = 1.0, trust: bool = True, red_lines: bool = True
) -> Plan:
    """The plan with the share of draws in which it holds."""
    if not plan:
        return plan
    counted = shares(case, plan.roadmap, draws=draws, seed=seed, widen=widen, trust=trust, red_lines=red_lines)
    return replace(plan, holds=DrawsResult(None, counted))


def robust(
    case: Case,
    plan: Plan,
    known: Uncertainty,
    share: float,
    *,
    draws: int,
    seed: int,
    seconds: float | None,
    trust: bool = True,
    red_lines: bool = True,
    reasons: bool = True,
) -> Plan:
    """The best roadmap found that holds in a share of fresh draws, or the one with the largest share.

    Parameters
    ----------
    plan : the plan at the likely values. share : q. seconds : for the search on draws; None: it counts wishes alone.
    draws, seed : fresh draws on which it is measured.
    """
    if not plan:
        return _explained(plan, reasons, trust, red_lines)
    options = {"draws": draws, "seed": seed, "widen": float(known.spans.widen), "trust": trust, "red_lines": red_lines}
    likely = shares(case, plan.roadmap, **options, indices=False)  # type: ignore[arg-type]
    if not known.quantities:
        return _explained(replace(plan, holds=DrawsResult(share, likely, plan.likely(likely))), reasons, trust, red_lines)
    deadline = math.inf if seconds is None else time.monotonic() + seconds
    search = _Search(plan, known, share, seed, deadline, trust, red_lines)
    stream = 0
    for candidate in search.candidates():
        fresh = shares(case, candidate, **options, stream=stream, indices=False, widened=False)  # type: ignore[arg-type]
        if fresh.share >= share:
            break
        stream = max(stream + 1, _MORE_STREAMS)
    else:
        candidate = search.surest()
    search.climb.place(entries(plan.instance, candidate))
    counted = shares(case, candidate, **options, stream=stream)  # type: ignore[arg-type]
    holds = DrawsResult(share, counted, plan.likely(likely), search.method(stream, seconds))
    if candidate.entry != plan.roadmap.entry:
        certificate = certify(plan.instance, candidate, trust=trust, red_lines=red_lines)
        gap = search.gap(certificate)
        plan = replace(plan, status="feasible", gap=gap, roadmap=candidate, certificate=certificate)
    if search.climb.cut_short:
        plan = replace(plan, method={**(plan.method or {}), "time_limit_struck": True})
    plan = _explained(replace(plan, holds=holds), reasons, trust, red_lines)
    return replace(plan, reasons=tuple(map(search.reason, plan.reasons)))


def _explained(plan: Plan, reasons: bool, trust: bool, red_lines: bool) -> Plan:
    found = explain(plan.instance, plan.roadmap, trust=trust, red_lines=red_lines) if reasons else ()
    return replace(plan, reasons=found)


@dataclass(frozen=True)
class _Met:
    """A roadmap met on the way, with its breaks in the sample and its score."""

    entry: Ints
    broken: int
    score: float


class _Search:
    """The search of one plan: sample, check, and what was met."""

    def __init__(
        self, plan: Plan, known: Uncertainty, share: float, seed: int, deadline: float, trust: bool, red_lines: bool
    ) -> None:
        self.plan, self.instance, self.share, self.seed = plan, plan.instance, share, seed
        self.asks = {"trust": trust, "red_lines": red_lines}
        cores = os.cpu_count() or 1
        self.known, self.cores = known, cores
        self.size = sample_that_fits(self.instance, known.quantities, _SAMPLE)
        self.sample = known.draw(self.size, seed, stream=_SAMPLE_STREAM, cores=cores).values
        self.check = self._trial(_CHECK_STREAM)
        whole = common(plan.objective, self.instance, self.instance.touched)
        unit = abs(welfare(plan.objective, plan.certificate, self.instance)[0]) / float(whole)
        self.climb = Climb(self._sums(), plan.objective, unit, deadline, self._exact)
        self.empty = self.climb.moves.alone
        self.nominal = entries(self.instance, plan.roadmap)
        self.climb.place(self.empty)
        self.nothing = self.climb.score
        self.rounds = 0
        self._met: list[_Met] = []

    def candidates(self) -> Iterator[Roadmap]:
        """Roadmaps that hold in the share in sample and check, each surer than the one before."""
        q = self.share
        error = math.sqrt(q * (1 - q) / _CHECK)
        wanted = min(1.0, q + 2 * error)
        allowed = max(0, math.floor((1 - q) * self.size - math.sqrt(q * (1 - q) * self.size)))
        nearest: tuple[float, Ints] | None = None
        if self.check.share(self.nominal) >= wanted:
            yield roadmap_of(self.instance, self.nominal)
            wanted = min(1.0, wanted + error)
        for self.rounds in range(1, _ROUNDS + 1):
            if not (self._first(allowed) if self.rounds == 1 else self._mended(self.climb.entry, allowed)):
                break
            found = self.climb.entry
            share = self.check.share(found)
            if share >= wanted:
                yield roadmap_of(self.instance, found)
                wanted = min(1.0, wanted + error)
            elif share >= q and (nearest is None or share > nearest[0]):
                nearest = share, found.copy()
            if self.climb.over or (not allowed and not self._enlarged(found)):
                break
            allowed = max(0, allowed - 1 - math.ceil(max(0.0, wanted - share) * self.size))
        if nearest is not None:
            yield roadmap_of(self.instance, nearest[1])

    def surest(self) -> Roadmap:
        """Of all roadmaps worth having that were met, and the smallest, the one that holds in most draws of the check."""
        climb = self.climb
        self._mended(self.nominal, 0)
        climb.place(self.empty)
        smallest = climb.surest()
        if smallest is not None:
            climb.place(smallest[0])
            climb.polish(smallest[1])
            self._met.append(_Met(climb.entry.copy(), smallest[1], climb.score))
        few = sorted(self._met, key=lambda m: (m.broken, -m.score, m.entry.tolist()))[:_FEW]
        best = max(few, key=lambda m: (self.check.share(m.entry), m.score), default=None)
        return roadmap_of(self.instance, self.nominal if best is None else best.entry)

    def reason(self, reason: Reason) -> Reason:
        """The reason of the plan's last roadmap; where no row forbids a step at the likely values, draws of the sample may."""
        if reason.because != "objective" or reason.tried is None:
            return reason
        place = next(n for n, m in enumerate(self.instance.measures) if m.id == reason.measure)
        change = self.climb.moves.settled(self.climb.entry, {place: reason.tried})
        allowed = math.floor((1 - self.share) * self.size)
        if change is None or self.climb.sums.breaks(change, allowed) <= allowed:
            return reason
        return replace(reason, because="draws")

    def gap(self, certificate: Certificate) -> float | None:
        """By which share another could at most be better: the gap of the plan at the likely values, and what is given up."""
        plan = self.plan
        if plan.gap is None:
            return None
        parties, value = _value(plan.objective, certificate, self.instance)
        most, best = _value(plan.objective, plan.certificate, self.instance)
        if parties != most:
            return None
        bound = (
            best + parties * math.log1p(plan.gap) if plan.objective == "nash" else best + abs(best) * plan.gap / (1 - plan.gap)
        )
        return shortfall(plan.objective, value, bound, parties)

    def method(self, stream: int, seconds: float | None) -> dict[str, object]:
        """How the roadmap came about."""
        return {
            "sample": self.size,
            "check": _CHECK,
            "rounds": self.rounds,
            "tried": self.climb.wishes,
            "stream": stream,
            "time_limit": seconds,
            "cut_short": self.climb.cut_short,
        }

    def _sums(self) -> Sums:
        likely = np.array([[float(q.likely) for q in self.known.quantities]])
        values = np.concatenate([likely, self.sample])
        return Sums(self.instance, self.known.quantities, values, certain=1, **self.asks)

    def _trial(self, stream: int) -> Trial:
        return Trial(
            self.instance, self.known.draw(_CHECK, self.seed, stream=stream, cores=self.cores), cores=self.cores, **self.asks
        )

    def _enlarged(self, entry: Ints) -> bool:
        """Take the draws of the check in which a roadmap broke into the sample; False: there are none, or no room for them."""
        broken = (self.check.first(entry) <= self.instance.phases).any(axis=(1, 2))
        more = self.check.draws.values[broken]
        if not len(more) or self.size + len(more) > 2 * sample_that_fits(self.instance, self.known.quantities, _SAMPLE):
            return False
        self.sample = np.concatenate([self.sample, more])
        self.size = len(self.sample)
        self.climb.sums = self._sums()
        self.climb.place(entry)
        self.check = self._trial(_CHECK_STREAM_AGAIN + self.rounds)
        return True

    def _first(self, allowed: int) -> bool:
        """The better of two starts, varied and polished; False: nothing worth having breaks in few enough draws."""
        climb, starts = self.climb, []
        if self._mended(self.nominal, allowed):
            starts.append((climb.score, 1, climb.entry.copy()))
        climb.place(self.empty)
        climb.polish(allowed)
        if self._worth_having():
            starts.append((climb.score, 0, climb.entry.copy()))
        if not starts:
            return False
        climb.place(max(starts, key=lambda s: s[:2])[2])
        climb.anneal(allowed, _WISHES, np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(_WISH_STREAM,))))
        climb.polish(allowed)
        return True

    def _mended(self, entry: Ints, allowed: int) -> bool:
        """From a roadmap to one that breaks in at most `allowed` draws of the sample and is worth having."""
        climb, broken = self.climb, self.size + 1
        climb.place(entry)
        for at, broken, score in climb.repair(allowed):
            if self._worth_having():
                self._met.append(_Met(at, broken, score))
        if broken > allowed or not self._worth_having():
            return False
        climb.polish(allowed)
        return True

    def _worth_having(self) -> bool:
        return self.climb.score > self.nothing + MIN_GAIN

    def _exact(self, entry: Ints) -> bool:
        return certify(self.instance, roadmap_of(self.instance, entry), **self.asks).holds


def _value(objective: str, certificate: Certificate, instance: Instance) -> tuple[int, float]:
    """How many parties' gains count, and the objective."""
    found = welfare(objective, certificate, instance)
    return (int(found[0]), found[1]) if objective == "nash" else (len(instance.touched), found[0])
