"""Checking any roadmap of a case: one that was planned, or one written by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.bounds import name_of, read_text
from detente.case.instance import Instance
from detente.errors import Fault, RoadmapError
from detente.plan.certificate import Certificate, certify
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap, roadmap_from_json

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["as_roadmap", "read_roadmap", "verify"]


def read_roadmap(path: str | Path, instance: Instance) -> Roadmap:
    """Read a roadmap file; "-" reads standard input.

    Raises
    ------
    RoadmapError
        If the file cannot be read, is no roadmap, or does not fit the case.
    """
    return roadmap_from_json(read_text(path, error=RoadmapError, what="roadmap"), instance, source=name_of(path))


def as_roadmap(given: Roadmap | Plan | Mapping[str, Any] | str | Path, instance: Instance) -> Roadmap:
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
        return read_roadmap(given, instance)
    try:
        return roadmap_from_json(json.dumps(dict(given)), instance)
    except TypeError:
        fault = Fault(0, 0, "entry", "got something that JSON cannot hold", "give phases as whole numbers")
        raise RoadmapError("<roadmap>: cannot be read as a roadmap", source="<roadmap>", faults=[fault]) from None


def verify(case: Case | Instance | str | Path, roadmap: Roadmap | Plan | Mapping[str, Any] | str | Path) -> Certificate:
    """Check a roadmap against every row of its case, in exact arithmetic.

    Parameters
    ----------
    case : a case, its slug or path. roadmap : a `Roadmap` or a `Plan`, plain data with `entry`, or the path of a JSON file.

    Raises
    ------
    RoadmapError
        If the roadmap cannot be read, or does not fit the case.
    """
    from detente.case.load import as_case

    instance = case if isinstance(case, Instance) else as_case(case).instance
    return certify(instance, as_roadmap(roadmap, instance))
