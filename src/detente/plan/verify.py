"""Checking any roadmap of a case: one that was planned, or one written by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from detente.base.bounds import name_of, read_text
from detente.case.instance import Instance
from detente.errors import RoadmapError
from detente.plan.certificate import Certificate, certify
from detente.plan.roadmap import Roadmap, roadmap_from_json

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["read_roadmap", "verify"]


def read_roadmap(path: str | Path, instance: Instance) -> Roadmap:
    """Read a roadmap file; "-" reads standard input.

    Raises
    ------
    RoadmapError
        If the file cannot be read, is no roadmap, or does not fit the case.
    """
    return roadmap_from_json(read_text(path, error=RoadmapError, what="roadmap"), instance, source=name_of(path))


def verify(case: Case | Instance, roadmap: Roadmap | str | Path) -> Certificate:
    """Check a roadmap against every row of its case, in exact arithmetic.

    Parameters
    ----------
    roadmap : a `Roadmap`, or the path of a JSON file with `entry`.
    """
    instance = case if isinstance(case, Instance) else case.instance
    return certify(instance, roadmap if isinstance(roadmap, Roadmap) else read_roadmap(roadmap, instance))
