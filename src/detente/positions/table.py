"""The table of a bargain: one line an actor, with its position, salience and capability.

Columns, in any order, with a heading line: `actor`, `position`, `salience`, `capability`; where a file holds several questions
also `issue`; and where it has them `proposal` (issues that are decided together), a group (what stays whole when forecasts are
tried out), `range` (the ends of an issue's scale) and the outcome. Other columns are kept: a profile may name them.

- A line without a position takes no part. A salience that is not known is left empty; 0 means that the actor does not care.
- Saliences go from 0 to 100, unless another end is stated.
- `name/1`, `name/2`, .. are parts of one actor, as slices are of a measure: together they weigh what the actor would.
- The scale of an issue is what `range` says; without it what is stated for all; without that the span of all positions of the
  table, which is then said.
- The CSV form of KTAB's spatial model is read as well (a line with the counts of actors and dimensions, then actor,
  description, power, and a pair of position and salience for each dimension); its scale is 0 to 100.

Faults are collected, each with its line and the number of its field, and raised together.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from detente.base.bounds import patiently
from detente.base.frozen import Frozen
from detente.base.wording import suggestion
from detente.errors import Fault, PositionsError
from detente.positions.sheet import Line, Sheet, read_sheet

__all__ = ["Issue", "Row", "Table", "read_table"]

REQUIRED = ("actor", "position", "salience", "capability")
SMALLEST, LARGEST = 1e-15, 1e15
"""What a number may be in size, unless it is 0: squares and shares of anything else would soon be no numbers."""
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_RANGE = re.compile(rf"[\[(]?\s*({_NUMBER})\s*(?:\.\.|–|—|to|:|;|,|-)\s*({_NUMBER})\s*[\])]?")
_PART = re.compile(r"(.*\S)/(\d+)")


@dataclass(frozen=True)
class Row(Frozen):
    """An actor on an issue.

    salience : None where it is not known. other : the columns that have no meaning of their own. within : the lowest and the
    highest position that the actor could hold, where they are stated.
    """

    actor: str
    position: float
    salience: float | None
    capability: float
    other: Mapping[str, str] = field(default_factory=dict)
    within: tuple[float, float] | None = None

    @property
    def whole(self) -> str:
        """The actor of which this is a part; itself where it is none."""
        part = _PART.fullmatch(self.actor)
        return part[1] if part else self.actor


@dataclass(frozen=True)
class Issue(Frozen):
    """A question on one scale. low, high : its ends. outcome : None where it is not known."""

    id: str
    rows: tuple[Row, ...]
    low: float
    high: float
    proposal: str
    group: str
    outcome: float | None = None


@dataclass(frozen=True)
class Table(Frozen):
    """Issues with the actors that hold a position on them, as read from `source`.

    sha256 : of the file. dropped : issues without any position. notes : what was assumed in reading.
    """

    issues: tuple[Issue, ...]
    source: str
    sha256: str = ""
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_table(
    source: str | Path | IO[Any] | Table,
    *,
    outcome: str | None = None,
    group: str | None = None,
    span: tuple[float, float] | None = None,
    salience_max: float = 100.0,
) -> Table:
    """Read and check a table.

    Parameters
    ----------
    source : the path of a CSV or xlsx file, ``-`` for standard input, an open file, or a table already read.
    outcome, group : names of the columns that hold the outcome and what stays whole; `group` in a table that has such a column
        need not be named. span : the ends of the scale of issues that state none. salience_max : the end of the scale of
        salience.

    Raises
    ------
    PositionsError
        With every fault of the table, each with its line and field.
    """
    if isinstance(source, Table):
        return source
    if span is not None and not -LARGEST <= span[0] < span[1] <= LARGEST:
        raise PositionsError(f"range: got {span[0]:g} to {span[1]:g}, wanted the lower end first, up to {LARGEST:g} in size")
    if not SMALLEST <= salience_max <= LARGEST:
        raise PositionsError(f"salience_max: got {salience_max:g}, wanted a number above 0 (100 is usual)")
    sheet = read_sheet(source)
    if not sheet.lines:
        raise PositionsError(f"{sheet.source}: is empty, wanted a heading line with {', '.join(REQUIRED)}", source=sheet.source)
    return _Reading(sheet, outcome, group, span, salience_max).table()


def _assumed(low: float, high: float) -> str:
    return f"No range is stated: the scale is taken to be {low:g} to {high:g}, the span of all positions of the table."


def _renamed(found: str) -> str:
    return found.replace("did you mean", "is it") + " rename that heading" if found else ""


class _Reading:
    """One pass over a sheet that keeps what it finds wrong."""

    def __init__(
        self, sheet: Sheet, outcome: str | None, group: str | None, span: tuple[float, float] | None, salience_max: float
    ) -> None:
        self.sheet = sheet
        self.faults: list[Fault] = []
        self.outcome, self.group, self.span, self.salience_max = outcome, group, span, salience_max
        self.notes = list(sheet.notes)

    def fault(self, line: int, column: int, key: str, message: str, hint: str = "") -> None:
        self.faults.append(Fault(line, column, key, message, hint))

    def table(self) -> Table:
        import hashlib

        issues: dict[str, _Open] = {}
        self._ktab(issues) if self._is_ktab() else self._long(issues)
        made, dropped = self._closed(issues)
        if not self.faults and not made:
            self.fault(0, 0, "", "no line has a position, wanted at least one", "fill the column `position`")
        if self.faults:
            count = f"{len(self.faults):,} fault{'s' * (len(self.faults) > 1)}"
            raise PositionsError(f"{self.sheet.source}: {count}", source=self.sheet.source, faults=sorted(self.faults))
        return Table(
            tuple(made), self.sheet.source, hashlib.sha256(self.sheet.content).hexdigest(), tuple(dropped), tuple(self.notes)
        )

    def number(self, line: Line, column: int, key: str) -> float | None:
        """The number in a cell; None where it is empty, or is none (which is a fault)."""
        text = line.cells[column].replace("\u00a0", "").replace("\u2212", "-") if column < len(line.cells) else ""
        if self.sheet.comma and text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
        if not text:
            return None
        if not re.fullmatch(_NUMBER, text) or not math.isfinite(float(text)):
            self.fault(line.number, column + 1, key, f"got {text[:40]!r}, wanted a number", "leave it empty if it is not known")
            return None
        x = float(text) + 0.0  # no negative zero
        if x and not SMALLEST <= abs(x) <= LARGEST:
            message = f"got {text[:40]}, wanted 0 or a size from {SMALLEST:g} to {LARGEST:g}"
            self.fault(line.number, column + 1, key, message, "choose another unit")
            return None
        return x

    def _is_ktab(self) -> bool:
        lines = self.sheet.lines
        if len(lines) < 2 or len(lines[0].cells) < 4 or len(lines[1].cells) < 5:
            return False
        counts = all(re.fullmatch(r"\d+", c) for c in lines[0].cells[2:4])
        return counts and lines[1].cells[0].lower() == "actor" and lines[1].cells[1].lower().startswith("desc")

    def _ktab(self, issues: dict[str, _Open]) -> None:
        first, heading, *lines = self.sheet.lines
        actors, dimensions = int(first.cells[2]), int(first.cells[3])
        self.span, self.salience_max = (0.0, 100.0), 100.0
        if actors != len(lines):
            self.fault(first.number, 3, "actors", f"got {actors} for {len(lines)} lines of actors", "write their number")
        wanted = 3 + 2 * dimensions
        if len([c for c in heading.cells if c]) != wanted:
            got = len([c for c in heading.cells if c])
            self.fault(
                heading.number, 1, "", f"got {got} headings, wanted {wanted} for {dimensions} dimensions", "complete the line"
            )
            return
        for d in range(dimensions):
            at = 3 + 2 * d
            name = first.cells[0] if dimensions == 1 else heading.cells[at]
            for line in lines:
                self._actor(
                    issues,
                    line,
                    {"actor": 0, "capability": 2, "position": at, "salience": at + 1},
                    name,
                    {"proposal": first.cells[0]},
                )

    def _long(self, issues: dict[str, _Open]) -> None:
        heading, *lines = self.sheet.lines
        names = [c.lower() for c in heading.cells]
        columns: dict[str, int] = {}
        for n, name in enumerate(names):
            if name and name in columns:
                self.fault(heading.number, n + 1, name[:60], "the heading is given twice", "keep one of the columns")
            elif name:
                columns[name] = n
        for key in REQUIRED:
            if key not in columns:
                self.fault(
                    heading.number, 1, key, f"no column {key}", _renamed(suggestion(key, columns)) or f"add a column {key}"
                )
        for option, wanted in (("outcome", self.outcome), ("group", self.group)):
            if wanted is not None and wanted.lower() not in columns:
                hint = suggestion(wanted.lower(), columns) or f"the columns are {', '.join(c[:60] for c in [*columns][:20])}"
                self.fault(heading.number, 1, wanted, f"no column {wanted} for --{option}", hint)
        if self.faults:
            return
        roles = {"proposal": "proposal", "group": (self.group or "group").lower(), "range": "range"}
        if self.outcome is not None:
            roles["outcome"] = self.outcome.lower()
        spare = {k: n for k, n in columns.items() if k not in REQUIRED and k != "range"}
        alone = re.sub(r"\.[A-Za-z]{1,5}$", "", Path(self.sheet.source).name.strip("<>"))
        for _, line in patiently(((line.number, line) for line in lines), self.faults):
            if len(line.cells) > len(names) and any(line.cells[len(names) :]):
                message = f"got {len(line.cells)} fields, wanted {len(names)}"
                self.fault(
                    line.number, len(names) + 1, "", message, "put quotation marks around a field with a separator in it"
                )
                continue
            told = {r: self._text(line, columns[c]) for r, c in roles.items() if c in columns}
            issue = self._text(line, columns["issue"]) if "issue" in columns else alone
            if not issue:
                self.fault(line.number, columns["issue"] + 1, "issue", "is empty, wanted the name of an issue", "fill it")
                continue
            told["columns"] = {role: columns[c] for role, c in roles.items() if c in columns}  # type: ignore[assignment]
            self._actor(issues, line, columns, issue, told, {k: self._text(line, n) for k, n in spare.items()})

    def _text(self, line: Line, column: int) -> str:
        return line.cells[column] if column < len(line.cells) else ""

    def _actor(
        self,
        issues: dict[str, _Open],
        line: Line,
        columns: Mapping[str, int],
        issue: str,
        told: Mapping[str, Any],
        other: Mapping[str, str] | None = None,
    ) -> None:
        found = issues.setdefault(issue, _Open())
        found.say(self, line, told)
        name = self._text(line, columns["actor"])
        position = self.number(line, columns["position"], "position")
        salience = self.number(line, columns["salience"], "salience")
        capability = self.number(line, columns["capability"], "capability")
        if not name:
            self.fault(line.number, columns["actor"] + 1, "actor", "is empty, wanted a name", "fill it")
            return
        if name in found.lines:
            self.fault(
                line.number, columns["actor"] + 1, "actor",
                f"{name} is given twice on {issue}, first in line {found.lines[name]}", "keep one of the lines",
            )  # fmt: skip
        twice = name in found.lines
        found.lines.setdefault(name, line.number)
        if salience is not None and not 0 <= salience <= self.salience_max:
            self.fault(
                line.number, columns["salience"] + 1, "salience",
                f"got {salience:g}, wanted 0 to {self.salience_max:g}", "state another end of the scale with --salience-max",
            )  # fmt: skip
        if capability is not None and capability < 0:
            self.fault(
                line.number, columns["capability"] + 1, "capability", f"got {capability:g}, wanted at least 0", "correct it"
            )
        if position is None or twice:
            return
        if capability is None:
            if self._text(line, columns["capability"]) == "":
                self.fault(
                    line.number, columns["capability"] + 1, "capability", "is empty, and the actor holds a position",
                    "give it, or leave the position empty",
                )  # fmt: skip
            return
        found.rows.append((Row(name, position, salience, capability, other or {}), line.number, columns["position"] + 1))

    def _closed(self, issues: Mapping[str, _Open]) -> tuple[list[Issue], list[str]]:
        """The issues with their scales."""
        rows = [row for found in issues.values() for row, _, _ in found.rows]
        self._saliences(rows)
        span = self.span
        if span is None and rows and not all(found.span for found in issues.values() if found.rows):
            free = [row.position for found in issues.values() if not found.span for row, _, _ in found.rows]
            span = min(free), max(free)
            self.notes.append(_assumed(*span))
        made, dropped = [], []
        for name, found in issues.items():
            if not found.rows:
                dropped.append(name)
                continue
            low, high = found.span or span or (0.0, 0.0)
            for row, line, column in found.rows:
                if not low <= row.position <= high:
                    message = f"got {row.position:g}, wanted {low:g} to {high:g}, the range of {name}"
                    self.fault(line, column, "position", message, "correct it, or widen the range")
            if not any(row.capability for row, _, _ in found.rows):
                _, line, _ = found.rows[0]
                self.fault(line, 1, "capability", f"is 0 for every actor on {name}", "give at least one actor some capability")
            proposal = found.proposal or name
            made.append(
                Issue(name, tuple(row for row, _, _ in found.rows), low, high, proposal, found.group or proposal, found.outcome)
            )
        if dropped:
            self.notes.append(f"Without any position, and left out: {', '.join(dropped[:10])}{' ..' if dropped[10:] else ''}.")
        return made, dropped

    def _saliences(self, rows: Sequence[Row]) -> None:
        given = {row.salience for row in rows if row.salience is not None}
        if self.salience_max > 1 and len(given) > 2 and max(given) <= 1:
            message = f"all saliences lie between 0 and 1, wanted 0 to {self.salience_max:g}"
            self.fault(
                self.sheet.lines[0].number,
                1,
                "salience",
                message,
                "if 1 is the most that an actor can care, say --salience-max 1",
            )


@dataclass
class _Open:
    """An issue while its lines are read."""

    rows: list[tuple[Row, int, int]] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    proposal: str = ""
    group: str = ""
    outcome: float | None = None
    span: tuple[float, float] | None = None

    def say(self, reading: _Reading, line: Line, told: Mapping[str, Any]) -> None:
        """Take what a line says about the whole issue; it must not contradict an earlier one."""
        at = told.get("columns", {})
        for key in ("proposal", "group"):
            text = told.get(key, "")
            before = getattr(self, key)
            if text and before and text != before:
                self._contradiction(reading, line, at.get(key, 0), key, text, before)
            elif text:
                setattr(self, key, text)
        if "outcome" in at:
            y = reading.number(line, at["outcome"], "outcome")
            if y is not None and self.outcome is not None and y != self.outcome:
                self._contradiction(reading, line, at["outcome"], "outcome", f"{y:g}", f"{self.outcome:g}")
            elif y is not None:
                self.outcome = y
        if told.get("range"):
            found = _RANGE.fullmatch(told["range"])
            span = (float(found[1]), float(found[2])) if found else None
            if span is None or not -LARGEST <= span[0] < span[1] <= LARGEST:
                message = f"got {told['range'][:40]!r}, wanted two numbers, the lower first, such as 0..100"
                reading.fault(line.number, at["range"] + 1, "range", message, "correct it, or leave it empty")
            elif self.span is not None and span != self.span:
                before = f"{self.span[0]:g}..{self.span[1]:g}"
                self._contradiction(reading, line, at["range"], "range", told["range"], before)
            else:
                self.span = span

    def _contradiction(self, reading: _Reading, line: Line, column: int, key: str, got: str, before: str) -> None:
        message = f"got {got}, but {before} in an earlier line of the same issue"
        reading.fault(line.number, column + 1, key, message, "an issue has one; correct one of the lines")
