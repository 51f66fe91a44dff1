"""Stand-offs drawn at random, with roadmaps that hold and help: much that parties want for themselves among what they trade.

Plain `random` with a seed, and not a strategy: thousands are wanted, and none of them is to be made smaller.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from bruteforce import BruteForce
from detente.case.instance import Instance, Measure, Party, Requirement
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from strategies import taking

F = Fraction


def standoff(rng: random.Random, *, trades: bool = False, outside: bool = False, works: bool = False) -> Instance:
    """Two to four parties and one to seven measures of any kind. With `trades` most cost their actor something and please the
    rest, and trust is high; with `outside` some have no actors, as what is paid from outside; with `works` some take time."""
    phases, names = rng.randint(1, 5), [f"p{n}" for n in range(rng.choice([2, 2, 3, 4]))]
    ids = [f"m{n}" for n in range(rng.randint(2 if trades else 1, 7))]
    trust = ["0.7", "0.9", "0.95", "0.99"] if trades else ["0.2", "0.5", "0.8", "0.9"]
    parties = tuple(
        Party(
            id=i,
            name=i.upper(),
            discount=F(rng.choice(["0.5", "0.8", "0.9", "0.95"])),
            stalemate=F(rng.randint(-10, 3), 10),
            breakdown=F(rng.choice([0, 0, 1, 3])),
            trust={j: F(rng.choice(trust)) for j in names if j != i},
            red_line=F(rng.randint(0, 80), 10) if rng.random() < 0.2 else None,
        )
        for i in names
    )
    in_force = {m for m in ids if rng.random() < (0.15 if trades else 0.3)}
    excludes: dict[str, tuple[str, ...]] = dict.fromkeys(ids, ())
    for _ in range(rng.choice([0, 0, 1, 2]) if len(ids) > 1 else 0):
        a, b = rng.sample(ids, 2)
        if not {a, b} <= in_force and b not in excludes[a]:
            excludes[a] += (b,)
            excludes[b] += (a,)
    measures = tuple(_measure(rng, m, ids, names, phases, m in in_force, excludes[m], trades, outside) for m in ids)
    if works:
        measures = tuple(m if m.in_force else taking(m, rng.choice([0, 1, 2])) for m in measures)
    return Instance("standoff", phases, parties, measures)


def _measure(
    rng: random.Random,
    m: str,
    ids: list[str],
    names: list[str],
    phases: int,
    in_force: bool,
    excludes: tuple[str, ...],
    trades: bool,
    outside: bool,
) -> Measure:
    actors = tuple(rng.sample(names, 2)) if rng.random() < 0.15 else (rng.choice(names),)
    if outside and rng.random() < 0.2:
        actors = ()
    wanted = rng.random() < (0.25 if trades else 0.5)

    def worth(i: str) -> int:
        if not trades:
            return rng.choice([0, rng.randint(-20, 20)]) if i not in actors else rng.choice([0, rng.randint(-8, 12)])
        if i in actors:
            return rng.randint(1, 6) if wanted else rng.randint(-8, 0)
        return rng.choice([0, rng.randint(-6, 6) if wanted else rng.randint(1, 25)])

    others = [n for n in ids if n != m]
    requires = []
    while others and rng.random() < 0.25:
        requires.append(Requirement(tuple(rng.sample(others, min(len(others), rng.randint(1, 2)))), rng.randint(0, 2)))
    window = rng.randint(0, phases - 1) if rng.random() < 0.25 else None
    return Measure(
        id=m,
        whole=m,
        title=m.upper(),
        kind="other",
        actors=actors,
        value={i: F(x, 10) for i in names if (x := worth(i))},
        once={i: F(x, 10) for i in names if rng.random() < 0.2 and (x := rng.randint(-20, 20))},
        irreversible=F(rng.choice(["0", "0", "0.25", "0.5", "1"])),
        lag=rng.choice([1, 1, 2, 3]),
        signal=F(rng.choice(["1", "1", "1.2", "2", "5"])),
        requires=tuple(requires),
        excludes=excludes,
        not_before=window or 0,
        not_after=phases - 1 if window is None else rng.randint(window, phases - 1),
        in_force=in_force,
    )


def schedule(rng: random.Random, instance: Instance) -> Roadmap:
    """Any schedule, whether it holds or not, more often with early steps."""
    phases: list[int | None] = [None, *range(instance.phases), 0, 0]
    return Roadmap(instance.case, instance.phases, {m.id: -1 if m.in_force else rng.choice(phases) for m in instance.measures})


def certified(seed: int, number: int) -> Iterator[tuple[Instance, Roadmap]]:
    """So many roadmaps that hold and help, each of another case."""
    rng, found = random.Random(seed), 0
    while found < number:
        instance = standoff(rng, trades=True)
        brute = BruteForce(instance)
        for _ in range(40):
            roadmap = schedule(rng, instance)
            if not brute.faults(roadmap) and brute.helps(roadmap) and certify(instance, roadmap).holds:
                found += 1
                yield instance, roadmap
                break
