"""Sums over the plays of one chunk: all that the results are made of, for all strategies on the same luck.

S strategies, N plays, P parties. Sums and cross products are kept, so that means, standard errors and paired differences come
out of one pass: Var(x_s - x_r) = Var x_s + Var x_r - 2 Cov. Values count from no deal, which keeps the squares small.

score     of a play: the mean over the parties that a strategy could serve of (value - no deal) / promise, promise being the
          largest gain that any of the strategies brings the party when all are sincere and nothing goes wrong. 1: all get
          what was promised at best; 0: no deal.
regret    the best score that any of the strategies gets on the same luck, minus this one's
provision carried out in the phase in which all its measures have come into force, if none of them was broken off before or then
ends      collapsed; stopped and not collapsed; else under way: each play ends in one of the three
signs     what was known at the beginning of phase `warning`, in plays that have not collapsed by then
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.assess.first import late_sums, refused_sums
from detente.assess.layout import Script, World
from detente.assess.process import CAUSES, NEVER
from detente.assess.records import Records, played_each

if TYPE_CHECKING:
    from detente.case.draws.draw import Uncertainty

__all__ = ["Frame", "Sums", "added", "carried_out", "spread_of", "tally"]

Sums = dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Frame:
    """What sums need besides the records: promise : (P,). provisions : the places of the measures of each."""

    promise: NDArray[np.float64]
    provisions: tuple[tuple[int, ...], ...]

    def score(self, gain: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of shape (N,), of gains over no deal of shape (N, P)."""
        served = self.promise > 0
        if not served.any():
            return np.zeros(len(gain))
        shares: NDArray[np.float64] = gain[:, served] / self.promise[served]
        return np.asarray(shares.mean(axis=1))


def tally(
    world: World,
    scripts: Sequence[Script],
    frame: Frame,
    seed: int,
    uncertain: Uncertainty | None,
    first: int,
    count: int,
) -> Sums:
    """Play first .. first + count - 1 under every script and sum up. uncertain : what is drawn once a play."""
    draws = None if uncertain is None else uncertain.chunk(seed, first, count)
    S, P, M, T = len(scripts), world.others, world.measures, world.phases
    H = T + world.most_lag
    values = np.empty((P, S, count))
    scores = np.empty((S, count))
    out: Sums = {
        "count": np.array([float(count)]),
        "collapse": np.zeros((S, H)),
        "cause": np.zeros((S, len(CAUSES))),
        "stop": np.zeros((S, H)),
        "stop_cause": np.zeros((S, len(CAUSES))),
        "no_deal": np.zeros(P),
        "phase": np.zeros((S, T)),
        "reach": np.zeros((S, len(frame.provisions))),
        "reach_when": np.zeros((S, len(frame.provisions))),
        "entered": np.zeros((S, M)),
        "entered_when": np.zeros((S, M)),
        "signs": np.zeros((S, M + len(world.shock_by) + P, 2, 2 + 2 * P)),
    }
    for s, r in enumerate(played_each(world, scripts, seed, first, count, draws)):
        gain = r.value - r.no_deal
        out["no_deal"] = r.no_deal.sum(axis=0)
        values[:, s], scores[s] = gain.T, frame.score(gain)
        _ends(out, s, r, T, H)
        _reached(out, s, r, frame)
        _signs(out, s, r, world)
        for name, found in (("refused", refused_sums(world, r)), ("late", late_sums(world, r))):
            for key, x in found.items():
                out.setdefault(f"{name}_{key}", np.zeros((S, *x.shape)))[s] = x
    best = scores.max(axis=0)
    out |= {
        "value": values.sum(axis=2).T,
        "value_cross": np.stack([x @ x.T for x in values]),
        "score": scores.sum(axis=1),
        "score_cross": scores @ scores.T,
        "regret": (best - scores).sum(axis=1),
        "regret_sq": ((best - scores) ** 2).sum(axis=1),
    }
    return out


def _ends(out: Sums, s: int, r: Records, T: int, H: int) -> None:
    collapsed = r.ended[:, 0] < NEVER
    for key, at in (("collapse", 0), ("stop", 2)):
        happened = collapsed if key == "collapse" else (r.ended[:, at] < NEVER) & ~collapsed
        out[key][s] = np.bincount(np.minimum(r.ended[happened, at], H - 1), minlength=H)
        cause = "cause" if key == "collapse" else "stop_cause"
        out[cause][s] = np.bincount(r.ended[happened, at + 1], minlength=len(CAUSES))
    end = np.minimum(r.ended[:, 0], r.ended[:, 2])
    out["phase"][s] = (end[:, None] > np.arange(T)).sum(axis=0)


def _reached(out: Sums, s: int, r: Records, frame: Frame) -> None:
    there = r.entered < NEVER
    out["entered"][s] = there.sum(axis=0)
    out["entered_when"][s] = np.where(there, r.entered, 0).sum(axis=0)
    for n, members in enumerate(frame.provisions):
        if members:
            when = carried_out(r, members)
            done = when < NEVER
            out["reach"][s, n] = done.sum()
            out["reach_when"][s, n] = when[done].sum()


def carried_out(r: Records, members: Sequence[int]) -> NDArray[np.int16]:
    """The phase in which a provision of these measures is carried out in full, of shape (N,); NEVER: it is not."""
    whole = r.entered[:, list(members)].max(axis=1)
    kept = (r.broken_off[:, list(members)] > whole[:, None]).all(axis=1)
    return np.where(kept, whole, NEVER).astype(np.int16)


def _signs(out: Sums, s: int, r: Records, world: World) -> None:
    """For each sign, whether it was seen: plays, of these collapsed, and per party what going on and stepping out were
    worth."""
    alive = r.ended[:, 0] >= world.warning
    collapses = (r.ended[:, 0] < NEVER).astype(np.float64)
    ahead = (r.value - r.before) / r.discount**world.warning
    facts = np.column_stack([np.ones(len(collapses)), collapses, ahead, r.aside]) * alive[:, None]
    seen = np.column_stack([r.seen_by, r.struck_by, r.trouble]).astype(np.float64)
    out["signs"][s, :, 1] = seen.T @ facts
    out["signs"][s, :, 0] = (1.0 - seen).T @ facts


def added(parts: Iterable[Sums]) -> Sums:
    """The sums of all chunks, added one after the other in their order, none kept longer than that."""
    total: Sums = {}
    for part in parts:
        for k, x in part.items():
            total[k] = total[k] + x if k in total else x
    return total


def spread_of(total: NDArray[np.float64], squares: NDArray[np.float64], n: float) -> NDArray[np.float64]:
    """Standard error of a mean, from the sum and the sum of squares of n independent draws."""
    if n < 2:
        return np.full(np.shape(total), np.nan)
    variance: NDArray[np.float64] = np.maximum(squares - total**2 / n, 0.0) / (n - 1)
    return np.sqrt(variance / n)
