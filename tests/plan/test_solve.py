"""The planner against exhaustive search: every roadmap of a small case is tried, and the best that holds and helps must be the
plan.

Values are compared as fractions: a plan that is second best by one part in a million fails.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bruteforce import BruteForce, Key, Sides
from detente.case.instance import Instance, Measure, Party, Requirement
from detente.errors import InputError
from detente.plan.certificate import STRUCTURAL, Certificate, certify
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap
from detente.plan.search import columns
from detente.plan.search.branch import Found
from detente.plan.search.objective import shortfall
from detente.plan.solve import plan
from exchange import slices
from strategies import instances
from variants import renamed, scaled

F = Fraction
OBJECTIVES = ("nash", "sum", "min")
objectives = st.sampled_from(OBJECTIVES)
# few enough roadmaps to try them all: at most 4 ** 4 = 256
deals = instances(most_measures=4, most_phases=3, trades=True)
anything = instances(most_measures=4, most_phases=3)
more_measures = instances(most_measures=5, most_phases=2, trades=True)
paid_from_outside = instances(most_measures=4, most_phases=3, trades=True, outside=True)
working = instances(most_measures=4, most_phases=3, trades=True, works=True)
DOUBT = ("trust", "doubt")  # doubt is a matter of trust
left_out = st.sampled_from([(), (), DOUBT, ("red_line",), (*DOUBT, "red_line")])


def planned(instance: Instance, objective: str = "nash", **options: bool) -> Plan:
    return plan(instance, objective=objective, reasons=False, **options)


@settings(max_examples=160)
@given(deals | anything | more_measures | paid_from_outside | working, objectives, left_out)
def test_the_plan_is_the_best_of_all_roadmaps_that_hold_and_help(
    instance: Instance, objective: str, without: tuple[str, ...]
) -> None:
    """Catches a row of the programme that is too loose (the plan breaks it) or too tight (a better roadmap exists)."""
    brute = BruteForce(instance, without=without)
    result = planned(instance, objective, trust="trust" not in without, red_lines="red_line" not in without)
    best, _ = brute.best(objective)
    if result.status == "none":
        assert (best, result.roadmap) == (None, Roadmap.empty(instance))
    else:
        assert (result.status, result.gap) == ("optimal", 0.0)
        assert brute.welfare(result.roadmap, objective) == best
        assert brute.holds(result.roadmap)
    assert result.certificate == certify(
        instance, result.roadmap, trust="trust" not in without, red_lines="red_line" not in without
    )
    assert result.certificate.holds == brute.holds(result.roadmap)


@settings(max_examples=80)
@given(deals | anything, objectives, st.booleans())
def test_nothing_to_recommend_says_truly_why(instance: Instance, objective: str, midway: bool) -> None:
    """Catches "the rows allow nothing" where some roadmap that helps does hold; and "today" where what is in force holds, or
    where nothing is under way. The two call for different advice."""
    if midway:
        instance = replace(instance, under_way=frozenset(instance.acting))
    brute, result = BruteForce(instance), planned(instance, objective)
    assert (result.status == "none") == (brute.best(objective)[0] is None)
    if result.status == "none":
        today = midway and not brute.holds(Roadmap.empty(instance))
        assert result.nothing_because == ("today" if today else "rows")


@settings(max_examples=40)
@given(deals, objectives)
def test_names_order_and_units_do_not_matter(instance: Instance, objective: str) -> None:
    """Catches a plan that depends on the order of the file, or on whether a party counts in dollars or in millions."""

    def new(name: str) -> str:
        return f"z{9 - int(name[1])}-{name[0]}"

    first = planned(instance, objective)
    reached = BruteForce(instance).welfare(first.roadmap, objective)
    other, _ = renamed(instance, first.roadmap, new, 1)
    again = planned(other, objective)
    assert again.status == first.status
    assert BruteForce(other).welfare(again.roadmap, objective) == reached

    # gains are added up and compared between parties by sum and min: there the unit is common to all
    factor = dict.fromkeys(instance.party, F(1000)) | ({"p1": F(1, 700)} if objective == "nash" else {})
    again = planned(scaled(instance, factor), objective)
    assert again.status == first.status
    assert BruteForce(instance).welfare(again.roadmap, objective) == reached


@settings(max_examples=60)
@given(deals, objectives)
def test_of_equally_good_roadmaps_none_is_less_exposed_or_plainly_earlier(instance: Instance, objective: str) -> None:
    """Catches ties settled by accident: the lower peak exposure first, then the earlier entries."""
    result, brute = planned(instance, objective), BruteForce(instance)
    if result.status == "none" or (result.method or {})["ties"] == "not settled":
        return
    # peaks of several parties are compared in units of each party's largest value
    worth = {p.id: [x for m in instance.measures for x in (m.value.get(p.id), m.once.get(p.id)) if x] for p in instance.parties}
    unit = {i: max(map(abs, values), default=F(1)) for i, values in worth.items()}

    def peak(roadmap: Roadmap) -> Fraction:
        risks = (s.left / unit[k.party] for k, s in brute.rows(roadmap) if k.row == "trust")
        return max(risks, default=F(0))

    def earlier(one: Roadmap, other: Roadmap) -> bool:
        pairs = [(one.entry[m], other.entry[m]) for m in instance.measure]
        late = instance.phases
        return one.entry != other.entry and all((late if a is None else a) <= (late if b is None else b) for a, b in pairs)

    ties = brute.best(objective)[1]
    least = max(F(0), min(map(peak, ties)))
    assert peak(result.roadmap) <= least + F(1, 10**5)
    assert not any(earlier(r, result.roadmap) for r in ties if peak(r) <= peak(result.roadmap))


@settings(max_examples=40)
@given(deals)
def test_reasons_name_what_really_stands_in_the_way(instance: Instance) -> None:
    """Catches a "why not sooner" whose row is not broken by the trial it names, or is broken by nothing at all."""
    result, brute = plan(instance), BruteForce(instance)
    assert [r.measure for r in result.reasons] == [m.id for m in instance.measures if not m.in_force]
    for reason in result.reasons:
        assert reason.phase == result.roadmap.entry[reason.measure]
        if reason.phase is None or reason.tried is None:
            continue
        trial = result.roadmap.moved(reason.measure, reason.tried)
        assert reason.tried == reason.phase - 1
        assert brute.holds(trial) == (reason.row is None) == (reason.because == "objective")
        if reason.row is not None and reason.row.row not in STRUCTURAL:
            key = Key(
                *(getattr(reason.row, name) for name in ("row", "party", "toward", "phase", "lag")), reason.row.found or 0
            )
            assert dict(brute.rows(trial))[key] == Sides(reason.row.left, reason.row.right, reason.row.slack)
            assert reason.row.slack < 0


# ---- known answers ---------------------------------------------------------------------------------------------------


SIX_TENTHS = {"trust": F("0.6")}


@pytest.mark.parametrize("pieces", [1, 10])
@pytest.mark.parametrize(("hair", "status"), [("0", "optimal"), ("1e-5", "none"), ("1e-9", "none"), ("1e-12", "none")])
@pytest.mark.parametrize(("threshold", "doubted"), [("0.375", False), ("0.21875", True)])
def test_the_planner_stops_at_the_threshold_where_the_certificate_does(
    hair: str, status: str, pieces: int, threshold: str, doubted: bool
) -> None:
    """lam = 2, d = 0.8: r = 1 - 1 / (d lam) = 0.375 if trust is no matter, 1 - 1 / (d (1 + p)) = 0.21875 at p = 0.6; and a hair
    more. Catches a plan that passes by the solver's tolerance, a search that gives up there, and the claim that something
    satisfies the rows when only the solver's tolerance says so.
    """
    result = planned(slices(pieces, 1, lam=F(2), d=F("0.8"), r=F(threshold) + F(hair), **SIX_TENTHS), trust=doubted)
    assert (result.status, result.nothing_because) == (status, "rows" if status == "none" else None)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize(
    ("r", "needed", "doubted"),
    [("0.375", 1, False), ("0.376", 2, False), ("0.75", 3, False), ("0.21875", 1, True), ("0.22", 2, True), ("0.5", 3, True)],
)
def test_the_whole_exchange_is_reached_in_as_few_phases_as_can_be(r: str, needed: int, doubted: bool, objective: str) -> None:
    """lam = 2, d = 0.8, ten slices, and nothing in fewer phases. If trust is no matter: one phase up to r = 0.375, three at
    0.75. At p = 0.6: one up to 0.21875, three at 0.5 (`tests/reference/test_known_answers.py`)."""
    for phases in range(1, needed + 1):
        result = planned(slices(10, phases, lam=F(2), d=F("0.8"), r=F(r), **SIX_TENTHS), objective, trust=doubted)
        if phases < needed:
            assert (result.status, result.nothing_because) == ("none", "rows")
        else:
            assert result.status == "optimal"
            assert None not in result.roadmap.entry.values()
            assert result.certificate.holds


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("phases", [1, 4, 8])
def test_with_nothing_to_take_back_there_is_nothing_to_plan(phases: int, objective: str) -> None:
    """r = 1, B = 0: the exact answer is the empty roadmap, although a tolerance of 1e-7 grows by d lam = 1.6 in every phase."""
    result = planned(slices(5, phases, lam=F(2), d=F("0.8"), r=F(1)), objective)
    assert (result.status, result.nothing_because, result.roadmap.is_empty) == ("none", "rows", True)


@settings(max_examples=40)
@given(deals, objectives)
def test_with_nothing_to_take_back_there_is_nothing_to_plan_in_any_case(instance: Instance, objective: str) -> None:
    """The same for any case whose measures cost all their actors something."""
    parties = tuple(replace(p, breakdown=F(0)) for p in instance.parties)
    measures = tuple(
        replace(m, irreversible=F(1), once={}, value={**m.value, **{i: -abs(m.value.get(i, F(0))) - 1 for i in m.actors}})
        for m in instance.measures
    )
    assert planned(replace(instance, parties=parties, measures=measures), objective).status == "none"


@pytest.mark.parametrize("window", [0, 1])
def test_a_window_that_closes_early_does_not_loosen_a_prerequisite(window: int) -> None:
    """`gift` needs `burden` in the same phase; both may come in phase 0 only, or `burden` later too.

    The burden is better borne late, so the best is both in phase 0: 2 - 1 = 1. Catches a row that asks for the prerequisite
    only by the end of the horizon, because the measure's own level can no longer change after its window.
    """
    gift, burden = offers(gift={"a": 1}, burden={"a": -1}).measures
    gift = replace(gift, excludes=(), requires=(Requirement(("burden",), 0),))
    burden = replace(burden, excludes=(), value={"a": F(-1, 2)}, not_after=window)
    instance = replace(offers(gift={"a": 1}), phases=2, measures=(gift, burden))
    result = planned(instance)
    assert result.roadmap.entry == {"gift": 0, "burden": 0}
    assert result.value == {"a": 1.0, "giver": 0.0}


# ---- what only three parties show ------------------------------------------------------------------------------------


def offers(**options: dict[str, int]) -> Instance:
    """A giver without a stake of its own, and what it could do for others: one of these, or none."""
    ids = [*sorted({i for value in options.values() for i in value}), "giver"]
    parties = tuple(Party(i, i, F(1, 2), F(0), F(0), {} if i == "giver" else {"giver": F(1, 2)}) for i in ids)
    measures = tuple(
        Measure(
            id=m,
            whole=m,
            title=m,
            kind="other",
            actors=("giver",),
            value={i: F(x) for i, x in value.items()},
            once={},
            irreversible=F(0),
            lag=1,
            signal=F(1),
            requires=(),
            excludes=tuple(n for n in options if n != m),
            not_before=0,
            not_after=0,
            in_force=False,
        )
        for m, value in options.items()
    )
    return Instance("offers", 1, parties, measures)


@pytest.mark.parametrize("order", [("x", "y"), ("y", "x")])
def test_if_not_all_can_gain_the_product_chooses_among_those_who_do(order: tuple[str, str]) -> None:
    """Maximal Nash welfare (Caragiannis et al. 2016): two of three can gain. x: 2 * 200 = 400; y: 4 * 4 = 16, though y's
    smaller gain is the larger one. Catches a choice of the gaining parties by anything but the product, or by who comes first.
    """
    options = {"x": {"a": 1, "b": 100}, "y": {"a": 2, "c": 2}}
    instance = offers(**{name: options[name] for name in order})
    result = planned(instance)
    assert BruteForce(instance).welfare(result.roadmap, "nash") == (2, 400)
    assert result.roadmap.entry == {"x": 0, "y": None}


def test_as_many_as_possible_gain_before_the_product_is_looked_at() -> None:
    """Catches a product over fewer parties that beats one over more only because it has fewer factors below one."""
    result = planned(offers(wide={"a": 1, "b": 1, "c": 1}, narrow={"a": 100, "b": 100}))
    assert result.roadmap.entry == {"wide": 0, "narrow": None}


def test_what_would_be_kept_and_harms_both_is_no_plan() -> None:
    """Each side's offer costs it 1 and gives the other half of that; a large breakdown loss would make them keep it.

    Catches a plan that satisfies every row and leaves both worse off, -0.5 per phase, than no deal.
    """
    parties = tuple(Party(i, i, F(1, 2), F(0), F(10), {j: F("0.9")}) for i, j in ("ab", "ba"))
    give = replace(offers(m={"a": 1}).measures[0], not_after=0)
    measures = tuple(replace(give, id=i, whole=i, actors=(i,), value={i: F(-1), j: F(1, 2)}) for i, j in ("ab", "ba"))
    instance = Instance("poor", 1, parties, measures)
    assert len(list(BruteForce(instance).safe_roadmaps())) == 4
    for objective in OBJECTIVES:
        assert (planned(instance, objective).status, planned(instance, objective).nothing_because) == ("none", "rows")


# ---- limits and inputs -----------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(deals, objectives)
def test_what_is_claimed_under_a_short_limit_is_true(instance: Instance, objective: str) -> None:
    """Catches a search that was cut short and calls its result proved."""
    result, brute = plan(instance, objective=objective, time_limit=1e-3, reasons=False), BruteForce(instance)
    best, _ = brute.best(objective)
    assert result.status == "none" or brute.holds(result.roadmap)
    if result.status == "optimal":
        assert brute.welfare(result.roadmap, objective) == best
    if result.nothing_because == "rows":
        assert best is None


@settings(max_examples=60)
@given(deals, objectives)
def test_what_is_claimed_of_a_large_case_is_true(instance: Instance, objective: str) -> None:
    """Large cases are written by entries and searched by trials; small ones, treated as large, can be checked.

    Catches a bound that is none: a gap smaller than what is really missing, or "optimal" and "rows" where that is not so.
    """
    with mock.patch.object(columns, "_MANY", 1):
        result, brute = planned(instance, objective), BruteForce(instance)
    best, _ = brute.best(objective)
    if result.status == "none":
        assert result.nothing_because == "limit" or best is None
        return
    reached = brute.welfare(result.roadmap, objective)
    assert brute.holds(result.roadmap)
    assert best is not None
    assert reached is not None
    if result.status == "optimal":
        assert reached == best
    elif objective == "nash" and result.gap is not None and reached[0] == best[0]:
        assert float(best[1] / reached[1]) ** (1 / float(best[0])) <= 1 + result.gap + 1e-6


@settings(max_examples=40)
@given(deals, objectives)
def test_what_is_told_on_the_way_holds_and_rises(instance: Instance, objective: str) -> None:
    """Catches a best roadmap so far that breaks a row, is worse than the one before or better than the end, comes with the
    certificate of another, or with a bound that some roadmap exceeds; and a search
    that finds and tells of nothing."""
    brute, told = BruteForce(instance), list[tuple[Found, Certificate]]()
    made = plan(instance, objective=objective, reasons=False, better=lambda *better: told.append(better))
    best, _ = brute.best(objective)
    for found, certificate in told:
        assert brute.holds(found.roadmap)
        assert certificate == certify(instance, found.roadmap)
    reached = [brute.welfare(roadmap, objective) for roadmap in [*(found.roadmap for found, _ in told), made.roadmap]]
    if told:
        assert None not in reached
        assert reached == sorted(reached)  # type: ignore[type-var]
    assert bool(told) == (made.status == "optimal" and not made.roadmap.is_empty)
    for (found, _), worth in zip(told, reached, strict=False):
        short = shortfall(objective, found.value, found.bound, len(found.parties))
        if objective == "nash" and worth is not None and best is not None and worth[0] == best[0]:
            assert float(best[1] / worth[1]) ** (1 / float(best[0])) <= 1 + short + 1e-6


@settings(max_examples=10)
@given(deals, objectives)
def test_the_same_case_gives_the_same_plan(instance: Instance, objective: str) -> None:
    """Catches a result that depends on the clock or on the order of a set."""
    assert planned(instance, objective).to_dict() == planned(instance, objective).to_dict()


@pytest.mark.parametrize(
    ("options", "words"),
    [({"objective": "fair"}, "'fair'.*nash"), ({"time_limit": 0.0}, "limit of 0"), ({"gap": -0.1}, "gap of -0.1")],
)
def test_what_cannot_be_asked_is_refused(options: dict[str, object], words: str) -> None:
    """Catches a misspelt objective or a negative limit that is quietly taken for something else."""
    with pytest.raises(InputError, match=words):
        plan(offers(x={"a": 1}), **options)  # type: ignore[arg-type]
