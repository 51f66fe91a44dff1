"""An analysed conflict as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import count
from detente.graph.pairs import CONCEPTS
from detente.graph.stability import for_all

if TYPE_CHECKING:
    from detente.graph.inverse import Inverse
    from detente.graph.result import Graph

__all__ = [
    *("LABELS", "Choice", "choices", "reasons", "show_graph", "show_inverse", "show_state", "shown_columns", "shown_states"),
]

LABELS = {
    "nash": "Nash",
    "gmr": "GMR",
    "smr": "SMR",
    "seq": "SEQ",
    "sim": "SIM",
    "strong-gmr": "GMR, strongly",
    "strong-smr": "SMR, strongly",
    "strong-seq": "SEQ, strongly",
}
_WAY = {"both": "", "forward": " (one way)", "back": " (one way, back)"}
MOST_COLUMNS = 10


@dataclass(frozen=True)
class Choice:
    """An option as a row of a table. place : of the party whose it is, from 0. first : whether it is the party's first one.
    taken : in which of the states that are told it is taken."""

    place: int
    first: bool
    title: str
    taken: tuple[bool, ...]


def choices(found: Graph, numbers: Sequence[int]) -> Iterator[Choice]:
    """The options party by party, and in which of some states they are taken."""
    for place, party in enumerate(found.conflict.parties):
        for k, o in enumerate(party.options):
            option = found.conflict.options[o]
            taken = tuple(bool(found.states[n - 1] >> o & 1) for n in numbers)
            yield Choice(place, k == 0, f"{option.title}{_WAY[option.direction]}", taken)


def reasons(found: Graph, number: int, party: str, concepts: Sequence[str] = ()) -> Iterator[tuple[str, bool, str]]:
    """Why a state is stable for a party, or is not: by which concepts, whether it is, and the sentence that they share."""
    told: dict[tuple[bool, str], list[str]] = {}
    for c in concepts or found.stable:
        key = (found.is_stable(number, party, c), found.verdict(number, party, c))
        told.setdefault(key, []).append(LABELS[c])
    for (stable, why), labels in told.items():
        yield ", ".join(labels), stable, why


def shown_columns(found: Graph, concepts: Sequence[str], most: int = MOST_COLUMNS) -> tuple[list[int], int]:
    """The states of an option table: today's, and of the equilibria those worth a column; how many of these are left out."""
    numbers, more = shown_states(found, concepts, most)
    today = found.status_quo
    return [*([today] if today is not None and today not in numbers else []), *numbers], more


def show_graph(found: Graph, *, states: bool = False, concepts: Sequence[str] = (), coalitions: bool = False) -> Iterator[Part]:
    """What it comes to in sentences, and notes; with `states`, and for who names concepts or coalitions, all tables before
    the notes: counts, the option table of equilibria, what holds today's state, the ways from it, coalitions."""
    from detente.graph.outlook import outlook

    parties = ", ".join(p.name for p in found.conflict.parties)
    yield strong(f"{found.conflict.title}: {count(found.count, 'feasible state')} of {parties}")
    yield from outlook(found)
    if states or concepts or coalitions or found.limited is not None:
        yield from _tables(found, concepts, coalitions)
    else:
        yield quiet("With --states: the states by number, and why each party keeps to today's.")
    for note in found.notes:
        yield quiet(note)


def _tables(found: Graph, concepts: Sequence[str], coalitions: bool) -> Iterator[Part]:
    chosen = list(concepts) or list(found.stable)
    yield _equilibria(found, chosen)
    shown, more = shown_columns(found, chosen)
    yield _options(found, shown, chosen)
    if more:
        yield quiet(f"{more:,} more equilibria are not shown; --json lists them.")
    today = found.status_quo
    if today is not None:
        yield from show_state(found, today, chosen)
        yield from _paths(found, chosen)
    if found.limited is not None:
        numbers = [int(n) + 1 for n in np.flatnonzero(for_all(found.limited))]
        yield f"Stable for all when everyone looks {found.horizon} moves ahead, L({found.horizon}): {_listed(numbers)}."
    if coalitions:
        yield _coalitions(found)
    if found.conflict.coalitions:
        yield _partition(found)


def shown_states(found: Graph, concepts: Sequence[str], most: int = MOST_COLUMNS) -> tuple[list[int], int]:
    """The equilibria that are worth a column, those by most concepts first, and how many are left out."""
    counts = np.sum([for_all(found.stable[c]) for c in concepts], axis=0)
    numbers = np.flatnonzero(counts > 0)
    order = numbers[np.argsort(-counts[numbers], kind="stable")]
    return sorted(int(n) + 1 for n in order[:most]), max(0, len(order) - most)


def _equilibria(found: Graph, concepts: Sequence[str]) -> Part:
    out = Table("Equilibria", "Concept", "States", "How many")
    for c in concepts:
        numbers = np.flatnonzero(for_all(found.stable[c])) + 1
        out.add(LABELS[c], _listed(numbers.tolist()), f"{len(numbers):,}")
    return out


def _options(found: Graph, numbers: Sequence[int], concepts: Sequence[str]) -> Part:
    out = Table("Option table", "Party", "Option", *(f"{n}*" if n == found.status_quo else str(n) for n in numbers))
    for c in choices(found, numbers):
        who = found.conflict.parties[c.place].name if c.first else ""
        out.add(who, c.title, *("yes" if x else "-" for x in c.taken))
    for concept in concepts:
        flags = for_all(found.stable[concept])
        out.add("", LABELS[concept], *("E" if flags[n - 1] else "" for n in numbers))
    return out


def show_state(found: Graph, number: int, concepts: Sequence[str] = ()) -> Iterator[Part]:
    """Why a state is stable, or is not, for each party."""
    title = f"Today's state, {number}*" if number == found.status_quo else f"State {number}, {found.pattern(number)}"
    out = Table(title, "Party", "Concept", "Stable", "Why")
    for party in found.conflict.parties:
        for k, (labels, stable, why) in enumerate(reasons(found, number, party.id, concepts)):
            out.add("" if k else party.name, labels, "yes" if stable else "no", why)
    yield out


def _paths(found: Graph, concepts: Sequence[str]) -> Iterator[Part]:
    ways = found.paths
    if ways is None:
        return
    if len(ways.reached) == 1:
        yield "Nobody gains by leaving today's state alone."
        return
    out = Table("From today by improvements alone", "To", "Equilibrium by", "Steps")
    ends: dict[int, list[str]] = {}
    for c in concepts:
        for e in ways.ends.get(c, ()):
            ends.setdefault(e, []).append(LABELS[c])
    names = [p.name for p in found.conflict.parties]
    for e in sorted(ends)[:MOST_COLUMNS]:
        steps = "; ".join(f"{names[p]} to {s}" for p, s in ways.to(e)) or "none: it is today's state"
        out.add(str(e), ", ".join(ends[e]), steps)
    yield out
    if len(ends) > MOST_COLUMNS:
        yield quiet(f"{len(ends) - MOST_COLUMNS:,} more equilibria can be reached.")


def _coalitions(found: Graph) -> Part:
    out = Table("Coalitions", "Who moves together", *(LABELS[c] for c in CONCEPTS[:4]))
    names = [p.name for p in found.conflict.parties]
    for one in found.coalitions:
        cells = [_listed((np.flatnonzero(one.stable[c]) + 1).tolist(), 8) for c in CONCEPTS[:4]]
        out.add(", ".join(names[n] for n in one.members), *cells)
    out.add("Stable for every coalition", *(_listed(found.coalitional(c), 8) for c in CONCEPTS[:4]))
    return out


def _partition(found: Graph) -> Part:
    out = Table("The conflict's own coalitions, each acting as one", "Who acts as one", *(LABELS[c] for c in CONCEPTS))
    names = [p.name for p in found.conflict.parties]
    for one in found.partition:
        cells = [_listed((np.flatnonzero(one.stable[c]) + 1).tolist(), 8) for c in CONCEPTS]
        out.add(", ".join(names[n] for n in one.members), *cells)
    every = [np.flatnonzero(for_all([x.stable[c] for x in found.partition])) + 1 for c in CONCEPTS]
    out.add("Equilibria", *(_listed(numbers.tolist(), 8) for numbers in every))
    return out


def show_inverse(found: Graph, asked: Sequence[Inverse]) -> Iterator[Part]:
    """What each party would have to prefer."""
    names = {p.id: p.name for p in found.conflict.parties}
    first = asked[0]
    wanted = f"state {first.state} ({found.pattern(first.state)})"
    yield strong(f"{found.conflict.title}: what makes {wanted} stable, {LABELS[first.concept]}")
    for one in asked:
        out = Table(names[one.party], "Move to", f"State {one.state} must be held at least as good as")
        for c in one.conditions:
            ways = [" and ".join(map(str, sorted(w))) for w in c.ways[:6]]
            more = f", or {len(c.ways) - 6} more ways" if len(c.ways) > 6 else ""
            out.add(str(c.move), "nothing: it is answered in any case" if not c.ways[0] else ", or ".join(ways) + more)
        yield out
        if one.stable:
            yield f"{names[one.party]}: this holds already."
        else:
            fewest = count(len(one.changes[0]), "state")
            told = "; or ".join(", ".join(map(str, c)) for c in one.changes[:6])
            more = "; or others" if len(one.changes) > 6 or not one.complete else ""
            needed = f"it would have to hold {fewest} no better than {one.state} that it now holds better"
            yield f"{names[one.party]}: {needed}: {told}{more}."


def _listed(numbers: Sequence[int], most: int = 20) -> str:
    if not numbers:
        return "none"
    more = f", .. {len(numbers) - most:,} more" if len(numbers) > most else ""
    return ", ".join(map(str, numbers[:most])) + more
