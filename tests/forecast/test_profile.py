"""What forecasts take for granted: nothing hidden, nothing that no code reads."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from detente.case.profile import Judgements
from detente.errors import ProfileError
from detente.forecast.features import features
from detente.forecast.past import past
from detente.forecast.profile import ENTRIES, forecast_profile, plain_profile
from detente.forecast.questions.hazard import chances, past_scores
from detente.forecast.rolling import choose
from detente.forecast.training import rows
from forecastseries import panel


def test_every_entry_says_what_it_rests_on() -> None:
    """Catches a figure without a word for it."""
    plain = plain_profile()
    assert set(plain.values) == set(ENTRIES)
    assert all(len(entry.because.split()) > 2 or "ssumed" in entry.because for entry in plain.values.values())


def test_a_profile_of_ones_own_and_its_faults() -> None:
    """Catches a default for an entry that is missing, and a key that is dropped in silence."""
    data: Any = {**plain_profile().to_dict(), "profile": "mine"}
    del data["name"]
    assert forecast_profile(copy.deepcopy(data)).name == "mine"
    data["values"] = {k: v for k, v in data["values"].items() if k != "memory"} | {"memroy": data["values"]["memory"]}
    data["values"]["trees"] = {"value": 2.5, "because": "Why not."}
    with pytest.raises(ProfileError) as caught:
        forecast_profile(data)
    said = str(caught.value)
    for part in ("'memory' is missing", "did you mean 'memory'?", "values.trees.value: got 2.5, wanted a whole number"):
        assert part in said


def changed(**values: float) -> Judgements:
    return plain_profile().changed(**values)


def test_the_entries_of_series_are_read() -> None:
    """Catches an entry that changes nothing."""
    one = panel(3, 40)
    known = past(one, 39)
    plain = features(known)
    assert (features(past(replace(one, judged=changed(memory=2)), 39)).scale != plain.scale).any()
    assert abs(features(past(replace(one, judged=changed(outlying=1)), 39)).x[..., :4]).max() <= 1
    assert len(rows(past(replace(one, judged=changed(training=5)), 39), 1, 0).y) == 3 * 5
    assert len(rows(known, 1, 0).y) > 3 * 5
    assert choose(replace(one, judged=changed(validated=2, fewest_rows=20_000)), 30, 1, 0).origins == 2


def test_the_entries_of_questions_are_read() -> None:
    """The same for the hazard and its past windows."""
    days = [10, 12, 15, 60, 63, 64, 150, 151]
    hazard = {end: chances(days, 200, 10, judged=changed(span_quarter=end))["hazard"].chance for end in (52, 90)}
    assert hazard[52] != hazard[90]
    assert past_scores(days, 200, 10)[1] == past_scores(days, 200, 10, changed(windows_before=5))[1] + 2
