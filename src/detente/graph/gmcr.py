"""Conflicts from and to .gmcr files (JSON), the format of other programs of the field.

After reading, options stand in the order of the decision makers and of their own lists; conditions in the file use the file's
numbers. `preferenceRanking` numbers the feasible states from 1 in that order. Names serve as ids.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from detente.base.atomic import write_atomic
from detente.base.bounds import PATIENCE
from detente.base.json import read_json
from detente.base.legible import alike, is_blank, steering
from detente.base.wording import shown
from detente.errors import Fault, GraphError
from detente.graph.formula import Formula, always, patterns, some
from detente.graph.levels import levels_of
from detente.graph.model import MOST_OPTIONS, Conflict, Option, Party, Preference, Ranked, Stated
from detente.graph.states import feasible_states

__all__ = ["read_gmcr", "to_gmcr", "write_gmcr"]

_WAYS = {"both": "both", "fwd": "forward", "back": "back"}


def read_gmcr(text: str, source: str = "<text>") -> Conflict:
    """Read the text of a .gmcr file.

    Raises
    ------
    GraphError
        With every fault, each with the key at which it stands.
    """
    data = read_json(text, source, error=GraphError, what="conflict", hint="write it flat, and look at this line")
    reader = _Reader()
    conflict = reader.conflict(data if isinstance(data, dict) else {}, Path(source.strip("<>")).stem)
    if reader.faults:
        faults = [Fault(0, 0, key, message, hint) for key, message, hint in reader.faults]
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise GraphError(f"{source}: {count} in this conflict", source=source, faults=faults)
    return conflict


class _Reader:
    def __init__(self) -> None:
        self.faults: list[tuple[str, str, str]] = []
        self.place: dict[int, int] = {}  # the file's number of an option: ours
        self.count = 0

    def fault(self, key: str, message: str, hint: str = "") -> None:
        if len(self.faults) <= PATIENCE:
            self.faults.append((key, message, hint))

    def entries(self, data: Mapping[str, Any], key: str, where: str = "", *, needed: bool = False) -> list[Any]:
        found = data.get(key, None if needed else [])
        path = f"{where}.{key}" if where else key
        if not isinstance(found, list):
            self.fault(path, f"got {shown(found)}, wanted a list")
            return []
        return found

    def conflict(self, data: Mapping[str, Any], name: str) -> Conflict:
        given = self.entries(data, "options", needed=True)
        makers = self.entries(data, "decisionMakers", needed=True)
        self.count = len(given)
        if self.count > MOST_OPTIONS or len(makers) > MOST_OPTIONS:
            got = f"got {self.count:,} options and {len(makers):,} decision makers, wanted at most {MOST_OPTIONS} of each"
            self.fault("options", got, "leave out what changes nothing")
            given, makers = given[:MOST_OPTIONS], makers[:MOST_OPTIONS]
        owned: list[list[int]] = []
        options: list[Option] = []
        for n, maker in enumerate(makers):
            where = f"decisionMakers[{n}]"
            if not isinstance(maker, dict):
                self.fault(where, f"got {shown(maker)}, wanted an object")
                maker = {}
            mine = []
            for k, number in enumerate(self.entries(maker, "options", where, needed=True)):
                key = f"{where}.options[{k}]"
                if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < len(given):
                    self.fault(key, f"got {shown(number)}, wanted the number of an option, 0 to {len(given) - 1}")
                elif number in self.place:
                    self.fault(key, f"the option {number} is owned by two parties", "give it to one of them")
                else:
                    self.place[number] = len(options)
                    mine.append(len(options))
                    options.append(self._option(given[number], number))
            owned.append(mine)
        for number in range(len(given)):
            if number not in self.place:
                self.fault(f"options[{number}]", "no decision maker owns it", "give it to one, or take it out")
        if not makers:
            self.fault("decisionMakers", "there is none", "name at least one")
        elif not options:
            self.fault("options", "there is none", "name at least one")
        infeasible = tuple(self.condition(c, f"infeasibles[{n}]") for n, c in enumerate(self.entries(data, "infeasibles")))
        by_rank = bool(data.get("useManualPreferenceRanking", data.get("useManualPreferenceVectors", False)))
        parties, notes = [], []
        names = self._names([m.get("name") if isinstance(m, dict) else None for m in makers], "Decision maker")
        for n, (maker, mine) in enumerate(zip(makers, owned, strict=True)):
            maker = maker if isinstance(maker, dict) else {}
            self._check(maker.get("name"), f"decisionMakers[{n}].name")
            parties.append(Party(names[n], names[n], tuple(mine), self._preference(maker, f"decisionMakers[{n}]", by_rank)))
            if maker.get("misperceptions"):
                notes.append(f"{names[n]}: the file names states that it does not see (misperceptions); they are left aside.")
        titles = self._names([o.title for o in options], "Option")
        made = tuple(Option(t, t, o.direction) for t, o in zip(titles, options, strict=True))
        return Conflict(
            name, name, tuple(parties), made, infeasible, None, self._coalitions(data, len(makers)), "", tuple(notes)
        )

    def _names(self, given: Sequence[object], what: str) -> list[str]:
        out: list[str] = []
        seen = set[str]()
        for n, name in enumerate(given, 1):
            plain = " ".join(name.split()) if isinstance(name, str) and not is_blank(name) else f"{what} {n}"
            out.append(f"{plain} ({n})" if alike(plain) in seen else plain)
            seen.add(alike(plain))
        return out

    def _check(self, name: object, key: str) -> None:
        found = steering(name) if isinstance(name, str) else ""
        if found:
            message = f"got {found}, wanted text without control characters and marks that turn the direction of writing"
            self.fault(key, message, "take it out")

    def _option(self, given: Any, number: int) -> Option:
        if not isinstance(given, dict):
            self.fault(f"options[{number}]", f"got {shown(given)}, wanted an object")
            given = {}
        way = given.get("permittedDirection", "both")
        if not isinstance(way, str) or way not in _WAYS:
            self.fault(f"options[{number}].permittedDirection", f"got {shown(way)}, wanted 'both', 'fwd' or 'back'")
        name = given.get("name") or f"Option {number}"
        if not isinstance(name, str):
            self.fault(f"options[{number}].name", f"got {shown(name)}, wanted text")
            name = f"Option {number}"
        self._check(name, f"options[{number}].name")
        return Option(name, name, _WAYS.get(way, "both") if isinstance(way, str) else "both")

    def condition(self, given: Any, key: str) -> Formula:
        if isinstance(given, dict):
            members = self.entries(given, "members", key, needed=True)
            return some(self.condition(m, f"{key}.members[{n}]") for n, m in enumerate(members)) if members else Formula("or")
        taken: dict[int, bool] = {}
        for n, pair in enumerate(given if isinstance(given, list) else ()):
            sound = isinstance(pair, list) and len(pair) == 2 and pair[1] in ("Y", "N") and type(pair[0]) is int
            if not sound or pair[0] not in self.place:
                self.fault(f"{key}[{n}]", f"got {_short(pair)}, wanted [number of an option, 'Y' or 'N']")
            else:
                taken[self.place[pair[0]]] = pair[1] == "Y"
        if not isinstance(given, list):
            self.fault(key, f"got {shown(given)}, wanted a list of [number of an option, 'Y' or 'N'] or a compound condition")
        return always(taken)

    def _preference(self, maker: Mapping[str, Any], where: str, by_rank: bool) -> Preference:
        if not by_rank:
            given = self.entries(maker, "preferences", where)
            return Stated(tuple(self.condition(c, f"{where}.preferences[{n}]") for n, c in enumerate(given)))
        name = "preferenceVector" if "preferenceVector" in maker and "preferenceRanking" not in maker else "preferenceRanking"
        groups = []
        for n, entry in enumerate(self.entries(maker, name, where, needed=True)):
            listed = entry if isinstance(entry, list) else [entry]
            if any(isinstance(x, bool) or not isinstance(x, int) for x in listed):
                self.fault(f"{where}.{name}[{n}]", f"got {shown(entry)}, wanted the number of a state or a list of tied ones")
            else:
                groups.append(tuple(listed))
        return Ranked((tuple(groups),))

    def _coalitions(self, data: Mapping[str, Any], makers: int) -> tuple[tuple[int, ...], ...]:
        given = data.get("coalitions")
        groups = [g if isinstance(g, list) else [g] for g in given] if isinstance(given, list) else []
        flat = [x for g in groups for x in g]
        if not groups or all(len(g) == 1 for g in groups):
            return ()
        if sorted(map(str, flat)) != sorted(map(str, range(makers))):
            self.fault("coalitions", "it does not name every decision maker once", "correct it or take it out")
            return ()
        return tuple(tuple(int(x) for x in g) for g in groups)


def _short(given: object) -> str:
    """A pair as it stands in the file, unless it is long."""
    plain = isinstance(given, list) and len(given) < 5 and not any(isinstance(x, dict | list) and len(x) > 5 for x in given)
    return json.dumps(given)[:60] if plain else shown(given)


def to_gmcr(conflict: Conflict) -> tuple[dict[str, object], list[str]]:
    """A conflict as the content of a .gmcr file, and what that format cannot say, in words.

    Statements stay statements where every party has them; otherwise all preferences are written as rankings.
    """
    states = feasible_states(conflict)
    stated = all(isinstance(p.preference, Stated) for p in conflict.parties)
    lost = []
    makers: list[dict[str, object]] = []
    for party in conflict.parties:
        levels = levels_of(conflict, party, states)
        if levels.has_strength:
            lost.append(f"{party.name}: which preferences are strong")
        if levels.has_unknown:
            lost.append(f"{party.name}: which preferences are unknown")
        maker: dict[str, object] = {"name": party.name, "options": list(party.options)}
        if stated and isinstance(party.preference, Stated):
            maker["preferences"] = [_condition(f) for f in party.preference.statements]
        else:
            maker["preferences"] = []
        groups = [np.flatnonzero(levels.level == n) + 1 for n in range(int(levels.level.max()), -1, -1)]
        maker["preferenceRanking"] = [int(g[0]) if len(g) == 1 else g.tolist() for g in groups]
        makers.append(maker)
    if conflict.status_quo is not None:
        lost.append("which state is today's")
    ways = {ours: theirs for theirs, ours in _WAYS.items()}
    data: dict[str, object] = {
        "program": "detente",
        "options": [{"name": o.title, "permittedDirection": ways[o.direction]} for o in conflict.options],
        "decisionMakers": makers,
        "infeasibles": [_condition(f) for f in conflict.infeasible],
        "useManualPreferenceRanking": not stated,
        "coalitions": [list(g) if len(g) > 1 else g[0] for g in conflict.coalitions] or list(range(len(makers))),
    }
    return data, lost


def write_gmcr(conflict: Conflict, path: str | Path) -> list[str]:
    """Write a .gmcr file, whole or not at all; returns what the format cannot say, in words.

    Raises
    ------
    OutputError
        If the place cannot be written to.
    """
    data, lost = to_gmcr(conflict)
    write_atomic(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    return lost


def _condition(formula: Formula) -> object:
    simple = [
        [[n, "Y" if value >> n & 1 else "N"] for n in range(mask.bit_length()) if mask >> n & 1]
        for mask, value in patterns(formula)
    ]
    return simple[0] if len(simple) == 1 else {"compound": True, "members": simple}
