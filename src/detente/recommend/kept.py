"""A search that is the same in every byte of what it is asked need not be done twice on one machine.

What is kept (`base.cache`) is phases and counts alone: the schedules that were found, one phase a measure in the order of the
case, which firm demands they meet, by their number, and how much was searched. The name of the entry is a hash of the whole
question: the case, what was asked, the profile, the plan at the likely values, and the program. Of a case from standard input
or a pipe, and of a search that the clock cut short, nothing is kept.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from detente.base.cache import recall, remember
from detente.case.case import Case
from detente.case.instance import Instance
from detente.plan.result import Plan
from detente.plan.tables.tables import is_schedule
from detente.recommend.result import Terms

__all__ = ["Kept", "keep", "kept_before", "question"]

_KIND = "schedules"


class Kept(BaseModel):
    """schedules : by name of a roadmap, an entry phase for each measure of the case. demands : those firm ones that they meet,
    by their number among those asked for. by_condition : the pace of the recommended one. tried, taken, plays : work."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    schedules: dict[str, list[int]]
    demands: list[NonNegativeInt]
    by_condition: bool
    tried: NonNegativeInt
    taken: NonNegativeInt
    plays: NonNegativeInt


def question(case: Case, fastest: Plan, terms: Terms, *asked: object) -> str | None:
    """The hash of all that a search depends on; None: nothing of it may be kept. asked : plain data, besides the terms."""
    profile = {k: terms.profile[k] for k in terms.profile.values}
    judged = (profile, terms.seed, terms.widen)
    found = (fastest.objective, sorted(fastest.roadmap.entry.items(), key=str))
    return case.key(repr(fastest.instance), judged, found, *asked)


def keep(key: str | None, found: Kept) -> None:
    """For the next time."""
    if key is not None:
        remember(_KIND, key, found.model_dump())


def kept_before(key: str | None, instance: Instance) -> Kept | None:
    """What was found the last time; None: nothing that has the right form."""
    try:
        found = Kept.model_validate(None if key is None else recall(_KIND, key))
    except ValidationError:
        return None
    return found if all(is_schedule(instance, entry) for entry in found.schedules.values()) else None
