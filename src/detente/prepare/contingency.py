"""What preparing returns: an answer to each event, and the points of no return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from detente.base.frozen import Frozen, FrozenDict, thawed
from detente.case.instance import Instance
from detente.plan.certificate import Certificate, Row
from detente.plan.roadmap import Roadmap
from detente.prepare.answers import ANSWERS, Answer
from detente.prepare.deter import NOBODYS, Ruling
from detente.prepare.events import Event
from detente.prepare.no_return import NoReturn

__all__ = ["Contingency", "Preparation"]


@dataclass(frozen=True)
class Contingency(Frozen):
    """An event and what to do about it, under the values of the case.

    answers : by name, the five of module `answers`.
    answer : the one that is recommended. why : "holds", "worth_more", "only", or "bound" (it deters if those who give it bind
        themselves to it). ruling : whether missing on purpose pays, and what is needed for it not to (module `deter`).
    factor : by which the odds in the party were multiplied. unknown : missed measures without a rate of failure, for which none
        was applied.
    latest : of "late" and "delayed", the last phase in which the missing steps may come with everything else as scheduled.
    """

    event: Event
    answers: Mapping[str, Answer]
    answer: str
    why: str
    factor: Fraction
    unknown: tuple[str, ...] = ()
    latest: int | None = None
    ruling: Ruling = NOBODYS

    @property
    def break_even(self) -> Fraction | None:
        """The smallest share of the odds in the party, as they were before, at which the recommended answer still holds."""
        return self.answers[self.answer].break_even

    @property
    def mended(self) -> bool:
        """Whether the roadmap goes on, as it is or changed."""
        return self.answer in ("tolerate", "repair")

    def to_dict(self, roadmap: Roadmap) -> dict[str, object]:
        """As JSON has it.

        event : `late`, `part`, `not_done`, `withdrawn` (once seen), `withdrawn_late` (when all is done), `shock`, `government`,
            `fails` or `delayed` (both though meant)
        parties : all of them
        phase : in which the steps were due, are taken back, or the risk strikes
        known : the phase at the beginning of which it is known and answered
        comes : the phase in which the steps come by themselves; `null`: they do not
        measures : what is missing or taken back
        risk : the id of the risk; `null`: none
        step : in a roadmap that does not hold, the measure answered for by itself; else `null`
        answers.ID.holds : whether it holds; `null`: not worked out
        answers.ID.value : by party from `known` on; `null`: none
        answers.ID.row : the first row that breaks, or `null`
        answers.ID.break_even : as below
        answers.ID.status : of a repair: `optimal`, `feasible` or `none`
        answers.ID.since : where something is suspended: the first phase in which any of it entered
        answers.ID.longer : phases of suspension beyond the sight of the missing step
        answers.ID.changes : phases that differ from `entry`
        factor : by which the others' odds in the party were multiplied; `null`: none was
        why : `holds` (the mildest does, and none is worth more to the others), `worth_more` (than a milder one that is open),
            `only` (no milder one is) or `bound` (it deters if those who give it bind themselves); open are those that hold and
            deter, where there are any
        break_even : the smallest share of the odds in the party at which it still holds; 0: any; `null`: none
        latest : of steps that come late, the last phase in which they may come with all else as scheduled; `null`: they may
            not, or it was not asked
        by : the party of which `pays` is told
        pays : what missing on purpose brings it over keeping to the roadmap, in its units, in the phase of the miss
        needs : what has to be in place; empty: nothing
        needs.commitment : `snapback`: the answer is automatic, or in the hands of a third party
        needs.deposits.ID : the deposits that bind who would let the miss pass
        needs.deposit.party, needs.deposit.amount : where `deters` is false, who misses, and what forfeit would make it not pay
        needs.support : the cheapest support of the case that would do; `null`: none is known
        answers : `tolerate`, `repair`, `suspend`, `take_back` and `step_out`
        """
        event = self.event
        return {
            "event": event.event,
            "party": event.party,
            "parties": list(event.parties),
            "phase": event.phase,
            "known": event.known,
            "comes": event.comes,
            "measures": list(event.measures),
            "risk": event.risk,
            "step": event.step,
            "factor": None if self.unknown and self.factor == 1 else float(self.factor),
            "unknown": list(self.unknown),
            "answers": {name: _answer(self.answers[name], roadmap) for name in ANSWERS},
            "answer": self.answer,
            "why": self.why,
            "break_even": None if self.break_even is None else float(self.break_even),
            "latest": self.latest,
            "deters": self.ruling.deters,
            "by": self.ruling.party,
            "pays": None if self.ruling.pays is None else float(self.ruling.pays),
            "needs": thawed(self.ruling.needs),
        }


def _answer(answer: Answer, roadmap: Roadmap) -> dict[str, object]:
    entry = answer.entry or {}
    return {
        "holds": answer.holds,
        "value": None if answer.value is None else {i: float(x) for i, x in answer.value.items()},
        "row": None if answer.row is None else answer.row.to_dict(),
        "break_even": None if answer.break_even is None else float(answer.break_even),
        "status": answer.status,
        **({} if answer.since is None else {"since": answer.since}),
        **({} if answer.since is None and not answer.longer else {"longer": answer.longer}),
        "changes": {m: e for m, e in entry.items() if e != roadmap.entry[m]},
    }


@dataclass(frozen=True)
class Preparation(Frozen):
    """A table of contingencies for a roadmap.

    certificate : of the roadmap itself. Where it does not hold contingencies begin with its first row that breaks (`breaks`);
        there are none if it cannot be carried out.
    no_return : by party; None: none. mendable : by party that has steps, the last phase in which steps of it that do not come
        at all can still be mended by going on or by a repair; None: in none.
    """

    instance: Instance
    objective: str
    roadmap: Roadmap
    certificate: Certificate
    contingencies: tuple[Contingency, ...]
    no_return: Mapping[str, NoReturn | None]
    repairs: str
    left_out: int = 0

    def __bool__(self) -> bool:
        """Whether there is anything to be prepared for."""
        return bool(self.contingencies or self.left_out)

    @property
    def breaks(self) -> Row | None:
        """The first row of the roadmap that does not hold."""
        return self.certificate.broken[0] if self.certificate.broken else None

    @property
    def paying(self) -> tuple[Contingency, ...]:
        """The events in which missing on purpose pays, whatever the answer: those that are named."""
        return tuple(c for c in self.contingencies if c.ruling.deters is False)

    @property
    def misses(self) -> int:
        """Events that a party could bring about on purpose."""
        return sum(c.ruling.deters is not None for c in self.contingencies)

    @property
    def mendable(self) -> Mapping[str, int | None]:
        out: dict[str, int | None] = {}
        for c in self.contingencies:
            if c.event.event == "not_done" and c.event.party is not None:
                last = out.setdefault(c.event.party, None)
                if c.mended:
                    out[c.event.party] = c.event.phase if last is None else max(last, c.event.phase)
        return FrozenDict(out)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        repairs : `needed` (worked out where going on does not hold) or `every`
        left_out : events left unanswered in the time
        paying : how many of these misses pay
        certificate : of the roadmap; where it cannot be carried out (exit code 1), `contingencies` and `no_return` are empty
        """
        return {
            "case": self.instance.case,
            "phases": self.instance.phases,
            "objective": self.objective,
            "repairs": self.repairs,
            "entry": dict(self.roadmap.entry),
            "left_out": self.left_out,
            "breaks": None if self.breaks is None else self.breaks.to_dict(),
            "misses": self.misses,
            "paying": len(self.paying),
            "contingencies": [c.to_dict(self.roadmap) for c in self.contingencies],
            "no_return": {i: None if x is None else x.to_dict() for i, x in self.no_return.items()},
            "mendable": dict(self.mendable),
            "certificate": self.certificate.to_dict(),
        }

    def _repr_html_(self) -> str:
        from detente.base.parts import Table, notebook, strong
        from detente.base.words import count
        from detente.prepare.wording import ANSWER, EVENT

        name = {p.id: p.name for p in self.instance.parties}
        out = Table("", "Phase", "Party", "Event", "Answer")
        for c in self.contingencies:
            who = ", ".join(name[i] for i in c.event.parties)
            out.add(str(c.event.phase), who, EVENT[c.event.event], ANSWER[c.answer])
        return notebook(strong(f"{self.instance.case}: {count(len(self.contingencies), 'contingency', 'contingencies')}."), out)
