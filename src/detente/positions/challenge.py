"""The challenge model, for comparison: actors who threaten each other move until nobody gains by more.

After Scholz, Calbert and Smith 2011 (Unravelling Bueno de Mesquita's group decision model, J. Theoretical Politics 23), who
took it from Bueno de Mesquita 1985 and 1994. It is here because it is known, not because it forecasts well: see the
explanation.

For actors with position x, capability c and salience s in [0, 1], range R, d(i,j) = |x_i - x_j| / R, m the weighted median
(weights c s), and r the risk exponent of the actor from whose view all this is seen:

    U_success  = 2 - 4 (1/2 - d(i,j)/2)^r            U_failure = 2 - 4 (1/2 + d(i,j)/2)^r           U_same = 2 - 4 (1/2)^r
    U_better   = 2 - 4 (1/2 - (d(i,m) + d(i,j))/4)^r      U_worse = 2 - 4 (1/2 + (d(i,m) + d(i,j))/4)^r
    vote of k for x_i against x_j    v_k = c_k s_k (d(k,j)^e - d(k,i)^e)
    P(i,j)   = sum_k max(v_k, 0) / denominator
    E(i,j)   = s_j (P U_success + (1 - P) U_failure) + (1 - s_j) U_success
               - Q U_same - (1 - Q) (T U_better + (1 - T) U_worse) ,     T = 1 if d(i,m) < d(i,j), else 0

A round: (1) with r = 1 for all, the danger of i is the sum over j of E(j,i); R_i = (2 danger_i - max - min) / (max - min);
r_i = (1 - R_i/3) / (1 + R_i/3). (2) Actor i looks at every j elsewhere, with its own r: at E(i,j) and E(j,i).
Where E(j,i) > E(i,j) > 0 it faces a *confrontation* and would have to move to x_j; where E(j,i) > 0 > E(i,j), a *compromise*,
and would move by (x_j - x_i) |E(i,j) / E(j,i)|, if E(j,i) > |E(i,j)|, else to x_j (*capitulation*). (3) Of these offers it
takes one; all move together.

Choices that the literature leaves open, the paper's first:

    q             1, or any share: how likely i thinks it that things stay as they are without a challenge
    denominator   all: |v_k| summed over all k and all ordered pairs of positions; pair: over all k for this pair; third: the
                  same without i and j, above the line too; positive: all, positive votes only
    votes         risk: e is the voter's own r; plain: e = 1
    order         types: a confrontation goes before a compromise, that before a capitulation; within a kind the least move, but
                  of compromises the one with the lowest (|E(i,j)| x_i + |E(j,i)| x_j) / (|E(i,j)| + |E(j,i)|), which is what
                  the authors' program does and makes the model see left and right differently; nearest: types, and always the
                  least move; least: the least move of all offers, which is what the text says
    range         first: R is that of the positions at the start; current: of those in each round
    rounds, settle   at most so many rounds (8 are printed); it ends before if nobody moves, or if `settle` is stated and the
                  median moves by less than this many hundredths of the range

Ties go to the lower position. With these defaults the rounds of the emission standards of 1994 come out as printed, but one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import PositionsError
from detente.positions.panel import Panel

if TYPE_CHECKING:
    from detente.positions.panel import Floats

__all__ = ["Challenge", "Offer", "Round", "Variant", "challenge", "forecasts"]

CHOICES = {
    "denominator": ("all", "pair", "third", "positive"),
    "votes": ("risk", "plain"),
    "order": ("types", "nearest", "least"),
    "range": ("first", "current"),
}
KINDS = ("confrontation", "compromise", "capitulation")
TINY = 1e-12


@dataclass(frozen=True)
class Variant:
    """The choices, as the module says; the paper's by default."""

    q: float = 1.0
    denominator: str = "all"
    votes: str = "risk"
    order: str = "types"
    range: str = "first"
    rounds: int = 8
    settle: float | None = None

    def __post_init__(self) -> None:
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                raise PositionsError(f"got {getattr(self, name)!r} as {name} of the challenge model, wanted {', '.join(known)}")
        if not 0 <= self.q <= 1:
            raise PositionsError(f"got {self.q:g} as q of the challenge model, wanted 0 to 1")
        if self.rounds < 1:
            raise PositionsError(f"got {self.rounds} rounds of the challenge model, wanted at least 1")
        if self.settle is not None and not self.settle >= 0:
            raise PositionsError(f"got {self.settle:g} as settle of the challenge model, wanted at least 0")


@dataclass(frozen=True)
class Offer:
    """What an actor faces at another's hands: where it would move; gains, theirs : E(i,j) and E(j,i) in its eyes."""

    actor: str
    to: str
    kind: str
    position: float
    gains: float
    theirs: float
    taken: bool


@dataclass(frozen=True)
class Round:
    """One round: all offers, and the positions, weighted median and weighted mean after it."""

    number: int
    median: float
    mean: float
    positions: tuple[float, ...]
    risk: tuple[float, ...]
    offers: tuple[Offer, ...]


@dataclass(frozen=True)
class Challenge:
    """The rounds of the challenge model. forecast : the median after the last of them."""

    variant: Variant
    forecast: float
    rounds: tuple[Round, ...]

    def to_dict(self, *, trace: bool = False) -> dict[str, object]:
        """As JSON says it; with every offer, where asked.

        variant : the choices made (`q`, `denominator`, `votes`, `order`, `range`, `rounds`, `settle`)
        medians : after each round
        means : the weighted mean after each round
        rounds : with `--trace`, else `null`: each with `number`, `median`, `mean`, `positions` and `risk` of the actors in
            their order, and `offers`: `actor` faces `kind` from `to` and would move to `position`; `gains` and `theirs` are
            E(i,j) and E(j,i) in its eyes; `taken`: whether it does
        """
        rounds = [asdict(r) for r in self.rounds]
        by_round = {"medians": [r.median for r in self.rounds], "means": [r.mean for r in self.rounds]}
        return {"variant": asdict(self.variant), "forecast": self.forecast, **by_round, "rounds": rounds if trace else None}


def challenge(x: Floats, s: Floats, c: Floats, names: tuple[str, ...], variant: Variant) -> Challenge:
    """Play the rounds. x, s, c : ndarray(float, ndim=1) of shape (n,); s in [0, 1]."""
    x, w = np.array(x, dtype=float), c * s
    if w.sum() <= 0:
        w = c
    first = float(np.ptp(x))
    rounds: list[Round] = []
    before = _median(x, w)
    for number in range(1, variant.rounds + 1):
        span = first if variant.range == "first" else float(np.ptp(x))
        if span <= TINY:
            break
        offers, risk = _offers(x, s, w, span, names, variant)
        x = x.copy()
        for i, _, offer in offers:
            if offer.taken:
                x[i] = offer.position
        middle = _median(x, w)
        rounds.append(
            Round(
                number, middle, float(w @ x / w.sum()), tuple(x.tolist()), tuple(risk.tolist()), tuple(o for _, _, o in offers)
            )
        )
        settled = variant.settle is not None and abs(middle - before) < variant.settle * first / 100
        if settled or not any(o.taken for _, _, o in offers):
            break
        before = middle
    return Challenge(variant, _median(x, w), tuple(rounds))


def _median(x: Floats, w: Floats) -> float:
    order = np.argsort(x, kind="stable")
    below = np.cumsum(w[order])
    half = below[-1] / 2
    low, high = np.searchsorted(below, [half - TINY * half, half + TINY * half])
    return float(x[order][low] + x[order][min(high, len(x) - 1)]) / 2


def _offers(
    x: Floats, s: Floats, w: Floats, span: float, names: tuple[str, ...], variant: Variant
) -> tuple[list[tuple[int, int, Offer]], Floats]:
    d = np.abs(x[:, None] - x) / span
    dm = np.abs(x - _median(x, w)) / span
    ones = np.ones(len(x))
    E = _expected(d, dm, s, _probability(d, w, ones, variant), 1.0, variant.q)
    danger = E.sum(axis=0) - np.diag(E)
    wide = np.ptp(danger)
    R = (2 * danger - danger.max() - danger.min()) / wide if wide > TINY else np.zeros(len(x))
    r = (1 - R / 3) / (1 + R / 3)
    P = _probability(d, w, r, variant)
    out: list[tuple[int, int, Offer]] = []
    for i in range(len(x)):
        E = _expected(d, dm, s, P, float(r[i]), variant.q)
        faced = [(j, _kind(float(E[i, j]), float(E[j, i]))) for j in range(len(x)) if abs(x[j] - x[i]) > TINY * span]
        mine = [(j, kind, float(E[i, j]), float(E[j, i])) for j, kind in faced if kind]
        chosen = _chosen(mine, x, i, variant.order)
        for j, kind, own, other in mine:
            out.append((i, j, Offer(names[i], names[j], kind, _moved(x, i, j, kind, own, other), own, other, j == chosen)))
    return out, r


def _expected(d: Floats, dm: Floats, s: Floats, P: Floats, r: float, q: float) -> Floats:
    """E(i,j) for all pairs, seen with the exponent r."""

    def utility(share: Floats | float) -> Floats:
        found: Floats = 2 - 4 * np.maximum(share, 0.0) ** r
        return found

    success, failure = utility(0.5 - 0.5 * d), utility(0.5 + 0.5 * d)
    unchallenged = q * utility(0.5)
    if q < 1:
        both = (dm[:, None] + d) / 4
        unchallenged = unchallenged + (1 - q) * np.where(dm[:, None] < d, utility(0.5 - both), utility(0.5 + both))
    return s * (P * success + (1 - P) * failure) + (1 - s) * success - unchallenged


def _probability(d: Floats, w: Floats, r: Floats, variant: Variant) -> Floats:
    """P(i,j) for all pairs."""
    n = len(w)
    won, cast = np.zeros((n, n)), np.zeros((n, n))
    for k in range(n):
        far = d[k] ** (r[k] if variant.votes == "risk" else 1.0)
        vote = w[k] * (far[None, :] - far[:, None])
        if variant.denominator == "third":
            vote[k, :] = vote[:, k] = 0.0
        won += np.maximum(vote, 0.0)
        cast += np.abs(vote)
    if variant.denominator in ("all", "positive"):
        total = cast.sum() if variant.denominator == "all" else won.sum()
        cast = np.full((n, n), total)
    return np.where(cast > TINY, won / np.where(cast > TINY, cast, 1.0), 0.0)


def _kind(own: float, other: float) -> str:
    if other > own > 0:
        return KINDS[0]
    if other > 0 > own:
        return KINDS[1] if other > -own else KINDS[2]
    return ""


def _moved(x: Floats, i: int, j: int, kind: str, own: float, other: float) -> float:
    return float(x[i] + (x[j] - x[i]) * abs(own / other)) if kind == "compromise" else float(x[j])


def _chosen(mine: list[tuple[int, str, float, float]], x: Floats, i: int, order: str) -> int | None:
    """The j whose offer i takes."""
    if not mine:
        return None
    if order != "least":
        kind = next(k for k in KINDS if any(o[1] == k for o in mine))
        mine = [o for o in mine if o[1] == kind]

    def key(offer: tuple[int, str, float, float]) -> tuple[float, float, int]:
        j, kind, own, other = offer
        to = _moved(x, i, j, kind, own, other)
        if order == "types" and kind == "compromise":
            own, other = abs(own), abs(other)
            return (own * x[i] + other * x[j]) / (own + other), to, j
        return round(abs(to - x[i]), 12), to, j

    return min(mine, key=key)[0]


def forecasts(panel: Panel, variant: Variant) -> dict[str, Floats]:
    """Absolute errors on a panel, for `backtest`: a forecast that is one point has them as CRPS too."""
    found = np.empty(panel.count)
    for m in range(panel.count):
        at = panel.issue == m
        names = tuple(str(k) for k in range(int(at.sum())))
        found[m] = challenge(panel.x[at], panel.s[at] / 100, panel.c[at] * panel.share[at], names, variant).forecast
    error = np.abs(found - panel.outcome)
    return {"ae:challenge": error, "crps:challenge": error}
