"""What a case says, and does not say, of why a step is not carried out.

A key that is absent is no judgement that nothing can happen: where no consent is named, none is ever refused in the plays. So
what is not said is told, a line each, wherever the case is shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.case import Case

__all__ = ["said", "unsaid"]


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
    if all(spec.class_ is None for spec in measures):
        yield "No measure has a class: none comes late because of the sort of work it is."
    if not any(spec.needs for spec in measures):
        yield "No consent is named: no step waits for a body that its actor does not command."
    if all(spec.governments is None for spec in case.parties.values()):
        yield "No party's governments are said to change in turn."
    if case.demands and not any(d.standing for d in case.demands):
        yield "No demand is said to stand: once met, it is met for good."
    if case.demands and not any(d.reading for d in case.demands):
        yield "No demand is said to be read in two ways."
    if not case.answers:
        yield "No answer to a missed step is stated."
