"""What a case says, and does not say, of why a step is not carried out.

A key that is absent is no judgement that nothing can happen: where no consent is named, none is ever refused in the plays. So
what is not said is told, a line each, wherever the case is shown. A case that says nothing of it at all is played at its likely
values as if no demand held anything back and nothing lapsed of itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.case import Case

__all__ = ["said", "says_why", "to_ask", "unsaid"]

_LEGAL = ("recognition", "amnesty", "power")
"""Classes of what is put into force by a statute, a treaty or a vote."""
_WORKS = ("works", "disabling", "dismantling")
"""Classes of what takes hands and time."""


def says_why(case: Case) -> bool:
    """Whether the case says anything of why a step is not carried out: the time it takes, a class, a consent, a government, an
    answer, a demand that stands or is read in two ways."""
    return (
        any(spec.class_ is not None or spec.needs or not spec.takes.is_zero for spec in case.measures.values())
        or any(spec.governments is not None for spec in case.parties.values())
        or any(d.standing or d.reading for d in case.demands)
        or bool(case.answers)
    )


def said(case: Case) -> str:
    """How much is said, in a sentence."""
    measures = case.measures.values()
    classed = sum(spec.class_ is not None for spec in measures)
    consents = sum(len(spec.needs) for spec in measures)
    standing = sum(d.standing for d in case.demands)
    parts = [
        f"{classed} of {len(case.measures)} measures have a class",
        f"{consents} {'consent' if consents == 1 else 'consents'} named",
        f"{standing} of {len(case.demands)} demands standing",
    ]
    return f"Why a step may not be carried out: {', '.join(parts)}."


def unsaid(case: Case) -> Iterator[str]:
    """What is not said at all, a sentence each."""
    measures = case.measures.values()
    if all(spec.takes.is_zero or spec.in_force for spec in measures):
        yield "How long steps take is not said: each counts from the phase in which it begins."
    if all(spec.class_ is None for spec in measures):
        yield "What sort of work each measure is (its class) is not said: none comes late for that reason."
    if not any(spec.needs for spec in measures):
        yield "Whose consent a step needs is not said: none waits for a body that its actor does not command."
    if all(spec.governments is None for spec in case.parties.values()):
        yield "Whether governments change in turn is not said."
    if case.demands and not any(d.standing for d in case.demands):
        yield "Whether demands still stand once they are met is not said: each is met for good."
    if case.demands and not any(d.reading for d in case.demands):
        yield "Whether demands can be read in two ways is not said: each has one reading."
    if not case.answers:
        yield "Whether a party withholds something when a step is missed is not said."


def to_ask(case: Case) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is not said of single measures though it is of others: a question, and the measures of which to ask it."""
    ahead = {m: spec for m, spec in case.measures.items() if not spec.in_force}
    legal = tuple(m for m, spec in ahead.items() if spec.class_ in _LEGAL and not spec.needs)
    if legal and any(spec.needs for spec in case.measures.values()):
        yield "Whose consent may it need, by a law, a treaty or a vote", legal
    works = tuple(m for m, spec in ahead.items() if spec.class_ in _WORKS and spec.takes.is_zero)
    if works and not all(spec.takes.is_zero or spec.in_force for spec in case.measures.values()):
        yield "How long do the works take? No time is given", works
    unclassed = tuple(m for m, spec in ahead.items() if spec.class_ is None)
    if unclassed and len(unclassed) < len(ahead):
        yield "What sort of work is it? No class is given", unclassed
