"""Silence before the date and after it: the curve by hand, coherence with Bayes day by day, the clock, and calibration."""

from __future__ import annotations

import datetime
import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from accords import accord
from detente.case.case import Case
from detente.cli import app
from detente.errors import RecordError
from detente.record.commitments.commit import commit
from detente.record.commitments.entry import Entry
from detente.record.commitments.items import items
from detente.record.commitments.standing import by_commitment
from detente.record.trust.calibration import Look, calibration
from detente.record.trust.profile import TrustProfile, read_profile
from detente.record.trust.silence import Delivery
from detente.record.trust.trust import TrustPath, TrustRecord, trust_from

DAY = datetime.date.fromisoformat
MADE, DUE = DAY("2020-01-01"), DAY("2020-04-10")  # 100 days
CASE = accord(8)
HALF, FULL = Fraction(2, 3), Fraction(1)


def profile(
    curves: Mapping[str, Sequence[float | tuple[float, float, float]]],
    at: tuple[float, ...] = (0.5, 1.0, 2.0),
    *,
    kept: float = 1.2,
    late: float = 0.85,
    of: str = "share",
    done: Fraction = FULL,
    classes: Mapping[str, str] | None = None,
    **more: Any,
) -> TrustProfile:
    """Plain ratios, and curves of numbers or ranges."""
    ratios = {"kept": kept, "late": late, "broken": 0.4, "reversed": 0.35}
    points = {n: tuple(x if isinstance(x, tuple) else (x, x, x) for x in xs) for n, xs in curves.items()}
    delivery = Delivery(of, done, at, points, (0.5, 1.0, 2.0), classes or {})
    return TrustProfile("p", "", None, {k: (math.log(x),) * 3 for k, x in ratios.items()}, delivery=delivery, **more)


def read(state: str, day: int | str, *, item: str = "deal/s4", due: int | str | None = 100, reader: str = "keeper") -> Entry:
    """A reading of north's commitment; days are counted from the day of the deal."""
    return Entry(item, "north", on(day), state, reader, None if due is None else on(due))


def on(day: int | str) -> datetime.date:
    return DAY(day) if isinstance(day, str) else MADE + datetime.timedelta(days=day)


def record(entries: Sequence[Entry], given: TrustProfile, day: int | str, case: Case = CASE) -> TrustRecord:
    return trust_from(case, entries, given, on(day))


def in_north(entries: Sequence[Entry], given: TrustProfile, day: int | str, case: Case = CASE) -> TrustPath:
    """South states odds of 1."""
    return record(entries, given, day, case).of("south", "north")


def odds(path: TrustPath) -> float:
    return path.posterior[1] / (1 - path.posterior[1])


SLOW = profile({"any": (0.3, 0.9, 0.95)})
"""Of the sincere 30% at half time, 90% on the day, 95% at twice the time; the insincere 1.2 times less often."""


@pytest.mark.parametrize(
    ("day", "ratio"),
    [
        (1, (1 - 0.006) / (1 - 0.005)),
        (25, (1 - 0.15) / (1 - 0.125)),
        (50, (1 - 0.3) / (1 - 0.25)),
        (75, (1 - 0.6) / (1 - 0.5)),
        (100, 0.4),  # 0.1 / 0.25: the rates that stand behind a missed one
        (101, (1 - 0.9005) / (1 - 0.75 - 0.0005 / 1.02)),  # and no jump
        (200, (1 - 0.95) / (1 - 0.75 - 0.05 / 1.02)),
        (150, (1 - 0.925) / (1 - 0.75 - 0.025 / 1.02)),
        (700, (1 - 0.95) / (1 - 0.75 - 0.05 / 1.02)),  # nothing is known after that, and nothing more is said
    ],
)
def test_what_silence_says_at_each_share_of_the_time(day: int, ratio: float) -> None:
    """By hand from the two curves. Catches a clock that runs from the reading, a jump at the date, and a line that goes on."""
    path = in_north([read("none", 1)], SLOW, day)
    assert odds(path) == pytest.approx(ratio, rel=1e-12)
    (e,) = path.evidence
    assert e.kind == ("overdue" if day > 100 else "silent")
    assert e.silent is not None
    assert e.silent.gone == pytest.approx(day / 100)


def test_what_is_done_in_part_stands_between_silence_and_keeping_it() -> None:
    """s K + (1 - s) R, before and after the date; catches credit for a beginning that hides that the rest is missing."""
    for day, quiet in ((50, 0.7 / 0.75), (200, 0.05 / (0.25 - 0.05 / 1.02))):
        path = in_north([read("minimal", 10)], SLOW, day)
        assert odds(path) == pytest.approx(1.2 ** (1 / 3) * quiet ** (2 / 3))
        assert path.evidence[0].kind == ("part" if day == 50 else "overdue")


def test_without_a_curve_silence_says_what_it_did() -> None:
    """No curve for it, no date, no time allowed, or a ratio of its own: nothing before the date, `broken` after it."""
    own = profile({"any": (0.3, 0.9, 0.95)}, own={"deal/s4": {"broken": (math.log(0.1),) * 3}})
    other = profile({"works": (0.3, 0.9, 0.95)})
    for used, ratio in ((own, 0.1), (other, 0.4), (replace(SLOW, delivery=None), 0.4)):
        assert in_north([read("none", 1)], used, 100).posterior == in_north([read("none", 1)], used, 100).prior
        (e,) = in_north([read("none", 1)], used, 101).evidence
        assert (e.ratio[1], e.silent) == (pytest.approx(ratio), None)
    assert in_north([read("none", 1, due=None)], SLOW, 900).evidence == ()
    assert odds(in_north([read("none", 5, due=0)], SLOW, 101)) == pytest.approx(0.4)  # due on the day of the deal
    plain = record([read("none", 1)], replace(SLOW, delivery=None), 50).to_dict()
    assert plain["interval"] == "exact"
    assert "calibration" not in plain


# -- coherence ----------------------------------------------------------------------------------------------------------------


def lives(curve: Sequence[float], kept: float, late: float) -> dict[bool, list[float]]:
    """By type, the chance of delivery on each of days 1 to 200, day by day from the definition: in time `kept` times likelier
    from the sincere, late kept * late times."""
    ends = (0, *curve)
    sincere = [(ends[k + 1] - ends[k]) / n for k, n in enumerate((50, 50, 100)) for _ in range(n)]
    insincere = [f / (kept if day <= 100 else kept * late) for day, f in enumerate(sincere, 1)]
    return {True: sincere, False: insincere}


@pytest.mark.parametrize("delivered", [3, 50, 99, 100, 101, 160, 200, None])
def test_looking_in_between_changes_nothing_at_the_end(delivered: int | None) -> None:
    """Bayes a day at a time, with P(delivered today | not until yesterday, type), against the record: silence and then delivery
    is the delivery alone, on the last day too. Catches silence that stays beside the delivery, or counts twice.
    """
    days = lives((0.3, 0.9, 0.95), 1.2, 0.85)
    weight = {True: 1.0, False: 1.0}
    entries = [read("none", 1)]
    if delivered is not None:
        entries.append(read("full", delivered))
    for day in range(1, 201):
        for kind, chance in days.items():
            until = 1 - math.fsum(chance[: day - 1])
            hazard = chance[day - 1] / until
            if delivered is None or day <= delivered:
                weight[kind] *= hazard if day == delivered else 1 - hazard
        if day in {2, 49, 50, 51, 100, 101, 102, 150, 200, delivered}:
            assert odds(in_north(entries, SLOW, day)) == pytest.approx(weight[True] / weight[False], rel=1e-9), day
    if delivered is not None:
        unseen = in_north([read("full", delivered)], SLOW, 200)
        assert odds(in_north(entries, SLOW, 200)) == pytest.approx(odds(unseen), rel=1e-12)
        assert odds(unseen) == pytest.approx(1.2 if delivered <= 100 else 1.02)


RISING = st.lists(st.floats(0, 0.99), min_size=3, max_size=3).map(sorted)


@settings(max_examples=80)
@given(RISING, st.floats(1, 4), st.floats(0.3, 1), st.sampled_from(["none", "minimal", "intermediate"]))
def test_silence_never_raises_trust_and_says_more_as_time_goes_by(
    curve: list[float], kept: float, late: float, state: str
) -> None:
    """Any curve, and ratios by which a late delivery speaks against a party: what is not done never gains by waiting."""
    given = profile({"any": curve}, kept=kept, late=late)
    course = [odds(in_north([read(state, 1)], given, day)) for day in (1, 20, 50, 80, 100, 101, 130, 200, 300)]
    assert all(b <= a * (1 + 1e-12) for a, b in pairwise(course))
    if state == "none":
        assert course[0] <= 1 + 1e-12


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.sampled_from([30, 100, 140]))
def test_the_interval_holds_for_all_figures_within_the_ranges(seed: int, day: int) -> None:
    """Draws curve and ratios; none leads out. Catches ends that take `kept` for a kept and for a missing one the wrong way."""
    entries = [read("none", 1), read("full", 20, item="deal/s5"), read("minimal", 20, item="deal/s6")]
    ranges = ((0.2, 0.3, 0.4), (0.6, 0.7, 0.9), (0.7, 0.8, 0.95))
    wide = replace(profile({"any": ranges}), logs={k: tuple(map(math.log, x)) for k, x in RATIOS.items()})  # type: ignore[arg-type]
    path, rng = in_north(entries, wide, day), random.Random(seed)
    for _ in range(10):
        ratios = {k: rng.choice([x[0], x[2], rng.uniform(x[0], x[2])]) for k, x in RATIOS.items()}
        u = rng.choice([0.0, 1.0, rng.random()])
        drawn = profile({"any": [low + u * (high - low) for low, _, high in ranges]})
        drawn = replace(drawn, logs={k: (math.log(x),) * 3 for k, x in ratios.items()})
        assert path.posterior[0] - 1e-12 <= in_north(entries, drawn, day).posterior[1] <= path.posterior[2] + 1e-12
    assert path.posterior[0] < path.posterior[1] < path.posterior[2]


RATIOS = {"kept": (1.05, 1.2, 1.5), "late": (0.7, 0.85, 1.0), "broken": (0.25, 0.4, 0.7), "reversed": (0.2, 0.35, 0.6)}


def test_a_costly_step_left_to_the_planner_is_missed_by_its_signal() -> None:
    """Its silence is weighed by what keeping it would say, 3 and not the profile's 1.2; kept, it still says nothing here."""
    case = accord(2, measures={"a": {"signal": 3}})
    assert odds(in_north([read("none", 1, item="a")], SLOW, 50, case)) == pytest.approx((1 - 0.3) / (1 - 0.1))
    assert in_north([read("full", 1, item="a")], SLOW, 50, case).evidence == ()


def test_a_dispute_reaches_from_silence_to_kept() -> None:
    """One reads nothing, one reads it full: each version says what it would alone."""
    entries = [read("none", 1, reader="south"), read("full", 30, reader="north")]
    (e,) = in_north(entries, SLOW, 50).evidence
    assert (e.kind, e.ratio[0], e.ratio[2]) == ("disputed", pytest.approx(0.7 / 0.75), pytest.approx(1.2))


def test_silence_of_today_does_not_fade_and_the_course_has_points_between_readings() -> None:
    """Catches a reading of long ago that hushes silence, and a course that jumps from the reading to today."""
    faded = in_north([read("none", 1)], replace(SLOW, half_life=1), 50)
    assert odds(faded) == pytest.approx(0.7 / 0.75)
    course = in_north([read("none", 1)], SLOW, 130).path
    assert [(p.date - MADE).days for p in course] == [1, 50, 100, 101, 130]
    assert [c.after for p in course for c in p.changes] == ["silent", "overdue"]


# -- which curve, which clock -------------------------------------------------------------------------------------------------


def test_time_runs_from_the_agreement_and_without_one_from_the_first_reading() -> None:
    """a carries out a provision of the deal of 1 January; d none. Catches time that starts with the reading everywhere."""
    case = accord(2, measures={"d": {"title": "D", "by": "north", "kind": "other", "value": {"south": 0.1}}})
    entries = [read("none", 20, item="a"), read("none", 20, item="d"), read("none", 30, item="d")]
    gone = {e.item: e.silent.gone for e in in_north(entries, SLOW, 60, case).evidence if e.silent is not None}
    assert gone == {"a": pytest.approx(0.6), "d": pytest.approx(0.5)}


def test_time_runs_from_the_last_agreement_before_the_date() -> None:
    """A second accord promises the same anew: the time allowed is that of the second; one signed after the date is none."""
    again = {"title": "Again", "date": "2020-02-20", "provisions": [{"id": "s1", "title": "S", "measures": ["a"]}]}  # day 50
    for due, share in ((100, 0.2), (50, 1.2)):
        entries = [read("none", 1, item="a", due=due)]
        (e,) = in_north(entries, SLOW, 60, accord(2, agreements={"again": again})).evidence
        assert e.silent is not None
        assert e.silent.gone == pytest.approx(share)


def test_a_curve_over_years_runs_from_the_promise_whatever_the_date() -> None:
    """F = 0.2 after a year: half a year in, 0.1 for the one that is due in a year and for the one due in three."""
    given = profile({"any": (0.2, 0.4)}, (1.0, 2.0), of="years")
    for due in ("2021-01-01", "2023-01-01"):
        (e,) = in_north([read("none", 1, due=due)], given, "2020-07-01").evidence
        assert e.silent is not None
        assert e.silent.delivered == pytest.approx((0.2 * 182 / 365.25,) * 3)


def test_a_commitment_has_the_curve_of_its_class() -> None:
    """By the profile where it says so, else that of all. Catches one curve for everything."""
    given = profile({"any": (0.3, 0.9, 0.95), "works": (0.1, 0.2, 0.3)}, classes={"deal/s5": "works"})
    path = in_north([read("none", 1), read("none", 1, item="deal/s5")], given, 50)
    assert {e.item: (e.silent.curve, e.ratio[1]) for e in path.evidence if e.silent is not None} == {
        "deal/s4": ("any", pytest.approx(0.7 / 0.75)),
        "deal/s5": ("works", pytest.approx(0.9 / (1 - 0.1 / 1.2))),
    }


# -- the profile --------------------------------------------------------------------------------------------------------------

GOOD = """\
profile: own
title: Own figures
prior: {reason: as stated}
kept: {ratio: 1.2, reason: invented}
late: {ratio: 0.85, reason: invented}
broken: {ratio: 0.4, reason: invented}
reversed: {ratio: 0.35, reason: invented}
silence:
  of: share
  done: full
  at: [0.5, 1]
  looks: [0.5, 1, 2]
  curves:
    any: {shares: [[0.2, 0.3, 0.4], 0.9], reason: invented}
    works: {shares: [0.1, 0.2], reason: invented}
items: {deal/s5: {class: works, reason: they are roads}}
"""


def test_a_profile_with_curves_of_ones_own(tmp_path: Path) -> None:
    """Catches a key that is read and not used."""
    file = tmp_path / "own.yaml"
    file.write_text(GOOD, encoding="utf-8")
    path = in_north([read("none", 1), read("none", 1, item="deal/s5")], read_profile(file, CASE), 50)
    told = {e.item: e for e in path.evidence}
    assert told["deal/s4"].ratio == pytest.approx([(1 - f) / (1 - f / 1.2) for f in (0.4, 0.3, 0.2)])
    assert told["deal/s5"].ratio[1] == pytest.approx(0.9 / (1 - 0.1 / 1.2))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0.9], reason", "0.35], reason", "got 0.35 after"),
        ("0.9], reason", "1], reason", "below 1: some never deliver"),
        ("[0.1, 0.2]", "[-0.1, 0.2]", "wanted at least 0"),
        ("[0.1, 0.2]", "[0.1]", "got 1 of them, wanted 2"),
        ("at: [0.5, 1]", "at: [1, 0.5]", "each above the last"),
        ("looks: [0.5", "looks: [0", "each above the last"),
        ("class: works", "class: work", "did you mean 'works'?"),
        ("of: share", "of: shares", "did you mean 'share'?"),
        ("  done: full\n", "", "'done' is missing"),
    ],
)
def test_faults_of_the_curves(old: str, new: str, said: str, tmp_path: Path) -> None:
    """Catches a curve that falls or is certain, one point too few, and a class without a curve; each with its line."""
    assert GOOD.count(old) == 1
    file = tmp_path / "own.yaml"
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(RecordError) as err:
        read_profile(file, CASE)
    assert said in str(err.value)
    assert f"{file}:" in str(err.value).splitlines()[1]


def test_the_rates_of_peace_accords_count_less_for_what_is_usually_late() -> None:
    """The bundled curves: a year of silence says more of a suspension, mostly done by then, than of works, mostly not."""
    given = read_profile("pam-34", CASE)
    assert given.delivery is not None
    classes = {"deal/s4": "works", "deal/s5": "suspension"}
    named = replace(given, delivery=replace(given.delivery, classes=classes))
    entries = [read("none", 1, item=item, due="2021-01-01") for item in ("deal/s4", "deal/s5", "deal/s6")]
    ratio = {e.item: e.ratio[1] for e in in_north(entries, named, "2021-01-01").evidence}
    assert ratio["deal/s5"] < ratio["deal/s6"] < ratio["deal/s4"] < 1
    assert ratio["deal/s4"] > 0.4  # a miss by works says less than any miss does in `plain`


# -- calibration --------------------------------------------------------------------------------------------------------------

FAST = (0.6, 0.97, 0.98)
MIXED = {"any": (0.3, 0.6, 0.8), "quick": FAST, "slow": (0.05, 0.15, 0.2)}
MANY = accord(900)


def drawn(seed: int) -> tuple[list[Entry], dict[str, str]]:
    """Commitments of as many parties, half of them sincere, delivered on a day drawn from the curve; read again at the end."""
    rng = random.Random(seed)
    entries, classes = [], {}
    for n in range(3, 901):
        item, name = f"deal/s{n}", rng.choice(list(MIXED))
        classes |= {item: name}
        chances = lives(MIXED[name], 1.2, 0.85)[rng.random() < 0.5]
        at, left = rng.random(), 0.0
        day = next((d for d, f in enumerate(chances, 1) if at < (left := left + f)), None)
        entries.append(read("none", 0, item=item))
        entries.append(read("none", 400, item=item) if day is None else read("full", day, item=item))
    return entries, classes


def looks(entries: Sequence[Entry], given: TrustProfile, case: Case = CASE, day: int = 400) -> tuple[Look, ...]:
    found = calibration(case, items(case), by_commitment(entries), given, on(day))
    assert found is not None
    return found.looks


def off(table: Sequence[Look]) -> list[tuple[float, float, float]]:
    """Tenths further from their forecast than 3 binomial standard errors."""
    return [
        (look.share, t.forecast, t.delivered)
        for look in table
        for t in look.tenths
        if abs(t.forecast - t.delivered) > 3 * math.sqrt(t.forecast * (1 - t.forecast) / t.count)
    ]


def test_what_is_drawn_from_the_curves_is_calibrated_and_beats_the_baseline() -> None:
    """At half time, on the day and at twice the time, in every tenth; catches a forecast of the sincere alone."""
    entries, classes = drawn(3)
    table = looks(entries, profile(MIXED, classes=classes), MANY)
    assert [(look.share, look.count, look.unknown) for look in table] == [(0.5, 898, 0), (1.0, 898, 0), (2.0, 898, 0)]
    assert not off(table), off(table)
    for look in table:
        assert len(look.tenths) == 3
        assert look.brier is not None
        assert look.baseline is not None
        assert look.brier < look.baseline - 0.01


@pytest.mark.parametrize("wrong", [{"slow": FAST}, {"quick": (0.3, 0.6, 0.8)}, {"any": (0.3, 0.9, 0.95)}])
def test_a_wrong_curve_is_caught(wrong: Mapping[str, Sequence[float]]) -> None:
    """The table above would mean nothing if it could not fail."""
    entries, classes = drawn(3)
    assert off(looks(entries, profile({**MIXED, **wrong}, classes=classes), MANY))


def test_the_scores_by_hand_with_each_agreement_left_out_of_its_own_baseline() -> None:
    """Two delivered of the first, none of the second: the baseline of each is what was done of the other, 0 and 1."""
    second = {"title": "Second", "date": "2020-01-01", "provisions": [{"id": "t", "title": "T"}]}
    case = accord(5, agreements={"second": second})
    entries = [
        *(read("none", 1, item=i) for i in ("deal/s4", "deal/s5", "second/t")),
        *(read("full", 40, item=i) for i in ("deal/s4", "deal/s5")),
        read("none", 100, item="second/t"),
    ]
    found = record(entries, SLOW, 100, case).calibration
    assert found is not None
    assert found.accords == 2
    half = found.looks[0]
    q = 0.5 * 0.3 + 0.5 * 0.25  # odds of 1 before the record
    assert half.delivered == pytest.approx(2 / 3)
    assert half.brier == pytest.approx((2 * (1 - q) ** 2 + q**2) / 3)
    assert half.baseline == pytest.approx(1)
    alone = looks([e for e in entries if e.item != "second/t"], SLOW, case, 100)[0]
    assert alone.baseline == pytest.approx(0)


def test_what_the_record_does_not_know_is_not_scored() -> None:
    """Not read again, disputed on the day, or still to come: not known, rather than not delivered."""
    entries = [
        read("none", 1),  # never read again
        read("none", 1, item="deal/s5", reader="south"),
        read("full", 40, item="deal/s5", reader="north"),  # disputed at half time
        read("none", 60, item="deal/s5", reader="south"),
        read("full", 40, item="deal/s6"),
        read("reversed", 45, item="deal/s6"),  # delivered by then, whatever came after
        read("none", 50, item="deal/s7"),
    ]
    half, date, after = looks(entries, SLOW, day=60)
    assert (half.count, half.unknown, half.delivered) == (2, 2, 0.5)
    assert (date.count, date.delivered) == (1, 1)
    assert (after.count, after.unknown) == (1, 3)
    empty = looks([read("none", 1)], SLOW, day=60)[0]
    assert (empty.count, empty.delivered, empty.brier, empty.baseline) == (0, None, None, None)


def test_the_curve_says_from_where_on_it_means_delivered() -> None:
    """Rates that count intermediate as delivered are held against what is intermediate."""
    entries = [read("intermediate", 40), read("intermediate", 100)]
    assert looks(entries, SLOW, day=100)[0].delivered == 0
    assert looks(entries, profile({"any": (0.3, 0.9, 0.95)}, done=HALF), day=100)[0].delivered == 1


def test_what_was_done_before_its_time_began_is_not_scored() -> None:
    """First read when it was done already, it took nobody knows how long: catches one held against the curve at 0."""
    case = accord(8, measures={"d": {"title": "D", "by": "north", "kind": "other", "value": {"south": 0.1}}})
    half = looks([read("full", 10, item="d"), read("none", 1), read("full", 20), read("full", 60)], SLOW, case, 100)[0]
    assert (half.count, half.unknown, half.delivered) == (1, 0, 1)
    assert half.tenths[0].forecast == pytest.approx(0.275)


def test_a_provision_is_not_scored_beside_its_measure() -> None:
    """a carries out s1: one promise, scored once."""
    entries = [read("none", 1, item=i) for i in ("a", "deal/s1")] + [read("none", 60, item=i) for i in ("a", "deal/s1")]
    assert looks(entries, SLOW, day=60)[0].count == 1


def test_the_command_tells_silence_and_its_calibration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the entry to the terminal and the JSON, with the figures of the profile that was asked for."""
    run = CliRunner(env={"COLUMNS": "200"})
    monkeypatch.chdir(tmp_path)
    Path("accord.yaml").write_text(CASE.text, encoding="utf-8")
    commit(CASE, "deal/s4", party="north", state="none", as_of="2020-02-01", by="x", due="2020-12-31", workspace="r")
    asked = ["record", "trust", "accord.yaml", "--workspace", "r", "--trust-profile", "pam-34"]
    told = json.loads(run.invoke(app, [*asked, "--json"]).stdout)
    (e,) = next(p for p in told["pairs"] if p["party"] == "south")["evidence"]
    assert (e["kind"], e["silent"]["curve"]) == ("silent", "any")
    assert e["silent"]["gone"] == pytest.approx(181 / 365)
    assert e["silent"]["delivered"][1] == pytest.approx(0.457 * 181 / 365.25)
    assert [look["share"] for look in told["calibration"]["looks"]] == [0.5, 1.0, 2.0]
    words = run.invoke(app, [*asked, "--course"]).stdout
    assert "not yet done" in words
    assert "23%" in words
    plain = json.loads(run.invoke(app, [*asked[:-1], "plain", "--json"]).stdout)
    assert "calibration" not in plain
    assert all(p["prior"] == p["posterior"] for p in plain["pairs"])
