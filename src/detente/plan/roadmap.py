"""A roadmap: which measure enters into force in which phase.

entry[m] = t in 0 .. T-1     measure m enters in phase t and stays in force
entry[m] = -1                already in force on the case's date
entry[m] = None              never enters within the horizon

A roadmap is only a schedule. Whether it holds is the certificate's to say.
"""

from __future__ import annotations

import bisect
import datetime
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Integral

from detente.base.bounds import PATIENCE
from detente.base.frozen import Frozen
from detente.base.json import read_json
from detente.base.text import Reading, read_yaml
from detente.base.wording import shown
from detente.case.instance import Instance
from detente.errors import Fault, RoadmapError

__all__ = ["Phase", "Roadmap", "moved", "parsed", "roadmap_from_steps", "roadmap_from_text", "roadmap_of_data"]

Phase = int | str | datetime.date | None
"""When a measure enters, as somebody gives it: a number, a date, or None or "never"."""


@dataclass(frozen=True)
class Roadmap(Frozen):
    """A schedule for an instance: every measure of it has its phase, -1 or None."""

    case: str
    phases: int
    entry: Mapping[str, int | None]

    @property
    def steps(self) -> tuple[tuple[str, ...], ...]:
        """The measures that enter, phase by phase, of length T."""
        out: list[list[str]] = [[] for _ in range(self.phases)]
        for m, t in self.entry.items():
            if t is not None and t >= 0:
                out[t].append(m)
        return tuple(tuple(s) for s in out)

    @property
    def length(self) -> int:
        """How many steps it has: of what enters, slices of one measure in the same phase are one step (`plan.steps`)."""
        return len({(t, m.partition("/")[0]) for t, step in enumerate(self.steps) for m in step})

    @property
    def is_empty(self) -> bool:
        """Whether no measure enters that is not in force already."""
        return all(t is None or t < 0 for t in self.entry.values())

    def moved(self, measure: str, phase: int | None) -> Roadmap:
        """The same roadmap with one measure entering in another phase."""
        return Roadmap(self.case, self.phases, {**self.entry, measure: phase})

    def to_dict(self) -> dict[str, object]:
        return {"case": self.case, "phases": self.phases, "entry": dict(self.entry)}

    @classmethod
    def empty(cls, instance: Instance) -> Roadmap:
        """The roadmap in which nothing new enters."""
        return cls(instance.case, instance.phases, {m.id: -1 if m.in_force else None for m in instance.measures})


def parsed(text: str, source: str = "<roadmap>") -> tuple[object, Reading | None]:
    """Plain data of a roadmap in JSON or YAML, and where in YAML it stands.

    Raises
    ------
    RoadmapError
        If it is neither.
    """
    hint = "a roadmap is what `detente plan CASE --json` prints"
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return read_json(text, source, error=RoadmapError, what="roadmap", hint=hint), None
    reading = read_yaml(text, source, error=RoadmapError, what="roadmap")
    if reading.faults:
        raise RoadmapError(f"{source}: cannot be read as a roadmap", source=source, faults=reading.faults)
    return reading.data, reading


def roadmap_from_text(
    text: str, instance: Instance, *, source: str = "<roadmap>", days: Sequence[datetime.date] = ()
) -> Roadmap:
    """Read a roadmap in JSON or YAML: any object with `entry`, hand-written ones too; see `roadmap_of_data`.

    Raises
    ------
    RoadmapError
        With every fault at once: neither JSON nor YAML, no `entry`, an unknown measure, a phase or date outside the horizon, a
        measure given twice.
    """
    data, reading = parsed(text, source)
    return roadmap_of_data(data, instance, source, days, reading)


def roadmap_of_data(
    data: object,
    instance: Instance,
    source: str = "<roadmap>",
    days: Sequence[datetime.date] = (),
    reading: Reading | None = None,
    *,
    supports: bool = False,
) -> Roadmap:
    """A roadmap from plain data with `entry`.

    A measure that `entry` leaves out does not enter (or is in force already). The bare id of a divisible measure means all
    of its slices. A phase is a number, or a date: a day lies in the phase that runs on it, a month or a year names the
    one phase that begins in it.

    Parameters
    ----------
    days : the first days of phases 0 .. T, where dates are to be understood. reading : tells where in a text faults stand.
    supports : whether `instance` is the problem with the supports that the roadmap names.

    Raises
    ------
    RoadmapError
        With every fault at once.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("entry"), Mapping):
        got = shown(data)
        if isinstance(data, Mapping):
            keys = ", ".join(sorted(map(str, data))[:20]) or "none"
            got = f"{shown(data['entry'])} under `entry`" if "entry" in data else f"the keys {keys}"
        fault = Fault(0, 0, "entry", f"wanted an object with `entry: {{measure: phase}}`, got {got}")
        raise RoadmapError(f"{source}: cannot be read as a roadmap", source=source, faults=[fault])
    faults: list[Fault] = []
    named = data.get("case")
    if named is not None and named != instance.case:
        message = f"the roadmap is for case {shown(named)}, not {instance.case!r}"
        faults.append(Fault(0, 0, "case", message, "give the case it was made for"))
    if data.get("supports") and not supports:
        faults.append(Fault(0, 0, "supports", "supports are reckoned with by `verify` alone", "take them out"))
    dated = ((str(m), _phase_on(str(m), t, days, faults)) for m, t in data["entry"].items())
    entry = _place(dated, instance, faults)
    if faults:
        if reading is not None:
            faults = [_placed(f, reading) for f in faults]
        raise RoadmapError(f"{source}: does not fit case {instance.case}", source=source, faults=faults)
    return Roadmap(instance.case, instance.phases, entry)


def _placed(fault: Fault, reading: Reading) -> Fault:
    line, column = reading.place(tuple(fault.key.split(".", 1))).key
    return replace(fault, line=line, column=column)


def _phase_on(name: str, given: object, days: Sequence[datetime.date], faults: list[Fault]) -> object:
    """The phase of a date; whatever else is given, as it is."""
    if isinstance(given, datetime.date):
        given = given.isoformat()[:10]
    if not days or not isinstance(given, str) or not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", given, re.ASCII):
        return given
    try:
        datetime.date.fromisoformat(f"{given}-01-01"[:10])
    except ValueError:
        return given
    begin, hint = [day.isoformat() for day in days], "give a day, or the phase by its number"
    if len(given) == 10:
        found = [bisect.bisect_right(begin, given) - 1]
    else:
        found = [t for t, day in enumerate(begin[:-1]) if day.startswith(given)]
    if len(found) == 1 and 0 <= found[0] < len(begin) - 1:
        return found[0]
    if len(found) > 1:
        message, hint = (
            f"got {given}, in which phases {found[0]} to {found[-1]} begin",
            "give a day, or the phase by its number",
        )
    elif not found and begin[0] <= given < begin[-1]:
        message = f"got {given}, in which no phase begins"
    else:
        message, hint = f"got {given}, wanted a date from {begin[0]} to before {begin[-1]}", ""
    faults.append(Fault(0, 0, f"entry.{name}", message, hint))
    return None


def moved(
    roadmap: Roadmap,
    instance: Instance,
    moves: Mapping[str, Phase],
    *,
    source: str = "<moves>",
    days: Sequence[datetime.date] = (),
) -> Roadmap:
    """The roadmap with some measures elsewhere. moves : by measure, slice or divisible measure, a phase or a date as of
    `roadmap_of_data`; None or "never": it does not enter. Raises as that."""
    ids = {m for name in moves for m in (instance.slices.get(name, ()) if name not in instance.measure else (name,))}
    stays = {m: e for m, e in roadmap.entry.items() if m not in ids}
    goes = {name: None if to == "never" else to for name, to in moves.items()}
    return roadmap_of_data({"entry": {**stays, **goes}}, instance, source, days)


def roadmap_from_steps(steps: Sequence[Iterable[str]], instance: Instance) -> Roadmap:
    """A stated order as a roadmap: position = phase; bare ids mean all slices; measures in force stay so.

    Raises
    ------
    RoadmapError
        On unknown measures or more steps than phases.
    """
    faults: list[Fault] = []
    placed = [(m, t) for t, step in enumerate(steps) for m in step if not _all_in_force(m, instance)]
    entry = _place(placed, instance, faults)
    if faults:
        raise RoadmapError(f"an order does not fit case {instance.case}", faults=faults)
    return Roadmap(instance.case, instance.phases, entry)


def _all_in_force(measure: str, instance: Instance) -> bool:
    ids = instance.slices.get(measure, (measure,))
    return all(m in instance.measure and instance.measure[m].in_force for m in ids)


def _place(pairs: Iterable[tuple[str, object]], instance: Instance, faults: list[Fault]) -> dict[str, int | None]:
    """Phases by measure for every measure of the instance; what does not fit is added to `faults`."""
    entry = dict(Roadmap.empty(instance).entry)
    placed: set[str] = set()
    known = [*instance.measure, *instance.slices]
    for name, phase in pairs:
        if len(faults) > PATIENCE:
            faults.append(Fault(0, 0, f"entry.{name[:60]}", "the rest was not looked at", "mend what is above first"))
            break
        ids = (name,) if name in instance.measure else instance.slices.get(name)
        if ids is None:
            close = difflib.get_close_matches(name[:100], known, n=1)
            hint = f"did you mean {close[0]}?" if close else ""
            faults.append(Fault(0, 0, f"entry.{name[:100]}", "no such measure in the case", hint))
            continue
        at = int(phase) if isinstance(phase, Integral) and not isinstance(phase, bool) else None  # numpy's numbers, too
        if phase is not None and (at is None or not -1 <= at < instance.phases):
            wanted = f"wanted a phase from 0 to {instance.phases - 1}, -1 (in force already) or null (never)"
            faults.append(Fault(0, 0, f"entry.{name}", f"got {shown(phase)}, {wanted}"))
            continue
        for m in ids:
            if m in placed:
                faults.append(Fault(0, 0, f"entry.{name}", f"{m} is placed twice", "give each measure one phase"))
            placed.add(m)
            entry[m] = at
    return entry
