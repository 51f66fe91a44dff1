"""A plan does not depend on what the analyst counts in: dollars, billions of them, or shares of a budget.

The case `exchanges`: three gifts on each side, cut into slices; the sum takes all of them, the smallest gain a balance.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente as dt
from bruteforce import BruteForce
from detente.case.case import Case
from detente.case.instance import Instance
from detente.plan.certificate import certify
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap
from detente.plan.search.objective import shortfall
from detente.plan.solve import plan
from detente.plan.units import in_own_units
from exchange import slices
from gifts import uncertain
from smallcases import Data, swap
from strategies import instances
from variants import scaled

F = Fraction
FACTORS = tuple(map(F, ("1e-11", "1e-7", "1e-3", "7/3", "1e4", "1e9", "1e11")))
factors = st.sampled_from(FACTORS)
objectives = st.sampled_from(("nash", "sum", "min"))
deals = instances(most_measures=4, most_phases=3, trades=True)
WORTHS = ((-1, 2.2, 3.74, -1), (-1.5, 2.6, 1.56, -1.5), (-0.4, 2.9, 3.48, -0.4))
"""What the gift of a is worth to a and b, and that of b to them."""


def exchanges(k: Decimal, count: int = 3) -> Case:
    """Three gifts on each side, with values times k."""

    def change(data: Data) -> None:
        data["phases"]["count"] = 8
        data["measures"] = {
            f"{i}{n}": {
                "title": f"{i}{n}",
                "by": i,
                "kind": "economic",
                "value": {"a": times(mine, k), "b": times(theirs, k)},
                "irreversible": 0.3,
                "slices": count,
            }
            for n, (a, b, c, d) in enumerate(WORTHS)
            for i, mine, theirs in (("a", a, b), ("b", c, d))
        }
        for spec in data["parties"].values():
            spec["discount"] = 0.85

    return dt.load(swap(change))


def times(x: Any, k: Decimal) -> Any:
    """Numbers, alone or in lists and tables, times k, to the last decimal."""
    if isinstance(x, dict):
        return {i: times(y, k) for i, y in x.items()}
    return [times(y, k) for y in x] if isinstance(x, list) else float(Decimal(str(x)) * k)


def in_units(k: Decimal, *changes: Any) -> Case:
    """The two gifts with every value, loss, red line and cost times k."""

    def change(data: Data) -> None:
        for party in data["parties"].values():
            party |= {key: times(party[key], k) for key in ("stalemate", "breakdown", "red_line") if key in party}
        for part in (*data["measures"].values(), *data.get("supports", ())):
            part |= {key: times(part[key], k) for key in ("value", "once", "cost", "breakdown") if key in part}

    return dt.load(swap(*changes, change))


def agree(one: Plan, other: Plan) -> None:
    assert (one.status, one.nothing_because, one.roadmap.entry) == (other.status, other.nothing_because, other.roadmap.entry)
    assert one.gap == pytest.approx(other.gap, abs=1e-6)
    assert other.certificate.holds == one.certificate.holds
    assert other.certificate == certify(other.instance, other.roadmap)


@settings(max_examples=40)
@given(deals, objectives, factors, st.data())
def test_the_same_steps_in_any_units(instance: Instance, objective: str, k: Fraction, data: st.DataObject) -> None:
    """Values times k; for the Nash product each party's times its own. Catches any tolerance, bound or unit of the search that
    is a number of dollars: in millionths of a unit the best roadmap was "none", in billions the solver gave up."""
    own = {i: data.draw(factors) if objective == "nash" else k for i in instance.party}
    first, again = (plan(i, objective=objective, reasons=False) for i in (instance, scaled(instance, own)))
    agree(first, again)
    brute = BruteForce(instance)
    best, reached_by = brute.best(objective)
    if first:
        assert brute.welfare(again.roadmap, objective) == best
    else:
        nobody_gains = objective == "nash" and best is not None and best[0] == 0
        assert best is None or nobody_gains or any(r.is_empty for r in reached_by)


@settings(max_examples=40)
@given(deals, factors)
def test_a_problem_in_its_own_units_is_the_same_to_the_last_bit(instance: Instance, k: Fraction) -> None:
    """Catches a unit that is itself rounded: ties would then fall one way in dollars and the other way in cents."""
    one, other = in_own_units(instance), in_own_units(scaled(instance, dict.fromkeys(instance.party, k)))
    assert one == other
    largest = {i: max([abs(x) for m in one.measures for x in (m.value.get(i, F(0)), m.once.get(i, F(0)))]) for i in one.touched}
    assert set(largest.values()) <= {1}


@pytest.mark.parametrize("objective", ["sum", "min", "nash"])
def test_a_case_that_the_planner_once_found_empty(objective: str) -> None:
    """Catches what was seen: worse roadmaps "proved the best", none at all, and errors of the solver, by the unit alone."""
    first = plan(exchanges(Decimal(1)), objective=objective, reasons=False)
    assert (first.status, first.gap) == ("optimal", 0.0)
    if objective == "sum":
        assert set(first.roadmap.entry.values()) == {0}
    for k in ("1e-11", "1e-8", "1e-7", "1e4", "1e9", "1e11"):
        agree(first, plan(exchanges(Decimal(k)), objective=objective, reasons=False))


def test_undivided_gifts_by_the_billion() -> None:
    """Catches "no roadmap" where one is known that holds."""
    for objective in ("sum", "min"):
        found = plan(exchanges(Decimal(10**9), 1), objective=objective, reasons=False)
        assert found.status == "optimal"
        entry = dict.fromkeys(found.instance.measure, 0)
        known = certify(found.instance, Roadmap(found.instance.case, 8, entry))
        assert known.holds
        gains = [sum(c.value.values()) if objective == "sum" else min(c.value.values()) for c in (found.certificate, known)]
        assert gains[0] >= gains[1] > 0


@pytest.mark.parametrize("discount", ["1e-9", "0.001", "0.9999", "0.99999999"])
@pytest.mark.parametrize("objective", ["sum", "min", "nash"])
def test_discounts_near_their_ends(discount: str, objective: str) -> None:
    """Catches a solver that gives up where 1 / (1 - d) is large, and steps where the future is worth nothing."""
    instance = slices(2, 3, lam=F(2), d=F(discount), r=F("0.25"))
    found = plan(instance, objective=objective, reasons=False)
    if F(discount) < F("0.5"):  # nothing is self-enforcing unless d lam > 1
        assert (found.status, found.nothing_because) == ("none", "rows")
        return
    best = certify(instance, Roadmap(instance.case, 3, dict.fromkeys(instance.measure, 0)))
    assert best.holds
    assert (found.status, found.certificate.holds) == ("optimal", True)
    assert all(found.certificate.value[i] >= best.value[i] * (1 - F("2e-6")) for i in instance.party)


@pytest.mark.parametrize(("trust", "possible"), [("1e-6", False), ("0.999999", True)])
def test_trust_near_its_ends(trust: str, possible: bool) -> None:
    """Catches a row of trust that is lost among tolerances, or that drowns the others."""
    instance = slices(2, 3, lam=F(2), d=F("0.8"), r=F("0.25"))
    parties = tuple(replace(p, trust=dict.fromkeys(p.trust, F(trust))) for p in instance.parties)
    found = plan(replace(instance, parties=parties), reasons=False)
    assert (found.status == "optimal") is possible
    assert set(found.roadmap.entry.values()) == ({0} if possible else {None})


def test_a_share_of_draws_in_any_units() -> None:
    """Catches a search on draws that scores gains in the units of the case."""

    def more(data: Data) -> None:
        for i, j in ("ab", "ba"):
            data["measures"][f"more-{i}"] = {"title": f"{i} more", "by": i, "kind": "other", "value": {i: -1, j: 1.3}}

    for objective in ("sum", "min"):
        found = [
            dt.plan(
                in_units(Decimal(k), uncertain("a", "b"), more),
                objective=objective,
                holds=0.9,
                draws=200,
                reasons=False,
                likely=True,
            )
            for k in ("1", "1e-11")
        ]
        for other in found[1:]:
            assert other.roadmap.entry == found[0].roadmap.entry
            assert other.gap == pytest.approx(found[0].gap, abs=1e-6)
            assert other.holds is not None
            assert found[0].holds is not None
            assert other.holds.met == found[0].holds.met


def test_supports_and_changes_in_any_units() -> None:
    """Catches a search for supports, or for the least that a step must be worth more, that counts in dollars."""

    def hard(data: Data) -> None:
        for spec in data["measures"].values():
            spec |= {"irreversible": 0.6}

    def deposit(data: Data) -> None:
        data["supports"] = [{"id": "d", "title": "D", "party": "a", "breakdown": 9, "cost": {"b": 0.1}}]

    for changes in ((hard,), (hard, deposit)):
        found = [dt.unlock(in_units(Decimal(k), *changes), "give-a") for k in ("1", "1e-9")]
        told = []
        for k, one in zip((F(1), F("1e-9")), found, strict=True):
            values = () if one.changes is None else one.changes.values
            trust = None if one.changes is None or one.changes.trust is None else one.changes.trust.factor
            told.append(
                (one.answer, [o.supports for o in one.options], [{i: x / k for i, x in v.worth.items()} for v in values], trust)
            )
        assert told[0] == told[1]


def test_contingencies_in_any_units() -> None:
    """Catches a repair or an answer that depends on the unit."""
    found = [dt.prepare(in_units(Decimal(k)), repairs="every") for k in ("1", "1e-11", "1e11")]
    told = [[(c.event.event, c.event.phase, c.answer, c.why) for c in one.contingencies] for one in found]
    assert told[0]
    assert told[0] == told[1] == told[2]


def test_a_gap_is_a_share_however_small_the_values() -> None:
    """Catches a gap measured by a number of dollars: half of what could be had is half of it in any unit."""
    for k in (1e-11, 1.0, 1e11):
        assert shortfall("sum", k, 2 * k, 2) == pytest.approx(0.5)
    assert shortfall("min", 0.0, 0.0, 2) == 0.0
