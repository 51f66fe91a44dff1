"""Which answers deter: whether it pays to miss a step on purpose, the answer included, and whether the others would give it.

Let party j miss what it has to do in phase t, on purpose, and the others know it at the beginning of phase s and give answer A.

    kept[j]    = V[j,t] of the roadmap, all going on
    missed[j]  = sum over phases u = t .. s-1 of d^(u-t) (what j has of what is in force in u)  +  d^(s-t) value[j] of A
    pays[j]    = missed[j] - kept[j]                                    in j's units, discounted to t

What has entered before s is what the state of that day says (module `situation`); work under way costs what it costs. Exact.

A deters        pays[j] <= 0, for every party that may have missed the step (of a step taken together, each of its actors).
A is credible   each of those who give A, i, would rather give it than let the miss pass: value[i] of A >= value[i] of letting
                pass, which is going on as scheduled where that holds; else the changed roadmap, where there is one that holds;
                else stepping out. Those who give A are the parties that did not miss and that act otherwise by A than by going
                on.

1. The answer is the one, of those that hold, deter and are credible, by which the others have most (`answers.chosen`).
2. Where none of going on, changing the roadmap and suspending is such, harder ones are tried, the mildest first: suspending for
   1, 2, 4, .. phases longer; then *taking back*: also what the others gave since an earlier phase, at a cost to themselves and
   to the benefit of who failed, is suspended; of each r v is left. Further and further back, each for longer and longer.
3. Where none of these is credible either, the one is taken that holds and deters, if those who give it bind themselves before:
   by a snapback that is automatic, in the hands of a third party, or by a deposit that i forfeits if it lets the miss pass, of
   at least value[i] of letting pass - value[i] of A, in i's units. To end everything for good is no such answer.
4. Where there is none, the event is *named*: it pays to miss the step. With the answer that is then best, it no longer does
   once j forfeits a deposit, when the miss is known, of

       enough = pays[j] / d^(s-t)            in j's units in phase s.

   Where what was missed never comes, going on is not that answer as long as any other holds, short of ending everything.

Shocks and changes of government are nobody's miss: nothing is said of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from detente.base.frozen import Frozen, FrozenDict, frozen
from detente.plan.certificate import Certificate
from detente.prepare.answers import Answer, Desk, Entry, chosen
from detente.prepare.events import Event
from detente.prepare.situation import Situation
from detente.prepare.state import flows

__all__ = ["MISSES", "NOBODYS", "Ruling", "decided", "pays"]

MISSES = ("late", "part", "not_done", "withdrawn", "withdrawn_late", "fails", "delayed")
"""The kinds of event that a party could bring about on purpose."""


@dataclass(frozen=True)
class Ruling(Frozen):
    """What is to be said of an event and its answer.

    deters : whether missing the step on purpose pays nobody, the answer included; None: the event is nobody's miss.
    party : to whom `pays` belongs: the first that it pays, else the first that may have missed. pays : see above.
    binding : by party that would rather let it pass, the deposit that binds it to the answer; empty: the answer is credible.
    enough : the deposit of `party` by which missing no longer pays; None: it does not pay.
    support : the cheapest support of the case by which it would not pay; None: none was found.
    """

    deters: bool | None
    party: str | None = None
    pays: Fraction | None = None
    binding: Mapping[str, Fraction] = field(default_factory=FrozenDict)
    enough: Fraction | None = None
    support: str | None = None

    @property
    def needs(self) -> Mapping[str, Any]:
        """What has to be in place for the answer to deter."""
        out: dict[str, object] = {}
        if self.binding:
            out["commitment"] = "snapback"
            out["deposits"] = {i: float(x) for i, x in self.binding.items()}
        if self.enough is not None:
            out["deposit"] = {"party": self.party, "amount": float(self.enough)}
            out["support"] = self.support
        found: Mapping[str, Any] = frozen(out)
        return found


NOBODYS = Ruling(None)
"""Of an event that is nobody's miss."""


def pays(at: Situation, keeping: Certificate, value: Mapping[str, Fraction], party: str) -> Fraction:
    """What the party has by missing on purpose over keeping to the roadmap; in the phase of the miss. value : of the answer."""
    t, s = at.event.phase, at.state.phase
    d = at.instance.party[party].discount
    until = flows(at.instance, at.history, party, t, s) / d**t
    return until + d ** (s - t) * value[party] - keeping.courses[party].continuation[t]


def decided(
    desk: Desk, at: Situation, keeping: Certificate, answers: Mapping[str, Answer]
) -> tuple[dict[str, Answer], str, str, Ruling]:
    """The answers, with a harder one where it is needed; the one to give; why; and what is to be said of it."""
    event, found = at.event, dict(answers)
    if event.event not in MISSES:
        return found, *chosen(event, found, at.instance, desk.objective), NOBODYS
    open_to = {n: a for n, a in found.items() if a.holds and not (n == "repair" and found["tolerate"].holds)}
    values = {n: a.value for n, a in open_to.items() if a.value is not None}
    deterring = {n for n, value in values.items() if _worst(at, keeping, value)[1] <= 0}
    credible = {n for n in deterring if not _unwilling(at, found, values[n], found[n].entry)}
    if not credible - {"step_out"}:
        bound: Answer | None = found["suspend"] if "suspend" in deterring else None
        for draft in desk.harder(at):  # values first: a certificate is made of the few that could be given
            value = desk.value(at, draft)
            if _worst(at, keeping, value)[1] > 0:
                continue
            unwilling = bool(_unwilling(at, found, value, draft.entry))
            if unwilling and bound is not None:
                continue
            harder = desk.checked(at, draft)
            if harder.holds and unwilling:
                bound = harder
            elif harder.holds:
                found[harder.answer] = harder
                values[harder.answer] = value
                credible.add(harder.answer)
                break
        if not credible and bound is not None and bound.value is not None:
            found[bound.answer] = bound
            name, why = bound.answer, "bound"
            party, amount = _worst(at, keeping, bound.value)
            return found, name, why, Ruling(True, party, amount, _unwilling(at, found, bound.value, bound.entry))
    name, why = chosen(event, found, at.instance, desk.objective, credible or _least_bad(event, open_to))
    party, amount = _worst(at, keeping, values[name])
    if credible:
        return found, name, why, Ruling(True, party, amount)
    enough = amount / at.instance.party[party].discount ** (at.state.phase - event.phase)
    return found, name, why, Ruling(False, party, amount, enough=enough)


def _least_bad(event: Event, open_to: Mapping[str, Answer]) -> set[str]:
    """The answers that are left where none deters: not to end everything where it need not be, nor to go on as if nothing
    was missed where something else holds and nothing is to come any more."""
    left = set(open_to) - ({"step_out"} if _passing(open_to) != "step_out" else set())
    return left - {"tolerate"} if event.comes is None and len(left) > 1 else left


def _worst(at: Situation, keeping: Certificate, value: Mapping[str, Fraction]) -> tuple[str, Fraction]:
    """The first of those who may have missed whom it pays, else the first of them; with how much. value : of the answer."""
    by = [(i, pays(at, keeping, value, i)) for i in at.event.parties]
    return next((one for one in by if one[1] > 0), by[0])


def _unwilling(
    at: Situation, answers: Mapping[str, Answer], value: Mapping[str, Fraction], entry: Entry | None
) -> dict[str, Fraction]:
    """By party that would give an answer, of this value and schedule, and would rather let the miss pass: by how much."""
    passing = answers[_passing(answers)].value
    assert passing is not None
    giving = _givers(at, answers["tolerate"], entry)
    short = {i: passing[i] - value[i] for i in at.instance.acting if i in giving}
    return {i: x for i, x in short.items() if x > 0}


def _passing(answers: Mapping[str, Answer]) -> str:
    """What letting the miss pass comes to."""
    return next(n for n in ("tolerate", "repair", "step_out") if n in answers and answers[n].holds)


def _givers(at: Situation, going_on: Answer, entry: Entry | None) -> set[str]:
    usual = going_on.entry or {}
    if entry is None:
        acting = set(at.instance.acting)
    else:
        acting = {i for m in at.instance.measures if entry[m.id] != usual[m.id] for i in m.actors}
    return acting - set(at.event.parties)
