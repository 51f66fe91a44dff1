"""Scores against closed forms, definitions written independently, a library, and published figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, poisson

from detente.base.crps import crps
from detente.errors import InputError
from detente.forecast.quantiles import LEVELS, quantile, spread_out
from detente.forecast.scores import (
    Crisis,
    bins_of,
    brier,
    closed,
    coverage,
    log_score,
    paired_test,
    reliability,
    skill_interval,
)

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "views_cm"
NUMBERS = st.floats(-100, 100, allow_nan=False, width=32)


def test_the_crps_of_a_normal_forecast_is_its_closed_form() -> None:
    """Catches a wrong factor: z (2 F(z) - 1) + 2 f(z) - 1/sqrt(pi) (Gneiting and Raftery 2007), to what 100 quantiles allow."""
    values = norm.ppf(LEVELS)
    for z in (-2.0, -0.3, 0.0, 1.5):
        exact = z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi)
        assert float(crps(values, np.array(z))) == pytest.approx(exact, abs=0.003)


@given(st.lists(NUMBERS, min_size=1, max_size=12), NUMBERS)
def test_the_crps_is_its_definition(sample: list[float], y: float) -> None:
    """Catches a slip in the sorted form: E|x - y| - E|x - x'| / 2 by a double loop."""
    n = len(sample)
    wanted = sum(abs(x - y) for x in sample) / n - sum(abs(a - b) for a in sample for b in sample) / (2 * n * n)
    assert float(crps(np.sort(np.array(sample)), np.array(y))) == pytest.approx(wanted, abs=1e-9)


def test_the_crps_is_that_of_scoringrules() -> None:
    """The library that the field uses gives the same."""
    rules = pytest.importorskip("scoringrules")
    draw = np.random.default_rng(0)
    values, y = np.sort(draw.gamma(1.0, 5.0, (40, 100)), axis=1), draw.gamma(1.0, 5.0, 40)
    assert crps(values, y) == pytest.approx(np.asarray(rules.crps_ensemble(y, values, estimator="nrg")), abs=1e-9)


@pytest.mark.parametrize(("year", "published"), [(2018, 20.041), (2019, 9.641)])
def test_the_published_score_of_the_views_baseline(year: int, published: float) -> None:
    """The last-historical-Poisson baseline of VIEWS, from its 1,000 samples for 191 countries and 12 months."""
    if not DATA.is_dir():
        pytest.skip(f"VIEWS DATA SKIPPED: {DATA} is not there")
    import duckdb

    samples = f"{DATA}/bm_cm_last_historical_poisson_expanded_{year}.parquet"
    found = duckdb.sql(
        f"SELECT list(outcome ORDER BY outcome) AS x, any_value(ged_sb) AS y FROM '{samples}' "
        f"JOIN '{DATA}/cm_actuals_{year}.parquet' USING (month_id, country_id) GROUP BY month_id, country_id"
    ).fetchnumpy()
    scores = crps(np.stack(found["x"]).astype(float), found["y"].astype(float))
    assert len(scores) == 2292
    assert float(scores.mean()) == pytest.approx(published, abs=0.001)


def test_coverage_counts_a_lump_by_its_share() -> None:
    """A right forecast of counts covers 0.8; the closed interval covers more. Catches a coverage that rewards lumps."""
    draw = np.random.default_rng(2)
    values = np.broadcast_to(poisson.ppf(LEVELS, 0.7), (20_000, 100))
    y = draw.poisson(0.7, 20_000).astype(float)
    assert coverage(values, y).mean() == pytest.approx(0.8, abs=0.02)
    assert closed(values, y).mean() > 0.95
    assert coverage(values[:1], np.array([np.nan]))[0] != coverage(values[:1], np.array([0.0]))[0]


def test_a_certain_forecast_covers_what_it_says() -> None:
    """All values on the observation: 0.8 by the share of the lump; beside it: 0."""
    values = np.full((2, 100), 3.0)
    assert coverage(values, np.array([3.0, 4.0])).tolist() == pytest.approx([0.8, 0.0])


def test_brier_reliability_and_crisis_by_hand() -> None:
    """Three forecasts: 0.2 came true, 0.25 did not, 0.9 did."""
    p, z = np.array([0.2, 0.25, 0.9]), np.array([True, False, True])
    assert brier(p, z) == pytest.approx([0.64, 0.0625, 0.01])
    assert reliability(p, z) == [pytest.approx((0.225, 0.5, 2)), pytest.approx((0.9, 1.0, 1))]
    values = np.array([[1.0, 2.0, 3.0, 4.0]])
    assert Crisis.of("3").chance(values)[0] == 0.5
    assert Crisis.of("<=1").chance(values)[0] == 0.25
    assert str(Crisis.of("<=-100")) == "at most -100"
    for text in ("many", "> 3", "", "nan", "inf"):
        with pytest.raises(InputError, match="wanted a threshold"):
            Crisis.of(text)


def test_the_log_score_is_finite_and_best_for_the_right_bin() -> None:
    """Catches minus infinity for what nobody expected."""
    bounds = bins_of(np.arange(100.0))
    sure = np.full((1, 100), 5.0)
    right, wrong = log_score(sure, np.array([5.0]), bounds)[0], log_score(sure, np.array([95.0]), bounds)[0]
    assert right == pytest.approx(-np.log(101 / 110))
    assert wrong == pytest.approx(np.log(110))


def test_the_paired_test_has_its_size() -> None:
    """Two forecasts of the same skill differ at 5% in about 5% of series, though their losses overlap over horizons."""
    draw = np.random.default_rng(3)
    hits = 0
    for _ in range(400):
        noise = draw.normal(size=62)
        d = noise[2:] + noise[1:-1] + noise[:-2]  # a moving sum, as errors three periods ahead have
        p = paired_test(d, np.zeros(60), 3)
        hits += p is not None and p < 0.05
    assert 0.02 < hits / 400 < 0.12
    assert paired_test(np.zeros(5), np.ones(5), 3) is None


def test_the_interval_holds_the_skill() -> None:
    """Half the loss everywhere is a skill of 0.5 with no width; noise widens it; one number has none."""
    b = np.random.default_rng(4).gamma(2.0, 1.0, (24, 8))
    assert skill_interval(b / 2, b, 6, 0) == pytest.approx((0.5, 0.5))
    a = b * np.random.default_rng(5).uniform(0.2, 1.4, b.shape)
    low, high = skill_interval(a, b, 6, 0) or (0.0, 0.0)
    assert low < 1 - a.sum() / b.sum() < high
    assert skill_interval(a, b, 6, 0) == (low, high)
    assert skill_interval(a[:1, :1], b[:1, :1], 6, 0) is None


@settings(max_examples=50)
@given(st.lists(NUMBERS, min_size=1, max_size=30), st.sampled_from([0.1, 0.25, 0.5, 0.9]))
def test_quantiles_are_those_of_the_sample(sample: list[float], level: float) -> None:
    """The quantile at p is the smallest value with at least p of the sample at or below it, up to the step of 1/100."""
    found = float(quantile(spread_out(np.array(sample)), level))
    below = np.mean(np.array(sample) < found)
    up_to = np.mean(np.array(sample) <= found)
    assert below < level + 0.01
    assert up_to > level - 0.01
