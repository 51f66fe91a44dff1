"""Coefficients from issues whose outcome is known, in two steps, each smooth and minimised by L-BFGS with its exact gradient.

**Weights.** Over theta = (a, b, t, e, f, constants) and, where asked for, an effect alpha for each actor:

    mean over issues of (mu - y)^2 / 900  +  0.03 |theta - prior|^2  +  0.01 |alpha|^2 ,     mu = sum_i w_i x_i

with a = 0.5, b = 1 and 0 for the rest as prior. Since w is a softmax, d mu / d theta = sum_i w_i (x_i - mu) phi_i.

**Mixture.** With the weights held fast, over the twelve coefficients h of `mixture`, from 0:

    mean of CRPS / 10  -  0.3 mean of ln P(y)  +  0.005 |h|^2

On the grid, with F_k the distribution functions of the components, CRPS = p'Qp - 2 p'L + const, Q_kl = sum_g F_k F_l and
L_k = sum_{g >= y} F_k; y is taken to its nearest grid point. With u = 2Qp - 2L, or u = -f(y) / P(y) for the logarithm, the
gradient over z is p (u - p'u).

Outcomes off the range count as they are in the first step and as the nearest end in the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.errors import SolverError
from detente.positions.baselines import influence_weights, weighted_mean, weighted_median
from detente.positions.mixture import GRID, Chunk, chunks
from detente.positions.panel import Panel
from detente.positions.profile import COMPONENTS, NAMES, Constant, PositionsProfile
from detente.positions.weights import features, normalised, weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from detente.positions.panel import Floats

__all__ = ["PENALTY", "PRIOR", "baselines", "fit_panel"]

PRIOR = {"capability": 0.5, "salience": 1.0, "top": 0.0, "relative": 0.0, "losing": 0.0}
PENALTY = {"weights": 0.03, "actors": 0.01, "mixture": 0.005}
MOST_RESIDUALS = 500
DIGITS = 6  # of a coefficient: what two processors may disagree about stays out of the file


def fit_panel(
    panel: Panel, *, name: str = "", constants: Sequence[Constant] = (), effects: bool = False, **origin: Any
) -> PositionsProfile:
    """A profile from issues whose outcomes are all known.

    constants : for which actors and where a constant is fitted. effects : whether each actor gets an effect of its own.
    origin : `about`, `source` and `fitted`, as the profile is to say them.

    Raises
    ------
    SolverError
        If the minimisation ends without a finite answer.
    """
    found = features(panel, constants)
    theta, alpha = (np.round(v, DIGITS) for v in _fit_weights(panel, found.base, found.values, effects))
    given = tuple(Constant(c.actor, c.where, float(v)) for c, v in zip(constants, theta[len(NAMES) :], strict=True))
    actors = {n: float(v) for n, v in zip(panel.names, alpha, strict=True)} if effects else {}
    by_name = {n: float(v) for n, v in zip(NAMES, theta, strict=False)}
    started = PositionsProfile(name, by_name, dict.fromkeys(COMPONENTS, 0.0), given, actors)
    h = np.round(_fit_mixture(panel, weights(panel, found, started)), DIGITS)
    residuals = {k: _thinned(panel.outcome - v) for k, v in baselines(panel).items()}
    mixture = {n: float(v) for n, v in zip(COMPONENTS, h, strict=True)}
    return PositionsProfile(name, by_name, mixture, given, actors, residuals, prior=PRIOR, penalty=PENALTY, **origin)


def baselines(panel: Panel) -> dict[str, Floats]:
    """The point forecasts of the baselines by name, each of shape (M,)."""
    cs = influence_weights(panel)
    alike = panel.share / panel.sums(panel.share)[panel.issue]
    return {
        "weighted_mean": weighted_mean(panel, cs),
        "weighted_median": weighted_median(panel, cs),
        "mean": weighted_mean(panel, alike),
    }


def _thinned(residuals: Floats) -> tuple[float, ...]:
    """Sorted residuals with two decimals; of many, evenly spread quantiles."""
    if len(residuals) > MOST_RESIDUALS:
        residuals = np.quantile(residuals, (np.arange(MOST_RESIDUALS) + 0.5) / MOST_RESIDUALS)
    return tuple(float(r) for r in np.round(np.sort(residuals), 2))


def _fit_weights(panel: Panel, base: Floats, phi: Floats, effects: bool) -> tuple[Floats, Floats]:
    prior = np.zeros(phi.shape[1])
    prior[: len(NAMES)] = [PRIOR[n] for n in NAMES]
    k, M = len(prior), panel.count
    actors = len(panel.names) if effects else 0

    def loss(v: Floats) -> tuple[float, Floats]:
        theta, alpha = v[:k], v[k:]
        w = normalised(panel, base + phi @ theta + (alpha[panel.actor] if effects else 0.0))
        mu = panel.sums(w * panel.x)
        miss = mu - panel.outcome
        slope = (2.0 * miss / (900.0 * M))[panel.issue] * w * (panel.x - mu[panel.issue])
        value = (miss @ miss) / (900.0 * M) + PENALTY["weights"] * ((theta - prior) @ (theta - prior))
        gradient = slope @ phi + 2 * PENALTY["weights"] * (theta - prior)
        if not effects:
            return float(value), gradient
        on = np.bincount(panel.actor, weights=slope, minlength=actors) + 2 * PENALTY["actors"] * alpha
        return float(value + PENALTY["actors"] * (alpha @ alpha)), np.concatenate([gradient, on])

    found = _minimum(loss, np.concatenate([prior, np.zeros(actors)]))
    return found[:k], found[k:]


def _fit_mixture(panel: Panel, w: Floats) -> Floats:
    parts = [_sums(chunk, panel.outcome[chunk.issues]) for chunk in chunks(panel, w)]

    def loss(h: Floats) -> tuple[float, Floats]:
        value, gradient = PENALTY["mixture"] * (h @ h), 2 * PENALTY["mixture"] * h
        for phi, present, Q, L, const, at in parts:
            z = np.where(present, phi @ h, -np.inf)
            p = np.exp(z - z.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            Qp = np.einsum("bkl,bl->bk", Q, p)
            here = (p * at).sum(axis=1)
            score = (p * (Qp - 2 * L)).sum(axis=1) + const
            value += (score / 10.0 - 0.3 * np.log(here)).sum() / panel.count
            u = (2 * Qp - 2 * L) / 10.0 - 0.3 * at / here[:, None]
            on_z = p * (u - (p * u).sum(axis=1, keepdims=True)) / panel.count
            gradient = gradient + np.einsum("bk,bkh->h", on_z, phi)
        return float(value), gradient

    return _minimum(loss, np.zeros(len(COMPONENTS)))


def _sums(chunk: Chunk, y: Floats) -> tuple[Floats, NDArray[np.bool_], Floats, Floats, Floats, Floats]:
    """Features, which components there are, Q, L, the constant and f(y) of a batch."""
    F = np.cumsum(chunk.density, axis=2)
    nearest = np.clip(np.rint(y), 0, 100).astype(int)
    after = nearest[:, None] <= GRID
    Q = F @ F.transpose(0, 2, 1)
    L = (F * after[:, None, :]).sum(axis=2)
    at = np.take_along_axis(chunk.density, nearest[:, None, None], axis=2)[:, :, 0]
    return chunk.features, chunk.present, Q, L, after.sum(axis=1).astype(float), at


def _minimum(loss: Any, start: Floats) -> Floats:
    from scipy.optimize import minimize

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-7})
    if not np.isfinite(found.fun) or not np.isfinite(found.x).all():
        raise SolverError("the coefficients could not be fitted: the minimisation ended without a finite answer")
    x: Floats = found.x
    return x
