"""How things stand on the day on which an event is known, and what the parties then think of each other.

Until it is known, at the beginning of phase s, everybody but the party that failed goes on as scheduled; what requires a step
that did not come waits for it. Then

state   what is in force by then; what was taken back; what can never come; what cannot come yet (module `state`).
odds    what the steps seen by s have earned, times the factor of Bayes' rule for the miss (module `odds`) where the case gives
        a rate of failure, and times 1 where it does not; a shock: times its ratio; a change of government: the trust that it
        states, and other values from s on.

The odds in the party that failed change for everybody. Of a step that several parties take together and that fails by a risk,
the odds in each of them change, since nobody knows whose it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from detente.case.case import Case
from detente.case.instance import Instance
from detente.plan.risks import after_government
from detente.plan.roadmap import Roadmap
from detente.prepare.events import Event, delayed
from detente.prepare.odds import miss_of
from detente.prepare.state import State, begun, seen_odds, shifted

__all__ = ["Situation", "situation"]


@dataclass(frozen=True)
class Situation:
    """A day on which an answer is wanted.

    instance : the whole problem, with the values of a new government if there is one.
    factor : by which the odds in the party were multiplied. unknown : missed measures without a known rate of failure.
    stated : trust that the event sets anew, as odds, by ordered pair.
    due : the old schedule as far as it is still ahead, on the calendar of the whole: what comes late is moved, what never comes
        is None.
    """

    event: Event
    instance: Instance
    state: State
    factor: Fraction
    unknown: tuple[str, ...]
    stated: tuple[tuple[tuple[str, str], Fraction], ...]
    due: tuple[tuple[str, int | None], ...]

    @property
    def history(self) -> dict[str, int]:
        """What was in force or under work until the event was known, with its phase of entry; what was taken back too."""
        followed = self.state.followed
        back = {} if followed is None else {m: e for m in self.state.broken if (e := followed.entry[m]) is not None}
        return begun(self.instance, self.state) | back

    def left(self, state: State | None = None) -> Instance:
        """What is left to plan at the situation's state, or at another one of the same day."""
        state = state or self.state
        odds = seen_odds(self.instance, state)
        for i, j in odds:
            if j in self.event.parties:
                odds[i, j] *= self.factor
        return shifted(self.instance, state, odds | dict(self.stated))


def situation(case: Case, roadmap: Roadmap, event: Event) -> Situation:
    """The situation that an event leads to when the roadmap was followed until then."""
    instance = case.instance
    entry = dict(roadmap.entry)
    s = event.known
    broken: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    earliest: dict[str, int] = {}
    stated: dict[tuple[str, str], Fraction] = {}
    factor = Fraction(1)
    unknown: tuple[str, ...] = ()
    match event.event:
        case "withdrawn" | "withdrawn_late":
            broken = frozenset(event.measures)
        case "shock":
            factor = next(r.ratio for r in case.risks if r.id == event.risk and r.kind == "shock")
        case "government":
            instance = after_government(case, instance, [event.risk or ""])
            for r in case.risks:
                if r.id == event.risk and r.kind == "government":
                    stated = {(r.party, j): p / (1 - p) for j, p in r.trust.items()}
        case _:
            entry = delayed(instance, entry | dict.fromkeys(event.measures, event.comes))
            if event.comes is not None:
                earliest = {m: event.comes for m in event.measures if event.comes > s}
            elif event.event != "part":
                closed = frozenset(event.measures)
    if event.measures:
        factor, unknown = miss_of(case, instance, event.measures, event.parties[0])
    done = {m: e for m, e in entry.items() if e is not None and e < s and m not in broken}
    due = {m: e for m, e in entry.items() if m not in done and m not in broken} | dict.fromkeys(broken)
    return Situation(
        event=event,
        instance=instance,
        state=State(s, done, broken, closed, earliest, roadmap),
        factor=factor,
        unknown=unknown,
        stated=tuple(stated.items()),
        due=tuple((m, due[m]) for m in instance.measure if m in due),
    )
