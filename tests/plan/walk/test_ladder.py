"""Where trust is scarce the planner starts from walks: it finds no less than the walks of `compare` do."""

from __future__ import annotations

from fractions import Fraction

import pytest

from detente.case.load import load
from detente.compare.levels import filled
from detente.compare.pool import Pool
from detente.compare.trust import factor_of, scaled
from detente.plan.certificate import certify
from detente.plan.search.objective import welfare
from detente.plan.solve import plan
from detente.plan.walk.ladder import descended
from detente.solver.effort import Effort

CASE = load("us-dprk-2019")
LEVELS = [Fraction(n, 1000) for n in (10, 15, 20, 30, 50)]


@pytest.fixture(scope="module")
def pool() -> Pool:
    """The roadmaps of `compare --frontier`, without a plan made before."""
    return filled(CASE, "nash", (), thorough=True)


@pytest.mark.nightly
@pytest.mark.parametrize("level", LEVELS)
def test_the_plan_is_worth_no_less_than_the_walks_of_compare(level: Fraction, pool: Pool) -> None:
    """Catches a search that ends with whole numbers where walks come further."""
    factor = factor_of(CASE.instance, level)
    instance = scaled(CASE.instance, factor)
    made, best = plan(instance, reasons=False), pool.best(factor)
    assert best is not None
    assert made.certificate.holds
    assert welfare("nash", made.certificate, instance) >= best.worth


def test_walks_find_a_roadmap_at_the_lowest_level() -> None:
    """At one percent: catches a ladder that ends in nothing."""
    factor = factor_of(CASE.instance, LEVELS[0])
    first = descended(scaled(CASE.instance, factor), "nash", Effort())
    assert first is not None
    certificate = certify(scaled(CASE.instance, factor), first)
    assert certificate.holds
    best = filled(CASE, "nash", (), thorough=False).best(factor)
    assert best is not None
    assert welfare("nash", certificate, CASE.instance) >= best.worth


def test_neither_chance_nor_the_clock_decides() -> None:
    """Catches a ladder that ends elsewhere the second time: where trust is scarce, on a smaller case."""
    firms = load("supplier-dispute")
    factor = factor_of(firms.instance, LEVELS[-1])
    first, second = (descended(scaled(firms.instance, factor), "nash", Effort()) for _ in range(2))
    assert first is not None
    assert first == second
