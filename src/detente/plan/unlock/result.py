"""What unlocking returns: the ways to a target, what each costs and whom, and the smallest change where there is none.

answer
    in_force   the target is in force already
    alone      those whose act it is bring it about in time for their own sake, without any deal
    without    a roadmap reaches it without any support
    supports   it takes supports of the catalogue: `ways`
    change     the catalogue does not suffice; a change of values or of trust would: `changes`
    none       neither the catalogue nor a change of values or trust that was looked for would do
    open       the effort ended before that was settled
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from detente.base.frozen import Frozen, thawed
from detente.plan.certificate import Certificate
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap
from detente.plan.unlock.change import TrustChange, WorthChange
from detente.plan.unlock.supported import is_paid
from detente.plan.unlock.target import Target

__all__ = ["Changes", "Option", "Unlocked", "acts"]


def acts(roadmap: Roadmap) -> dict[str, int | None]:
    """The entries of a roadmap without payments and costs, which follow from them."""
    return {m: t for m, t in roadmap.entry.items() if not is_paid(m)}


def _reached(entry: Mapping[str, int | None], measures: tuple[str, ...]) -> int | None:
    phases = [entry[m] for m in measures]
    return None if None in phases else max(t for t in phases if t is not None)


@dataclass(frozen=True)
class Option(Frozen):
    """A minimal set of supports, with a roadmap that reaches the target and its exact certificate.

    cost : per phase when it runs in full, by party, in the party's units. measures : what the target is made of with it.
    minimal : whether it is proved that no proper subset does. undominated : none found costs every party at most as much and
    some party less.
    """

    supports: tuple[str, ...]
    cost: Mapping[str, Fraction]
    measures: tuple[str, ...]
    roadmap: Roadmap
    certificate: Certificate
    minimal: bool
    undominated: bool

    @property
    def total(self) -> Fraction:
        """The sum of the costs over parties, each in its own units: an order, not a comparison between parties."""
        return sum(self.cost.values(), Fraction(0))

    @property
    def reached(self) -> int | None:
        """The phase from which on all of the target is in force; -1: already."""
        return _reached(self.roadmap.entry, self.measures)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        supports : their ids, in the order of `total_cost`
        total_cost : the plain sum, which compares nothing between parties
        """
        return {
            "supports": list(self.supports),
            "cost": {i: float(x) for i, x in self.cost.items()},
            "total_cost": float(self.total),
            "minimal": self.minimal,
            "undominated": self.undominated,
            "reached_at": self.reached,
            "entry": acts(self.roadmap),
            "rows": self.certificate.rows,
        }


@dataclass(frozen=True)
class Changes:
    """The smallest changes that would do.

    supports : of the catalogue, on top of which they are reckoned. values : for one party each, the smallest first; or one
    entry for several together where no single one suffices. no_value, no_trust : proved that no such change would do (payments
    up to 100 times a party's largest value, odds up to a million times). With neither a change nor a proof it is not settled.
    """

    supports: tuple[str, ...]
    values: tuple[WorthChange, ...]
    no_value: bool
    trust: TrustChange | None
    no_trust: bool

    def __bool__(self) -> bool:
        return bool(self.values) or self.trust is not None

    def to_dict(self, stated: Mapping[tuple[str, str], Fraction]) -> dict[str, object]:
        """As JSON has it.

        supports : the set on top of which it is reckoned
        values : for one party each, or for several together
        values.worth : per phase
        values.bound : the share of it below which nothing would do, as is proved
        values.rows, trust.rows : rows checked; all hold
        trust.factor : on all odds
        trust.below : up to which it would not do, as is proved
        trust.pairs.stated : the probability of the case
        trust.pairs.needed : the one that would do
        no_value : proved: no payment would do
        no_trust : proved: no trust would do
        """
        return {
            "supports": list(self.supports),
            "values": [
                {
                    "worth": {i: float(x) for i, x in v.worth.items()},
                    "bound": v.bound,
                    "entry": acts(v.roadmap),
                    "rows": v.certificate.rows,
                }
                for v in self.values
            ],
            "no_value": self.no_value,
            "trust": None
            if self.trust is None
            else {
                "factor": float(self.trust.factor),
                "below": float(self.trust.below),
                "pairs": [
                    {"party": i, "toward": j, "stated": float(stated[i, j]), "needed": float(p)}
                    for (i, j), p in self.trust.trust.items()
                ],
                "entry": acts(self.trust.roadmap),
                "rows": self.trust.certificate.rows,
            },
            "no_trust": self.no_trust,
        }


@dataclass(frozen=True)
class Unlocked(Frozen):
    """What reaches a target.

    options : the minimal sets found, the cheapest first; with answer "without" the one empty set.
    plan : the best roadmap by the objective with the first option; without reasons.
    complete : whether these are all minimal sets. open : sets that were not settled. cheapest : whether it is proved that no
    set costs less than the first option.
    changes : only where the catalogue does not suffice.
    stated : the trust of the case, by ordered pair.
    """

    case: str
    phases: int
    target: Target
    answer: str
    options: tuple[Option, ...]
    plan: Plan | None
    complete: bool
    open: tuple[tuple[str, ...], ...]
    cheapest: bool
    changes: Changes | None
    stated: Mapping[tuple[str, str], Fraction]
    method: Mapping[str, object]

    def __bool__(self) -> bool:
        """Whether the target is in force, comes alone, or there is a way to it with the catalogue."""
        return self.answer in ("in_force", "alone", "without", "supports")

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        answer : `in_force` (already), `alone` (comes without any deal), `without` (reached without support), `supports` (with
            those of the case), `change` (not with those, as far as settled; see `changes`), `none` (proved: neither), `open`
            (not settled)
        changes : only where no set of supports does; else `null`
        method.solver : the solver and its version
        method.problems : how many problems were asked
        method.nodes : the limit of each search
        method.cost : what the order of the sets is
        method.time_limit_struck : whether the time limit ended something
        method.work_limit_struck : whether the usual limit of work did
        """
        plan = None
        if self.plan is not None:
            plan = {**self.plan.to_dict(), "entry": acts(self.plan.roadmap)}
        return {
            "case": self.case,
            "phases": self.phases,
            "target": {
                "id": self.target.id,
                "kind": self.target.kind,
                "title": self.target.title,
                "measures": list(self.target.names),
                "by": self.target.by,
            },
            "answer": self.answer,
            "options": [o.to_dict() for o in self.options],
            "complete": self.complete,
            "open": [list(s) for s in self.open],
            "cheapest": self.cheapest,
            "plan": plan,
            "changes": None if self.changes is None else self.changes.to_dict(self.stated),
            "method": thawed(self.method),
        }

    def _repr_html_(self) -> str:
        from detente.base.parts import Table, notebook, strong
        from detente.base.words import figure

        out = Table("", "Supports", "Cost per phase", "Reached in phase")
        for o in self.options:
            cost = ", ".join(f"{i} {figure(x)}" for i, x in o.cost.items())
            out.add(", ".join(o.supports) or "none", cost or "0", "" if o.reached is None else str(o.reached))
        return notebook(strong(f"{self.target.title} by phase {self.target.by}: {self.answer}"), out)
