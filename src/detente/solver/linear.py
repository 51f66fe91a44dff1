"""A mixed-integer linear programme built row by row, and HiGHS to solve it.

    maximise  c z   subject to   lower <= A z <= upper,   z within its bounds, some z whole

An `Expression` is a sum of columns with coefficients and a constant; a `Programme` gathers columns and rows and hands them
to HiGHS as arrays. Nothing here knows what the columns mean.

HiGHS: Huangfu and Hall 2018, Parallelizing the dual revised simplex method, Math. Prog. Comp. 10.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import SolverError
from detente.solver.apart import is_apart, solved

__all__ = ["Expression", "Programme", "Progress", "Solution", "TimeOverError", "UnboundedError", "column", "gathered", "total"]

Progress = Callable[[float, float, float], None]
"""Called with seconds since the start, the best value found (-inf: none yet) and the bound."""

Found = Callable[[float, NDArray[np.float64]], None]
"""Called with the value and the point of each better solution."""

_AROUND_KNOWN = ("mip_heuristic_run_rins", "mip_heuristic_run_rens", "mip_heuristic_run_root_reduced_cost")
_SET_UP = 500  # iterations that writing a programme and starting on it are worth (measured)
_STEP = 40  # iterations between two questions of the solver whether to go on, with whole numbers: 6 to 90 (measured)
_MOST = 2**31 - 1  # for the solver: no limit
_NO_COLUMNS = np.zeros(0, dtype=np.int64)
_NO_VALUES = np.zeros(0)


@dataclass(frozen=True)
class Expression:
    """constant + sum over n of values[n] * column[columns[n]]; a column may occur several times."""

    columns: NDArray[np.int64] = field(default_factory=lambda: _NO_COLUMNS)
    values: NDArray[np.float64] = field(default_factory=lambda: _NO_VALUES)
    constant: float = 0.0

    def __add__(self, other: Expression) -> Expression:
        return Expression(
            np.concatenate([self.columns, other.columns]),
            np.concatenate([self.values, other.values]),
            self.constant + other.constant,
        )

    def __mul__(self, factor: float) -> Expression:
        return Expression(self.columns, self.values * factor, self.constant * factor)

    __rmul__ = __mul__

    def __neg__(self) -> Expression:
        return self * -1.0

    def __sub__(self, other: Expression) -> Expression:
        return self + -other

    def at(self, point: NDArray[np.float64]) -> float:
        """Its value at a point, given as one number a column."""
        return self.constant + float(self.values @ point[self.columns])


def column(index: int) -> Expression:
    """One column as it is."""
    return Expression(np.array([index]), np.ones(1))


def total(parts: Iterable[Expression]) -> Expression:
    """The sum of expressions, in one pass."""
    every = list(parts)
    if not every:
        return Expression()
    return Expression(
        np.concatenate([e.columns for e in every]),
        np.concatenate([e.values for e in every]),
        math.fsum(e.constant for e in every),
    )


def gathered(expression: Expression) -> Expression:
    """The same with each column once, and none whose terms cancel."""
    columns, inverse = np.unique(expression.columns, return_inverse=True)
    values: NDArray[np.float64] = np.zeros(len(columns))
    np.add.at(values, inverse, expression.values)
    stays = ~(np.abs(values) <= 1e-13)  # what is no number stays, to be refused
    return Expression(columns[stays], values[stays], expression.constant)


class TimeOverError(SolverError):
    """The time was over before a programme was written."""


class UnboundedError(SolverError):
    """The objective of a programme has no end."""


@dataclass(frozen=True)
class Solution:
    """What a solve returned.

    status : "optimal" (to the gap asked for), "feasible" (stopped by a limit), "infeasible", or "limit" (stopped with nothing).
    point : one number a column; None without a solution.
    value, bound : of the objective; the bound is an upper one.
    reduced : of a relaxation, one number a column: by how much the optimum falls, at least, if a column at a bound moves by 1.
    timed : the time limit ended it. cut : the limit of work did. work : what it took, in non-zeros times iterations: the same
    on every machine.
    """

    status: str
    point: NDArray[np.float64] | None
    value: float
    bound: float
    reduced: NDArray[np.float64] | None = None
    timed: bool = False
    cut: bool = False
    work: float = 0.0


class Programme:
    """Columns and rows, kept as lists of arrays until they are handed over."""

    def __init__(self) -> None:
        self.size = 0
        self._lower: list[NDArray[np.float64]] = []
        self._upper: list[NDArray[np.float64]] = []
        self._whole: list[NDArray[np.bool_]] = []
        self._columns: list[NDArray[np.int64]] = []
        self._values: list[NDArray[np.float64]] = []
        self._starts: list[NDArray[np.int64]] = []
        self._row_lower: list[NDArray[np.float64]] = []
        self._row_upper: list[NDArray[np.float64]] = []
        self.rows = 0
        self.nonzeros = 0
        self.until = math.inf  # on the clock of `time.monotonic`: when writing it is given up

    def columns(self, count: int, lower: Any, upper: Any, *, whole: bool = False) -> NDArray[np.int64]:
        """Add columns; bounds are numbers or arrays of length `count`. Returns their indices."""
        if time.monotonic() > self.until:
            raise TimeOverError("the time was over before the rows of the case were written")
        self._lower.append(np.broadcast_to(np.asarray(lower, dtype=float), count))
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=float), count))
        self._whole.append(np.full(count, whole))
        self.size += count
        return np.arange(self.size - count, self.size)

    def variable(self, lower: float, upper: float) -> Expression:
        """Add one column, as an expression."""
        return column(int(self.columns(1, lower, upper)[0]))

    def row(self, expression: Expression, lower: float = 0.0, upper: float = math.inf) -> int:
        """lower <= expression <= upper. Returns the row's index."""
        if time.monotonic() > self.until:
            raise TimeOverError("the time was over before the rows of the case were written")
        once = gathered(expression)
        self._append(once.columns, once.values, np.array([self.nonzeros]))
        self._row_lower.append(np.array([lower - expression.constant]))
        self._row_upper.append(np.array([upper - expression.constant]))
        self.rows += 1
        return self.rows - 1

    def bounds(self, columns: NDArray[np.int64]) -> NDArray[np.float64]:
        """The lower and the upper bounds of columns, of shape (2, ..)."""
        return np.stack([_joined(self._lower)[columns], _joined(self._upper)[columns]])

    def tighten(self, row: int, margin: float) -> None:
        """Raise the lower side of a row by a margin."""
        _joined(self._row_lower)[row] += margin

    def drop(self, rows: Iterable[int]) -> None:
        """Let rows hold nothing any more; their place stays."""
        dropped = list(rows)
        _joined(self._row_lower)[dropped], _joined(self._row_upper)[dropped] = -np.inf, np.inf

    def at_most(self, small: NDArray[np.int64], large: NDArray[np.int64]) -> None:
        """column small[n] <= column large[n], a row each."""
        count = len(small)
        if count:
            columns = np.stack([small, large], axis=1).ravel()
            self._append(columns, np.tile([-1.0, 1.0], count), self.nonzeros + 2 * np.arange(count))
            self._row_lower.append(np.zeros(count))
            self._row_upper.append(np.full(count, np.inf))
            self.rows += count

    def _append(self, columns: NDArray[np.int64], values: NDArray[np.float64], starts: NDArray[np.int64]) -> None:
        self._columns.append(columns)
        self._values.append(values)
        self._starts.append(starts)
        self.nonzeros += len(columns)

    def solve(
        self,
        objective: Expression,
        *,
        gap: float = 1e-7,
        seconds: float = math.inf,
        work: float = math.inf,
        start: NDArray[np.float64] | None = None,
        progress: Progress | None = None,
        stop_at: float = math.inf,
        fixed: tuple[NDArray[np.int64], NDArray[np.float64]] | None = None,
        nodes: int | None = None,
        proving: bool = False,
        tolerance: float | None = None,
        here: bool = False,
        found: Found | None = None,
    ) -> Solution:
        """Maximise the objective.

        Parameters
        ----------
        gap : absolute gap at which a solution counts as optimal.
        seconds : time limit. work : limit of non-zeros times iterations, which does not depend on the machine; with whole
            numbers iterations are estimated by how often the solver asks whether to go on.
        start : a point to start from; only its whole columns need be right.
        stop_at : a value that is good enough; the search ends at the first solution that reaches it.
        fixed : columns and the values they are fixed at.
        nodes : end after so many nodes of the search tree: a limit that does not depend on the machine.
        proving : the start is as good as any and what is left is mostly its proof: no time for presolve, or for heuristics
            that look around known solutions. Halves the time of such a search (measured), and is no limit on what it finds.
        tolerance : by which a row, or a reduced cost, may be missed; None: what suits large programmes.
        here : in this process, however large; found : called, only here, with the value and point of each better solution.

        Raises
        ------
        UnboundedError
            If the objective has no end.
        SolverError
            If the solver refuses the programme or loses its way in it.
        """
        if not here and is_apart(self):
            asked: dict[str, Any] = {"gap": gap, "start": start, "stop_at": stop_at, "fixed": fixed}
            asked |= {"nodes": nodes, "proving": proving, "tolerance": tolerance, "work": work}
            return solved(self, objective, seconds=seconds, progress=progress, **asked)
        import highspy as solver

        highspy: Any = solver
        highs: Any = highspy._Highs()  # `Highs` itself prints a banner before it can be told to be quiet
        highs.setOptionValue("output_flag", False)
        model, whole = self._model(highspy, objective, fixed)
        began = time.monotonic()
        options: dict[str, Any] = {
            "threads": 1,
            "random_seed": 0,
            "mip_abs_gap": gap,
            "mip_rel_gap": 0.0,
            "mip_feasibility_tolerance": 1e-7,
            "primal_feasibility_tolerance": 1e-8,
        }
        iterations = work / max(1, self.nonzeros)
        if not whole.any():
            options |= _iterations(iterations)
        if nodes is not None:
            options["mip_max_nodes"] = nodes
        if proving:
            options |= {"presolve": "off"} | dict.fromkeys(_AROUND_KNOWN, False)
        if tolerance is not None:
            options |= {"primal_feasibility_tolerance": tolerance, "dual_feasibility_tolerance": tolerance}
        if math.isfinite(seconds):
            options["time_limit"] = max(seconds, 0.01)
        if math.isfinite(stop_at):
            options["objective_target"] = -stop_at
        for name, option in options.items():
            if highs.setOptionValue(name, option) == highspy.HighsStatus.kError:
                raise SolverError(f"the solver does not know the option {name}")
        if highs.passModel(model) == highspy.HighsStatus.kError:
            raise SolverError("the solver refused the model: a bound is out of order")
        if start is not None and whole.any():
            chosen = np.flatnonzero(whole)
            highs.setSolution(len(chosen), chosen.astype(np.int32), np.round(start[chosen]))
        if whole.any():
            self._report(highspy, highs, progress, found, began, math.ceil(min(iterations / _STEP, _MOST)))
        highs.run()
        spent = self.nonzeros * (_SET_UP + float(max(highs.getInfo().simplex_iteration_count, 0)))
        return replace(self._solution(highspy, highs, bool(whole.any())), work=spent)

    def gathered(self) -> Programme:
        """The same programme, its lists of arrays become one array each (which costs less to hand over)."""
        for parts in (self._lower, self._upper, self._whole, self._columns, self._values, self._starts):
            _joined(parts)
        _joined(self._row_lower), _joined(self._row_upper)
        return self

    def since(self, columns: int, rows: int) -> tuple[Any, ...]:
        """What was added after the first `columns` and `rows`: bounds of columns; sides, starts, columns, values of rows."""
        starts = np.append(_joined(self._starts), self.nonzeros)[rows:]
        first = int(starts[0])
        bounds = _joined(self._lower)[columns:], _joined(self._upper)[columns:]
        sides = _joined(self._row_lower)[rows:], _joined(self._row_upper)[rows:]
        return *bounds, *sides, starts[:-1] - first, _joined(self._columns)[first:], _joined(self._values)[first:]

    def _model(
        self,
        highspy: Any,
        objective: Expression,
        fixed: tuple[NDArray[np.int64], NDArray[np.float64]] | None = None,
        *,
        relaxed: bool = False,
    ) -> tuple[Any, NDArray[np.bool_]]:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.size, self.rows
        # HiGHS minimises more robustly than it maximises with an objective target: the sign is turned here and back again below
        model.col_cost_ = -np.bincount(objective.columns, objective.values, minlength=self.size)
        model.offset_ = -objective.constant
        model.col_lower_, model.col_upper_ = _joined(self._lower), _joined(self._upper)
        if fixed is not None:
            lower, upper = np.array(model.col_lower_), np.array(model.col_upper_)
            lower[fixed[0]] = upper[fixed[0]] = fixed[1]
            model.col_lower_, model.col_upper_ = lower, upper
        if self.rows:
            model.row_lower_, model.row_upper_ = _joined(self._row_lower), _joined(self._row_upper)
            model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
            model.a_matrix_.start_ = np.append(_joined(self._starts), self.nonzeros).astype(np.int32)
            model.a_matrix_.index_ = _joined(self._columns).astype(np.int32)
            model.a_matrix_.value_ = values = _joined(self._values)
            if not np.isfinite(values).all():  # the solver itself would take it for a zero
                raise SolverError("the model has a coefficient that is no finite number; look for values of an extreme size")
        whole = np.zeros(self.size, dtype=bool) if relaxed else _joined(self._whole)
        if whole.any():
            kinds = np.array([highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger], dtype=object)
            model.integrality_ = list(kinds[whole.astype(int)])
        return model, whole

    def _report(
        self, highspy: Any, highs: Any, progress: Progress | None, found: Found | None, began: float, steps: int
    ) -> None:
        """Tell of the search, and end it after so many steps."""
        kinds, left = highspy.cb.HighsCallbackType, iter(range(steps))

        def report(kind: Any, _message: str, out: Any, back: Any, _data: Any) -> None:
            if kind == kinds.kCallbackMipInterrupt:
                back.user_interrupt = next(left, None) is None
            elif kind == kinds.kCallbackMipLogging and progress is not None:
                progress(time.monotonic() - began, -out.mip_primal_bound, -out.mip_dual_bound)
            elif kind == kinds.kCallbackMipImprovingSolution and found is not None:
                found(-out.objective_function_value, np.array(out.mip_solution))

        highs.setCallback(report, None)
        if steps < _MOST:
            highs.startCallback(kinds.kCallbackMipInterrupt)
        if progress is not None:
            highs.startCallback(kinds.kCallbackMipLogging)
        if found is not None:
            highs.startCallback(kinds.kCallbackMipImprovingSolution)

    def _solution(self, highspy: Any, highs: Any, has_whole: bool) -> Solution:
        status, info = highs.getModelStatus(), highs.getInfo()
        kinds = highspy.HighsModelStatus
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        point = np.array(highs.getSolution().col_value) if found else None
        value = -info.objective_function_value if found else -math.inf
        bound = -info.mip_dual_bound if has_whole else value
        if status == kinds.kOptimal:
            return Solution("optimal", point, value, bound)
        if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
            return Solution("infeasible", None, -math.inf, -math.inf)
        if status in (kinds.kTimeLimit, kinds.kObjectiveTarget, kinds.kSolutionLimit, kinds.kInterrupt, kinds.kIterationLimit):
            # a relaxation that was cut short proves nothing
            bound = bound if has_whole else math.inf
            ended = {"timed": status == kinds.kTimeLimit, "cut": status in (kinds.kInterrupt, kinds.kIterationLimit)}
            return Solution("feasible" if found else "limit", point, value, bound, **ended)
        raise (UnboundedError if status == kinds.kUnbounded else SolverError)(
            f"the solver ended with {highs.modelStatusToString(status)!r}: look for values that differ by many orders of "
            "magnitude, and for a discount so near to 1 that its 1 / (1 - d) does"
        )


def _iterations(most: float) -> dict[str, int]:
    """Options of the solver that limit the iterations of a relaxation."""
    return {"simplex_iteration_limit": math.ceil(most)} if most < _MOST else {}


def _joined(parts: list[Any]) -> NDArray[Any]:
    """The parts of a list of arrays as the one that it then holds."""
    if len(parts) != 1 or not parts[0].flags.writeable:
        parts[:] = [np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)]
    out: NDArray[Any] = parts[0]
    return out


class Relaxation:
    """A programme without whole numbers, solved again and again from where it stood as columns and rows are added to it.

    interior : solve it the first time by an interior point, which is the steadier way in large cases.
    Rows of the programme that are tightened or dropped after they were handed over keep their old sides here.
    """

    def __init__(self, programme: Programme, *, interior: bool = False) -> None:
        import highspy as solver

        self._first = "ipm" if interior else "choose"

        self._highspy: Any = solver
        self._programme = programme
        self._objective: Expression | None = None
        self._highs: Any = None
        self._size = self._rows = 0

    def solve(self, objective: Expression, seconds: float, work: float = math.inf) -> Solution:
        """Maximise; a relaxation that was cut short has no point and no bound. seconds, work : as of `Programme.solve`."""
        highspy, programme = self._highspy, self._programme
        if self._highs is None:
            self._highs = highspy._Highs()
            self._highs.setOptionValue("output_flag", False)
            self._highs.setOptionValue("threads", 1)
            self._highs.setOptionValue("solver", self._first)
            self._highs.passModel(programme._model(highspy, objective, relaxed=True)[0])
        else:
            self._highs.setOptionValue("solver", "choose")
            self._extend()
            if objective is not self._objective:
                size = programme.size
                cost = -np.bincount(objective.columns, objective.values, minlength=size)
                self._highs.changeColsCost(size, np.arange(size, dtype=np.int32), cost)
                self._highs.changeObjectiveOffset(-objective.constant)
        self._objective = objective
        self._size, self._rows = programme.size, programme.rows
        if math.isfinite(seconds):
            self._highs.setOptionValue("time_limit", self._highs.getRunTime() + max(seconds, 0.01))
        for name, most in _iterations(work / max(1, programme.nonzeros)).items():
            self._highs.setOptionValue(name, most)
        self._highs.run()
        spent = programme.nonzeros * (_SET_UP + float(max(self._highs.getInfo().simplex_iteration_count, 0)))
        return replace(self._solution(), work=spent)

    def _solution(self) -> Solution:
        status, kinds = self._highs.getModelStatus(), self._highspy.HighsModelStatus
        if status == kinds.kOptimal:
            value = -float(self._highs.getInfo().objective_function_value)
            solution = self._highs.getSolution()
            return Solution("optimal", np.array(solution.col_value), value, value, np.abs(solution.col_dual))
        if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
            return Solution("infeasible", None, -math.inf, -math.inf)
        ended = {"timed": status == kinds.kTimeLimit, "cut": status == kinds.kIterationLimit}
        return Solution("limit", None, -math.inf, math.inf, **ended)

    def _extend(self) -> None:
        lower, upper, row_lower, row_upper, starts, index, value = self._programme.since(self._size, self._rows)
        if len(lower):
            none = np.zeros(0, dtype=np.int32)
            count = len(lower)
            self._highs.addCols(count, np.zeros(count), lower, upper, 0, np.zeros(count, dtype=np.int32), none, np.zeros(0))
        if len(row_lower):
            starts, index = starts.astype(np.int32), index.astype(np.int32)
            self._highs.addRows(len(row_lower), row_lower, row_upper, len(index), starts, index, value)
