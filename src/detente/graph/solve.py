"""The analysis of a conflict: states, preferences, the stability of every state for every party, equilibria.

`graph` takes a conflict, a case or a file, and returns a `Graph`. Concepts: nash, gmr, smr, seq and sim; where a preference
can be strong also strong-gmr, strong-smr and strong-seq (see `stability`). Where a pair of states stands in no known relation,
the four extensions of each concept are found (see `pairs`); `unknown` says which of them the plain lists hold. A state that is
stable by extension a is stable by all four.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.errors import GraphError
from detente.graph.levels import Levels, levels_of
from detente.graph.model import Conflict
from detente.graph.moves import Moves, moves_of
from detente.graph.pairs import CONCEPTS, EXTENSIONS, actor_stability, steps_of
from detente.graph.result import Graph
from detente.graph.stability import Flags, best_answers, least_reached, simultaneous, stable_states
from detente.graph.states import feasible_states, lookup

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["graph"]

MOST_HORIZON = 100


def graph(source: Conflict | Case | str | Path, *, unknown: str = "a", horizon: int | None = None) -> Graph:
    """Analyse a conflict.

    Parameters
    ----------
    source : Conflict, Case, str or Path
        A conflict; a case, whose measures become options (see `from_case`); the slug of a bundled case or conflict; or the
        path of a conflict file (YAML), a case file or a .gmcr file.
    unknown : str
        The extension for unknown preference that the plain lists hold: "a", "b", "c" or "d".
    horizon : int, optional
        h of the limited-move stability L(h), from 1 to 100; without it L(h) is left out.

    Raises
    ------
    GraphError
        If the conflict cannot be analysed; CaseError, if a case cannot be read.
    """
    if unknown not in EXTENSIONS:
        raise GraphError(f"got the extension {unknown!r} for unknown preference, wanted a, b, c or d")
    if horizon is not None and not 1 <= horizon <= MOST_HORIZON:
        raise GraphError(f"got a horizon of {horizon} moves, wanted 1 to {MOST_HORIZON}")
    conflict = source if isinstance(source, Conflict) else _conflict(source)
    states = feasible_states(conflict)
    levels = tuple(levels_of(conflict, party, states) for party in conflict.parties)
    moves = moves_of(conflict, states, [x.level for x in levels], [(p,) for p in range(len(levels))])
    extensions: dict[str, dict[str, Flags]] = {}
    reached: dict[str, NDArray[np.int32]] = {}
    if any(x.has_unknown for x in levels):
        extensions = _extended(conflict, states, levels, moves)
        stable = dict(extensions[unknown])
    else:
        stable, reached = _known(conflict, states, levels, moves)
    limited = None
    if horizon is not None:
        if extensions:
            raise GraphError(f"{conflict.id}: limited-move stability needs preferences that are all known (drop the horizon)")
        from detente.graph.limited import limited_stability

        limited = limited_stability(moves, np.array([x.level for x in levels]), horizon)
    return Graph(conflict, states, levels, moves, stable, extensions, unknown, horizon, limited, reached)


def _conflict(source: Case | str | Path) -> Conflict:
    from detente.graph.read import read

    if isinstance(source, str | Path):
        return read(source)
    from detente.graph.from_case import from_case

    return from_case(source)


def _known(
    conflict: Conflict, states: NDArray[np.int64], levels: tuple[Levels, ...], moves: Moves
) -> tuple[dict[str, Flags], dict[str, NDArray[np.int32]]]:
    """The stability of every state, and the least value that the others can lead to from it (v in `stability`)."""
    level = np.array([x.level for x in levels])
    table = lookup(states, len(conflict.options))
    strength = any(x.has_strength for x in levels)
    names = [*CONCEPTS, *(("strong-gmr", "strong-smr", "strong-seq") if strength else ())]
    out = {name: np.empty(level.shape, dtype=np.bool_) for name in names}
    least = {name: np.empty(level.shape, dtype=np.int32) for name in ("gmr", "smr", "seq")}
    for i, own in enumerate(levels):
        others = np.array([j for j in range(len(levels)) if j != i], dtype=np.int64)
        best = best_answers(moves, i, own.level)
        out["nash"][i] = best == own.level
        plain = np.arange(len(own.strong), dtype=np.int32)
        for name, value, improving in (("gmr", own.level, False), ("smr", best, False), ("seq", own.level, True)):
            reached = least[name][i] = least_reached(moves, others, level, value, improving=improving)
            out[name][i] = stable_states(moves, i, own.level, reached, plain)
            if strength:
                out[f"strong-{name}"][i] = stable_states(moves, i, own.level, reached, own.strong)
        out["sim"][i] = simultaneous(moves, i, others, level, states, table, out["nash"][i])
    return out, least


def _extended(
    conflict: Conflict, states: NDArray[np.int64], levels: tuple[Levels, ...], moves: Moves
) -> dict[str, dict[str, Flags]]:
    members = [(p,) for p in range(len(levels))]
    steps = steps_of(moves, members, levels, title=conflict.id)
    table = lookup(states, len(conflict.options))
    out: dict[str, dict[str, Flags]] = {}
    for name, (open_to, deterred) in EXTENSIONS.items():
        found = [
            actor_stability(
                steps, i, (i,), [j for j in range(len(levels)) if j != i], levels, states=states, table=table,
                open_to=open_to, deterred=deterred, title=conflict.id,
            )
            for i in range(len(levels))
        ]  # fmt: skip
        out[name] = {concept: np.array([f[concept] for f in found]) for concept in CONCEPTS}
    return out
