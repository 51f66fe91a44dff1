"""Rolling origins: forecasts made again and again, each from what was known then, each scored by what came after.

Two stretches of origins follow each other. The first, before the tested origins a..b, gives the weights of the mixture at a
and fixes which model is `chosen`: up to `validated` origins, and only targets up to a are looked at. The second is the test.
With fewer than `independent` past origins that do not overlap (d periods apart: d / H each) no model can be told to be better
than another, and the mixture is chosen.

As a forecast has the weights of its own origin, the mixture at a later tested origin o is weighed anew: by the first stretch
and by the tested origins before o, with no target later than o. What held before a war is so unlearnt after it.

Models that learn are fitted anew at most 3 times in the first stretch and 6 times in the second; between, an earlier fit
forecasts from the newer values. A fit is never later than the origin that it forecasts from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from detente.base.crps import crps
from detente.forecast.baselines import baseline_names, widened
from detente.forecast.mixture import Scored, chosen_weights, cross_scored, distances
from detente.forecast.models import LEARNED, MIXTURE, Fitted, fit, simple
from detente.forecast.panel import Panel, Series
from detente.forecast.past import Past, past
from detente.forecast.quantiles import pooled

__all__ = ["Choice", "choose", "forecasts", "mixed"]

_FITS_BEFORE, _FITS_TESTED = 3, 6


@dataclass(frozen=True, eq=False)
class Choice:
    """What was fixed before the test.

    names : models that the mixture draws on. weights : of shape (H, M). chosen : the name of the model with the lowest past
    score. origins : how many past origins this rests on. past : mean CRPS of each model there. scored : what the weights
    rest on, by origin. step : how many periods these origins are apart.
    """

    names: tuple[str, ...]
    weights: Series = field(repr=False)
    chosen: str
    origins: int
    past: dict[str, float]
    scored: dict[int, Scored] = field(default_factory=dict, repr=False)
    step: int = 1

    def with_origin(self, known: Past, found: dict[str, Series], y: Series) -> Choice:
        """With one more scored origin, its weights as they are. y : what came after, of shape (N, h), NaN where not known."""
        if not set(self.names) <= set(found):
            return self
        wide = widened({n: found[n][:, : y.shape[1]] for n in self.names}, known)
        return replace(self, scored={**self.scored, known.origin: distances([wide[n] for n in self.names], y)})

    def at(self, origin: int, horizon: int) -> Choice:
        """Weighed by what is known at an origin."""
        there = {o: s.until(origin - o) for o, s in self.scored.items() if o < origin}
        there = {o: s for o, s in there.items() if s.a.any()}
        if not there:
            return self
        apart = (max(there) - min(there) + self.step) / horizon / len(there)
        return replace(self, weights=chosen_weights(list(there.values()), _start(self.names), horizon, apart))


def choose(panel: Panel, first: int, horizon: int, seed: int) -> Choice:
    """Weights and choice for forecasts from origin `first` on, from what was known at it."""
    step = int(np.clip(first // 24, 1, horizon))
    needed = int(panel.judged["fewest_periods"])
    earliest = max(needed - 1, first - max(3, first // 2) if step == 1 else needed - 1)
    origins = list(range(first - 1, earliest - 1, -step))[: int(panel.judged["validated"])][::-1]
    names: tuple[str, ...] = ()
    scored: dict[int, Scored] = {}
    losses: list[dict[str, float]] = []
    for known, found in forecasts(panel, origins, horizon, seed, _FITS_BEFORE):
        if len(found) > len(names):  # the first origin, or the first with enough to learn from
            names, scored, losses = tuple(found), {}, []
        far = min(horizon, first - known.origin)
        y = panel.y[known.who, known.origin + 1 : known.origin + 1 + far]
        if not np.isfinite(y).any():
            continue
        cut = [found[n][:, :far] for n in names]
        wide = widened(found, known)
        scored[known.origin] = distances([wide[n][:, :far] for n in names], y)
        losses.append({n: float(np.nansum(crps(values, y))) for n, values in zip(names, cut, strict=True)})
    if not scored:
        known = past(panel, first)
        found = simple(baseline_names(known), known, horizon) | fit(known, horizon, seed).predict(known, horizon)
        return Choice(tuple(found), np.tile(_start(tuple(found)), (horizon, 1)), MIXTURE, 0, {}, {}, step)
    start = _start(names)
    sums = list(scored.values())
    for told, mixture in zip(losses, cross_scored(sums, start, horizon, step / horizon), strict=True):
        told[MIXTURE] = mixture
    cases = sum(s.cases for s in sums)
    means = {n: sum(x[n] for x in losses) / cases for n in (*names, MIXTURE)}
    ranks = {n: sum(x[n] / s.size for x, s in zip(losses, sums, strict=True)) for n in means}
    enough = len(scored) * step / horizon >= panel.judged["independent"]
    chosen = min(ranks, key=lambda n: (ranks[n], n != MIXTURE)) if enough else MIXTURE
    weights = chosen_weights(sums, start, horizon, step / horizon)
    return Choice(names, weights, chosen, len(scored), means, scored, step)


def _start(names: Sequence[str]) -> Series:
    """The weights of a mixture that nothing is known about: half to the decaying past, half to all that learn, alike."""
    learn = np.array([float(n in LEARNED) for n in names])
    plain = np.array([float(n == "decaying-12") for n in names])
    return (plain + learn / learn.sum()) / 2 if learn.any() else plain


def forecasts(
    panel: Panel, origins: Sequence[int], horizon: int, seed: int, fits: int = _FITS_TESTED
) -> Iterator[tuple[Past, dict[str, Series]]]:
    """What is known at each origin, and the forecast of every model from it, of shape (N, H, K).

    The simple ones are those that the first origin allows.
    """
    names: tuple[str, ...] = ()
    learned: Fitted | None = None
    length = -(-len(origins) // fits) if origins else 1
    for n, origin in enumerate(origins):
        known = past(panel, origin)
        if learned is None or n % length == 0:
            learned = fit(known, horizon, seed)
        names = names or baseline_names(known)
        yield known, simple(names, known, horizon) | learned.predict(known, horizon)


def mixed(choice: Choice, found: dict[str, Series], known: Past) -> Series:
    """The mixture of forecasts from what is known, of shape (N, H, K).

    A model that could not learn yet leaves its weight to the others.
    """
    found = widened(found, known)
    used = [(n, w) for n, w in zip(choice.names, choice.weights.T, strict=True) if n in found and w.any()]
    models, weights = np.stack([found[n] for n, _ in used]), np.stack([w for _, w in used])
    total = weights.sum(axis=0)
    even = np.full_like(weights, 1 / len(used))  # at a horizon whose models are all missing
    weights = np.where(total > 0, weights / np.where(total > 0, total, 1.0), even)
    return pooled(models, np.broadcast_to(weights[:, None, :], models.shape[:3]))
