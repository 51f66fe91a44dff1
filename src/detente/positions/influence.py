"""Who could move the answer, and by how much: every actor's position, salience and presence changed, one at a time.

    position      moves to either end of the range, or to one of the positions that others hold
    salience      falls to 0, or rises to the top of its scale
    abstention    takes no part

For each actor and kind the change that moves the answer most is kept; the answer is the median of the distribution, without a
profile the weighted mean. Where many take part (more than MANY), the LOUDEST by weight are tried, and the ends and the position
with the most weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.base.plain import told
from detente.positions.single import Single

if TYPE_CHECKING:
    from detente.positions.panel import Floats

__all__ = ["Influence", "influences"]

MANY, LOUDEST = 50, 20
POSITIONS = 8


@dataclass(frozen=True)
class Influence:
    """A change by an actor, and what it does.

    change : position, salience or abstention. to : the new position or salience, in the units of the table; None for
    abstention. answer : the answer then. moves : by how much it moved.
    """

    actor: str
    change: str
    to: float | None
    answer: float
    moves: float

    def to_dict(self) -> dict[str, object]:
        """As JSON says it.

        actor : who could move the answer, the greatest move first
        """
        return told(self)


def influences(
    single: Single, names: tuple[str, ...], w: Floats, low: float, width: float, top: float
) -> tuple[Influence, ...]:
    """All of them, the greatest first.

    names, w : of shape (n,): who, with which weight. low, width : of the issue. top : the end of the scale of salience.
    """
    tried = list(_changes(single, w))
    V, n = len(tried) + 1, single.size
    x, s, c = (np.tile(v, (V, 1)) for v in (single.x, single.s, single.c))
    absent = np.zeros((V, n), dtype=bool)
    for k, (i, change, to) in enumerate(tried, 1):
        if change == "position":
            x[k, i] = to
        elif change == "salience":
            s[k, i] = to
        else:
            absent[k, i] = True
    answers = single.ask(x, s, c, absent).main
    best: dict[tuple[int, str], tuple[float, float | None, float]] = {}
    for (i, change, to), answer in zip(tried, answers[1:], strict=True):
        moved = float(answer - answers[0])
        if not np.isfinite(moved):
            continue
        if (i, change) not in best or abs(moved) > abs(best[i, change][0]) + 1e-9:
            best[i, change] = (moved, to, float(answer))
    found = []
    for (i, change), (moved, to, answer) in best.items():
        units = None if to is None else low + width * to / 100 if change == "position" else top * to / 100
        found.append(Influence(names[i], change, units, low + width * answer / 100, width * moved / 100))
    return tuple(sorted(found, key=lambda f: (-abs(round(f.moves, 9)), f.change, f.actor)))


def _changes(single: Single, w: Floats) -> Iterator[tuple[int, str, float | None]]:
    """(entry, kind, new value), in hundredths."""
    n = single.size
    who = range(n) if n <= MANY else np.argsort(-w, kind="stable")[:LOUDEST].tolist()
    held, number = np.unique(single.x, return_inverse=True)
    loud = held[np.argsort(-np.bincount(number, weights=w), kind="stable")[: POSITIONS if n <= MANY else 1]]
    targets = sorted({0.0, 100.0, *loud.tolist()})
    for i in who:
        yield from ((i, "position", p) for p in targets if abs(p - single.x[i]) > 1e-6)
        yield from ((i, "salience", v) for v in (0.0, 100.0) if v != single.s[i])
        others = w.sum() - w[i]
        if n > 1 and others > 1e-12:
            yield i, "abstention", None
