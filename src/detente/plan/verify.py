"""Checking any roadmap of a case: one that was planned, or one written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.bounds import name_of, read_text
from detente.base.text import Reading
from detente.base.wording import shown, some, suggestion
from detente.case.instance import Instance
from detente.errors import Fault, RoadmapError
from detente.plan.certificate import Certificate, certify
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap, parsed, roadmap_of_data
from detente.plan.unlock.supported import supported, with_payments

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["as_roadmap", "fitted", "read", "verify"]


def as_roadmap(given: Roadmap | Plan | Mapping[str, Any] | str | Path, case: Case | Instance) -> Roadmap:
    """A roadmap that fits the case, from a roadmap or a plan, plain data with `entry`, or the path of a file.

    Raises
    ------
    RoadmapError
        If it cannot be read, is no roadmap, or does not fit the case.
    """
    data, source, reading = _data(given)
    if isinstance(case, Instance):
        return roadmap_of_data(data, case, source, reading=reading)
    return roadmap_of_data(data, case.instance, source, case.phase_dates, reading)


def verify(case: Case | Instance | str | Path, roadmap: Roadmap | Plan | Mapping[str, Any] | str | Path) -> Certificate:
    """Check a roadmap against every row of its case, in exact arithmetic.

    Parameters
    ----------
    case : a case, its slug or path. roadmap : a `Roadmap` or a `Plan`, plain data with `entry`, or the path of a JSON or YAML
        file. Phases are numbers, or dates. `supports`, a list of ids beside `entry`, puts these supports of the case in place.

    Raises
    ------
    RoadmapError
        If the roadmap cannot be read, or does not fit the case.
    """
    return certify(*fitted(case, roadmap))


def fitted(
    case: Case | Instance | str | Path, roadmap: Roadmap | Plan | Mapping[str, Any] | str | Path
) -> tuple[Instance, Roadmap]:
    """The planning problem that a roadmap is for, with the supports that it names, and the roadmap in it.

    Raises
    ------
    RoadmapError
        If the roadmap cannot be read, or does not fit the case.
    """
    return read(case, roadmap)[:2]


def read(
    case: Case | Instance | str | Path, roadmap: Roadmap | Plan | Mapping[str, Any] | str | Path
) -> tuple[Instance, Roadmap, tuple[str, ...]]:
    """The same, and the supports that the roadmap names."""
    from detente.case.load import as_case

    if isinstance(case, Instance):
        return case, as_roadmap(roadmap, case), ()
    case = as_case(case)
    data, source, reading = _data(roadmap)
    chosen = _supports(case, data, source)
    instance = supported(case, chosen) if chosen else case.instance
    found = roadmap_of_data(data, instance, source, case.phase_dates, reading, supports=True)
    return instance, with_payments(instance, found), chosen


def _data(given: Roadmap | Plan | Mapping[str, Any] | str | Path) -> tuple[object, str, Reading | None]:
    """Plain data, what errors call it, and where in a text it stands. A roadmap for another case is refused by its name."""
    if isinstance(given, Plan):
        given = given.roadmap
    if isinstance(given, Roadmap):
        given = given.to_dict()
    if isinstance(given, Mapping):
        return given, "<roadmap>", None
    source = name_of(given)
    data, reading = parsed(read_text(given, error=RoadmapError, what="roadmap"), source)
    return data, source, reading


def _supports(case: Case, data: object, source: str) -> tuple[str, ...]:
    """The supports that a roadmap names."""
    named = data.get("supports") if isinstance(data, Mapping) else None
    if named is None:
        return ()
    known = [s.id for s in case.supports]
    entries = list(named) if isinstance(named, list | tuple) else [named]
    wrong = [x for x in entries if x not in known]
    if wrong:
        hint = suggestion(str(wrong[0]), known) or f"the case has {some(known) or 'none'}"
        fault = Fault(0, 0, "supports", f"got {shown(wrong[0])}, wanted supports of the case", hint)
        raise RoadmapError(f"{source}: does not fit case {case.case}", source=source, faults=[fault])
    return tuple(dict.fromkeys(entries))
