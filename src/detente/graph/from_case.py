"""A case as a conflict graph: measures, or what a party owes under a provision, become options.

    options   demands      the measures that the case's demands name, with all that these require and that is not in force yet
                           (the choice where the case has demands)
              all          every measure, but those that only a support opens (the choice where it has no demands)
              provisions   for each provision of an agreement and each party, all the measures that the party acts in
              a,b,c        these measures

A joint measure is an option of each of its actors: its part in it. The measure is in force while all of them take their parts.
A measure that no option stands for stays as it is today.

    U[i](s) = sum over the measures m in force in s of v[i,m] / (1 - d[i])  +  k[i,m] where m is not in force today

is what party i would have if s were held for ever (likely values). Only its order counts. Values are exact, so ties are real.

A state is infeasible where a measure is in force without what it requires, or together with what it excludes. Prerequisites
that are not among the options are taken as met. Time, lags and trust play no part here; that is what the roadmap is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from detente.base.wording import suggestion
from detente.base.words import isolated
from detente.case.case import Case
from detente.case.model import MeasureSpec
from detente.errors import GraphError
from detente.graph.formula import Formula, every, literal, some
from detente.graph.model import Conflict, Option, Party, Weighed

__all__ = ["MOST_FROM_CASE", "choice_of", "from_case"]

MOST_FROM_CASE = 24


def choice_of(case: Case) -> str:
    """What becomes an option where nothing is said: `demands` where the case has demands, else `all`."""
    return "demands" if case.demands else "all"


def from_case(case: Case, *, options: str | None = None) -> Conflict:
    """The conflict of a case; `options`: demands, all, provisions, or ids of measures with commas between them.

    Raises
    ------
    GraphError
        If there are more than 24 options, none, or an unknown measure.
    """
    choice = options or choice_of(case)
    builder = _Provisions(case) if choice == "provisions" else _Measures(case, _chosen(case, choice))
    if not builder.options:
        raise GraphError(f"{case.case}: no option is left of the choice {choice!r} (choose measures by their ids)")
    if len(builder.options) > MOST_FROM_CASE:
        got = f"the choice {choice!r} makes {len(builder.options)} options, wanted at most {MOST_FROM_CASE}"
        raise GraphError(f"{case.case}: {got} (choose demands, provisions, or measures by their ids)")
    return builder.conflict(choice)


def _chosen(case: Case, choice: str) -> list[str]:
    if choice == "all":
        return list(case.instance.slices)  # what only a support would open is no choice of today's
    if choice == "demands":
        named = {m.partition("/")[0] for d in case.demands for m in (*d.first, *d.before)}
        waiting = sorted(named)
        while waiting:
            for q in case.measures[waiting.pop()].requires:
                needed = [n.partition("/")[0] for n in q.any]
                if not any(case.measures[n].in_force for n in needed):
                    waiting += [n for n in dict.fromkeys(needed) if n not in named]
                    named.update(needed)
        return [m for m in case.measures if m in named]
    wanted = [m.strip() for m in choice.split(",") if m.strip()]
    for m in wanted:
        if m not in case.measures:
            close = suggestion(m, case.measures) or "`detente case` lists them; or choose demands, all or provisions"
            raise GraphError(f"{case.case}: got {m!r}, wanted a measure of the case ({close})")
    return [m for m in case.measures if m in wanted]


class _Builder:
    """parts[m][i]: the options of actor i, by number, by which it takes its part in measure m."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.options: list[tuple[str, Option, bool]] = []  # party, option, whether it is taken today
        self.parts: dict[str, dict[str, list[int]]] = {}

    def add(self, party: str, option: Option, today: bool, measures: Sequence[str]) -> None:
        for m in measures:
            self.parts.setdefault(m, {}).setdefault(party, []).append(len(self.options))
        self.options.append((party, option, today))

    def actors(self, measure: str) -> tuple[str, ...]:
        return _actors(self.case.measures[measure])

    def in_force(self, measure: str) -> Formula:
        """Whether a measure that options stand for is in force."""
        parts = self.parts[measure]
        return every(some(literal(n) for n in parts[i]) for i in self.actors(measure))

    def conflict(self, choice: str) -> Conflict:
        case = self.case
        acting = [p for p in case.parties if any(owner == p for owner, _, _ in self.options)]
        whole = {m: self.in_force(m) for m in self.parts}
        parties = tuple(
            Party(
                p,
                case.parties[p].name,
                tuple(n for n, (owner, _, _) in enumerate(self.options) if owner == p),
                Weighed(tuple(self._weights(p, whole))),
                article=case.parties[p].article,
            )
            for p in acting
        )
        today = sum(1 << n for n, (_, _, taken) in enumerate(self.options) if taken)
        infeasible, met = self._infeasible(whole)
        notes = [
            f"Options: {choice}. Preferences: what each state would be worth if it were held for ever, by the likely values."
        ]
        if any(len(self.actors(m)) > 1 for m in self.parts):
            notes.append("A joint measure is an option of each of its actors; it is in force while all of them take part.")
        if met:
            titles = ", ".join(case.measures[m].title for m in met)
            notes.append(f"Taken as met, because they are not among the options: {titles}.")
        silent = [isolated(spec.name) for p, spec in case.parties.items() if p not in acting]
        if silent:
            notes.append(f"Without an option of its own here, and so left out: {', '.join(silent)}.")
        options = tuple(o for _, o, _ in self.options)
        return Conflict(case.case, case.title, parties, options, infeasible, today, (), case.source, tuple(notes))

    def _weights(self, party: str, whole: Mapping[str, Formula]) -> list[tuple[Formula, Fraction]]:
        out: list[tuple[Formula, Fraction]] = []
        discount = self.case.parties[party].discount.likely
        for m, formula in whole.items():
            spec = self.case.measures[m]
            worth = spec.value[party].likely / (1 - discount) if party in spec.value else Fraction(0)
            if party in spec.once and not spec.in_force:
                worth += spec.once[party].likely
            if worth:
                out.append((formula, worth))
        return out

    def _infeasible(self, whole: Mapping[str, Formula]) -> tuple[tuple[Formula, ...], list[str]]:
        found: list[Formula] = []
        met: list[str] = []
        for m, formula in whole.items():
            spec = self.case.measures[m]
            for q in spec.requires:
                needed = [n.partition("/")[0] for n in q.any]
                outside = [n for n in needed if n not in whole]
                if outside:
                    met += [n for n in outside if not self.case.measures[n].in_force and n not in met]
                    continue
                found.append(every([formula, Formula("not", parts=(some(whole[n] for n in needed),))]))
            for n in dict.fromkeys(x.partition("/")[0] for x in spec.excludes):
                if n in whole:
                    found.append(every([formula, whole[n]]))
                elif self.case.measures[n].in_force:
                    found.append(formula)
        return tuple(dict.fromkeys(found)), met


class _Measures(_Builder):
    """An option for each measure, or for each actor's part in a joint one."""

    def __init__(self, case: Case, measures: Sequence[str]) -> None:
        super().__init__(case)
        for p in case.parties:
            for m in measures:
                spec = case.measures[m]
                if p in self.actors(m):
                    joint = len(self.actors(m)) > 1
                    title = f"{spec.title} (its part)" if joint else spec.title
                    self.add(p, Option(f"{m}@{p}" if joint else m, title), spec.in_force, [m])


class _Provisions(_Builder):
    """An option for each provision and party: all measures of the provision in which the party acts."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        for p in case.parties:
            for a, agreement in case.agreements.items():
                for provision in agreement.provisions:
                    measures = list(dict.fromkeys(m.partition("/")[0] for m in provision.measures))
                    mine = [m for m in measures if p in self.actors(m)]
                    if mine:
                        several = len(case.agreements) > 1
                        name = f"{a}.{provision.id}" if several else provision.id
                        taken = all(case.measures[m].in_force for m in mine)
                        shared = len({i for m in measures for i in self.actors(m)}) > 1
                        title = f"{provision.title} (its part)" if shared else provision.title
                        self.add(p, Option(f"{name}@{p}" if shared else name, title), taken, mine)


def _actors(spec: MeasureSpec) -> tuple[str, ...]:
    return (spec.by,) if isinstance(spec.by, str) else tuple(spec.by)
