"""What diagnosis returns: four questions, the deadlock, the stated orders, and the verdict.

verdict
    no-zone     no package helps: makes somebody better off than no deal and nobody worse off
    commitment  some do, but no roadmap that helps would be kept
    distrust    one would be kept, but trust does not suffice to begin
    order       a roadmap exists; the parties' demands ("you first") contradict each other
    open        nothing stands in the way
    unsettled   not known: a limit ended a question that came first before it was answered
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from detente.base.frozen import Frozen, thawed
from detente.plan.certificate import Certificate, Row
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap

__all__ = ["VERDICTS", "Diagnosis", "Opening", "OrderTrial", "Question"]

VERDICTS = {
    "no-zone": "there is nothing to agree on: no set of the measures makes somebody better off and nobody worse off",
    "commitment": (
        "there is something to agree on, but no order of steps would be kept: in each of them some party would come to gain by "
        "stopping"
    ),
    "distrust": (
        "a roadmap would be kept once it is under way, but nobody would dare to begin: the trust there is does not cover what "
        "the first steps put at risk"
    ),
    "order": "the stand-off is a deadlock of order, not of interests",
    "unsettled": "what stands in the way was not found out in the time there was",
    "open": "nothing stands in the way of a first step",
}
"""What follows "Under these values"."""


@dataclass(frozen=True)
class Question(Frozen):
    """One of the four questions.

    id : "zone", "keep", "dare" or "order".
    asked : in words.
    answer : True (yes: nothing in the way here), False, or None (not reached: an earlier question was answered no; or not
        settled within the limits: `figures` then says "known": False).
    finding : the answer in a sentence.
    figures : the witness: numbers, measures and rows, ready for JSON.
    """

    id: str
    asked: str
    answer: bool | None
    finding: str
    figures: Mapping[str, object]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        answer : `true`: nothing in the way here; `false`; `null`: not reached, or not settled within the limits
        figures : the witness: numbers, measures and rows, by question
        """
        return {
            "id": self.id,
            "asked": self.asked,
            "answer": self.answer,
            "finding": self.finding,
            "figures": thawed(self.figures),
        }


@dataclass(frozen=True)
class Opening:
    """A costly signal that would open the way under distrust.

    measure : the act, taken beforehand by its actors; signal : its likelihood ratio in the case; needed : the ratio that would
    do (None: no ratio would).
    """

    measure: str
    signal: float
    needed: float | None

    def to_dict(self) -> dict[str, object]:
        return {"measure": self.measure, "signal": self.signal, "needed": self.needed}


@dataclass(frozen=True)
class OrderTrial:
    """A stated order, tried as it stands.

    breaks_at : the first row that it breaks, None if it holds. survives : phases before that row (T if it holds).
    """

    id: str
    title: str
    by: tuple[str, ...]
    roadmap: Roadmap
    certificate: Certificate
    breaks_at: Row | None

    @property
    def holds(self) -> bool:
        return self.breaks_at is None

    @property
    def survives(self) -> int:
        return self.roadmap.phases if self.breaks_at is None else self.breaks_at.phase

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        by : whose it is
        holds : whether it holds
        """
        row = self.breaks_at
        return {
            "id": self.id,
            "title": self.title,
            "by": list(self.by),
            "holds": self.holds,
            "breaks_at": None if row is None else row.to_dict(),
        }


@dataclass(frozen=True)
class Diagnosis(Frozen):
    """Why the parties are stuck.

    deadlocks : sets of demands that contradict each other, each minimal (take one away and it is gone), in the order in which
        the demands follow each other round the cycle.
    relaxations : minimal sets of demands whose relaxation leaves no deadlock.
    complete : False where deadlocks or relaxations were too many to list them all.
    openings : under distrust, signals that would open the way, the least needed first.
    plan : the roadmap that the third question found, reused by the brief; None if there is none.
    kept : with deadlocks, the best roadmap in which no demand is given up (`concessions`); None where that was not asked.
    method : "time_limit_struck": whether the time limit ended something.
    """

    case: str
    verdict: str
    questions: tuple[Question, ...]
    deadlocks: tuple[tuple[str, ...], ...]
    relaxations: tuple[tuple[str, ...], ...]
    orders: tuple[OrderTrial, ...]
    complete: bool = True
    openings: tuple[Opening, ...] = ()
    plan: Plan | None = None
    kept: Plan | None = None
    method: Mapping[str, object] = field(default_factory=dict)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        verdict : `no-zone`, `commitment`, `distrust`, `order`, `open` or, where a limit ended a question before it was settled,
            `unsettled`. The first three and the last have exit code 1
        kept.status : as `detente plan` has it
        deadlocks : sets of demands that contradict each other
        kept : with deadlocks, the best in which no demand is given up; else `null`
        method.time_limit_struck : whether the time limit ended something
        method.work_limit_struck : whether the usual limit of work did
        """
        return {
            "case": self.case,
            "verdict": self.verdict,
            "questions": [q.to_dict() for q in self.questions],
            "deadlocks": [list(d) for d in self.deadlocks],
            "relaxations": [list(d) for d in self.relaxations],
            "orders": [o.to_dict() for o in self.orders],
            "complete": self.complete,
            "openings": [o.to_dict() for o in self.openings],
            "kept": None if self.kept is None else {"status": self.kept.status, "entry": dict(self.kept.roadmap.entry)},
            "method": thawed(self.method),
        }

    def _repr_html_(self) -> str:
        from detente.base.parts import Table, notebook, strong

        mark = {True: "yes", False: "no", None: "not reached"}
        out = Table("", "Question", "Answer", "Finding")
        for q in self.questions:
            out.add(q.asked, mark[q.answer], q.finding)
        return notebook(strong(f"{self.case}: under these values {VERDICTS[self.verdict]}."), out)
