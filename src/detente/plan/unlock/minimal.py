"""All minimal sets of supports that reach a target.

A set works if the problem that it makes has a roadmap (`reach`). It is minimal if it works and no proper subset of it does.
More supports do not always help: each has its cost, and an earlier detection can bring the breakdown forward; so every set has
to be asked, or ruled out by an argument that holds for it.

1. Sets in the order of their cost, then size, then place in the catalogue. Costs are sums over parties, per phase, each in its
   own units: an order to search in and to list by, not a comparison between parties. A subset never costs more, so every proper
   subset of a set comes before it, and a set that works without containing one found before is minimal.
2. What contains a set found is not minimal: passed over.
3. The empty set is asked first. Then, for each choice among the supports that are not monotone, whether anything
   could help at all, and whether anything could without this or that support: those without which nothing does are in every
   set. What lies within a family known to fail is passed over. A family: sets that share what they have of the supports that
   are not monotone, and whose other supports lie within some set B. It fails if the problem with all of it at no cost, rows of
   coalitions aside, has no roadmap. When a set fails, B is grown from it support by support as far as that can be proved.
4. A set whose question stays open is named as open; nothing is then claimed to be complete, and what contains it is not claimed
   to be minimal. Where anything can help, some set that works is sought first, to be shown if the effort ends too early.

Reiter 1987 (minimal hitting sets); Liffiton et al. 2016, Fast, flexible MUS enumeration (growing what fails).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from detente.case.case import Case
from detente.case.instance import Instance
from detente.case.risk import Support
from detente.plan.roadmap import Roadmap
from detente.plan.unlock.reach import Reach
from detente.plan.unlock.supported import monotone, optimistic, supported, total_cost
from detente.solver.effort import Effort

__all__ = ["Demanded", "Sets", "Way", "first_set", "minimal_sets"]

MOST_SETS = 1 << 16
"""Sets that are looked at, most of them passed over; beyond, the search says that it is not complete."""

GLANCE = 20
"""Nodes of the search tree for each search of a first glance."""

Demanded = Callable[[Instance], Instance | None]
"""A problem with the target demanded of it; None where the target is not there."""
Chosen = tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """A set that works, the problem that it makes, and a roadmap of that problem that reaches the target.

    minimal : whether it is proved that no proper subset works.
    """

    supports: Chosen
    instance: Instance
    roadmap: Roadmap
    minimal: bool = True


@dataclass(frozen=True)
class Sets:
    """What was found.

    ways : the minimal sets, the cheapest first. by_cost : whether sets were tried in the order of their cost, so that no set
    but an open one can cost less than the first. open : sets that were not settled. complete : whether these are all of them.
    """

    ways: tuple[Way, ...]
    open: tuple[Chosen, ...]
    complete: bool
    by_cost: bool


def minimal_sets(case: Case, demanded: Demanded, reach: Reach, effort: Effort, *, most: int) -> Sets:
    """The first `most` minimal sets."""
    search = _Search(case, demanded, reach, effort, most)
    glance = Reach(list(reach.known), quick=True)
    first = first_set(case, demanded, glance, replace(effort, nodes=GLANCE, whole=True))
    reach.known[:] = glance.known
    if isinstance(first, Way) and first.supports:
        search.first = first
    return search.sets()


def first_set(case: Case, demanded: Demanded, reach: Reach, effort: Effort) -> Way | bool | None:
    """Some set that works, the empty one if it does; False: proved that none does; None: not seen.

    Only supports that are monotone, and those that are not all together, are looked at.
    """
    search = _Search(case, demanded, reach, effort, 1)
    found = search._works((), 0.4)
    if isinstance(found, Way):
        return found
    whole = search._at_no_cost(search.loosening, 0.15)
    if whole is False:
        return False if len(search.loosening) == len(case.supports) else None
    if whole is not None:
        search._seek_first(search.loosening)
    return search.first


class _Search:
    """The families that are known to fail and the sets that work, as they are found."""

    def __init__(self, case: Case, demanded: Demanded, reach: Reach, effort: Effort, most: int) -> None:
        self.case, self.demanded, self.reach, self.effort, self.most = case, demanded, reach, effort, most
        self.loosening = frozenset(s.id for s in case.supports if monotone(case, s))
        self.families: list[tuple[frozenset[str], frozenset[str]]] = []
        self.begun: set[frozenset[str]] = set()
        self.first: Way | None = None

    def sets(self) -> Sets:
        ways: list[Way] = []
        left_open: list[Chosen] = []
        complete = True
        for looked, chosen in enumerate(_rising(self.case.supports)):
            one = frozenset(chosen)
            if any(one.issuperset(w.supports) for w in ways) or self._fails_known(one):
                continue
            if len(ways) >= self.most or looked >= MOST_SETS or self.effort.over():
                complete = False
                break
            if chosen:
                self._begin(one - self.loosening)
                if self._fails_known(one):
                    continue
            found = self._works(chosen, 0.4)
            if isinstance(found, Way):
                ways.append(replace(found, minimal=not any(one.issuperset(o) for o in left_open)))
            elif found is None:
                left_open.append(chosen)
            elif chosen:
                self.families.append((one - self.loosening, self._grown(one)))
        if self.first is not None and not any(set(self.first.supports).issuperset(w.supports) for w in ways):
            ways.append(replace(self.first, minimal=False))  # the effort was over before its parts were settled
        return Sets(tuple(ways), tuple(left_open), complete and not left_open, 1 << len(self.case.supports) <= MOST_SETS)

    def _fails_known(self, one: frozenset[str]) -> bool:
        kept = one - self.loosening
        return any(kept == k and one <= k | b for k, b in self.families)

    def _works(self, chosen: Chosen, share: float) -> Way | bool | None:
        instance = self.demanded(supported(self.case, chosen))
        if instance is None:
            return False
        found = self.reach.roadmap(instance, self.effort.part(share))
        return Way(chosen, instance, found) if isinstance(found, Roadmap) else found

    def _at_no_cost(self, chosen: frozenset[str], share: float, trials: int | None = None) -> Roadmap | bool | None:
        problem = self.demanded(optimistic(self.case, chosen))
        if problem is None:
            return False
        return self.reach.roadmap(problem, replace(self.effort.part(share), trials=trials), coalitions=False)

    def _fails(self, kept: frozenset[str], free: frozenset[str]) -> bool:
        """Whether a family is proved to fail."""
        return self._at_no_cost(kept | free, 0.1) is False

    def _begin(self, kept: frozenset[str]) -> None:
        """With a choice among the supports that are not monotone: does anything help, a first way, what is never missing."""
        if kept in self.begun:
            return
        self.begun.add(kept)
        found = self._at_no_cost(kept | self.loosening, 0.15)
        if found is False:
            self.families.append((kept, self.loosening))
        elif found is not None:
            for one in self._seek_first(kept | self.loosening) - kept:
                rest = self.loosening - {one}
                if not self.effort.over() and self._at_no_cost(kept | rest, 0.2) is False:
                    self.families.append((kept, rest))

    def _seek_first(self, chosen: frozenset[str]) -> frozenset[str]:
        """What is left of a set when everything is taken away that is quickly seen not to be needed, costs apart.

        If the rest works, it is something to show should the effort be over; half of the work is kept back for that.
        """
        dear = sorted(self.case.supports, key=lambda s: sum(total_cost([s]).values(), Fraction(0)), reverse=True)
        half = self.effort.meter.left / 2
        for support in dear:
            if self.effort.meter.left < half:
                break
            if support.id in chosen and isinstance(self._at_no_cost(chosen - {support.id}, 0.03, trials=1), Roadmap):
                chosen -= {support.id}
        if self.first is None:
            found = self._works(tuple(s.id for s in self.case.supports if s.id in chosen), 0.15)
            self.first = found if isinstance(found, Way) else None
        return chosen

    def _grown(self, one: frozenset[str]) -> frozenset[str]:
        """A family around a set that fails, as large as can be proved one support after the other."""
        kept, free = one - self.loosening, one & self.loosening
        if not self._fails(kept, free):  # it fails only by its costs, or is not settled without them
            return free
        for support in self.case.supports:
            if support.id in self.loosening - free and not self.effort.over() and self._fails(kept, free | {support.id}):
                free |= {support.id}
        return free


def _rising(supports: Sequence[Support]) -> Iterator[Chosen]:
    """All sets, by cost, then size, then place in the catalogue; where they are too many, by size and place alone."""
    places = range(len(supports))
    sets: Iterator[tuple[int, ...]] = itertools.chain.from_iterable(
        itertools.combinations(places, n) for n in range(len(supports) + 1)
    )
    if 1 << len(supports) <= MOST_SETS:
        each = [sum(total_cost([s]).values(), Fraction(0)) for s in supports]
        sets = iter(sorted(sets, key=lambda chosen: (sum((each[n] for n in chosen), Fraction(0)), len(chosen), chosen)))
    return (tuple(supports[n].id for n in chosen) for chosen in sets)
