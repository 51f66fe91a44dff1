"""Checking any roadmap of a case: one that was planned, or one written by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.bounds import name_of, read_text
from detente.case.instance import Instance
from detente.errors import RoadmapError
from detente.plan.certificate import Certificate, certify
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap, roadmap_from_text, roadmap_of_data

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["as_roadmap", "read_roadmap", "verify"]


def read_roadmap(path: str | Path, case: Case | Instance) -> Roadmap:
    """Read a roadmap file, JSON or YAML; "-" reads standard input. Dates are understood where a `Case` says when phases begin.

    Raises
    ------
    RoadmapError
        If the file cannot be read, is no roadmap, or does not fit the case.
    """
    text = read_text(path, error=RoadmapError, what="roadmap")
    instance, days = _dated(case)
    return roadmap_from_text(text, instance, source=name_of(path), days=days)


def as_roadmap(given: Roadmap | Plan | Mapping[str, Any] | str | Path, case: Case | Instance) -> Roadmap:
    """A roadmap that fits the case, from a roadmap or a plan, plain data with `entry`, or the path of a file.

    Raises
    ------
    RoadmapError
        If it cannot be read, is no roadmap, or does not fit the case.
    """
    if isinstance(given, Plan):
        given = given.roadmap
    if isinstance(given, Roadmap):
        given = given.to_dict()  # made for another case, it is refused by name
    if not isinstance(given, Mapping):
        return read_roadmap(given, case)
    instance, days = _dated(case)
    return roadmap_of_data(given, instance, days=days)


def _dated(case: Case | Instance) -> tuple[Instance, tuple[datetime.date, ...]]:
    """The instance, and the first days of its phases where they are known."""
    if isinstance(case, Instance):
        return case, ()
    return case.instance, case.phase_dates


def verify(case: Case | Instance | str | Path, roadmap: Roadmap | Plan | Mapping[str, Any] | str | Path) -> Certificate:
    """Check a roadmap against every row of its case, in exact arithmetic.

    Parameters
    ----------
    case : a case, its slug or path. roadmap : a `Roadmap` or a `Plan`, plain data with `entry`, or the path of a JSON or YAML
        file. Phases are numbers, or dates.

    Raises
    ------
    RoadmapError
        If the roadmap cannot be read, or does not fit the case.
    """
    from detente.case.load import as_case

    case = case if isinstance(case, Instance) else as_case(case)
    return certify(case if isinstance(case, Instance) else case.instance, as_roadmap(roadmap, case))
