"""Partial delivery: a share in place of a state, in the record, its scores and trust."""

from __future__ import annotations

import datetime
import math
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accords import accord
from detente.errors import RecordError
from detente.record.commitments.commit import commit
from detente.record.commitments.entry import Entry
from detente.record.commitments.implementation import implementation
from detente.record.commitments.ledger import commitments
from detente.record.commitments.scale import score_of, state_of
from detente.record.commitments.standing import standing
from detente.record.trust.profile import TrustProfile
from detente.record.trust.trust import trust_from

DAY = datetime.date.fromisoformat
TODAY = DAY("2020-06-30")
KEPT, BROKEN = 2.0, 0.25


def odds(*states: str, due: str | None = "2020-03-01") -> float:
    """What south makes of north's commitments that stand so on 30 June 2020: a trust of 0.5 before, and so odds of 1."""
    times = {"kept": KEPT, "late": 0.8, "broken": BROKEN, "reversed": 0.1}
    profile = TrustProfile("even", "", None, {kind: (math.log(x),) * 3 for kind, x in times.items()})
    day = DAY(due) if due else None
    entries = [Entry(f"deal/s{n}", "north", DAY("2020-02-01"), state, "keeper", day) for n, state in enumerate(states, 3)]
    p = trust_from(accord(8), entries, profile, TODAY).of("south", "north").posterior[1]
    return p / (1 - p)


@pytest.mark.parametrize(
    ("text", "state", "score"),
    [
        ("40%", "40%", "2/5"), ("40 %", "40%", "2/5"), ("0.4", "40%", "2/5"), (".4", "40%", "2/5"), ("2/5", "40%", "2/5"),
        ("4 of 10", "40%", "2/5"), ("12.5%", "12.5%", "1/8"), ("1/3", "1/3", "1/3"), ("2/7", "2/7", "2/7"),
        ("0%", "none", "0"), ("100%", "full", "1"), ("10/10", "full", "1"), ("minimal", "minimal", "1/3"),
    ],
)  # fmt: skip
def test_one_form_for_one_share(text: str, state: str, score: str) -> None:
    """Catches two readers in dispute because one writes 40% and the other 0.4, and a share that is rounded on the way."""
    assert state_of(text) == state
    assert score_of(state) == Fraction(score)
    assert state_of(state) == state


@pytest.mark.parametrize("text", ["101%", "-1%", "1.4", "4/0", "5/4", "nearly", "4 of", "%", "", "1e-1", "٤٠%"])
def test_what_is_no_share(text: str) -> None:
    """Catches a share above one, a division by nothing, and digits that only look like ours."""
    assert state_of(text) is None


@given(st.fractions(0, 1))
def test_every_share_is_kept_exactly(share: Fraction) -> None:
    """Catches a form that does not lead back to the share that it stands for."""
    state = state_of(f"{share.numerator}/{share.denominator}")
    assert state is None or score_of(state) == share


def test_the_limits_are_what_is_known() -> None:
    """No share is a promise that was missed, all of it one that was kept; close to either, close to its odds."""
    assert odds("none") == pytest.approx(BROKEN)
    assert odds("full") == pytest.approx(KEPT)
    assert odds("1/1000000") == pytest.approx(BROKEN, rel=1e-5)
    assert odds("999999/1000000") == pytest.approx(KEPT, rel=1e-5)
    assert odds("1/1000000", due=None) == pytest.approx(1, rel=1e-5)  # nothing to blame yet
    assert odds("1/3") == pytest.approx(odds("minimal"))


def test_a_share_is_so_many_of_equal_parts() -> None:
    """Ten parts that together weigh what the whole does, four kept and six not: each has the tenth root of the ratio."""
    parts = math.prod([KEPT ** (1 / 10)] * 4 + [BROKEN ** (1 / 10)] * 6)
    assert odds("4/10") == pytest.approx(parts)
    assert odds("40%", due=None) == pytest.approx(KEPT ** (4 / 10))


def test_more_delivered_is_never_less_trust() -> None:
    """Catches a sign turned round."""
    found = [odds(f"{n}/20") for n in range(1, 20)]
    assert found == sorted(found)
    assert odds("none") < found[0] < found[-1] < odds("full")


def test_a_share_on_record(tmp_path: Path) -> None:
    """Entered in two forms by two readers it is no dispute; it is overdue until it is whole, counts in scores, and is found."""
    case, record = accord(), tmp_path / "record"
    for state, reader in (("40%", "keeper"), ("4 of 10", "north")):
        commit(case, "a", state=state, as_of="2020-03-02", due="2020-03-01", by=reader, workspace=record)
    (row,) = commitments(case, record, state="0.4").rows
    assert (row.standing.state, row.standing.score, row.overdue) == ("40%", (Fraction(2, 5), Fraction(2, 5)), True)
    score = implementation(case, record).of(None, "north")
    assert score is not None
    assert score.low == Fraction(2, 5)
    assert not commitments(case, record, state="minimal").rows
    assert [c.standing.state for c in commitments(case, record, sort="state").rows] == ["40%"]
    with pytest.raises(RecordError, match="or a share such as 40%"):
        commit(case, "a", state="140%", as_of="2020-03-02", by="keeper", workspace=record)


def test_readers_of_different_shares_are_in_dispute() -> None:
    """The score is then a range between the two."""
    found = standing([Entry("a", "north", TODAY, state, state) for state in ("25%", "3/4")], TODAY)
    assert found is not None
    assert (found.state, found.score) == ("disputed", (Fraction(1, 4), Fraction(3, 4)))
