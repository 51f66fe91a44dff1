"""The status of a roadmap under way: what is done, late and broken at the beginning of a phase.

    {"case": "slug", "phase": t,
     "done": {measure: phase it entered}, "late": {measure: phases to wait, or null}, "broken": {measure: phase},
     "closed": [measure, ..], "struck": [risk, ..], "trust": {party: {party: p}}, "roadmap": {entry: {..}}}

Only `case` and `phase` must be there. The bare id of a divisible measure means all its slices, `id/2` one. JSON, or YAML.

done     in force now, with the phase in which it entered, before t. What is in force from the start need not be named.
late     due by now and not carried out. The number is how many phases from t on it cannot come (0: it may at once); null: no
         date has been given. It is a miss, and counts on the odds.
broken   in force once, and since this phase not any more. It counts as a miss. It may be taken up again unless it is `closed`.
closed   can never enter any more.
struck   risks of the case that have struck: a shock each time that it has, a change of government once.
trust    probabilities as they are now. They take the place of all that the model would work out for these pairs.
roadmap  the roadmap that was followed until now, to compare with. What it had due before t and the status does not name is
         taken to be late.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Annotated, Any

from pydantic import Field, ValidationError

from detente.base.bounds import name_of, read_text
from detente.base.frozen import Frozen
from detente.base.text import Path, Reading, dotted, read_yaml
from detente.base.wording import shown, suggestion
from detente.case.block import Block, MeasureId, Measures, PartyId, Trust, Whole
from detente.case.case import Case
from detente.case.check import block_fault
from detente.case.declared_ids import DeclaredIds
from detente.errors import Fault, RoadmapError, StatusError
from detente.plan.roadmap import Roadmap, roadmap_of_data

__all__ = ["Status", "read_status", "status_of"]


class StatusFile(Block):
    """The keys of a status file."""

    case: str = Field(description="Slug of the case.")
    phase: Annotated[Whole, Field(ge=0)] = Field(description="The phase that begins now.")
    done: Mapping[MeasureId, Annotated[Whole, Field(ge=-1)]] = Field(
        default_factory=dict, description="In force now, with the phase in which it entered."
    )
    late: Mapping[MeasureId, Annotated[Whole, Field(ge=0)] | None] = Field(
        default_factory=dict, description="Due and not carried out; phases from now on in which it cannot come, or null."
    )
    broken: Mapping[MeasureId, Annotated[Whole, Field(ge=0)]] = Field(
        default_factory=dict, description="No longer in force, since this phase."
    )
    closed: Measures = Field((), description="Can never enter any more.")
    struck: tuple[str, ...] = Field((), description="Risks that have struck, by id.")
    trust: Mapping[PartyId, Mapping[PartyId, Trust]] = Field(default_factory=dict, description="Trust as it is now.")
    roadmap: Any = Field(None, description="The roadmap followed until now.")


@dataclass(frozen=True)
class Status(Frozen):
    """A status, checked against its case; measures are those of the instance, slices each by itself.

    done : with the phase of entry, measures in force from the start (-1) included. late : first phase in which it can come.
    notes : what was taken for granted, in words.
    """

    phase: int
    done: Mapping[str, int]
    late: Mapping[str, int]
    broken: Mapping[str, int]
    closed: frozenset[str]
    struck: tuple[str, ...]
    trust: Mapping[tuple[str, str], Fraction]
    roadmap: Roadmap | None
    notes: tuple[str, ...] = ()


def read_status(path: str | FilePath, case: Case) -> Status:
    """Read a status file; "-" reads standard input.

    Raises
    ------
    StatusError
        If the file cannot be read, or with every fault of it at once.
    """
    return _checked(read_text(path, error=StatusError, what="status"), name_of(path), case)


def status_of(data: Mapping[str, Any], case: Case) -> Status:
    """A status from plain data with the keys of a status file."""
    try:
        text = json.dumps(dict(data))
    except (TypeError, ValueError, RecursionError) as err:
        fault = Fault(0, 0, "", f"cannot be written as JSON: {err}", "give numbers, text, lists and mappings")
        raise StatusError("<status>: cannot be read as a status", source="<status>", faults=[fault]) from None
    return _checked(text, "<status>", case)


def _checked(text: str, source: str, case: Case) -> Status:
    reading = read_yaml(text if text.strip() else "null", source, error=StatusError, what="status")
    if not isinstance(reading.data, dict):
        fault = Fault(1, 1, "", f"got {shown(reading.data)}, wanted an object with `case` and `phase`")
        raise StatusError(f"{source}: cannot be read as a status", source=source, faults=[fault])
    faults = list(reading.faults)
    known = DeclaredIds(
        {"parties": case.parties, "measures": case.measures, "sources": {}, "evidence": {}},
        {m: spec.slices for m, spec in case.measures.items()},
        {},
        case.phases.count,
    )
    try:
        file = StatusFile.model_validate(reading.data, context=known)
    except ValidationError as err:
        faults += [block_fault(e["loc"], e["ctx"], reading) for e in err.errors(include_url=False)]
        raise _fault(source, case, faults) from None
    reader = _Reader(file, case, reading)
    status = reader.status()
    faults += reader.faults
    if faults or status is None:
        raise _fault(source, case, faults)
    return status


def _fault(source: str, case: Case, faults: Iterable[Fault]) -> StatusError:
    return StatusError(f"{source}: does not fit case {case.case}", source=source, faults=sorted(set(faults)))


class _Reader:
    """What only shows across the keys of a status, and against the case."""

    def __init__(self, file: StatusFile, case: Case, reading: Reading) -> None:
        self.file, self.case, self.reading = file, case, reading
        self.instance = case.instance
        self.faults: list[Fault] = []
        self.notes: list[str] = []

    def fault(self, path: Path, message: str, hint: str = "") -> None:
        self.faults.append(Fault(*self.reading.place(path).value, dotted(path), message, hint))

    def status(self) -> Status | None:
        file, t = self.file, self.file.phase
        if file.case != self.case.case:
            self.fault(
                ("case",), f"the status is of case {shown(file.case)}, not {self.case.case!r}", "give the case it was made for"
            )
        if t >= self.case.phases.count:
            last = self.case.phases.count - 1
            self.fault(("phase",), f"got phase {t}, wanted 0 to {last}: after it nothing is left to plan")
        started = {m.id for m in self.instance.measures if m.in_force}
        done = dict(self.placed("done"))
        for m, e in done.items():
            self.entered(m, e, started)
        late, broken = dict(self.placed("late")), dict(self.placed("broken"))
        for m, b in broken.items():
            if b > t:
                self.fault(("broken", self.named("broken", m)), f"got phase {b}, wanted 0 to {t}: the status is of phase {t}")
            elif b == 0 and m not in started:
                hint = "what never was in force is `late`"
                self.fault(("broken", self.named("broken", m)), f"got phase 0, but {m} was not in force before it", hint)
        closed = {m for name in file.closed for m in self.ids(name)}
        standing = {m: -1 for m in started if m not in broken} | done
        self.apart(standing, late, broken, closed)
        roadmap = self.roadmap()
        self.forgotten(roadmap, standing, late, broken, closed)
        self.exclusions(standing)
        self.order(standing)
        self.risks()
        self.trust()
        if self.faults:
            return None
        return Status(
            phase=t,
            done={m: standing[m] for m in self.instance.measure if m in standing},
            late={m: t + (n or 0) for m, n in late.items()},
            broken=broken,
            closed=frozenset(closed),
            struck=file.struck,
            trust={(i, j): p for i, given in file.trust.items() for j, p in given.items()},
            roadmap=roadmap,
            notes=tuple(self.notes),
        )

    def ids(self, name: str) -> tuple[str, ...]:
        return (name,) if name in self.instance.measure else self.instance.slices[name]

    def placed(self, key: str) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for name, at in getattr(self.file, key).items():
            for m in self.ids(name):
                if m in seen:
                    self.fault((key, name), f"{m} is given twice", "name a measure as a whole or by its slices")
                seen.add(m)
                yield m, at

    def named(self, key: str, m: str) -> str:
        """The key under which the file names a measure: itself, or the whole."""
        return m if m in getattr(self.file, key) else self.instance.measure[m].whole

    def entered(self, m: str, e: int, started: set[str]) -> None:
        path, t = ("done", self.named("done", m)), self.file.phase
        if m in started and e != -1:
            self.fault(path, f"got phase {e}, but the case has it in force from the start", "write -1, or leave it out")
        elif m not in started and not 0 <= e < t:
            wanted = f"a phase before {t}" if t else "no new measure in phase 0"
            self.fault(path, f"got phase {e}, wanted {wanted}: the status is of the beginning of phase {t}")

    def apart(self, *kinds: Iterable[str]) -> None:
        done, late, broken, closed = map(set, kinds)
        given = {m for name in self.file.done for m in self.ids(name)}
        for m in sorted((done & late) - given):
            hint = "write it under `broken`, with the phase since when"
            self.fault(("late", self.named("late", m)), f"{m} is in force from the start, so it cannot be late", hint)
        for m in sorted(done & (late | broken) & given):
            other = "late" if m in late else "broken"
            self.fault(("done", self.named("done", m)), f"{m} is done and {other} at once", "keep the one that is true today")
        for m in sorted(late & broken):
            self.fault(
                ("late", self.named("late", m)), f"{m} is late and broken at once", "broken, if it has ever been in force"
            )
        for m in sorted(closed & done):
            self.fault(("closed",), f"{m} is done, so it cannot be closed", "closed is what can never enter any more")

    def roadmap(self) -> Roadmap | None:
        if self.file.roadmap is None:
            return None
        try:
            return roadmap_of_data(self.file.roadmap, self.instance, days=self.case.phase_dates)
        except RoadmapError as err:
            for f in err.faults:
                path: Path = ("roadmap", *f.key.split(".", 1)) if f.key else ("roadmap",)
                self.fault(path, f.message, f.hint)
        return None

    def forgotten(self, roadmap: Roadmap | None, done: Mapping[str, int], *others: Any) -> None:
        late, broken, closed = others
        for m, e in roadmap.entry.items() if roadmap else ():
            if e is not None and e < self.file.phase and not (m in done or m in late or m in broken or m in closed):
                late[m] = None
                self.notes.append(
                    f"{self.case.measure_title(m)}: due in phase {e} and not named in the status; taken to be late"
                )

    def exclusions(self, done: Mapping[str, int]) -> None:
        for m in done:
            for n in self.instance.measure[m].excludes:
                if n in done and m < n:
                    self.fault(
                        ("done", m), f"{m} and {n} are in force together, and exclude each other", "one of them is broken"
                    )

    def order(self, done: Mapping[str, int]) -> None:
        """What entered before what it requires is taken as it is, and said."""
        for m, e in done.items():
            if e < 0:
                continue
            measure = self.instance.measure[m]
            if not measure.not_before <= e <= measure.not_after:
                self.notes.append(f"{self.case.measure_title(m)}: entered in phase {e}, outside its window")
            for q in measure.requires:
                if not any(done[n] + q.after <= e for n in q.any if n in done):
                    needed = " or ".join(self.case.measure_title(n) for n in q.any)
                    self.notes.append(f"{self.case.measure_title(m)}: entered in phase {e}, out of order: it requires {needed}")

    def risks(self) -> None:
        risks = {r.id: r for r in self.case.risks}
        for n, name in enumerate(self.file.struck):
            if name not in risks:
                self.fault(("struck", n), f"got {shown(name)}, wanted a risk of the case", suggestion(name, risks))
            elif risks[name].kind == "performance":
                hint = "name its measures under `late` or `broken`"
                self.fault(("struck", n), f"{name} is a risk of performance: it shows in the measures", hint)
            elif risks[name].kind == "government" and self.file.struck.index(name) < n:
                self.fault(("struck", n), f"{name} is given twice, and a government changes once", "keep one of them")

    def trust(self) -> None:
        for i, given in self.file.trust.items():
            for j in given:
                if j == i:
                    self.fault(("trust", i, j), f"got {j}'s trust in itself", "take it out")
                elif j not in self.instance.acting:
                    self.fault(("trust", i, j), f"{j} has no measure, so no trust in it counts", "take it out")
