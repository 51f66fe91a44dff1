"""The programme that is handed to the solver, against small ones that are solved by trying every point."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import SolverError
from detente.solver.linear import Expression, Programme, Relaxation, total

small = st.integers(-4, 4)


def of(columns: list[int], values: list[float], constant: float = 0.0) -> Expression:
    return Expression(np.array(columns, dtype=np.int64), np.array(values, dtype=float), constant)


@st.composite
def rows(draw: st.DrawFn, columns: int) -> tuple[Expression, float, float]:
    """An expression over the columns, some of them named twice, and its two sides."""
    named = draw(st.lists(st.integers(0, columns - 1), min_size=1, max_size=5))
    values = [float(draw(small)) for _ in named]
    low = draw(st.integers(-6, 2))
    return of(named, values, float(draw(small))), float(low), float(low + draw(st.integers(0, 9)))


@st.composite
def programmes(draw: st.DrawFn) -> tuple[list[tuple[Expression, float, float]], Expression]:
    return draw(st.lists(rows(4), max_size=5)), draw(rows(4))[0]


def best(given_rows: list[tuple[Expression, float, float]], goal: Expression, pairs: list[tuple[int, int]]) -> float:
    """The largest value of the goal over the 16 points; -inf: none is allowed."""
    reached = -math.inf
    for corner in itertools.product([0.0, 1.0], repeat=4):
        point = np.array(corner)
        kept = all(low <= e.at(point) <= high for e, low, high in given_rows)
        if kept and all(point[a] <= point[b] for a, b in pairs):
            reached = max(reached, goal.at(point))
    return reached


pairs_of_columns = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda p: p[0] != p[1]), max_size=3)


@settings(max_examples=150)
@given(programmes(), pairs_of_columns, st.data())
def test_the_optimum_is_the_best_point(
    drawn: tuple[list[tuple[Expression, float, float]], Expression], pairs: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Rows with constants, columns named twice and coefficients that cancel; then a row tightened, one dropped, a column fixed.

    Catches a row that is handed over with another side or sense, and a change that reaches the wrong row.
    """
    given_rows, goal = drawn
    programme = Programme()
    programme.columns(4, 0.0, 1.0, whole=True)
    first = [programme.row(*row) for row in given_rows[:2]]
    programme.at_most(np.array([a for a, _ in pairs], dtype=np.int64), np.array([b for _, b in pairs], dtype=np.int64))
    numbers = first + [programme.row(*row) for row in given_rows[2:]]

    def agrees() -> None:
        expected = best(given_rows, goal, pairs)
        solution = programme.solve(goal)
        assert solution.value == pytest.approx(expected)
        assert (solution.status, solution.point is None) == (
            ("infeasible", True) if expected == -math.inf else ("optimal", False)
        )
        if solution.point is not None:
            assert goal.at(solution.point) == pytest.approx(expected)
            assert solution.bound == pytest.approx(expected)

    agrees()
    if given_rows:
        which = data.draw(st.integers(0, len(given_rows) - 1))
        e, low, high = given_rows[which]
        if low + 1 <= high:
            programme.tighten(numbers[which], 1.0)
            given_rows[which] = (e, low + 1.0, high)
            agrees()
        programme.drop([numbers[which]])
        given_rows[which] = (Expression(), 0.0, 0.0)
        agrees()
    column, value = data.draw(st.integers(0, 3)), data.draw(st.integers(0, 1))
    solution = programme.solve(goal, fixed=(np.array([column]), np.array([float(value)])))
    assert solution.value == pytest.approx(best([*given_rows, (of([column], [1.0]), value, value)], goal, pairs))


@settings(max_examples=100)
@given(programmes(), programmes())
def test_a_relaxation_that_grows_is_solved_as_if_anew(
    one: tuple[list[tuple[Expression, float, float]], Expression], two: tuple[list[tuple[Expression, float, float]], Expression]
) -> None:
    """Rows and columns are added after a first solve, and the goal changes: catches a start index or a sign that only the
    second solve has."""
    programme = Programme()
    programme.columns(4, 0.0, 1.0)
    for row in one[0]:
        programme.row(*row)
    relaxation = Relaxation(programme)
    first = relaxation.solve(one[1], math.inf)
    anew = programme.solve(one[1])
    assert (first.status, first.value) == (anew.status, pytest.approx(anew.value))
    if first.status != "optimal":
        return
    extra = int(programme.columns(1, 0.0, 2.0)[0])
    for e, low, high in two[0]:
        programme.row(e + of([extra], [1.0]), low, high)
    goal = two[1] - of([extra], [0.5])
    again, anew = relaxation.solve(goal, math.inf), programme.solve(goal)
    assert (again.status, again.value) == (anew.status, pytest.approx(anew.value))
    if again.point is not None:
        assert goal.at(again.point) == pytest.approx(anew.value)


@given(st.lists(rows(4), max_size=4), st.lists(small, min_size=4, max_size=4))
def test_expressions_add_up(parts: list[tuple[Expression, float, float]], corner: list[int]) -> None:
    """Sums, differences and multiples mean at every point what they mean for numbers."""
    point = np.array(corner, dtype=float)
    every = [e for e, _, _ in parts]
    assert total(every).at(point) == pytest.approx(sum(e.at(point) for e in every))
    for a, b in itertools.pairwise(every):
        assert (2.5 * a - b).at(point) == pytest.approx(2.5 * a.at(point) - b.at(point))


def knapsack(count: int) -> tuple[Programme, Expression]:
    """Choose among weights so that the sum comes as near as it can to an odd number from below: slow to prove."""
    programme = Programme()
    columns = list(map(int, programme.columns(count, 0.0, 1.0, whole=True)))
    weights = [float(2 * (1000 + 37 * n * n % 997)) for n in range(count)]
    programme.row(of(columns, weights), -math.inf, sum(weights) // 2 // 2 * 2 + 1)
    return programme, of(columns, weights)


def test_a_limit_proves_nothing() -> None:
    """Stopped after one node: a bound that is still above the value, or no claim of an optimum. Catches "optimal" for a search
    that was cut short."""
    programme, goal = knapsack(40)
    solution = programme.solve(goal, nodes=1)
    assert solution.status in ("feasible", "limit", "optimal")
    if solution.status == "optimal":
        assert solution.bound - solution.value < 1
    assert solution.bound >= programme.solve(goal).value - 1e-6


def test_good_enough_ends_the_search() -> None:
    """A target that is reached at once; what is returned reaches it and its bound stays honest."""
    programme, goal = knapsack(30)
    solution = programme.solve(goal, stop_at=10.0)
    assert solution.point is not None
    assert solution.value >= 10.0
    assert solution.bound >= solution.value - 1e-6


def test_what_the_solver_cannot_take() -> None:
    """A programme without rows is solved; an endless coefficient, or a value without end, is refused and not answered."""
    programme = Programme()
    programme.columns(1, 0.0, 3.0)
    assert programme.solve(of([0], [2.0], 1.0)).value == 7.0
    programme.row(of([0], [math.inf]))
    with pytest.raises(SolverError):
        programme.solve(of([0], [1.0]))
    unbounded = Programme()
    unbounded.columns(1, 0.0, math.inf)
    with pytest.raises(SolverError):
        unbounded.solve(of([0], [1.0]))
