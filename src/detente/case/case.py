"""The case: what a case file says, ready for every other part of the system."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import PrivateAttr

from detente.base.bounds import name_of
from detente.base.frozen import FrozenDict
from detente.base.text import Path, Reading
from detente.case.instance import Instance
from detente.case.model import CaseFile
from detente.case.to_instance import to_instance
from detente.case.when import later

__all__ = ["Case", "Origin", "steps_of"]


@dataclass(frozen=True)
class Origin:
    """Where a case comes from. Two cases that say the same are equal, whatever their origin."""

    source: str = field(default="", compare=False)
    text: str = field(default="", compare=False)
    reading: Reading = field(default=Reading({}, {}), compare=False)


class Case(CaseFile):
    """A stand-off as data: the keys of the case file as attributes, exact and checked. Made by `load`.

    Values are `Value`s (low, likely, high); `instance` is what planning takes from them. Frozen.
    """

    _origin: Origin = PrivateAttr(default_factory=Origin)

    @property
    def source(self) -> str:
        """The file that the case was read from, as errors name it."""
        return self._origin.source

    def key(self, *asked: object) -> str | None:
        """The hash of a question about it, under which an answer is kept on the machine (`base.cache`): the file, what was read
        from it, its planning problem, and what is asked, plain data. None: it was kept off the disk on purpose, and comes from
        standard input or a pipe; nothing about it is kept."""
        from detente.base.cache import key_of

        if self.source in (name_of("-"), name_of("/dev/fd/0")):
            return None
        return key_of((self.text, self.model_dump_json(), repr(self.instance), *asked))

    @property
    def text(self) -> str:
        """The case file itself, comments and all."""
        return self._origin.text

    def written(self) -> Mapping[str, Any]:
        """What stands in the case file, as plain data: no words resolved, and nothing of what follows from a class."""
        data = self._origin.reading.data
        return FrozenDict(data if isinstance(data, Mapping) else {})

    @cached_property
    def instance(self) -> Instance:
        """The case as the planner sees it: likely values, slices cut, grades resolved."""
        return to_instance(self)

    def phase_date(self, phase: int) -> datetime.date:
        """The first day of a phase, `as_of` plus so many lengths of a phase; of T: the day on which the roadmap ends."""
        return later(self.as_of, self.phases.length, phase)

    @cached_property
    def phase_dates(self) -> tuple[datetime.date, ...]:
        """The first days of phases 0 .. T."""
        return tuple(map(self.phase_date, range(self.phases.count + 1)))

    def measure_title(self, measure: str) -> str:
        """The title of a measure, or of a slice of it: ``Relief (2 of 4)``.

        Raises
        ------
        KeyError
            If the case has no such measure.
        """
        if measure in self.measures:
            return self.measures[measure].title
        return self.instance.measure[measure].title

    def where(self, path: str | Path) -> tuple[int, int]:
        """Line and column, 1-based, of ``measures.relief.lag`` or of its nearest entry above that stands in the file."""
        steps = path if isinstance(path, tuple) else steps_of(path)
        return self._origin.reading.place(steps).key

    def to_dict(self) -> dict[str, object]:
        """The keys of `detente case CASE --json`: the instance."""
        return self.instance.to_dict()

    @property
    def counts(self) -> Mapping[str, int]:
        """How much the case holds, by block."""
        blocks = ("parties", "measures", "demands", "agreements", "orders", "risks", "supports", "evidence")
        return FrozenDict({block: len(getattr(self, block)) for block in blocks})

    def _repr_html_(self) -> str:
        from detente.base.parts import Table, notebook, strong

        out = Table("Values per phase, each in its own units", "Measure", "By", *(p.name for p in self.parties.values()))
        for spec in self.measures.values():
            worth = (spec.value[i].text if i in spec.value else "" for i in self.parties)
            out.add(spec.title, ", ".join(self.parties[i].name for i in spec.by), *worth)
        phases = f"{self.phases.count} phases of {self.phases.length}"
        return notebook(strong(self.title), f"{self.as_of.isoformat()}, {phases}.", out)

    def __str__(self) -> str:
        return repr(self)

    def __repr__(self) -> str:
        return f"<Case {self.case}: {len(self.parties)} parties, {len(self.measures)} measures, {self.phases.count} phases>"


def steps_of(path: str) -> Path:
    """``demands[0].by`` as a path."""
    found = re.findall(r"\[(\d+)\]|([^.\[\]]+)", path)
    return tuple(int(number) if number else name for number, name in found)
