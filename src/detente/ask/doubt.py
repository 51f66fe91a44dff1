r"""How doubtful the decision is, and by how much an answer may be expected to lessen it.

N worlds are drawn from what is believed (`worlds`); candidate c brings party i the gain x[c,i](n) in world n, on average over
luck (`surrogate`). The *decision* is the candidate with the best objective of expected gains, by the ranking of
`recommend.aim`: c* with gains g[i] = mean over n of x[c*,i](n). One number a candidate and world, linear in gains so that it
may be averaged:

    U_c(n) = sum over i of w[i] x[c,i](n)
    w[i] = 1 / (P max(g[i], e[i]))   nash: the share of what c* brings, on average over the P parties that some measure touches
         = 1 / sum of max(g, e)      sum
         = 1 / max(g[k], e[k])       min, k the party with the smallest gain; 0 for the others

e[i] is what party i hardly feels (`FELT` of `recommend.aim`, a tenth of its size). U moves as the objective does, to first
order, in shares of what the decision brings: U_c* averages 1 where everybody feels it. A candidate by which some party may
expect to lose more than e is none to choose while it does, and is left out.

    in doubt = mean of max_c U_c(n) - max_c mean of U_c           expected value of perfect information, expected regret

A *question* tells something of the world. What it may be expected to save (Howard 1966; Raiffa and Schlaifer 1961):

    value = E[ max_c E[U_c | answer] ] - max_c mean of U_c

That is 0 for every question where no single answer changes the choice, though a few together would. So a question counts with
its part in what is in doubt where that is more. Let L_c = U_c - U_c*, and rho_c the mean over all worlds of L_c where c is the
best and of 0 elsewhere, so that the rho add up to the expected regret:

    part = sum over c of rho_c var E[L_c | answer] / var L_c

The parts of quantities that are independent, and whose effects add up, add up to what is in doubt.

A group is what comparisons tie together, else one quantity. Groups are independent, and the model is a sum of products of at
most two quantities, so a question about some groups G leaves the others at their mean: with t at its mean outside G, U_c(n) is,
but for a constant, H_c,G(n).

    number      E[H | h_q]: H itself where q is alone; else the cubic of h_q that is nearest to H (regression of the worlds that
                are there: Strong, Oakley and Brennan 2014). An answer that leaves the share r of the variance moves it by
                sqrt(1 - r) of that
    comparison  the worlds split by whether a is worth more than b; each answer is right with a stated chance, and mixes the two
    choice      the worlds split by the nearest word; right with a stated chance, else it says nothing

Values below 0, which luck of the draws makes, count as 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.ask.surrogate import Surrogate
from detente.case.instance import Instance

__all__ = ["Doubt", "cubic", "decision_of", "weights_of", "willing"]

Floats = NDArray[np.float64]


def weights_of(instance: Instance, objective: str, means: Floats, decision: int) -> Floats:
    """w, of shape (P,). means : expected gains, (C, P). decision : the candidate that they count from."""
    at, felt = _felt(instance)
    out = np.zeros(len(instance.parties))
    if not len(at):
        return out
    gains = np.maximum(means[decision, at], felt)
    if objective == "sum":
        out[at] = 1 / gains.sum()
    elif objective == "min":
        k = int(np.argmin(means[decision, at]))
        out[at[k]] = 1 / gains[k]
    else:
        out[at] = 1 / (len(at) * gains)
    return out


def decision_of(instance: Instance, objective: str, means: Floats) -> int:
    """The candidate with the best expected gains, of shape (C, P); the first of equals."""
    from detente.recommend.aim import Aim

    aim = Aim.of(objective, instance)
    return max(range(len(means)), key=lambda c: (aim.rank(means[c : c + 1]), -c))


def willing(instance: Instance, means: Floats) -> NDArray[np.bool_]:
    """Of which candidates nobody may expect to lose so much that it is felt, (C,)."""
    at, felt = _felt(instance)
    return np.asarray((means[:, at] >= -felt).all(axis=1))


def _felt(instance: Instance) -> tuple[NDArray[np.int64], Floats]:
    """The places of the parties that some measure touches, and what each of them hardly feels."""
    from detente.plan.units import sizes
    from detente.recommend.aim import FELT

    touched, size = instance.touched, sizes(instance)
    at = np.array([n for n, p in enumerate(instance.parties) if p.id in touched], dtype=np.int64)
    return at, FELT * np.array([float(size[instance.parties[n].id]) for n in at])


@dataclass(frozen=True)
class Doubt:
    """The doubt about one decision.

    decision : place of the candidate. worth : U, (N, C). gains : (N, C, P). t : (N, Q), the worlds in standard units. linear,
    square : (Q, C), the model in units of U; cross : (K, C), of `pairs`, (K, 2). groups : the places of what is tied together,
    by each of its members. open : (C,), by which nobody may expect to lose what is felt; worth is -inf for the others. felt :
    the places of the parties that some measure touches, and what each of them hardly feels.
    """

    decision: int
    worth: Floats
    gains: Floats
    t: Floats
    linear: Floats
    square: Floats
    pairs: NDArray[np.int64]
    cross: Floats
    groups: Mapping[int, tuple[int, ...]]
    open: NDArray[np.bool_]
    felt: tuple[NDArray[np.int64], Floats]

    @classmethod
    def of(cls, instance: Instance, objective: str, model: Surrogate, values: Floats, tied: Sequence[Sequence[int]]) -> Doubt:
        """values : (N, Q), the worlds. tied : places of quantities that comparisons tie together."""
        gains = model.gains(values)
        means = gains.mean(axis=0)
        decision = decision_of(instance, objective, means)
        w = weights_of(instance, objective, means, decision)
        groups = {q: tuple(sorted(g)) for g in tied for q in g}
        t, linear, square, cross = model.standard(values), model.linear @ w, model.square @ w, model.cross @ w
        fine = willing(instance, means)
        worth = np.where(fine, gains @ w, -np.inf)
        return cls(decision, worth, gains, t, linear, square, model.pairs, cross, groups, fine, _felt(instance))

    @property
    def base(self) -> Floats:
        """Expected U of each candidate, (C,)."""
        return np.asarray(self.worth.mean(axis=0))

    @property
    def regret(self) -> float:
        """What is in doubt, as a share of what the decision brings."""
        return max(0.0, float(self.worth.max(axis=1).mean() - self.base.max()))

    @property
    def best_in(self) -> Floats:
        """In which share of worlds each candidate is the best, (C,)."""
        return np.bincount(self.worth.argmax(axis=1), minlength=self.worth.shape[1]) / len(self.worth)

    @property
    def lead(self) -> Floats:
        """By how much the decision is ahead of the best other candidate in each world, (N,); infinite: there is no other."""
        others = np.delete(self.worth, self.decision, axis=1)
        if not others.shape[1]:
            return np.full(len(self.worth), np.inf)
        return np.asarray(self.worth[:, self.decision] - others.max(axis=1))

    def matters(self, q: int) -> bool:
        """Whether a quantity, or one that is tied to it, makes any difference between candidates."""
        at = list(self.groups.get(q, (q,)))
        paired = np.isin(self.pairs, at).any(axis=1)
        moved = (x[:, self.open] for x in (self.linear[at], self.square[at], self.cross[paired]))
        return any(np.ptp(x, axis=1).any() for x in moved if x.size)

    def part(self, quantities: Sequence[int]) -> Floats:
        """H of the groups of some quantities, less its mean, (N, C)."""
        at = sorted({m for q in quantities for m in self.groups.get(q, (q,))})
        t = self.t[:, at]
        h = t @ self.linear[at] + (t * t - 1) @ self.square[at]
        inside = np.isin(self.pairs, at)
        for (q, r), (first, second), e in zip(self.pairs, inside, self.cross, strict=True):
            if first or second:
                one, other = (self.t[:, k] if known else self._middle[k] for k, known in ((q, first), (r, second)))
                h += np.outer(np.broadcast_to(one * other, len(h)), e)
        return np.asarray(h - h.mean(axis=0))

    @cached_property
    def _middle(self) -> Floats:
        return np.asarray(self.t.mean(axis=0))

    def number(self, q: int, left: float) -> float:
        """What an answer saves that leaves a share of the variance of a quantity; 0: it is known from then on."""
        if not self.matters(q):
            return 0.0
        told = self.part([q])
        if q in self.groups:
            told = cubic(self.t[:, q], told)
        return self._value(np.sqrt(1 - left) * told, np.full(len(told), 1 / len(told)))

    def comparison(self, above: NDArray[np.bool_], quantities: Sequence[int], right: float) -> float:
        """What it saves to know whether a comparison holds. above : (N,), the worlds in which it does."""
        share = float(above.mean())
        if not 0 < share < 1 or not any(map(self.matters, quantities)):
            return 0.0
        told = self.part(quantities)
        yes, no = told[above].mean(axis=0), told[~above].mean(axis=0)
        odds = np.array([share * right + (1 - share) * (1 - right), share * (1 - right) + (1 - share) * right])
        sums = np.stack([share * right * yes + (1 - share) * (1 - right) * no,
                         share * (1 - right) * yes + (1 - share) * right * no])  # fmt: skip
        return self._value(sums / odds[:, None], odds)

    def choice(self, which: NDArray[np.int64], q: int, right: float) -> float:
        """What it saves to know which of several words fits. which : (N,), the word in each world."""
        if not self.matters(q):
            return 0.0
        told = self.part([q])
        words = np.unique(which)
        parts = np.stack([told[which == k].mean(axis=0) for k in words])
        return self._value(right * parts, np.array([(which == k).mean() for k in words]))

    def _value(self, moves: Floats, odds: Floats) -> float:
        """moves : by how much each answer moves expected U, (A, C). odds : of the answers, (A,)."""
        base = self.base
        alone = max(0.0, float(odds @ (base + moves).max(axis=1) - base.max()))
        ahead = moves - moves[:, [self.decision]]
        ahead = ahead - odds @ ahead
        return max(alone, float(odds @ (ahead * ahead) @ self._rivals))

    @cached_property
    def _rivals(self) -> Floats:
        """rho over var L, of each candidate, (C,); 0 where it is no rival."""
        out, best = np.zeros(len(self.base)), self.worth.argmax(axis=1)
        for c in np.flatnonzero(self.open):
            lead = self.worth[:, c] - self.worth[:, self.decision]
            if lead.var() > 0:
                out[c] = np.maximum(np.where(best == c, lead, 0.0), 0.0).mean() / lead.var()
        return out


def cubic(x: Floats, y: Floats) -> Floats:
    """The cubic of x that is nearest to y: E[y | x] by regression. x : (N,), not constant. y : (N, ..)."""
    t = (x - x.mean()) / x.std()
    basis = np.stack([np.ones_like(t), t, t * t, t * t * t], axis=1)
    inverse = np.linalg.pinv(basis.T @ basis, hermitian=True)
    return np.asarray(basis @ (inverse @ (basis.T @ y)))
