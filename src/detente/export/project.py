"""A roadmap as Microsoft Project XML (MSPDI): tasks with predecessors, and the parties as resources.

A step without work is a milestone at the beginning of its phase; one that takes time is a task from the day on which its work
starts to the day on which it enters. What it waits for is a predecessor (finish to start): in a roadmap that keeps to its
prerequisites that has entered by then. So that a program which schedules anew keeps the dates of the roadmap, each task must
start on its own (ConstraintType 2), in a calendar in which every hour of every day is worked. Elements stand in the order of
Microsoft's schema (Project 2007, mspdi_pj12.xsd), which asks for it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from detente.case.case import Case
from detente.export.steps import Dated

__all__ = ["NAMESPACE", "project"]

NAMESPACE = "http://schemas.microsoft.com/project"
_ALWAYS = 1  # the calendar in which all time is worked
_MUST_START_ON, _FINISH_TO_START, _WORK = "2", "1", "1"
_DAY = 24
_LONGEST = 512  # characters of a name, by the schema


def project(case: Case, steps: Sequence[Dated]) -> str:
    """The text of the file."""
    root = ET.Element("Project", xmlns=NAMESPACE)
    first, last = min(s.start for s in steps), max(s.day for s in steps)
    _fill(
        root,
        SaveVersion="12",
        Name=case.case,
        Title=case.title[:_LONGEST],
        CreationDate=_time(case.as_of),
        ScheduleFromStart="1",
    )
    _fill(root, StartDate=_time(min(first, case.as_of)), FinishDate=_time(last), CalendarUID=str(_ALWAYS))
    _fill(root, DefaultStartTime="00:00:00", DefaultFinishTime="00:00:00")
    _fill(root, MinutesPerDay=str(60 * _DAY), MinutesPerWeek=str(60 * _DAY * 7), DaysPerMonth="30")
    _calendar(ET.SubElement(root, "Calendars"))
    tasks = ET.SubElement(root, "Tasks")
    for s in steps:
        _task(ET.SubElement(tasks, "Task"), s)
    resources, number = ET.SubElement(root, "Resources"), {p: n for n, p in enumerate(case.parties, 1)}
    for party, n in number.items():
        _fill(ET.SubElement(resources, "Resource"), UID=str(n), ID=str(n), Name=case.parties[party].name[:_LONGEST], Type=_WORK)
    assignments = ET.SubElement(root, "Assignments")
    acting = [(s, party) for s in steps for party in s.parties]
    for n, (step, party) in enumerate(acting, 1):
        one = ET.SubElement(assignments, "Assignment")
        _fill(one, UID=str(n), TaskUID=str(step.number), ResourceUID=str(number[party]))
        _fill(one, Finish=_time(step.day), Start=_time(step.start), Units="1")
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _task(task: ET.Element, s: Dated) -> None:
    start, number, span = _time(s.start), str(s.number), f"PT{_DAY * (s.day - s.start).days}H0M0S"
    _fill(
        task,
        UID=number,
        ID=number,
        Name=s.title[:_LONGEST],
        Type="1",
        IsNull="0",
        WBS=number,
        OutlineNumber=number,
        OutlineLevel="1",
    )
    _fill(task, Start=start, Finish=_time(s.day), Duration=span, DurationFormat="7", Estimated="0")
    _fill(task, Milestone=str(int(s.start == s.day)), Summary="0")
    _fill(task, ConstraintType=_MUST_START_ON, CalendarUID=str(_ALWAYS), ConstraintDate=start, Notes=s.note)
    for needed in s.needs:
        _fill(ET.SubElement(task, "PredecessorLink"), PredecessorUID=str(needed), Type=_FINISH_TO_START, LinkLag="0")


def _calendar(calendars: ET.Element) -> None:
    calendar = ET.SubElement(calendars, "Calendar")
    _fill(calendar, UID=str(_ALWAYS), Name="Every hour of every day", IsBaseCalendar="1")
    days = ET.SubElement(calendar, "WeekDays")
    for day in range(1, 8):
        one = ET.SubElement(days, "WeekDay")
        _fill(one, DayType=str(day), DayWorking="1")
        times = ET.SubElement(ET.SubElement(one, "WorkingTimes"), "WorkingTime")
        _fill(times, FromTime="00:00:00", ToTime="00:00:00")


def _fill(element: ET.Element, **entries: str) -> None:
    for name, text in entries.items():
        ET.SubElement(element, name).text = text


def _time(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00"
