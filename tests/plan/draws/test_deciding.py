"""Which value decides, against Sobol indices in closed form.

Two gifts that each party keeps to iff its own value u is high enough, with p = P(that) = KEEPS (`gifts`). With both uncertain,
f = 1[u_a] 1[u_b] has variance p^2 (1 - p^2), and the total index of each is p * p (1 - p) / (p^2 (1 - p^2)) = 1 / (1 + p).
"""

from __future__ import annotations

import math

import numpy as np
import pytest

import detente as dt
from detente.plan.draws.deciding import MOST_DRAWS
from detente.plan.draws.shares import shares
from detente.plan.roadmap import roadmap_from_steps
from gifts import KEEPS, gifts, uncertain
from smallcases import Data, swap

SEEDS = range(12)


def standard_error(p: float, runs: int) -> float:
    """Of the mean index of so many runs of Jansen's estimator with 1000 draws each: flips are counted, the variance is known
    to a few per cent, which adds less than half as much again.
    """
    turns = p * 2 * p * (1 - p)
    return 1.5 * math.sqrt(turns * (1 - turns) / (MOST_DRAWS * runs)) / 2 / (p**2 * (1 - p**2))


def test_two_values_share_the_doubt_as_the_closed_form_says() -> None:
    """Catches first-order indices in place of total ones, a missing factor 1/2, and the samples the wrong way round."""
    case, roadmap = gifts("a", "b")
    wanted = 1 / (1 + KEEPS)
    found = {i: [] for i in "ab"}
    inside = 0
    for seed in SEEDS:
        for d in shares(case, roadmap, draws=MOST_DRAWS, seed=seed).deciding:
            found[d.party].append(d.index)
            inside += d.interval[0] <= wanted <= d.interval[1]
            assert d.leans == "higher"
    for values in found.values():
        assert len(values) == len(SEEDS)
        assert abs(np.mean(values) - wanted) < 4.5 * standard_error(KEEPS, len(SEEDS))
    assert inside >= 19, "of 24 intervals of 95% at most 5 miss, but once in 500 runs"


def test_one_value_decides_alone() -> None:
    """Catches an index that is not 1 where nothing else is uncertain, but for the error of 1000 draws."""
    case, roadmap = gifts("a")
    (only,) = shares(case, roadmap, draws=5000).deciding
    turns = 2 * KEEPS * (1 - KEEPS)
    error = math.sqrt(turns * (1 - turns) / MOST_DRAWS) / 2 / (KEEPS * (1 - KEEPS))
    assert abs(only.index - 1) < 4.5 * 1.5 * error
    assert only.quantities == ("measures.give-b.value.a",)
    assert (only.party, only.measures, only.kind) == ("a", ("give-b",), "value")


def test_values_that_do_not_matter_are_not_named() -> None:
    """Catches an index for what turns no verdict of the roadmap: a little drift, a measure that never enters."""

    def idle(data: Data) -> None:
        data["parties"]["b"]["stalemate"] = [-0.2, -0.1, 0]
        data["measures"]["never"] = {"title": "Never", "by": "b", "kind": "other", "value": {"a": [0, 5, 9], "b": -1}}

    case = dt.load(swap(uncertain("a"), idle))
    found = shares(case, roadmap_from_steps([["give-a", "give-b"]], case.instance), draws=500)
    assert found.uncertain == 3
    assert [d.quantities for d in found.deciding] == [("measures.give-b.value.a",)]


@pytest.mark.parametrize("low", [1.6, 0.2])
def test_nothing_decides_where_the_verdict_never_turns(low: float) -> None:
    """Catches a division by the variance of a constant."""

    def change(data: Data) -> None:
        data["measures"]["give-b"]["value"]["a"] = [low, round(low + 0.1, 1), round(low + 0.2, 1)]

    case = dt.load(swap(change))
    found = shares(case, roadmap_from_steps([["give-a", "give-b"]], case.instance), draws=300)
    assert found.share == (1.0 if low > 1 else 0.0)
    assert found.deciding == ()


def test_tied_values_have_one_index_as_a_set() -> None:
    """Catches separate indices for values that cannot be drawn apart, and a set without what is known of its members."""

    def tied(data: Data) -> None:
        data["measures"]["more-b"] = {
            "title": "B gives more",
            "by": "b",
            "kind": "economic",
            "value": {"a": [1, 1.4, 2], "b": -1},
        }
        data["comparisons"] = [{"by": "a", "prefers": "give-b", "to": "more-b"}]

    case = dt.load(swap(uncertain("a"), tied))
    (found,) = shares(case, roadmap_from_steps([["give-a", "give-b"]], case.instance), draws=1000).deciding
    assert set(found.measures) == {"give-b", "more-b"}
    assert found.leans is None
    assert len(found.correlations) == 2
    assert max(found.correlations) == found.correlations[found.measures.index("give-b")]
    assert "set" in found.method
