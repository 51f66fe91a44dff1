"""What there is to choose from, and what each of it brings in plays.

    roadmaps    the named ones of a recommendation, and certified ones that it began from (`recommend.pool`)
    conducts    the stated orders of the case and the rules of conduct (`assess.strategies`)
    no deal     worth nothing more than itself

All are played on the same luck in the same drawn worlds, with every range made wider, so that an answer beyond a range is still
within what was played. Of those beside the named roadmaps and no deal so many are kept as the profile says: one after the other
the one that adds most to the expected worth of the best in each world (greedy, on a part of the plays). Planning anew under
every answer would find others: the expected regret counts what is lost among these candidates, and is as much too small.

What a world is worth is fitted over wide ranges, and in a corner of them the fit can be off by more than candidates differ. So
what is best under all answers is not told by the fit in the end: the candidates are played again, in the worlds that are left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.ask.doubt import weights_of
from detente.ask.profile import AskProfile
from detente.ask.surrogate import Surrogate, fit
from detente.ask.worlds import STREAM, covering
from detente.base.steps import step

if TYPE_CHECKING:
    from detente.assess.profile import PlayProfile
    from detente.assess.strategies import Strategy
    from detente.case.case import Case
    from detente.case.draws.draw import Uncertainty

__all__ = ["NO_DEAL", "Candidate", "Played", "gains_in", "played_out"]

NO_DEAL = "no-deal"
_TRIED = 4096  # plays on which it is decided who is kept

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Candidate:
    """Something that can be chosen.

    kind : "roadmap", "order", "rule" or "no deal". entry : the schedule of a roadmap, by measure, None: never; else empty.
    """

    id: str
    kind: str
    title: str
    entry: Mapping[str, int | None]
    by_condition: bool = False


@dataclass(frozen=True)
class Played:
    """C candidates as they were played. names : of the Q quantities of the surrogate."""

    candidates: tuple[Candidate, ...]
    names: tuple[str, ...]
    surrogate: Surrogate
    plays: int


def played_out(
    case: Case,
    names: Sequence[str],
    profile: AskProfile,
    plays: PlayProfile,
    *,
    objective: str = "nash",
    seed: int = 0,
    cores: int = 1,
) -> Played:
    """Find the candidates of a case, play them, and fit what they are worth.

    names : of the quantities that the model is to have; one that is certain in the case makes no difference in it.

    Raises
    ------
    CaseError, SolverError
        As `recommend.plan`.
    """
    from detente.case.draws.draw import uncertainty

    known = uncertainty(case, profile["wider"])
    own, named = _strategies(case, plays, objective, seed, cores)
    step(f"playing {len(own)} candidates")
    draw = _Player(case, plays, known, seed, cores)
    most = int(profile["plays"])
    tried = min(most, _TRIED)
    values, gains = draw.first(own, tried)
    chosen = _kept(case, objective, values, gains, named, int(profile["most_candidates"]))
    values, gains = draw.first([own[c] for c in chosen], most)
    gains = np.concatenate([gains, np.zeros((len(gains), 1, gains.shape[2]))], axis=1)
    return Played(
        candidates=(*(_told(own[c]) for c in chosen), Candidate(NO_DEAL, "no deal", "No deal", {})),
        names=tuple(names),
        surrogate=fit(values, gains).of([q.name for q in known.quantities], names),
        plays=most,
    )


def gains_in(
    case: Case, candidates: Sequence[Candidate], values: Floats, profile: PlayProfile, *, seed: int = 0, cores: int = 1
) -> Floats:
    """What candidates bring in one play of each world, the luck of a play the same for all, (N, C, P). values : (N, Q), of the
    uncertain quantities of the case, in their order."""
    from detente.case.draws.draw import uncertainty

    own = [None if c.id == NO_DEAL else _strategy(case, profile, c) for c in candidates]
    found = _Player(case, profile, uncertainty(case), seed, cores).gains([s for s in own if s is not None], values)
    out = np.zeros((len(values), len(own), found.shape[2]))
    out[:, [n for n, s in enumerate(own) if s is not None]] = found
    return out


def _strategy(case: Case, profile: PlayProfile, c: Candidate) -> Strategy:
    from detente.assess.strategies import chosen
    from detente.plan.roadmap import Roadmap
    from detente.recommend.plays import strategy

    if c.kind != "roadmap":
        return chosen(case, [c.id], None, profile)[0]
    it = case.instance
    return strategy(c.id, c.title, Roadmap(it.case, it.phases, c.entry), by_condition=c.by_condition)


def _told(s: Strategy) -> Candidate:
    return Candidate(s.id, s.kind, s.title, dict(s.entry) if s.kind == "roadmap" else {}, s.by_condition)


def _strategies(case: Case, plays: PlayProfile, objective: str, seed: int, cores: int) -> tuple[list[Strategy], int]:
    """All that is tried, the named roadmaps first, and how many these are."""
    from detente.assess.strategies import PLAN, chosen, names
    from detente.plan.tables.layout import entries
    from detente.plan.tables.tables import roadmap_of
    from detente.recommend.plan import plan
    from detente.recommend.plays import strategy
    from detente.recommend.pool import Rows, pool
    from detente.recommend.result import RECOMMENDED, Recommendation

    made = plan(case, objective=objective, seed=seed, profile=plays, cores=cores, reasons=False)
    it = case.instance
    roadmaps: list[Strategy] = []
    if made and isinstance(made, Recommendation):
        for name, a in made.alternatives.items():
            title = (
                f"The {name.replace('-', ' ')} roadmap" if name != "without-giving-way" else "The roadmap without giving way"
            )
            roadmaps.append(strategy(name, title, a.roadmap, by_condition=a.by_condition))
        roadmaps.sort(key=lambda s: s.id != RECOMMENDED)
    named, own = len(roadmaps), {tuple(sorted(s.entry.items(), key=str)) for s in roadmaps}
    if roadmaps:
        start = entries(it, made.alternatives[RECOMMENDED].roadmap)  # type: ignore[attr-defined]
        others = [roadmap_of(it, e) for e in pool(case, it, Rows(it), start, objective, seed)]
        for r in others:
            key = tuple(sorted(r.entry.items(), key=str))
            if key not in own:
                own.add(key)
                number = len(roadmaps) - named + 1
                roadmaps.append(strategy(f"other-{number}", f"Another certified roadmap ({number})", r))
    conducts = [x for x in names(case) if x not in (PLAN, "wait-and-see")]
    return [*roadmaps, *chosen(case, conducts, None, plays)], named


class _Player:
    """Plays in drawn worlds, the same for all."""

    def __init__(self, case: Case, profile: PlayProfile, known: Uncertainty, seed: int, cores: int) -> None:
        self.case, self.profile, self.known, self.cores = case, profile, known, cores
        self.seed = int(np.random.SeedSequence(seed, spawn_key=(STREAM,)).generate_state(1, np.uint64)[0] >> 1)

    def first(self, own: Sequence[Strategy], many: int) -> tuple[Floats, Floats]:
        """The worlds of the first plays, (N, Q), and what each candidate brings in them, (N, C, P)."""
        values = self.known.chunk(self.seed, 0, many) if self.known.quantities else np.zeros((many, 0))
        return values, self.gains(own, values)

    def gains(self, own: Sequence[Strategy], values: Floats) -> Floats:
        """What each candidate brings in one play of each world, (N, C, P)."""
        from detente.assess.layout import world_of
        from detente.assess.records import CHUNK, played_each

        world = world_of(self.case, self.profile, quantities=covering(self.known.quantities, values))
        draws, many = values if self.known.quantities else None, len(values)

        scripts = [s.script(self.case.instance, self.profile) for s in own]

        def some(start: int) -> Floats:
            count = min(CHUNK, many - start)
            part = None if draws is None else draws[start : start + count]
            found = [r.value - r.no_deal for r in played_each(world, scripts, self.seed, start, count, part)]
            return np.stack(found, axis=1) if found else np.zeros((count, 0, len(self.case.instance.parties)))

        with ThreadPoolExecutor(max(1, self.cores)) as pool:
            return np.concatenate(list(pool.map(some, range(0, many, CHUNK))))


def _kept(case: Case, objective: str, values: Floats, gains: Floats, named: int, most: int) -> list[int]:
    """The places of the candidates that are kept: the named roadmaps, then others."""
    count = gains.shape[1]
    if not count:
        return []
    with_nothing = np.concatenate([gains, np.zeros_like(gains[:, :1])], axis=1)
    weights = weights_of(case.instance, objective, with_nothing.mean(axis=0), 0)
    worth = fit(values, gains).gains(values) @ weights
    out = list(range(named))
    best = np.maximum(worth[:, out].max(axis=1), 0.0) if out else np.zeros(len(worth))
    for _ in range(min(most, count - named)):
        rest = [c for c in range(count) if c not in out]
        adds = [float(np.maximum(best, worth[:, c]).mean()) for c in rest]
        c = rest[int(np.argmax(adds))]
        out.append(c)
        best = np.maximum(best, worth[:, c])
    return out
