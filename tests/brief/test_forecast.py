"""The page of a forecast: never without its past score, escaped, and true to the numbers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from briefcases import HOSTILE
from detente.brief.charts.fan import fan_chart
from detente.brief.forecastpage import forecast_page
from detente.forecast.result import Ahead, Backtest, Forecast, ModelScore

LEVELS = ("0.025", "0.1", "0.25", "0.5", "0.75", "0.9", "0.975")


def made(*, name: str = "north", crisis: bool = False) -> Forecast:
    score = ModelScore(8.0, (8.0, 8.0), 0.79, 0.85, 1.2, 0.1 if crisis else None, None, ((0.1, 0.2, 50),) if crisis else ())
    past = Backtest(
        source="events.csv", by="month", horizon=2, first="2019-01", last="2019-10", origins=10, units=4, cases=76, seed=0,
        missing="zero", models={"mixture": score, "last-year": replace(score, crps=10.0)}, baseline="last-year",
        chosen="mixture", skill=0.2, interval=(0.1, 0.3), p_value=0.01, against={"last-year": (0.2, 0.01)},
        weights={"last-year": 1.0}, chosen_on=5, crisis="at least 50" if crisis else None, crises=7 if crisis else None,
    )  # fmt: skip
    ahead = tuple(
        Ahead(f"2020-0{h}", {q: float(10 * h + k) for k, q in enumerate(LEVELS)}, 13.0, 0.25 if crisis else None)
        for h in (1, 2)
    )
    history = (("2019-10", 4.0), ("2019-11", None), ("2019-12", 9.0))
    return Forecast((name, "south"), "2019-12", "month", "mixture", ahead, history, past, (7.0, 9.0))


def test_the_forecast_stands_beside_its_past_score() -> None:
    """The sentence of the forecast is followed by how such forecasts did, for all units and for this one."""
    page = forecast_page(made())
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "as likely above as below 23; four times in five it should lie between 21 and 25" in text
    assert "20% lower than that of the best simple forecast, last year" in text
    assert "The 80% interval covered 79% of what came" in text
    assert "alone the error was 7, that of last year 9" in text
    assert "Chance of a crisis" not in text
    assert "chart-reliability" not in page


def test_a_crisis_is_told_with_its_definition_and_reliability() -> None:
    """The chance never stands without the threshold and how often such chances came true."""
    page = forecast_page(made(crisis=True), threshold=50)
    assert "a value of at least 50 counts as a crisis" in page
    assert "forecast 10%, came true 20% of 50" in page
    assert page.count('class="threshold"') == 2


@pytest.mark.parametrize("name", [HOSTILE] if isinstance(HOSTILE, str) else list(HOSTILE)[:3])
def test_names_are_escaped(name: str) -> None:
    """Catches a name that becomes markup."""
    page = forecast_page(made(name=name))
    assert "<script" not in page
    assert "<img" not in page


def test_a_gap_breaks_the_line_and_the_fan_starts_at_the_last_value() -> None:
    """Catches a line drawn over what is not known."""
    found = made()
    drawn = str(
        fan_chart("x", found.history, [(a.period, dict(a.quantiles)) for a in found.ahead], 600, title="t", description="d")
    )
    line = re.search(r'<path d="([^"]+)" class="line"', drawn)
    assert line is not None
    assert line[1].count("M") == 2
    assert drawn.count('class="band') == 3
