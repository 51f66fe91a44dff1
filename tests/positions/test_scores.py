"""Proper scores against closed forms and against the integral that defines them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from detente.base.crps import crps
from detente.positions.scores import dressed, median, quantiles, shortest

GRID = np.arange(101.0)


def slow_crps(points: np.ndarray, p: np.ndarray, y: float) -> float:
    """The integral of (F - [g >= y])^2, piece by piece between all points and y."""
    cuts = np.unique([*points, y])
    total = 0.0
    for a, b in pairwise(cuts):
        F = p[points <= a].sum()
        total += (F - (a >= y)) ** 2 * (b - a)
    return float(total)


def test_a_forecast_of_one_point_has_its_absolute_error() -> None:
    """Would catch a CRPS that is off by a factor or a grid step."""
    P = np.zeros((1, 101))
    P[0, 40] = 1.0
    assert np.isclose(crps(GRID, np.array([70.0]), P)[0], 30.0)
    assert np.isclose(crps(np.array([[40.0]]), np.array([70.0]))[0], 30.0)


def test_the_uniform_distribution_has_its_closed_form() -> None:
    """Uniform on [0, 1], outcome y: y^3/3 + (1-y)^3/3; a fine grid must come near it. Would catch a wrong half."""
    n = 20_000
    grid = (np.arange(n) + 0.5) / n
    P = np.full((1, n), 1 / n)
    for y in (0.0, 0.3, 0.9):
        assert abs(crps(grid, np.array([y]), P)[0] - (y**3 / 3 + (1 - y) ** 3 / 3)) < 1e-4


def test_two_points_have_their_closed_form() -> None:
    """Half on 0 and half on 100: E|X-y| - E|X-X'|/2 = 50 - 25 for any y between. Would catch E|X-X'| taken once too often."""
    assert np.allclose(crps(np.array([[0.0, 100.0]] * 2), np.array([10.0, 50.0])), 25.0)


@given(arrays(float, 101, elements=st.floats(0.001, 1)), st.floats(-20, 120))
def test_the_crps_is_the_integral(raw: np.ndarray, y: float) -> None:
    """Would catch a shortcut that only holds for outcomes on the grid or inside the range."""
    p = raw / raw.sum()
    assert np.isclose(crps(GRID, np.array([y]), p[None])[0], slow_crps(GRID, p, y))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12), st.floats(0, 100))
def test_the_crps_of_a_sample_is_the_integral(points: list[float], y: float) -> None:
    """Would catch unsorted points, and equal ones counted once."""
    found = crps(np.array([sorted(points)]), np.array([y]))[0]
    assert np.isclose(found, slow_crps(np.array(points), np.full(len(points), 1 / len(points)), y), atol=1e-9)


@given(arrays(float, 101, elements=st.floats(0, 1)).filter(lambda a: a.sum() > 0.1), st.integers(0, 10_000))
def test_stating_what_one_believes_is_best(raw: np.ndarray, seed: int) -> None:
    """The expected CRPS under p is least for p itself. Would catch a score that rewards hedging or boldness."""
    p = raw / raw.sum()
    other = np.random.default_rng(seed).dirichlet(np.full(101, 0.2))
    honest = crps(GRID, GRID, np.tile(p, (101, 1))) @ p
    assert honest <= crps(GRID, GRID, np.tile(other, (101, 1))) @ p + 1e-9


@given(arrays(float, 101, elements=st.floats(0, 1)).filter(lambda a: a.sum() > 0.1))
def test_the_median_is_the_same_from_both_ends(raw: np.ndarray) -> None:
    """Would catch a median that leans to one end where half the weight lies on each side."""
    p = (raw / raw.sum())[None]
    assert np.isclose(median(GRID, p)[0], 100 - median(GRID, p[:, ::-1])[0])
    low, high = quantiles(GRID, p, 0.1)
    assert p[0, low >= GRID].sum() >= 0.1 - 1e-6
    assert p[0, high <= GRID].sum() >= 0.1 - 1e-6


def test_a_dressed_baseline_stays_within_the_range() -> None:
    """Would catch a baseline that is punished for points where no outcome can be."""
    assert dressed(np.array([90.0]), np.array([-5.0, 20.0])).tolist() == [[85.0, 100.0]]


def test_the_interval_is_the_shortest_that_holds_its_share() -> None:
    """Random lumpy distributions on eleven points, against all intervals tried one by one; mirrored, the interval mirrors.
    Catches an interval that holds less than it says, or that a shorter one could replace."""
    grid = np.arange(11.0)
    draw = np.random.default_rng(7)
    P = np.concatenate([draw.dirichlet(np.full(11, 0.3), 60), [np.full(11, 1 / 11), [0.5] + [0.0] * 9 + [0.5]]])
    P = np.concatenate([P, (P + P[:, ::-1]) / 2])
    low, high = shortest(grid, P, 0.8)
    for p, a, b in zip(P, low.astype(int), high.astype(int), strict=True):
        holding = [
            (k - j, -p[j : k + 1].sum(), j, k) for j in range(11) for k in range(j, 11) if p[j : k + 1].sum() >= 0.8 - 1e-9
        ]
        width, most, *_ = min(holding)
        alike = [(j, k) for w, m, j, k in holding if w == width and m <= most + 1e-9]
        assert (a, b) == (min(j for j, _ in alike), max(k for _, k in alike))
    mirrored = shortest(grid, P[:, ::-1], 0.8)
    assert mirrored[0].tolist() == (10 - high).tolist()
    assert mirrored[1].tolist() == (10 - low).tolist()
