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

A *question* tells something of the world. Let u_c(answer) be what is believed of U_c after an answer, and c(answer) the
candidate that is then the best. What it may be expected to save (Howard 1966; Raiffa and Schlaifer 1961):

    value = E[ U_c(answer) ] - max_c mean of U_c

That is 0 for every question where no single answer changes the choice, though a few together would. So a question counts with
its part in what is in doubt where that is more. Let L_c = U_c - U_c*, l_c(answer) what is believed of it, and rho_c the mean
over all worlds of L_c where c is the best and of 0 elsewhere, so that the rho add up to the expected regret:

    part = sum over c of rho_c ( E (L_c - E L_c)^2 - E (L_c - l_c(answer))^2 ) / var L_c

By Bayes's rule what is believed would be E[U_c | answer], and the bracket var E[L_c | answer]. But a word is believed as what
it stands for, whatever was believed before: to hear the word of the case again saves nothing, though the worlds differ in which
word is the nearest. And a comparison is believed to hold, though answers err.

The parts of quantities that are independent, and whose effects add up, add up to what is in doubt.

A group is what comparisons tie together, else one quantity. Groups are independent, and the model is a sum of products of at
most two quantities, so a question about some groups G leaves the others at their mean: with t at its mean outside G, U_c(n) is,
but for a constant, H_c,G(n).

    number      E[H | h_q]: H itself where q is alone; else the cubic of h_q that is nearest to H (regression of the worlds that
                are there: Strong, Oakley and Brennan 2014). An answer that leaves the share r of the variance moves it by
                sqrt(1 - r) of that
    comparison  the worlds split by whether a is worth more than b; each answer is right with a stated chance, and is given in a
                mixture of the two. Believed is one of them
    choice      the worlds split by the nearest word; right with a stated chance, else it says nothing. Believed is the range of
                the word: the cubic of h_q, over what the word stands for

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

__all__ = ["Doubt", "cubic", "decision_of", "mixture", "standing", "weights_of", "willing"]

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
    """The candidate with the best expected gains, of shape (C, P), among those that are one to choose, and among all where none
    is; the first of equals."""
    from detente.recommend.aim import Aim

    aim, fine = Aim.of(objective, instance), willing(instance, means)
    return max(range(len(means)), key=lambda c: (fine[c], aim.rank(means[c : c + 1]), -c))


def standing(instance: Instance, objective: str, means: Floats, decision: int) -> Floats:
    """The objective of each candidate as a share of the decision's, (C,): what `decision_of` chooses by.

    nash : of the geometric mean of the gains. sum, min : nan where the decision brings nothing. means : expected gains, (C, P).
    """
    from detente.recommend.aim import Aim

    aim = Aim.of(objective, instance)
    found = np.array([aim.rank(means[c : c + 1])[1] for c in range(len(means))])
    if objective == "nash":
        return np.asarray(np.exp((found - found[decision]) / max(1, len(aim.places))))
    return np.asarray(found / found[decision] if found[decision] > 0 else np.full(len(found), np.nan))


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

    @cached_property
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
        return bool(self._moving[list(self.groups.get(q, (q,)))].any())

    @cached_property
    def _moving(self) -> NDArray[np.bool_]:
        """Which quantities make a difference by themselves, (Q,)."""
        linear, square, cross = (
            x[:, self.open].max(axis=1, initial=-np.inf) > x[:, self.open].min(axis=1, initial=np.inf)
            for x in (self.linear, self.square, self.cross)
        )
        out = np.asarray(linear | square)
        out[self.pairs[cross].ravel()] = True
        return out

    def part(self, quantities: Sequence[int]) -> Floats:
        """H of the groups of some quantities, less its mean, (N, C)."""
        shapes, sizes = self._shapes(quantities)
        return np.asarray(shapes @ sizes)

    def _shapes(self, quantities: Sequence[int]) -> tuple[Floats, Floats]:
        """The same as the product of what depends on the world, (N, K), mean 0, and what depends on the candidate, (K, C)."""
        at = sorted({m for q in quantities for m in self.groups.get(q, (q,))})
        t, among = self.t[:, at], np.zeros(self.t.shape[1], dtype=bool)
        among[at] = True
        inside = among[self.pairs].all(axis=1)
        one, other = (self.t[:, x] - self._middle[x] for x in self.pairs[inside].T)
        shapes = np.concatenate([t, t * t, one * other], axis=1)
        return shapes - shapes.mean(axis=0), np.concatenate([self._lines[at], self.square[at], self.cross[inside]])

    @cached_property
    def _middle(self) -> Floats:
        return np.asarray(self.t.mean(axis=0))

    @cached_property
    def _lines(self) -> Floats:
        """The linear coefficients with the partner in each pair at its mean, (Q, C)."""
        out = self.linear.copy()
        for one, other in (self.pairs.T, self.pairs.T[::-1]):
            np.add.at(out, one, self._middle[other][:, None] * self.cross)
        return out

    def number(self, q: int, left: float) -> float:
        """What an answer saves that leaves a share of the variance of a quantity; 0: it is known from then on."""
        if not self.matters(q):
            return 0.0
        shapes, sizes = self._shapes([q])
        if q in self.groups:
            shapes = cubic(self.t[:, q], shapes)
        shapes *= np.sqrt(1 - left)
        each, lead = 1 / len(shapes), sizes - sizes[:, [self.decision]]
        part = float((lead * ((shapes.T @ shapes * each) @ lead)).sum(axis=0) @ self._rivals)
        first = int(self.base.argmax())
        most = np.abs(shapes).max(axis=0) @ np.abs(sizes - sizes[:, [first]])
        if (most <= self.base[first] - self.base).all():
            return max(0.0, part)  # no answer makes another candidate the best
        return max(0.0, float((self.base + shapes @ sizes).max(axis=1).mean() - self.base.max()), part)

    def comparison(self, above: NDArray[np.bool_], quantities: Sequence[int], right: float) -> float:
        """What it saves to know whether a comparison holds. above : (N,), the worlds in which it does."""
        share = float(above.mean())
        if not 0 < share < 1 or not any(map(self.matters, quantities)):
            return 0.0
        shapes, sizes = self._shapes(quantities)
        moves = np.stack([shapes[above].mean(axis=0), shapes[~above].mean(axis=0)]) @ sizes
        odds, mixed = mixture(share, right)
        return self._value(mixed @ moves, moves, odds)

    def choice(self, values: Floats, which: NDArray[np.int64], meant: Floats, q: int, right: float) -> float:
        """What it saves to know which of several words fits. values : of the quantity, (N,). which : (N,), the word in each
        world. meant : (words, S), what is believed of the quantity after each word."""
        if not self.matters(q):
            return 0.0
        shapes, sizes = self._shapes([q])
        said = np.unique(which)
        parts = np.stack([shapes[which == k].mean(axis=0) for k in said]) @ sizes
        moves = cubic(values, shapes, meant[said]).mean(axis=1) @ sizes
        return self._value(right * parts, moves, np.array([(which == k).mean() for k in said]))

    def _value(self, true: Floats, moves: Floats, odds: Floats) -> float:
        """true : by how much each answer moves U on average over the worlds in which it is given, (A, C). moves : by how much
        what is believed of U, in what the answer is taken to say. odds : of the answers, (A,)."""
        one, other = (x - x[:, [self.decision]] for x in (true, moves))
        part = float(odds @ (other * (2 * one - other)) @ self._rivals)
        best = (self.base + moves).argmax(axis=1)
        alone = float(odds @ (self.base + true)[np.arange(len(best)), best] - self.base.max())
        return max(0.0, alone, part)

    @cached_property
    def _rivals(self) -> Floats:
        """rho over var L, of each candidate, (C,); 0 where it is no rival."""
        out, best = np.zeros(len(self.base)), self.worth.argmax(axis=1)
        for c in np.flatnonzero(self.open):
            lead = self.worth[:, c] - self.worth[:, self.decision]
            if lead.var() > 0:
                out[c] = np.maximum(np.where(best == c, lead, 0.0), 0.0).mean() / lead.var()
        return out


def mixture(share: float, right: float) -> tuple[Floats, Floats]:
    """The odds of yes and no where a share of worlds says yes and an answer is right with a chance, (2,); and of each answer in
    which share of its worlds yes, and no, is true, (2, 2)."""
    true = np.array([share, 1 - share])
    given = np.array([[right, 1 - right], [1 - right, right]]) * true
    odds = given.sum(axis=1)
    return odds, given / odds[:, None]


def cubic(x: Floats, y: Floats, at: Floats | None = None) -> Floats:
    """The cubic of x that is nearest to y: E[y | x] by regression, in each world or at other values of x, none of them taken
    beyond the ends of x. x : (N,), not constant. y : (N, ..). at : of any shape."""
    middle, scale = x.mean(), x.std()

    def powers(v: Floats) -> Floats:
        t = (v - middle) / scale
        return np.stack([np.ones_like(t), t, t * t, t * t * t], axis=-1)

    basis = powers(x)
    found = np.linalg.pinv(basis.T @ basis, hermitian=True) @ (basis.T @ y)
    return np.asarray((basis if at is None else powers(np.clip(at, x.min(), x.max()))) @ found)
