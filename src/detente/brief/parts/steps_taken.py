"""The steps that each side took and the texts that were signed, numbered, with what they drew from the other side."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from detente.base.words import count, full_date, sentence
from detente.case.naming import Naming
from detente.record.account import Account
from detente.record.relation.ledger import Move

__all__ = ["Step", "steps_taken"]

_MOST = 24
_SIGNED = "057"  # CAMEO: sign formal agreement


@dataclass(frozen=True)
class Step:
    """A line of the table. `who`: places of those who acted; `drew`: what followed; `open`: nothing has."""

    number: int
    day: datetime.date
    date: str
    who: tuple[int, ...]
    title: str
    drew: str
    open: bool


@dataclass
class _Found:
    who: set[str] = field(default_factory=set)
    moves: list[tuple[str, str, Move]] = field(default_factory=list)
    signed: bool = False


def steps_taken(context: Naming, account: Account) -> tuple[tuple[Step, ...], str]:
    """The last of them, numbered by date, and a sentence on those that are not shown."""
    found: dict[tuple[datetime.date, str], _Found] = {}
    for relation in account.relations:
        sides = {relation.ledger.a: relation.a, relation.ledger.b: relation.b}
        for move in relation.ledger.moves:
            other = relation.b if sides[move.side] == relation.a else relation.a
            one = found.setdefault((move.date, move.title or f"material cooperation ({count(move.events, 'event')})"), _Found())
            one.who.add(sides[move.side])
            one.moves.append((sides[move.side], other, move))
    for act in account.acts:
        signer = account.codes.get(act.source_country or "")
        if act.code == _SIGNED and signer and act.title:
            one = found.setdefault((act.date, act.title), _Found())
            one.who.add(signer)
            one.signed = True
    shown = sorted(found.items())[-_MOST:]
    numbers: dict[tuple[datetime.date, str], int] = {}  # of the step of a party on a day
    for n, ((day, _), one) in enumerate(shown, 1):
        for party in one.who if not one.signed else ():
            numbers.setdefault((day, party), n)
    steps = tuple(
        Step(
            number=n,
            day=day,
            date=full_date(day),
            who=tuple(sorted(context.place[p] for p in one.who)),
            title=title,
            drew=_drew(context, one, numbers),
            open=any(m.state in ("open", "unanswered") for _, _, m in one.moves),
        )
        for n, ((day, title), one) in enumerate(shown, 1)
    )
    left = len(found) - len(shown)
    return steps, f"{sentence(count(left, 'earlier step'))} {'is' if left == 1 else 'are'} not shown." if left else ""


def _drew(context: Naming, one: _Found, numbers: dict[tuple[datetime.date, str], int]) -> str:
    if one.signed:
        return "signed together"
    if all(m.state == "together" for _, _, m in one.moves):
        return "taken together"
    said = []
    for party, other, move in one.moves:
        whose = f"for {context.party(party)}: " if len({p for p, _, _ in one.moves}) > 1 else ""
        if move.answer is not None:
            step = numbers.get((move.answer, other))
            which = f"step {step} of {context.party(other)}" if step else f"a step of {context.party(other)}"
            said.append(f"{whose}{which}, {count(move.days or 0, 'day')} later")
        elif move.state != "together":
            said.append(f"{whose}none of {context.party(other)} in {count(move.waiting or 0, 'day')}")
    return "; ".join(said)
