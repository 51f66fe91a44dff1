"""Draws by their number, for plays: the marginals against scipy, ties against order statistics, and that no cut shows."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

import detente as dt
from detente.case.draws.draw import Uncertainty, uncertainty
from detente.errors import InputError
from smallcases import Data, swap

N = 100_000
CRITICAL = 1.95 / math.sqrt(N)  # Kolmogorov-Smirnov, 0.1%
SPANS = ([-3, -1, -0.5], [0, 0, 5], [1, 4, 4], [1, 2, 3])


def ordered(count: int, spans: list[list[float]], *, compared: bool = True) -> Callable[[Data], None]:
    """So many measures, each worth to b a range of its own, and each, if so, at least as much as the next."""

    def change(data: Data) -> None:
        for n in range(count):
            spec = {"title": f"M {n}", "by": "a", "kind": "other", "value": {"b": spans[n % len(spans)]}}
            data["measures"][f"m{n}"] = spec
        pairs = range(count - 1) if compared else ()
        data["comparisons"] = [{"by": "b", "prefers": f"m{n}", "to": f"m{n + 1}"} for n in pairs]

    return change


def shaped(shape: str) -> Callable[[Data], None]:
    return lambda data: data["draws"].update(shape=shape)


def column(known: Uncertainty, name: str) -> int:
    return next(n for n, q in enumerate(known.quantities) if q.name == name)


def law(shape: str, low: float, likely: float, high: float) -> Any:
    """The distribution, by the textbook."""
    share = (likely - low) / (high - low)
    if shape == "triangular":
        return stats.triang(share, low, high - low)
    return stats.beta(1 + 4 * share, 5 - 4 * share, low, high - low)


@pytest.mark.parametrize("shape", ["pert", "triangular"])
def test_marginals_are_those_of_the_closed_form(shape: str) -> None:
    """Catches a table of another shape, one that is read in the wrong place, and numbers that are not uniform: for all four
    spans the largest distance from the distribution is below what chance exceeds in one of a thousand."""
    known = uncertainty(dt.load(swap(shaped(shape), ordered(4, list(SPANS), compared=False))))
    drawn = known.chunk(3, 0, N)
    for n, span in enumerate(SPANS):
        found = drawn[:, column(known, f"measures.m{n}.value.b")]
        assert stats.kstest(found, law(shape, *span).cdf).statistic < CRITICAL
        assert span[0] <= found.min()
        assert found.max() <= span[2]


def test_quantities_and_chunks_are_independent() -> None:
    """Catches two quantities, two plays that follow each other, or two chunks that share their random numbers."""
    known = uncertainty(dt.load(swap(ordered(4, list(SPANS), compared=False))))
    drawn = known.chunk(0, 0, 65_536)
    bound = 4.5 / math.sqrt(len(drawn))
    assert abs(np.corrcoef(drawn.T) - np.eye(4)).max() < bound
    for apart in (1, 256, 2048):
        both = np.corrcoef(drawn[:-apart].T, drawn[apart:].T)[:4, 4:]
        assert abs(both).max() < 1.01 * bound
    other = known.chunk(1, 0, 65_536)
    assert abs(np.corrcoef(drawn.T, other.T)[:4, 4:]).max() < bound


def mean_of_rank(law: Any, rank: int, count: int) -> tuple[float, float]:
    """Mean and standard deviation of the k-th largest of `count` independent values, from the density of order statistics."""
    x = np.linspace(*law.support(), 20_001)
    F, f = law.cdf(x), law.pdf(x)
    density = F ** (count - rank) * (1 - F) ** (rank - 1) * f
    density /= density.sum()
    mean = (x * density).sum()
    return float(mean), float(np.sqrt(((x - mean) ** 2 * density).sum()))


@pytest.mark.parametrize("count", [2, 5])
def test_tied_values_of_one_range_are_order_statistics(count: int) -> None:
    """Catches ties that are not kept, or kept by moving what breaks them: two values are drawn by rejection, five, of which
    one order in 120 is right, by hit-and-run, where at least half of the rows count as independent."""
    known = uncertainty(dt.load(swap(ordered(count, [[0, 1, 4]]))))
    drawn = known.chunk(5, 0, 8192)[:, [column(known, f"measures.m{n}.value.b") for n in range(count)]]
    assert (np.diff(drawn, axis=1) <= 0).all()
    for n in range(count):
        mean, deviation = mean_of_rank(law("pert", 0, 1, 4), n + 1, count)
        assert abs(drawn[:, n].mean() - mean) < 4.5 * deviation / math.sqrt(4096)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_rows_are_the_same_however_they_are_cut(count: int) -> None:
    """Catches a row that depends on the chunk, or the machine, in which it is computed: alone, tied by rejection, and by
    hit-and-run."""
    known = uncertainty(dt.load(swap(ordered(count, [[0, 1, 4]]), ordered_lag)))
    whole = known.chunk(7, 0, 4096)
    parts = [known.chunk(7, first, many) for first, many in ((0, 256), (256, 1792), (2048, 2048))]
    assert np.concatenate(parts).tobytes() == whole.tobytes()
    assert known.chunk(7, 1900, 300).tobytes() == whole[1900:2200].tobytes()
    assert known.chunk(8, 0, 4096).tobytes() != whole.tobytes()
    assert pickle.loads(pickle.dumps(known)).chunk(7, 256, 256).tobytes() == whole[256:512].tobytes()


def ordered_lag(data: Data) -> None:
    data["measures"]["give-a"]["lag"] = [1, 2, 4]


def test_a_lag_is_whole() -> None:
    """Catches half phases, and a lag beyond its range."""
    known = uncertainty(dt.load(swap(ordered_lag)))
    assert set(np.unique(known.chunk(0, 0, 5000)).tolist()) == {1.0, 2.0, 3.0, 4.0}


def risked(data: Data) -> None:
    data["draws"] = {"spread": 0.25}
    data["risks"] = [
        {"id": "vote", "kind": "government", "party": "a", "at": 1, "chance": [0.1, 0.2, 0.5], "trust": {"b": 0.2}},
        {"id": "raid", "kind": "shock", "by": "b", "chance": 0.2, "ratio": 0.5},
        {"id": "flood", "kind": "performance", "of": ["give-a"], "fails": [0, 0.1, 0.3]},
        {"id": "snow", "kind": "performance", "of": ["give-b"], "late": [0, 1, 2]},
    ]


def test_chances_of_risks_are_drawn_for_plays_alone() -> None:
    """Catches a chance that is fixed in plays, one without a range that the spread leaves out (odds 1/4: from 1/5 to 5/16),
    and risks among the draws of rows, which would change shares that no risk can touch."""
    case = dt.load(swap(risked))
    named = {q.name: q for q in uncertainty(case).quantities}
    chances = {name: (float(q.low or 0), float(q.high or 0)) for name, q in named.items() if q.kind in ("chance", "fails")}
    assert chances == {
        "risks[0].chance": (0.1, 0.5),
        "risks[1].chance": (pytest.approx(1 / 6), pytest.approx(5 / 21)),
        "risks[2].fails": (0, 0.3),
    }
    plays, rows = uncertainty(case), uncertainty(case, risks=False)
    bare = uncertainty(dt.load(swap(lambda data: data.update(draws={"spread": 0.25}))))
    assert plays.varied.varied - rows.varied.varied == plays.varied.quantities - rows.varied.quantities == 3
    assert rows.quantities == bare.quantities
    assert rows.draw(300).values.tobytes() == bare.draw(300).values.tobytes()


@pytest.mark.parametrize(("count", "seed"), [(0, 0), (10, -1), (10, 2**63)])
def test_counts_and_seeds_that_mean_nothing_are_refused(count: int, seed: int) -> None:
    """Catches an empty success, and a seed that is quietly cut."""
    with pytest.raises(InputError, match="wanted a whole number"):
        uncertainty(dt.load(swap(ordered(1, [[0, 1, 4]])))).chunk(seed, 0, count)
