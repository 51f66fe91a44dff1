"""Fitting: gradients against differences, what a fit finds again, profiles as files, the bundled profile from its data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargains import PROFILE, data, issue, rows, table
from detente.base.crps import crps
from detente.errors import PositionsError
from detente.positions import fit as fitting
from detente.positions.backtest import fit
from detente.positions.fit import fit_panel
from detente.positions.mixture import GRID, distribution
from detente.positions.panel import panel
from detente.positions.profile import COMPONENTS, NAMES, Constant, bundled_profiles, read_profile
from detente.positions.table import Issue, Row, Table
from detente.positions.weights import features, weights
from scripts import module_of


def decided(count: int, seed: int = 0) -> list[Issue]:
    """Issues whose outcome is drawn from the model itself."""
    rng = np.random.default_rng(seed)
    made = []
    for n in range(count):
        actors = int(rng.integers(3, 9))
        places = rng.choice([0, 20, 30, 50, 70, 80, 100], actors)
        given_rows = [
            (f"a{k}", float(x), float(rng.integers(0, 101)), float(np.exp(rng.normal()))) for k, x in enumerate(places)
        ]
        made.append(issue(given_rows, id=f"i{n}", group=f"g{n // 2}", proposal=f"g{n // 2}"))
    of = panel(made)
    P = distribution(of, weights(of, features(of), PROFILE), PROFILE)
    drawn = [float(rng.choice(101, p=p)) for p in P]
    return [Issue(i.id, i.rows, i.low, i.high, i.proposal, i.group, y) for i, y in zip(made, drawn, strict=True)]


@settings(max_examples=15)
@given(st.lists(rows(2), min_size=2, max_size=5), st.integers(0, 1000))
def test_the_gradients_are_exact(drawn: list[Any], seed: int) -> None:
    """Both losses against central differences at random points. Would catch a gradient that is nearly right, which L-BFGS
    hides by stopping early."""
    rng = np.random.default_rng(seed)
    issues = [issue(r, id=f"i{n}", proposal="p", outcome=float(rng.integers(0, 101))) for n, r in enumerate(drawn)]
    of = panel(issues)
    seen: list[tuple[Any, np.ndarray]] = []

    def instead(loss: Any, start: np.ndarray) -> np.ndarray:
        seen.append((loss, start))
        return start

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, "_minimum", instead)
        fit_panel(of, constants=(Constant("a0"),), effects=True)
    assert len(seen) == 2
    for loss, start in seen:
        at = start + rng.normal(0, 0.3, len(start))
        _, gradient = loss(at)
        for k in range(len(at)):
            step = np.zeros(len(at))
            step[k] = 1e-5
            assert gradient[k] == pytest.approx((loss(at + step)[0] - loss(at - step)[0]) / 2e-5, abs=2e-6)


def test_a_fit_finds_what_the_outcomes_were_drawn_from() -> None:
    """1,500 outcomes drawn from known coefficients: on fresh issues the fitted profile must score as the true one does, to a
    tenth of a hundredth. Would catch a loss that is minimised somewhere else."""
    found = fit_panel(panel(decided(1500)), name="again")
    fresh = panel(decided(800, seed=1))

    def score(profile: Any) -> float:
        P = distribution(fresh, weights(fresh, features(fresh), profile), profile)
        return float(crps(GRID, fresh.outcome, P).mean())

    assert score(found) < score(PROFILE) + 0.15


def test_the_loss_of_the_mixture_is_the_score() -> None:
    """At h = 0 the loss must be CRPS/10 - 0.3 mean log probability, worked out by the functions that score. Would catch a Q or
    L that is not the CRPS."""
    of = panel(decided(40))
    seen: list[Any] = []

    def instead(loss: Any, start: np.ndarray) -> np.ndarray:
        seen.append(loss)
        return start

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, "_minimum", instead)
        made = fit_panel(of)
    P = distribution(of, weights(of, features(of), made), made)
    y = of.outcome.astype(int)
    wanted = crps(GRID, of.outcome, P).mean() / 10 - 0.3 * np.log(P[np.arange(len(y)), y]).mean()
    assert seen[1](np.zeros(len(COMPONENTS)))[0] == pytest.approx(wanted)


def test_a_profile_is_the_same_from_its_file(tmp_path: Path) -> None:
    """Would catch a coefficient that is lost on the way, and a fit that is not the same twice."""
    given_table = Table(tuple(decided(30)), "drawn.csv", "ab" * 32)
    options: dict[str, Any] = {
        "constants": ("a0", "a1"),
        "effects": True,
        "name": "p",
        "about": "x",
        "origin": "y",
        "date": "2020-01-01",
    }
    found = fit(given_table, **options)
    found.save(tmp_path / "p.json")
    again = fit(given_table, **options)
    again.save(tmp_path / "q.json")
    assert (tmp_path / "p.json").read_bytes() == (tmp_path / "q.json").read_bytes()
    assert read_profile(tmp_path / "p.json") == found
    said = json.loads((tmp_path / "p.json").read_text())
    assert said["fitted"] == {
        "file": "drawn.csv",
        "sha256": "ab" * 32,
        "issues": 30,
        "groups": 15,
        "actors": 8,
        "date": "2020-01-01",
    }
    assert [len(v) for v in said["residuals"].values()] == [30, 30, 30]
    assert said["penalty"] == {"weights": 0.03, "actors": 0.01, "mixture": 0.005}


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"weights": {}}, "weights: without capability, salience"),
        ({"weights": {**PROFILE.weights, "charm": 1}}, "weights: got 'charm', wanted"),
        ({"mixture": {**PROFILE.mixture, "end": "big"}}, "mixture.end: got 'big', wanted a number"),
        ({"mixture": None}, "mixture: got nothing"),
        ({"constants": [{"actor": "a"}]}, "constants[0]"),
        ({"constants": [{"actor": "a", "where": [1], "weight": 1}]}, "constants[0].where: got a list of 1, wanted a mapping"),
        ({"constants": {}}, "constants: got a mapping, wanted a list"),
        ({"residuals": {"mean": ["x"]}}, "residuals.mean"),
        ({"residuals": [1]}, "residuals: got a list of 1"),
        ({"actors": {"a": 10**300}}, "actors.a: got 1000"),
        ({"about": 5}, "about: got 5, wanted text"),
        ({"wieghts": {}}, "unknown key 'wieghts' (did you mean 'weights'?)"),
    ],
)
def test_a_broken_profile_is_refused(change: dict[str, Any], part: str, tmp_path: Path) -> None:
    """Would catch a coefficient that is quietly taken to be 0."""
    path = tmp_path / "p.json"
    path.write_text(json.dumps({**PROFILE.to_dict(), **change}))
    with pytest.raises(PositionsError) as err:
        read_profile(path)
    assert part in str(err.value)


@pytest.mark.parametrize("text", ["{", "[]", "3", "[" * 9999, '{"a": NaN}', '{"a": 1e999}', "9" * 9999, '{"a": 1, "a": 2}'])
def test_what_is_no_profile_is_refused(text: str, tmp_path: Path) -> None:
    """Would catch a traceback on a file of another kind."""
    path = tmp_path / "p.json"
    path.write_text(text)
    with pytest.raises(PositionsError):
        read_profile(path)
    with pytest.raises(PositionsError, match="there is no such file"):
        read_profile("eu-counci")


def test_too_little_to_fit_is_refused() -> None:
    """Would catch coefficients from nothing; and a constant for an actor that is not there."""
    few = Table(tuple(decided(9)), "few.csv")
    with pytest.raises(PositionsError, match="got 9 issues with an outcome, wanted at least 10"):
        fit(few)
    enough = Table(tuple(decided(12)), "enough.csv")
    with pytest.raises(PositionsError, match="no line has 'nobody'"):
        fit(enough, constants=("nobody",))
    with pytest.raises(PositionsError, match="wanted ACTOR or ACTOR:COLUMN=VALUE"):
        fit(enough, constants=("a0:vote",))


def test_bundled_profiles_say_where_they_come_from() -> None:
    """Would catch a profile without its source, data and date, or without the residuals that dress the baselines."""
    assert bundled_profiles() == ("eu-council",)
    for name in bundled_profiles():
        found = read_profile(name)
        assert found.name == name
        assert found.source
        assert found.about
        assert set(found.fitted) == {"file", "sha256", "issues", "groups", "actors", "date"}
        assert set(found.weights) == set(NAMES)
        assert set(found.residuals) == {"weighted_mean", "weighted_median", "mean"}


def test_the_bundled_profile_is_what_its_script_makes() -> None:
    """Would catch coefficients that were changed by hand, or a model that changed after they were fitted."""
    path = data("deu3_development.csv")
    module = module_of(Path(__file__).resolve().parents[2] / "benchmarks" / "fit_eu_council.py")
    bundled = read_profile("eu-council")
    found = module.fitted(str(path), effects=bool(bundled.actors))
    assert module.largest_difference(found, bundled) < 1e-3
    assert found.fitted == bundled.fitted
    assert np.allclose(found.residuals["weighted_mean"], bundled.residuals["weighted_mean"], atol=0.011)


def test_nothing_in_the_code_knows_the_european_union() -> None:
    """Would catch an actor or a procedure that is treated by name: it belongs in a profile."""
    folder = Path(fitting.__file__).parent
    for path in folder.glob("*.py"):
        code = "\n".join(line for line in path.read_text().splitlines() if '"' in line and '"""' not in line)
        assert not any(f'"{word}"' in code for word in ("com", "ep", "COD", "Unan", "procedure", "council_vote")), path.name


def test_capability_of_nothing_does_not_break_a_fit() -> None:
    """Would catch a logarithm of 0 in the gradient."""
    issues = [
        Issue(i.id, (*i.rows, Row("powerless", 50.0, 50.0, 0.0)), i.low, i.high, i.proposal, i.group, i.outcome)
        for i in decided(12)
    ]
    assert all(np.isfinite(v) for v in fit_panel(panel(issues)).weights.values())
    assert fit(table(*issues), effects=False).fitted["issues"] == 12
