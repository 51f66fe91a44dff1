"""A roadmap: which measure enters into force in which phase.

entry[m] = t in 0 .. T-1     measure m enters in phase t and stays in force
entry[m] = -1                already in force on the case's date
entry[m] = None              never enters within the horizon

A roadmap is only a schedule. Whether it holds is the certificate's to say.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from detente.base.bounds import PATIENCE
from detente.base.frozen import Frozen
from detente.base.json import read_json
from detente.base.wording import shown
from detente.case.instance import Instance
from detente.errors import Fault, RoadmapError

__all__ = ["Roadmap", "roadmap_from_json", "roadmap_from_steps"]


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


def roadmap_from_json(text: str, instance: Instance, *, source: str = "<roadmap>") -> Roadmap:
    """Read a roadmap: any JSON object with `entry`, hand-written ones too.

    A measure that `entry` leaves out does not enter (or is in force already). The bare id of a divisible measure means all
    of its slices.

    Raises
    ------
    RoadmapError
        With every fault at once: no JSON, no `entry`, an unknown measure, a phase outside the horizon, a measure given twice.
    """
    hint = "a roadmap is what `detente plan CASE --json` prints"
    data = read_json(text, source, error=RoadmapError, what="roadmap", hint=hint)
    if not isinstance(data, dict) or not isinstance(data.get("entry"), dict):
        got = shown(data)
        if isinstance(data, dict):
            keys = ", ".join(sorted(data)[:20]) or "none"
            got = f"{shown(data['entry'])} under `entry`" if "entry" in data else f"the keys {keys}"
        fault = Fault(0, 0, "entry", f"wanted an object with `entry: {{measure: phase}}`, got {got}")
        raise RoadmapError(f"{source}: cannot be read as a roadmap", source=source, faults=[fault])
    faults: list[Fault] = []
    named = data.get("case")
    if named is not None and named != instance.case:
        message = f"the roadmap is for case {shown(named)}, not {instance.case!r}"
        faults.append(Fault(0, 0, "case", message, "give the case it was made for"))
    entry = _place(data["entry"].items(), instance, faults)
    if faults:
        raise RoadmapError(f"{source}: does not fit case {instance.case}", source=source, faults=faults)
    return Roadmap(instance.case, instance.phases, entry)


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
        if phase is not None and (isinstance(phase, bool) or not isinstance(phase, int) or not -1 <= phase < instance.phases):
            wanted = f"wanted a phase from 0 to {instance.phases - 1}, -1 (in force already) or null (never)"
            faults.append(Fault(0, 0, f"entry.{name}", f"got {shown(phase)}, {wanted}"))
            continue
        for m in ids:
            if m in placed:
                faults.append(Fault(0, 0, f"entry.{name}", f"{m} is placed twice", "give each measure one phase"))
            placed.add(m)
            entry[m] = phase
    return entry
