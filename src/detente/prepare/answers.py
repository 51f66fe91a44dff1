"""Five answers to an event, each valued by the rows of what is left, exactly.

At the beginning of phase s, when the event is known (module `situation`):

tolerate   everything goes on as scheduled. The missing step comes as the event says, or never; what requires it follows or
           never comes (`events.delayed`).
repair     the best changed roadmap from s on (`repair`).
suspend    nothing new enters until the missing step has come and been seen, for good if it does not come. What the others
           brought into force since the phase in which it was due, at a cost to themselves and to the benefit of who failed, is
           paused for as long: r v is left of it, and it enters again afterwards. Then the rest follows as scheduled, so much
           later. After a shock or a change of government nothing is paused. Pausing is no miss.
take_back  as suspending, and what the others gave since an earlier phase is paused as well. Worked out only where it is needed
           to deter (module `deter`), as is suspending for longer than until the missing step has been seen.
step_out   the parties stop. W[i]: from s on each is alone (`case.alone`), what was in force left or kept, minus B.

holds      every row of the answer, exact, with the odds as they are now. Stepping out needs no row.
value      of a party from s on, discounted to s: V[i] of the answer, plus r v / (1 - d) of what is broken off or paused.

The rows are checked up to the phase in which all that enters has been seen by the longest lag and every act that somebody would
take alone can be begun or no longer; from there on every row equals the one of the steady state.

The answer to a miss is one that deters, if there is any (module `deter`). Of several, and where nobody missed anything:
tolerate, if it holds, else repair, if it holds; suspend, if it holds; and stepping out: that one of these which is
best by the objective for the parties that did not fail (for all, where the event is a change of government or all failed
together). Equals: the milder. A roadmap that still holds is not reopened: where going on holds, a repair is not proposed even
if it could be worth more. For the Nash product answers are compared by how many parties are left below no deal, then by how
many gain, then by the product of the gains, then by the losses.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from detente.base.frozen import Frozen
from detente.case.alone import alone
from detente.case.instance import Instance
from detente.plan.certificate import Certificate, Row, certify, values
from detente.plan.roadmap import Roadmap
from detente.plan.walk.walk import Climber, Policy
from detente.prepare.events import Event, delayed
from detente.prepare.odds import break_even
from detente.prepare.repair import Repair, repair, trimmed
from detente.prepare.situation import Situation
from detente.prepare.state import State, on_calendar, remains

__all__ = ["ANSWERS", "Answer", "Desk", "Draft", "Entry", "chosen"]

ANSWERS = ("tolerate", "repair", "suspend", "take_back", "step_out")
"""From the mildest on."""

Entry = Mapping[str, int | None]


@dataclass(frozen=True)
class Answer(Frozen):
    """One answer to one event.

    holds : whether every row holds; None: not worked out (a repair, where going on holds).
    value : of each party from the day of the answer on; None: there is no such roadmap.
    entry : the schedule on the calendar, what is in force with its phase of entry.
    row : the first row that breaks.
    break_even : the smallest share of the odds in the party, as they were before the event, at which the answer still holds; 0:
        at any; None: at none, or there is no answer.
    status : of a repair, "optimal", "feasible" or "none".
    since : of what is paused, the first phase of entry; None: nothing is. longer : phases for which all is suspended beyond the
        sight of the missing step.
    """

    answer: str
    holds: bool | None
    value: Mapping[str, Fraction] | None = None
    entry: Entry | None = None
    row: Row | None = None
    break_even: Fraction | None = None
    status: str | None = None
    since: int | None = None
    longer: int = 0


@dataclass(frozen=True)
class Draft:
    """An answer that is a schedule, before its rows are checked. roadmap : of what is left at the state. since, longer : as of
    the answer."""

    answer: str
    state: State
    roadmap: Roadmap
    since: int | None = None
    longer: int = 0

    @property
    def entry(self) -> Entry:
        """`Answer.entry`."""
        done, s = self.state.done, self.state.phase
        return {m: None if e is None else done[m] if m in done else e + s for m, e in self.roadmap.entry.items()}


class Desk:
    """Works out answers, and remembers: many events lead to the same state.

    objective : "nash", "sum" or "min".
    """

    def __init__(self, objective: str) -> None:
        self.objective = objective
        self._lefts: dict[object, Instance] = {}
        self._certificates: dict[object, Certificate] = {}
        self._repairs: dict[object, Repair] = {}

    def tolerate(self, at: Situation) -> Answer:
        return self.checked(at, Draft("tolerate", at.state, self._schedule(at, at.state, dict(at.due))))

    def suspend(self, at: Situation) -> Answer:
        return self.checked(at, self._suspension(at, None, 0))

    def _suspension(self, at: Situation, since: int | None, longer: int) -> Draft:
        """Suspending; with `since`, what was given from that phase on is taken back; `longer` by so many phases."""
        event, s = at.event, at.state.phase
        paused = _paused(at, since)
        done = {m: e for m, e in at.state.done.items() if m not in paused}
        state = replace(at.state, done=done, broken=at.state.broken | paused)
        due: dict[str, int | None] = dict.fromkeys([*(m for m, _ in at.due), *paused])
        if event.comes is not None:
            wait = event.comes - s + max(at.instance.measure[m].lag for m in event.measures) + longer
            old = at.state.followed.entry if at.state.followed is not None else dict(at.due)  # not yet put off by the event
            due = {m: None if (e := old[m]) is None else max(e, s) + wait for m, _ in at.due} | dict.fromkeys(paused, s + wait)
            due |= dict.fromkeys(event.measures, event.comes)
        name, begun = "suspend" if since is None else "take_back", min((at.state.done[m] for m in paused), default=None)
        return Draft(name, state, self._schedule(at, state, due), begun, longer)

    def harder(self, at: Situation) -> Iterator[Draft]:
        """What can be held back beyond `suspend`, the mildest first: for longer, then more and more of what was given."""
        waits = [0] if at.event.comes is None else [0, *_doubling(at.instance.phases)]
        usual = _paused(at)
        earlier = sorted({at.state.done[m] for m in _paused(at, 0) - usual}, reverse=True)
        for since in (None, *earlier):
            for longer in waits:
                if since is not None or longer:
                    yield self._suspension(at, since, longer)

    def checked(self, at: Situation, draft: Draft) -> Answer:
        """The answer that a draft comes to, with all its rows."""
        certificate = self._certified(at, draft.state, draft.roadmap)
        found = self._answer(draft.answer, at, draft.state, draft.roadmap, certificate)
        return replace(found, since=draft.since, longer=draft.longer)

    def value(self, at: Situation, draft: Draft) -> Mapping[str, Fraction]:
        """`Answer.value` of a draft, whether its rows hold or not."""
        left, _ = self._left(at, draft.state)
        return _with_rest(at, draft.state, values(*trimmed(left, draft.roadmap)))

    def step_out(self, at: Situation) -> Answer:
        roadmap = self._schedule(at, at.state, dict(at.due))  # any schedule will do: what was in force before decides
        out = self._certified(at, at.state, roadmap)
        value = _with_rest(at, at.state, {i: c.stepping_out[0] for i, c in out.courses.items()})
        return Answer("step_out", True, value, None, None, Fraction(0))

    def repair(self, at: Situation) -> Answer:
        left, key = self._left(at, at.state)
        if key not in self._repairs:
            s = at.state.phase
            due = delayed(left, _shifted(left, dict(at.due), s))
            self._repairs[key] = repair(left, self.objective, (due, Roadmap.empty(left).entry))
        found = self._repairs[key]
        if found.roadmap is None or found.certificate is None:
            return Answer("repair", False, status="none")
        return self._answer("repair", at, at.state, found.roadmap, found.certificate, found.status)

    def latest(self, at: Situation) -> int | None:
        """How late the missing steps may come, everything else going on as scheduled: the last phase up to which no row breaks.

        Floats look for it; the phase that is told has passed the certificate. None: not even when the event says.
        """
        left, _ = self._left(at, at.state)
        s, climber = at.state.phase, Climber(left, "sum")
        found: list[Roadmap] = []
        for comes in range(at.event.comes or s, at.instance.phases):
            entry = delayed(left, _shifted(left, dict(at.due) | dict.fromkeys(at.event.measures, comes), s))
            roadmap = Roadmap(left.case, left.phases, entry)
            if any(entry[m] != comes - s for m in at.event.measures) or not climber.walk(roadmap, policy=Policy(steps=0)).holds:
                break
            found.append(roadmap)
        while found:
            roadmap = found.pop()
            if self._certified(at, at.state, roadmap).holds:
                return s + (roadmap.entry[at.event.measures[0]] or 0)
        return None

    def _schedule(self, at: Situation, state: State, due: Entry) -> Roadmap:
        left, _ = self._left(at, state)
        return Roadmap(left.case, left.phases, delayed(left, _shifted(left, due, state.phase)))

    def _answer(
        self, name: str, at: Situation, state: State, roadmap: Roadmap, certificate: Certificate, status: str | None = None
    ) -> Answer:
        s = state.phase
        shares = [break_even(certificate, j) for j in at.event.parties]
        share = None if None in shares else max(x for x in shares if x is not None)
        return Answer(
            answer=name,
            holds=certificate.holds,
            value=_with_rest(at, state, certificate.value),
            entry=Draft(name, state, roadmap).entry,
            row=on_calendar(certificate.broken[0], s) if certificate.broken else None,
            break_even=share * at.factor if share is not None and _only_trust(certificate) else None,
            status=status,
        )

    def _left(self, at: Situation, state: State) -> tuple[Instance, object]:
        earliest = tuple(sorted((m, e) for m, e in state.earliest.items() if e > state.phase))
        values = at.event.risk if at.event.event == "government" else None
        odds = (at.factor, at.event.parties if at.factor != 1 else (), at.stated)
        key = (state.phase, tuple(state.done.items()), state.broken, state.closed, earliest, values, odds)
        if key not in self._lefts:
            self._lefts[key] = at.left(state)
        return self._lefts[key], key

    def _certified(self, at: Situation, state: State, roadmap: Roadmap) -> Certificate:
        left, key = self._left(at, state)
        whole = (key, tuple(roadmap.entry.items()))
        if whole not in self._certificates:
            self._certificates[whole] = certify(*trimmed(left, roadmap))
        return self._certificates[whole]


def chosen(
    event: Event, answers: Mapping[str, Answer], instance: Instance, objective: str, among: Collection[str] = ANSWERS
) -> tuple[str, str]:
    """The answer, and why: "holds" (the mildest, it holds, no other is worth more), "worth_more" (than a milder open
    one) or "only" (no milder one is open). Open are those of `among` that hold.
    """
    holding = [n for n in ANSWERS if answers[n].holds and not (n == "repair" and answers["tolerate"].holds)]
    open_to = [n for n in holding if n in among]
    theirs = [i for i in instance.touched if event.event == "government" or i not in event.parties] or list(instance.touched)

    def worth(name: str) -> tuple[Fraction | int, ...]:
        value = answers[name].value or {}
        return _welfare([value[i] - alone(instance).no_deal[i] for i in theirs], objective)

    best = open_to[0]
    for name in open_to[1:]:
        if worth(name) > worth(best):
            best = name
    if best != open_to[0]:
        return best, "worth_more"
    return best, "holds" if best == ANSWERS[0] else "only"


def _welfare(gains: list[Fraction], objective: str) -> tuple[Fraction | int, ...]:
    if objective == "sum":
        return (sum(gains, Fraction(0)),)
    if objective == "min":
        return (min(gains, default=Fraction(0)),)
    up, down = [g for g in gains if g > 0], [-g for g in gains if g < 0]
    return -len(down), len(up), math.prod(up, start=Fraction(1)), -math.prod(down, start=Fraction(1))


def _only_trust(certificate: Certificate) -> bool:
    """Whether no row but those of trust and doubt breaks, so that more trust alone would do."""
    return all(r.row in ("trust", "doubt") for r in certificate.broken)


def _shifted(left: Instance, due: Entry, phase: int) -> dict[str, int | None]:
    """A schedule on the calendar of what is left."""
    entry: dict[str, int | None] = {}
    for m in left.measures:
        e = due.get(m.id)
        entry[m.id] = -1 if m.in_force else None if e is None else max(e - phase, 0)
    return entry


def _with_rest(at: Situation, state: State, value: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The value of what is left, and what remains for ever of what is broken off or paused."""
    rest, party = remains(at.instance, state), at.instance.party
    return {i: v + rest.get(i, Fraction(0)) / (1 - party[i].discount) for i, v in value.items()}


def _doubling(most: int) -> Iterator[int]:
    n = 1
    while n <= most:
        yield n
        n *= 2


def _paused(at: Situation, since: int | None = None) -> frozenset[str]:
    """What the others gave since a phase, at a cost, to the benefit of who failed; None: since that of the missing steps."""
    event = at.event
    if not event.measures:
        return frozenset()
    if since is None:
        since = event.since
    out = set()
    for m, e in at.state.done.items():
        measure = at.instance.measure[m]
        if e < since or measure.irreversible == 1 or set(measure.actors) & set(event.parties):
            continue
        costs = any(measure.value.get(i, Fraction(0)) < 0 for i in measure.actors)
        if costs and any(measure.value.get(j, Fraction(0)) > 0 for j in event.parties):
            out.add(m)
    return frozenset(out)
