"""The symmetric divisible exchange, about which nearly everything is known in closed form.

Two parties, a and b. Each unit that a party has in force costs it 1 a phase and is worth `lam` to the other. A share r of the
effect is irreversible, lag 1, breakdown loss B. Each side's units are cut into pieces that follow each other (`a/1`, `a/2` ..);
several may enter in one phase. Trust is so high, unless given, that trust rows do not bind; doubt rows move every threshold a
little even so, V > D where V = D would do if trust were no matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from detente.case.instance import Instance, Measure, Party, Requirement
from detente.plan.roadmap import Roadmap

F = Fraction
NONE, HIGH = F(0), F("0.999")
TWO = (("a", "b"), ("b", "a"))


def exchange(
    pieces: Sequence[Fraction],
    phases: int,
    *,
    lam: Fraction,
    d: Fraction,
    r: Fraction,
    breakdown: Fraction = NONE,
    trust: Fraction = HIGH,
) -> Instance:
    """The exchange with the same `pieces` (sizes, in units) on each side."""
    parties = tuple(Party(i, i, d, F(0), breakdown, {j: trust}) for i, j in TWO)
    measures = tuple(
        Measure(
            id=f"{i}/{n}",
            whole=i,
            title=f"{i} {n}",
            kind="other",
            actors=(i,),
            value={i: -size, j: lam * size},
            once={},
            irreversible=r,
            lag=1,
            signal=F(1),
            requires=(Requirement((f"{i}/{n - 1}",), 0),) if n > 1 else (),
            excludes=(),
            not_before=0,
            not_after=phases - 1,
            in_force=False,
        )
        for i, j in TWO
        for n, size in enumerate(pieces, 1)
    )
    return Instance("exchange", phases, parties, measures)


def slices(count: int, phases: int, *, lam: Fraction, d: Fraction, r: Fraction, trust: Fraction = HIGH) -> Instance:
    """The exchange of one unit on each side, in equal slices."""
    return exchange([F(1, count)] * count, phases, lam=lam, d=d, r=r, trust=trust)


def by_levels(instance: Instance, a: Sequence[int], b: Sequence[int]) -> Roadmap:
    """The roadmap in which so many pieces of each side are in force in phase 0, 1, .."""
    entry: dict[str, int | None] = {}
    for i, levels in (("a", a), ("b", b)):
        for n, m in enumerate(instance.slices[i], 1):
            entry[m] = next((t for t, level in enumerate(levels) if level >= n), None)
    return Roadmap(instance.case, instance.phases, entry)
