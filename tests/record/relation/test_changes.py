"""Shifts of a series: known breaks are found, noise is not split more often than stated, the segmentation is the best one."""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from detente.errors import RecordError
from detente.record.relation.changes import changes
from detente.record.relation.segment import SHORTEST, _split, shifts

sys.path.insert(0, str(Path(__file__).parent))
from made import event, record_of


def test_known_breaks_are_found() -> None:
    """Catches a shift that is missed, misplaced, or given the wrong levels: two breaks, up and down."""
    random = np.random.default_rng(4)
    y = np.concatenate([random.poisson(3, 40), random.poisson(12, 30), random.poisson(4, 50)])
    found, _ = shifts(y, alpha=0.05)
    assert len(found) == 2
    for shift, at, before, after in zip(found, (40, 70), (3, 12), (12, 4), strict=True):
        assert abs(shift.at - at) <= 2
        assert shift.before == pytest.approx(before, abs=2)
        assert shift.after == pytest.approx(after, abs=2)
        assert shift.p < 0.01
    assert found[0].higher > 0.9
    assert found[1].higher < 0.1


@pytest.mark.parametrize("kind", ["normal", "counts", "heavy tails"])
def test_noise_is_split_as_often_as_stated(kind: str) -> None:
    """Catches false alarms: of 300 series without a shift about 5% may have one, over 9% is beyond chance."""
    random = np.random.default_rng(11)
    draw = {
        "normal": lambda: random.normal(size=36),
        "counts": lambda: random.poisson(0.7, size=36),
        "heavy tails": lambda: random.standard_t(1.5, size=36),
    }[kind]
    split = sum(bool(shifts(draw(), alpha=0.05, seed=n)[0]) for n in range(300))
    assert 2 <= split <= 27


def test_the_segmentation_is_the_best_of_all() -> None:
    """Catches a search that stops at a good split: every segmentation of short series is tried."""
    random = np.random.default_rng(2)
    for _ in range(25):
        n, penalty = int(random.integers(5, 10)), float(random.uniform(0.1, 4))
        y = random.normal(size=n) + 2 * (np.arange(n) > n // 2)
        costs = {}
        for k in range(n):
            for cuts in itertools.combinations(range(1, n), k):
                parts = np.split(y, cuts)
                if min(map(len, parts)) >= SHORTEST:
                    costs[cuts] = sum(((p - p.mean()) ** 2).sum() for p in parts) + penalty * k
        assert costs[_split(y, penalty)] == pytest.approx(min(costs.values()))


def test_the_segmentation_is_that_of_ruptures() -> None:
    """Catches a difference from the field's usual tool, at the same penalty."""
    ruptures = pytest.importorskip("ruptures", reason="ruptures is not installed; the brute force above stands alone")
    random = np.random.default_rng(3)
    y = np.concatenate([random.normal(m, 1, 60) for m in (0, 2, 1, 4)])
    expected = ruptures.Pelt(model="l2", min_size=SHORTEST, jump=1).fit(y).predict(pen=6.0)
    assert [*_split(y, 6.0), len(y)] == expected


def test_a_relation_that_turned(tmp_path: Path) -> None:
    """Catches a shift at the wrong month, and the two directions not taken together."""
    rows = []
    for month in range(1, 13):
        for year, quad, size in ((2017, 4, -7.0), (2018, 2, 7.0)):
            for side, other in (("AUT", "BEL"), ("BEL", "AUT")):
                rows += [event(f"{year}-{month:02}-{day:02}", side, other, quad, size) for day in range(1, 3 + month % 2)]
    workspace = record_of(tmp_path, rows)
    for what, before, after in (("events", -5.0, 5.0), ("weight", -35.0, 35.0)):
        found = changes(workspace, "AUT", "BEL", what=what)
        assert [c.date.isoformat() for c in found.of("difference").changes] == ["2018-01-01"]
        change = found.of("difference").changes[0]
        assert (change.before, change.after, change.higher) == (before, after, 1.0)
        json.dumps(found.to_dict())
    assert changes(workspace, "BEL", "Austria").series == changes(workspace, "AUT", "BEL").series


def test_what_cannot_be_answered_is_named(tmp_path: Path) -> None:
    """Catches a shift found in three months, an alpha that is no share, sums over scales that do not add up."""
    workspace = record_of(tmp_path, [event(f"2018-0{m}-01", "AUT", "BEL") for m in (1, 2, 3)])
    with pytest.raises(RecordError, match="3 months between AUT and BEL, wanted at least 8"):
        changes(workspace, "AUT", "BEL")
    for given, said in (({"alpha": 1.5}, "alpha: got 1.5"), ({"by": "hour"}, "'hour'"), ({"what": "tone"}, "'tone'")):
        with pytest.raises(RecordError, match=said):
            changes(workspace, "AUT", "BEL", **given)  # type: ignore[arg-type]
    mixed = [event(f"2018-0{m}-01", "AUT", "BEL", scale=s) for m in (1, 9) for s in ("goldstein", "own")]
    with pytest.raises(RecordError, match="several scales"):
        changes(record_of(tmp_path / "mixed", mixed), "AUT", "BEL")
