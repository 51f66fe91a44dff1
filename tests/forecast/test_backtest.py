"""Rolling origins: nothing later leaks in, the same seed gives the same bytes, and what can be known is found."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from detente.base.crps import crps
from detente.cli import app
from detente.errors import InputError
from detente.forecast.autoregression import Autoregression
from detente.forecast.backtest import backtest
from detente.forecast.baselines import BASELINES, climatology, last_poisson, last_year, no_change, seasonal
from detente.forecast.features import features
from detente.forecast.mixture import chosen_weights, distances
from detente.forecast.panel import Panel
from detente.forecast.past import past
from detente.forecast.quantiles import K, pooled
from detente.forecast.rolling import Choice, choose, forecasts, mixed
from detente.forecast.training import now, rows
from forecastseries import panel, write

pytest.importorskip("lightgbm", reason="FORECAST TESTS SKIPPED: pip install 'detente[forecast]'")
pytest.importorskip("sklearn", reason="FORECAST TESTS SKIPPED: pip install 'detente[forecast]'")


@pytest.mark.parametrize("signed", [False, True])
def test_nothing_after_the_origin_reaches_a_forecast(signed: bool) -> None:
    """Everything after the origin is scrambled and partly lost: every forecast, weight and choice stays the same."""
    one = panel(signed=signed)
    origin = 20
    draw = np.random.default_rng(9)
    y = one.y.copy()
    y[:, origin + 1 :] = draw.permutation(y[:, origin + 1 :].ravel()).reshape(len(y), -1) * 7 + 0.5
    y[0, origin + 1 :] = np.nan
    other = replace(one, y=y)
    found = []
    for p in (one, other):
        choice = choose(p, origin, 3, 0)
        ((known, values),) = forecasts(p, [origin], 3, 0)
        found.append((choice, known, {**values, "mixture": mixed(choice, values, known)}))
    (a, _, first), (b, _, second) = found
    assert (a.chosen, a.past, a.weights.tolist()) == (b.chosen, b.past, b.weights.tolist())
    assert first.keys() == second.keys() >= {"autoregression", "forest", "boosting", "mixture"}
    for name, values in first.items():
        assert values.tobytes() == second[name].tobytes(), name


def test_a_unit_that_appears_later_is_not_there_before() -> None:
    """A dyad first seen after the origin would leak that it comes to exist, by its number, its partner and its neighbours."""
    one = panel()
    late = replace(one, born=np.array([0, 0, 0, 0, 0, 25]))
    known = past(late, 20)
    assert known.who.tolist() == [0, 1, 2, 3, 4]
    assert known.y.shape == (5, 21)
    wanted = past(replace(one, y=one.y[:5], units=one.units[:5], born=one.born[:5]), 20)
    assert features(known).x.tobytes() == features(wanted).x.tobytes()
    assert past(late, 25).who.tolist() == [0, 1, 2, 3, 4, 5]


def test_features_look_back_only() -> None:
    """The features at t are the same whether or not the series goes on."""
    one = panel(periods=24)
    whole, cut = features(past(one, 23)), features(past(one, 15))
    assert whole.x[:, :16].tobytes() == cut.x.tobytes()


def test_simple_forecasts_by_hand() -> None:
    """Six values: every baseline is what its definition says."""
    one = replace(panel(1, 6), y=np.array([[1.0, 2.0, 4.0, 7.0, 3.0, 5.0]]))
    known = past(one, 5)
    assert sorted(set(climatology(known, 2)[0, 1])) == [1, 2, 3, 4, 5, 7]
    assert sorted(set(no_change(known, 2)[0, 0])) == [1, 6, 7, 8]
    assert no_change(known, 1)[0, 0].min() == 1.0
    poisson = last_poisson(known, 1)[0, 0]
    assert poisson.mean() == pytest.approx(5, abs=0.1)
    long = replace(panel(1, 30), y=np.arange(30.0)[None, :])
    assert sorted(set(last_year(past(long, 29), 1)[0, 0])) == list(range(18, 30))
    halved = BASELINES["decaying-3"](past(replace(one, y=np.array([[np.nan, 1.0, 1.0, 5.0]])), 3), 1)[0, 0]
    assert (halved == 5).mean() == pytest.approx(1 / (1 + 2 ** (-1 / 3) + 2 ** (-2 / 3)), abs=0.011)
    assert sorted(set(seasonal(past(long, 29), 1)[0, 0])) == [5, 6, 7, 17, 18, 19, 29]
    assert all(f(past(long, 29), 3).shape == (1, 3, K) for f in BASELINES.values())


def test_a_pool_is_the_pool() -> None:
    """The mixture's distribution is the weighted mean of the others', and the quadratic form is its CRPS."""
    draw = np.random.default_rng(3)
    models = np.sort(draw.gamma(2.0, 3.0, (3, 4, 2, K)), axis=-1)
    weights = np.array([0.5, 0.2, 0.3])
    mix = pooled(models, np.broadcast_to(weights[:, None, None], (3, 4, 2)))
    for x in (1.0, 5.0, 12.0):
        wanted = np.tensordot(weights, (models <= x).mean(axis=-1), axes=1)
        assert (mix <= x).mean(axis=-1) == pytest.approx(wanted, abs=0.011)
    y = draw.gamma(2.0, 3.0, (4, 2))
    s = distances(list(models), y)
    assert s.loss(np.tile(weights, (2, 1))) / s.cases == pytest.approx(float(crps(mix, y).mean()), rel=0.03)


def test_weights_go_to_what_was_right() -> None:
    """A model that was always right takes most of the weight from two that were not, and weights add up to 1."""
    draw = np.random.default_rng(4)
    y = draw.normal(size=(50, 2))
    right = np.sort(y[..., None] + 0.01 * draw.normal(size=(50, 2, K)), axis=-1)
    wrong = [np.sort(draw.normal(k, 1, size=(50, 2, K)), axis=-1) for k in (3, -3)]
    w = chosen_weights([distances([right, *wrong], y)] * 12, np.full(3, 1 / 3), 2)
    assert w.sum(axis=1) == pytest.approx(1)
    assert (w[:, 0] > 0.8).all()


def test_each_horizon_has_weights_of_its_own() -> None:
    """Two models, each right at one of two horizons. Catches weights that are one for all horizons."""
    draw = np.random.default_rng(5)
    y = draw.normal(size=(50, 2))
    near = np.sort(y[..., None] + np.array([0.1, 3.0])[:, None] + 0.1 * draw.normal(size=(50, 2, K)), axis=-1)
    far = np.sort(y[..., None] + np.array([3.0, 0.1])[:, None] + 0.1 * draw.normal(size=(50, 2, K)), axis=-1)
    w = chosen_weights([distances([near, far], y)] * 12, np.full(2, 0.5), 3)
    assert w[0, 0] > 0.7
    assert w[1, 1] > 0.7
    assert w[2] == pytest.approx(0.5, abs=0.1)  # nothing was scored there: what is best over both


def test_weights_of_a_test_are_those_of_its_origins() -> None:
    """A model that was right before a war and wrong after it: a tested origin has what was known at it, and no target later.

    Catches weights that a backtest keeps for years, which no forecast would have, and a leak from later origins.
    """
    draw = np.random.default_rng(6)
    one = panel(periods=60)
    names = ("a", "b")
    y = draw.normal(size=(6, 60))
    found = {o: {n: np.empty((6, 2, K)) for n in names} for o in range(60)}
    for o in range(58):
        for h in (1, 2):
            right = np.sort(y[:, o + h, None] + 0.1 * draw.normal(size=(6, K)), axis=-1)
            wrong = np.sort(y[:, o + h, None] + 3 + draw.normal(size=(6, K)), axis=-1)
            found[o]["a"][:, h - 1], found[o]["b"][:, h - 1] = (right, wrong) if o + h < 30 else (wrong, right)

    def choice(until: int) -> Choice:
        made = Choice(names, np.full((2, 2), 0.5), "mixture", 0, {})
        for o in range(10, until):
            made = made.with_origin(past(one, o), found[o], y[:, o + 1 : o + 3])
        return made

    before, after = choice(58).at(29, 2).weights, choice(58).at(57, 2).weights
    assert (before[:, 0] > 0.8).all()
    assert (after[:, 1] > 0.5).all()
    for o in (12, 29, 40):  # the last origins before o have targets after it, which are not looked at
        assert choice(58).at(o, 2).weights.tobytes() == choice(o).at(o, 2).weights.tobytes()
        later = replace(choice(o), scored={**choice(o).scored, o - 1: choice(o).scored[o - 1].until(1)})
        assert later.at(o, 2).weights.tobytes() == choice(o).at(o, 2).weights.tobytes()


def test_the_first_tested_origin_has_the_weights_of_the_choice() -> None:
    """What is weighed anew at the origin of a forecast is what the forecast has."""
    for origin in (20, 28):
        choice = choose(panel(), origin, 3, 0)
        assert choice.at(origin, 3).weights == pytest.approx(choice.weights, abs=1e-12)


def table(tmp_path: Path, periods: int = 30) -> Path:
    one = panel(periods=periods)
    rows = [(one.label(t), *u, int(one.y[k, t])) for k, u in enumerate(one.units) for t in range(periods) if one.y[k, t]]
    return write(tmp_path / "t.csv", rows)


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["forecast", *arguments])
    if isinstance(done.exception, InputError):
        return 2, done.stdout, str(done.exception)
    return done.exit_code, done.stdout, done.stderr


def test_the_command_prints_exactly_the_fixed_keys_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    """Other tools read this: keys, lengths, and a choice that is one of the models. Twice the same seed: the same bytes."""
    arguments = (
        "--backtest",
        "--table",
        str(table(tmp_path)),
        "--unit",
        "a,b",
        "--value",
        "value",
        "--origins",
        "2019-09:2020-03",
        "--horizon",
        "3",
        "--json",
    )
    code, out, err = run(*arguments)
    assert code == 0, err
    told = json.loads(out)
    assert list(told) == ["models", "baseline", "skill", "interval", "chosen"]
    for score in told["models"].values():
        assert list(score) == ["crps", "by_horizon", "coverage80"]
        assert len(score["by_horizon"]) == 3
        assert 0 <= score["coverage80"] <= 1
    assert {"no-change", "climatology", "autoregression", "forest", "boosting", "mixture"} <= set(told["models"])
    crpses = {n: m["crps"] for n, m in told["models"].items()}
    assert told["baseline"] == min((n for n in crpses if n in BASELINES), key=lambda n: crpses[n])
    assert told["skill"] == pytest.approx(1 - crpses[told["chosen"]] / crpses[told["baseline"]], abs=1e-5)
    assert told["interval"][0] < told["skill"] < told["interval"][1]
    assert run(*arguments)[1] == out


def test_what_cannot_be_tested_is_named(tmp_path: Path) -> None:
    """Too little history, origins outside the table or the wrong way round, numbers that mean nothing."""
    file = table(tmp_path)
    common = {"date": "date", "unit": "a,b", "value": "value"}
    for origins, said in (
        ("2018-02:2018-05", "wanted at least 3 known months"),
        ("2019-05:2019-01", "lies before its beginning"),
        ("2019-05", "wanted FROM:TO"),
        ("2017-05:2019-01", "wanted one from 2018-01 to 2020-06"),
        ("2020-06:2020-06", "has no month to score"),
    ):
        with pytest.raises(InputError, match=said):
            backtest(file, origins=origins, **common)
    with pytest.raises(InputError, match="horizon: got 0"):
        backtest(file, horizon=0, **common)
    with pytest.raises(InputError, match="seed: got -1"):
        backtest(file, seed=-1, **common)


def test_a_short_series_of_one_unit_is_scored_and_its_limits_said(tmp_path: Path) -> None:
    """One unit, too little to learn from: only simple forecasts, and the result says so."""
    rows = [(f"2018-{m:02d}", "x", "y", v) for m, v in enumerate((3, 1, 4, 1, 5, 9, 2, 6), 1)]
    found = backtest(write(tmp_path / "t.csv", rows), unit="a,b", value="value", origins="2018-03:2018-07", horizon=2)
    assert "forest" not in found.models
    assert found.chosen in found.models
    assert any("too little history" in n for n in found.notes)
    assert found.cases == 9


def test_a_forecast_stands_beside_its_past_score(tmp_path: Path) -> None:
    """Six periods ahead in order, quantiles rising, the past score of the same model, a page that is whole and escaped."""
    file = table(tmp_path)
    page = tmp_path / "page.html"
    common = ("--table", str(file), "--unit", "a,b", "--value", "value", "--of", "a,b", "--horizon", "2", "--crisis", "20")
    code, out, err = run(*common, "--json", "--page", str(page))
    assert code == 0, err
    told = json.loads(out)
    assert (told["origin"], [a["period"] for a in told["ahead"]]) == ("2020-06", ["2020-07", "2020-08"])
    for a in told["ahead"]:
        assert list(a["quantiles"].values()) == sorted(a["quantiles"].values())
        assert 0 <= a["crisis"] <= 1
    assert told["model"] in told["past"]["models"]
    html = page.read_text(encoding="utf-8")
    assert "What was, and what is forecast" in html
    assert "mean error of each model" in html
    assert "<script" not in html
    code, _, said = run("--table", str(file), "--unit", "a,b", "--of", "a,z")
    assert code == 2
    assert "did you mean" in said


def test_the_command_says_what_it_needs() -> None:
    """Catches an empty success and a traceback."""
    for arguments, said in (
        (("--backtest",), "--table FILE or --workspace"),
        (("--table", "x.csv", "--backtest"), "needs --unit"),
        (("--table", "x.csv", "--unit", "a"), "give --of"),
        (("--table", "none.csv", "--unit", "a", "--backtest"), "there is no such file"),
    ):
        code, out, err = run(*arguments)
        assert (code, out) == (2, ""), arguments
        assert said in err


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an import error in place of the line that mends it."""
    monkeypatch.setattr("detente.forecast.models.find_spec", lambda name: None if name == "lightgbm" else object())
    code, out, err = run("--table", "t.csv", "--unit", "a", "--backtest")
    assert (code, out) == (2, "")
    assert "lightgbm not installed (pip install 'detente[forecast]')" in err


def test_growth_that_was_seen_once_is_not_multiplied() -> None:
    """Deaths: most units lie near nothing and some flare up from it, while one has had thousands throughout. What the flaring
    ones teach must not become growth of the large one. Catches an autoregression whose weights add up to more than 1."""
    draw = np.random.default_rng(11)
    y = draw.poisson(0.2, (40, 24)).astype(float)
    for u in range(30):
        t = int(draw.integers(6, 20))
        y[u, t:] = np.rint(draw.pareto(0.8) * 20 * np.cumsum(draw.gamma(1.0, 1.0, 24 - t)))
    y = np.minimum(y, 5000)
    y[39] = draw.poisson(3000, 24)
    made = Panel("made", "month", ("a",), tuple((f"u{k}",) for k in range(40)), 12 * 2018, y, np.zeros(40, dtype=np.int64))
    known = past(made, 23)
    found = Autoregression.fit(rows(known, 3, 0), 3, 0)
    for b in found.weights:
        assert b[1:].sum() <= 1.001
    ahead = found.predict(now(known, 3))[39]
    assert ahead.mean(axis=1).max() < 1.2 * y.max()


def test_values_of_any_size_are_forecast() -> None:
    """Counts in billions and sums below a millionth: every model stays finite. Catches an overflow, and a floor in the wrong
    unit."""
    from detente.forecast.models import fit

    for factor in (1e12, 1e-12):
        one = panel(4, 24)
        known = past(replace(one, y=one.y * factor), 23)
        for name, values in (fit(known, 2, 0).predict(known, 2) | {"last-poisson": last_poisson(known, 2)}).items():
            assert np.isfinite(values).all(), name
            assert values.max() < 1e3 * factor * one.y.max() or name == "last-poisson"


def test_horizons_beyond_a_year_use_nothing_after_the_origin() -> None:
    """A year before the target lies after the origin for horizons above 12: the year before that is meant."""
    one = replace(panel(2, 30), y=np.tile(np.arange(30.0), (2, 1)))
    for made in (now(past(one, 29), 14), rows(past(one, 29), 14, 0)):
        before = made.year_before()
        assert (before <= made.t).all()
        known = made.t + made.h >= 24
        far = np.where(made.h > 12, 24, 12)
        assert before[known].tolist() == (made.t + made.h - far)[known].tolist()
