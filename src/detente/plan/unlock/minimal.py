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
   are not monotone, and whose other supports lie within some set B. It fails if the problem with all of it at no cost has no
   roadmap. When a set fails, B is grown from it support by support as far as that can be proved.
4. A set whose question stays open is named as open; nothing is then claimed to be complete, and what contains it may not be
   minimal.

Reiter 1987 (minimal hitting sets); Liffiton et al. 2016, Fast, flexible MUS enumeration (growing what fails).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from detente.case.case import Case
from detente.case.instance import Instance
from detente.case.risk import Support
from detente.plan.roadmap import Roadmap
from detente.plan.unlock.reach import Effort, Reach
from detente.plan.unlock.supported import monotone, optimistic, supported, total_cost

__all__ = ["Demanded", "Sets", "Way", "minimal_sets"]

MOST_SETS = 1 << 16
"""Sets that are looked at, most of them passed over; beyond, the search says that it is not complete."""

Demanded = Callable[[Instance], Instance | None]
"""A problem with the target demanded of it; None where the target is not there."""
Chosen = tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """A minimal set, the problem that it makes, and a roadmap of that problem that reaches the target."""

    supports: Chosen
    instance: Instance
    roadmap: Roadmap


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
    loosening = {s.id for s in case.supports if monotone(case, s)}
    families: list[tuple[frozenset[str], frozenset[str]]] = []
    ways: list[Way] = []
    left_open: list[Chosen] = []
    begun: set[frozenset[str]] = set()
    complete = True

    def fails(kept: frozenset[str], free: frozenset[str]) -> bool:
        problem = demanded(optimistic(case, [s.id for s in case.supports if s.id in kept | free]))
        return problem is None or reach.roadmap(problem, effort.part(0.1)) is False

    for looked, chosen in enumerate(_rising(case.supports)):
        one = frozenset(chosen)
        kept = one - loosening
        if any(one.issuperset(w.supports) for w in ways) or any(kept == k and one <= k | b for k, b in families):
            continue
        if len(ways) >= most or looked >= MOST_SETS or effort.left() <= 0:
            complete = False
            break
        if chosen and kept not in begun:
            begun.add(kept)
            if fails(kept, frozenset(loosening)):
                families.append((kept, frozenset(loosening)))
            else:
                without = (frozenset(loosening - {s.id}) for s in case.supports if s.id in loosening)
                families += [(kept, rest) for rest in without if effort.left() > 0 and fails(kept, rest)]
            if any(kept == k and one <= k | b for k, b in families):
                continue
        instance = demanded(supported(case, chosen))
        found = False if instance is None else reach.roadmap(instance, effort.part(0.4))
        if instance is not None and isinstance(found, Roadmap):
            ways.append(Way(chosen, instance, found))
        elif found is None:
            left_open.append(chosen)
        elif chosen:
            families.append((kept, _grown(case, kept, one & loosening, loosening, fails, effort)))
    return Sets(tuple(ways), tuple(left_open), complete and not left_open, 1 << len(case.supports) <= MOST_SETS)


def _grown(
    case: Case,
    kept: frozenset[str],
    free: frozenset[str],
    loosening: set[str],
    fails: Callable[[frozenset[str], frozenset[str]], bool],
    effort: Effort,
) -> frozenset[str]:
    """A family around a set that fails, as large as can be proved one support after the other."""
    if not fails(kept, free):  # it fails only by its costs, or is not settled without them
        return free
    for support in case.supports:
        if support.id in loosening - free and effort.left() > 0 and fails(kept, free | {support.id}):
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
