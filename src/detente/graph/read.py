"""Conflicts in: from a conflict file (YAML), a .gmcr file, a case; every fault at once with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice
from pathlib import Path as FilePath
from typing import Any

import numpy as np
from pydantic import ValidationError

from detente.base.bounds import PATIENCE, absent, decoded, name_of, read_bytes
from detente.base.text import Path, Reading, dotted, read_yaml
from detente.base.wording import patience, shown, some, suggestion
from detente.case.check import block_fault, named_alike
from detente.errors import Fault, GraphError
from detente.graph.file import ConflictFile, PartySpec
from detente.graph.formula import WORDS, FormulaError, always, parse, patterns
from detente.graph.levels import levels_of
from detente.graph.model import MOST_OPTIONS, Conflict, Option, Party, Preference, Ranked, Stated, Weighed
from detente.graph.states import feasible_states, index_of

__all__ = ["read", "read_conflict"]

DIVIDE = ">>"
Found = tuple[Path, str, str]


def read(source: str | FilePath, *, options: str | None = None) -> Conflict:
    """A conflict by the slug of a bundled conflict or case, by path, or from standard input (``-``).

    source : a conflict file has the key `conflict`, a case `case`; a .gmcr file is JSON with neither. options : of a case,
    which of its measures become options (see `from_case`).

    Raises
    ------
    GraphError
        With every fault at once; CaseError, if a case cannot be read.
    """
    from detente.case.library import slugs
    from detente.case.load import load, read_case
    from detente.graph.bundled import bundled_conflict, conflict_slugs
    from detente.graph.from_case import from_case

    if isinstance(source, str) and source in slugs():
        return from_case(load(source), options=options)
    if isinstance(source, str) and source in conflict_slugs():
        text, name = bundled_conflict(source), f"{source}.yaml"
    else:
        text, name = _text(source)
    form = _form(text, name)
    if form == "gmcr":
        from detente.graph.gmcr import read_gmcr

        conflict = read_gmcr(text, name)
    elif form == "case":
        return from_case(read_case(text, name), options=options)
    else:
        conflict = read_conflict(text, name)
    if options is not None:
        raise GraphError(f"{name}: options are chosen from a case only; a conflict file says which there are", source=name)
    return conflict


def _form(text: str, source: str) -> str:
    """Whether a text is a "case", a "conflict" or "gmcr"; the first two may be written in braces, as JSON has it."""
    if text.lstrip()[:1] != "{":
        return "case" if any(line.startswith("case:") for line in text.splitlines()) else "conflict"
    try:
        data = read_yaml(text, source, error=GraphError, what="conflict").data
    except GraphError:  # the reader of .gmcr says what is wrong with it as JSON
        return "gmcr"
    return next((key for key in ("case", "conflict") if isinstance(data, dict) and key in data), "gmcr")


def _text(source: str | FilePath) -> tuple[str, str]:
    name = name_of(source)
    if absent(source):
        from detente.case.library import slugs
        from detente.graph.bundled import conflict_slugs

        bundled = (*slugs(), *conflict_slugs())
        known = suggestion(name, bundled) or f"bundled: {', '.join(bundled)}"
        raise GraphError(f"{name}: there is no such file, case or conflict ({known})", source=name)
    content = read_bytes(source, error=GraphError)
    if content.startswith(_PICKLES):  # to open one is to run what its maker put into it
        hint = "open it in the program that wrote it, and save it in the form of today, which is JSON"
        raise GraphError(f"{name}: is a file of an early form that can hold a program, and is not opened ({hint})", source=name)
    return decoded(content, name, error=GraphError, what="conflict"), name


_PICKLES = tuple(bytes([0x80, protocol]) for protocol in range(2, 6))
"""How a pickle of Python begins."""


def read_conflict(text: str, source: str = "<text>") -> Conflict:
    """Read and check the text of a conflict file.

    Raises
    ------
    GraphError
        With every fault, in the order of the file.
    """
    reading = read_yaml(text, source, error=GraphError, what="conflict")
    data, faults = reading.data, list(reading.faults)
    if not isinstance(data, dict):
        place = reading.place(()).value
        fault = Fault(*place, "", f"got {shown(data)}, wanted a mapping that begins with `conflict: <slug>`")
        raise GraphError(f"{source}: cannot be read as a conflict", source=source, faults=[fault])
    file: ConflictFile | None = None
    try:
        with patience():
            file = ConflictFile.model_validate(data)
    except ValidationError as err:
        faults += [block_fault(e["loc"], e["ctx"], reading) for e in err.errors(include_url=False)]
    names = _Names(data)
    with patience():
        found = list(islice(names.across(), PATIENCE))
    faults += [Fault(*reading.place(path).value, dotted(path), message, hint) for path, message, hint in found]
    if file is None or faults:
        raise _refused(source, faults)
    conflict, faults = _with_states(_conflict(file, names), file, reading)
    if faults:
        raise _refused(source, faults)
    return conflict


def _refused(source: str, faults: list[Fault]) -> GraphError:
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    return GraphError(f"{source}: {count} in this conflict", source=source, faults=sorted(set(faults)))


class _Names:
    """The options that the file names, and what is wrong with whatever refers to them; from the raw data, so that a fault
    elsewhere hides nothing."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.parties = {p: spec for p, spec in _entries(data.get("parties")) if isinstance(spec, dict)}
        self.number: dict[str, int] = {}
        self.owner: dict[str, str] = {}
        for p, spec in self.parties.items():
            for o, _ in _entries(spec.get("options")):
                if o not in self.owner:
                    self.owner[o] = p
                    self.number[o] = len(self.number)

    def across(self) -> Iterator[Found]:
        if max(len(self.number), len(self.parties)) > MOST_OPTIONS:
            got = f"got {len(self.number):,} options of {len(self.parties):,} parties, wanted at most {MOST_OPTIONS} of each"
            yield ("parties",), got, "leave out what changes nothing"
            return
        yield from named_alike(self.parties)
        for p, spec in self.parties.items():
            for o, _ in _entries(spec.get("options")):
                path: Path = ("parties", p, "options", o)
                if self.owner[o] != p:
                    yield path, f"the option {o!r} belongs to {self.owner[o]} already", "give it to one party, or rename one"
                if o in WORDS:
                    yield path, f"{o!r} is a word of the statements", "rename the option"
        if self.parties and not self.number:
            yield ("parties",), "no party has an option", "name at least one"
        for path, text in self._statements():
            if not isinstance(text, str) or not self.number:
                continue
            try:
                patterns(parse(text, self.number))
            except FormulaError as err:
                yield path, f"{err.message}, at character {err.at + 1} of the statement", err.hint
        for n, o in enumerate(_listed(self.data.get("status_quo"))):
            if isinstance(o, str) and o not in self.number:
                known = suggestion(o, self.number) or f"the options are {some(list(self.number))}"
                yield ("status_quo", n), f"got {shown(o)}, wanted an option", known
        seen = set[str]()
        for n, group in enumerate(_listed(self.data.get("coalitions"))):
            for k, p in enumerate(_listed(group)):
                if isinstance(p, str) and p not in self.parties:
                    yield ("coalitions", n, k), f"got {shown(p)}, wanted a party of the conflict", suggestion(p, self.parties)
                elif isinstance(p, str) and p in seen:
                    yield ("coalitions", n, k), f"{p} stands in two coalitions", "leave it in one"
                seen.add(str(p))

    def _statements(self) -> Iterator[tuple[Path, str]]:
        for p, spec in self.parties.items():
            for n, text in enumerate(_listed(spec.get("statements"))):
                yield ("parties", p, "statements", n), text
            for text, _ in _entries(spec.get("weights")):
                yield ("parties", p, "weights", text), text
            for n, pair in enumerate(_listed(spec.get("unknown"))):
                for k, text in enumerate(_listed(pair)):
                    if isinstance(text, str):
                        yield ("parties", p, "unknown", n, k), text
        for n, text in enumerate(_listed(self.data.get("infeasible"))):
            yield ("infeasible", n), text


def _entries(block: Any) -> list[tuple[str, Any]]:
    return list(block.items()) if isinstance(block, dict) else []


def _listed(block: Any) -> list[Any]:
    return block if isinstance(block, list) else []


def _conflict(file: ConflictFile, names: _Names) -> Conflict:
    """The conflict of a sound file; rankings and unknown pairs wait for the states."""
    number = names.number

    def preference(spec: PartySpec) -> Preference:
        if spec.statements is not None:
            return Stated(tuple(parse(t, number) for t in spec.statements), int(spec.strong or 0))
        if spec.weights is not None:
            return Weighed(tuple((parse(t, number), Fraction(w)) for t, w in spec.weights.items()), spec.strong)
        return Ranked(())

    places = {p: n for n, p in enumerate(file.parties)}
    groups = [tuple(places[p] for p in group) for group in file.coalitions]
    named = {n for g in groups for n in g}
    return Conflict(
        file.conflict,
        file.title,
        tuple(
            Party(p, spec.name, tuple(number[o] for o in spec.options), preference(spec)) for p, spec in file.parties.items()
        ),
        tuple(Option(o, s.title, s.direction) for spec in file.parties.values() for o, s in spec.options.items()),
        tuple(parse(text, number) for text in file.infeasible),
        None if file.status_quo is None else sum(1 << n for n in {number[o] for o in file.status_quo}),
        (*groups, *((n,) for n in places.values() if n not in named)) if groups else (),
        file.source or "",
    )


def _with_states(conflict: Conflict, file: ConflictFile, reading: Reading) -> tuple[Conflict, list[Fault]]:
    """The conflict with what names states by number; that needs the feasible states."""
    states = feasible_states(conflict)
    names = {o.id: n for n, o in enumerate(conflict.options)}
    faults: list[Fault] = []
    if conflict.status_quo is not None and index_of(states, conflict.status_quo) < 0:
        hint = "correct `status_quo` or `infeasible`"
        faults.append(Fault(*reading.place(("status_quo",)).value, "status_quo", "today's state is not feasible", hint))

    def state(given: object, path: Path) -> int:
        if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= len(states):
            return given
        pattern = given if isinstance(given, str) and set(given) <= {"Y", "N"} and len(given) == len(names) else None
        if pattern is not None:
            place = index_of(states, sum(1 << n for n, letter in enumerate(pattern) if letter == "Y"))
            if place >= 0:
                return place + 1
        wanted = f"the number of a state, 1 to {len(states)}, or {len(names)} letters Y and N for one that is feasible"
        faults.append(Fault(*reading.place(path).value, dotted(path), f"got {shown(given)}, wanted {wanted}"))
        return 0

    parties = []
    for party, (p, spec) in zip(conflict.parties, file.parties.items(), strict=True):
        before, chosen = len(faults), party.preference
        if spec.ranking is not None:
            chosen = _ranking(spec.ranking, ("parties", p, "ranking"), state)
        unknown = []
        for n, pair in enumerate(spec.unknown):
            sides = []
            for k, x in enumerate(pair):
                if isinstance(x, str):
                    sides.append(parse(x, names))
                else:
                    number = state(x, ("parties", p, "unknown", n, k))
                    value = int(states[number - 1]) if number else 0
                    sides.append(always({o: bool(value >> o & 1) for o in range(len(names))}))
            if np.any(sides[0].holds(states) & sides[1].holds(states)):
                path: Path = ("parties", p, "unknown", n)
                message = "a state of the one side is one of the other as well, and would not compare with itself"
                faults.append(Fault(*reading.place(path).value, dotted(path), message, "make the two exclude each other"))
            unknown.append((sides[0], sides[1]))
        made = Party(party.id, party.name, party.options, chosen, tuple(unknown))
        if spec.ranking is not None and len(faults) == before:
            try:
                levels_of(conflict, made, states)
            except GraphError as err:
                path = ("parties", p, "ranking")
                message, _, hint = str(err).partition(": ")[2].rpartition(" (")
                faults.append(Fault(*reading.place(path).value, dotted(path), message, hint.removesuffix(")")))
        parties.append(made)
    return Conflict(**{**conflict.__dict__, "parties": tuple(parties)}), faults


def _ranking(given: tuple[Any, ...], path: Path, state: Any) -> Ranked:
    tiers: list[list[tuple[int, ...]]] = [[]]
    for n, entry in enumerate(given):
        if entry == DIVIDE:
            tiers.append([])
            continue
        listed = entry if isinstance(entry, list | tuple) else [entry]
        inner = [(*path, n, k) if isinstance(entry, list | tuple) else (*path, n) for k in range(len(listed))]
        tiers[-1].append(tuple(x for x in (state(s, at) for s, at in zip(listed, inner, strict=True)) if x))
    return Ranked(tuple(tuple(t) for t in tiers))
