"""The kernel against a plain Python version written from the definition, draw by draw, and against values worked out by
hand."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from detente.assess.layout import Script, world_of
from detente.assess.process import CAUSES, DELAYS, NEVER, REASONS, TYPES
from detente.assess.profile import load_profile
from detente.assess.records import Records, played
from detente.assess.rules import graduated, tit_for_tat
from detente.case.alone import alone
from detente.plan.delayed import delayed
from plainplay import Play
from riskycases import risky_case

PLAIN = load_profile("plain")
PLAYS = 12


def script(
    case: Any, entry: dict[str, int | None], tolerate: int, picked: Any, *, ahead: bool = False, by_condition: bool = False
) -> Script:
    it = case.instance
    place = {m.id: n for n, m in enumerate(it.measures)}
    return Script(
        rule=picked is not None,
        entry=np.array([NEVER if entry[m.id] is None else entry[m.id] for m in it.measures], dtype=np.int64),
        ladder=np.array([place[m] for m in (picked.ladder if picked else ())], dtype=np.int64),
        credit=np.array([picked.credit[p.id] if picked else 0.0 for p in it.parties]),
        tolerate=tolerate,
        ahead=ahead,
        by_condition=by_condition,
    )


def told(play: Play) -> dict[str, Any]:
    """A plain play as the records tell it."""
    missed = [play.first_missed.get(m) for m in play.ms]
    return {
        "entered": [play.entered.get(m, NEVER) for m in play.ms],
        "broken_off": [play.broken.get(m, NEVER) for m in play.ms],
        "first_missed": [x is not None for x in missed],
        "whose": [play.ps.index(x[0]) if x and x[0] else -1 for x in missed],
        "reason": [REASONS.index(x[1]) if x else 0 for x in missed],
        "reason_of": [x[2] if x else 0 for x in missed],
        "first_late": [m in play.first_late for m in play.ms],
        "delay": [DELAYS.index(play.first_late[m]) if m in play.first_late else 0 for m in play.ms],
        "held_back": [m in play.why_not.ever_held for m in play.ms],
        "firsts": [NEVER if x is None else x for x in (play.missed_in, play.late_in)],
        "kind": [TYPES.index(play.kind[i]) for i in play.ps],
        "ended": [
            play.collapse[0] if play.collapse else NEVER,
            CAUSES.index(play.collapse[1]) if play.collapse else 0,
            play.stop[0] if play.stop else NEVER,
            CAUSES.index(play.stop[1]) if play.stop else 0,
        ],
    }


def compared(n: int, found: Records, one: int, play: Play) -> None:
    for key, wanted in told(play).items():
        assert getattr(found, key)[one].tolist() == wanted, (n, one, key)
    np.testing.assert_allclose(found.value[one], [play.total[i] for i in play.ps], rtol=1e-9, atol=1e-9, err_msg=f"{n} {one}")


def drawn(n: int, r: random.Random, *, causes: bool) -> tuple[Any, Any, dict[str, int | None], Any]:
    """A case, a profile, the public schedule and, of a rule, what it picks by."""
    case = risky_case(n, causes=causes)
    it = case.instance
    profile = PLAIN.changed(
        spoilers=r.choice([0, 0.3]), strikes=0.3, overlooked=r.choice([0, 0.3]), mends=r.choice([0, 0.4, 1]),
        patience=r.randint(0, 2), tolerate=r.randint(0, 1),
    )  # fmt: skip
    any_entry = {m.id: -1 if m.in_force else r.choice([None, *range(it.phases)]) for m in it.measures}
    nothing = {m.id: -1 if m.in_force else alone(it).ready[k] for k, m in enumerate(it.measures)}
    picked = r.choice([None, None, tit_for_tat(it), graduated(it, it.acting[0], 2)])
    return case, profile, dict(delayed(it, any_entry)) if picked is None else nothing, picked


@pytest.mark.parametrize("block", range(4))
def test_the_kernel_plays_as_the_definition_says(block: int) -> None:
    """Catches any difference between what is written and what is computed: entry, breaking off, causes, types, values."""
    for n in range(block * 25, block * 25 + 25):
        case, profile, entry, picked = drawn(n, random.Random(-n), causes=False)
        tolerate = int(profile["tolerate"])
        found = played(world_of(case, profile), script(case, entry, tolerate, picked), 7, 0, PLAYS)
        for one in range(PLAYS):
            ladder, credit = (picked.ladder, picked.credit) if picked else (None, None)
            compared(n, found, one, Play(case, profile, entry, tolerate, ladder, credit, 7, one).played())


@pytest.mark.parametrize("by_condition", [False, True])
@pytest.mark.parametrize("block", range(4))
def test_the_kernel_plays_the_causes_as_the_definition_says(block: int, by_condition: bool) -> None:
    """Catches any difference in why a step is not carried out: work, classes, consents, demands, governments, lapses, answers,
    coming back, giving up, reasons, what is first refused and first late, by date and by condition."""
    for n in range(block * 25, block * 25 + 25):
        r = random.Random(-n)
        case, profile, entry, picked = drawn(n, r, causes=True)
        profile = profile.changed(
            lapses=r.choice([0, 0.9]), catches_up=r.choice([0, 0.5, 1]), holds_back=0.7,
            late_works=0.8, late_transfer=r.choice([0.9, 1]), late_power=0.95,
        )  # fmt: skip
        tolerate, ahead = int(profile["tolerate"]), r.random() < 0.5
        acts = script(case, entry, tolerate, picked, ahead=ahead, by_condition=by_condition)
        found = played(world_of(case, profile), acts, 7, 0, PLAYS)
        for one in range(PLAYS):
            ladder, credit = (picked.ladder, picked.credit) if picked else (None, None)
            plain = Play(case, profile, entry, tolerate, ladder, credit, 7, one, ahead, by_condition)
            compared(n, found, one, plain.played())


STORED = (
    (0, [7, 6, NEVER, 0], [NEVER, 2, NEVER, -1], [-4.190023776562498, -0.23841944636718737]),
    (1, [NEVER, 0, NEVER, 0], [0, 3, NEVER], [-5.202100000000003, -7.417900000000003, 24.40877499999997]),
    (2, [NEVER, 0, NEVER, 0], [0, 2, 0, NEVER, NEVER, 0], [5.070000000000002, 4.218000000000001]),
    (3, [NEVER, 0, 0, 5], [NEVER] * 6, [2.48, -0.8]),
    (4, [1, 6, NEVER, 0], [NEVER] * 7, [0.48800000000000027, -11.019999999999989]),
    (5, [NEVER, 0, NEVER, 0], [NEVER, NEVER, NEVER, 0, NEVER, NEVER, NEVER], [-9.59999999999999, -0.6799999999999999]),
)
"""Of six cases the first play, before there were any causes: ends, entries, values."""


@pytest.mark.parametrize(("n", "ended", "entered", "value"), STORED)
def test_without_the_keys_of_the_causes_plays_are_what_they_were(n: int, ended: Any, entered: Any, value: Any) -> None:
    """Catches a cause that acts where the case has none of its keys, in the kernel or in the plain play."""
    case, r = risky_case(n), random.Random(n)
    it, profile = case.instance, PLAIN.changed(spoilers=0.3, strikes=0.3)
    entry = dict(delayed(it, {m.id: -1 if m.in_force else r.choice([None, *range(it.phases)]) for m in it.measures}))
    picked = tit_for_tat(it) if n % 3 == 2 else None
    if picked is not None:
        entry = {m.id: -1 if m.in_force else alone(it).ready[k] for k, m in enumerate(it.measures)}
    found = played(world_of(case, profile), script(case, entry, 1, picked), 7, 0, 1)
    assert found.ended[0].tolist() == ended
    assert found.entered[0].tolist() == entered
    assert found.value[0].tolist() == value
    ladder, credit = (picked.ladder, picked.credit) if picked else (None, None)
    plain = Play(case, profile, entry, 1, ladder, credit, 7, 0).played()
    assert told(plain)["ended"] == ended
    assert told(plain)["entered"] == entered
    assert list(plain.total.values()) == pytest.approx(value, rel=1e-12)
