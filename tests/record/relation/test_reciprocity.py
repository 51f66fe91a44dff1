"""Reciprocity: known coefficients come back, no answer is found in about 5% of series without one, and limits are named."""

from __future__ import annotations

import datetime
import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from detente.errors import RecordError
from detente.record.relation.reciprocity import reciprocity, regressed

sys.path.insert(0, str(Path(__file__).parent))
from made import event, record_of

pytest.importorskip("statsmodels", reason="RECIPROCITY TESTS SKIPPED: pip install 'detente[statistics]'")


def drawn(
    random: np.random.Generator, n: int, answers: tuple[float, ...], *, habit: float = 0.3, burst: float | None = None
) -> tuple[list[int], list[int]]:
    """Counts of a side that answers with these coefficients by lag, and of one that does not answer.

    burst : the shape of a gamma that multiplies each mean; None: Poisson counts.
    """
    k = len(answers)
    y, x = [1] * k, [1] * k
    for _ in range(n + 30):
        mean_y = np.exp(0.5 + habit * np.log1p(y[-1]) + sum(b * np.log1p(x[-j]) for j, b in enumerate(answers, 1)))
        mean_x = np.exp(0.5 + habit * np.log1p(x[-1]))
        for series, mean in ((y, mean_y), (x, mean_x)):
            series.append(int(random.poisson(mean if burst is None else random.gamma(burst, mean / burst))))
    return y[-n:], x[-n:]


@pytest.mark.parametrize("burst", [None, 1.0])
def test_known_coefficients_come_back(burst: float | None) -> None:
    """Catches a lag off by one, own and other past mixed up, a ratio to the wrong base: two lags, with and without bursts."""
    y, x = drawn(np.random.default_rng(7), 6000, (0.35, -0.2), burst=burst)
    found, habit, p, dispersion = regressed(y, x, 2)
    for lag, true in zip(found, (0.35, -0.2), strict=True):
        assert lag.coefficient == pytest.approx(true, abs=0.06)
        assert lag.ratio == pytest.approx(2**lag.coefficient)
        assert lag.low < 2**true < lag.high
    assert habit[0] == pytest.approx(0.3, abs=0.06)
    assert habit[1] == pytest.approx(0.0, abs=0.06)
    assert p < 1e-6
    assert (dispersion > 1.5) == (burst is not None)
    back = regressed(x, y, 2)
    assert all(lag.low < 1 < lag.high for lag in back[0])


@pytest.mark.parametrize("burst", [None, 1.0])
def test_no_answer_is_found_where_there_is_none(burst: float | None) -> None:
    """Catches a test that finds answers everywhere: of 250 series without one, 5% are expected and 10% are beyond chance."""
    random = np.random.default_rng(3)
    ps = [regressed(*drawn(random, 104, (0.0,), burst=burst), 1)[2] for _ in range(250)]
    assert 1 <= sum(p < 0.05 for p in ps) <= 25


def test_intervals_hold_the_truth() -> None:
    """Catches intervals that are too narrow: of 120 of 95%, fewer than 104 that hold the truth is beyond chance."""
    random = np.random.default_rng(5)
    found = [regressed(*drawn(random, 104, (0.4,), burst=1.0), 1)[0][0] for _ in range(120)]
    assert sum(lag.low <= 2**0.4 <= lag.high for lag in found) >= 104


@pytest.mark.parametrize(
    ("y", "x", "said"),
    [
        ([0] * 40, [1, 2] * 20, "no events in the side's own counts"),
        ([1, 2] * 20, [0] * 40, "no events in the other's counts"),
        ([3] * 40, [1, 2] * 20, "the side's own counts are the same in every period"),
        ([1, 2, 0, 5] * 10, [2] * 40, "the other's counts are the same"),
        ([1, 2, 0, 5] * 10, [1, 2, 0, 5] * 10, "say the same"),
    ],
)
def test_counts_that_leave_nothing_to_estimate(y: list[int], x: list[int], said: str) -> None:
    """Catches a coefficient made from nothing: no events, one value only, the same series twice."""
    with pytest.raises(RecordError, match=said):
        regressed(y, x, 1)


def test_an_estimate_that_runs_away_is_told() -> None:
    """Catches a ratio of ten to the hundredth: the side acts only ever after the other did not."""
    x = [1 if n % 2 else 0 for n in range(60)]
    y = [0, *(0 if a else 3 + n % 3 for n, a in enumerate(x[:-1]))]
    with pytest.raises(RecordError, match=r"does not converge|say the same|no finite error"):
        regressed(y, x, 1)


def weeks(y: list[int], x: list[int], quad: int) -> list[dict[str, object]]:
    """Events that make these counts by week."""
    rows = []
    for n, pair in enumerate(zip(y, x, strict=True)):
        day = (datetime.date(2015, 1, 5) + datetime.timedelta(weeks=n)).isoformat()
        for count, (side, other) in zip(pair, (("AUT", "BEL"), ("BEL", "AUT")), strict=True):
            rows += [event(day, side, other, quad, 1.0)] * count
    return rows


def test_from_a_record(tmp_path: Path) -> None:
    """Catches directions mixed up, conflict counted as cooperation, one regression that fails and takes the others with it."""
    y, x = drawn(np.random.default_rng(9), 150, (0.6,))
    workspace = record_of(tmp_path, [*weeks(y, x, 1), *weeks([0, 1] * 40, [0] * 80, 4)])
    found = reciprocity(workspace, "AUT", "BEL", lags=1)
    assert found.periods == 149
    assert found.of("AUT", "cooperation")
    assert found.of("AUT", "cooperation").events == (sum(y), sum(x))
    assert found.of("AUT", "cooperation").lags == regressed(y, x, 1)[0]
    assert not found.of("BEL", "conflict")
    assert "no events in the side's own counts" in found.of("BEL", "conflict").why
    json.dumps(found.to_dict())


def test_what_cannot_be_answered_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a regression on a dozen weeks, and a missing library told as a traceback."""
    workspace = record_of(tmp_path, weeks([1, 2, 0] * 4, [2, 0, 1] * 4, 1))
    with pytest.raises(RecordError, match="too short: 12 weeks between AUT and BEL, wanted 27 for 2 lags"):
        reciprocity(workspace, "AUT", "BEL")
    with pytest.raises(RecordError, match="lags: got 0"):
        reciprocity(workspace, "AUT", "BEL", lags=0)
    one_sided = record_of(tmp_path / "one", weeks([1, 2, 0] * 20, [0] * 60, 1))
    with pytest.raises(RecordError, match="none of the four regressions"):
        reciprocity(one_sided, "AUT", "BEL")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(RecordError, match=r"pip install 'detente\[statistics\]'"):
        reciprocity(workspace, "AUT", "BEL")
