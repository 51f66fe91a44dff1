"""Draws of single quantities against the closed forms of their shapes, and what makes them the same again."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import detente as dt
from detente.case.draws.draw import uncertainty
from detente.case.edit import changed
from detente.errors import InputError
from smallcases import Data, swap

RANGES = {"give-a": [-2, -1, -0.5], "give-b": [1, 1, 3]}


def ranged(shape: str | None) -> Data:
    """Two gifts with ranges, one of them with its likely value at the end."""

    def change(data: Data) -> None:
        data["measures"]["give-a"]["value"]["a"] = RANGES["give-a"]
        data["measures"]["give-a"]["value"]["b"] = RANGES["give-b"]
        if shape is not None:
            data["draws"]["shape"] = shape

    return swap(change)


def moments(shape: str, low: float, likely: float, high: float) -> tuple[float, float]:
    """Mean and variance, by the textbook: a stretched Beta(1 + 4 s, 5 - 4 s), or the triangle."""
    if shape == "triangular":
        square = low**2 + likely**2 + high**2 - low * likely - low * high - likely * high
        return (low + likely + high) / 3, square / 18
    alpha = 1 + 4 * (likely - low) / (high - low)
    beta = 6 - alpha
    return (low + 4 * likely + high) / 6, (high - low) ** 2 * alpha * beta / (36 * 7)


@pytest.mark.parametrize("shape", ["pert", "triangular"])
def test_moments_are_those_of_the_closed_form(shape: str) -> None:
    """Catches exponents the wrong way round, another weight than 4, or a range that is not stretched over its width.

    20,000 draws: the mean must lie within 4 standard errors, the variance within 5% (its own standard error is about 1%).
    """
    count = 20_000
    drawn = uncertainty(dt.load(ranged(shape))).draw(count, seed=3).values
    for n, span in enumerate(RANGES.values()):
        mean, variance = moments(shape, *span)
        assert abs(drawn[:, n].mean() - mean) < 4 * math.sqrt(variance / count)
        assert abs(drawn[:, n].var() / variance - 1) < 0.05
        assert span[0] <= drawn[:, n].min()
        assert drawn[:, n].max() <= span[2]
    assert abs(np.corrcoef(drawn.T)[0, 1]) < 4 / math.sqrt(count)


def test_a_silent_case_takes_the_named_profile() -> None:
    """Catches a hidden default: who said the shape must stand in the result, and silence must mean PERT."""
    silent, said = uncertainty(dt.load(ranged(None))), uncertainty(dt.load(ranged("pert")))
    assert (silent.to_dict()["said_by"], said.to_dict()["said_by"]) == ("profile pert", "case")
    assert (silent.draw(500).values == said.draw(500).values).all()


def test_the_same_seed_gives_the_same_bytes_on_one_core_and_on_many() -> None:
    """Catches generators that are shared between blocks or chains, so that the order of the work shows in the draws."""
    known = uncertainty(dt.load("us-dprk-2019"))
    assert known.sets, "the case is meant to have tied values, so that chains are tried as well"
    one = known.draw(1500, seed=11).values.tobytes()
    assert known.draw(1500, seed=11, cores=4).values.tobytes() == one
    assert known.draw(1500, seed=12).values.tobytes() != one
    assert known.draw(1500, seed=11, stream=1).values.tobytes() != one


def test_grades_are_drawn_apart_and_slices_are_one_quantity() -> None:
    """Catches two entries of one grade that move together, and a divisible measure that is drawn slice by slice."""
    exchange = dt.load("toy-exchange")
    entries: dict[str, Any] = {"measures.give-a.value.a": [-1.2, -1, -0.8], "draws": {"spread": 0}}
    graded = swap(lambda d: d.update(grades={"some": [1, 2, 3]}), lambda d: d["measures"]["give-a"]["value"].update(b="some"))
    graded["measures"]["give-b"]["value"]["a"] = "some"
    drawn = uncertainty(dt.load(graded)).draw(400).values
    assert drawn.shape == (400, 2)
    assert abs(np.corrcoef(drawn.T)[0, 1]) < 0.25
    assert [q.name for q in uncertainty(changed(exchange, entries)).quantities] == ["measures.give-a.value.a"]


def test_a_copy_of_a_case_is_not_told_what_is_uncertain_in_the_first() -> None:
    """Catches what is kept with a case that goes along to a copy with other risks, whose chances are then never drawn."""
    case = dt.load("supplier-dispute")
    assert uncertainty(case) is uncertainty(case)
    bare = case.model_copy(update={"risks": ()})
    drawn, left = ({q.name for q in uncertainty(c).quantities} for c in (case, bare))
    assert drawn - left
    assert {name.partition("[")[0].partition(".")[0] for name in drawn - left} == {"risks"}


@pytest.mark.parametrize(("count", "seed"), [(0, 0), (-1, 0), (1.5, 0), (True, 0), (10, -1), (10, 0.5), (10, 2**63)])
def test_counts_and_seeds_that_mean_nothing_are_refused(count: Any, seed: Any) -> None:
    """Catches an empty success: no draws, or a seed that is quietly cut."""
    with pytest.raises(InputError, match="wanted a whole number"):
        uncertainty(dt.load(ranged(None))).draw(count, seed)
