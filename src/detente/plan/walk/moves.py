"""Changes of a roadmap that keep its schedule: prerequisites, windows, exclusions.

A wish is a new entry phase for one or a few measures (T: never). It is settled by raising from below: a measure that its
prerequisites allow only later enters later; what can no longer enter within its window is dropped, and so is what needs it; a
wished-for measure brings what it still needs, of alternatives the one that can be there first. A wish that meets an exclusion,
or that in the end changes nothing, is none.
"""

from __future__ import annotations

from collections.abc import Mapping

from detente.case.instance import Instance
from detente.case.reach import earliest
from detente.plan.tables.party_rows import Ints

__all__ = ["Moves"]


class Moves:
    """Wishes for roadmaps of an instance; a roadmap is an array of shape (M,), -1 in force, T never."""

    def __init__(self, instance: Instance) -> None:
        self.instance, self.never = instance, instance.phases
        place = {m.id: n for n, m in enumerate(instance.measures)}
        early = earliest(instance.measures)
        self.earliest = tuple(self.never if e is None else e for e in (early[m.id] for m in instance.measures))
        self.movable = tuple(
            n
            for n, m in enumerate(instance.measures)
            if not m.in_force and self.earliest[n] <= min(m.not_after, self.never - 1)
        )
        self.alone = tuple(m.actors[0] if len(m.actors) == 1 else None for m in instance.measures)
        self._needs = [[([place[k] for k in q.any], q.after) for q in m.requires] for m in instance.measures]
        self._window = [(m.not_before, m.not_after) for m in instance.measures]
        self._excluded = [[place[k] for k in m.excludes] for m in instance.measures]
        self._needed_by: list[list[int]] = [[] for _ in instance.measures]
        for n, needs in enumerate(self._needs):
            for k in sorted({k for any_, _ in needs for k in any_}):
                if not instance.measures[n].in_force:  # what is in force stays so
                    self._needed_by[k].append(n)

    def settled(self, entry: Ints, wish: Mapping[int, int]) -> dict[int, int] | None:
        """Every entry that a wish changes, itself included; None where it cannot be, or changes nothing."""
        at: dict[int, int] = {}

        def now(n: int) -> int:
            return at[n] if n in at else int(entry[n])

        due: list[int] = []
        told: dict[int, int] = {}
        for n, phase in wish.items():
            at[n] = self.never if phase >= self.never else max(phase, self._window[n][0])
            due.append(n)
        wished = {n for n in wish if at[n] < self.never}
        while due:
            n = due.pop()
            phase = now(n)
            for any_, after in self._needs[n] if phase < self.never else ():
                ready = min((now(k) + after for k in any_ if now(k) < self.never), default=self.never)
                if ready >= self.never and n in wished:
                    k = min(any_, key=lambda k: self.earliest[k])
                    if k in wished or k in wish or self.earliest[k] >= self.never:
                        phase = self.never
                        break
                    at[k] = max(phase - after, self.earliest[k], 0)
                    wished.add(k)
                    due += [n, k]
                    break
                phase = max(phase, ready)
            if phase > self._window[n][1]:
                phase = self.never
            if phase != now(n):
                at[n] = phase
                due.append(n)
            elif told.get(n) != phase:  # those that need it look again, once for each phase that it takes
                told[n] = phase
                due += [k for k in self._needed_by[n] if now(k) < self.never]
        changed = {n: phase for n, phase in at.items() if phase != entry[n]}
        for n, phase in changed.items():
            if phase < self.never and any(now(k) < self.never for k in self._excluded[n]):
                return None
        return changed or None
