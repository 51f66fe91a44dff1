"""What is in doubt and what a question is worth, against sums over all worlds there are."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.ask.doubt import Doubt, decision_of, standing, weights_of
from detente.ask.surrogate import Surrogate, fit
from detente.case.load import load
from smallcases import swap

Floats = NDArray[np.float64]
INSTANCE = load(swap()).instance
RNG = np.random.default_rng(5)
LEVELS = [np.array([-1.3, 0.1, 2.0, 0.4]), np.array([0.0, 1.0, -2.0]), np.array([0.5, -0.7])]
GRID = np.array(list(itertools.product(*LEVELS)))


def model(seed: int, candidates: int = 3) -> Surrogate:
    rng = np.random.default_rng(seed)
    shape = (3, candidates, 2)
    mean = 3 + rng.normal(size=(candidates, 2))
    one, wide = np.ones(3), np.full(3, 100.0)
    linear, square, cross = rng.normal(size=shape), 0.3 * rng.normal(size=shape), 0.5 * rng.normal(size=(2, candidates, 2))
    return Surrogate(one * 0, one, -wide, wide, mean, linear, square, np.array([[0, 1], [0, 2]]), cross)


def doubt(seed: int, values: Floats = GRID, tied: tuple[tuple[int, ...], ...] = ()) -> Doubt:
    return Doubt.of(INSTANCE, "nash", model(seed), values, tied)


def saved(d: Doubt, weights: list[Floats], believed: list[Floats] | None = None) -> float:
    """From the definition: the value of an answer, or its part in the regret where that is more. weights : by answer, how
    likely it is in each world. believed : by answer, how likely each world is held to be after it; by Bayes's rule if None."""
    means = [(w[:, None] * d.worth).sum(axis=0) / w.sum() for w in weights]
    held = means if believed is None else [(w[:, None] * d.worth).sum(axis=0) / w.sum() for w in believed]
    odds = [w.mean() for w in weights]
    value = sum(p * m[h.argmax()] for p, m, h in zip(odds, means, held, strict=True)) - d.base.max()
    best, part = d.worth.argmax(axis=1), 0.0
    for c in range(d.worth.shape[1]):
        lead = d.worth[:, c] - d.worth[:, d.decision]
        errors = sum((w * (lead - h[c] + h[d.decision]) ** 2).mean() for w, h in zip(weights, held, strict=True))
        if c != d.decision:
            part += (lead * (best == c)).mean() * (lead.var() - errors) / lead.var()
    return float(max(value, part, 0.0))


@pytest.mark.parametrize("seed", range(6))
def test_a_number_is_worth_what_the_sum_over_worlds_says(seed: int) -> None:
    """Catches a wrong conditional mean, one that forgets that other quantities stay in doubt, and a value below 0."""
    d = doubt(seed)
    for q, levels in enumerate(LEVELS):
        expected = saved(d, [(GRID[:, q] == x).astype(float) for x in levels])
        assert d.number(q, 0.0) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_a_comparison_is_worth_what_the_sum_over_worlds_says(seed: int) -> None:
    """Catches a split by the wrong side, and an answer that may be wrong and is worth as much as one that never is."""
    d = doubt(seed)
    above = GRID[:, 0] >= GRID[:, 1]
    for right in (1.0, 0.8, 0.5):
        said = np.where(above, right, 1 - right)
        expected = saved(d, [said, 1 - said], [above.astype(float), (~above).astype(float)])
        assert d.comparison(above, (0, 1), right) == pytest.approx(expected, abs=1e-12)
    assert d.comparison(above, (0, 1), 0.5) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_a_word_is_worth_what_the_sum_over_worlds_says(seed: int) -> None:
    """Catches classes that are mixed up, what a word stands for that is taken for the worlds in which it is the nearest, and a
    wrong word that counts as a right one."""
    d = doubt(seed)
    x = GRID[:, 0]
    which = np.digitize(x, [0.0, 0.3])
    meant = np.array([[-1.3, -1.3], [0.1, 0.4], [2.0, 0.4]])  # the middle class holds 0.1 alone, the last one 0.4 and 2
    for right in (1.0, 0.7):
        said = [right * (which == k) + (1 - right) * (which == k).mean() for k in range(3)]
        expected = saved(d, said, [sum(1.0 * (x == v) for v in row) for row in meant])
        assert d.choice(x, which, meant, 0, right) == pytest.approx(expected, abs=1e-12)


def test_a_word_that_says_what_is_known_already_is_worth_nothing() -> None:
    """Catches a word that counts as what tells the worlds apart by the nearest word, where all that is believed after it is
    what was believed before."""
    d, x = doubt(0), GRID[:, 0]
    meant = np.stack([LEVELS[0]] * 2)
    assert d.choice(x, (x > 0.3).astype(np.int64), meant, 0, 1.0) == pytest.approx(0.0, abs=1e-12)
    halves = np.array([[-1.3, 0.1], [0.4, 2.0]])
    assert d.choice(x, (x > 0.3).astype(np.int64), halves, 0, 1.0) > 0.01


def test_what_only_several_answers_change_is_asked_about_all_the_same() -> None:
    """Catches asking that ends, or goes on in any order, because no single answer changes the choice: it takes both of two."""
    sides = np.array(list(itertools.product([-1.0, 1.0], [-1.0, 1.0], [-1.0, 1.0])))
    mean, linear = np.array([[3.0, 3.0], [0.0, 0.0]]), np.zeros((3, 2, 2))
    linear[:2, 1] = 2.0  # the other one is ahead by 1 where both are high, and behind else; the third does not matter
    one, wide, none = np.ones(3), np.full(3, 100.0), np.zeros((0, 2), dtype=np.int64)
    made = Surrogate(one * 0, one, -wide, wide, mean, linear, np.zeros_like(linear), none, np.zeros((0, 2, 2)))
    d = Doubt.of(INSTANCE, "nash", made, sides, ())
    assert d.regret == pytest.approx(1 / 4 / 3)
    assert [d.number(q, 0.0) for q in range(3)] == pytest.approx([d.regret / 2, d.regret / 2, 0.0])


def test_knowing_all_is_worth_what_is_in_doubt() -> None:
    """Catches an expected regret that is no mean over worlds, and a question that is worth more than knowing everything."""
    for seed in range(6):
        d = doubt(seed)
        assert d.regret == pytest.approx(d.worth.max(axis=1).mean() - d.worth.mean(axis=0).max())
        assert max(d.number(q, 0.0) for q in range(3)) <= d.regret + 1e-12
        assert d.number(0, 0.5) <= d.number(0, 0.0) + 1e-12


def test_what_is_tied_moves_along() -> None:
    """Catches a tied quantity that is weighed as if the others of its group stayed in doubt: here one is twice the other."""
    x = np.sort(RNG.normal(size=4000))
    values = np.stack([x, 2 * x, RNG.normal(size=4000)], axis=1)
    surrogate = model(1)
    nothing = {name: np.zeros_like(getattr(surrogate, name)) for name in ("square", "cross")}
    surrogate = Surrogate(**{**vars(surrogate), **nothing})
    d = Doubt.of(INSTANCE, "nash", surrogate, values, ((0, 1),))
    worth = np.array([d.base + (values[n, :2] - values[:, :2].mean(axis=0)) @ d.linear[:2] for n in range(len(x))])
    expected = worth.max(axis=1).mean() - d.base.max()
    assert d.number(0, 0.0) == pytest.approx(expected, rel=1e-6)
    assert d.number(1, 0.0) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("objective", ["nash", "sum", "min"])
def test_worth_counts_in_shares_of_what_the_decision_brings(objective: str) -> None:
    """Catches weights of another objective: what the decision brings is 1 under each."""
    means = np.array([[2.0, 4.0], [5.0, 1.5], [0.0, 0.0]])
    decision = decision_of(INSTANCE, objective, means)
    assert decision == {"nash": 0, "sum": 1, "min": 0}[objective]
    assert means[decision] @ weights_of(INSTANCE, objective, means, decision) == pytest.approx(1.0)


@pytest.mark.parametrize("objective", ["nash", "sum", "min"])
def test_what_is_chosen_stands_first_by_what_it_is_chosen_by(objective: str) -> None:
    """Catches a figure beside the candidates by which another one stands above the one that is called the best: by shares of
    what the first brings, (30, 100) would be worth 160% of (10, 500)."""
    means = np.array([[10.0, 500.0], [30.0, 100.0], [30.0, 400.0], [0.0, 0.0]])
    if objective == "nash":
        means[2] = 0.0
    first = decision_of(INSTANCE, objective, means)
    found = standing(INSTANCE, objective, means, first)
    assert found[first] == 1 == found.max()
    by = {"nash": lambda g: float(np.sqrt(g.prod())), "sum": np.sum, "min": np.min}[objective]
    felt = (means >= 10).all(axis=1) if objective == "nash" else np.ones(4, dtype=bool)
    assert found[felt] == pytest.approx([by(g) / by(means[first]) for g in means[felt]])


def test_what_costs_somebody_is_no_candidate() -> None:
    """Catches doubt about a candidate that nobody could choose: it brings much to one party and costs the other."""
    made = model(3)
    mean = np.array([[9.0, 9.0], [90.0, -9.0], [8.0, 8.0]])
    nothing = {name: np.zeros_like(getattr(made, name)) for name in ("linear", "square", "cross")}
    d = Doubt.of(INSTANCE, "nash", Surrogate(**{**vars(made), **nothing, "mean": mean}), GRID, ())
    assert d.open.tolist() == [True, False, True]
    assert (d.decision, d.regret) == (0, 0.0)
    assert not d.matters(0)
    assert d.best_in.tolist() == [1.0, 0.0, 0.0]


def test_nobody_is_asked_to_choose_what_costs_them() -> None:
    """Catches a decision for a candidate that is none to choose, where all but no deal cost somebody: its worth is then minus
    infinity, and whatever is asked about, nothing seems in doubt."""
    mean = np.array([[-1.0, 90.0], [0.0, 0.0], [-2.0, 80.0]])
    assert decision_of(INSTANCE, "nash", mean) == 1
    assert decision_of(INSTANCE, "nash", mean[::2]) == 0


def test_what_rounding_makes_of_nothing_decides_nothing() -> None:
    """Catches a roadmap that brings one party nothing and is refused, or weighed without end, for 1e-18 on the wrong side."""
    means = np.array([[-3e-18, 4.0], [2e-18, 3.0], [0.0, 0.0]])
    decision = decision_of(INSTANCE, "nash", means)
    assert decision == 0
    assert np.abs(means @ weights_of(INSTANCE, "nash", means, decision)).max() <= 1


def test_a_fit_finds_what_plays_were_made_of() -> None:
    """Catches a fit that takes luck for doubt, or squares for nothing: the truth is known here, and most of it is luck."""
    rng = np.random.default_rng(3)
    values = rng.uniform(-1, 3, size=(20_000, 12))
    lead = 0.5 * values[:, 1] - 0.2 * values[:, 2] ** 2 + 0.3 * values[:, 1] * values[:, 2]
    truth = np.stack([2 + values[:, 0], 2 + values[:, 0] + lead], axis=1)
    luck = rng.normal(size=(20_000, 1)) * 3 + 0.5 * rng.normal(size=(20_000, 2))
    gains = np.repeat((truth + luck)[:, :, None], 2, axis=2)
    made = fit(values, gains)
    fresh = rng.uniform(-1, 3, size=(500, 12))
    wanted = 0.5 * fresh[:, 1] - 0.2 * fresh[:, 2] ** 2 + 0.3 * fresh[:, 1] * fresh[:, 2]
    found = made.gains(fresh)
    assert np.abs(found[:, 1, 0] - found[:, 0, 0] - wanted).max() < 0.06
    assert np.abs(made.linear[3:, 1] - made.linear[3:, 0]).max() < 0.02
    halves = (values[:10_000], gains[:10_000]), (values[10_000:], gains[10_000:])
    brought = []  # by whoever decides by the fit of one half of the plays, in the plays of the other
    for (seen, of), (unseen, by) in (halves, halves[::-1]):
        chosen = fit(seen, of).gains(unseen).mean(axis=2).argmax(axis=1)
        brought.append(by.mean(axis=2)[np.arange(10_000), chosen] - by[:, 0].mean(axis=1))
    lead_found = np.concatenate(brought)
    error = lead_found.std(ddof=1) / np.sqrt(20_000)
    assert abs(lead_found.mean() - np.maximum(lead, 0).mean()) < 4 * error + 0.01


def test_a_fit_of_luck_alone_leaves_no_doubt() -> None:
    """Catches doubt that is made by luck: no quantity matters here, so no question may be worth anything to speak of."""
    rng = np.random.default_rng(4)
    values = rng.normal(size=(8000, 20))
    gains = 2 + rng.normal(size=(8000, 3, 2))
    d = Doubt.of(INSTANCE, "nash", fit(values, gains), values[:2000], ())
    plain = np.abs(np.linalg.lstsq(values, (gains[:, 1] - gains[:, 0]).mean(axis=1), rcond=None)[0]).sum()
    assert d.regret < 0.03
    assert np.abs(d.linear[:, 1] - d.linear[:, 0]).sum() < plain
    assert max(d.number(q, 0.0) for q in range(20)) < 0.01


def test_a_quantity_that_was_not_played_makes_no_difference() -> None:
    """Catches columns that are mixed up when the candidates were found under answers that settle a quantity."""
    made = model(2)
    made = Surrogate(**{**vars(made), "pairs": np.array([[0, 2], [2, 0]])})
    other = made.of(["x", "y", "z"], ["z", "new", "x", "y"])
    found = other.gains(np.array([[0.3, 7.0, -0.4, 1.5]]))
    assert found == pytest.approx(made.gains(np.array([[-0.4, 1.5, 0.3]])))
