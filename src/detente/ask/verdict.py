r"""Which verdicts on the decision hang on a judgement, and by how much an answer may be expected to settle them.

    holds   every row of the certificate of the roadmap holds in a world (`plan.draws.trial`)
    ahead   everybody whom some measure touches may expect at least as much in it as without a deal (the fitted plays)

Which candidate is best can be clear while a verdict on it is not: it is ahead of all others wherever one looks, and in a
third of the worlds somebody has reason to break it off. Of N worlds let y(n) be 1 where a verdict is yes, and p its mean.

    doubt     4 p (1 - p): 1 at even odds, 0 where all worlds agree
    settled   p <= (1 - s)/2 or p >= (1 + s)/2: in the order of their margin, the central share s of the worlds lies on one
              side of the boundary
    fall      4 ( E (y - p)^2 - E (y - p(answer))^2 ), p(answer) the share that is believed after it: what an answer may be
              expected to take off the doubt. By Bayes's rule it is 4 var E[y | answer]

E[y | h_q] is the cubic of h_q that is nearest to y, E[y | words] the mean over the worlds of each word. What luck alone would
explain is taken off: with K numbers fitted beside the mean and the residual variance v, K v / N. Answers err, and are believed,
as in `doubt`:

    number      leaves the share r of the variance of h_q: 4 (1 - r) var E[y | h_q]
    choice      right with the chance r, else it says nothing; believed is E[y | h_q] over what the word stands for
    comparison  right with the chance r; believed is the mean over the worlds in which it holds, or does not

Rows of coalitions, and what each does alone, are told at the likely values of the case, as in every count of draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.ask.candidates import NO_DEAL, Candidate
from detente.ask.doubt import Doubt, cubic, mixture
from detente.ask.worlds import covering
from detente.case.draws.quantities import Quantity
from detente.case.instance import Instance

__all__ = ["AHEAD", "HOLDS", "Effect", "Verdict", "effect", "holds_in", "verdicts"]

HOLDS, AHEAD = "holds", "ahead"
_TENTHS = 10  # parts of the worlds between which the answers to a number are told apart
_LOSS = 1e-9  # of what a party hardly feels; a smaller loss is rounding

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Verdict:
    """A verdict. name : "holds" or "ahead". yes : (N,), in which worlds."""

    name: str
    yes: Flags

    @property
    def share(self) -> float:
        """p."""
        return float(self.yes.mean())

    @property
    def doubt(self) -> float:
        return 4 * self.share * (1 - self.share)

    def settled(self, spread: float) -> bool:
        """spread : s."""
        return min(self.share, 1 - self.share) <= (1 - spread) / 2 + 1e-12

    def number(self, values: Floats, left: float) -> float:
        """The fall by an answer that leaves a share of the variance of a quantity. values : (N,), of the quantity."""
        if not self.doubt or not values.std():
            return 0.0
        told = cubic(values, self.yes.astype(np.float64))
        return (1 - left) * (4 * max(0.0, float(told.var()) - self._luck(told, 3)))

    def comparison(self, above: Flags, right: float) -> float:
        """The fall by whether a comparison holds. above : (N,), the worlds in which it does."""
        a = float(above.mean())
        if not self.doubt or not 0 < a < 1:
            return 0.0
        _, _, moves, told = self._classes(above.astype(np.int64))
        odds, mixed = mixture(1 - a, right)
        return self._fall(mixed @ moves, moves, odds, told, 1)

    def choice(self, values: Floats, which: NDArray[np.int64], meant: Floats, right: float) -> float:
        """The fall by which of several words fits. values : (N,), of the quantity. which : (N,), the word in each world.
        meant : (words, S), what is believed of the quantity after each word."""
        if not self.doubt or not values.std():
            return 0.0
        said, odds, moves, told = self._classes(which)
        believed = cubic(values, self.yes.astype(np.float64), meant[said]).mean(axis=1) - self.share
        return self._fall(right * moves, believed, odds, told, len(said) - 1)

    def _classes(self, which: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats, Floats, Floats]:
        """The classes, the share of worlds in each, and the share of yes in it less that in all worlds, (A,); and the share of
        yes in the class of each world, (N,)."""
        said, at, many = np.unique(which, return_inverse=True, return_counts=True)
        means = np.bincount(at, weights=self.yes) / many
        return said, many / len(which), means - self.share, means[at]

    def _fall(self, true: Floats, moves: Floats, odds: Floats, told: Floats, fitted: int) -> float:
        """By how much nearer to y, squared, what is believed after the answer comes."""
        return 4 * max(0.0, float(odds @ (moves * (2 * true - moves))) - self._luck(told, fitted))

    def _luck(self, told: Floats, fitted: int) -> float:
        """What luck alone would explain."""
        many = len(self.yes)
        return fitted * float(np.square(self.yes - told).sum()) / max(1, many - fitted - 1) / many


def verdicts(best: Candidate, doubt: Doubt, held: Flags | None) -> tuple[Verdict, ...]:
    """The verdicts on the decision; none where it is no deal. held : in which worlds it holds, (N,); None: it is no roadmap."""
    if best.id == NO_DEAL:
        return ()
    at, felt = doubt.felt
    ahead = Verdict(AHEAD, np.asarray((doubt.gains[:, doubt.decision, at] >= -_LOSS * felt).all(axis=1)))
    return (ahead,) if held is None else (Verdict(HOLDS, held), ahead)


def holds_in(
    instance: Instance, quantities: Sequence[Quantity], candidate: Candidate, worlds: Floats, cores: int = 1
) -> Flags | None:
    """In which worlds every row of a roadmap holds, (N,); None: it is no roadmap. worlds : (N, Q)."""
    from detente.case.draws.draw import Draws
    from detente.plan.draws.trial import Trial
    from detente.plan.roadmap import Roadmap
    from detente.plan.tables.layout import entries

    if candidate.kind != "roadmap":
        return None
    if not quantities:
        return np.ones(len(worlds), dtype=bool)
    entry = entries(instance, Roadmap(instance.case, instance.phases, candidate.entry))
    trial = Trial(instance, Draws(covering(quantities, worlds), worlds, 0, float(len(worlds)), None), cores=cores)
    return np.asarray((trial.first(entry) > instance.phases).all(axis=(1, 2)))


@dataclass(frozen=True)
class Effect:
    """What the answer to a question could at most do. best : the places of the candidates that would be the best after some
    answer. shares : by verdict, the least and the largest share of worlds in which it would be yes."""

    best: tuple[int, ...]
    shares: Mapping[str, tuple[float, float]]


def effect(doubt: Doubt, found: Sequence[Verdict], places: Sequence[int], which: NDArray[np.int64] | Floats) -> Effect:
    """If the answer were exact. places : of the quantities of the question. which : (N,), the answer in each world; where these
    are numbers, the tenth of the worlds in which it lies."""
    if which.dtype.kind == "f":
        cuts = np.quantile(which, np.arange(1, _TENTHS) / _TENTHS)
        which = np.searchsorted(np.unique(cuts), which, side="right")
    told = doubt.part(places)
    parts = [which == k for k in np.unique(which)]
    best = {int((doubt.base + told[part].mean(axis=0)).argmax()) for part in parts}
    shares = {}
    for v in found:
        means = [float(v.yes[part].mean()) for part in parts]
        shares[v.name] = (min(means), max(means))
    return Effect(tuple(sorted(best)), shares)
