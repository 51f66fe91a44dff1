"""Hit-and-run and its check against exact moments."""

from __future__ import annotations

import math

import numpy as np
import pytest

import detente as dt
from detente.case.draws import draw as module
from detente.case.draws.convergence import effective, split_r_hat
from detente.case.draws.draw import uncertainty
from detente.case.draws.hit_and_run import chain
from detente.case.draws.shape import PERT, TRIANGULAR, UNIFORM, Shape
from detente.errors import SolverError
from smallcases import Data, swap

N = 4000


def shape(kind: int, size: int, likely: float = 0.5) -> Shape:
    one = np.ones(size)
    pert = 4.0 if kind == PERT else 0.0
    return Shape(np.full(size, kind), 0 * one, likely * one, one, pert * likely * one, pert * (1 - likely) * one)


def chains(marginals: Shape, rows: np.ndarray, constants: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Four chains, of shape (4, N, D)."""
    thin = 4 * len(start)
    return np.stack(
        [chain(marginals, rows, constants, start, seed, keep=N, thin=thin, warm=50 * thin) for seed in (1, 2, 3, 4)]
    )


def close(found: np.ndarray, wanted: float, variance: float) -> bool:
    """Whether the mean of each coordinate lies within 4.5 standard errors of the wanted one, by its effective number."""
    return all(
        abs(found[:, :, n].mean() - wanted) < 4.5 * math.sqrt(variance / effective(found[:, :, n]))
        for n in range(found.shape[2])
    )


@pytest.mark.parametrize("size", [1, 2, 5])
def test_uniform_on_a_simplex(size: int) -> None:
    """Catches a step that favours the middle or the corners.

    Uniform on {x >= 0, sum x <= 1} in D dimensions is Dirichlet(1, .., 1) without its last part: mean 1/(D+1), variance
    D / ((D+1)^2 (D+2)), E[x^2] = 2/((D+1)(D+2)).
    """
    mean, variance = 1 / (size + 1), size / ((size + 1) ** 2 * (size + 2))
    found = chains(shape(UNIFORM, size), -np.ones((1, size)), np.ones(1), np.full(size, mean))
    assert close(found, mean, variance)
    fourth = 24 / math.prod(range(size + 1, size + 5))
    assert close(found**2, 2 / ((size + 1) * (size + 2)), fourth - (2 / ((size + 1) * (size + 2))) ** 2)
    assert found.min() > 0
    assert found.sum(axis=2).max() <= 1 + 1e-12


@pytest.mark.parametrize(
    ("kind", "likely", "mean", "variance"),
    [(UNIFORM, 0.5, 1 / 2, 1 / 12), (PERT, 0.25, 1 / 3, 2 * 4 / 252), (TRIANGULAR, 0.25, 1.25 / 3, 0.8125 / 18)],
)
def test_marginals_of_a_box(kind: int, likely: float, mean: float, variance: float) -> None:
    """Catches a density that is wrong by a factor or an exponent: without comparisons each coordinate has its own marginal.

    PERT at 0.25 is Beta(2, 4); the triangle's variance is (1 + m^2 - m)/18.
    """
    found = chains(shape(kind, 3, likely), np.zeros((0, 3)), np.zeros(0), np.full(3, 0.4))
    assert close(found, mean, variance)
    assert np.allclose(found.reshape(-1, 3).var(axis=0), variance, rtol=0.08)


def test_an_order_of_uniform_values_gives_order_statistics() -> None:
    """Catches comparisons with the wrong sign: of x >= y >= z the means are 3/4, 2/4, 1/4 (variances 3/80, 4/80, 3/80)."""
    rows = np.array([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0]])
    found = chains(shape(UNIFORM, 3), rows, np.zeros(2), np.array([0.75, 0.5, 0.25]))
    for n, (mean, variance) in enumerate([(3 / 4, 3 / 80), (1 / 2, 4 / 80), (1 / 4, 3 / 80)]):
        assert close(found[:, :, n : n + 1], mean, variance)


def test_tied_draws_are_those_that_rejection_would_keep() -> None:
    """Catches a restricted density that is not the product of the marginals, with ranges that overlap in part.

    The other way to get it: draw both independently and keep what satisfies the comparison.
    """

    def change(data: Data) -> None:
        data["measures"]["give-a"]["value"]["b"] = [0, 1, 4]
        data["measures"]["third"] = {"title": "C", "by": "a", "kind": "other", "value": {"b": [0, 2, 3]}}
        data["comparisons"] = [{"by": "b", "prefers": "give-a", "to": "third"}]

    found = uncertainty(dt.load(swap(change))).draw(N, seed=5)
    assert (found.values[:, 0] >= found.values[:, 1]).all()
    free = swap(change)
    del free["comparisons"]
    loose = uncertainty(dt.load(free)).draw(20 * N, seed=6).values
    kept = loose[loose[:, 0] >= loose[:, 1]]
    for n in range(2):
        error = math.sqrt(kept[:, n].var() * (1 / found.effective + 1 / len(kept)))
        assert abs(found.values[:, n].mean() - kept[:, n].mean()) < 4.5 * error
        assert abs(found.values[:, n].std() / kept[:, n].std() - 1) < 0.06


def test_the_check_knows_good_chains_from_bad_ones() -> None:
    """Catches a check that passes everything.

    Independent draws: R-hat 1, effective number near all of them. An autoregression with coefficient 0.9 is worth
    (1-.9)/(1+.9) of its length. Chains about different means must be told apart.
    """
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(4, 4000))
    assert abs(split_r_hat(noise) - 1) < 0.003
    assert 0.85 < effective(noise) / 16000 <= 1
    slow = noise.copy()
    for k in range(1, 4000):
        slow[:, k] = 0.9 * slow[:, k - 1] + noise[:, k]
    assert effective(slow) / 16000 == pytest.approx(0.1 / 1.9, rel=0.25)
    assert split_r_hat(noise + np.arange(4)[:, None]) > 1.3
    assert split_r_hat(noise + np.linspace(0, 2, 4000)) > 1.05, "a drift within each chain is what the split is for"


def test_chains_that_miss_the_standard_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an empty success: draws that did not settle must not be shown."""

    def change(data: Data) -> None:
        data["measures"]["give-a"]["value"]["b"] = [0, 1, 4]
        data["measures"]["give-b"]["value"]["b"] = [-3, -1, 2]
        data["comparisons"] = [{"by": "b", "prefers": "give-a", "to": "give-b"}]

    monkeypatch.setattr(module, "LARGEST_R_HAT", 0.9)
    with pytest.raises(SolverError, match="did not settle: split R-hat"):
        uncertainty(dt.load(swap(change))).draw(10)
