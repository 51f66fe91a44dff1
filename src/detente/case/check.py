"""Every fault of a case file at once, each where it stands.

First each block by itself (types, bounds, references), then what only shows across blocks: trust between every two parties,
prerequisites that can never be met, ids given twice. A block that is faulty by itself is left out of the second part, so that
one slip does not hide the others or cause a trail of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from detente.base.legible import first_of_each
from detente.base.text import Path, Reading, dotted
from detente.base.wording import patience, shown
from detente.case.causes import Answer, answer_faults
from detente.case.declared_ids import DeclaredIds
from detente.case.model import CaseFile, MeasureSpec, PartySpec
from detente.case.reach import unreachable
from detente.case.risk import Support
from detente.case.support import support_faults
from detente.case.to_instance import cut_measures
from detente.case.value import Value
from detente.errors import CaseError, Fault

__all__ = ["block_fault", "check", "named_alike"]

_MOST_MISSING = 20  # of the parties whose trust is missing, a message names so many
Found = tuple[Path, str, str]
File = TypeVar("File", bound=CaseFile)
Spec = TypeVar("Spec", bound=BaseModel)


def check(
    kind: type[File],
    reading: Reading,
    source: str,
    *,
    slug: str | None = None,
    filled: Mapping[str, Any] | None = None,
    words: Mapping[str, Mapping[str, Value]] | None = None,
) -> File:
    """The case that was read, if nothing is wrong with it.

    slug : the name that it must have, where it has a file of its own. filled : its data with what follows from the table that
    it names; words : of that table, by what they are said of.

    Raises
    ------
    CaseError
        With every fault, in the order of the file.
    """
    data, faults = reading.data, list(reading.faults)
    if not isinstance(data, dict):
        fault = Fault(*reading.place(()).value, "", f"got {shown(data)}, wanted a mapping that begins with `case: <slug>`")
        raise CaseError(f"{source}: cannot be read as a case", source=source, faults=[fault])
    with patience():
        file, faults = _checked(kind, reading, slug, faults, filled or data, words or {})
    if faults or file is None:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise CaseError(f"{source}: {count} in this case", source=source, faults=sorted(set(faults)))
    return file


def _checked(
    kind: type[File],
    reading: Reading,
    slug: str | None,
    faults: list[Fault],
    data: Mapping[str, Any],
    words: Mapping[str, Mapping[str, Value]],
) -> tuple[File | None, list[Fault]]:
    declared = DeclaredIds.in_data(data, words)
    file: File | None = None
    try:
        file = kind.model_validate(data, context=declared)
        parties, measures = file.parties, file.measures
    except ValidationError as err:
        faults += [block_fault(e["loc"], e["ctx"], reading) for e in err.errors(include_url=False)]
        parties, measures = (
            _sound(PartySpec, data.get("parties"), declared),
            _sound(MeasureSpec, data.get("measures"), declared),
        )
    found = [
        *_named_otherwise(data, slug),
        *_given_twice(data),
        *named_alike(data.get("parties")),
        *_trust(parties, measures, declared.ids["parties"] or {}),
        *_exclusions(measures),
        *_prerequisites(measures, declared.phases, reading.data),
        *support_faults(_sound_in(Support, data.get("supports"), declared), measures, data),
        *answer_faults(_sound_in(Answer, data.get("answers"), declared), measures),
    ]
    faults += [Fault(*reading.place(path).value, dotted(path), message, hint) for path, message, hint in found]
    return file, faults


def block_fault(loc: tuple[int | str, ...], context: Mapping[str, Any], reading: Reading) -> Fault:
    """A fault that a block found, with its place in the file."""
    path, of_key = _path(loc, reading.data)
    place = reading.place(path)
    at_key = of_key or context["message"].startswith("unknown key")
    return Fault(*(place.key if at_key else place.value), dotted(path), context["message"], context["hint"])


def _path(loc: tuple[int | str, ...], data: Any) -> tuple[Path, bool]:
    """Pydantic's location as a path of the data, and whether it is a key that is at fault."""
    path: list[int | str] = []
    for step in loc:
        inside = data.keys() if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
        if step in inside:  # else it is the tag of a union, or a key that is missing
            data = data[step]
            path.append(step)
    return tuple(path), loc[-1:] == ("[key]",)


def _sound(kind: type[Spec], block: Any, declared: DeclaredIds) -> dict[Any, Spec]:
    out: dict[Any, Spec] = {}
    for name, spec in block.items() if isinstance(block, dict) else ():
        try:
            out[name] = kind.model_validate(spec, context=declared)
        except ValidationError:
            continue
    return out


def _sound_in(kind: type[Spec], block: Any, declared: DeclaredIds) -> dict[int, Spec]:
    """Those of a list that are not faulty by themselves, by their places."""
    return _sound(kind, dict(enumerate(block)) if isinstance(block, list) else None, declared)


def _named_otherwise(data: Mapping[str, Any], slug: str | None) -> Iterator[Found]:
    if slug is not None and isinstance(data.get("case"), str) and data["case"] != slug:
        yield ("case",), f"got {shown(data['case'])} in a file named {slug!r}", "give the case and its file the same name"


def _given_twice(data: Mapping[str, Any]) -> Iterator[Found]:
    lists: list[Path] = [("demands",), ("orders",), ("risks",), ("supports",), ("positions",)]
    for block, key in (("agreements", "provisions"), ("measures", "needs")):
        lists += [(block, name, key) for name in data[block]] if isinstance(data.get(block), dict) else []
    for path in lists:
        entries: Any = data
        for step in path:
            entries = entries.get(step) if isinstance(entries, dict) else None
        seen: set[str] = set()
        for n, entry in enumerate(entries if isinstance(entries, list) else ()):
            name = entry.get("id") if isinstance(entry, dict) else None
            if not isinstance(name, str):
                continue
            if name in seen:
                yield (*path, n, "id"), f"the id {name!r} is given twice under `{path[-1]}`", "rename one of them"
            seen.add(name)


def named_alike(parties: Any) -> Iterator[Found]:
    """The parties of a file whose name is that of an earlier one, or looks like it."""
    names = {p: spec.get("name") for p, spec in parties.items() if isinstance(spec, dict)} if isinstance(parties, dict) else {}
    for party, first in first_of_each(names.items()):
        message = f"got {shown(names[party])}, which is the name of {first} as well"
        yield ("parties", party, "name"), message, "give each party a name of its own"


def _trust(parties: Mapping[str, PartySpec], measures: Mapping[str, MeasureSpec], ids: Iterable[str]) -> Iterator[Found]:
    acting = {i for spec in measures.values() for i in spec.by}
    asked = [j for j in ids if j in acting]
    for i, spec in parties.items():
        for path, trust in (("trust",), spec.trust), (("governments", "trust"), spec.governments and spec.governments.trust):
            if i in (trust or ()):
                yield ("parties", i, *path, i), f"got {i}'s trust in itself", "take it out"
        missing = list(islice((j for j in asked if j != i and j not in spec.trust), _MOST_MISSING))
        if missing:
            pairs = ", ".join(f"{j}: <probability>" for j in missing)
            yield ("parties", i, "trust"), f"trust in {', '.join(missing)}, who can act, is missing", f"add {pairs}"


def _exclusions(measures: Mapping[str, MeasureSpec]) -> Iterator[Found]:
    for m, spec in measures.items():
        path: Path = ("measures", m, "excludes")
        excluded = set(spec.excludes)
        wholes = {n.partition("/")[0] for n in excluded}
        if m in wholes:
            yield path, f"{m} excludes itself", "take it out"
        together = [n for n in wholes - {m} if spec.in_force and n in measures and measures[n].in_force]
        if together:
            both = ", ".join(sorted(together))
            yield path, f"{m} is in force already, and so is {both}, which it excludes", "correct `in_force` or `excludes`"
        for k, q in enumerate(spec.requires):
            if set(q.any) <= excluded:
                message = f"{m} requires {' or '.join(q.any)} and excludes it as well"
                yield ("measures", m, "requires", k), message, "take one of the two out"


def _prerequisites(measures: Mapping[str, MeasureSpec], phases: int | None, stated: Mapping[str, Any]) -> Iterator[Found]:
    if phases is None:  # the horizon itself is faulty
        return
    for cause in unreachable(cut_measures(measures, phases), phases):
        hint = "widen the window or lengthen the roadmap"
        if cause.message.startswith("a cycle"):
            hint = "take one of them out, or write `after: 0` where they may enter together"
        elif cause.key == "takes" and "takes" not in stated["measures"][cause.measure.whole]:
            hint = "it follows from its class: state `takes`, or lengthen the roadmap"
        yield ("measures", cause.measure.whole, cause.key), cause.message, hint
