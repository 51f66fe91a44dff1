"""The chance that something happens again by a day, from the days on which it has happened.

Let the days with an event, after the first day of observation, be n in T days; D days lie ahead, as_of < day <= by.

base rate : of the w = floor(T / D) past windows of D days, counted back from as_of, k had an event. Beta(1/2 + k, 1/2 + w -
k); its mean
rate      : events at a constant rate per day. Gamma prior of shape 1/2 and rate 0 (Jeffreys). Chance 1 - (T / (T + D))^(n +
1/2)
hazard    : the rate depends on the days since the last event, in five spans, which end as the profile says. In span s, n_s
            events in T_s days; Gamma prior of shape 1 and mean n / T (worth one event). With d_s of the D days in span s if
            nothing happens: 1 - prod_s (b_s / (b_s + d_s))^(a_s), a_s = 1 + n_s, b_s = T / n + T_s

Intervals are of the chance given the rates (80%): quantiles of the Beta, and of 1 - exp(-sum rate_s d_s) over 4,000 draws
of the rates.

Past score: each of these is asked the same at the beginning of every past window that has at least `windows_before` windows
before it; Brier score (p - happened)^2. The answer is that of the model with the lowest past score, if there were at least
`fewest_windows` such windows; else the base rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.base.plain import FIGURES, told
from detente.case.profile import Judgements
from detente.forecast.profile import plain_profile

__all__ = ["MODELS", "Chance", "chances", "past_scores"]

MODELS = ("base-rate", "rate", "hazard")
_SPANS = ("span_week", "span_month", "span_quarter", "span_year")
_DRAWS = 4000
_LOW, _HIGH = 0.1, 0.9

Days = NDArray[np.int64]


@dataclass(frozen=True)
class Chance:
    """A probability with its 80% interval."""

    chance: float
    low: float
    high: float

    @property
    def interval(self) -> tuple[float, float]:
        return self.low, self.high

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        chance : the probability by each model
        """
        return told(self, "chance interval", figures=FIGURES)


def chances(
    events: Sequence[int],
    length: int,
    ahead: int,
    seed: int = 0,
    *,
    intervals: bool = True,
    judged: Judgements | None = None,
) -> dict[str, Chance]:
    """By model, for event days in 1..T (day 0 begins the observation), T = `length`, and D = `ahead` days to come."""
    days = np.unique(np.asarray(events, dtype=np.int64))
    days = days[(days >= 1) & (days <= length)]
    return {
        "base-rate": _base(days, length, ahead, intervals),
        "rate": _rates([0.5 + len(days)], [float(length)], [float(ahead)], seed, intervals),
        "hazard": _hazard(days, length, ahead, seed, intervals, judged or plain_profile()),
    }


def past_scores(
    events: Sequence[int], length: int, ahead: int, judged: Judgements | None = None
) -> tuple[dict[str, float], int]:
    """The mean Brier score of each model over past windows, and how many windows that were."""
    judged = judged or plain_profile()
    starts = [length - k * ahead for k in range(length // ahead, 0, -1)]
    starts = [s for s in starts if s >= judged["windows_before"] * ahead]
    total = dict.fromkeys(MODELS, 0.0)
    for start in starts:
        happened = any(start < e <= start + ahead for e in events)
        told = chances([e for e in events if e <= start], start, ahead, intervals=False, judged=judged)
        for name, c in told.items():
            total[name] += (c.chance - happened) ** 2
    return ({n: x / len(starts) for n, x in total.items()} if starts else {}), len(starts)


def _base(days: Days, length: int, ahead: int, intervals: bool) -> Chance:
    windows = length // ahead
    hit = len({int((length - d) // ahead) for d in days if (length - d) // ahead < windows})
    a, b = 0.5 + hit, 0.5 + windows - hit
    if not intervals:
        return Chance(a / (a + b), 0.0, 1.0)
    from scipy.stats import beta

    return Chance(a / (a + b), float(beta.ppf(_LOW, a, b)), float(beta.ppf(_HIGH, a, b)))


def _hazard(days: Days, length: int, ahead: int, seed: int, intervals: bool, judged: Judgements) -> Chance:
    """Spans of days since the last event; before the first event they are counted from the first day."""
    bounds = np.sort([int(judged[name]) for name in _SPANS])
    last = np.zeros(length + 1, dtype=np.int64)
    last[days] = days
    last = np.maximum.accumulate(last)
    since = np.arange(1, length + 1) - last[:-1]  # days since the last event, on days 1..T
    happened = np.zeros(length + 1, dtype=bool)
    happened[days] = True
    span = np.searchsorted(bounds, since)
    spans = len(bounds) + 1
    exposed = np.bincount(span, minlength=spans).astype(float)
    seen = np.bincount(span[happened[1:]], minlength=spans).astype(float)
    to_come = np.bincount(np.searchsorted(bounds, length - last[-1] + np.arange(1, ahead + 1)), minlength=spans).astype(float)
    worth = length / max(len(days), 0.5)
    return _rates((1.0 + seen).tolist(), (worth + exposed).tolist(), to_come.tolist(), seed, intervals)


def _rates(a: Sequence[float], b: Sequence[float], d: Sequence[float], seed: int, intervals: bool) -> Chance:
    shape, rate, days = np.array(a), np.array(b), np.array(d)
    chance = 1 - float(np.prod((rate / (rate + days)) ** shape))
    if not intervals:
        return Chance(chance, 0.0, 1.0)
    draws = np.random.default_rng(seed).standard_gamma(shape, (_DRAWS, len(shape))) / rate
    low, high = np.quantile(1 - np.exp(-draws @ days), [_LOW, _HIGH])
    return Chance(chance, float(low), float(high))
