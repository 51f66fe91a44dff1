"""What decides: crossings against a closed form, Sobol indices against a function whose indices are known, early signs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from detente.assess.assess import assess
from detente.assess.assumptions import assumptions, at_quantile, setting
from detente.assess.profile import load_profile
from detente.assess.sensitivity import saltelli
from detente.assess.strategies import chosen
from detente.case.case import Case
from detente.case.load import load
from detente.case.value import Value
from smallcases import Data, parties, swap, worth

STRICT = load_profile("plain").changed(spoilers=0, overlooked=0, patience=0, tolerate=0)


def trusting() -> Case:
    """a believes b with 0.7, b believes a with 0.9; each gives 1 for 1.05; B = 0.5."""

    def rest(data: Data) -> None:
        data["phases"]["count"] = 1
        data["orders"] = [{"id": "both", "by": ["a", "b"], "title": "Both at once", "steps": [["give-a", "give-b"]]}]
        data["parties"]["a"]["trust"] = {"b": 0.7}
        data["parties"]["b"]["trust"] = {"a": 0.9}

    return load(swap(worth(-1, 1.05), parties(breakdown=0.5), rest))


def test_the_crossing_of_a_game_by_hand() -> None:
    """Giving at once against waiting, by a's trust q in b, which is also how often b is sincere; b's in a is 0.9.

    Worth to the two together: both sincere 2 * 0.25; one cheats -1 - 0.4 + 1.05 - 0.4; both -0.8. That is 1.13 q - 0.755 = 0 at
    q = 0.668. Catches a crossing on the wrong side, at a grid point, or with an error that is none.
    """
    found = assess(trusting(), strategies=["both", "wait-and-see"], runs=1000, crossings=20_000, profile=STRICT)
    (c,) = (c for c in found.crossings if c.assumption.name == "trust.a.b")
    first = found.between[0] if found.between else ""
    assert c.at is not None
    assert c.spread is not None
    assert c.spread[0] - 0.005 <= 0.755 / 1.13 <= c.spread[1] + 0.005
    assert c.spread[1] - c.spread[0] < 0.1
    assert c.first_below == (first == "wait-and-see")
    still = [c for c in found.crossings if c.assumption.name == "profile.mends"]
    assert all(c.at is None and c.swing == 0 for c in still)


def test_the_crossing_of_a_whole_number_lies_between_two() -> None:
    """Catches bisection that tries 1.5 misses."""
    found = assess(load("toy-exchange"), strategies=["two-steps", "tit-for-tat"], runs=200, crossings=200)
    whole = [c for c in found.crossings if c.assumption.whole]
    assert whole
    assert all(c.at is None or c.at % 1 in (0, 0.5) for c in whole)


def test_sobol_indices_of_a_known_function() -> None:
    """Ishigami's function, a = 7, b = 0.1 (Saltelli et al. 2008): first 0.314, 0.442, 0; total 0.558, 0.442, 0.244."""

    def ishigami(unit: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        x = -math.pi + 2 * math.pi * unit
        return np.asarray(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))

    first, total = saltelli(ishigami, 3, 1024, 1)
    np.testing.assert_allclose(first[0], [0.314, 0.442, 0.0], atol=0.06)
    np.testing.assert_allclose(total[0], [0.558, 0.442, 0.244], atol=0.06)
    for table in (first, total):
        assert (table[1] <= table[0]).all()
        assert (table[0] <= table[2]).all()
    for table, again in zip((first, total), saltelli(ishigami, 3, 1024, 1), strict=True):
        assert table.tobytes() == again.tobytes(), "an interval that is drawn without the seed"


def test_indices_of_a_game() -> None:
    """In the game by hand trust decides first, and every index lies within its interval."""
    found = assess(trusting(), strategies=["both", "wait-and-see"], runs=200, crossings=64, sensitivity=16, profile=STRICT)
    assert found.sensitivity is not None
    names = [x.assumption.name for x in found.sensitivity.indices]
    assert "trust.a.b" in names[:2]
    assert all(low <= x <= high for i in found.sensitivity.indices for x, low, high in (i.first, i.total))
    assert 0 <= found.sensitivity.noise < 1
    assert found.sensitivity.points == 16 * (len(names) + 2)


def _flat(x: Any) -> Iterator[Any]:
    """The arrays and numbers of a world, those within tuples too."""
    if isinstance(x, tuple):
        for y in x:
            yield from _flat(y)
    else:
        yield x


def test_an_assumption_at_its_likely_value_changes_nothing() -> None:
    """Catches an assumption that is written into the wrong place: at what is assumed, the world is as assumed."""
    case = load("us-dprk-2019")
    profile = load_profile()
    given = {a: a.likely for a in assumptions(case, profile, chosen(case, ["start-small"], None, profile))}
    assert len(given) > 20
    one, other = setting(case, profile, {})[0], setting(case, profile, given)[0]
    for name, x, y in zip(one._fields, one, other, strict=True):
        for a, b in zip(_flat(x), _flat(y), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, err_msg=name)
    moved = [setting(case, profile, {a: a.high})[0] for a in given]
    unmoved = [
        a.name
        for a, w in zip(given, moved, strict=True)
        if all(np.array_equal(x, y, equal_nan=True) for x, y in zip(_flat(one), _flat(w), strict=True))
    ]
    assert set(unmoved) <= {"profile.tolerate", "profile.initiatives"}  # which go into the script


def test_quantiles_of_a_range() -> None:
    """Low, likely and high at 0, 0.5 and 1, straight lines between."""
    v = Value.of([-2, 1, 2])
    assert [float(at_quantile(v, q)) for q in (0, 0.25, 0.5, 0.75, 1)] == [-2, -0.5, 1, 1.5, 2]


def test_a_sign_that_tells_all() -> None:
    """b's gift is due in phase 0 and seen in phase 1: whether it was seen tells whether b cheats: nearly one bit.

    b is sincere with chance 0.5; then nothing collapses, else it does. Catches a sign that is counted for the wrong outcome.
    """

    def rest(data: Data) -> None:
        data["phases"]["count"] = 3
        data["measures"]["give-a"]["lag"] = 1
        data["measures"]["give-b"]["lag"] = 1
        data["orders"] = [{"id": "b-gives", "by": "b", "title": "B gives", "steps": [["give-b"]]}]
        data["parties"]["b"]["breakdown"] = 0

    case = load(swap(worth(-1, 1.1), rest))
    profile = STRICT.changed(patience=1, mends=0, warning=1)
    found = assess(case, strategies=["b-gives"], runs=2000, crossings=0, profile=profile)
    best = found.fared["b-gives"].signs[0]
    assert (best.kind, best.of) in {("seen", "give-b"), ("trouble", "b")}
    assert best.bits > 0.9
    assert {round(best.ends_if[0], 2), round(best.ends_if_not[0], 2)} == {0, 1}
