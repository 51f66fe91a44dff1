"""Drawing the uncertain values of a case: `uncertainty(case).draw(1000, seed=0)`.

Quantities that no comparison ties are drawn directly and independently from their marginals; quantities that comparisons tie,
by hit-and-run, each set by itself. The density is the product of the marginals, restricted to what the comparisons leave.

Same case, seed, number and stream: the same bytes, on one core or many. Independent quantities are drawn in blocks of 256
draws, each with a generator of its own (seed, stream, block); chains have one each (seed, stream, set, chain). Under wider
ranges the draws are the same quantiles, from table to table of `by_number`; chains start from the same seeds.

`draw` is for rows, `chunk` for plays: any stretch of an endless table, row by row the same whoever computes it (`by_number`).
What has to be drawn by hit-and-run there has chains of its own for each 2048 rows.

A set is drawn by 4 chains of at least 1,000 points. Where they miss the standard of `convergence` they are run again with twice
the steps between points, up to 6 times; then it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from detente.case.draws.by_number import LEAST_ACCEPTED, STEPS, acceptance, fill, fill_tied
from detente.case.draws.convergence import LARGEST_R_HAT, LEAST_EFFECTIVE, effective, split_r_hat
from detente.case.draws.polytope import Tied, tied
from detente.case.draws.quantities import Quantity, quantities, stated
from detente.case.draws.shape import LIKELY_WEIGHT, Shape
from detente.case.draws.spread import Varied
from detente.case.draws.widen import Spans
from detente.errors import InputError, SolverError

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["Draws", "Uncertainty", "check_count", "check_share", "uncertainty"]

BLOCK = 256
CHAINS = 4
_LEAST_POINTS = 1000  # of a chain
_DOUBLINGS = 6
_MOST_SEED = 2**63 - 1
_ONE_BY_ONE = 1 << 20  # marks the generators of independent quantities
_ROWS = 2048  # of a chunk that chains are drawn for
_CHUNKS = 1 << 20  # marks their streams, and those that follow
_HELD, _SETS = 1 << 20, 6  # numbers of a set of draws that is kept for the next time it is asked for, and how many sets

Floats = NDArray[np.float64]
A = TypeVar("A")
R = TypeVar("R")


@dataclass(frozen=True)
class Draws:
    """N draws of Q quantities.

    values : of shape (N, Q), each in the unit of its quantity; lags are whole.
    effective : how many independent draws they are worth: N, or less where a set was drawn by hit-and-run.
    r_hat : the largest split R-hat; None where nothing is tied.
    """

    quantities: tuple[Quantity, ...]
    values: Floats = field(repr=False)
    seed: int
    effective: float
    r_hat: float | None


@dataclass(frozen=True)
class Uncertainty:
    """What is uncertain in a case and how it is distributed. Made by `uncertainty`.

    spans : how its numbers became ranges. varied : how much is varied. sets : the quantities that comparisons tie together.
    given : the same before its ranges were widened; None: they were not.
    """

    case: str
    quantities: tuple[Quantity, ...]
    spans: Spans
    varied: Varied
    sets: tuple[Tied, ...]
    given: Uncertainty | None = None

    @cached_property
    def marginals(self) -> Shape:
        """The marginal of each quantity, before the comparisons."""
        ends = [[np.nan if x is None else float(x) for x in (q.low, q.likely, q.high)] for q in self.quantities]
        shape = Shape.of(self.spans.shape, *np.array(ends).reshape(-1, 3).T)
        low, high = np.full(len(self.quantities), np.nan), np.full(len(self.quantities), np.nan)
        for s, members in zip(self.sets, self.members, strict=True):
            low[list(members)], high[list(members)] = s.low, s.high
        return shape.within(low, high)

    @cached_property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """For each tied set the places of its quantities."""
        place = {q.path: n for n, q in enumerate(self.quantities)}
        return tuple(tuple(place[q.path] for q in s.quantities) for s in self.sets)

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """All quantities, those that are drawn together in one group; groups are independent of each other."""
        bound = {n: g for g in self.members for n in g}
        return tuple(dict.fromkeys(bound.get(n, (n,)) for n in range(len(self.quantities))))

    def draw(self, count: int, seed: int = 0, *, stream: int = 0, cores: int = 1) -> Draws:
        """Draw all quantities.

        Parameters
        ----------
        count : number of draws, at least 1.
        seed : 0 or more. stream : another stream of the same seed is independent of this one.
        cores : on how many to run; the draws are the same.

        Raises
        ------
        InputError
            On a count or seed out of range.
        SolverError
            If hit-and-run misses its standard.
        """
        check_count(count, seed)
        asked = count, seed, stream
        found = self._held.get(asked)
        if found is None:
            found = self._drawn(count, seed, stream, cores)
            if found.values.size <= _HELD and len(self._held) < _SETS:
                self._held[asked] = found
        return found

    @cached_property
    def _held(self) -> dict[tuple[int, int, int], Draws]:
        """The first draws: several roadmaps are counted on the same ones."""
        return {}

    def _drawn(self, count: int, seed: int, stream: int, cores: int) -> Draws:
        values = np.empty((count, len(self.quantities)))
        if self.given is None:
            values[:, self._alone] = self._independent(count, seed, stream, cores)
        else:
            self._same_quantiles(values, seed, stream, cores)
        worth, worst = float(count), None
        for k, (s, members) in enumerate(zip(self.sets, self.members, strict=True)):
            points, size, r_hat = self._tied(k, s, members, count, seed, stream, cores)
            values[:, list(members)] = points
            worth, worst = min(worth, size), max(worst or 0.0, r_hat)
        return Draws(self.quantities, self._whole(values), seed, worth, worst)

    def _independent(self, count: int, seed: int, stream: int, cores: int) -> Floats:
        """Draws of what is in no set, each by the numbers of its block."""
        shape = self.marginals.take(self._alone)

        def block(first: int) -> Floats:
            rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(stream, _ONE_BY_ONE, first // BLOCK)))
            return shape.draw(rng, BLOCK)[: count - first]

        return np.concatenate(spread(block, range(0, count, BLOCK), cores))

    def _same_quantiles(self, values: Floats, seed: int, stream: int, cores: int) -> None:
        """Fill in what is in no set: the quantiles of the draws before widening; by number what comparisons tied there."""
        given = cast("Uncertainty", self.given)
        drawn = dict(zip(given._alone, given._independent(len(values), seed, stream, cores).T, strict=True))
        (own,) = np.random.SeedSequence(seed, spawn_key=(stream, _ONE_BY_ONE)).generate_state(1, np.uint64)
        before = {q.path: n for n, q in enumerate(given.quantities)}
        fill(values, self._tables, self._alone, int(own) >> 1, 0)
        for n in self._alone:
            at = before[self.quantities[n].path]
            if at in drawn:
                values[:, n] = np.interp(drawn[at], given._tables[at], self._tables[n])

    @cached_property
    def _tables(self) -> Floats:
        return self.marginals.quantiles(STEPS)

    @cached_property
    def _by_rejection(self) -> tuple[bool, ...]:
        sets = zip(self.sets, self.members, strict=True)
        return tuple(acceptance(self._tables, members, s.rows, s.constants) >= LEAST_ACCEPTED for s, members in sets)

    def chunk(self, seed: int, first: int, count: int) -> Floats:
        """Rows first, .., first + count - 1 of the draws for plays, of shape (count, Q); row n is the same in every chunk.

        Raises
        ------
        InputError
            On a count or seed out of range.
        SolverError
            If hit-and-run misses its standard.
        """
        check_count(count, seed)
        values = np.empty((count, len(self.quantities)))
        fill(values, self._tables, self._alone, seed, first)
        for k, (s, members) in enumerate(zip(self.sets, self.members, strict=True)):
            if self._by_rejection[k]:
                fill_tied(values, self._tables, members, s.rows, s.constants, seed, first)
                continue
            begins = range(first // _ROWS, -(-(first + count) // _ROWS))
            points = np.concatenate([self._tied(k, s, members, _ROWS, seed, _CHUNKS + n, 1)[0] for n in begins])
            values[:, list(members)] = points[first % _ROWS :][:count]
        return self._whole(values)

    @cached_property
    def _alone(self) -> list[int]:
        """The quantities that are in no set."""
        bound = {n for g in self.members for n in g}
        return [n for n in range(len(self.quantities)) if n not in bound]

    def _whole(self, values: Floats) -> Floats:
        lags = [n for n, q in enumerate(self.quantities) if q.kind == "lag"]
        values[:, lags] = np.floor(values[:, lags] + 0.5)
        return values

    def _tied(
        self, k: int, s: Tied, members: tuple[int, ...], count: int, seed: int, stream: int, cores: int
    ) -> tuple[Floats, float, float]:
        from detente.case.draws.hit_and_run import chain

        shape = self.marginals.take(members)
        keep = max(_LEAST_POINTS, -(-count // CHAINS))
        r_hat, worth = np.inf, 0.0
        for doubling in range(_DOUBLINGS + 1):
            thin = 4 * len(members) << doubling

            def one(c: int, thin: int = thin) -> Floats:
                (own,) = np.random.SeedSequence(seed, spawn_key=(stream, k, c)).generate_state(1)
                return chain(shape, s.rows, s.constants, s.start, int(own), keep=keep, thin=thin, warm=50 * thin)

            chains = np.stack(spread(one, range(CHAINS), cores))
            r_hat = max(split_r_hat(chains[:, :, n]) for n in range(len(members)))
            worth = min(effective(chains[:, :, n]) for n in range(len(members)))
            if r_hat <= LARGEST_R_HAT and worth >= max(LEAST_EFFECTIVE, CHAINS * keep / 2):
                points = chains.transpose(1, 0, 2).reshape(-1, len(members))[:count]
                return points, min(1.0, worth / (CHAINS * keep)) * count, r_hat
        names = ", ".join(q.name for q in s.quantities)
        raise SolverError(
            f"{self.case}: the draws of {names} did not settle: split R-hat {r_hat:.3f} (wanted at most {LARGEST_R_HAT}), "
            f"effective number {worth:.0f} of {CHAINS * keep} (wanted at least half, and {LEAST_EFFECTIVE}); the comparisons "
            "leave them hardly any room: widen a range or take a comparison out"
        )

    def to_dict(self) -> dict[str, object]:
        """How values are drawn, for every output."""
        return {
            "shape": self.spans.shape,
            "likely_weight": LIKELY_WEIGHT if self.spans.shape == "pert" else None,
            "said_by": self.spans.shape_by,
            "tied": sum(map(len, self.members)),
            "comparisons": sorted(n for s in self.sets for n in s.comparisons),
            **({} if self.spans.confidence is None else {"confidence": float(self.spans.confidence)}),
            **({} if self.given is None else {"widen": float(self.spans.widen)}),
        }


def uncertainty(case: Case, widen: float = 1.0, *, risks: bool = True) -> Uncertainty:
    """What is uncertain in a case, and how it is distributed; worked out once for each case, width and answer about risks.

    widen : by what every range is multiplied about its likely value. risks : False leaves out the chances of risks, which no
    row of a roadmap knows.

    Raises
    ------
    InputError
        If ranges cannot be multiplied by that.
    CaseError
        If comparisons contradict each other or the ranges (with a minimal contradictory set), or if a value is only compared
        and nothing bounds it.
    """
    known: dict[object, Uncertainty] = vars(case).setdefault("_uncertain", {})
    asked = widen, risks, case.instance, case.risks  # a copy with others of these brings along what is kept of the first
    if asked not in known:
        known[asked] = _uncertainty(case, widen, risks)
    return known[asked]


def _uncertainty(case: Case, widen: float, risks: bool) -> Uncertainty:
    spans = Spans.of(case, widen)
    found = quantities(case, spans, risks=risks)
    every = {q.path for q in (*stated(case, spans, risks=risks), *found)}
    varied = Varied(len(found), len(every), sum(q.by_spread for q in found), float(spans.spread), spans.spread_by)
    given = None if widen == 1 else uncertainty(case, risks=risks)
    return Uncertainty(case.case, found, spans, varied, tied(case, spans), given)


def check_count(count: int, seed: int) -> None:
    """Refuse a number of draws or a seed that means nothing."""
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise InputError(f"draws: got {count!r}, wanted a whole number of at least 1; 1000 is usual")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= _MOST_SEED:
        raise InputError(f"seed: got {seed!r}, wanted a whole number from 0 to {_MOST_SEED}")


def check_share(holds: float | None) -> None:
    """Refuse a share of draws that means nothing."""
    if holds is not None and not 0 < holds <= 1:
        hint = f"; did you mean {holds / 100:g}?" if 1 < holds <= 100 else ""
        raise InputError(f"holds: got {holds!r}, wanted a share of draws above 0 and at most 1{hint}")


def spread(work: Callable[[A], R], items: Iterable[A], cores: int) -> list[R]:
    """Apply `work` to every item, on so many cores; the answers come in the order of the items."""
    if cores <= 1:
        return [work(x) for x in items]
    with ThreadPoolExecutor(cores) as pool:
        return list(pool.map(work, items))
