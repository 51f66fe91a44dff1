"""Conflicts of a given size, drawn from a seed: the same on every machine.

free     every combination of options is a state, every option can be taken and dropped
bound    random patterns of three options are infeasible, as many as leave the wanted number of states; about a third of the
         options go one way only

Four parties own the options in equal shares. Half of them rank states by twice as many statements as there are options, half by
weights from -100 to 100.
"""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np

from detente.graph.formula import Formula, always, literal
from detente.graph.model import Conflict, Option, Party, Preference, Stated, Weighed

__all__ = ["draw"]

_SPARE = 4  # options more than the wanted states need, where many combinations are infeasible


def draw(shape: str, bits: int, parties: int, seed: int) -> Conflict:
    """A conflict with 2^bits states, or a few more where it is bound."""
    rng = random.Random(f"{shape} {bits} {parties} {seed}")
    bound = shape == "bound"
    count = bits + _SPARE if bound else bits
    ways = [rng.choice(("forward", "back")) if bound and rng.random() < 0.3 else "both" for _ in range(count)]
    infeasible = _patterns(rng, count, 1 << bits) if bound else []
    return Conflict(
        f"{shape}-{bits}",
        f"{shape}, 2^{bits} states",
        tuple(
            Party(f"p{i}", f"p{i}", tuple(range(count * i // parties, count * (i + 1) // parties)), _preference(rng, count, i))
            for i in range(parties)
        ),
        tuple(Option(f"o{n}", f"o{n}", way) for n, way in enumerate(ways)),
        tuple(always(p) for p in infeasible),
        status_quo=None,
    )


def _preference(rng: random.Random, options: int, party: int) -> Preference:
    if party % 2:
        return Weighed(tuple((literal(n), Fraction(rng.randint(-100, 100))) for n in range(options)))
    return Stated(tuple(_statement(rng, options) for _ in range(2 * options)))


def _statement(rng: random.Random, options: int) -> Formula:
    if rng.random() < 0.4:
        return literal(rng.randrange(options), rng.random() < 0.6)
    return Formula(rng.choice(("if", "iff", "and", "or")), parts=tuple(literal(rng.randrange(options)) for _ in range(2)))


def _patterns(rng: random.Random, options: int, wanted: int) -> list[dict[int, bool]]:
    """Patterns that leave at least as many states as are wanted, and would leave fewer with one more."""
    left = np.arange(1 << options, dtype=np.int64)
    found: list[dict[int, bool]] = []
    while True:
        pattern = {n: rng.random() < 0.5 for n in rng.sample(range(options), 3)}
        after = left[~always(pattern).holds(left)]
        if len(after) < wanted:
            return found
        found.append(pattern)
        left = after
