"""What is first not carried out, and what is first late: events, each with who, why, when, and what then.

In a play the first phase counts in which a step that was due is refused, withheld, held back, broken off or falls; for what is
late, the first in which a step comes late openly. Steps that one party does not carry out for one reason (`process.REASONS`, of
one consent or demand) are one event; if the first phase has several, each counts for an equal share of the play, as each of its
steps does for the chances by measure.

Sums are over plays, by event: hits (shares) and their squares, shares by phase, plays in which a measure is one of the steps,
plays in which a measure is held back in answer, and plays with the event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.assess.layout import World
from detente.assess.process import DELAYS, REASONS
from detente.assess.records import Records
from detente.base.frozen import Frozen
from detente.base.plain import told
from detente.case.case import Case

__all__ = ["Event", "First", "first_of", "late_sums", "refused_sums"]

_LEAST = 0.1  # a measure belongs to the steps of an event in at least this share of its plays
Sums = dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Event(Frozen):
    """What may be first not carried out, or first late.

    party : whose step it is; None: of several. cause : a reason of `process`, or a delay. of : the path in the case of the
    consent or demand, else None. phase : when, the 10, 50 and 90% quantiles. steps : what falls with it. held_back : what the
    others then hold back. chance : share of the plays, with its standard error `se`.
    """

    party: str | None
    cause: str
    of: str | None
    phase: tuple[int, int, int]
    steps: tuple[str, ...]
    held_back: tuple[str, ...]
    chance: float
    se: float

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        cause : why it fails: a cause of a collapse, a refusal or a delay
        """
        return told(self)


@dataclass(frozen=True)
class First(Frozen):
    """measures : by measure of the case file, the chance of being first. events : the likeliest first."""

    measures: Mapping[str, float]
    events: tuple[Event, ...]

    def to_dict(self) -> dict[str, object]:
        return told(self)


def _apart(world: World) -> int:
    """How many consents, or demands, one reason may have to be told apart."""
    return max(1, len(world.causes.consent), len(world.causes.demand_by))


def refused_sums(world: World, r: Records) -> Sums:
    """The sums over plays of what is first not carried out."""
    width, at = _apart(world), np.nonzero(r.first_missed)
    whose, reason = np.where(r.whose[at] < 0, _single(world)[at[1]], r.whose[at]), r.reason[at].astype(np.int64)
    code = ((whose + 1) * len(REASONS) + reason) * width + np.maximum(0, r.reason_of[at])
    return _event_sums((world.others + 1) * len(REASONS) * width, code, at, r.firsts[:, 0], r.held_back, world)


def late_sums(world: World, r: Records) -> Sums:
    """The same of what is first late."""
    at = np.nonzero(r.first_late)
    code = (_single(world)[at[1]] + 1) * len(DELAYS) + r.delay[at]
    return _event_sums((world.others + 1) * len(DELAYS), code, at, r.firsts[:, 1], r.held_back, world)


def _single(world: World) -> NDArray[np.int64]:
    """The actor of each measure, of shape (M,); -1 where there are several."""
    return np.where(world.actor.sum(axis=0) == 1, world.actor.argmax(axis=0), -1)


def _event_sums(
    events: int,
    code: NDArray[Any],
    first: tuple[NDArray[Any], ...],
    phase: NDArray[np.int16],
    held: NDArray[np.bool_],
    w: World,
) -> Sums:
    """Sums by event. first : which play and measure is first, and code : its event. phase : of shape (N,)."""
    N, M = held.shape
    last = w.phases + w.most_lag - 1
    n, m = first
    found, at = np.unique(code, return_inverse=True)  # few of the events come up
    there = np.zeros((N, len(found)), dtype=np.bool_)
    there[n, at] = True
    share = there / np.maximum(1, there.sum(axis=1))[:, None]
    play, event = np.nonzero(there)
    steps, by_phase = np.zeros((events, M)), np.zeros((events, last + 1))
    np.add.at(steps, (code, m), 1.0)
    np.add.at(by_phase, (found[event], np.minimum(phase[play], last)), share[play, event])
    alike = 1.0 / np.maximum(1, np.bincount(n, minlength=N))[n]

    def of_all(x: NDArray[Any]) -> NDArray[np.float64]:
        out = np.zeros((events, *x.shape[1:]))
        out[found] = x
        return out

    return {
        "hits": of_all(share.sum(axis=0)),
        "squares": of_all((share**2).sum(axis=0)),
        "plays": of_all(there.sum(axis=0)),
        "phases": by_phase,
        "steps": steps,
        "held": of_all(there.T.astype(np.float64) @ held),
        "measures": np.bincount(m, alike, M).astype(np.float64),
        "measures_sq": np.bincount(m, alike**2, M).astype(np.float64),
    }


def first_of(case: Case, world: World, sums: Mapping[str, NDArray[np.float64]], count: float, *, late: bool) -> First:
    """What the sums of one strategy say. late : of `late_sums`."""
    it, found = case.instance, []
    ids, parties = [m.id for m in it.measures], [p.id for p in it.parties]
    for code in np.flatnonzero(sums["hits"]):
        party, cause, of = _decoded(case, world, int(code), late)
        hits, plays = float(sums["hits"][code]), float(sums["plays"][code])
        mean = hits / count
        variance = max(0.0, float(sums["squares"][code]) - count * mean**2) / max(1.0, count - 1)
        reached = np.cumsum(sums["phases"][code]) / hits
        low, middle, high = (int(np.searchsorted(reached, q - 1e-12)) for q in (0.1, 0.5, 0.9))
        found.append(
            Event(
                party=None if party < 0 else parties[party],
                cause=cause,
                of=of,
                phase=(low, middle, high),
                steps=_often(ids, sums["steps"][code], plays),
                held_back=_often(ids, sums["held"][code], plays),
                chance=mean,
                se=float(np.sqrt(variance / count)),
            )
        )
    chances = {w: float(sum(sums["measures"][ids.index(m)] for m in parts)) / count for w, parts in it.slices.items()}
    return First(chances, tuple(sorted(found, key=lambda e: -e.chance)))


def _often(ids: Sequence[str], hits: NDArray[np.float64], plays: float) -> tuple[str, ...]:
    order = sorted(range(len(ids)), key=lambda m: (-hits[m], m))
    return tuple(ids[m] for m in order if hits[m] >= _LEAST * plays)


def _decoded(case: Case, world: World, code: int, late: bool) -> tuple[int, str, str | None]:
    """Party (-1: several), cause, and the path of the consent or demand."""
    if late:
        party, delay = divmod(code, len(DELAYS))
        return party - 1, DELAYS[delay], None
    rest, of = divmod(code, _apart(world))
    party, reason = divmod(rest, len(REASONS))
    name = REASONS[reason]
    if name == "consent":
        needs = [(m.whole, n.id) for m in case.instance.measures for n in case.measures[m.whole].needs]
        return party - 1, name, f"measures.{needs[of][0]}.needs.{needs[of][1]}"
    if name == "demand":
        return party - 1, name, f"demands.{case.demands[of].id}"
    return party - 1, name, None
