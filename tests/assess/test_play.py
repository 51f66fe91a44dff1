"""The kernel against a plain Python version written from the definition, draw by draw, and against values worked out by
hand."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from detente.assess.layout import Script, world_of
from detente.assess.process import CAUSES, NEVER, TYPES
from detente.assess.profile import load_profile
from detente.assess.records import Records, played
from detente.assess.rules import graduated, tit_for_tat
from detente.case.alone import alone
from detente.plan.delayed import delayed
from plainplay import Play
from riskycases import risky_case

PLAIN = load_profile("plain")
PLAYS = 12


def script(case: Any, entry: dict[str, int | None], tolerate: int, picked: Any) -> Script:
    it = case.instance
    place = {m.id: n for n, m in enumerate(it.measures)}
    return Script(
        rule=picked is not None,
        entry=np.array([NEVER if entry[m.id] is None else entry[m.id] for m in it.measures], dtype=np.int64),
        ladder=np.array([place[m] for m in (picked.ladder if picked else ())], dtype=np.int64),
        credit=np.array([picked.credit[p.id] if picked else 0.0 for p in it.parties]),
        tolerate=tolerate,
    )


def told(play: Play) -> dict[str, Any]:
    """A plain play as the records tell it."""
    return {
        "entered": [play.entered.get(m, NEVER) for m in play.ms],
        "broken_off": [play.broken.get(m, NEVER) for m in play.ms],
        "first_missed": [m in play.first_missed for m in play.ms],
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


@pytest.mark.parametrize("block", range(4))
def test_the_kernel_plays_as_the_definition_says(block: int) -> None:
    """Catches any difference between what is written and what is computed: entry, breaking off, causes, types, values."""
    for n in range(block * 25, block * 25 + 25):
        case, r = risky_case(n), random.Random(-n)
        it = case.instance
        profile = PLAIN.changed(
            spoilers=r.choice([0, 0.3]), strikes=0.3, overlooked=r.choice([0, 0.3]), mends=r.choice([0, 0.4, 1]),
            patience=r.randint(0, 2), tolerate=r.randint(0, 1),
        )  # fmt: skip
        any_entry = {m.id: -1 if m.in_force else r.choice([None, *range(it.phases)]) for m in it.measures}
        nothing = {m.id: -1 if m.in_force else alone(it).ready[k] for k, m in enumerate(it.measures)}
        picked = r.choice([None, None, tit_for_tat(it), graduated(it, it.acting[0], 2)])
        entry = dict(delayed(it, any_entry)) if picked is None else nothing
        tolerate = int(profile["tolerate"])
        found = played(world_of(case, profile), script(case, entry, tolerate, picked), 7, 0, PLAYS)
        for one in range(PLAYS):
            ladder, credit = (picked.ladder, picked.credit) if picked else (None, None)
            compared(n, found, one, Play(case, profile, entry, tolerate, ladder, credit, 7, one).played())
