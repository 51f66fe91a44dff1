"""Whether each side answers the other in kind: a lagged regression of its counts on those of the other, both ways.

Model. y_t: how many cooperative (or hostile) events of one side towards the other there are in period t; x_t: the same of the
other side. With K lags

    log E[y_t | past] = c + sum_{k=1..K} a_k log(1 + y_{t-k}) + sum_{k=1..K} b_k log(1 + x_{t-k})

the log-linear count autoregression (Fokianos and Tjostheim 2011) with the other side's past added. a: habit, the side goes on
as it did; b: reciprocity, it answers. **Ratio** of lag k: 2^b_k, by how much the expected count is multiplied when (1 + the
other side's count) of k periods ago is doubled; 1: no answer, more than 1: in kind, less than 1: the opposite.

Estimation. Poisson quasi-likelihood, which is consistent for a correct mean whatever the spread of the counts (Gourieroux,
Monfort and Trognon 1984). Its covariance is taken twice: scaled by the dispersion (quasi-Poisson), and allowing for any
spread and for what is left of autocorrelation (Newey and West 1987; Bartlett weights up to floor(4 (n/100)^(2/9)) lags; times
n / (n - parameters)). Of each error and of each joint test the more cautious of the two is reported: in short series either
alone finds answers too often. Intervals of 95% and the joint test of b_1 = .. = b_K = 0 take t and F distributions with n -
parameters degrees of freedom. `dispersion`: Pearson's chi-square over these degrees of freedom; 1 for Poisson counts, more
where events come in bursts.

Reciprocity as a regression on the other side's past: Goldstein and Freeman 1990, Three-Way Street; events as counts: King 1989,
Event Count Models for International Relations; on event data by month: Schrodt and Gerner 2000.

What it is not: proof that one side reacts to the other. What drives both (elections, a third party, the attention of the press)
looks like reciprocity; answers within one period do not show at all, so the length of the period decides what can be seen.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.base.plain import told
from detente.errors import RecordError
from detente.record.relation.acts import between, counts
from detente.record.workspace import Workspace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Lag", "Reciprocity", "Response", "reciprocity", "regressed"]

PER_PARAMETER = 5  # periods for each parameter, at least
LEAST = 20  # periods after the lags, at least
LEVEL = 0.95
_RUNAWAY = 30.0  # a coefficient of this size stands for a probability of zero or one, which is never reached


@dataclass(frozen=True)
class Lag:
    """The answer to the other side's count of so many periods ago: coefficient b, and the ratio with its 95% interval."""

    lag: int
    coefficient: float
    error: float
    ratio: float
    low: float
    high: float
    p: float

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        lag : so many periods before
        coefficient : b
        standard_error : its error
        ratio : 2^b
        p : of the test against no answer at this lag
        """
        return told(self, "lag coefficient standard_error=error ratio low high p", digits=6)


@dataclass(frozen=True)
class Response:
    """Whether `side` answers `to` in kind. `kind`: cooperation or conflict.

    p : of the joint test against no answer at any lag. habit : the coefficients a by lag. events : of the side, of the other.
    why : why it could not be estimated; then there are no lags.
    """

    side: str
    to: str
    kind: str
    events: tuple[int, int]
    lags: tuple[Lag, ...] = ()
    habit: tuple[float, ...] = ()
    p: float | None = None
    dispersion: float | None = None
    why: str = ""

    def __bool__(self) -> bool:
        """Whether no answer is ruled out at the level of 5%."""
        return self.p is not None and self.p < 1 - LEVEL

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        side : who answers
        kind : `cooperation` or `conflict`
        dispersion : 1 for Poisson counts, more for bursts
        """
        return {**told(self, "side to kind events lags habit p", digits=6), **told(self, "dispersion why", digits=4)}


@dataclass(frozen=True)
class Reciprocity:
    """Both ways, for cooperation and for conflict; `periods`: how many after the lags."""

    a: str
    b: str
    by: str
    lags: int
    first: datetime.date
    last: datetime.date
    periods: int
    answers: tuple[Response, ...]

    def of(self, side: str, kind: str) -> Response:
        return next(x for x in self.answers if (x.side, x.kind) == (side, kind))

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        by : the period
        lags : K
        periods : how many after the lags
        """
        return told(self, "a b by lags from=first to=last periods answers")


def reciprocity(
    workspace: Workspace, a: str, b: str, *, by: str = "week", lags: int = 2, formats: Sequence[str] = ()
) -> Reciprocity:
    """Whether each of two countries, ISO 3166-1 alpha-3 or names, answers the other in kind.

    by : day, week or month. lags : K, at least 1. formats : only events of these; empty: of all.

    Raises
    ------
    RecordError
        If the record has no events between the two, the series is too short for so many lags, or no regression can
        be estimated; where some can, the others say why not. Or if statsmodels is not installed.
    """
    _installed()
    if lags < 1:
        raise RecordError(f"lags: got {lags}, wanted 1 or more")
    with between(workspace, a, b, formats) as (connection, a, b):
        there, back = counts(connection, a, b, by)
    n, parameters = len(there.periods) - lags, 2 * lags + 1
    wanted = max(LEAST, PER_PARAMETER * parameters)
    if n < wanted:
        message = f"{workspace.path}: too short: {len(there.periods)} {by}s between {a} and {b}, wanted {wanted + lags}"
        raise RecordError(f"{message} for {lags} lags (take shorter periods or fewer lags)", source=str(workspace.path))
    answers = []
    for kind, field in (("cooperation", "cooperative"), ("conflict", "hostile")):
        series = {a: getattr(there, field), b: getattr(back, field)}
        answers += [_answer(series[x], series[y], x, y, kind, lags) for x, y in ((a, b), (b, a))]
    if not any(x.lags for x in answers):
        reasons = "; ".join(f"{x.side} to {x.to}, {x.kind}: {x.why}" for x in answers)
        raise RecordError(
            f"{workspace.path}: none of the four regressions can be estimated: {reasons}", source=str(workspace.path)
        )
    return Reciprocity(a, b, by, lags, there.periods[0], there.periods[-1], n, tuple(answers))


def _answer(y: Sequence[int], x: Sequence[int], side: str, to: str, kind: str, lags: int) -> Response:
    events = (sum(y), sum(x))
    try:
        found = regressed(y, x, lags)
    except RecordError as err:
        return Response(side, to, kind, events, why=str(err))
    return Response(side, to, kind, events, *found)


def regressed(y: Sequence[int], x: Sequence[int], lags: int) -> tuple[tuple[Lag, ...], tuple[float, ...], float, float]:
    """The answers in y to x by lag, the habit, p of the joint test, and the dispersion.

    Raises
    ------
    RecordError
        If the counts leave nothing to estimate, or the estimate does not converge.
    """
    import numpy as np

    for name, series in (("the side's own counts", y[lags:]), ("the other's counts", x[:-1])):
        if not any(series):
            raise RecordError(f"no events in {name}")
        if len(set(series)) == 1:
            raise RecordError(f"{name} are the same in every period")
    own, other = (np.log1p(np.asarray(s, float)) for s in (y, x))
    target = np.asarray(y[lags:], float)
    columns = [s[lags - k : len(s) - k] for s in (own, other) for k in range(1, lags + 1)]
    design = np.column_stack([np.ones(len(target)), *columns])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise RecordError("the counts of the two sides say the same, so that their parts cannot be told apart")
    return _read(_fit(target, design), lags, len(target))


def _fit(target: NDArray[np.float64], design: NDArray[np.float64]) -> Any:
    import warnings

    import numpy as np
    import statsmodels.api as sm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit = sm.GLM(target, design, family=sm.families.Poisson()).fit(maxiter=200, scale="X2")
        except (np.linalg.LinAlgError, ValueError, FloatingPointError) as err:
            raise RecordError(f"the estimate breaks down ({err})") from None
    if not fit.converged or not np.isfinite(fit.params).all() or np.abs(fit.params).max() > _RUNAWAY:
        raise RecordError("the estimate does not converge: some past counts go with no events at all")
    return fit


def _read(fit: Any, lags: int, n: int) -> tuple[tuple[Lag, ...], tuple[float, ...], float, float]:
    import numpy as np
    from scipy.stats import f, t
    from statsmodels.stats.sandwich_covariance import cov_hac

    free = n - 2 * lags - 1
    b = np.asarray(fit.params)[lags + 1 :]
    reach = int(4 * (n / 100) ** (2 / 9))
    both = [
        np.asarray(covariance)[lags + 1 :, lags + 1 :]
        for covariance in (fit.cov_params(), cov_hac(fit, nlags=reach, use_correction=True))
    ]
    errors = np.sqrt(np.maximum(*(np.diag(covariance) for covariance in both)))
    if not (np.isfinite(errors).all() and (errors > 0).all()):
        raise RecordError("the estimate has no finite error")
    wald = min(float(b @ np.linalg.solve(covariance, b)) / lags for covariance in both)
    width = float(t.ppf((1 + LEVEL) / 2, free))
    found = tuple(
        Lag(
            k + 1,
            float(b[k]),
            float(errors[k]),
            float(2 ** b[k]),
            float(2 ** (b[k] - width * errors[k])),
            float(2 ** (b[k] + width * errors[k])),
            float(2 * t.sf(abs(b[k]) / errors[k], free)),
        )
        for k in range(lags)
    )
    habit = tuple(float(a) for a in np.asarray(fit.params)[1 : lags + 1])
    return found, habit, float(f.sf(wald, lags, free)), float(fit.pearson_chi2 / free)


def _installed() -> None:
    from importlib.util import find_spec

    missing = [name for name in ("statsmodels", "scipy") if find_spec(name) is None]
    if missing:
        raise RecordError(f"reciprocity needs {' and '.join(missing)} (pip install 'detente[statistics]')")
