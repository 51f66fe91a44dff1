"""What to do if single steps of a roadmap do not come, where the table answers for all that a party owes on a date.

Events, situations and answers are those of the table (`events`, `situation`, `answers`, `deter`). A step that is all that its
party owes on its date has the answer of the table; one among several has its own, which may be another one: the others can wait
for one step where they cannot do without five.
"""

from __future__ import annotations

from collections.abc import Iterable

from detente.case.case import Case
from detente.prepare.answers import Desk
from detente.prepare.causes import with_causes
from detente.prepare.contingency import Contingency, Preparation
from detente.prepare.events import missed
from detente.prepare.prepare import answer_to

__all__ = ["steps_missed"]


def steps_missed(
    case: Case, prepared: Preparation, misses: Iterable[tuple[tuple[str, ...], tuple[str, ...]]]
) -> tuple[Contingency, ...]:
    """For each miss that the steps come one phase late, and that they never come; in the order of the misses, each once.

    Parameters
    ----------
    prepared : the table of a roadmap that holds; of another one nothing is answered here, since it takes each step by itself.
    misses : the parties that miss, and the measures of one phase, ids of the planning problem, that do not come.
    """
    if not prepared or not prepared.certificate.holds:
        return ()
    struck, desk, instance = with_causes(case), Desk(prepared.objective), prepared.instance
    entry, out = prepared.roadmap.entry, []
    for parties, measures in dict.fromkeys(misses):
        phase = entry[measures[0]]
        assert phase is not None
        assert all(entry[m] == phase for m in measures)
        out += [
            answer_to(struck, prepared.roadmap, prepared.certificate, event, desk, prepared.repairs)
            for event in missed(instance, parties, phase, measures)
        ]
    return tuple(out)
