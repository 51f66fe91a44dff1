"""What work costs in plays: from its start on, as in the certificate; longer where it is late; no more where it stops."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from detente.assess.layout import Script, world_of
from detente.assess.process import CHEATING, NEVER, REASONS
from detente.assess.profile import load_profile
from detente.assess.records import Records, played
from detente.case.case import Case
from detente.case.load import load
from detente.errors import CaseError
from detente.plan.certificate import certify
from detente.plan.delayed import delayed
from detente.plan.roadmap import Roadmap
from randomcases import random_case

STRICT = load_profile("plain").changed(tolerate=0, patience=0, overlooked=0, mends=0, spoilers=0, lapses=0)


def plays(case: Case, entry: dict[str, int | None], *, opportunist: int | None = None, **judged: Any) -> Records:
    """Three plays of a roadmap in which all are sincere but one."""
    it, profile = case.instance, STRICT.changed(**judged)
    acts = Script(
        rule=False,
        entry=np.array([NEVER if entry[m.id] is None else entry[m.id] for m in it.measures], dtype=np.int64),
        ladder=np.zeros(0, dtype=np.int64),
        credit=np.zeros(len(it.parties)),
        tolerate=int(profile["tolerate"]),
        ahead=True,
    )
    sincere = np.array([0.0 if n == opportunist else 1.0 for n in range(len(it.parties))])
    return played(world_of(case, profile)._replace(sincere=sincere), acts, 0, 0, 3)


def test_a_play_in_which_nothing_fails_is_worth_what_the_certificate_says() -> None:
    """Catches a play that charges work from the entry on, from another phase, twice, or to others than those who act: on
    random stand-offs whose parties would lose more by leaving than by anything else."""
    worked = 0
    for seed in range(250):
        data = random_case(seed, measures=4, phases=5, works=True)
        for i, party in data["parties"].items():
            party |= {"breakdown": 1000, "trust": dict.fromkeys(set(data["parties"]) - {i}, 0.999999999)}
        try:
            case = load(data)
        except CaseError:
            continue
        it, dice = case.instance, random.Random(seed)
        any_entry = {m.id: -1 if m.in_force else dice.choice([None, *range(it.phases)]) for m in it.measures}
        entry = dict(delayed(it, any_entry))
        certificate = certify(it, Roadmap(it.case, it.phases, entry))
        if any(row.measure for row in certificate.broken):  # two that exclude each other
            continue
        value, found = certificate.value, plays(case, entry)
        assert (found.ended[:, [0, 2]] == NEVER).all(), seed
        wanted = [[float(value[p.id]) for p in it.parties]] * 3
        np.testing.assert_allclose(found.value, wanted, rtol=1e-9, atol=1e-9, err_msg=str(seed))
        costs = [m for m in it.measures if any(m.early(i, m.value.get(i, 0)) for i in m.actors)]
        worked += any(entry[m.id] is not None for m in costs)
    assert worked > 40


def building(*, breakdown: float = 0, mill: Any = None, gift: Any = None, others: Any = None, **more: Any) -> Case:
    """a builds a mill that takes two phases, costs it 2 at once and 1 a phase, and is worth 5 a phase to b, for a gift of b's
    that costs 1 and is worth 9; both discount by a half."""
    given = {"title": "Gift", "by": "b", "kind": "other", "value": {"a": 9, "b": -1}} | (gift or {})
    built = {"title": "Mill", "by": "a", "kind": "other", "value": {"a": -1, "b": 5}, "once": {"a": -2}, "takes": 2}
    measures = {"mill": built | (mill or {}), "gift": given, **(others or {})}
    party = {"discount": 0.5, "breakdown": breakdown}
    parties = {i: {"name": i, **party, "trust": {j: 0.999999999}} for i, j in ("ab", "ba")}
    head = {"case": "mill", "title": "Mill", "as_of": "2020-01-01", "phases": {"length": "1 month", "count": 6}}
    return load({**head, "parties": parties, "measures": measures, **more})


def test_late_work_costs_until_it_is_done() -> None:
    """Due in 2, it starts in 0, comes in 4 and costs 1 in every phase from 0 on: 2 + 1 / (1 - d) = 4 to a, and to b it is worth
    5 d^4 / (1 - d) = 0.625. The gift, of phase 1, is worth 9 and costs 1. Catches work that costs nothing while it is late."""
    risk = {"id": "mud", "kind": "performance", "of": ["mill"], "fails": 0, "late": 2}
    found = plays(building(breakdown=1000, risks=[risk]), {"mill": 2, "gift": 1}, patience=3)
    assert found.entered[:, 0].tolist() == [4] * 3
    np.testing.assert_allclose(found.value, [[9 - 4, 0.625 - 1]] * 3)


def test_work_that_comes_to_nothing_costs_what_it_cost() -> None:
    """Refused in 2 for good: a has paid 2 in 0, and 1 in 0 and 1, and has nothing for it, and no deal is worth 0. Catches work
    that goes on costing, and a play that counts as no deal though work was done."""
    needs = [{"id": "court", "by": "Court", "chance": 0}]
    found = plays(building(breakdown=1000, mill={"needs": needs}), {"mill": 2, "gift": None}, patience=9)
    np.testing.assert_allclose(found.value, [[-2 - 1 - 0.5, 0]] * 3)


@pytest.mark.parametrize(("gift", "ended", "value"), [(1, 2, [9, -1]), (2, 3, [0.5 * (-2 - 1) + 9 * 0.5, -0.5])])
def test_work_is_withheld_as_soon_as_it_pays_and_is_seen_to_stop(gift: int, ended: int, value: list[float]) -> None:
    """A gift that cannot be taken back pays for cheating once it comes, in t: V = 18 less what the mill still costs. The
    work is from 1 to 3. Where the gift comes in 1 it never starts, where it comes in 2 it stops then, after 2 + 1 paid in 1;
    either is noticed a phase later and ends the process, before the mill would have been due.

    Catches work that is missed only when its measure is due, costs of work that is not done, and costs that come back.
    """
    case = building(gift={"irreversible": 1})
    found = plays(case, {"mill": 3, "gift": gift}, opportunist=0)
    assert (found.reason[:, 0] == REASONS.index("cheating")).all()
    assert found.ended[:, :2].tolist() == [[ended, CHEATING]] * 3
    np.testing.assert_allclose(found.value, [value] * 3)


def test_an_act_at_work_goes_on_alone_when_all_breaks_off() -> None:
    """b would build for its own sake: 4 at once, two phases of work, then 10 a phase, so that it stands alone from 2 on. The
    deal has it in 3, and a's gift in 1, which a, that nothing holds, keeps back: in 2 all is over. The work began in 1 and goes
    on: -4 d + 10 d^3 / (1 - d) = 0.5 to b. Catches work that is paid for twice, or begun anew, after a break-off."""
    own = {"title": "Own", "by": "b", "kind": "other", "value": {"b": 10, "a": -1}, "once": {"b": -4}, "takes": 2}
    gift = {"value": {"a": -1, "b": 9}, "by": "a", "irreversible": 0}
    case = building(gift=gift, others={"own": own})
    found = plays(case, {"mill": None, "own": 3, "gift": 1}, opportunist=0)
    assert (found.ended[:, 0] == 2).all()
    np.testing.assert_allclose(found.value[:, 1], [-4 * 0.5 + 10 * 0.125 / 0.5] * 3)
