"""Whether several chains agree, and how many independent draws they are worth.

For C chains of K points each, cut into halves (2 C half-chains of n = K // 2 points):

    W       mean of the variances within the half-chains
    B / n   variance of their means
    var+    (n - 1)/n W + B/n
    split R-hat  = sqrt(var+ / W): 1 where the chains tell the same
    effective    = 2 C n / tau, tau = -1 + 2 sum of the paired autocorrelations rho[2k] + rho[2k+1], as long as the pairs are
                   positive, each at most the one before (Geyer's initial monotone sequence)
    rho[k]  = 1 - (W - mean over the half-chains of their autocovariance at k) / var+

The standard: split R-hat at most 1.01 and at least 400 effective draws in every quantity (Vehtari, Gelman, Simpson, Carpenter
and Buerkner 2021), and an effective number of at least half the draws.

Gelman et al. 2013, Bayesian Data Analysis, chapter 11; Geyer 1992; Vehtari et al. 2021.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["LARGEST_R_HAT", "LEAST_EFFECTIVE", "effective", "split_r_hat"]

LARGEST_R_HAT = 1.01
LEAST_EFFECTIVE = 400

Floats = NDArray[np.float64]


def split_r_hat(chains: Floats) -> float:
    """Split R-hat of one quantity; `chains` of shape (C, K), K >= 4. 1 for a constant."""
    within, plus = _variances(_halves(chains))
    return 1.0 if plus == 0 else float(np.inf if within == 0 else np.sqrt(plus / within))


def effective(chains: Floats) -> float:
    """The effective number of draws of one quantity, at most their number; `chains` of shape (C, K), K >= 4."""
    halves = _halves(chains)
    count, length = halves.shape
    within, plus = _variances(halves)
    if plus == 0:
        return float(halves.size)
    rho = 1 - (within - _autocovariance(halves).mean(axis=0)) / plus
    rho[0] = 1.0
    pairs = rho[: length - length % 2].reshape(-1, 2).sum(axis=1)
    ends = np.flatnonzero(pairs <= 0)
    pairs = np.minimum.accumulate(pairs[: ends[0]] if len(ends) else pairs)
    tau = -1 + 2 * pairs.sum()
    return float(count * length / max(tau, 1.0))


def _halves(chains: Floats) -> Floats:
    n = chains.shape[1] // 2
    return np.concatenate([chains[:, :n], chains[:, -n:]])


def _variances(halves: Floats) -> tuple[float, float]:
    n = halves.shape[1]
    within = float(halves.var(axis=1, ddof=1).mean())
    return within, (n - 1) / n * within + float(halves.mean(axis=1).var(ddof=1))


def _autocovariance(halves: Floats) -> Floats:
    """By half-chain and lag, each divided by n."""
    n = halves.shape[1]
    size = 1 << (2 * n - 1).bit_length()
    spectrum = np.fft.rfft(halves - halves.mean(axis=1, keepdims=True), size, axis=1)
    found: Floats = np.fft.irfft(np.abs(spectrum) ** 2, size, axis=1)[:, :n] / n
    return found
