"""A roadmap in the format that the name of a file asks for."""

from __future__ import annotations

from pathlib import Path

from detente.case.case import Case
from detente.case.instance import Instance
from detente.errors import InputError
from detente.export.calendar import calendar
from detente.export.network import network
from detente.export.project import project
from detente.export.steps import dated
from detente.export.table import table
from detente.plan.roadmap import Roadmap

__all__ = ["ENDINGS", "ending_of", "exported"]

ENDINGS = {".csv": "CSV", ".ics": "iCalendar", ".xml": "Microsoft Project XML", ".graphml": "GraphML"}
"""The endings that have a format of their own, and what it is called."""


def ending_of(path: str | Path) -> str | None:
    """The ending of a name in small letters, if it has a format of its own."""
    ending = Path(path).suffix.lower()
    return ending if ending in ENDINGS else None


def exported(case: Case, roadmap: Roadmap, ending: str, instance: Instance | None = None) -> str:
    """The text of a roadmap in a format; the same roadmap and case give the same bytes, in UTF-8.

    Parameters
    ----------
    ending : one of `ENDINGS`. instance : the problem that the roadmap is for, where supports make it another than the case's.

    Raises
    ------
    InputError
        If there is no such format, or the roadmap has no steps.
    """
    if ending not in ENDINGS:
        raise InputError(f"no format {ending!r} for a roadmap; wanted one of {', '.join(ENDINGS)}")
    steps = dated(case, roadmap, instance)
    if ending == ".csv":
        return table(steps)
    if ending == ".ics":
        return calendar(case, steps)
    return project(case, steps) if ending == ".xml" else network(case.title, steps)
