"""A search that is the same in every byte of what it is asked need not be done twice on one machine.

What is kept (`base.cache`) is phases and counts alone: the schedules that were found, one phase a measure in the order of the
case, which firm demands they meet, by their number, and how much was searched. The name of the entry is a hash of the whole
question: the case, what was asked, the profile, the plan at the likely values, and the program. Of a case from standard input
nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from detente.base.bounds import name_of
from detente.base.cache import key_of, recall, remember
from detente.case.case import Case
from detente.plan.result import Plan
from detente.recommend.result import Terms

__all__ = ["Kept", "keep", "kept_before", "question"]

_FORMAT = 1
_COUNTS = ("tried", "taken", "plays")


@dataclass(frozen=True)
class Kept:
    """schedules : by name of a roadmap, an entry phase for each measure of the case. demands : those firm ones that they meet,
    by their number among those asked for. by_condition : the pace of the recommended one. tried, taken, plays : work."""

    schedules: Mapping[str, Sequence[int]]
    demands: Sequence[int]
    by_condition: bool
    tried: int
    taken: int
    plays: int


def question(case: Case, fastest: Plan, terms: Terms, *asked: object) -> str | None:
    """The hash of all that a search depends on; None: nothing of it may be kept. asked : plain data, besides the terms."""
    if case.source == name_of("-"):
        return None
    profile = {k: terms.profile[k] for k in terms.profile.values}
    judged = (profile, terms.seed, terms.widen)
    said = case.model_dump_json()
    found = (fastest.objective, sorted(fastest.roadmap.entry.items(), key=str))
    return key_of((_FORMAT, case.text, said, repr(case.instance), repr(fastest.instance), judged, found, *asked))


def keep(key: str | None, found: Kept) -> None:
    """For the next time."""
    if key is not None:
        remember(key, asdict(found) | {"format": _FORMAT})


def kept_before(key: str | None, measures: int, phases: int) -> Kept | None:
    """What was found the last time; None: nothing that has the right form."""
    entry = None if key is None else recall(key)
    if not isinstance(entry, dict) or entry.pop("format", None) != _FORMAT:
        return None
    try:
        found = Kept(**entry)
        right = all(_is_schedule(x, measures, phases) for x in found.schedules.values())
        right = right and all(_is_whole(n) and n >= 0 for n in (*found.demands, *(getattr(found, c) for c in _COUNTS)))
    except (TypeError, AttributeError):
        return None
    return found if right and isinstance(found.by_condition, bool) else None


def _is_schedule(x: Any, measures: int, phases: int) -> bool:
    return isinstance(x, list) and len(x) == measures and all(_is_whole(e) and -1 <= e <= phases for e in x)


def _is_whole(x: Any) -> bool:
    return isinstance(x, int) and not isinstance(x, bool)
