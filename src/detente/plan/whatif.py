"""What one change to a roadmap does: which rows of its certificate break, for whom, when and by how much; or why it cannot be.

Let R be a roadmap, R' the same with the change, and take the rows that the certificate (module `certificate`) calls broken:

    broken        rows broken in R' and not in R        mended      rows broken in R and not in R'
    still         rows broken in both
    impossible    some structural row is among `broken`: a prerequisite, an exclusion, a window, a measure in force today

Rows are the same if they are of the same kind, party, phase, lags and measures. How far a row is broken, -slack, is in units of
the party's value (of a structural row in phases); as a share it is divided by the party's size, the largest value that any step
has for it (module `units`), so that one party's rows can be put beside another's. Nothing is computed here that the certificate
does not say: every figure is a difference or a ratio of its own.

A change
--------
move      a measure, a slice, or all slices of a measure enter in another phase, or never.
forbid    a measure, a slice or what carries out a provision does not enter (what is in force today stays).
require   it enters. What it lacks is put in with it, each as early as it can from some phase on (module `explain`). Of the
          phases 0 .. T-1 to begin from, the first with which all rows hold; else the possible one whose worst row is broken
          least, as a share; else the first.

Demands are no rows. Which of them the change gives up, or comes to meet, is told beside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.frozen import Frozen, FrozenDict
from detente.case.instance import Instance
from detente.case.naming import Naming, NamingIn
from detente.errors import InputError
from detente.plan.certificate import STRUCTURAL, Certificate, Row, certify
from detente.plan.conditions import kept, meets
from detente.plan.explain import inserted, missing
from detente.plan.roadmap import Phase, Roadmap, moved
from detente.plan.sentences import row_sentence, trust_at
from detente.plan.units import sizes
from detente.plan.unlock.supported import is_paid, with_payments
from detente.plan.unlock.target import Target
from detente.plan.verify import read

if TYPE_CHECKING:
    from detente.case.case import Case
    from detente.plan.result import Plan

    Given = Roadmap | Plan | Mapping[str, Any] | str | Path

__all__ = ["Break", "WhatIf", "places", "whatif"]


@dataclass(frozen=True)
class Break:
    """A row that a change breaks or mends. by : how far it is broken, above 0. share : the same over the size of its party;
    None for a structural row. naming, roadmap, trust : what it is told with."""

    row: Row
    by: Fraction
    share: Fraction | None
    naming: Naming = field(repr=False, compare=False)
    roadmap: Roadmap = field(repr=False, compare=False)
    trust: Fraction | None = field(repr=False, compare=False)

    @cached_property
    def words(self) -> str:
        """The row in a sentence; made when it is asked for, as most rows of a large case are only counted."""
        return row_sentence(self.row, self.naming, self.roadmap, trust=self.trust)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        words : the row in words
        """
        others = {"others": list(self.row.others)} if self.row.others else {}
        share = None if self.share is None else float(self.share)
        return {**self.row.to_dict(), **others, "by": float(self.by), "share": share, "words": self.words}


@dataclass(frozen=True)
class WhatIf(Frozen):
    """What a change does to a roadmap.

    instance : the planning problem. before, roadmap : the schedule without the change and with it. change : by measure or slice
    whose phase differs, its phase before and after (None: never). broken, still, mended : see the module; the worst first.
    gain_before, gain : of every party over no deal, in its own units of value. gives_up, meets : ids of demands that only the
    one or only the other meets; of an impossible change none are looked at. supports : those of the case that the roadmap
    names. certificate : of the changed roadmap.
    """

    instance: Instance = field(repr=False)
    before: Roadmap = field(repr=False)
    roadmap: Roadmap
    change: Mapping[str, tuple[int | None, int | None]]
    broken: tuple[Break, ...]
    still: tuple[Break, ...]
    mended: tuple[Break, ...]
    gain_before: Mapping[str, Fraction]
    gain: Mapping[str, Fraction]
    gives_up: tuple[str, ...]
    meets: tuple[str, ...]
    supports: tuple[str, ...]
    certificate: Certificate = field(repr=False)

    @cached_property
    def reasons(self) -> tuple[Break, ...]:
        """Why the change is impossible; empty where it is possible."""
        return tuple(b for b in self.broken if b.row.row in STRUCTURAL)

    @property
    def verdict(self) -> str:
        """ "impossible", "breaks" (some row does not hold), "loses" (all hold, and the roadmap helps no more) or "holds"."""
        if self.reasons:
            return "impossible"
        if self.certificate.broken:
            return "breaks"
        return "holds" if self.certificate.helps else "loses"

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        change.before : its phase (−1: in force, `null`: never)
        change.after : its new phase
        broken : the rows that the change breaks, the worst first
        still : those that were broken before it as well
        mended : those that it mends
        gain_before : the gain of each party over no deal without the change
        gain : the same with it
        gives_up : ids of demands that it gives up
        meets : ids of those that it comes to meet
        change : by measure or slice that moves
        """
        return {
            "case": self.instance.case,
            "verdict": self.verdict,
            "change": {m: {"before": old, "after": new} for m, (old, new) in self.change.items()},
            "broken": [b.to_dict() for b in self.broken],
            "still": [b.to_dict() for b in self.still],
            "mended": [b.to_dict() for b in self.mended],
            "gain_before": {i: float(x) for i, x in self.gain_before.items()},
            "gain": {i: float(x) for i, x in self.gain.items()},
            "gives_up": list(self.gives_up),
            "meets": list(self.meets),
            "rows": self.certificate.rows,
            "entry": dict(self.roadmap.entry),
        }

    def in_short(self, place: int) -> dict[str, object]:
        """The entry of a table of places: the place (null: never), the verdict, how many rows break, and the worst in words."""
        return {
            "phase": place if place < self.instance.phases else None,
            "verdict": self.verdict,
            "broken": len(self.broken),
            "words": self.broken[0].words if self.broken else "",
        }


def whatif(
    case: Case | str | Path,
    roadmap: Given,
    *,
    move: Mapping[str, Phase] | None = None,
    forbid: Sequence[str] = (),
    require: Sequence[str] = (),
) -> WhatIf:
    """What a change does to a roadmap, row by row, in exact arithmetic.

    Parameters
    ----------
    case : a case, its slug or path. roadmap : as of `verify`; it may name supports.
    move : by measure or slice, the phase in which it enters instead: a number, a date, or None or "never". The bare id of a
        divisible measure moves all of its slices.
    forbid, require : measures, slices (ID/2) or provisions (AGREEMENT/PROVISION) that do not enter, or do.

    Raises
    ------
    RoadmapError
        If the roadmap, or a move, does not fit the case.
    InputError
        On another name that means nothing, and where one measure is changed in two ways.
    """
    change = _Change(case, roadmap)
    asked = [set(move or ()), set(forbid), set(require)]
    twice = sorted(name for name, times in Counter(name for names in asked for name in names).items() if times > 1)
    if twice:
        raise InputError(f"{twice[0]} is to be changed in two ways; take it out of one of move, forbid and require")
    start = change.moved(move or {})
    out = {m: None for m in change.named(forbid) if not change.instance.measure[m].in_force}
    start = change.fitting({**start.entry, **out})
    wanted = [m for m in change.named(require) if start.entry[m] is None]
    clash = sorted(set(wanted) & out.keys())
    if clash:
        raise InputError(f"{clash[0]} is both required and forbidden; take it out of one of the two")
    return change.best(wanted, start) if wanted else change.to(start)


def places(case: Case | str | Path, roadmap: Given, measures: str | Iterable[str]) -> tuple[WhatIf, ...]:
    """What each place of a step would do: phases 0 .. T-1 in turn, and last that it never enters, T + 1 in all.

    measures : a measure, or the slices that are moved together. Raises as `whatif`.
    """
    change = _Change(case, roadmap)
    names = [measures] if isinstance(measures, str) else list(measures)
    return tuple(change.to(change.moved(dict.fromkeys(names, t))) for t in (*range(change.instance.phases), None))


class _Change:
    """A roadmap of a case that is about to be changed."""

    def __init__(self, case: Case | str | Path, roadmap: Given) -> None:
        from detente.case.load import as_case

        self.case = as_case(case)
        self.instance, self.roadmap, self._supports = read(self.case, roadmap)
        self.certificate = certify(self.instance, self.roadmap)
        self.breaks = self._breaks(self.certificate, self.roadmap)

    def named(self, names: Iterable[str]) -> list[str]:
        return [m for name in names for m in Target.of(self.case, name).measures(self.case, self.instance)]

    def fitting(self, entry: Mapping[str, int | None]) -> Roadmap:
        """A schedule, with what is paid for in step with it."""
        return with_payments(self.instance, Roadmap(self.instance.case, self.instance.phases, entry))

    def moved(self, moves: Mapping[str, Phase]) -> Roadmap:
        return self.fitting(moved(self.roadmap, self.instance, moves, days=self.case.phase_dates).entry)

    def best(self, wanted: Sequence[str], start: Roadmap) -> WhatIf:
        """The schedule with these measures in it, from the phase on that does best."""
        needed = list(dict.fromkeys(n for m in wanted for n in missing(self.instance, start, self.instance.measure[m])))
        tried = dict[tuple[tuple[str, int | None], ...], WhatIf]()
        for t in range(self.instance.phases):
            trial = inserted(self.instance, start, needed, t)
            if trial is None:
                break
            found = self.to(self.fitting(trial.entry))
            if found.verdict == "holds":
                return found
            tried.setdefault(tuple(sorted(trial.entry.items())), found)
        if not tried:  # no window is open long enough: said of the first phase
            return self.to(self.fitting({**start.entry, **dict.fromkeys(needed, 0)}))
        return min(tried.values(), key=lambda w: (w.verdict == "impossible", max((b.share or 0 for b in w.broken), default=0)))

    def to(self, roadmap: Roadmap) -> WhatIf:
        """The comparison of the roadmap with a changed one."""
        same = roadmap == self.roadmap
        certificate = self.certificate if same else certify(self.instance, roadmap)
        old, new = self.breaks, self.breaks if same else self._breaks(certificate, roadmap)
        broken = [b for key, b in new.items() if key not in old]
        possible = all(b.row.row not in STRUCTURAL for b in broken)
        before, met = (self.met, self._met(roadmap)) if possible else (frozenset(), frozenset())
        differ = {m: (e, to) for m, e in self.roadmap.entry.items() if e != (to := roadmap.entry[m]) and not is_paid(m)}
        return WhatIf(
            instance=self.instance,
            before=self.roadmap,
            roadmap=roadmap,
            change=FrozenDict(differ),
            broken=_worst_first(broken, differ),
            still=_worst_first(b for key, b in new.items() if key in old),
            mended=_worst_first(b for key, b in old.items() if key not in new),
            gain_before=self.certificate.gain,
            gain=certificate.gain,
            gives_up=tuple(d.id for d in self.case.demands if d.id in before - met),
            meets=tuple(d.id for d in self.case.demands if d.id in met - before),
            supports=self._supports,
            certificate=certificate,
        )

    @cached_property
    def demanding(self) -> Mapping[str, Instance]:
        """For each demand the problem in which it is kept; where supports change the measures, none is told."""
        return {d.id: kept(self.case, [d.id]) for d in self.case.demands if self.instance is self.case.instance}

    @cached_property
    def met(self) -> frozenset[str]:
        """The demands that are met without a change."""
        return self._met(self.roadmap)

    def _met(self, roadmap: Roadmap) -> frozenset[str]:
        return frozenset(d for d, demanding in self.demanding.items() if meets(demanding, roadmap))

    def _breaks(self, certificate: Certificate, roadmap: Roadmap) -> dict[tuple[object, ...], Break]:
        size, naming = sizes(self.instance), NamingIn(self.case, self.instance)
        out: dict[tuple[object, ...], Break] = {}
        for row in certificate.broken:
            structural = row.row in STRUCTURAL
            share = None if structural else -row.slack / size[row.party or ""]
            key = (row.row, row.party, row.toward, None if structural else row.phase, row.lag, row.found)
            out[*key, row.measure, row.others, row.together] = Break(
                row, -row.slack, share, naming, roadmap, trust_at(row, certificate)
            )
        return out


def _worst_first(breaks: Iterable[Break], change: Collection[str] = ()) -> tuple[Break, ...]:
    """What makes a change impossible first, of that what is said of the changed measures; then by share, then by phase."""
    return tuple(sorted(breaks, key=lambda b: (b.share is not None, b.row.measure not in change, -(b.share or 0), b.row.phase)))
