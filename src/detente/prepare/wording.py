"""The words of a table of contingencies, for every face that tells one: terminal and brief."""

from __future__ import annotations

from collections.abc import Iterator

from detente.prepare.contingency import Preparation

__all__ = ["EVENT", "deterred"]

EVENT = {
    "late": "one phase late",
    "part": "done in part",
    "not_done": "not done",
    "withdrawn": "taken back once seen",
    "withdrawn_late": "taken back at the end",
    "shock": "shock",
    "government": "new government",
    "fails": "fails though meant",
    "delayed": "late though meant",
}
"""What happens to a step, by kind of event."""


def deterred(found: Preparation) -> Iterator[str]:
    """How often missing on purpose pays, and how often an answer has to be bound to, a sentence each."""
    bound = sum(bool(c.ruling.binding) for c in found.contingencies)
    if found.misses:
        yield f"Missing a step on purpose pays in {len(found.paying)} of {found.misses} events."
    if bound:
        yield f"In {bound} the answer deters only if those who give it bind themselves before: they would rather let it pass."
