"""Trust from the record: Bayes against the definition, an interval that is exact, nothing counted twice, and calibration."""

from __future__ import annotations

import datetime
import json
import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from accords import accord
from detente.case.case import Case
from detente.case.draws.draw import uncertainty
from detente.case.load import load
from detente.cli import app
from detente.errors import RecordError
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.record.commitments.commit import commit
from detente.record.commitments.entry import Entry
from detente.record.trust.bayes import NOT_DUE, PLANNED
from detente.record.trust.profile import TrustProfile, profiles, read_profile
from detente.record.trust.start import start_from, started
from detente.record.trust.trust import SOURCE, TrustPath, TrustRecord, trust, trust_from

DAY = datetime.date.fromisoformat
TODAY = DAY("2020-06-30")
CASE = accord(8)


def even(kept: float = 2, late: float = 0.8, broken: float = 0.25, reversed_: float = 0.1, **more: Any) -> TrustProfile:
    """A profile of plain numbers."""
    given = {"kept": kept, "late": late, "broken": broken, "reversed": reversed_}
    return TrustProfile("even", "", None, {kind: (math.log(x),) * 3 for kind, x in given.items()}, **more)


def wide(**ratios: tuple[float, float, float]) -> TrustProfile:
    """A profile of ranges."""
    return TrustProfile("wide", "", None, {kind: tuple(map(math.log, x)) for kind, x in ratios.items()})  # type: ignore[misc]


RANGES = {"kept": (1.1, 1.5, 2.5), "late": (0.5, 0.8, 1.0), "broken": (0.2, 0.4, 0.9), "reversed": (0.1, 0.3, 0.5)}


def read(
    state: str,
    as_of: str = "2020-02-01",
    *,
    item: str = "a",
    party: str = "north",
    reader: str = "keeper",
    due: str | None = None,
) -> Entry:
    return Entry(item, party, DAY(as_of), state, reader, DAY(due) if due else None)


def in_north(entries: Iterable[Entry], profile: TrustProfile, *, case: Case = CASE, as_of: datetime.date = TODAY) -> TrustPath:
    """What south makes of north's record; south states a trust of 0.5, odds of 1."""
    return trust_from(case, list(entries), profile, as_of).of("south", "north")


def odds(p: float) -> float:
    return p / (1 - p)


# -- one piece of evidence ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "factor", "kind"),
    [
        ([read("full")], 2, "kept"),
        ([read("full", due="2020-02-01")], 2, "kept"),  # on the day
        ([read("none", "2020-01-15", due="2020-01-31"), read("full", "2020-02-01")], 2 * 0.8, "late"),
        ([read("none", due="2020-06-29")], 0.25, "overdue"),
        ([read("minimal", due="2020-06-29")], 0.25 ** (2 / 3) * 2 ** (1 / 3), "overdue"),
        ([read("intermediate", due="2020-06-29")], 0.25 ** (1 / 3) * 2 ** (2 / 3), "overdue"),
        ([read("intermediate", due="2020-06-30")], 2 ** (2 / 3), "part"),  # due today: not overdue
        ([read("minimal")], 2 ** (1 / 3), "part"),
        ([read("full"), read("reversed", "2020-03-01")], 0.1, "reversed"),
        ([read("full"), read("full", "2020-03-01"), read("full", "2020-04-01")], 2, "kept"),  # read thrice, counted once
    ],
)
def test_what_a_commitment_says(entries: list[Entry], factor: float, kind: str) -> None:
    """Each line of the definition by hand; catches a reading that counts anew each time, and a day too early or too late."""
    path = in_north(entries, even())
    assert odds(path.posterior[1]) == pytest.approx(factor, rel=1e-12)
    (e,) = path.evidence
    assert e.kind == kind
    assert e.ratio[1] == pytest.approx(factor, rel=1e-12)
    assert e.without == pytest.approx(0.5)


@pytest.mark.parametrize("entries", [[read("none")], [read("none", due="2020-06-30")], [read("none", due="2020-12-31")]])
def test_what_is_not_due_says_nothing(entries: list[Entry]) -> None:
    """Catches blame for what nobody has missed yet."""
    record = trust_from(CASE, entries, even(), TODAY)
    assert record.of("south", "north").posterior == record.of("south", "north").prior
    assert [(x.item, x.reason) for x in record.left_out] == [("a", NOT_DUE)]


def test_bayes_against_the_enumeration_of_types() -> None:
    """The posterior from P(record | type), type by type, for every pattern of kept and broken; written without odds or logs."""
    q = {"sincere": 0.9, "insincere": 0.6}
    for pattern in range(16):
        kept = [bool(pattern >> n & 1) for n in range(4)]
        likelihood = {t: math.prod(x if k else 1 - x for k in kept) for t, x in q.items()}
        p = 0.5 * likelihood["sincere"] / (0.5 * likelihood["sincere"] + 0.5 * likelihood["insincere"])
        path = in_north(promises(kept), even(0.9 / 0.6, broken=0.1 / 0.4))
        assert path.posterior[1] == pytest.approx(p, abs=1e-12)


def promises(kept: Iterable[bool]) -> list[Entry]:
    """One stipulation of the deal each, due on 1 March 2020."""
    return [
        read("full" if k else "none", "2020-02-01" if k else "2020-03-02", item=f"deal/s{n}", due="2020-03-01")
        for n, k in enumerate(kept, 1)
    ]


def test_a_dispute_is_a_range_from_the_worst_to_the_best_reading() -> None:
    """Catches a side that wins by speaking last, and a middle that leans to one side."""
    entries = [read("full", reader="north"), read("none", "2020-05-02", reader="south", due="2020-05-01")]
    path = in_north(entries, wide(**RANGES))
    (e,) = path.evidence
    assert (e.kind, e.state) == ("disputed", "disputed")
    assert e.ratio == pytest.approx((0.2, math.sqrt(0.4 * 1.5), 2.5))
    assert in_north(entries[::-1], wide(**RANGES)).posterior == path.posterior


# -- the interval -------------------------------------------------------------------------------------------------------------

HISTORIES = st.lists(
    st.tuples(
        st.sampled_from(["none", "minimal", "intermediate", "full", "reversed", "disputed"]),
        st.integers(1, 8),
        st.sampled_from(["north", "south"]),
        st.sampled_from([None, "2020-01-20", "2020-03-01", "2020-12-31"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60)
@given(HISTORIES, st.integers(0, 2**32))
def test_the_interval_holds_for_all_figures_within_the_ranges_and_no_wider(
    made: list[tuple[str, int, str, str | None]], seed: int
) -> None:
    """Draws figures and versions within their ranges: none leads out of the interval, and its ends are reached."""
    entries = [read(state, item=f"deal/s{n}", reader=reader, due=due) for state, n, reader, due in made]
    profile = replace(wide(**RANGES), times=tuple(map(math.log, (0.5, 1, 2))))  # type: ignore[arg-type]
    path = in_north(entries, profile)
    rng = random.Random(seed)

    def one(draw: Mapping[str, float], times: float, pick: Any) -> float:
        logs = {kind: (math.log(x),) * 3 for kind, x in draw.items()}
        e = in_north(entries, TrustProfile("x", "", None, logs, times=(math.log(times),) * 3))  # type: ignore[arg-type]
        total = math.log(times) + sum(pick(math.log(x.ratio[0]), math.log(x.ratio[2])) for x in e.evidence)
        return 1 / (1 + math.exp(-total))

    for _ in range(20):
        draw = {kind: rng.uniform(low, high) for kind, (low, _, high) in RANGES.items()}
        p = one(draw, rng.uniform(0.5, 2), lambda low, high: low + rng.random() * (high - low))
        assert path.posterior[0] - 1e-12 <= p <= path.posterior[2] + 1e-12
    assert one({k: x[0] for k, x in RANGES.items()}, 0.5, min) == pytest.approx(path.posterior[0], abs=1e-12)
    assert one({k: x[2] for k, x in RANGES.items()}, 2, max) == pytest.approx(path.posterior[2], abs=1e-12)
    assert path.posterior[0] <= path.posterior[1] <= path.posterior[2]


def test_what_moved_it_most_is_what_is_missed_most() -> None:
    """Each leave-one-out against the record without those entries; catches an order by anything but the weight."""
    entries = [read("full"), read("none", item="deal/s4", due="2020-03-01"), read("minimal", item="deal/s5")]
    path = in_north(entries, even())
    assert [e.item for e in path.evidence] == ["deal/s4", "a", "deal/s5"]
    for e in path.evidence:
        assert e.without == pytest.approx(in_north([x for x in entries if x.item != e.item], even()).posterior[1])


def test_the_path_has_a_point_for_every_change_and_the_day_after_something_is_due() -> None:
    """Catches evidence that counts before its day, and a deadline that passes unseen."""
    entries = [read("none", "2020-01-10", due="2020-03-01"), read("full", "2020-04-01"), read("full", "2020-05-01")]
    path = in_north(entries, even())
    assert [(p.date.isoformat(), round(odds(p.trust[1]), 9)) for p in path.path] == [("2020-03-02", 0.25), ("2020-04-01", 1.6)]
    assert [(c.item, c.before, c.after) for p in path.path for c in p.changes] == [
        ("a", "", "overdue"),
        ("a", "overdue", "late"),
    ]
    assert in_north(entries, even(), as_of=DAY("2020-03-01")).posterior[1] == 0.5


def test_old_evidence_counts_less_only_where_the_profile_says_so() -> None:
    """Half after one half-life, a quarter after two; untouched without one."""
    for age, share in ((0, 1), (30, 0.5), (60, 0.25)):
        as_of = DAY("2020-02-01") + datetime.timedelta(days=age)
        faded = in_north([read("full")], replace(even(), half_life=30), as_of=as_of)
        assert odds(faded.posterior[1]) == pytest.approx(2**share)
        assert faded.path[-1].trust == faded.posterior
        assert odds(in_north([read("full")], even(), as_of=as_of).posterior[1]) == pytest.approx(2)


# -- nothing counts twice -----------------------------------------------------------------------------------------------------


def test_a_costly_step_in_force_counts_its_signal_here_and_not_in_the_planner() -> None:
    """The certificate's odds at every phase are those of the record: g once, though the step is promised and has a signal."""
    case = accord(2, measures={"a": {"in_force": True, "signal": 3}})
    record = trust_from(case, [read("full"), read("full", item="deal/s1")], even(), TODAY)
    path = record.of("south", "north")
    assert odds(path.posterior[1]) == pytest.approx(3)
    assert path.evidence[0].by == "signal"
    begun = start_from(case, record).case
    standing = Roadmap(case.case, case.phases.count, {"a": -1, "b": None, "c": None})
    assert [float(x) for x in certify(begun.instance, standing).pairs["south", "north"].odds] == pytest.approx(
        [3] * 7, rel=1e-5
    )


def test_a_costly_step_still_to_come_is_left_to_the_planner() -> None:
    """On record as done, yet a step of the roadmap: its signal counts once, when the roadmap has it seen."""
    case = accord(2, measures={"a": {"signal": 3}})
    record = trust_from(case, [read("full"), read("full", item="deal/s1")], even(), TODAY)
    path = record.of("south", "north")
    assert path.posterior == path.prior
    assert {(x.item, x.reason) for x in record.left_out} == {("a", PLANNED), ("deal/s1", "counted by its measures")}
    roadmap = Roadmap(case.case, case.phases.count, {"a": 0, "b": None, "c": None})
    seen = certify(start_from(case, record).case.instance, roadmap).pairs["south", "north"].odds
    assert [float(x) for x in seen] == pytest.approx([1] + [3] * 6)
    overdue = trust_from(case, [read("none", due="2020-05-01")], even(), TODAY).of("south", "north")
    assert odds(overdue.posterior[1]) == pytest.approx(0.25)  # what speaks against a party counts all the same


def test_a_provision_counts_where_no_measure_of_it_says_anything() -> None:
    """Catches a clause that counts beside the measures that carry it out, and one that is lost with measures not due."""
    entries = [read("minimal", item="deal/s1"), read("none", item="a")]
    assert [e.item for e in in_north(entries, even()).evidence] == ["deal/s1"]
    entries += [read("full", item="c")]
    assert [e.item for e in in_north(entries, even()).evidence] == ["c"]
    # of the other party it says nothing
    assert trust_from(CASE, entries, even(), TODAY).of("north", "south").evidence == ()


def test_the_record_of_one_party_moves_the_trust_in_it_alone() -> None:
    """Catches parties that are mixed up: north's record counts in the eyes of south."""
    record = trust_from(CASE, [read("full")], even(), TODAY)
    assert record.of("north", "south").posterior == record.of("north", "south").prior == pytest.approx((0.25,) * 3)
    assert record.of("south", "north").posterior == pytest.approx((2 / 3,) * 3)


# -- calibration --------------------------------------------------------------------------------------------------------------

RATES = {True: {"kept": 0.8, "broken": 0.15, "reversed": 0.05}, False: {"kept": 0.5, "broken": 0.3, "reversed": 0.2}}
PRIORS = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True)
class Bin:
    """A line of the reliability table: histories, mean forecast, share that was sincere."""

    count: int
    forecast: float
    observed: float

    @property
    def is_off(self) -> bool:
        """Further from the forecast than 3 binomial standard errors."""
        return abs(self.observed - self.forecast) > 3 * math.sqrt(self.forecast * (1 - self.forecast) / self.count)


def reliability(ratios: Mapping[str, float], histories: int = 600, promised: int = 6, seed: int = 7) -> list[Bin]:
    """Histories of parties whose type is known, by tenths of the posterior that the record gives; `histories` a prior."""
    rng = random.Random(seed)
    logs = {kind: (math.log(ratios[kind]),) * 3 for kind in ("kept", "broken", "reversed")} | {"late": (0.0,) * 3}
    bins: dict[int, list[tuple[float, bool]]] = {}
    for p in PRIORS:
        profile = TrustProfile("x", "", None, logs, trust={("south", "north"): (math.log(odds(p)),) * 3})  # type: ignore[arg-type]
        for _ in range(histories):
            sincere = rng.random() < p
            outcomes = rng.choices(list(RATES[sincere]), list(RATES[sincere].values()), k=promised)
            entries = [x for n, what in enumerate(outcomes, 1) for x in lived(n, what)]
            forecast = in_north(entries, profile).posterior[1]
            bins.setdefault(min(int(10 * forecast), 9), []).append((forecast, sincere))
    return [
        Bin(len(found), math.fsum(f for f, _ in found) / len(found), sum(s for _, s in found) / len(found))
        for _, found in sorted(bins.items())
    ]


def lived(n: int, what: str) -> list[Entry]:
    """A promise, as it would be entered."""
    item, due = f"deal/s{n}", "2020-03-01"
    if what == "kept":
        return [read("full", "2020-02-20", item=item, due=due)]
    if what == "broken":
        return [read("none", "2020-03-02", item=item, due=due)]
    return [read("full", "2020-02-20", item=item, due=due), read("reversed", "2020-04-01", item=item, due=due)]


TRUE = {kind: RATES[True][kind] / RATES[False][kind] for kind in RATES[True]}


def test_the_posterior_is_calibrated_on_histories_from_known_types() -> None:
    """Of the histories to which it gives about 30%, about 30% are from sincere parties, and so in every tenth."""
    table = reliability(TRUE, histories=1500)
    assert sum(b.count for b in table) == 1500 * len(PRIORS)
    assert len(table) == 10
    assert min(b.count for b in table) >= 30
    assert not [b for b in table if b.is_off], table


@pytest.mark.parametrize("wrong", [{"kept": 1.05}, {"kept": 2.6}, {"broken": 0.95}, {"broken": 0.2}, {"reversed": 0.9}])
def test_a_wrong_ratio_is_caught(wrong: dict[str, float]) -> None:
    """The table above would mean nothing if it could not fail."""
    assert [b for b in reliability({**TRUE, **wrong}) if b.is_off]


# -- profiles -----------------------------------------------------------------------------------------------------------------

GOOD = """\
profile: own
title: Own figures
prior: {trust: {south: {north: [0.1, 0.2, 0.4]}}, reason: said by the analyst}
kept: {ratio: 2, reason: invented}
late: {ratio: 0.8, reason: invented}
broken: {ratio: 0.25, reason: invented}
reversed: {ratio: 0.1, reason: invented}
fading: {half_life: 365, reason: invented}
items: {deal/s3: {kept: [3, 4, 5], reason: hard to do}}
"""


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    """Catches a key of the profile that no code reads."""
    file = tmp_path / "own.yaml"
    file.write_text(GOOD, encoding="utf-8")
    profile = read_profile(file, CASE)
    assert profile.half_life == 365
    path = in_north([read("full", TODAY.isoformat(), item="deal/s3")], profile)
    assert path.prior == pytest.approx((0.1, 0.2, 0.4))
    assert path.evidence[0].ratio == pytest.approx((3, 4, 5))
    assert path.evidence[0].by == "item"
    assert odds(path.posterior[1]) == pytest.approx(0.25 * 4)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kept: {ratio: 2", "kept: {ratio: [0.9, 1.2, 2]", "wanted at least 1: keeping it never speaks against a party"),
        ("broken: {ratio: 0.25", "broken: {ratio: 1.5", "wanted above 0 and at most 1: it never speaks for a party"),
        ("late: {ratio: 0.8", "late: {ratio: 0", "wanted above 0 and at most 1"),
        ("title: Own figures\n", "", "'title' is missing"),
        ("reason: hard to do", "resaon: hard", "did you mean 'reason'?"),
        ("deal/s3", "deal/s33", "did you mean 'deal/s3'?"),
        ("{north: [0.1, 0.2, 0.4]}", "{north: [0.1, 0.2, 1]}", "wanted above 0 and below 1"),
        ("{north: [0.1, 0.2, 0.4]}", "{nort: 0.2}", "did you mean 'north'?"),
        ("{trust: {south: {north: [0.1, 0.2, 0.4]}}", "{odds_times: [0.5, 0.9, 2]", "with 1 as its likely value"),
        ("half_life: 365", "half_life: 0", "wanted at least 1"),
    ],
)
def test_faults_of_a_profile(old: str, new: str, said: str, tmp_path: Path) -> None:
    """Catches a figure that would turn the sums around, and a key that is dropped in silence; each with its line."""
    assert old in GOOD
    file = tmp_path / "own.yaml"
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(RecordError) as err:
        read_profile(file, CASE)
    assert said in str(err.value)
    assert f"{file}:" in str(err.value).splitlines()[1]


def test_bundled_profiles_can_be_used_and_an_unknown_one_is_named() -> None:
    """Catches a bundled profile that cannot be read, and a typing error that is answered with the default."""
    assert profiles() == ("fading", "pam-34", "plain")
    assert read_profile("plain", CASE).half_life is None
    assert read_profile("fading", CASE).half_life == 1826
    with pytest.raises(RecordError, match="did you mean 'plain'"):
        read_profile("plian", CASE)


# -- starting from it ---------------------------------------------------------------------------------------------------------


def test_the_case_starts_from_the_posterior_and_says_so() -> None:
    """Catches a plan from the trust that was stated, and one that hides where its trust is from."""
    record = trust_from(CASE, [read("full"), read("none", item="b", party="south", due="2020-05-01")], even(), TODAY)
    begun = start_from(CASE, record)
    assert float(begun.case.instance.party["south"].trust["north"]) == pytest.approx(2 / 3, abs=1e-6)
    assert float(begun.case.instance.party["north"].trust["south"]) == pytest.approx(1 / 13, abs=1e-6)
    assert begun.stated.instance.party["south"].trust["north"] == Fraction(1, 2)
    assert begun.case.parties["south"].evidence == (SOURCE,)
    assert "South in North 0.5" in begun.case.evidence[SOURCE].says
    assert begun.at_low.party["south"].trust["north"] == Fraction(666667, 10**6)


def test_draws_take_the_trust_from_its_interval() -> None:
    """Catches an interval that planning and drawing forget: what is drawn lies within it, and moves the share that holds."""
    record = trust_from(CASE, [read("full")], wide(**RANGES), TODAY)
    begun = start_from(CASE, record).case
    quantities = uncertainty(begun).quantities
    (q,) = [q for q in quantities if q.kind == "trust" and not q.by_spread]
    path = record.of("south", "north")
    assert (q.party, q.toward) == ("south", "north")
    assert [float(x) for x in (q.low or 0, q.likely, q.high or 0)] == pytest.approx(path.posterior, abs=1e-6)
    drawn = uncertainty(begun).draw(500).values[:, quantities.index(q)]
    assert path.posterior[0] - 1e-6 <= drawn.min() < drawn.max() <= path.posterior[2] + 1e-6
    assert not [q for q in uncertainty(CASE).quantities if q.kind == "trust" and not q.by_spread]


def test_a_range_of_trust_in_the_case_is_the_prior() -> None:
    """Catches a factor of the profile that is put on top of the range that the analyst gave."""
    case = accord(2, parties={"south": {"trust": {"north": [0.1, 0.2, 0.4]}}})
    path = in_north([read("full")], replace(even(), times=(math.log(0.5), 0.0, math.log(2))), case=case)
    assert path.prior == pytest.approx((0.1, 0.2, 0.4))
    assert [odds(p) for p in path.posterior] == pytest.approx([2 * odds(p) for p in (0.1, 0.2, 0.4)])


def test_a_record_that_moves_nothing_leaves_the_case_as_it_is() -> None:
    """Catches a case that is rewritten for nothing."""
    begun = start_from(CASE, trust_from(CASE, [read("none")], even(), TODAY))
    assert begun.case is CASE


def test_a_record_of_a_later_day_or_another_case_is_refused() -> None:
    """Catches hindsight: a plan of June that knows what July brought."""
    with pytest.raises(RecordError, match="bring the case up to date"):
        start_from(CASE, trust_from(CASE, [read("full")], even(), DAY("2020-07-01")))
    with pytest.raises(RecordError, match="got the record of accord, wanted that of us-dprk-2019"):
        start_from(load("us-dprk-2019"), trust_from(CASE, [read("full")], even(), TODAY))


def test_a_case_that_starts_from_a_record_does_not_start_from_it_again() -> None:
    """Catches steps that count twice: in the trust that a saved case states, and once more on top of it."""
    begun = started(load("us-dprk-2019"), "record").case
    for again in (lambda: trust(begun), lambda: started(begun, "record")):
        with pytest.raises(RecordError, match="would count twice"):
            again()


def test_an_empty_record_is_no_answer(tmp_path: Path) -> None:
    """Catches a posterior that is the prior because nothing was looked at."""
    commit(CASE, "a", state="full", as_of="2020-08-01", by="x", workspace=tmp_path / "r")
    with pytest.raises(RecordError, match="the earliest is for 2020-08-01"):
        trust(CASE, tmp_path / "r")


def test_the_bundled_record_moves_each_side_by_the_same_rule() -> None:
    """Every pair of the bundled case: nobody's trust falls where nothing is overdue, and the interval holds the likely one."""
    case = load("us-dprk-2019")
    record: TrustRecord = trust(case)
    assert len(record.paths) == 6
    for path in record.paths:
        assert path.posterior[0] <= path.posterior[1] <= path.posterior[2]
        assert path.posterior[1] == pytest.approx(
            1 / (1 + 1 / (odds(path.prior[1]) * math.prod(e.ratio[1] for e in path.evidence)))
        )
    assert record.of("us", "dprk").posterior[1] > record.of("us", "dprk").prior[1]
    assert record.of("dprk", "us").posterior[1] > record.of("dprk", "us").prior[1]


def test_the_command_and_the_plan_that_starts_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From end to end on a workspace: the plan's odds are the command's posterior, and it says whether the low end would do."""
    run = CliRunner(env={"COLUMNS": "160"})
    monkeypatch.chdir(tmp_path)
    Path("accord.yaml").write_text(CASE.text, encoding="utf-8")
    for item, state in (("a", "full"), ("deal/s4", "full")):
        commit(CASE, item, party="north", state=state, as_of="2020-02-01", by="keeper", workspace="detente-record")
    told = json.loads(run.invoke(app, ["record", "trust", "accord.yaml", "--json"]).stdout)
    pair = next(p for p in told["pairs"] if p["party"] == "south")
    assert pair["posterior"][1] == pytest.approx(1.44 / 2.44)
    done = run.invoke(app, ["plan", "accord.yaml", "--likely", "--trust", "record", "--json"])
    plan = json.loads(done.stdout)
    assert plan["certificate"]["holds"]
    (start,) = {p["odds"][0] if "odds" in p else p["trust"][0] for p in plan["certificate"]["pairs"] if p["party"] == "south"}
    assert start == pytest.approx(pair["posterior"][1], abs=1e-5)
    said = plan["trust_from"]
    assert (said["source"], said["profile"], said["entries"]) == ("detente-record", "plain", 2)
    assert next(t["stated"] for t in said["trust"] if t["party"] == "south") == 0.5
    assert isinstance(said["at_low"]["holds"], bool)
    words = run.invoke(app, ["plan", "accord.yaml", "--likely", "--trust", "record"]).stdout
    assert "South in North 59% (stated 50%)" in " ".join(words.split())
    for command in ("diagnose", "prepare", "compare"):
        told = json.loads(run.invoke(app, [command, "accord.yaml", "--trust", "record", "--json"]).stdout)
        assert told["trust_from"]["entries"] == 2, command
    for wrong, part in ((["--trust", "recrod"], "wanted record"), (["--trust-profile", "plain"], "add --trust record")):
        done = run.invoke(app, ["plan", "accord.yaml", *wrong])
        assert done.exit_code != 0
        assert part in done.output + str(done.exception)
