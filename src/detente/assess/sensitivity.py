"""How much each assumption has to do with the difference between two strategies: Sobol indices, computed on the plays
themselves.

Y is the difference of mean scores, first minus second, as a function of the assumptions x_1 .. x_d, each uniform over its
range and independent of the others. All points meet the same luck.

    first order S_i = Var(E[Y | x_i]) / Var(Y)                share of the variance that goes away when x_i is known
    total       T_i = E(Var(Y | all but x_i)) / Var(Y)        share that stays until x_i is known, interactions included

Saltelli's sampling and estimators (Saltelli et al. 2010) on a scrambled Sobol sequence, n (d + 2) points for n base samples,
as `scipy.stats.sobol_indices` has them; intervals by its bootstrap over the base samples. No emulator stands in between. What
is left of noise: `noise`, the mean squared standard error of Y over Var(Y); it can only blur the indices, mostly upward for T.

Only the assumptions that move the difference most one at a time are varied (at most `MOST`); the rest stay as assumed.

Sobol 1993; Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola 2010, Computer Physics Communications 181.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.assess.assumptions import Assumption
from detente.assess.breakeven import difference
from detente.assess.profile import PlayProfile
from detente.assess.strategies import Strategy
from detente.assess.tally import Frame
from detente.base.plain import told
from detente.case.case import Case
from detente.case.draws.draw import Uncertainty
from detente.errors import InputError

__all__ = ["MOST", "Index", "Sensitivity", "indices_of", "saltelli"]

MOST = 8
PLAYS = 256
_RESAMPLES = 400
_LEVEL = 0.95


@dataclass(frozen=True)
class Index:
    """An assumption with its first-order and total index, each (estimate, low, high) of the 95% bootstrap interval."""

    assumption: Assumption
    first: tuple[float, float, float]
    total: tuple[float, float, float]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        total : its total index and the 95% interval
        """
        return told(self, "name=assumption.name first total")


@dataclass(frozen=True)
class Sensitivity:
    """The indices, the largest total first. mean, deviation : of the difference over all assumptions. points : of how many."""

    indices: tuple[Index, ...]
    mean: float
    deviation: float
    noise: float
    samples: int
    points: int
    plays: int

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        mean : the difference over all assumptions
        deviation : its standard deviation
        noise : the share of its variance that is noise of the plays
        samples : base samples
        plays : plays at each sample. Without `--sensitivity` all of it is `null`
        """
        return told(self)


def indices_of(
    case: Case,
    profile: PlayProfile,
    inputs: Sequence[Assumption],
    two: Sequence[Strategy],
    frame: Frame,
    seed: int,
    samples: int,
    *,
    plays: int = PLAYS,
    cores: int = 1,
    uncertain: Uncertainty | None = None,
) -> Sensitivity:
    """The indices of these assumptions; `samples` is a power of two.

    Raises
    ------
    InputError
        If `samples` is no power of two, or no assumption moves anything.
    """
    if samples < 2 or samples & (samples - 1):
        near = 2 ** max(1, samples.bit_length())
        raise InputError(f"sensitivity: got {samples} base samples, wanted a power of two, such as {near}")
    errors: list[float] = []
    values: list[float] = []

    def f(unit: NDArray[np.float64]) -> NDArray[np.float64]:
        def at(column: int) -> tuple[float, float]:
            given = {a: _placed(a, float(unit[k, column])) for k, a in enumerate(inputs)}
            return difference(case, profile, two, frame, seed, plays, given, uncertain)

        with ThreadPoolExecutor(max(1, cores)) as pool:
            found = list(pool.map(at, range(unit.shape[1])))
        values.extend(y for y, _ in found)
        errors.extend(e for _, e in found)
        return np.array([y for y, _ in found])

    first, total = saltelli(f, len(inputs), samples, seed)
    y = np.array(values)
    variance = float(y.var())
    indices = [Index(a, _three(first, k), _three(total, k)) for k, a in enumerate(inputs)]
    return Sensitivity(
        indices=tuple(sorted(indices, key=lambda x: -x.total[0])),
        mean=float(y.mean()),
        deviation=float(np.sqrt(variance)),
        noise=float(np.mean(np.square(errors)) / variance),
        samples=samples,
        points=len(y),
        plays=plays,
    )


def saltelli(f: Any, count: int, samples: int, seed: int) -> Sequence[Any]:
    """First-order and total indices of f on the unit cube of `count` dimensions, each of shape (3, count): estimate, low,
    high."""
    from scipy import stats

    at: list[NDArray[np.float64]] = []

    def method(f_A: NDArray[np.float64], f_B: NDArray[np.float64], f_AB: NDArray[np.float64]) -> Sequence[NDArray[np.float64]]:
        at[:] = f_A, f_B, f_AB  # scipy asks for these names
        return _estimates(f_A, f_B, f_AB)

    def resampled(chosen: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.stack(_estimates(*(y[..., chosen] for y in at)))

    dists, n = [stats.uniform()] * count, np.arange(samples)
    found = stats.sobol_indices(func=f, n=samples, dists=dists, method=method, random_state=np.random.default_rng(seed))
    estimate = np.stack([np.ravel(found.first_order), np.ravel(found.total_order)])
    if not np.isfinite(estimate[1]).all():
        raise InputError("sensitivity: none of the assumptions moves the difference between the two strategies")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of an index that is the same in every resample the interval is the index
        spread = stats.bootstrap(  # that of the indices' own result takes no seed
            [n], resampled, confidence_level=_LEVEL, n_resamples=_RESAMPLES, random_state=np.random.default_rng(seed)
        ).confidence_interval
    low, high = (np.reshape(x, estimate.shape) for x in spread)
    return tuple(_with_bounds(*three) for three in zip(estimate, low, high, strict=True))


def _estimates(a: NDArray[np.float64], b: NDArray[np.float64], ab: NDArray[np.float64]) -> Sequence[NDArray[np.float64]]:
    """First-order and total indices (Saltelli et al. 2010, table 2, b and f). a, b : Y at the base samples, (1, n). ab : with
    one column of a taken from b, (d, 1, n)."""
    variance = np.var([a, b], axis=(0, -1))
    return np.mean(b * (ab - a), axis=-1).T / variance, 0.5 * np.mean((a - ab) ** 2, axis=-1).T / variance


def _with_bounds(x: Any, low: Any, high: Any) -> Any:
    return np.stack([x, np.where(np.isfinite(low), low, x), np.where(np.isfinite(high), high, x)])


def _three(table: Any, k: int) -> tuple[float, float, float]:
    return float(table[0, k]), float(table[1, k]), float(table[2, k])


def _placed(a: Assumption, unit: float) -> float:
    if a.whole:
        return min(a.high, a.low + float(np.floor(unit * (a.high - a.low + 1))))
    return a.low + unit * (a.high - a.low)
