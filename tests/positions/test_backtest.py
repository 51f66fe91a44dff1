"""Backtests: figures worked out by hand, nothing seen that must not be seen, proposals kept aside, odd tables."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from bargains import PROFILE, as_csv, data, issue, table
from detente.cli import app
from detente.errors import PositionsError
from detente.positions import backtest as backtesting
from detente.positions.backtest import backtest
from detente.positions.challenge import Variant
from detente.positions.panel import Panel
from detente.positions.profile import PositionsProfile
from detente.positions.table import Issue, Table

KEYS = {"n", "mae", "crps", "difference", "coverage80"}


def many(count: int = 40, seed: int = 3) -> list[Issue]:
    rng = np.random.default_rng(seed)
    made = []
    for n in range(count):
        given_rows = [(f"a{k}", float(rng.integers(0, 11) * 10), float(rng.integers(0, 101)), 1.0 + k) for k in range(5)]
        made.append(issue(given_rows, id=f"i{n}", group=f"g{n // 2}", proposal=f"g{n // 2}", outcome=given_rows[n % 5][1]))
    return made


def test_the_figures_are_means_of_errors_worked_out_by_hand() -> None:
    """Two issues, a profile with one residual of 0 for each baseline: errors and CRPS of the baselines are plain arithmetic.
    Would catch a mean over actors or groups in place of issues, and a baseline that is dressed with something else."""
    issues = [
        issue([("a", 0, 50, 1), ("b", 100, 50, 3)], id="x", outcome=100.0),
        issue([("a", 0, 50, 1), ("b", 100, 50, 1)], id="y", outcome=0.0),
    ]
    plain = PositionsProfile(
        "plain", PROFILE.weights, PROFILE.mixture, residuals={"weighted_mean": (0.0,), "mean": (-10.0, 10.0)}
    )
    found = backtest(table(*issues), profile=plain)
    assert found.n == found.groups == 2
    assert found.mae["weighted_mean"] == found.crps["weighted_mean"] == pytest.approx((25 + 50) / 2)
    assert found.mae["mean"] == 50
    assert found.crps["mean"] == pytest.approx(50 - 5)  # half on 40, half on 60: E|X-y| - 20/4
    assert "weighted_median" not in found.crps
    d = found.difference["mae"]
    assert d[0] == pytest.approx(found.mae["mixture"] - found.mae["weighted_mean"])
    assert d[1] <= d[0] <= d[2]


def test_the_interval_redraws_whole_groups() -> None:
    """Differences that are equal within a group and opposite between two: drawing issues would give a narrow interval, drawing
    groups must reach both ends. Would catch an interval that takes issues of one proposal to be independent."""
    values = np.array([1.0] * 50 + [-1.0] * 50)
    group = np.repeat([0, 1], 50)
    mean, low, high = backtesting.interval(values, group, 0)
    assert (mean, low, high) == (0.0, -1.0, 1.0)
    assert backtesting.interval(np.full(9, 2.5), np.arange(9), 1) == (2.5, 2.5, 2.5)


def test_no_group_is_seen_before_it_is_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every profile that scores an outer fold, and every one that decides about it, must come from other groups. Would catch a
    leak through folds, effects of actors, or residuals."""
    fitted: list[set[str]] = []
    scored: list[tuple[set[str], set[str]]] = []
    fit_panel, scores = backtesting.fit_panel, backtesting._scores

    def spy_fit(of: Panel, **options: Any) -> PositionsProfile:
        fitted.append(set(of.groups))
        return fit_panel(of, **options)

    def spy_scores(of: Panel, profile: PositionsProfile) -> Any:
        scored.append((set(of.groups), fitted[-1]))
        return scores(of, profile)

    monkeypatch.setattr(backtesting, "fit_panel", spy_fit)
    monkeypatch.setattr(backtesting, "_scores", spy_scores)
    monkeypatch.setattr(backtesting, "OUTER", 4)
    monkeypatch.setattr(backtesting, "INNER", 2)
    found = backtest(table(*many()))
    assert all(not test & training for test, training in scored)
    outer = [test for test, training in scored if len(training) == 15]
    assert set().union(*outer) == {f"g{n}" for n in range(20)}
    assert found.n == 40
    assert found.profile is None
    assert found.effects is not None


def test_the_same_seed_gives_the_same_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch folds or resamples that start elsewhere each time."""
    monkeypatch.setattr(backtesting, "OUTER", 3)
    monkeypatch.setattr(backtesting, "INNER", 2)
    first, again, other = (backtest(table(*many(24)), seed=s).to_dict() for s in (0, 0, 1))
    assert first == again
    assert first != other


def test_too_few_issues_or_groups_are_refused() -> None:
    """Would catch a cross-validation on nothing."""
    with pytest.raises(PositionsError, match="got 4 issues with an outcome, wanted at least 20"):
        backtest(table(*many(4)))
    with pytest.raises(PositionsError, match="got 1 groups, wanted at least 10"):
        backtest(Table(tuple(Issue(i.id, i.rows, 0, 100, "p", "g", i.outcome) for i in many(24)), "t"))


def test_proposals_kept_aside_are_scored_with_a_fitted_profile(tmp_path: Path) -> None:
    """The way that the issue states, on the command line: fit on some proposals, score the others with that profile, once.
    Unseen proposals and actors, unknown saliences, absent outcomes, saliences of 0 and issues of one actor must all pass. On
    the development data, halved by proposal, the mixture must beat the weighted mean on the half that it has not seen."""
    lines = list(csv.DictReader(data("deu3_development.csv").open(encoding="utf-8")))
    names = sorted({r["proposal"] for r in lines})
    ours = set(names[::2])
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    for path, chosen in (
        (one, [r for r in lines if r["proposal"] in ours]),
        (other, [r for r in lines if r["proposal"] not in ours]),
    ):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, lines[0].keys())
            writer.writeheader()
            writer.writerows(chosen)
            if path is other:
                more = dict.fromkeys(lines[0], "") | {"proposal": "new", "position": "40", "capability": "1"}
                writer.writerow(more | {"issue": "alone", "actor": "stranger", "outcome": "50"})
                writer.writerow(more | {"issue": "open", "actor": "stranger", "salience": "0"})
    profile = tmp_path / "p.json"
    run = CliRunner()
    done = run.invoke(
        app,
        ["positions", "fit", str(one), "--outcome", "outcome", "--group", "proposal", "--effects", "no", "-o", str(profile)],
    )
    assert done.exit_code == 0, done.output
    done = run.invoke(
        app,
        [
            "positions",
            "backtest",
            str(other),
            "--outcome",
            "outcome",
            "--group",
            "proposal",
            "--profile",
            str(profile),
            "--json",
        ],
    )
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert set(said) >= KEYS
    assert set(said["mae"]) == set(said["crps"]) == {"mixture", "weighted_mean", "weighted_median", "mean"}
    assert said["difference"]["mae"][0] < -1
    assert said["difference"]["crps"][0] < -1
    assert said["difference"]["crps"][2] < 0
    assert 0.75 < said["coverage80"] < 0.95
    assert said["profile"] == "p"
    assert not any("in sample" in n for n in said["notes"])


def test_the_file_that_a_profile_was_fitted_on_is_recognised(tmp_path: Path) -> None:
    """Would catch in-sample figures that are taken for a test."""
    path = tmp_path / "t.csv"
    lines = ["issue,outcome," + as_csv([]).strip()]
    for i in many(20):
        lines += [f"{i.id},{i.outcome},{r.actor},{r.position},{r.salience},{r.capability}" for r in i.rows]
    path.write_text("\n".join(lines))
    profile = backtesting.fit(path, effects=False)
    assert any("in sample" in n for n in backtest(path, profile=profile).notes)
    path.write_text("\n".join([*lines, ""]))
    assert not any("in sample" in n for n in backtest(path, profile=profile).notes)


def test_the_challenge_model_is_scored_where_it_is_asked_for() -> None:
    """Would catch a comparison that is left out of the figures."""
    found = backtest(table(*many(6)), profile=PROFILE, challenge=Variant(rounds=2))
    assert found.mae["challenge"] == found.crps["challenge"] > 0
