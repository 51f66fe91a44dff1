"""Stand-offs drawn from a seed: many small measures with a thin surplus, to be exchanged under little trust.

A case of M measures, T phases and n parties; every number is drawn as an integer and is exact.

party     discount 0.95 .. 0.97; breakdown 0 .. 1; stalemate -0.01 per phase; stated trust in each other party by profile
measure   one actor, one other party that it is worth something to; cost 0.10 .. 1.00 per phase, worth the cost times the
          surplus of the profile to the other; irreversible share 0 .. 0.3; lag 1 .. 3
joint     1 in 10: two actors, worth -0.20 .. 0.40 to each
signal    15 in 100 say something: 1.1, 1.2, 1.5 or 2; the others say nothing
requires  1 in 4 (not the first) needs one of the twenty measures before it, one phase ahead

Nothing is in force at the start, nothing excludes anything, and every phase is open to every measure.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from detente.case.instance import Instance, Measure, Party, Requirement

__all__ = ["PROFILES", "Profile", "draw"]

_REACH = 20  # how far back a prerequisite lies at most


@dataclass(frozen=True)
class Profile:
    """Ranges, ends included, in hundredths: stated trust, and a measure's worth to the other as a multiple of its cost."""

    trust: tuple[int, int]
    surplus: tuple[int, int]


PROFILES: Mapping[str, Profile] = {
    "moderate": Profile(trust=(30, 50), surplus=(105, 150)),
    "low": Profile(trust=(10, 30), surplus=(100, 140)),
}


def draw(measures: int, phases: int, parties: int, seed: int, trust: str = "moderate") -> Instance:
    """A case of `measures` >= 1, `phases` >= 1 and `parties` >= 2; the same arguments give the same case everywhere."""
    rng = random.Random(f"{measures}x{phases} {parties} {trust} {seed}")
    profile = PROFILES[trust]
    ids = [f"p{n}" for n in range(parties)]
    return Instance(
        case=f"{measures}x{phases}-{parties}p-{trust}-{seed}",
        phases=phases,
        parties=tuple(_party(rng, i, ids, profile) for i in ids),
        measures=tuple(_measure(rng, n, ids, phases, profile) for n in range(measures)),
    )


def _party(rng: random.Random, i: str, ids: list[str], profile: Profile) -> Party:
    return Party(
        id=i,
        name=i,
        discount=Fraction(rng.randint(95, 97), 100),
        stalemate=Fraction(-1, 100),
        breakdown=Fraction(rng.randint(0, 10), 10),
        trust={j: Fraction(rng.randint(*profile.trust), 100) for j in ids if j != i},
    )


def _measure(rng: random.Random, number: int, ids: list[str], phases: int, profile: Profile) -> Measure:
    giver, receiver = rng.sample(ids, 2)
    cost = Fraction(rng.randint(10, 100), 100)
    actors: tuple[str, ...] = (giver,)
    value = {giver: -cost, receiver: cost * Fraction(rng.randint(*profile.surplus), 100)}
    if rng.randint(1, 100) <= 10:
        actors = (giver, receiver)
        value = {i: Fraction(rng.randint(-20, 40), 100) for i in actors}
    requires: tuple[Requirement, ...] = ()
    if number > 0 and rng.randint(1, 100) <= 25:
        requires = (Requirement((f"m{rng.randrange(max(0, number - _REACH), number)}",), after=1),)
    return Measure(
        id=f"m{number}",
        whole=f"m{number}",
        title=f"m{number}",
        kind="other",
        actors=actors,
        value=value,
        once={},
        irreversible=Fraction(rng.randint(0, 3), 10),
        lag=rng.randint(1, 3),
        signal=Fraction(rng.choice((11, 12, 15, 20)), 10) if rng.randint(1, 100) <= 15 else Fraction(1),
        requires=requires,
        excludes=(),
        not_before=0,
        not_after=phases - 1,
        in_force=False,
    )
