"""A case to be asked about, with candidates that are stated instead of searched: what is worth what can be worked out by hand.

Two parties; A's value of what B gives, x, lies from 0 to 4 (likely 2), and B's value of what A gives, y, likewise. Nothing else
is uncertain. Candidate `one` brings A the gain 1 + 2 (x - 2) and B 1; candidate `two` brings both 1 in every world.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from detente.ask.candidates import NO_DEAL, Candidate, Played
from detente.ask.kept import Kept
from detente.ask.session import Session
from detente.ask.surrogate import Surrogate
from detente.ask.worlds import drawn
from detente.case.case import Case
from detente.case.load import read_case

PAIRS = np.zeros((0, 2), dtype=np.int64)
TEXT = """\
# A case that somebody wrote by hand.
case: barter
title: Barter
as_of: 2020-01-01
phases: {length: 1 month, count: 4}
draws: {spread: 0}
parties:
  a: {name: Party A, discount: 0.8, stalemate: 0, breakdown: 0, trust: {b: 0.7}}
  b: {name: Party B, discount: 0.8, stalemate: 0, breakdown: 0, trust: {a: 0.7}}
measures:
  wood: # what A gives
    title: Wood
    by: a
    kind: economic
    value: {a: -1, b: [0, 2, 4]} # B's own words
  fish:
    title: Fish
    by: b
    kind: economic
    value: {a: [0, 2, 4], b: -1}
  boats:
    title: Boats
    by: b
    kind: economic
    value: {a: [1, 2, 3], b: -1}
"""


def case(more: str = "", text: str = TEXT) -> Case:
    """The case, with more at its end."""
    return read_case(text + more, "barter.yaml")


def session(folder: Path, made: Case | None = None, worlds: int = 4000, **options: Any) -> Session:
    """A session whose candidates are those of the module."""
    made = case() if made is None else made
    out = Session(made, folder, **options)
    names = [q.name for q in out.quantities]
    out._kept = Kept(played(names), drawn(made, names, worlds, 0), 0)
    return out


def played(names: list[str]) -> Played:
    """The candidates `one`, `two` and no deal."""
    count, x = len(names), names.index("measures.fish.value.a")
    linear, zero = np.zeros((count, 3, 2)), np.zeros(count)
    linear[x, 0, 0] = 2.0
    centre = np.where(np.arange(count) == x, 2.0, 0.0)
    mean = np.array([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    model = Surrogate(centre, zero + 1, zero - 1e3, zero + 1e3, mean, linear, np.zeros_like(linear), PAIRS, np.zeros((0, 3, 2)))
    rest = {"wood": 0, "fish": 1, "boats": None, "nets": None}
    own = [Candidate(x, "roadmap", f"Roadmap {x}", rest) for x in ("one", "two")]
    return Played((*own, Candidate(NO_DEAL, "no deal", "No deal", {})), tuple(names), model, 1000)
