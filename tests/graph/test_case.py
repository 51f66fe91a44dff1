"""A case as a conflict: options, who owns them, what cannot be, and preferences that follow the values."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from detente.case.load import load
from detente.errors import GraphError
from detente.graph.from_case import from_case
from detente.graph.solve import graph

CHOICES = [
    ("toy-exchange", None),
    ("supplier-dispute", "demands"),
    ("supplier-dispute", "provisions"),
    ("us-dprk-2019", "peace-declaration,exercises-suspended,liaison-office,official-contacts"),
    ("us-dprk-2019", "provisions"),
]


@pytest.mark.parametrize(("slug", "options"), CHOICES)
def test_preferences_follow_the_values(slug: str, options: str | None) -> None:
    """Each state's worth is added up again from the case, measure by measure, with a joint one in force only while all take
    part; prerequisites and exclusions are checked on sets. Catches a wrong sign, a one-off paid twice, half of a joint
    measure."""
    case = load(slug)
    conflict = from_case(case, options=options)
    found = graph(conflict)
    sets = [_in_force(case, conflict, pattern) for pattern in product("NY", repeat=len(conflict.options))]
    feasible = {}
    for pattern, held in zip(product("NY", repeat=len(conflict.options)), sets, strict=True):
        if all(_allowed(case, m, held, _covered(case, conflict)) for m in held if m in _covered(case, conflict)):
            feasible["".join(pattern)] = held
    assert {found.pattern(n) for n in range(1, found.count + 1)} == set(feasible)
    for n, party in enumerate(conflict.parties):
        discount = case.parties[party.id].discount.likely
        worth = []
        for k in range(1, found.count + 1):
            total = Fraction(0)
            for m in feasible[found.pattern(k)]:
                spec = case.measures[m]
                if party.id in spec.value:
                    total += spec.value[party.id].likely / (1 - discount)
                if party.id in spec.once and not spec.in_force:
                    total += spec.once[party.id].likely
            worth.append(total)
        order = {w: rank for rank, w in enumerate(sorted(set(worth)))}
        assert found.levels[n].level.tolist() == [order[w] for w in worth]


def _covered(case: object, conflict: object) -> set[str]:
    return {m for o in conflict.options for m in _measures(case, o.id)}  # type: ignore[attr-defined]


def _measures(case: object, option: str) -> list[str]:
    name, _, party = option.partition("@")
    if name in case.measures:  # type: ignore[attr-defined]
        return [name]
    found = [p for a in case.agreements.values() for p in a.provisions if p.id == name]  # type: ignore[attr-defined]
    return [m for m in found[0].measures if not party or party in case.measures[m].by]  # type: ignore[attr-defined]


def _in_force(case: object, conflict: object, pattern: tuple[str, ...]) -> set[str]:
    taken = set[tuple[str, str]]()
    for party in conflict.parties:  # type: ignore[attr-defined]
        for n in party.options:
            if pattern[n] == "Y":
                taken |= {(m, party.id) for m in _measures(case, conflict.options[n].id)}  # type: ignore[attr-defined]
    return {m for m in _covered(case, conflict) if all((m, i) in taken for i in case.measures[m].by)}  # type: ignore[attr-defined]


def _allowed(case: object, m: str, held: set[str], covered: set[str]) -> bool:
    spec = case.measures[m]  # type: ignore[attr-defined]
    met = all(set(q.any) - covered or set(q.any) & held for q in spec.requires)
    return met and not set(spec.excludes) & held


def test_the_exchange_is_a_prisoners_dilemma() -> None:
    """Two parties who would both gain by giving, and each more by not giving: only no giving is Nash, giving is held by SEQ."""
    found = graph("toy-exchange")
    assert (found.count, found.status_quo) == (4, 1)
    assert (found.equilibria("nash"), found.equilibria("seq")) == ([1], [1, 4])


def test_what_a_demand_needs_is_an_option_too() -> None:
    """Demands name the end of a chain; without what it requires on the way, its cost would be left out of the reckoning."""
    case = load("us-dprk-2019")
    conflict = from_case(case)
    named = {o.id.partition("@")[0] for o in conflict.options}
    assert {"arsenal-surrendered", "inspections", "denuclearisation-plan", "official-contacts"} <= named
    assert not any("Taken as met" in note for note in conflict.notes)


def test_choices_that_cannot_be() -> None:
    """Catches a choice that is silently another one."""
    case = load("us-dprk-2019")
    for options, said in (
        ("all", "makes 53 options, wanted at most 24"),
        ("peace-declration", "did you mean 'peace-declaration'?"),
        (",", "no option is left"),
    ):
        with pytest.raises(GraphError, match=said):
            from_case(case, options=options)


def test_today_and_what_was_taken_for_granted() -> None:
    """What is in force is part of today's state; prerequisites outside the options are named."""
    found = graph(from_case(load("us-dprk-2019"), options="exercises-suspended,diplomatic-relations"))
    today = found.pattern(found.status_quo or 0)
    titles = [o.id for o, letter in zip(found.conflict.options, today, strict=True) if letter == "Y"]
    assert titles == ["exercises-suspended@us", "exercises-suspended@rok"]
    assert any("Liaison offices" in note for note in found.conflict.notes)
